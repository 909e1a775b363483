use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "refused_statement", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
