use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "misplaced_directive", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
