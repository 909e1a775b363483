use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "placeholder", dialect = "postgres", baseline = "20260101120000")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
