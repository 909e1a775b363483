//! The columns that Rust code reads and writes: texts both ways, through casts of the database.

use super::key::Binder;
use super::prepare::Found;
use crate::backfill::{Cell, Code};
use crate::error::{Error, Kind};
use crate::model::{Dialect, Migration};
use crate::sync::quoted;

/// The columns of a table that Rust code reads, and which of them it writes.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub(super) read: Vec<Field>,
    /// The indices of those that are written too.
    pub(super) written: Vec<usize>,
}

/// One column.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Its name, quoted.
    name: String,
    kind: FieldKind,
    dialect: Dialect,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum FieldKind {
    /// Shown as text; PostgreSQL casts to the type, MySQL and MariaDB do that as they assign.
    Text(String),
    /// Bytes, shown as hexadecimal digits.
    Bytes,
    /// MySQL and MariaDB: shown with all its digits only as the double that it is equal to.
    Float,
    /// MySQL and MariaDB: bits, which are a number to everybody else.
    Bits,
    /// SQLite: each value has a type of its own.
    Dynamic,
}

/// The columns that the code names, or which of them the table does not have.
pub(super) fn fields(
    migration: &Migration,
    code: Code,
    columns: &[Found],
    dialect: Dialect,
) -> Result<Fields, Error> {
    let mut fields = Fields::default();
    for name in code.read {
        let same = |column: &&Found| match dialect {
            Dialect::Postgres => column.name == *name,
            _ => column.name.eq_ignore_ascii_case(name),
        };
        let Some(column) = columns.iter().find(same) else {
            let all: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
            let hint = crate::diagnostic::nearest(name, all.iter().copied());
            let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
            let message = format!(
                "migration {migration}: `{}` has no column `{name}`{hint}",
                code.table
            );
            let error = Error::new(Kind::Backfill, message).migration(migration);
            return Err(error.help(format!(
                "the struct that is bound names it; the columns are {}",
                all.join(", ")
            )));
        };
        if code.written.contains(name) {
            fields.written.push(fields.read.len());
        }
        let field = Field::new(column, dialect).map_err(|fault| {
            let message = format!("migration {migration}: the column `{name}` {fault}");
            Error::new(Kind::Backfill, message).migration(migration)
        })?;
        fields.read.push(field);
    }
    Ok(fields)
}

impl Field {
    fn new(column: &Found, dialect: Dialect) -> Result<Self, String> {
        let lower = column.of_type.to_lowercase();
        let base: String = lower.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let kind = match dialect {
            Dialect::Postgres if column.assigned == "bytea" => FieldKind::Bytes,
            Dialect::Postgres => FieldKind::Text(column.assigned.clone()),
            Dialect::Sqlite => FieldKind::Dynamic,
            Dialect::Mysql | Dialect::MariaDb => match &*base {
                "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => FieldKind::Bytes,
                "float" => FieldKind::Float,
                "bit" => FieldKind::Bits,
                "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring"
                | "multipolygon" | "geometrycollection" | "geomcollection" | "vector" => {
                    return Err(format!("is of type {}, which has no text", column.of_type));
                }
                _ => FieldKind::Text(String::new()),
            },
        };
        Ok(Self {
            name: quoted(&column.name, dialect),
            kind,
            dialect,
        })
    }

    /// The column as an expression whose value is a text, or NULL; two values have one text only if they are equal.
    pub(super) fn shown(&self, row: &str) -> String {
        let name = format!("{row}{}", self.name);
        match (&self.kind, self.dialect) {
            (FieldKind::Bytes, Dialect::Postgres) => format!("pg_catalog.encode({name}, 'hex')"),
            (FieldKind::Bytes, _) => format!("HEX({name})"),
            (FieldKind::Float, _) => format!("CAST({name} + 0e0 AS CHAR)"),
            (FieldKind::Bits, _) => format!("CAST({name} + 0 AS CHAR)"),
            (FieldKind::Dynamic, _) => super::key::dynamic(&name),
            (FieldKind::Text(_), Dialect::Postgres) => format!("CAST({name} AS text)"),
            (FieldKind::Text(_), _) => format!("CAST({name} AS CHAR)"),
        }
    }

    /// Its name, quoted.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The condition that the column has the value that was read. Collations that take two texts for one have no say.
    pub(super) fn unchanged(&self, read: Option<&str>, binder: &mut Binder) -> String {
        let value = binder.text_or_null(read);
        self.is("", &value)
    }

    /// The condition that the column of that row has the value that an expression shows.
    pub(super) fn is(&self, row: &str, value: &str) -> String {
        let shown = self.shown(row);
        match self.dialect {
            Dialect::Postgres => format!("({shown} COLLATE \"C\") IS NOT DISTINCT FROM {value}"),
            Dialect::Sqlite => format!("({shown}) IS {value}"),
            Dialect::Mysql | Dialect::MariaDb => {
                format!("CAST({shown} AS BINARY) <=> CAST({value} AS BINARY)")
            }
        }
    }

    /// What was read, for Rust.
    pub(super) fn cell(&self, read: Option<&str>) -> Cell {
        let Some(text) = read else { return Cell::Null };
        match self.kind {
            FieldKind::Bytes => Cell::Bytes(from_hex(text)),
            FieldKind::Dynamic => {
                let (kind, rest) = text.split_at_checked(1).unwrap_or((text, ""));
                match kind {
                    "b" => Cell::Bytes(from_hex(rest)),
                    _ => Cell::Text(rest.to_owned()),
                }
            }
            _ => Cell::Text(text.to_owned()),
        }
    }

    /// The assignment of a value.
    pub(super) fn assigned(&self, cell: &Cell, binder: &mut Binder) -> String {
        format!("{} = {}", self.name, self.value(cell, binder))
    }

    /// A value of it in a list of values, where what has no type would get a wrong one.
    pub(super) fn listed(&self, cell: &Cell, binder: &mut Binder) -> String {
        match (&self.kind, self.dialect, cell) {
            (FieldKind::Text(cast), Dialect::Postgres, Cell::Null) => format!("CAST(NULL AS {cast})"),
            (FieldKind::Bytes, Dialect::Postgres, Cell::Null) => "CAST(NULL AS bytea)".to_owned(),
            _ => self.value(cell, binder),
        }
    }

    pub(super) fn value(&self, cell: &Cell, binder: &mut Binder) -> String {
        let (text, is_number) = match cell {
            Cell::Null => return "NULL".to_owned(),
            Cell::Text(text) => (text.clone(), false),
            Cell::Number(number) => (number.clone(), true),
            Cell::Bytes(bytes) => match self.kind {
                FieldKind::Bytes | FieldKind::Dynamic => return self.bytes(bytes, binder),
                _ => (String::from_utf8_lossy(bytes).into_owned(), false),
            },
        };
        match (&self.kind, self.dialect) {
            (FieldKind::Bytes, _) => self.bytes(text.as_bytes(), binder),
            (FieldKind::Text(cast), Dialect::Postgres) => format!("CAST({} AS {cast})", binder.text(&text)),
            (FieldKind::Bits, _) => format!("CAST({} AS UNSIGNED)", binder.text(&text)),
            (FieldKind::Dynamic, _) if is_number => match (text.parse(), text.parse()) {
                (Ok(number), _) => binder.number(number),
                // A number beyond SQLite's integers is an approximate one there.
                (_, Ok(number)) => binder.real(number),
                _ => binder.text(&text),
            },
            _ => binder.text(&text),
        }
    }

    fn bytes(&self, bytes: &[u8], binder: &mut Binder) -> String {
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self.dialect {
            Dialect::Postgres => format!("pg_catalog.decode({}, 'hex')", binder.text(&digits)),
            _ => format!("unhex({})", binder.text(&digits)),
        }
    }
}

/// The bytes of hexadecimal digits that a database wrote.
fn from_hex(digits: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or(0) as u8;
    let pairs = digits.as_bytes().chunks_exact(2);
    pairs.map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
