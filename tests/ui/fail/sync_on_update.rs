use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "sync_on_update", dialect = "mariadb")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
