//! The migrations of `tests/migrations`, as a set of each kind of database.

use migrate_macros::Migrations;

#[derive(Migrations)]
#[migrations(path = "tests/migrations", dialect = "postgres")]
pub(crate) struct OnPostgres;

#[derive(Migrations)]
#[migrations(path = "tests/migrations", dialect = "sqlite")]
pub(crate) struct OnSqlite;

#[derive(Migrations)]
#[migrations(path = "tests/migrations", dialect = "mariadb")]
pub(crate) struct OnMariaDb;
