//! Values of a column as texts that can be compared.

use super::super::assigned::Affinity;
use super::super::key::dynamic;
use super::super::prepare::Found;
use crate::model::Dialect;

/// How a value becomes a text that is the same for equal values, also for one that was not written to its column yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// What the database makes of it as that type.
    Cast(String),
    /// MySQL and MariaDB: the text itself, in one character set.
    Characters,
    /// MySQL and MariaDB: the text without the blanks at its end, which such a column does not keep.
    Trimmed,
    /// MySQL and MariaDB: bytes.
    Bytes,
    /// MySQL and MariaDB: a number with all its digits.
    Approximate,
    /// MySQL and MariaDB: what the database shows of it.
    Shown,
    /// SQLite: what a column of that affinity keeps of it, with its type.
    Kept(Affinity),
}

impl Text {
    /// For a column of that type, and the column that is copied into it as it is, if one is; `None` where a value that was
    /// written has another text than before.
    pub(super) fn of(column: &Found, copied: Option<&Found>, dialect: Dialect) -> Option<Self> {
        let lower = column.of_type.to_lowercase();
        let base: String = lower.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let length = || match (lower.find('('), lower.find(')')) {
            (Some(from), Some(to)) if from < to => lower[from..=to].to_owned(),
            _ => String::new(),
        };
        match dialect {
            Dialect::Postgres => Some(Self::Cast(column.of_type.clone())),
            Dialect::Sqlite => Some(Self::Kept(Affinity::of(&column.of_type))),
            Dialect::Mysql | Dialect::MariaDb => match &*base {
                "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => {
                    let sign = if lower.contains("unsigned") {
                        "UNSIGNED"
                    } else {
                        "SIGNED"
                    };
                    Some(Self::Cast(sign.to_owned()))
                }
                "decimal" => Some(Self::Cast(format!("DECIMAL{}", length()))),
                "date" => Some(Self::Cast("DATE".to_owned())),
                "time" => Some(Self::Cast(format!("TIME{}", length()))),
                "datetime" | "timestamp" => Some(Self::Cast(format!("DATETIME{}", length()))),
                "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => Some(Self::Characters),
                "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Some(Self::Bytes),
                "char" => Some(Self::Trimmed),
                // What goes from a column into one of its own type stays what it is.
                _ if copied.is_none_or(|copied| copied.of_type.to_lowercase() != lower) => None,
                "float" | "double" => Some(Self::Approximate),
                "enum" | "set" | "year" | "json" => Some(Self::Shown),
                _ => Some(Self::Bytes),
            },
        }
    }

    pub(super) fn shown(&self, value: &str, dialect: Dialect) -> String {
        match self {
            Self::Cast(of_type) if dialect == Dialect::Postgres => {
                format!("CAST(CAST({value} AS {of_type}) AS text)")
            }
            Self::Cast(of_type) => format!("CAST(CAST({value} AS {of_type}) AS CHAR)"),
            Self::Characters => format!("CONVERT({value} USING utf8mb4)"),
            Self::Trimmed => format!("RTRIM(CONVERT({value} USING utf8mb4))"),
            Self::Bytes => format!("HEX({value})"),
            Self::Approximate => format!("CAST({value} + 0e0 AS CHAR)"),
            Self::Shown => format!("CONVERT(CAST({value} AS CHAR) USING utf8mb4)"),
            Self::Kept(affinity) => kept(*affinity, value),
        }
    }
}

/// What a column of SQLite keeps of a value, as a text that tells its type. What the column has kept already is shown like
/// that as well: an integral number has one text, whether it was written with a point or without.
fn kept(affinity: Affinity, value: &str) -> String {
    // Only a text that is a number throughout is equal to what it is as one.
    let is_number = format!("CAST({value} AS NUMERIC) = {value}");
    let real = |value: &str| format!("'r' || printf('%!.20g', CAST({value} AS REAL))");
    let number = |value: &str| {
        format!(
            "CASE WHEN typeof({value}) = 'integer' OR CAST({value} AS INTEGER) = {value} \
             THEN 'i' || CAST({value} AS INTEGER) ELSE {} END",
            real(value)
        )
    };
    let (of_number, of_text) = match affinity {
        Affinity::None => return dynamic(value),
        Affinity::Text => (format!("'t' || CAST({value} AS TEXT)"), format!("'t' || {value}")),
        Affinity::Numeric => (
            number(value),
            format!(
                "CASE WHEN {is_number} THEN {} ELSE 't' || {value} END",
                number(&format!("CAST({value} AS NUMERIC)"))
            ),
        ),
        Affinity::Real => (
            real(value),
            format!(
                "CASE WHEN {is_number} THEN {} ELSE 't' || {value} END",
                real(value)
            ),
        ),
    };
    format!(
        "CASE typeof({value}) WHEN 'null' THEN NULL WHEN 'blob' THEN 'b' || hex({value}) \
         WHEN 'text' THEN {of_text} ELSE {of_number} END"
    )
}
