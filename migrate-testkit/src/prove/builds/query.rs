//! The queries of a build, and where they come from.

use std::path::Path;

use crate::error::{Error, IoContext};
use crate::link::Value;

/// A query that a build runs.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// What it is called in messages.
    pub(crate) name: String,
    pub(crate) sql: String,
    /// The values it is run with, one list for each run; generated where there are none.
    pub(crate) values: Vec<Vec<Value>>,
    /// Which columns the build reads as never NULL, where that is known.
    pub(crate) never_null: Vec<bool>,
}

impl Query {
    pub(crate) fn new(name: impl Into<String>, sql: &str) -> Self {
        Self {
            name: name.into(),
            sql: sql.trim().trim_end_matches(';').trim_end().to_owned(),
            values: Vec::new(),
            never_null: Vec::new(),
        }
    }

    /// Whether it changes rows.
    pub(crate) fn writes(&self) -> bool {
        let lower = self.sql.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric() && c != '_');
        let write = |word: &str| ["insert", "update", "delete", "replace", "merge"].contains(&word);
        match words.find(|word| !word.is_empty()) {
            Some("with") => words.any(write),
            Some(first) => write(first),
            None => false,
        }
    }
}

/// The queries of a folder: `*.sql`, and the `query-*.json` of sqlx.
pub(super) fn folder(path: &Path) -> Result<Vec<Query>, Error> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).doing("read", path)? {
        files.push(entry.doing("read", path)?.path());
    }
    files.sort();
    let mut queries = Vec::new();
    for file in files {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let read = || std::fs::read_to_string(&file).doing("read", &file);
        if name.ends_with(".sql") {
            queries.extend(named(&name, &read()?));
        } else if name.starts_with("query-") && name.ends_with(".json") {
            let query = of_sqlx(&name, &read()?);
            queries.push(
                query.map_err(|error| Error::caused(format!("cannot read {}", file.display()), error))?,
            );
        }
    }
    if queries.is_empty() {
        let message = format!(
            "there is no query in {}: put files there, `*.sql` or the `query-*.json` of sqlx",
            path.display()
        );
        return Err(Error::new(message));
    }
    Ok(queries)
}

/// The queries of an SQL file: the whole of it, or one behind each line `-- name: …`. Lines `-- values: 1, 'ada'`
/// say what it is run with.
fn named(file: &str, text: &str) -> Vec<Query> {
    let mut queries: Vec<Query> = Vec::new();
    let mut name = file.to_owned();
    let mut sql = String::new();
    let mut values = Vec::new();
    let mut finish = |name: &str, sql: &mut String, values: &mut Vec<Vec<Value>>| {
        let mut query = Query::new(name, sql);
        query.values = std::mem::take(values);
        sql.clear();
        if !query.sql.is_empty() {
            queries.push(query);
        }
    };
    for line in text.lines() {
        let said = |what: &str| {
            line.trim()
                .strip_prefix("--")?
                .trim()
                .strip_prefix(what)
                .map(str::trim)
        };
        if let Some(next) = said("name:") {
            finish(&name, &mut sql, &mut values);
            name = format!("{file} `{next}`");
        } else if let Some(list) = said("values:") {
            values.push(split(list));
        } else {
            sql.push_str(line);
            sql.push('\n');
        }
    }
    finish(&name, &mut sql, &mut values);
    queries
}

/// Values between commas that stand in no string.
pub(super) fn split(list: &str) -> Vec<Value> {
    let mut values = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in list.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            ',' if !quoted => {
                values.push(Value::parse(&list[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    if !list[start..].trim().is_empty() {
        values.push(Value::parse(&list[start..]));
    }
    values
}

/// What `cargo sqlx prepare` wrote about a query.
fn of_sqlx(file: &str, text: &str) -> Result<Query, Error> {
    let json: serde_json::Value =
        serde_json::from_str(text).map_err(|error| Error::caused("no JSON", error))?;
    let sql = json["query"]
        .as_str()
        .ok_or_else(|| Error::new("it has no `query`"))?;
    // The digest in the name says nothing to a person; the start of the query does.
    let words: Vec<&str> = sql.split_whitespace().collect();
    let digest: String = file.trim_start_matches("query-").chars().take(8).collect();
    let mut start: String = words.join(" ").chars().take(60).collect();
    if start.len() < sql.len() {
        start.push('…');
    }
    let mut query = Query::new(format!("query-{digest} `{start}`"), sql);
    let columns = json["describe"]["columns"].as_array();
    let names = columns
        .into_iter()
        .flatten()
        .map(|column| column["name"].as_str());
    let nullable = json["describe"]["nullable"].as_array();
    query.never_null = nullable
        .into_iter()
        .flatten()
        .zip(names.chain(std::iter::repeat(None)))
        .map(|(nullable, name)| never_null(name.unwrap_or_default(), nullable))
        .collect();
    Ok(query)
}

/// What the author of the query says of a column comes before what sqlx found out: `name!` is never NULL, `name?` may be,
/// each also with a type behind it, `name!: Type`.
fn never_null(name: &str, nullable: &serde_json::Value) -> bool {
    let own = name.split_once(':').map_or(name, |(own, _)| own).trim_end();
    match own.chars().last() {
        Some('!') => true,
        Some('?') => false,
        _ => nullable.as_bool() == Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_hold_several() {
        let text = "-- name: find\n-- values: 1, 'a, b'\n-- values: 2, NULL\nSELECT 1\n  WHERE 1 = ?;\n-- name: add\nINSERT INTO t VALUES (1);";
        let queries = named("users.sql", text);
        assert_eq!(queries.len(), 2);
        assert_eq!(queries[0].name, "users.sql `find`");
        assert_eq!(queries[0].sql, "SELECT 1\n  WHERE 1 = ?");
        assert_eq!(
            queries[0].values,
            [
                vec![Value::Integer(1), Value::Text("a, b".to_owned())],
                vec![Value::Integer(2), Value::Null]
            ]
        );
        assert!(!queries[0].writes() && queries[1].writes());
        assert_eq!(named("one.sql", "SELECT 1")[0].name, "one.sql");
        let cte = Query::new("", "WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone");
        assert!(cte.writes());
    }

    #[test]
    fn what_sqlx_wrote_is_read() {
        let text = r#"{"db_name": "PostgreSQL", "query": "SELECT id, nick\nFROM users WHERE id = $1", "describe":
            {"columns": [{"ordinal": 0, "name": "id", "type_info": "Int8"}], "parameters": {"Left": ["Int8"]},
             "nullable": [false, true]}, "hash": "abc"}"#;
        let query = of_sqlx("query-0123456789abcdef.json", text).unwrap();
        assert_eq!(
            query.name,
            "query-01234567 `SELECT id, nick FROM users WHERE id = $1`"
        );
        assert_eq!(query.never_null, [true, false]);
        assert!(of_sqlx("query-1.json", "{}").is_err());
        let text = r#"{"query": "SELECT 1", "describe": {"columns": [{"name": "a!: Id"}, {"name": "b?: Id"}, {"name": "c?"},
            {"name": "d: Id"}], "nullable": [true, false, false, false]}}"#;
        let query = of_sqlx("query-1.json", text).unwrap();
        assert_eq!(query.never_null, [true, false, false, true]);
    }
}
