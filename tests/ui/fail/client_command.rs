use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "client_command", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
