//! What the expansion of the macros refers to. Not part of the API: it changes without notice.

pub use core::option::Option::{None, Some};
pub use core::result::Result;
pub use core::time::Duration;
pub use core::{cfg, include_bytes};
pub use std::borrow::Cow::Borrowed as B;

pub use crate::model::directives::{
    Allow, Backfill, Cutover, Expectation, Grace, RollbackNote, Sync, SyncSide, Window,
};
pub use crate::model::{
    Dialect, Digest, Layout, MariaDb, Migration, MigrationSet, Mysql, Phase, Postgres, Section,
    ServerVersion, Set, Sqlite, Statement, TransactionMode, Verify, Version,
};

mod stub {
    use crate::model::{Database, Set};

    pub trait Pool<D> {}
    #[derive(Debug)]
    pub struct Report;
    #[derive(Debug)]
    pub struct Error;

    pub async fn run<D: Database, P: Pool<D>>(_: &P, _: Set<D>) -> Result<Report, Error> {
        Ok(Report)
    }
}
pub use stub::{Error, Pool, Report, run};
