use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "not_utf8", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
