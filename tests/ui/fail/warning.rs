#![deny(deprecated)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "warning", dialect = "postgres", layout = "sqlx")]
struct Schema;

// The lint attributes of the type hold for its migrations.
#[derive(Migrations)]
#[migrations(path = "warning", dialect = "postgres", layout = "sqlx")]
#[allow(deprecated)]
struct Accepted;

fn main() {
    let _ = (Schema::SET, Accepted::SET);
    let _: migrate_core::Set<migrate_core::Postgres> =
        migrate_macros::migrations!("warning", dialect = "postgres", layout = "sqlx");
}
