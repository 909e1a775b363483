use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "wrong_phase", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
