#![deny(warnings, missing_docs, unreachable_pub, clippy::all)]
//! A set and the pool it runs on.

/// The schema.
#[derive(migrate_macros::Migrations)]
#[migrations(path = "sqlite", dialect = "sqlite")]
pub struct Schema;

/// What a service does when it starts.
pub async fn start(pool: sqlx::SqlitePool) -> Result<migrate_core::Report, migrate_core::Error> {
    Schema::run(&pool).await
}

fn is_send<T: Send>(_: &dyn Fn(sqlx::SqlitePool) -> T) {}

fn main() {
    is_send(&start);
    let set: migrate_core::Set<migrate_core::Sqlite> = Schema::SET;
    assert_eq!(set.migrations[0].up.iter().count(), 1);
}
