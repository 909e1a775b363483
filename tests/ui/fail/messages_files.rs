use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "messages_files", dialect = "postgres")]
struct Set1;

fn main() {
    let _ = (Set1::SET,);
}
