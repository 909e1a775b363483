#![deny(deprecated)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "sync_not_null", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
