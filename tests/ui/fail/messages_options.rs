use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "empty_up", , dialect = "postgres")]
struct Comma;

#[derive(Migrations)]
#[migrations(path = "empty_up", dialect = "postgres", remind_after = "soon")]
struct Age;

fn main() {
    let _ = (Comma::SET, Age::SET);
}
