#![deny(deprecated)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "old_draft", dialect = "postgres")]
struct Schema;

#[derive(Migrations)]
#[migrations(path = "old_draft", dialect = "postgres", allow(old-draft))]
struct Allowed;

// Now the index is one on a table in use.
#[derive(Migrations)]
#[migrations(path = "old_draft", dialect = "postgres", baseline = "20260101000000")]
struct Released;

fn main() {
    let _ = (Schema::SET, Allowed::SET, Released::SET);
}
