use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "squash_out_of_order", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
