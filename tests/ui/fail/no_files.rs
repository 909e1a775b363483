use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "no_files", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
