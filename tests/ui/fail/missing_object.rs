use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "missing_object", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
