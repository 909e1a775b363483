//! The questions that an assessment asks, as one database has them.

use crate::model::Dialect;

/// The queries of one dialect. In them `:table` is the quoted name of the table, `:schema` its schema or NULL, and
/// `:name` its name alone; all three are bound. Every column is a text.
pub(super) struct Queries {
    /// Rows (NULL where the catalog has no number), bytes of the table, bytes of its indexes; no row where there is no
    /// such table.
    pub(super) table: &'static str,
    /// Who says how many rows there are.
    pub(super) rows_by: &'static str,
    /// Name, definition, bytes or NULL, whether it is valid (`t`).
    pub(super) indexes: &'static str,
    /// Name, referring table, its columns, table referred to, its columns, ON DELETE, ON UPDATE, whether it is valid.
    pub(super) foreign_keys: &'static str,
    /// The same of all tables, by name of the referring one.
    pub(super) all_foreign_keys: &'static str,
    /// Kind, name, detail, and the text in which the table may be named; where that is NULL, it depends on the table.
    pub(super) dependents: &'static str,
    /// Name and number of connections of who is connected; `Err` says why that is not known.
    pub(super) applications: Result<&'static str, &'static str>,
}

pub(super) fn queries(dialect: Dialect) -> &'static Queries {
    match dialect {
        Dialect::Postgres => &super::postgres::QUERIES,
        Dialect::Mysql | Dialect::MariaDb => &super::mysql::QUERIES,
        Dialect::Sqlite => &super::sqlite::QUERIES,
    }
}
