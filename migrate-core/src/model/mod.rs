//! What a migration set is made of. Everything here can be built in a `const` and does no I/O.

mod dialect;
mod digest;
pub mod directives;
mod layout;
mod migration;
mod phase;
mod server_version;
mod set;
mod version;

pub use dialect::Dialect;
pub use digest::Digest;
pub use layout::Layout;
pub use migration::{Migration, Section, Statement, TransactionMode, Verify};
pub use phase::Phase;
pub use server_version::{ParseServerVersionError, ServerVersion};
pub use set::{Database, MariaDb, MigrationSet, Mysql, Postgres, Set, Sqlite};
pub(crate) use version::calendar_fault;
pub use version::{ParseVersionError, Version};
