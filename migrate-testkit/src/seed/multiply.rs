//! Many rows out of a few: the server writes them itself, from one statement.

use migrate_core::Dialect;

use crate::structure::{self, Column, Kind, Table};

/// How many of the rows that are there are multiplied.
const PATTERNS: u64 = 8;
/// Where the numbers of new rows begin, beyond those of rows that are there.
const FIRST: u64 = 1_000_000;

/// The statement that writes `rows` rows more. They are like those that are there, but for one column of each key,
/// which counts.
///
/// # Errors
/// The key that has no column that could count.
pub(crate) fn multiplied(dialect: Dialect, table: &Table, rows: u64) -> Result<String, String> {
    let written: Vec<&Column> = table.columns.iter().filter(|column| !column.given).collect();
    let refers = |name: &String| {
        table
            .references
            .iter()
            .any(|reference| reference.columns.contains(name))
    };
    let mut counting: Vec<&str> = Vec::new();
    for key in &table.unique {
        let mut columns = key.iter().filter_map(|name| table.column(name));
        if columns.any(|column| column.given || counting.contains(&column.name.as_str())) {
            continue;
        }
        let free = key
            .iter()
            .filter(|name| !refers(name))
            .filter_map(|name| table.column(name));
        let Some(column) = free
            .max_by_key(|column| room(column))
            .filter(|column| room(column) > 0)
        else {
            return Err(format!(
                "the generator cannot count in its key ({})",
                key.join(", ")
            ));
        };
        counting.push(&column.name);
    }
    if written.is_empty() {
        return Err("every column is given by the database".to_owned());
    }
    let names: Vec<&str> = written.iter().map(|column| column.name.as_str()).collect();
    let values: Vec<String> = written
        .iter()
        .map(|column| match counting.contains(&column.name.as_str()) {
            true => counted(dialect, column),
            false => format!("made.{}", structure::quoted(dialect, &column.name)),
        })
        .collect();
    // The numbers come first, so that a limit takes some of each pattern.
    Ok(format!(
        "INSERT INTO {table} ({names}) SELECT {values} FROM (SELECT many.*, {FIRST} + row_number() OVER () AS migrate_row \
         FROM (SELECT pattern.* FROM ({numbers}) numbers CROSS JOIN (SELECT * FROM {table} LIMIT {PATTERNS}) pattern \
         LIMIT {rows}) many) made",
        table = table.sql,
        names = structure::list(dialect, &names),
        values = values.join(", "),
        numbers = numbers(rows),
    ))
}

/// At least so many rows, out of digits: every database takes that.
fn numbers(rows: u64) -> String {
    let digits = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 \
                  UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
    let places = rows.max(10).ilog10() + 1;
    let tables: Vec<String> = (0..places).map(|place| format!("{digits} d{place}")).collect();
    format!("SELECT 1 AS one FROM {}", tables.join(" CROSS JOIN "))
}

/// How well a column can count: 0 is not at all.
fn room(column: &Column) -> u32 {
    match &column.kind {
        Kind::Integer { bits, .. } => (*bits).into(),
        Kind::Text { longest } => match longest {
            Some(longest) if *longest < 7 => 0,
            _ => 20,
        },
        Kind::Uuid => 100,
        Kind::Timestamp => 10,
        Kind::Decimal { digits, scale } if digits.saturating_sub(*scale) >= 8 => 15,
        _ => 0,
    }
}

/// The expression that counts.
fn counted(dialect: Dialect, column: &Column) -> String {
    const ROW: &str = "made.migrate_row";
    match (&column.kind, dialect) {
        (Kind::Uuid, Dialect::Postgres) => format!("CAST(md5(CAST({ROW} AS text)) AS uuid)"),
        (Kind::Uuid, Dialect::Mysql | Dialect::MariaDb) => "uuid()".to_owned(),
        (Kind::Text { .. } | Kind::Uuid, dialect) => super::as_text(dialect, ROW),
        (Kind::Timestamp, Dialect::Postgres) => {
            format!("CAST('2001-01-01' AS timestamp) + {ROW} * interval '1 second'")
        }
        (Kind::Timestamp, Dialect::Sqlite) => format!("datetime({ROW}, 'unixepoch')"),
        (Kind::Timestamp, Dialect::Mysql | Dialect::MariaDb) => {
            format!("timestampadd(second, {ROW}, '2001-01-01')")
        }
        _ => ROW.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::Reference;

    #[test]
    fn one_column_of_each_key_counts() {
        let column = |name: &str, kind: Kind| Column {
            name: name.to_owned(),
            kind,
            type_name: String::new(),
            nullable: false,
            given: false,
        };
        let integer = Kind::Integer {
            bits: 32,
            unsigned: false,
        };
        let key = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut table = Table {
            sql: "line".to_owned(),
            columns: vec![column("invoice", integer.clone()), column("place", integer)],
            unique: vec![key(&["invoice", "place"])],
            references: vec![Reference {
                columns: key(&["invoice"]),
                table: "invoice".to_owned(),
                foreign: key(&["id"]),
            }],
            ..Table::default()
        };
        let sql = multiplied(Dialect::Sqlite, &table, 50).unwrap();
        assert!(
            sql.contains("SELECT made.\"invoice\", made.migrate_row FROM"),
            "{sql}"
        );
        assert!(sql.contains("LIMIT 50) many"), "{sql}");
        table.unique.push(key(&["invoice"]));
        let why = multiplied(Dialect::Sqlite, &table, 50).unwrap_err();
        assert_eq!(why, "the generator cannot count in its key (invoice)");
    }
}
