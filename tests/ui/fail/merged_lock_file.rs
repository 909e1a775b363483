use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "merged_lock_file", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
