use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "transaction_control", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
