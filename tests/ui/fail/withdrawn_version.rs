use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "withdrawn_version", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
