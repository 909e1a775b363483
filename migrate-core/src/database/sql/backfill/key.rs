//! Keys of every shape: read as texts, kept as one text, and bound again as what they are.

use crate::database::sql::Value;
use crate::model::Dialect;
use crate::sync::quoted;

/// A column of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeyColumn {
    /// Its name, quoted.
    name: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    /// Shown and read as text; the cast makes it what it is.
    Cast(String),
    /// Compared with the text itself.
    Text,
    /// Bytes, shown as hexadecimal digits.
    Bytes,
    /// SQLite: each value has a type of its own.
    Dynamic,
}

impl KeyColumn {
    /// The column of that type, or why keys cannot have it.
    pub(super) fn new(name: &str, of_type: &str, dialect: Dialect) -> Result<Self, String> {
        let lower = of_type.to_lowercase();
        let base: String = lower
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let kind = match dialect {
            Dialect::Postgres => Kind::Cast(of_type.to_owned()),
            Dialect::Sqlite => Kind::Dynamic,
            Dialect::Mysql | Dialect::MariaDb => match &*base {
                "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => {
                    let sign = if lower.contains("unsigned") || base == "year" {
                        "UNSIGNED"
                    } else {
                        "SIGNED"
                    };
                    Kind::Cast(sign.to_owned())
                }
                "decimal" => {
                    let digits = lower
                        .trim_start_matches("decimal")
                        .split(' ')
                        .next()
                        .unwrap_or_default();
                    Kind::Cast(format!("DECIMAL{digits}"))
                }
                "date" => Kind::Cast("DATE".to_owned()),
                "datetime" | "timestamp" => Kind::Cast("DATETIME(6)".to_owned()),
                "time" => Kind::Cast("TIME(6)".to_owned()),
                "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" => Kind::Text,
                "uuid" | "inet4" | "inet6" => Kind::Text,
                "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Kind::Bytes,
                _ => {
                    return Err(format!(
                        "a key of type {of_type} has no order that can be relied on"
                    ));
                }
            },
        };
        Ok(Self {
            name: quoted(name, dialect),
            kind,
        })
    }

    /// The column as an expression whose value is a text, or NULL.
    fn shown(&self, row: &str, dialect: Dialect) -> String {
        let name = format!("{row}{}", self.name);
        match (&self.kind, dialect) {
            (Kind::Bytes, _) => format!("HEX({name})"),
            (Kind::Dynamic, _) => dynamic(&name),
            (_, Dialect::Postgres) => format!("{name}::text"),
            _ => format!("CAST({name} AS CHAR)"),
        }
    }

    /// A value of it, bound.
    fn bound(&self, value: &str, binder: &mut Binder) -> String {
        match &self.kind {
            Kind::Cast(cast) => format!("CAST({} AS {cast})", binder.text(value)),
            Kind::Text => binder.text(value),
            Kind::Bytes => format!("UNHEX({})", binder.text(value)),
            Kind::Dynamic => {
                let (kind, rest) = value.split_at_checked(1).unwrap_or((value, ""));
                match (kind, rest.parse::<i64>()) {
                    ("i", Ok(number)) => binder.number(number),
                    ("r", _) => format!("CAST({} AS REAL)", binder.text(rest)),
                    ("b", _) => format!("unhex({})", binder.text(rest)),
                    _ => binder.text(rest),
                }
            }
        }
    }
}

/// A value of SQLite as a text that tells its type: equal texts are equal values of one type. Seventeen digits would do if
/// SQLite got the last of them right.
pub(super) fn dynamic(name: &str) -> String {
    format!(
        "CASE typeof({name}) WHEN 'blob' THEN 'b' || hex({name}) WHEN 'real' THEN 'r' || printf('%!.20g', {name}) \
         WHEN 'integer' THEN 'i' || {name} WHEN 'text' THEN 't' || {name} END"
    )
}

/// Values that are bound to a statement of ours, in the order of their placeholders.
pub(super) struct Binder {
    dialect: Dialect,
    pub(super) values: Vec<Value<'static>>,
}

impl Binder {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            values: Vec::new(),
        }
    }

    fn value(&mut self, value: Value<'static>) -> String {
        self.values.push(value);
        match self.dialect {
            Dialect::Postgres => format!("${}", self.values.len()),
            _ => "?".to_owned(),
        }
    }

    /// The placeholder of a text.
    pub(super) fn text(&mut self, text: &str) -> String {
        self.value(Value::text(text.to_owned()))
    }

    /// The placeholder of a text, or of NULL.
    pub(super) fn text_or_null(&mut self, text: Option<&str>) -> String {
        match text {
            Some(text) => self.text(text),
            None => self.value(Value::Null),
        }
    }

    /// The placeholder of an approximate number.
    pub(super) fn real(&mut self, number: f64) -> String {
        self.value(Value::Real(number))
    }

    /// The placeholder of a number.
    pub(super) fn number(&mut self, number: i64) -> String {
        self.value(Value::Number(number))
    }
}

/// The columns by which a table is visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    dialect: Dialect,
    columns: Vec<KeyColumn>,
}

impl Key {
    pub(super) fn new(columns: Vec<KeyColumn>, dialect: Dialect) -> Self {
        Self { dialect, columns }
    }

    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Its columns as texts, for a SELECT. `row` stands before the columns, with its point.
    pub(super) fn select(&self, row: &str) -> String {
        self.texts(row).join(", ")
    }

    /// The same, each by itself.
    pub(super) fn texts(&self, row: &str) -> Vec<String> {
        let shown = self.columns.iter().map(|column| column.shown(row, self.dialect));
        shown.collect()
    }

    /// Its columns for an ORDER BY. Without `row` PostgreSQL would order by the texts that the query selects.
    pub(super) fn order(&self, row: &str, descending: bool) -> String {
        let direction = if descending { " DESC" } else { "" };
        let columns = self
            .columns
            .iter()
            .map(|column| format!("{row}{}{direction}", column.name));
        columns.collect::<Vec<_>>().join(", ")
    }

    /// The condition of the rows behind `low` and up to `high`.
    pub(super) fn range(
        &self,
        row: &str,
        low: Option<&str>,
        high: Option<&str>,
        binder: &mut Binder,
    ) -> String {
        let mut parts = Vec::new();
        if let Some(low) = low {
            parts.push(self.beyond(row, low, ">", ">", binder));
        }
        if let Some(high) = high {
            parts.push(self.beyond(row, high, "<", "<=", binder));
        }
        match parts.is_empty() {
            true => "1 = 1".to_owned(),
            false => parts.join(" AND "),
        }
    }

    /// The rows on one side of a key; `last` compares the last column.
    fn beyond(&self, row: &str, key: &str, strict: &str, last: &str, binder: &mut Binder) -> String {
        let values = decoded(key);
        let count = self.columns.len().min(values.len());
        let columns = &self.columns[..count];
        if !self.dialect.is_mysql_family() || count == 1 {
            let names: Vec<String> = columns
                .iter()
                .map(|column| format!("{row}{}", column.name))
                .collect();
            let bound = columns
                .iter()
                .zip(&values)
                .map(|(column, value)| column.bound(value, binder));
            let bound: Vec<String> = bound.collect();
            return match count {
                1 => format!("{} {last} {}", names[0], bound[0]),
                _ => format!("({}) {last} ({})", names.join(", "), bound.join(", ")),
            };
        }
        // MySQL and MariaDB do not use an index for an order of rows, only for one written out.
        let mut either = Vec::new();
        for index in 0..count {
            let mut all: Vec<String> = Vec::new();
            for (column, value) in columns.iter().zip(&values).take(index) {
                all.push(format!("{row}{} = {}", column.name, column.bound(value, binder)));
            }
            let operator = if index + 1 == count { last } else { strict };
            let (column, value) = (&columns[index], &values[index]);
            all.push(format!(
                "{row}{} {operator} {}",
                column.name,
                column.bound(value, binder)
            ));
            either.push(format!("({})", all.join(" AND ")));
        }
        // Without this the rows behind the key are found by their first column, and then all looked at.
        let (column, value) = (&columns[0], &values[0]);
        let outer = format!(
            "{row}{} {}= {}",
            column.name,
            &strict[..1],
            column.bound(value, binder)
        );
        format!("({}) AND {outer}", either.join(" OR "))
    }

    /// Its columns, for a condition that compares them with the values of many rows.
    pub(super) fn names(&self, row: &str) -> Vec<String> {
        let names = self.columns.iter().map(|column| format!("{row}{}", column.name));
        names.collect()
    }

    /// The values of a key, bound.
    pub(super) fn values(&self, key: &str, binder: &mut Binder) -> Vec<String> {
        let values = decoded(key);
        let columns = self.columns.iter().zip(&values);
        columns
            .map(|(column, value)| column.bound(value, binder))
            .collect()
    }

    /// The condition of one row.
    pub(super) fn equals(&self, row: &str, key: &str, binder: &mut Binder) -> String {
        let values = decoded(key);
        let columns = self.columns.iter().zip(&values);
        let parts: Vec<String> = columns
            .map(|(column, value)| format!("{row}{} = {}", column.name, column.bound(value, binder)))
            .collect();
        parts.join(" AND ")
    }

    /// The condition of the rows of these keys.
    pub(super) fn among(&self, row: &str, keys: &[String], binder: &mut Binder) -> String {
        if let [column] = &self.columns[..] {
            let values = keys.iter().flat_map(|key| self.values(key, binder));
            let values: Vec<String> = values.collect();
            return format!("{row}{} IN ({})", column.name, values.join(", "));
        }
        let one = keys
            .iter()
            .map(|key| format!("({})", self.equals(row, key, binder)));
        let one: Vec<String> = one.collect();
        format!("({})", one.join(" OR "))
    }
}

/// The texts of a key as one: each behind its length in bytes.
pub(super) fn encoded(values: &[String]) -> String {
    let parts: Vec<String> = values
        .iter()
        .map(|value| format!("{}:{value}", value.len()))
        .collect();
    parts.concat()
}

/// The texts of a key that [`encoded`] made one.
pub(super) fn decoded(mut key: &str) -> Vec<String> {
    let mut values = Vec::new();
    while let Some((length, rest)) = key.split_once(':') {
        let length = length
            .parse()
            .ok()
            .filter(|length| rest.is_char_boundary(*length));
        let Some((value, rest)) = length.and_then(|length| rest.split_at_checked(length)) else {
            break;
        };
        values.push(value.to_owned());
        key = rest;
    }
    values
}

/// The key as a person reads it.
pub(super) fn shown(key: &str, dialect: Dialect) -> String {
    let mut values = decoded(key);
    if dialect == Dialect::Sqlite {
        for value in &mut values {
            value.drain(..1.min(value.len()));
        }
    }
    match &values[..] {
        [one] => one.clone(),
        all => format!("({})", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_being_one_text() {
        for values in [
            vec!["1"],
            vec!["", ""],
            vec!["a:b", "3:x", "ä"],
            vec!["1", "2", "3"],
        ] {
            let values: Vec<String> = values.into_iter().map(str::to_owned).collect();
            assert_eq!(decoded(&encoded(&values)), values);
        }
        assert_eq!(decoded("9:short"), Vec::<String>::new());
    }

    #[test]
    fn ranges_are_written_as_each_database_uses_its_index() {
        let columns = |of: &[(&str, &str)], dialect| {
            let columns = of
                .iter()
                .map(|(name, of_type)| KeyColumn::new(name, of_type, dialect));
            Key::new(columns.collect::<Result<_, _>>().expect("types of keys"), dialect)
        };
        let key = encoded(&["7".to_owned(), "x".to_owned()]);
        let check = |dialect, types: &[(&str, &str)], expected: &str| {
            let mut binder = Binder::new(dialect);
            let range = columns(types, dialect).range("t.", Some(&key), None, &mut binder);
            assert_eq!(range, expected);
        };
        let both = [("a", "bigint"), ("b", "varchar(3)")];
        check(
            Dialect::Postgres,
            &both,
            "(t.\"a\", t.\"b\") > (CAST($1 AS bigint), CAST($2 AS varchar(3)))",
        );
        check(
            Dialect::Mysql,
            &both,
            "((t.`a` > CAST(? AS SIGNED)) OR (t.`a` = CAST(? AS SIGNED) AND t.`b` > ?)) AND t.`a` >= CAST(? AS SIGNED)",
        );
    }
}
