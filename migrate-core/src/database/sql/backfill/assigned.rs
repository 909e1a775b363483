//! What a column keeps of a value that is assigned to it: rounded, padded, another type.
//!
//! A condition over a row sees the value as the expression gives it. Compared like that with what was written, a value
//! that its column rounds would differ for ever.

use super::prepare::Found;
use crate::model::Dialect;

/// Whether values are compared as the database does, or by their bytes where a collation takes two texts for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Equality,
    Bytes,
}

/// The condition that a column does not have what an assignment of the expression would leave in it. Never NULL where
/// it has to be true. `column` is what the catalog knows of it, if it does.
pub(super) fn differs(
    column: Option<&Found>,
    by: By,
    left: &str,
    expression: &str,
    dialect: Dialect,
) -> String {
    // A comment at the end of the expression must not swallow the parenthesis.
    let value = format!("({expression}\n)");
    let bytes = by == By::Bytes && column.is_some_and(|column| column.folds);
    match dialect {
        Dialect::Postgres => in_postgres(column, bytes, left, &value),
        Dialect::Sqlite => in_sqlite(column, bytes, left, &value),
        Dialect::Mysql | Dialect::MariaDb => in_mysql(column, bytes, left, &value, dialect),
    }
}

fn in_postgres(column: Option<&Found>, bytes: bool, left: &str, value: &str) -> String {
    let (kept, too_long) = match column.map(|column| (&*column.kept, &*column.unlimited)) {
        // Bits of another length are refused as they are assigned, and cut as they are cast.
        None => (value.to_owned(), None),
        Some((kept, _)) if kept.starts_with("bit") && !kept.ends_with(']') => (value.to_owned(), None),
        Some((kept, unlimited)) => {
            let of_texts = kept.starts_with("character") || kept.starts_with("bit");
            match of_texts.then(|| length(kept)).flatten() {
                // So are the elements of an array.
                Some(_) if kept.ends_with(']') => (format!("CAST({value} AS {unlimited})"), None),
                // A cast cuts what is too long. An assignment cuts blanks, and refuses everything else: it has to run.
                Some(length) => (
                    format!("CAST({value} AS {kept})"),
                    Some(format!(
                        "pg_catalog.char_length(pg_catalog.rtrim(CAST({value} AS text))) > {length}"
                    )),
                ),
                None => (format!("CAST({value} AS {kept})"), None),
            }
        }
    };
    let differs = match bytes {
        true => format!("(CAST({left} AS text) COLLATE \"C\") IS DISTINCT FROM CAST({kept} AS text)"),
        false => format!("{left} IS DISTINCT FROM {kept}"),
    };
    match too_long {
        Some(too_long) => format!("({differs} OR {too_long})"),
        None => differs,
    }
}

/// The length in `character varying(20)`.
fn length(kept: &str) -> Option<&str> {
    let (_, rest) = kept.split_once('(')?;
    rest.split_once(')').map(|(length, _)| length)
}

fn in_sqlite(column: Option<&Found>, bytes: bool, left: &str, value: &str) -> String {
    let collation = if bytes { " COLLATE BINARY" } else { "" };
    let kept = match column.map(|column| Affinity::of(&column.of_type)) {
        // The comparison makes it a number, but not an approximate one.
        Some(Affinity::Real) => format!(
            "CASE WHEN typeof({value}) IN ('integer', 'text') AND CAST({value} AS NUMERIC) = {value} \
             THEN CAST({value} AS REAL) ELSE {value} END"
        ),
        // Without an affinity of its own it gets that of the column, as it does when it is assigned.
        _ => format!("+{value}"),
    };
    format!("{left}{collation} IS NOT {kept}")
}

/// What a column of SQLite makes of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Affinity {
    /// A number where it is one, without a point where it needs none.
    Numeric,
    Real,
    Text,
    None,
}

impl Affinity {
    /// By the rules by which SQLite reads a type.
    pub(super) fn of(of_type: &str) -> Self {
        let lower = of_type.to_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        if has(&["int"]) {
            Self::Numeric
        } else if has(&["char", "clob", "text"]) {
            Self::Text
        } else if lower.is_empty() || has(&["blob"]) {
            Self::None
        } else if has(&["real", "floa", "doub"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}

fn in_mysql(column: Option<&Found>, bytes: bool, left: &str, value: &str, dialect: Dialect) -> String {
    let lower = column.map_or(String::new(), |column| column.of_type.to_lowercase());
    let base: String = lower.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
    let digits = match (lower.find('('), lower.find(')')) {
        (Some(from), Some(to)) if from < to => &lower[from..=to],
        _ => "",
    };
    let as_bytes = |value: &str| format!("CAST(CONVERT({value} USING utf8mb4) AS BINARY)");
    let is_not = |kept: String| format!("NOT ({left} <=> {kept})");
    // Two columns of different collations are not compared, but assigned.
    let as_text = |value: &str| match column.map_or("", |column| &column.kept) {
        "" => value.to_owned(),
        kept => format!("CONVERT({value}{kept}"),
    };
    match &*base {
        _ if bytes => format!("NOT ({} <=> {})", as_bytes(left), as_bytes(value)),
        // A cast to SIGNED warns of texts with a point, which ends an UPDATE. What stands half-way between two numbers
        // is rounded up where it is a text, and to the even one where it is approximate.
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => {
            let exact = format!("CAST({value} AS DECIMAL(65,30))");
            format!(
                "({} AND {} OR COALESCE(ABS({left} - {exact}) > 0.5, FALSE))",
                is_not(format!("ROUND({value})")),
                is_not(format!("ROUND({exact})"))
            )
        }
        "decimal" => is_not(format!("CAST({value} AS DECIMAL{digits})")),
        // MySQL rounds a part of a second into the next day where it assigns, and not where it casts.
        "date" if dialect == Dialect::Mysql => is_not(format!("CAST(CAST({value} AS DATETIME) AS DATE)")),
        "date" => is_not(format!("CAST({value} AS DATE)")),
        "time" => is_not(format!("CAST({value} AS TIME{digits})")),
        "datetime" | "timestamp" => is_not(format!("CAST({value} AS DATETIME{digits})")),
        // FLOAT(7,2) and DOUBLE(7,2) round to places first.
        "float" | "double" => {
            let places = digits.trim_matches(['(', ')']).split_once(',');
            let value = match places {
                Some((_, places)) => format!("ROUND({value}, {places})"),
                None => value.to_owned(),
            };
            is_not(format!("CAST({value} AS {base})"))
        }
        // Blanks at the end are not kept, and not every collation overlooks them.
        "char" => is_not(as_text(&format!("RTRIM({value})"))),
        "binary" => {
            let length = digits.trim_matches(['(', ')']);
            format!(
                "({} OR COALESCE(LENGTH({value}) > {length}, FALSE))",
                is_not(format!("CAST({value} AS BINARY{digits})"))
            )
        }
        "json" if dialect == Dialect::Mysql => is_not(format!("CAST({value} AS JSON)")),
        _ => is_not(as_text(value)),
    }
}
