use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "down_not_inverse", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
