//! The embedded set is the one that is read at run time, whatever the directives.
use migrate_core::source::{Options, files_in_folder};

#[path = "../rust_rows.rs"]
mod rows;

#[derive(migrate_macros::Migrations)]
#[migrations(
    path = "directives",
    dialect = "postgres",
    since = "14",
    baseline = "20260101120000",
    name = "other",
    rust(nick_of = rows::Nick)
)]
pub struct Schema;

fn main() {
    let folder = concat!(env!("UI_TESTS"), "/pass/directives");
    let mut options = Options::new(migrate_core::Dialect::Postgres);
    options.folder = "directives".to_owned();
    options.since = Some("14".parse().unwrap());
    options.baseline = Some(migrate_core::Version(20260101120000));
    options.name = "other".into();
    let read = options.read(files_in_folder(folder.as_ref()).unwrap()).into_result().unwrap();
    let embedded = Schema::SET.into_untyped();
    assert_eq!(embedded.folder, Some(folder));
    assert_eq!(migrate_core::MigrationSet { folder: None, ..embedded }, read);
    assert_eq!(read.migrations.len(), 7);
}
