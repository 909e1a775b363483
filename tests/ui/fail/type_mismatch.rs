use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "type_mismatch", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
