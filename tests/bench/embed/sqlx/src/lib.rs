//! Embeds the generated migrations as an application does. `tests/bench/run` writes the folder.

/// The migrations.
pub static SCHEMA: sqlx::migrate::Migrator = sqlx::migrate!();
