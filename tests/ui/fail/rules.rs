use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "rules", dialect = "postgres", since = "14", baseline = "20260101120000")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
