use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "squashed_twice", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
