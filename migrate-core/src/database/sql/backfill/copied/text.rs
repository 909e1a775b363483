//! Values of a column as texts that can be compared.

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
    /// MySQL and MariaDB: bytes.
    Bytes,
    /// SQLite: a text, as a column of texts keeps it.
    OfString,
    /// SQLite: a number where it is one.
    OfNumber,
    /// SQLite: whatever it is.
    OfAnything,
}

impl Text {
    /// For a column of that type; `None` where a value that was written has another text than before.
    pub(super) fn of(column: &Found, dialect: Dialect) -> Option<Self> {
        let lower = column.of_type.to_lowercase();
        let base: String = lower.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let length = || match (lower.find('('), lower.find(')')) {
            (Some(from), Some(to)) if from < to => lower[from..=to].to_owned(),
            _ => String::new(),
        };
        match dialect {
            Dialect::Postgres => Some(Self::Cast(column.of_type.clone())),
            // The rules by which SQLite gives columns their affinity.
            Dialect::Sqlite if lower.contains("int") => Some(Self::OfNumber),
            Dialect::Sqlite if ["char", "clob", "text"].iter().any(|word| lower.contains(word)) => {
                Some(Self::OfString)
            }
            Dialect::Sqlite if lower.is_empty() || lower.contains("blob") => Some(Self::OfAnything),
            Dialect::Sqlite => Some(Self::OfNumber),
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
                _ => None,
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
            Self::Bytes => format!("HEX({value})"),
            Self::OfString => format!(
                "CASE typeof({value}) WHEN 'blob' THEN 'b' || hex({value}) ELSE CAST({value} AS TEXT) END"
            ),
            Self::OfNumber => format!(
                "CASE typeof({value}) WHEN 'blob' THEN 'b' || hex({value}) WHEN 'null' THEN NULL \
                 ELSE printf('%!.17g', CAST({value} AS NUMERIC)) END"
            ),
            Self::OfAnything => dynamic(value),
        }
    }
}
