use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "missing_change", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
