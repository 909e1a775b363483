//! Database migrations that run while the service runs.

#![forbid(unsafe_code)]

#[doc(hidden)]
pub mod __private;
pub mod build;
pub mod database;
pub mod diagnostic;
mod error;
pub mod facts;
pub mod history;
pub mod migrator;
pub mod model;
pub mod plan;
pub mod script;
pub mod source;

pub use database::Pool;
pub use error::Error;
pub use migrator::{Migrator, Report};
pub use model::{
    Dialect, Digest, Layout, MariaDb, Migration, MigrationSet, Mysql, Phase, Postgres, ServerVersion, Set,
    Sqlite, Version,
};
pub use plan::{Plan, Policy};
