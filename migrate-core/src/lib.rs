//! Database migrations that run while the service runs.

#![forbid(unsafe_code)]

pub mod build;
pub mod diagnostic;
pub mod model;
pub mod script;
pub mod source;

pub use model::{
    Dialect, Digest, Layout, MariaDb, Migration, MigrationSet, Mysql, Phase, Postgres, ServerVersion, Set,
    Sqlite, Version,
};
