use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "nearly_a_table", dialect = "sqlite", since = "14")]
struct Sqlite;

#[derive(Migrations)]
#[migrations(path = "nearly_a_table", since = "10.12", dialect = "mariadb")]
struct MariaDb;

fn main() {
    let _ = (Sqlite::SET, MariaDb::SET);
}
