use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "released_file_edited", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
