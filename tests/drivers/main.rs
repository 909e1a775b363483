//! One suite that every driver passes. A case is written once and runs on PostgreSQL, SQLite and MariaDB.

mod adopting;
mod applying;
mod backfill;
mod changes;
mod committing;
mod crashed;
mod documents;
mod embedding;
mod helped;
mod histories;
mod in_parts;
mod isolation;
mod kind;
mod locking;
mod outside;
mod particular;
mod places;
mod pooler;
mod pragmas;
mod printed;
mod rebuilding;
mod resuming;
mod reverting;
mod roles;
mod squash;
mod sync;
mod unreached;
mod waiting;

/// Makes one test per case and database.
macro_rules! on_every_database {
    ($($case:ident)*) => {
        mod postgres {
            $(#[test] fn $case() {
                crate::run(super::$case::<migrate_testkit::PostgresDatabase>());
            })*
        }
        mod sqlite {
            $(#[test] fn $case() {
                crate::run(super::$case::<migrate_testkit::SqliteDatabase>());
            })*
        }
        mod mariadb {
            $(#[test] fn $case() {
                crate::run(super::$case::<migrate_testkit::MysqlDatabase>());
            })*
        }
    };
}
pub(crate) use on_every_database;

/// Makes one test per case and server, of what a file without a server cannot be asked.
macro_rules! on_servers {
    ($($case:ident)*) => {$(
        mod $case {
            #[test]
            fn postgres() {
                crate::run(super::$case::<migrate_testkit::PostgresDatabase>());
            }
            #[test]
            fn mariadb() {
                crate::run(super::$case::<migrate_testkit::MysqlDatabase>());
            }
        }
    )*};
}
pub(crate) use on_servers;

fn run(case: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(case);
}
