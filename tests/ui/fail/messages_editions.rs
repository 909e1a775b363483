use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "messages_editions/one", dialect = "postgres", same_as(sqlite = "messages_editions/two"))]
struct Set1;

fn main() {
    let _ = (Set1::SET,);
}
