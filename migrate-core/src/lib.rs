//! Database migrations that run while the service runs.

#![forbid(unsafe_code)]

#[doc(hidden)]
pub mod __private;
pub mod backfill;
pub mod build;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod database;
pub mod diagnostic;
pub mod document;
mod error;
pub mod facts;
pub mod gates;
pub mod history;
mod json;
pub mod live;
pub mod migrator;
pub mod model;
pub mod monitor;
mod parallel;
pub mod plan;
pub mod rules;
pub mod schema;
pub mod script;
pub mod source;
pub mod sql;
mod sync;
mod time;

pub use database::Pool;
pub use error::Error;
pub use migrator::{Adoption, Migrator, Report, Tool};
pub use model::{
    Dialect, Digest, Layout, MariaDb, Migration, MigrationSet, Mysql, Phase, Postgres, ServerVersion, Set,
    Sqlite, Version,
};
pub use plan::{Plan, Policy};

/// The pages that come with the library.
#[cfg(doc)]
pub mod documentation {
    #![allow(
        rustdoc::broken_intra_doc_links,
        reason = "the pages link to each other as files"
    )]

    #[doc = include_str!("../docs/backfill.md")]
    pub mod backfill {}
    #[doc = include_str!("../docs/changes.md")]
    pub mod changes {}
    #[doc = include_str!("../docs/command-line.md")]
    pub mod command_line {}
    #[doc = include_str!("../docs/comparison.md")]
    pub mod comparison {}
    #[doc = include_str!("../docs/design.md")]
    pub mod design {}
    #[doc = include_str!("../docs/file-format.md")]
    pub mod file_format {}
    #[doc = include_str!("../docs/operating.md")]
    pub mod operating {}
    #[doc = include_str!("../docs/plan-document.md")]
    pub mod plan_document {}
    #[doc = include_str!("../docs/sync.md")]
    pub mod sync {}
    #[doc = include_str!("../docs/releases.md")]
    pub mod releases {}
    #[doc = include_str!("../docs/rules.md")]
    pub mod rules {}
}
