use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "bad_version", dialect = "postgres", layout = "dbmate")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
