//! What SQLite is asked for an assessment.

use super::queries::Queries;

macro_rules! foreign_keys {
    ($condition:literal) => {
        concat!(
            "SELECT '', m.name, group_concat(f.\"from\", ', '), f.\"table\", \
             coalesce(group_concat(f.\"to\", ', '), ''), f.on_delete, f.on_update, 't' \
             FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
            $condition,
            " GROUP BY m.name, f.id ORDER BY m.name, f.id DESC"
        )
    };
}

pub(super) static QUERIES: Queries = Queries {
    // ANALYZE leaves the number of rows in front of what it knows of each index.
    table: "SELECT NULL, NULL, NULL FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(:name)",
    rows_by: "sqlite_stat1",
    indexes: "SELECT i.name, coalesce(s.sql, 'of a constraint'), NULL, 't' FROM pragma_index_list(:name) i \
              LEFT JOIN sqlite_schema s ON s.type = 'index' AND s.name = i.name ORDER BY 1",
    foreign_keys: foreign_keys!(" AND (lower(m.name) = lower(:name) OR lower(f.\"table\") = lower(:name))"),
    all_foreign_keys: foreign_keys!(""),
    dependents: "SELECT type, name, CASE type WHEN 'trigger' THEN 'on ' || tbl_name ELSE '' END, \
          CASE WHEN type = 'trigger' AND lower(tbl_name) = lower(:name) THEN NULL ELSE sql END \
         FROM sqlite_schema WHERE type IN ('view', 'trigger') ORDER BY 1, 2",
    applications: Err("SQLite does not tell who else has the file open"),
};

/// The number of rows that ANALYZE saw.
pub(super) const ANALYSED: &str =
    "SELECT stat FROM sqlite_stat1 WHERE lower(tbl) = lower(:name) ORDER BY idx IS NULL DESC LIMIT 1";
