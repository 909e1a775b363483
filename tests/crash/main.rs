//! Processes that start at once, are killed, lose their connection or are cancelled: the database always ends where an
//! undisturbed run ends.
//!
//! `cargo test --test crash` runs a short version, always with the same seed. `MIGRATE_LONG=1` makes it the long one:
//! 50 processes for 20 rounds, 200 rounds with kills on each database. `MIGRATE_CRASH_SEED`, `MIGRATE_CRASH_ROUNDS` and
//! `MIGRATE_CRASH_PROCESSES` say it exactly; a round that fails prints the command that repeats it.
//!
//! The backfills of the long version are 100 rounds on each database, about 9 s each. `MIGRATE_CRASH_TOLD=1` shows what their
//! workers tell.
//!
//! The changes of the long version are 200 rounds on each server, of 20 instances each.
//!
//! On two busy cores, with `--test-threads=3`: 50 processes for 20 rounds take 130 to 150 s on each database, 200 kills
//! 320 s on SQLite, 360 s on MariaDB and 430 s on PostgreSQL.

mod backfill;
mod cancelled;
mod changes;
mod child;
mod database;
mod disturbed;
mod neighbours;
mod settings;
mod snapshot;
mod together;

use child::Task;
use database::Kind;
use disturbed::{Case, Disturbance};
use together::Before;

#[test]
#[ignore = "what the processes of the other tests run"]
fn child() {
    child::main();
}

macro_rules! together {
    ($($test:ident: $kind:ident, $before:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            together::check(stringify!($test), Kind::$kind, Before::$before).await;
        }
    )*};
}

together! {
    together_fresh_postgres: Postgres, Nothing;
    together_fresh_mysql: Mysql, Nothing;
    together_fresh_sqlite: Sqlite, Nothing;
    together_half_postgres: Postgres, Half;
    together_half_mysql: Mysql, Half;
    together_half_sqlite: Sqlite, Half;
    together_down_postgres: Postgres, All;
    together_down_mysql: Mysql, All;
    together_down_sqlite: Sqlite, All;
    together_at_once_sqlite: SqliteAtOnce, Nothing;
}

macro_rules! disturbed {
    ($($test:ident: $kind:ident, $disturbance:ident, $task:ident, $short:literal, $long:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            disturbed::check(Case {
                test: stringify!($test),
                kind: Kind::$kind,
                disturbance: Disturbance::$disturbance,
                task: Task::$task,
                short: $short,
                long: $long,
            })
            .await;
        }
    )*};
}

disturbed! {
    kill_up_postgres: Postgres, Kill, Up, 12, 200;
    kill_up_mysql: Mysql, Kill, Up, 12, 200;
    kill_up_sqlite: Sqlite, Kill, Up, 12, 200;
    kill_at_once_sqlite: SqliteAtOnce, Kill, Up, 6, 100;
    kill_down_postgres: Postgres, Kill, Down, 4, 50;
    kill_down_mysql: Mysql, Kill, Down, 4, 50;
    kill_down_sqlite: Sqlite, Kill, Down, 4, 50;
    drop_up_postgres: Postgres, Drop, Up, 6, 100;
    drop_up_mysql: Mysql, Drop, Up, 6, 100;
    drop_up_sqlite: Sqlite, Drop, Up, 6, 100;
    drop_at_once_sqlite: SqliteAtOnce, Drop, Up, 4, 50;
    drop_down_postgres: Postgres, Drop, Down, 3, 50;
    drop_down_mysql: Mysql, Drop, Down, 3, 50;
    drop_down_sqlite: Sqlite, Drop, Down, 3, 50;
    disconnect_up_postgres: Postgres, Disconnect, Up, 6, 100;
    disconnect_up_mysql: Mysql, Disconnect, Up, 6, 100;
    disconnect_down_postgres: Postgres, Disconnect, Down, 3, 50;
    disconnect_down_mysql: Mysql, Disconnect, Down, 3, 50;
}

macro_rules! on_each {
    ($($test:ident: $check:path, $kind:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            $check(Kind::$kind).await;
        }
    )*};
}

on_each! {
    long_statement_postgres: cancelled::long_statement, Postgres;
    long_statement_mysql: cancelled::long_statement, Mysql;
    long_statement_sqlite: cancelled::long_statement, Sqlite;
    panicking_observer_postgres: cancelled::panicking_observer, Postgres;
    panicking_observer_mysql: cancelled::panicking_observer, Mysql;
    panicking_observer_sqlite: cancelled::panicking_observer, Sqlite;
    refused_statement_postgres: cancelled::refused_statement, Postgres;
    refused_statement_mysql: cancelled::refused_statement, Mysql;
    refused_statement_sqlite: cancelled::refused_statement, Sqlite;
    two_sets_postgres: neighbours::two_sets, Postgres;
    two_sets_mysql: neighbours::two_sets, Mysql;
    two_sets_sqlite: neighbours::two_sets, Sqlite;
    idle_connections_postgres: neighbours::idle_connections, Postgres;
    idle_connections_mysql: neighbours::idle_connections, Mysql;
    heartbeat_postgres: changes::heartbeat, Postgres;
    heartbeat_mysql: changes::heartbeat, Mysql;
}

macro_rules! backfill {
    ($($test:ident: $kind:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            backfill::check(stringify!($test), Kind::$kind).await;
        }
    )*};
}

backfill! {
    backfill_postgres: Postgres;
    backfill_mysql: Mysql;
    backfill_sqlite: Sqlite;
}

macro_rules! repair {
    ($($test:ident: $kind:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            backfill::repair::check(stringify!($test), Kind::$kind).await;
        }
    )*};
}

repair! {
    repair_postgres: Postgres;
    repair_mysql: Mysql;
    repair_sqlite: Sqlite;
}

macro_rules! changes {
    ($($test:ident: $kind:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            changes::check(stringify!($test), Kind::$kind).await;
        }
    )*};
}

changes! {
    changes_postgres: Postgres;
    changes_mysql: Mysql;
    changes_sqlite: Sqlite;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_memory_sqlite() {
    cancelled::in_memory("in_memory_sqlite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waiting_for_writer_sqlite() {
    cancelled::waiting_for_writer("waiting_for_writer_sqlite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_reader_sqlite() {
    neighbours::slow_reader().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn busy_writer_sqlite() {
    neighbours::busy_writer().await;
}
