use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "rule_warning", dialect = "postgres", deny(drop-colum), warn, allow("no-such-rule", drop_table, drop-table))]
struct Unknown;

#[derive(Migrations)]
#[migrations(path = "rule_warning", dialect = "postgres", style = true, strict("yes"), deny = "drop-column")]
struct Malformed;

// What is only a warning is an error where the project says so; and a table that no file makes does not exist.
#[derive(Migrations)]
#[migrations(
    path = "rule_warning", dialect = "postgres", baseline = "20260101120000",
    deny(fk-locks-parent), style, strict,
)]
struct Strict;

fn main() {
    let _ = (Unknown::SET, Malformed::SET, Strict::SET);
}
