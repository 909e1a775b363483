use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "backfill_arguments", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
