//! Released files, drafts and a tombstone.
#[derive(migrate_macros::Migrations)]
#[migrations(path = "lock", dialect = "postgres")]
struct Schema;

fn main() {
    let released: Vec<bool> = Schema::SET.migrations.iter().map(|migration| migration.released).collect();
    assert_eq!(released, [true, true, true, true, false]);
    assert_eq!(*Schema::SET.tombstones, [migrate_core::Version(20260106120000)]);
}
