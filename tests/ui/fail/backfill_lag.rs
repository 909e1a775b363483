#![deny(deprecated)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "backfill_lag", dialect = "sqlite")]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
