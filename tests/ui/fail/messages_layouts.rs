use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "messages_sqlx", dialect = "postgres", layout = "sqlx")]
struct Set1;

#[derive(Migrations)]
#[migrations(path = "messages_diesel", dialect = "postgres", layout = "diesel")]
struct Set2;

fn main() {
    let _ = (Set1::SET, Set2::SET);
}
