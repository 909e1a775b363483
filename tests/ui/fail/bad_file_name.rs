use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "bad_file_name", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
