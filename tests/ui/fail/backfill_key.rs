use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "backfill_key", dialect = "sqlite")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
