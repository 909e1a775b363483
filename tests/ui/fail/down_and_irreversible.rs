use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "down_and_irreversible", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
