use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "foreign_section", dialect = "postgres", layout = "sqlx")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
