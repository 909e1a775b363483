//! The tables of a database as a generator of rows has to know them: types, keys, references, checks.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::collections::BTreeMap;

use migrate_core::Dialect;

use crate::link::{Link, Rows};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer {
        bits: u8,
        unsigned: bool,
    },
    Decimal {
        digits: u32,
        scale: u32,
    },
    Float,
    Boolean,
    Text {
        longest: Option<u32>,
    },
    Bytes {
        longest: Option<u32>,
    },
    Bits(u32),
    Date,
    Time,
    Timestamp,
    Interval,
    Uuid,
    Json,
    Address,
    /// One of these.
    Enumeration(Vec<String>),
    /// Several of these, MySQL's SET.
    Choices(Vec<String>),
    Array,
    Range,
    Year,
    /// What the generator does not know by name.
    Other(String),
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// The type as the database calls it, to notice when it changes.
    pub(crate) type_name: String,
    pub(crate) nullable: bool,
    /// Whether the database fills it in: a number of its own, an expression, or a default that counts.
    pub(crate) given: bool,
}

/// Columns that refer to those of another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) columns: Vec<String>,
    pub(crate) table: String,
    pub(crate) foreign: Vec<String>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its name, qualified and quoted as SQL needs it.
    pub(crate) sql: String,
    pub(crate) columns: Vec<Column>,
    /// Groups of columns no two rows have in common, the primary key first.
    pub(crate) unique: Vec<Vec<String>>,
    pub(crate) primary: Vec<String>,
    pub(crate) references: Vec<Reference>,
    /// The texts of its checks.
    pub(crate) checks: Vec<String>,
}

impl Table {
    pub(crate) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The tables by the names that messages use.
pub(crate) type Tables = BTreeMap<String, Table>;

/// Reads the tables, without those whose name starts with `prefix`.
pub(crate) async fn read(
    link: &mut impl Link,
    dialect: Dialect,
    prefix: &str,
) -> Result<Tables, sqlx::Error> {
    let queries = match dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => postgres::QUERIES,
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => sqlite::QUERIES,
        #[cfg(feature = "mysql")]
        Dialect::Mysql => mysql::QUERIES_MYSQL,
        #[cfg(feature = "mysql")]
        Dialect::MariaDb => mysql::QUERIES_MARIADB,
        #[allow(unreachable_patterns, reason = "there is no such test database then")]
        _ => return Ok(Tables::new()),
    };
    let mut tables = Tables::new();
    for row in link.rows(queries.columns).await? {
        let field = fields(row);
        let table = table(&mut tables, &field[0], dialect);
        table.columns.push(Column {
            name: field[1].clone(),
            kind: match dialect {
                #[cfg(feature = "postgres")]
                Dialect::Postgres => postgres::kind(&field[2], &field[3], &field[4]),
                #[cfg(feature = "sqlite")]
                Dialect::Sqlite => sqlite::kind(&field[2]),
                #[cfg(feature = "mysql")]
                Dialect::Mysql | Dialect::MariaDb => mysql::kind(&field[2]),
                #[allow(unreachable_patterns, reason = "there is no such test database then")]
                _ => Kind::Float,
            },
            type_name: field[2].clone(),
            nullable: field[5] == "1",
            given: field[6] == "1",
        });
    }
    // The rows of one key stand together, in the order of its columns.
    for group in groups(link.rows(queries.unique).await?) {
        let Some(table) = tables.get_mut(&group[0][0]) else {
            continue;
        };
        let columns: Vec<String> = group.iter().map(|row| row[2].clone()).collect();
        if group[0][3] == "1" {
            table.primary = columns.clone();
            table.unique.insert(0, columns);
        } else {
            table.unique.push(columns);
        }
    }
    for group in groups(link.rows(queries.references).await?) {
        let Some(table) = tables.get_mut(&group[0][0]) else {
            continue;
        };
        table.references.push(Reference {
            columns: group.iter().map(|row| row[2].clone()).collect(),
            table: group[0][3].clone(),
            foreign: group.iter().map(|row| row[4].clone()).collect(),
        });
    }
    for row in link.rows(queries.checks).await? {
        let field = fields(row);
        if let Some(table) = tables.get_mut(&field[0]) {
            // MariaDB's JSON is a text that has to be JSON, and SQLite's is any text.
            for column in &mut table.columns {
                if takes_json(&field[1], &column.name) {
                    column.kind = Kind::Json;
                }
            }
            if dialect != Dialect::Sqlite || field[1].to_lowercase().contains("check") {
                table.checks.push(field[1].clone());
            }
        }
    }
    if dialect == Dialect::Sqlite {
        complete_references(&mut tables);
    }
    let ours = |name: &str| {
        name.rsplit('.')
            .next()
            .is_some_and(|name| name.trim_matches('"').starts_with(prefix))
    };
    tables.retain(|name, _| !ours(name));
    Ok(tables)
}

/// Whether a check, or what is generated, reads that column as JSON, and so refuses what is none.
fn takes_json(text: &str, column: &str) -> bool {
    const READERS: [&str; 6] = ["array_length", "contains", "extract", "type", "valid", "value"];
    let text = text.to_lowercase();
    let mut calls = text
        .split("json_")
        .skip(1)
        .filter_map(|rest| rest.split_once('('));
    calls.any(|(function, arguments)| {
        let argument = arguments.trim_start().trim_start_matches(['`', '"', '[']);
        let is_whole = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        READERS.contains(&function.trim())
            && argument
                .strip_prefix(&column.to_lowercase())
                .is_some_and(is_whole)
    })
}

/// The queries of a dialect. Every column is text.
struct Queries {
    /// Table, column, type, two details of the type, nullable, given; in the order of the columns.
    columns: &'static str,
    /// Table, key, column, whether it is the primary key.
    unique: &'static str,
    /// Table, reference, column, foreign table, foreign column.
    references: &'static str,
    /// Table, text.
    checks: &'static str,
}

fn fields(row: Vec<Option<String>>) -> Vec<String> {
    row.into_iter().map(Option::unwrap_or_default).collect()
}

/// Rows of which the first two columns are the same.
fn groups(rows: Rows) -> Vec<Vec<Vec<String>>> {
    let rows: Vec<Vec<String>> = rows.into_iter().map(fields).collect();
    rows.chunk_by(|a, b| a[..2] == b[..2])
        .map(<[_]>::to_vec)
        .collect()
}

fn table<'a>(tables: &'a mut Tables, name: &str, dialect: Dialect) -> &'a mut Table {
    tables.entry(name.to_owned()).or_insert_with(|| Table {
        sql: match dialect {
            // It comes qualified and quoted.
            Dialect::Postgres => name.to_owned(),
            _ => quoted(dialect, name),
        },
        ..Table::default()
    })
}

/// SQLite leaves out the columns of a reference to a primary key.
fn complete_references(tables: &mut Tables) {
    let keys: BTreeMap<String, Vec<String>> = tables
        .iter()
        .map(|(name, table)| (name.to_lowercase(), table.primary.clone()))
        .collect();
    for table in tables.values_mut() {
        for reference in &mut table.references {
            if let (true, Some(key)) = (
                reference.foreign.iter().all(String::is_empty),
                keys.get(&reference.table.to_lowercase()),
            ) {
                reference.foreign.clone_from(key);
            }
        }
    }
}

/// A name as SQL.
pub(crate) fn quoted(dialect: Dialect, name: &str) -> String {
    if dialect.is_mysql_family() {
        format!("`{}`", name.replace('`', "``"))
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// Names as a list of SQL.
pub(crate) fn list(dialect: Dialect, names: &[impl AsRef<str>]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(dialect, name.as_ref())).collect();
    names.join(", ")
}

/// The expression that gives a column as the SQL literal of its value.
pub(crate) fn literal(dialect: Dialect, column: &Column) -> String {
    let name = quoted(dialect, &column.name);
    match dialect {
        Dialect::Postgres => format!("quote_nullable({name}::text)"),
        Dialect::Sqlite => format!("quote({name})"),
        Dialect::Mysql | Dialect::MariaDb => match &column.kind {
            Kind::Bytes { .. } => format!("coalesce(concat('x''', hex({name}), ''''), 'NULL')"),
            Kind::Bits(_) => format!("coalesce(concat('b''', bin({name}), ''''), 'NULL')"),
            Kind::Other(_) => format!("coalesce(concat('x''', hex({name}), ''''), 'NULL')"),
            _ => format!("coalesce(quote(cast({name} as char)), 'NULL')"),
        },
    }
}

/// The number in the first parentheses of a type, as in `varchar(40)`.
fn first_number(type_name: &str) -> Option<u32> {
    let inside = type_name.split_once('(')?.1;
    inside.split([')', ',']).next()?.trim().parse().ok()
}

/// The number behind the comma in the first parentheses, as in `decimal(9, 2)`.
fn second_number(type_name: &str) -> Option<u32> {
    let inside = type_name.split_once('(')?.1.split(')').next()?;
    inside.split_once(',')?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::takes_json;

    #[test]
    fn json_is_known_by_what_reads_it() {
        let table =
            "CREATE TABLE t (a TEXT, kind TEXT AS (json_extract(a, '$.kind')), CHECK (JSON_VALID( \"b\" )))";
        assert!(takes_json(table, "a") && takes_json(table, "B"));
        assert!(
            !takes_json(table, "kind")
                && !takes_json("json_object(a)", "a")
                && !takes_json("json_valid(ab)", "a")
        );
        assert!(takes_json("json_valid(`c`)", "c"));
    }
}
