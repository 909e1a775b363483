use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "verify_answer", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
