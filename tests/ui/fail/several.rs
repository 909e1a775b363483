use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "several", dialect = "postgres")]
struct Schema;

fn main() {
    // The set is refused, and still nothing else is reported: its type and its function are there.
    let set: migrate_core::Set<migrate_core::Postgres> = Schema::SET;
    assert!(set.migrations.is_empty());
}
