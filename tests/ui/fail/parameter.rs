use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "parameter", dialect = "sqlite")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
