use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "needed_object", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
