//! Every effect of DDL shows in the facts, and nothing else does.
//!
//! Each file in `tests/facts/<database>/` is one case in sections: after `-- setup` come any of `-- change` (the facts
//! must differ from those after the set-up), `-- undo` (they must be the same again, but for the order of columns) and
//! `-- same` (the same without any change before). A blank line ends a message to the server. `-- needs …` in the
//! first line names what a server must be for the case to run.

use std::path::PathBuf;

use migrate_core::facts::{Facts, Scope};
use sqlx::{AssertSqlSafe, Connection, Executor};

/// Our own tables, which the cases create and the facts must not show.
const SCOPE: Scope<'static> = Scope {
    exclude_prefix: "_migrate",
    names: None,
};

/// The URL of the server that the tests of one database use.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn server(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| {
        panic!(
            "set {variable} to the URL of a server whose account may create databases; this test needs one"
        )
    })
}

/// The same URL with another database.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn with_database(url: &str, database: &str) -> String {
    let (base, options) = url
        .split_once('?')
        .map_or((url, String::new()), |(base, rest)| (base, format!("?{rest}")));
    let host_end = base
        .match_indices('/')
        .nth(2)
        .map_or(base.len(), |(index, _)| index);
    format!("{}/{database}{options}", &base[..host_end])
}

struct Case {
    name: String,
    needs: Vec<String>,
    sections: Vec<(String, Vec<String>)>,
}

fn cases(database: &str) -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/facts")
        .join(database);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let only = std::env::var("FACTS_CASE").unwrap_or_default();
    files
        .iter()
        .map(|path| case(path))
        .filter(|case| case.name.contains(&only))
        .collect()
}

fn case(path: &std::path::Path) -> Case {
    let mut case = Case {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        needs: Vec::new(),
        sections: Vec::new(),
    };
    for line in std::fs::read_to_string(path).unwrap().lines() {
        if let Some(needs) = line.strip_prefix("-- needs ") {
            case.needs = needs.split(' ').map(str::to_owned).collect();
        } else if ["-- setup", "-- change", "-- undo", "-- same"].contains(&line) {
            case.sections.push((line[3..].to_owned(), vec![String::new()]));
        } else {
            let (_, messages) = case
                .sections
                .last_mut()
                .unwrap_or_else(|| panic!("{path:?} starts without a section"));
            if line.is_empty() {
                messages.push(String::new());
            } else {
                let message = messages.last_mut().unwrap();
                message.push_str(line);
                message.push('\n');
            }
        }
    }
    case
}

async fn run<C: Connection>(connection: &mut C, messages: &[String]) -> Result<(), sqlx::Error>
where
    for<'a> &'a mut C: Executor<'a, Database = C::Database>,
{
    for message in messages.iter().filter(|message| !message.is_empty()) {
        (&mut *connection)
            .execute(sqlx::raw_sql(AssertSqlSafe(message.clone())))
            .await?;
    }
    Ok(())
}

/// Runs one case on an empty database; `read` reads the facts in the ways that must all give the same.
async fn check<C: Connection>(
    connection: &mut C,
    case: &Case,
    read: impl AsyncFn(&mut C) -> Result<Facts, String>,
) -> Result<(), String>
where
    for<'a> &'a mut C: Executor<'a, Database = C::Database>,
{
    let mut before = Facts::default();
    for (section, messages) in &case.sections {
        run(connection, messages)
            .await
            .map_err(|error| format!("{section}: {error}"))?;
        let facts = read(connection)
            .await
            .map_err(|error| format!("{section}: {error}"))?;
        if section == "setup" {
            before = facts;
            continue;
        }
        let difference = before.compare(&facts);
        let text = difference.to_string();
        if std::env::var_os("FACTS_SHOW").is_some() {
            println!("== {} {section}\n{text}", case.name);
        }
        if difference.is_empty() != (before == facts)
            || difference.is_empty() != (before.digest() == facts.digest())
        {
            return Err(format!(
                "{section}: difference, equality and digest do not agree:\n{text}"
            ));
        }
        match section.as_str() {
            "change" if difference.is_empty() => {
                return Err(format!("no change seen in\n{}", facts.render()));
            }
            "undo" | "same" if difference.changed() => {
                return Err(format!("{section}: still different:\n{text}"));
            }
            _ => {}
        }
        if text.contains("_migrate") {
            return Err(format!("{section}: our own tables are among the facts:\n{text}"));
        }
    }
    Ok(())
}

fn report(database: &str, run: usize, failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} of {run} cases failed:\n\n{}",
        failures.len(),
        failures.join("\n")
    );
    println!("{run} cases on {database}");
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres() {
    use migrate_core::database::postgres::facts;
    use sqlx::PgConnection;

    /// Search paths, and whether a transaction is open.
    const SESSIONS: [(&str, bool); 3] = [
        ("public, pg_catalog", false),
        ("app", true),
        ("pg_temp, \"$user\", public", false),
    ];

    async fn read(connection: &mut PgConnection) -> Result<Facts, String> {
        let text = |error: sqlx::Error| error.to_string();
        let expected = facts(connection, &SCOPE).await.map_err(text)?;
        for (path, transaction) in SESSIONS {
            let begin = if transaction { "begin" } else { "select" };
            let set = format!("{begin}; set search_path = {path}; set quote_all_identifiers = on");
            connection
                .execute(sqlx::raw_sql(AssertSqlSafe(set)))
                .await
                .map_err(text)?;
            let found = facts(connection, &SCOPE).await.map_err(text)?;
            let after: (String, String) = sqlx::query_as(
                "select current_setting('search_path'), current_setting('quote_all_identifiers')",
            )
            .fetch_one(&mut *connection)
            .await
            .map_err(text)?;
            let end = if transaction {
                "rollback"
            } else {
                "reset search_path; reset quote_all_identifiers"
            };
            connection.execute(sqlx::raw_sql(end)).await.map_err(text)?;
            if (after.0.as_str(), after.1.as_str()) != (path, "on") {
                return Err(format!("the settings of the session became {after:?}"));
            }
            if expected != found {
                return Err(format!(
                    "search_path {path} makes a difference:\n{}",
                    expected.compare(&found)
                ));
            }
        }
        Ok(expected)
    }

    let url = server("MIGRATE_TESTKIT_POSTGRES_URL");
    let mut admin = PgConnection::connect(&url).await.unwrap();
    let major = admin.server_version_num().unwrap() / 10_000;
    let mut failures = Vec::new();
    let mut count = 0;
    for case in cases("postgres") {
        if case
            .needs
            .first()
            .is_some_and(|needs| needs.parse::<u32>().unwrap() > major)
        {
            continue;
        }
        count += 1;
        let database = format!("facts_{}_{}", std::process::id(), case.name);
        admin
            .execute(sqlx::raw_sql(AssertSqlSafe(format!(
                "create database {database}"
            ))))
            .await
            .unwrap();
        let mut connection = PgConnection::connect(&with_database(&url, &database))
            .await
            .unwrap();
        if let Err(error) = check(&mut connection, &case, read).await {
            failures.push(format!("{}: {error}", case.name));
        }
        connection.close().await.unwrap();
        admin
            .execute(sqlx::raw_sql(AssertSqlSafe(format!("drop database {database}"))))
            .await
            .unwrap();
    }
    report("PostgreSQL", count, &failures);
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite() {
    use migrate_core::database::sqlite::facts;
    use sqlx::SqliteConnection;

    let mut failures = Vec::new();
    let cases = cases("sqlite");
    for case in &cases {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let read = async |connection: &mut SqliteConnection| {
            facts(connection, &SCOPE).await.map_err(|e| e.to_string())
        };
        if let Err(error) = check(&mut connection, case, read).await {
            failures.push(format!("{}: {error}", case.name));
        }
    }
    report("SQLite", cases.len(), &failures);
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn mysql() {
    use migrate_core::database::mysql::facts;
    use sqlx::MySqlConnection;

    async fn read(connection: &mut MySqlConnection) -> Result<Facts, String> {
        let text = |error: sqlx::Error| error.to_string();
        let expected = facts(connection, &SCOPE).await.map_err(text)?;
        connection
            .execute(sqlx::raw_sql("set sql_mode = 'ANSI', sql_quote_show_create = 0"))
            .await
            .map_err(text)?;
        let found = facts(connection, &SCOPE).await.map_err(text)?;
        let mode: String = sqlx::query_scalar("select @@sql_mode")
            .fetch_one(&mut *connection)
            .await
            .map_err(text)?;
        connection
            .execute(sqlx::raw_sql(
                "set sql_mode = 'STRICT_ALL_TABLES', sql_quote_show_create = 1",
            ))
            .await
            .map_err(text)?;
        if !mode.contains("ANSI_QUOTES") {
            return Err(format!("sql_mode became {mode}"));
        }
        if expected != found {
            return Err(format!(
                "sql_mode makes a difference:\n{}",
                expected.compare(&found)
            ));
        }
        Ok(expected)
    }

    let url = server("MIGRATE_TESTKIT_MYSQL_URL");
    let mut admin = MySqlConnection::connect(&url).await.unwrap();
    let version: String = sqlx::query_scalar("select version()")
        .fetch_one(&mut admin)
        .await
        .unwrap();
    let family = if version.contains("MariaDB") {
        "mariadb"
    } else {
        "mysql"
    };
    let mut failures = Vec::new();
    let mut count = 0;
    for case in cases("mysql") {
        if case.needs.first().is_some_and(|needs| needs != family) {
            continue;
        }
        count += 1;
        let database = format!("facts_{}_{}", std::process::id(), case.name);
        admin
            .execute(sqlx::raw_sql(AssertSqlSafe(format!(
                "create database {database}"
            ))))
            .await
            .unwrap();
        let mut connection = MySqlConnection::connect(&with_database(&url, &database))
            .await
            .unwrap();
        connection
            .execute(sqlx::raw_sql("set sql_mode = 'STRICT_ALL_TABLES'"))
            .await
            .unwrap();
        if let Err(error) = check(&mut connection, &case, read).await {
            failures.push(format!("{}: {error}", case.name));
        }
        connection.close().await.unwrap();
        admin
            .execute(sqlx::raw_sql(AssertSqlSafe(format!("drop database {database}"))))
            .await
            .unwrap();
    }
    report(&version, count, &failures);
}
