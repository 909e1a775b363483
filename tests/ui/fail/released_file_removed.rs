use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "released_file_removed", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
