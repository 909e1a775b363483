//! Rust code is bound to the name that a file has for it, and to the rows of its table.
#[path = "../rust_rows.rs"]
mod rows;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "rust", dialect = "postgres", rust(nick_of = rows::Nick))]
struct Schema;

/// Names of ours are not in the way of the user's.
mod hidden {
    pub(super) type Plain = super::rows::Nick;
}
use hidden::Plain;

fn main() {
    assert_eq!(Schema::SET.migrations.len(), 2);
    let fill = &Schema::SET.migrations[1];
    assert_eq!(fill.rust.as_deref(), Some("nick_of"));
    assert_eq!(fill.backfill.as_ref().and_then(|backfill| backfill.failures), Some(20));
    let set = migrate_macros::migrations!("rust", dialect = "postgres", rust(nick_of = Plain));
    assert_eq!(set.untyped(), Schema::SET.untyped());
}
