use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "allow_without_reason", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
