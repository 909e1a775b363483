use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "empty_down", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
