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
//! [`migrate_test`] makes such tests, one for each of several databases out of one function:
//!
//! ```
//! use migrate_testkit::{Error, TestDatabase, migrate_test};
//!
//! #[migrate_test(postgres, sqlite, mysql)]
//! async fn names_are_unique<D: TestDatabase>(database: D) -> Result<(), Error> {
//!     database.execute("CREATE TABLE account (name varchar(40) UNIQUE)").await?;
//!     database.execute("INSERT INTO account VALUES ('ada')").await?;
//!     assert!(database.execute("INSERT INTO account VALUES ('ada')").await.is_err());
//!     Ok(())
//! }
//! # fn main() {}
//! ```
//!
//! [`prove!`] makes a test of each thing that is to be proved of a set of migrations: that each can be taken back and
//! applied again ([`round_trip`]), that no data is lost unsaid, that the queries of the running build and of the next one
//! work on every schema on the way, and more. [`prove_dir!`] does so for a folder of another tool's migrations, and
//! [`Prove`] is the same without macros. [A page for beginners](documentation::getting_started) takes an existing project there.
//!
//! # The server
//!
//! One server of each kind is shared by all test processes of a user, whether tests run as threads of one
//! process (`cargo test`) or one process each (`cargo nextest`). It listens on a Unix socket in a directory
//! that only this user can enter, on a tmpfs if one has room, with durability switched off. It ends about two
//! seconds after the last test process, however that process ended, and takes its directory along. A test process
//! whose runner (`cargo test`, nextest) was killed ends as well. The
//! empty data directory is cached in `$XDG_CACHE_HOME/migrate-testkit`, else `~/.cache/migrate-testkit`,
//! else `/var/tmp/migrate-testkit-<uid>`. A database is dropped when its value is.
//!
//! [`PostgresPair`] starts two servers of its own for one test, a primary and a standby that streams from it; they
//! end in the same way.
//!
//! PostgreSQL 13 or newer, MariaDB 10.6 or newer. The server part needs Unix.
//!
//! # Environment variables
//!
//! | variable | meaning |
//! |---|---|
//! | `MIGRATE_TESTKIT_POSTGRES_BIN`, `MIGRATE_TESTKIT_MYSQL_BIN` | directory of the server binaries to use |
//! | `MIGRATE_TESTKIT_POSTGRES_VERSIONS` | `13,15,18`: tests of [`prove!`] run on each of these, one after the other; a directory of binaries may stand for a version |
//! | `MIGRATE_TESTKIT_POSTGRES_URL`, `MIGRATE_TESTKIT_MYSQL_URL` | a server that is already there; none is started, databases are created and dropped in it |
//! | `MIGRATE_TESTKIT_POSTGRES_IMAGE`, `MIGRATE_TESTKIT_MYSQL_IMAGE` | with the feature `testcontainers`: the image of a container that is the server, `postgres:17`; it stays for the next run. Where no engine answers, the error says what to do. The feature is compiled by this project's tests and not run |
//! | `MIGRATE_TESTKIT_SKIP` | kinds to leave out, `postgres,mysql,sqlite`; asking for one gives an error for which [`Error::is_skipped`] holds |
//! | `MIGRATE_TESTKIT_KEEP` | `1`: databases are kept, and where they are is printed |
//! | `MIGRATE_TESTKIT_STRICT` | `1`: what a check leaves out is a fault, as with [`Prove::strict`] |
//! | `MIGRATE_UPDATE` | `1`: the files of the expected schemas are written anew |
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

mod contents;
mod database;
mod error;
mod link;
mod prove;
mod round_trip;
mod scratch;
mod seed;
mod server;
mod structure;
mod test;

pub use database::{TestDatabase, TestKind, migrated};
pub use error::{BoxError, Error};
#[cfg(feature = "postgres")]
pub use migrate_core::Postgres;
#[cfg(feature = "sqlite")]
pub use migrate_core::Sqlite;
/// What a check has to name, so that a crate that only tests needs no other one of these.
pub use migrate_core::{Layout, Version};
/// The databases, as `Prove::<Postgres>::folder` names them.
#[cfg(feature = "mysql")]
pub use migrate_core::{MariaDb, Mysql};
/// ```
/// use migrate_testkit::{Error, PostgresDatabase, TestDatabase, migrate_test};
///
/// #[migrate_test(postgres)]
/// async fn has_schemas(database: PostgresDatabase) -> Result<(), Error> {
///     database.execute("CREATE SCHEMA app").await
/// }
///
/// // Makes the tests `stores_text::postgres`, `stores_text::sqlite` and `stores_text::mysql`.
/// #[migrate_test(postgres, sqlite, mysql)]
/// async fn stores_text<D: TestDatabase>(database: D) -> Result<(), Error> {
///     database.execute("CREATE TABLE note (body text)").await
/// }
/// # fn main() {}
/// ```
///
pub use migrate_macros::migrate_test;
pub use prove::{Build, Check, LockMode, Proof, Prove};
pub use round_trip::{RoundTrip, RoundTripStep, StepOutcome, round_trip};
#[cfg(feature = "mysql")]
pub use scratch::MysqlDatabase;
#[cfg(feature = "sqlite")]
pub use scratch::SqliteDatabase;
#[cfg(feature = "postgres")]
pub use scratch::{PostgresDatabase, PostgresPair};

/// The pages that come with the crate.
#[cfg(doc)]
pub mod documentation {
    #[doc = include_str!("../docs/getting-started.md")]
    pub mod getting_started {}
}

#[doc(hidden)]
pub mod __private {
    pub use crate::prove::run::{in_crate, of_folder, prove, with};
    pub use crate::test::{Outcome, test, test_migrated};
    #[cfg(feature = "postgres")]
    pub use migrate_core::Postgres;
    #[cfg(feature = "sqlite")]
    pub use migrate_core::Sqlite;
    #[cfg(feature = "mysql")]
    pub use migrate_core::{MariaDb, Mysql};
}
