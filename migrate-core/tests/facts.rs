//! Every effect of DDL shows in the facts, and nothing else does.
//!
//! Each file in `tests/facts/<database>/` is one case in sections: after `-- setup` come any of `-- change` (the facts
//! must differ from those after the set-up), `-- undo` (they must be the same again, but for the order of columns) and
//! `-- same` (the same without any change before). A blank line ends a message to the server. `-- needs …` in the
//! first line names what a server must be for the case to run.

use std::path::PathBuf;

use futures_util::{StreamExt, stream};
use migrate_core::facts::{Facts, Scope};
use sqlx::{AssertSqlSafe, Connection, Executor};

/// Our own tables, which the cases create and the facts must not show.
const SCOPE: Scope<'static> = Scope {
    exclude_prefix: "_migrate",
    names: None,
};

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

/// How many cases run at once: enough to keep the server busy while others wait.
const AT_ONCE: usize = 4;

/// Runs the cases, some at once, and fails with all that went wrong.
async fn check_all(database: &str, cases: &[Case], check: impl AsyncFn(&Case) -> Result<(), String>) {
    let check = &check;
    let failures: Vec<String> = stream::iter(cases)
        .map(|case| async move {
            check(case)
                .await
                .map_err(|error| format!("{}: {error}", case.name))
        })
        .buffer_unordered(AT_ONCE)
        .filter_map(async |result| result.err())
        .collect()
        .await;
    assert!(
        failures.is_empty(),
        "{} of {} cases failed:\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
    println!("{} cases on {database}", cases.len());
}

/// Runs one case on an empty database. `read` reads the facts; `read_otherwise` in other ways that must all give the
/// same, which is asked for once, after the first change.
async fn check<C: Connection>(
    connection: &mut C,
    case: &Case,
    read: impl AsyncFn(&mut C) -> Result<Facts, String>,
    read_otherwise: impl AsyncFn(&mut C, &Facts) -> Result<(), String>,
) -> Result<(), String>
where
    for<'a> &'a mut C: Executor<'a, Database = C::Database>,
{
    let mut before = Facts::default();
    let mut asked = false;
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
        if !std::mem::replace(&mut asked, true) {
            read_otherwise(connection, &facts)
                .await
                .map_err(|error| format!("{section}: {error}"))?;
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

fn text(error: sqlx::Error) -> String {
    error.to_string()
}

/// Whether the facts that were read otherwise are the same.
fn same(expected: &Facts, found: &Facts, what: &str) -> Result<(), String> {
    if expected == found {
        return Ok(());
    }
    Err(format!("{what} makes a difference:\n{}", expected.compare(found)))
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn postgres() {
    use migrate_core::database::postgres::{facts, facts_again};
    use migrate_testkit::PostgresDatabase;
    use sqlx::PgConnection;

    /// Search paths, and whether a transaction is open.
    const SESSIONS: [(&str, bool); 3] = [
        ("public, pg_catalog", false),
        ("app", true),
        ("pg_temp, \"$user\", public", false),
    ];

    async fn in_other_sessions(connection: &mut PgConnection, expected: &Facts) -> Result<(), String> {
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
            same(expected, &found, &format!("search_path {path}"))?;
        }
        Ok(())
    }

    let database = PostgresDatabase::create().await.unwrap();
    let major = database
        .pool()
        .acquire()
        .await
        .unwrap()
        .server_version_num()
        .unwrap()
        / 10_000;
    let mut cases = cases("postgres");
    cases.retain(|case| {
        case.needs
            .first()
            .is_none_or(|needs| needs.parse::<u32>().unwrap() <= major)
    });
    check_all("PostgreSQL", &cases, async |case| {
        let database = PostgresDatabase::create().await.unwrap();
        let mut connection = PgConnection::connect_with(&database.options()).await.unwrap();
        let reader = PgConnection::connect_with(&database.options()).await.unwrap();
        let reader = tokio::sync::Mutex::new(reader);
        let read = async |connection: &mut PgConnection| {
            let found = facts(connection, &SCOPE).await.map_err(text)?;
            let again = facts_again(&mut *reader.lock().await, &SCOPE).await;
            same(&found, &again.map_err(text)?, "a connection that only reads")?;
            Ok(found)
        };
        let result = check(&mut connection, case, read, in_other_sessions).await;
        connection.close().await.unwrap();
        result
    })
    .await;
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn sqlite() {
    use migrate_core::database::sqlite::{FactsMemory, facts, facts_again};
    use sqlx::SqliteConnection;

    check_all("SQLite", &cases("sqlite"), async |case| {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let memory = tokio::sync::Mutex::new(FactsMemory::default());
        let read = async |connection: &mut SqliteConnection| {
            let found = facts(connection, &SCOPE).await.map_err(text)?;
            let again = facts_again(connection, &SCOPE, &mut *memory.lock().await).await;
            same(&found, &again.map_err(text)?, "only what changed")?;
            Ok(found)
        };
        check(&mut connection, case, read, async |_, _| Ok(())).await
    })
    .await;
}

#[cfg(feature = "mysql")]
#[tokio::test]
async fn mysql() {
    use migrate_core::database::mysql::facts;
    use migrate_testkit::MysqlDatabase;
    use sqlx::MySqlConnection;

    async fn in_other_modes(connection: &mut MySqlConnection, expected: &Facts) -> Result<(), String> {
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
        same(expected, &found, "sql_mode")
    }

    let database = MysqlDatabase::create().await.unwrap();
    let version: String = sqlx::query_scalar("select version()")
        .fetch_one(database.pool())
        .await
        .unwrap();
    let family = if version.contains("MariaDB") {
        "mariadb"
    } else {
        "mysql"
    };
    let mut cases = cases("mysql");
    cases.retain(|case| case.needs.first().is_none_or(|needs| needs == family));
    check_all(&version, &cases, async |case| {
        let database = MysqlDatabase::create().await.unwrap();
        let mut connection = MySqlConnection::connect_with(&database.options()).await.unwrap();
        connection
            .execute(sqlx::raw_sql("set sql_mode = 'STRICT_ALL_TABLES'"))
            .await
            .unwrap();
        let read = async |connection: &mut MySqlConnection| facts(connection, &SCOPE).await.map_err(text);
        let result = check(&mut connection, case, read, in_other_modes).await;
        connection.close().await.unwrap();
        result
    })
    .await;
}
