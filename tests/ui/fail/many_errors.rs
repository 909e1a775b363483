use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "many_errors", dialect = "sqlite")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
