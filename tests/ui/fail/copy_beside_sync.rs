#![deny(deprecated)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "copy_beside_sync", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
