//! Embeds the generated migrations as an application does. `tests/bench/run` writes the folder.

/// The migrations.
#[derive(migrate_macros::Migrations)]
#[migrations(dialect = "postgres")]
pub struct Schema;
