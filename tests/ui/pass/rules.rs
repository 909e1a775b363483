//! What the rules let through: warnings, even where warnings are denied; what is allowed with a reason; what the
//! project allows or only wants to be warned about; what is released.
#![deny(warnings)]

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "rules", dialect = "postgres", since = "14", baseline = "20260102120000")]
struct Warned;

#[derive(Migrations)]
#[migrations(
    path = "rules", dialect = "postgres", since = "14", baseline = "20260102120000",
    allow(fk-locks-parent, drop_not_null), deny("drop-column"), strict, remind_after = "30d",
)]
struct Configured;

#[derive(Migrations)]
#[migrations(
    path = "rules_denied", dialect = "postgres",
    baseline = "20260101120000", warn(create-index-not-concurrent, drop-index-not-concurrent),
)]
struct Lenient;

fn main() {
    for set in [Warned::SET, Configured::SET] {
        assert_eq!(set.migrations.len(), 5);
        assert_eq!(set.migrations[3].allow.len(), 1);
    }
    assert_eq!(Lenient::SET.migrations.len(), 2);
}
