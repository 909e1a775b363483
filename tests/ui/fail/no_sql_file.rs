use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "no_sql_file", dialect = "postgres", layout = "refinery")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
