use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "sync_chain", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
