use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "messages_lock/twice", dialect = "postgres")]
struct Set1;

#[derive(Migrations)]
#[migrations(path = "messages_lock/order", dialect = "postgres")]
struct Set2;

#[derive(Migrations)]
#[migrations(path = "messages_lock/short", dialect = "postgres")]
struct Set3;

#[derive(Migrations)]
#[migrations(path = "messages_lock/version", dialect = "postgres")]
struct Set4;

#[derive(Migrations)]
#[migrations(path = "messages_lock/tombstone", dialect = "postgres")]
struct Set5;

#[derive(Migrations)]
#[migrations(path = "messages_lock/exact", dialect = "postgres")]
struct Set6;

#[derive(Migrations)]
#[migrations(path = "messages_lock/name", dialect = "postgres")]
struct Set7;

fn main() {
    let _ = (Set1::SET, Set2::SET, Set3::SET, Set4::SET, Set5::SET, Set6::SET, Set7::SET);
}
