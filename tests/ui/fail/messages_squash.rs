use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "messages_squash", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
