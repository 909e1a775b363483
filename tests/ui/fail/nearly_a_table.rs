#![deny(deprecated)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "nearly_a_table", dialect = "sqlite")]
struct Schema;

#[derive(Migrations)]
#[migrations(path = "nearly_a_table", dialect = "sqlite", allow(nearly-a-table))]
struct Allowed;

fn main() {
    let _ = (Schema::SET, Allowed::SET);
}
