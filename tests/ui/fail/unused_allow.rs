use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "unused_allow", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
