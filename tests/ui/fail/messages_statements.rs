use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "messages_statements", dialect = "postgres")]
struct Set1;

#[derive(Migrations)]
#[migrations(path = "messages_sqlite", dialect = "sqlite")]
struct Set2;

#[derive(Migrations)]
#[migrations(path = "messages_mysql", dialect = "mysql")]
struct Set3;

fn main() {
    let _ = (Set1::SET, Set2::SET, Set3::SET);
}
