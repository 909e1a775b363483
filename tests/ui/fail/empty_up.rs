use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "empty_up", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
