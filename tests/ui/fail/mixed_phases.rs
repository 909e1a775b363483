use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "mixed_phases", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
