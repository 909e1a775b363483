use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "object_exists", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
