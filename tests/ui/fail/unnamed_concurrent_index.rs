use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "unnamed_concurrent_index", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
