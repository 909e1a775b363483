use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "unterminated", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
