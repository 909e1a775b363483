use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "mixed_transaction", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
