//! Real databases in `cargo test`, and proofs that migrations go up, down and up again.
//!
//! A test asks for a database and gets an empty one, on a private server that this crate starts from the
//! binaries installed on the machine:
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use migrate_testkit::PostgresDatabase;
//!
//! let database = PostgresDatabase::create().await?;
//! sqlx::query("CREATE TABLE account (id bigint)").execute(database.pool()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # The server
//!
//! One server of each kind is shared by all test processes of a user, whether tests run as threads of one
//! process (`cargo test`) or one process each (`cargo nextest`). It listens on a Unix socket in a directory
//! that only this user can enter, on a tmpfs if one has room, with durability switched off. It ends about two
//! seconds after the last test process, however that process ended, and takes its directory along. The
//! empty data directory is cached in `$XDG_CACHE_HOME/migrate-testkit`, else `~/.cache/migrate-testkit`,
//! else `/var/tmp/migrate-testkit-<uid>`. A database is dropped when its value is.
//!
//! PostgreSQL 13 or newer, MariaDB 10.6 or newer. The server part needs Unix.
//!
//! # Environment variables
//!
//! | variable | meaning |
//! |---|---|
//! | `MIGRATE_TESTKIT_POSTGRES_BIN`, `MIGRATE_TESTKIT_MYSQL_BIN` | directory of the server binaries to use |
//! | `MIGRATE_TESTKIT_POSTGRES_URL`, `MIGRATE_TESTKIT_MYSQL_URL` | a server that is already there; none is started, databases are created and dropped in it |
//! | `MIGRATE_TESTKIT_SKIP` | kinds to leave out, `postgres,mysql,sqlite`; asking for one gives an error for which [`Error::is_skipped`] holds |
//! | `MIGRATE_TESTKIT_KEEP` | `1`: databases are kept, and where they are is printed |
//! | `MIGRATE_TESTKIT_DIR` | directory for the servers' directories; keep it short, socket paths are limited to about 100 bytes |
//!
//! # Linking
//!
//! The crate runs a function before `main` which does nothing unless the process was started by this crate to
//! supervise a server. It belongs in `[dev-dependencies]`.
#![deny(unsafe_code)]
// Each kind of database uses a part of what they share; with all three, nothing may be unused.
#![cfg_attr(
    not(all(feature = "postgres", feature = "mysql", feature = "sqlite")),
    allow(dead_code, unused_imports)
)]

mod error;
mod scratch;
mod server;

pub use error::{BoxError, Error};
#[cfg(feature = "mysql")]
pub use scratch::MysqlDatabase;
#[cfg(feature = "postgres")]
pub use scratch::PostgresDatabase;
#[cfg(feature = "sqlite")]
pub use scratch::SqliteDatabase;
