//! One connection of a test database, for what the checks ask of all kinds in the same words.

use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, Row as _, SqlSafeStr as _, Statement as _, TypeInfo as _,
};

/// A value for a parameter of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Integer(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    /// What a person, or a generator, wrote: a number, a quoted string, NULL, true, false, or words as they are.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.trim();
        if text.eq_ignore_ascii_case("null") {
            return Value::Null;
        }
        let quoted = |text: &str| Some(text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'"));
        if let Some(text) = quoted(text) {
            return Value::Text(text);
        }
        let hex = text
            .strip_prefix(['x', 'X'])
            .and_then(quoted)
            .and_then(|hex| bytes(&hex));
        if let Some(bytes) = hex {
            return Value::Bytes(bytes);
        }
        if let Ok(number) = text.parse() {
            return Value::Integer(number);
        }
        match text.parse() {
            Ok(number) if text.starts_with(|first: char| first.is_ascii_digit() || first == '-') => {
                Value::Float(number)
            }
            _ => Value::Text(text.to_owned()),
        }
    }

    /// The value as PostgreSQL reads it wherever it stands: a string whose type the place decides.
    pub(crate) fn literal(&self) -> String {
        match self {
            Value::Null => "NULL".to_owned(),
            Value::Integer(number) => format!("'{number}'"),
            Value::Float(number) => format!("'{number}'"),
            Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Value::Bytes(bytes) => {
                let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("'\\x{hex}'")
            }
        }
    }
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    (0..hex.len()).step_by(2).map(pair).collect()
}

/// What a query answers with and asks for, as the server describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Names and types of the columns.
    pub columns: Vec<(String, String)>,
    /// The types of the parameters, where the server tells them; else their number only.
    pub parameters: Vec<String>,
}

/// Which values of the rows are NULL.
pub(crate) type Nulls = Vec<Vec<bool>>;

/// Rows of text.
pub(crate) type Rows = Vec<Vec<Option<String>>>;

/// A connection that belongs to no pool.
#[expect(async_fn_in_trait, reason = "tests run on one thread")]
pub trait Link: Sized {
    /// Runs SQL, one statement or several.
    async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error>;

    /// The rows of a query whose columns are all text.
    async fn rows(&mut self, sql: &str) -> Result<Rows, sqlx::Error>;

    /// What the server says of a query, never from a cache.
    async fn describe(&mut self, sql: &str) -> Result<Shape, sqlx::Error>;

    /// Prepares a query under a name that is not used yet, so that [`run`](Self::run) has its plan already.
    async fn prepare(&mut self, name: &str, sql: &str) -> Result<(), sqlx::Error>;

    /// Runs a query that was prepared under that name.
    async fn run(&mut self, name: &str, sql: &str, values: &[Value]) -> Result<Nulls, sqlx::Error>;

    /// Closes it.
    async fn close(self);
}

/// What a database said, without the words that sqlx puts before it.
pub(crate) fn message(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(error) => error.message().to_owned(),
        None => error.to_string(),
    }
}

macro_rules! common {
    () => {
        async fn execute(&mut self, sql: &str) -> Result<(), sqlx::Error> {
            sqlx::raw_sql(AssertSqlSafe(sql))
                .execute(self)
                .await
                .map(drop)
        }

        async fn rows(&mut self, sql: &str) -> Result<Rows, sqlx::Error> {
            let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(self).await?;
            let text = rows.iter().map(|row| {
                (0..row.len())
                    .map(|index| row.try_get_unchecked::<Option<String>, _>(index))
                    .collect()
            });
            text.collect()
        }

        async fn close(self) {
            // Whoever drops the database ends its connections; a client that cannot say goodbye is none the worse.
            let _ = sqlx::Connection::close(self).await;
        }
    };
}

/// The description of a statement that sqlx prepared.
macro_rules! described {
    ($link:expr, $sql:expr, $types:ident) => {{
        $link.clear_cached_statements().await?;
        let statement = sqlx::Executor::prepare(&mut *$link, AssertSqlSafe($sql).into_sql_str()).await?;
        let columns = statement.columns().iter();
        let columns = columns.map(|column| (column.name().to_owned(), column.type_info().name().to_owned()));
        let parameters = match statement.parameters() {
            Some(sqlx::Either::Left(types)) => $types(types),
            Some(sqlx::Either::Right(count)) => vec![String::new(); count],
            None => Vec::new(),
        };
        Ok(Shape {
            columns: columns.collect(),
            parameters,
        })
    }};
}

/// Runs a query with values bound, on the statement that the connection has for its text.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
macro_rules! bound {
    ($link:expr, $sql:expr, $values:expr) => {{
        let mut query = sqlx::query(AssertSqlSafe($sql));
        for value in $values {
            query = match value {
                Value::Null => query.bind(None::<String>),
                Value::Integer(number) => query.bind(*number),
                Value::Float(number) => query.bind(*number),
                Value::Text(text) => query.bind(text.clone()),
                Value::Bytes(bytes) => query.bind(bytes.clone()),
            };
        }
        let rows = query.fetch_all($link).await?;
        nulls!(rows)
    }};
}

macro_rules! nulls {
    ($rows:expr) => {
        $rows
            .iter()
            .map(|row| {
                (0..row.len())
                    .map(|index| Ok(sqlx::ValueRef::is_null(&row.try_get_raw(index)?)))
                    .collect()
            })
            .collect()
    };
}

/// For drivers that keep a prepared statement by its text, and know nothing of the types of its parameters.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
macro_rules! prepared_by_the_driver {
    ($type_info:ty) => {
        async fn describe(&mut self, sql: &str) -> Result<Shape, sqlx::Error> {
            let none = |_: &[$type_info]| Vec::new();
            described!(self, sql, none)
        }

        async fn prepare(&mut self, _name: &str, sql: &str) -> Result<(), sqlx::Error> {
            let sql = AssertSqlSafe(sql).into_sql_str();
            sqlx::Executor::prepare(self, sql).await.map(drop)
        }

        async fn run(&mut self, _name: &str, sql: &str, values: &[Value]) -> Result<Nulls, sqlx::Error> {
            bound!(self, sql, values)
        }
    };
}

/// Whether PostgreSQL prepares such a statement under a name. Others have no plan that could go stale.
#[cfg(feature = "postgres")]
fn is_preparable(sql: &str) -> bool {
    let first = sql.trim_start_matches(|c: char| c == '(' || c.is_whitespace());
    let first: String = first.chars().take_while(char::is_ascii_alphabetic).collect();
    let plans = [
        "select", "insert", "update", "delete", "merge", "values", "with", "table",
    ];
    first.is_empty() || plans.contains(&first.to_lowercase().as_str())
}

#[cfg(feature = "postgres")]
impl Link for sqlx::PgConnection {
    common!();

    async fn describe(&mut self, sql: &str) -> Result<Shape, sqlx::Error> {
        let names = |types: &[sqlx::postgres::PgTypeInfo]| {
            types.iter().map(|name| name.name().to_lowercase()).collect()
        };
        described!(self, sql, names)
    }

    /// Prepared by a statement, as that lets the server infer the types of all parameters. Its plan is fixed to the
    /// columns it answers with, like that of a driver's statement.
    async fn prepare(&mut self, name: &str, sql: &str) -> Result<(), sqlx::Error> {
        if !is_preparable(sql) {
            return Ok(());
        }
        Link::execute(self, &format!("PREPARE {name} AS {sql}")).await
    }

    async fn run(&mut self, name: &str, sql: &str, values: &[Value]) -> Result<Nulls, sqlx::Error> {
        if !is_preparable(sql) {
            Link::execute(self, sql).await?;
            return Ok(Nulls::new());
        }
        let values: Vec<String> = values.iter().map(Value::literal).collect();
        let list = if values.is_empty() {
            String::new()
        } else {
            format!("({})", values.join(", "))
        };
        let sql = format!("EXECUTE {name}{list}");
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(self).await?;
        nulls!(rows)
    }
}

#[cfg(feature = "sqlite")]
impl Link for sqlx::SqliteConnection {
    common!();
    prepared_by_the_driver!(sqlx::sqlite::SqliteTypeInfo);
}

#[cfg(feature = "mysql")]
impl Link for sqlx::MySqlConnection {
    common!();
    prepared_by_the_driver!(sqlx::mysql::MySqlTypeInfo);
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn values_are_read_as_written() {
        let read = |text: &str| Value::parse(text);
        assert_eq!(read(" NULL "), Value::Null);
        assert_eq!(read("-7"), Value::Integer(-7));
        assert_eq!(read("1.5"), Value::Float(1.5));
        assert_eq!(read("'it''s'"), Value::Text("it's".to_owned()));
        assert_eq!(read("x'00ff'"), Value::Bytes(vec![0, 255]));
        assert_eq!(read("infinity"), Value::Text("infinity".to_owned()));
        assert_eq!(read("'it''s'").literal(), "'it''s'");
        assert_eq!(read("x'00ff'").literal(), "'\\x00ff'");
    }
}
