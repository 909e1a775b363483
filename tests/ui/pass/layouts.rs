//! Every layout, sub-folders, a byte order mark and CRLF line ends; the macro as an expression.
#![deny(warnings)]

use migrate_core::{Set, Sqlite, Version};
use migrate_macros::migrations;

const NATIVE: Set<Sqlite> = migrations!("layouts/native", dialect = "sqlite");
static SQLX: Set<Sqlite> = migrations!("layouts/sqlx", dialect = "sqlite", layout = "sqlx",);

fn versions(set: &Set<Sqlite>) -> Vec<u64> {
    assert!(set.migrations.iter().all(|migration| migration.up.iter().count() == 1));
    set.migrations.iter().map(|migration| migration.version).map(|Version(number)| number).collect()
}

fn main() {
    assert_eq!(versions(&NATIVE), [20260101120000, 20260102120000]);
    assert_eq!(NATIVE.migrations[1].up.text, "CREATE TABLE posts (id bigint PRIMARY KEY);");
    assert_eq!(versions(&SQLX), [1]);
    assert!(SQLX.migrations[0].down.is_some());
    let diesel = migrations!("layouts/diesel", dialect = "sqlite", layout = "diesel");
    assert_eq!(versions(&diesel), [20260101120000]);
    assert_eq!(diesel.migrations[0].down.as_ref().unwrap().path, "layouts/diesel/2026-01-01-120000_users/down.sql");
    #[allow(deprecated)]
    let refinery = migrations!("layouts/refinery", dialect = "sqlite", layout = "refinery");
    assert_eq!(versions(&refinery), [1]);
    let dbmate = migrations!("layouts/dbmate", dialect = "sqlite", layout = "dbmate");
    assert_eq!(versions(&dbmate), [20260101120000]);
}
