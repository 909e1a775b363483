use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "unsync_without_sync", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
