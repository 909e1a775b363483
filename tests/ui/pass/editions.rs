use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "editions_postgres", dialect = "postgres", same_as(sqlite = "editions_sqlite"))]
struct Server;

#[derive(Migrations)]
#[migrations(path = "editions_sqlite", dialect = "sqlite")]
struct Embedded;

fn main() {
    assert_eq!(Server::SET.newest(), Embedded::SET.newest());
}
