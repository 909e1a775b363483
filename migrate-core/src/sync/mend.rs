//! The statements after which a trigger can tell whether a column was given. Names come quoted.

use crate::model::Dialect;

/// Lets a column be NULL; `kind` is its type.
pub(crate) fn drop_not_null(dialect: Dialect, table: &str, column: &str, kind: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL"),
        Dialect::Sqlite => format!("rebuild {table} with {column} without NOT NULL"),
        Dialect::Mysql | Dialect::MariaDb => format!("ALTER TABLE {table} MODIFY {column} {kind} NULL"),
    }
}

/// Lets a column that is not given be NULL; `kind` is its type.
pub(crate) fn drop_default(dialect: Dialect, table: &str, column: &str, kind: &str) -> String {
    // `text CHARACTER SET utf8mb4`.
    let name = kind.split(' ').next().unwrap_or_default().to_lowercase();
    // Of these MySQL takes no constant in SET DEFAULT (1101).
    let long = [
        "text",
        "blob",
        "json",
        "point",
        "linestring",
        "polygon",
        "geometry",
        "collection",
    ];
    match dialect {
        Dialect::Mysql if long.iter().any(|one| name.ends_with(one)) => {
            format!("ALTER TABLE {table} MODIFY {column} {kind} NULL DEFAULT NULL")
        }
        Dialect::Postgres => format!("ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT"),
        Dialect::Sqlite => format!("rebuild {table} with {column} without its default"),
        Dialect::Mysql | Dialect::MariaDb => {
            format!("ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT NULL")
        }
    }
}
