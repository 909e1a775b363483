//! What the catalog and the statistics of a database say of tables, and how fast their rows are read. Read-only.

mod mysql;
mod postgres;
mod queries;
mod sample;
mod sqlite;

use self::queries::{Queries, queries};
use super::backend::{Backend, DatabaseError, Value};
use super::session::SqlSession;
use crate::document::{
    Application, Assessment, Assessments, Dependent, ForeignKeyAssessment, IndexAssessment, Known, Rows,
    Size, StatementUse, TableName,
};
use crate::model::Dialect;
use crate::script::words::Words;

/// How many kinds of statements are told of a table.
const STATEMENTS: usize = 8;

type TextRows = Vec<Vec<Option<String>>>;

/// Runs a query for a table.
async fn ask(backend: &mut dyn Backend, sql: &str, table: &TableName) -> Result<TextRows, DatabaseError> {
    let quoted = match &table.schema {
        Some(schema) => format!("{}.{}", backend.quoted(schema), backend.quoted(&table.name)),
        None => backend.quoted(&table.name),
    };
    let mut text = String::new();
    let mut values = Vec::new();
    let mut rest = sql;
    // A `:` before another one is a cast.
    while let Some(at) = rest.find(':') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let known = [
            (":table", Value::text(quoted.clone())),
            (":schema", table.schema.clone().map_or(Value::Null, Value::text)),
            (":name", Value::text(table.name.clone())),
        ];
        match known.into_iter().find(|(name, _)| from.starts_with(name)) {
            Some((name, value)) => {
                values.push(value);
                text.push_str(&backend.placeholder(values.len()));
                rest = &from[name.len()..];
            }
            None => {
                let colons = from.len() - from.trim_start_matches(':').len();
                text.push_str(&from[..colons]);
                rest = &from[colons..];
            }
        }
    }
    text.push_str(rest);
    backend.rows(&text, &values).await
}

/// The texts of a row, empty ones for NULL.
fn texts<const N: usize>(row: Vec<Option<String>>) -> [String; N] {
    let mut fields = row.into_iter();
    [(); N].map(|()| fields.next().flatten().unwrap_or_default())
}

fn number<T: std::str::FromStr>(text: Option<&Option<String>>) -> Option<T> {
    text.and_then(|text| text.as_deref())
        .and_then(|text| text.parse().ok())
}

fn foreign_key(row: Vec<Option<String>>) -> ForeignKeyAssessment {
    let [name, from, columns, to, to_columns, on_delete, on_update, valid] = texts(row);
    ForeignKeyAssessment {
        name,
        from,
        columns,
        to,
        to_columns,
        on_delete,
        on_update,
        valid: valid == "t",
    }
}

/// Whether a text names the table as a word.
fn names(sql: &str, table: &str, dialect: Dialect) -> bool {
    let plain = |word: &str| {
        word.trim_matches(['"', '`', '[', ']'])
            .eq_ignore_ascii_case(table)
    };
    Words::new(sql, dialect).any(|word| plain(word.text))
}

impl SqlSession {
    /// The foreign keys of all tables but the library's own.
    pub(super) async fn all_foreign_keys(&mut self) -> Result<Vec<ForeignKeyAssessment>, DatabaseError> {
        let queries = queries(self.backend.dialect());
        let rows = self.backend.rows(queries.all_foreign_keys, &[]).await?;
        let prefix = &self.namespace.prefix;
        let keys = rows.into_iter().map(foreign_key);
        Ok(keys.filter(|key| !key.from.starts_with(prefix)).collect())
    }

    pub(super) async fn assessments(&mut self, tables: &[TableName]) -> Result<Assessments, DatabaseError> {
        let queries = queries(self.backend.dialect());
        let mut found = Vec::new();
        for table in tables {
            found.push(self.assessment(table, queries).await?);
        }
        let applications = match queries.applications {
            Err(why) => Known::not(why),
            Ok(sql) => {
                let rows = self.backend.rows(sql, &[]).await?;
                let application = |row: Vec<Option<String>>| Application {
                    connections: number(row.get(1)).unwrap_or(1),
                    name: row.into_iter().next().flatten().unwrap_or_default(),
                };
                Known::Is(rows.into_iter().map(application).collect())
            }
        };
        Ok(Assessments {
            tables: found,
            applications,
        })
    }

    async fn assessment(
        &mut self,
        table: &TableName,
        queries: &Queries,
    ) -> Result<Assessment, DatabaseError> {
        let backend = &mut *self.backend;
        let Some(row) = ask(backend, queries.table, table).await?.into_iter().next() else {
            return Ok(Assessment::nothing(table.clone(), "the table is not there"));
        };
        let rows = rows_of(backend, table, &row, queries).await?;
        let size = match (number(row.get(1)), number(row.get(2))) {
            (Some(table), Some(indexes)) => Known::Is(Size { table, indexes }),
            _ => Known::not("SQLite keeps no size of a single table"),
        };
        let index = |row: Vec<Option<String>>| {
            let bytes = number(row.get(2));
            let [name, definition, _, valid] = texts(row);
            IndexAssessment {
                name,
                definition,
                bytes,
                valid: valid == "t",
            }
        };
        let indexes: Vec<IndexAssessment> = ask(backend, queries.indexes, table)
            .await?
            .into_iter()
            .map(index)
            .collect();
        let foreign_keys = ask(backend, queries.foreign_keys, table).await?;
        let dependents = ask(backend, queries.dependents, table).await?;
        let dialect = backend.dialect();
        let dependents = dependents_of(dependents, table, dialect);
        let views = dependents.iter().filter(|one| one.kind.ends_with("view"));
        let names: Vec<TableName> = std::iter::once(table.clone())
            .chain(views.map(|view| TableName::written(&view.name)))
            .collect();
        let statements = statements_of(backend, &names).await;
        let sample = sample::read(backend, table, &indexes).await;
        Ok(Assessment {
            table: table.clone(),
            exists: true,
            rows,
            size,
            indexes,
            foreign_keys: foreign_keys.into_iter().map(foreign_key).collect(),
            dependents,
            statements,
            sample,
            moves: Known::not("no backfill of this table has run on this database"),
        })
    }
}

async fn rows_of(
    backend: &mut dyn Backend,
    table: &TableName,
    row: &[Option<String>],
    queries: &Queries,
) -> Result<Known<Rows>, DatabaseError> {
    let mut count: Option<u64> = number(row.first());
    let mut why = "the table was never analysed";
    if backend.dialect() == Dialect::Sqlite {
        let stat = match ask(backend, sqlite::ANALYSED, table).await {
            Err(error) if error.is_missing_table => Vec::new(),
            rows => rows?,
        };
        let [stat] = texts(stat.into_iter().next().unwrap_or_default());
        count = stat.split(' ').next().and_then(|rows| rows.parse().ok());
        why = "SQLite has no number without ANALYZE";
    }
    Ok(match count {
        Some(count) => Known::Is(Rows {
            count,
            exact: false,
            source: queries.rows_by,
        }),
        None => Known::not(why),
    })
}

/// Keeps what depends on the table, through others too.
fn dependents_of(rows: TextRows, table: &TableName, dialect: Dialect) -> Vec<Dependent> {
    let mut depends = vec![table.name.clone()];
    let mut found = Vec::new();
    let mut waiting: Vec<(Dependent, Option<String>)> = rows
        .into_iter()
        .map(|row| {
            let text = row.get(3).cloned().flatten();
            let [kind, name, detail, _] = texts(row);
            (Dependent { kind, name, detail }, text)
        })
        .collect();
    loop {
        let (now, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, text)| {
            text.as_ref()
                .is_none_or(|text| depends.iter().any(|name| names(text, name, dialect)))
        });
        let more = now
            .iter()
            .map(|(dependent, _)| dependent)
            .filter(|one| one.kind == "view");
        depends = more.map(|view| view.name.clone()).collect();
        found.extend(now.into_iter().map(|(dependent, _)| dependent));
        waiting = later;
        if depends.is_empty() {
            break;
        }
    }
    found.sort_by(|a, b| (&a.kind, &a.name).cmp(&(&b.kind, &b.name)));
    // A function may be recorded by the catalog and named in its text as well.
    found.dedup_by(|a, b| a.kind == b.kind && a.name == b.name);
    found
}

/// The statements that name one of these, a table and its views, where the server counts them.
async fn statements_of(backend: &mut dyn Backend, names: &[TableName]) -> Known<Vec<StatementUse>> {
    let sql = match counted(backend).await {
        Ok(sql) => sql,
        Err(why) => return Known::Not(why),
    };
    let dialect = backend.dialect();
    let mut found: Vec<StatementUse> = Vec::new();
    for table in names {
        let rows = match ask(backend, &sql, table).await {
            Ok(rows) => rows,
            Err(error) => return Known::Not(error.message),
        };
        let used = rows.into_iter().filter_map(|row| {
            let sql = row.first().cloned().flatten()?;
            let first = Words::new(&sql, dialect).next();
            let is_data = first.is_some_and(|word| {
                word.is_any(&["select", "insert", "update", "delete", "with", "merge", "replace"])
            });
            let is_use = is_data && self::names(&sql, &table.name, dialect) && !sql.contains(sample::ALIAS);
            is_use.then(|| StatementUse {
                calls: number(row.get(1)).unwrap_or(0),
                mean_ms: number(row.get(2)).unwrap_or(0.0),
                p50_ms: number(row.get(3)),
                p99_ms: number(row.get(4)),
                sql,
            })
        });
        for one in used.collect::<Vec<_>>() {
            if !found.iter().any(|known| known.sql == one.sql) {
                found.push(one);
            }
        }
    }
    let in_all = |one: &StatementUse| one.mean_ms * one.calls as f64;
    found.sort_by(|a, b| in_all(b).total_cmp(&in_all(a)));
    found.truncate(STATEMENTS);
    Known::Is(found)
}

/// The query of what statements take, or why nobody counts them.
async fn counted(backend: &mut dyn Backend) -> Result<String, String> {
    let dialect = backend.dialect();
    let first = |rows: TextRows| rows.into_iter().flatten().flatten().next();
    match dialect {
        Dialect::Sqlite => Err("SQLite does not count statements".to_owned()),
        Dialect::Postgres => {
            let schema = backend.rows(postgres::STATEMENTS_SCHEMA, &[]).await;
            match first(schema.map_err(|error| error.message)?) {
                Some(schema) => Ok(postgres::statements(&backend.quoted(&schema))),
                None => Err("the extension pg_stat_statements is not installed".to_owned()),
            }
        }
        Dialect::Mysql | Dialect::MariaDb => {
            let counted = backend.rows(mysql::IS_COUNTED, &[]).await;
            match first(counted.map_err(|error| error.message)?).as_deref() {
                Some("1") => Ok(mysql::statements(dialect)),
                _ => Err("performance_schema is off".to_owned()),
            }
        }
    }
}
