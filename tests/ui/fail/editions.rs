use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(
    path = "editions_postgres",
    dialect = "postgres",
    same_as(sqlite = "editions_sqlite")
)]
struct Schema;

#[derive(Migrations)]
#[migrations(path = "editions_sqlite", dialect = "sqlite", same_as(postgres = "editions_postgre"))]
struct NoFolder;

#[derive(Migrations)]
#[migrations(path = "editions_sqlite", dialect = "sqlite", same_as(oracle = "x", sqlite, mysql = 3))]
struct Options;

#[derive(Migrations)]
#[migrations(path = "editions_sqlite", dialect = "sqlite", same_as = "editions_postgres")]
struct NoList;

fn main() {
    let _ = (Schema::SET, NoFolder::SET, Options::SET, NoList::SET);
}
