use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "order_dependent", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
