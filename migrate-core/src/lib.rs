//! Database migrations that run while the service runs.

#![forbid(unsafe_code)]

pub mod model;

pub use model::{
    Dialect, Digest, Layout, MariaDb, Migration, MigrationSet, Mysql, Phase, Postgres, ServerVersion, Set,
    Sqlite, Version,
};
