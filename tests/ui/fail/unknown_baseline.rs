use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "unknown_baseline", dialect = "postgres", baseline = "20260101120001")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
