use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "bad_calendar_time", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
