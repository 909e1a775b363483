#![deny(deprecated)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "backfill_unchecked", dialect = "postgres")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
