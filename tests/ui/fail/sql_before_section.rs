use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "sql_before_section", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
