use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "contract_in_the_way", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
