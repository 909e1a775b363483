use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "squashed_file_present", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
