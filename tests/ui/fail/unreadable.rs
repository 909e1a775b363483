use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "unreadable", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
