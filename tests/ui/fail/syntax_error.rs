use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "syntax_error", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
