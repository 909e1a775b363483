//! The verdicts on SQLite against SQLite: what the analysis says fails must fail, and what it lets pass must run.

#[path = "support/case.rs"]
mod case;

use std::path::Path;
use std::{env, fs};

use case::{Case, names};
use migrate_core::Dialect;
use migrate_core::model::TransactionMode;
use sqlx::{Connection, Row, SqliteConnection};

/// The findings that say that SQLite refuses a statement.
const REFUSED: &[&str] = &[
    "missing-object",
    "object-exists",
    "sqlite-add-column-fails",
    "sqlite-drop-column-fails",
    "syntax-error",
];

async fn run(connection: &mut SqliteConnection, sql: &str) -> Result<(), String> {
    let result = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await;
    result.map(drop).map_err(|error| error.to_string())
}

/// Puts a row into every table that takes one, so that what only fails on rows fails.
async fn fill(connection: &mut SqliteConnection) {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(&mut *connection).await.unwrap();
    for table in tables {
        let columns = "SELECT name, type FROM pragma_table_info(?)";
        let columns = sqlx::query(columns).bind(&table).fetch_all(&mut *connection).await.unwrap();
        let quoted = |name: String| format!("\"{}\"", name.replace('"', "\"\""));
        let names: Vec<String> = columns.iter().map(|row| quoted(row.get(0))).collect();
        let values: Vec<&str> = columns
            .iter()
            .map(|row| if row.get::<String, _>(1).to_lowercase().contains("int") { "1" } else { "'x'" })
            .collect();
        let insert = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            quoted(table),
            names.join(", "),
            values.join(", ")
        );
        // A table that a CHECK or the module of a virtual table keeps empty stays so.
        let _ = run(connection, &insert).await;
    }
}

/// The first draft statement that SQLite refuses; `None` for the outer one where the case cannot be tried.
async fn server(case: &Case) -> Option<Option<String>> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let mut filled = false;
    for migration in case.set.migrations.iter() {
        if !migration.released && !filled {
            run(&mut connection, "PRAGMA foreign_keys = OFF").await.unwrap();
            fill(&mut connection).await;
            filled = true;
        }
        let enforced = if migration.rebuild { "OFF" } else { "ON" };
        run(&mut connection, &format!("PRAGMA foreign_keys = {enforced}")).await.unwrap();
        let one = migration.up.transaction == TransactionMode::One;
        if one {
            run(&mut connection, "BEGIN").await.unwrap();
        }
        for (_, sql) in migration.up.iter() {
            let Err(error) = run(&mut connection, sql).await else { continue };
            assert!(!migration.released, "{sql}: {error}");
            // Such a table is assumed to be there, and is not.
            if error.contains("no such table") && case.set.migrations.iter().all(|one| !mentions(one, &error)) {
                return None;
            }
            return Some(Some(format!("{sql}: {error}")));
        }
        if one {
            run(&mut connection, "COMMIT").await.unwrap();
        }
    }
    Some(None)
}

/// Whether the migrations make or drop the table that an error is about.
fn mentions(migration: &migrate_core::Migration, error: &str) -> bool {
    let Some((_, table)) = error.split_once("no such table: ") else { return true };
    let table = table.trim_start_matches("main.").to_lowercase();
    migration.up.iter().any(|(_, sql)| {
        let sql = sql.to_lowercase();
        sql.starts_with("create table") && sql.contains(&table)
    })
}

#[tokio::test]
async fn verdicts_are_those_of_sqlite() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/sqlite");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (mut faults, mut tried) = (Vec::new(), 0);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for text in text.split("-- case:").skip(1) {
            let (name, rest) = text.split_once('\n').unwrap();
            // What the version in use does not know cannot be tried.
            if rest.contains("-- since: 3.53") || name.contains("nowhere") {
                continue;
            }
            let sql: String = rest
                .lines()
                .filter(|line| !line.starts_with("-- expect:"))
                .flat_map(|line| [line, "\n"])
                .collect();
            let case = Case::read(&sql, Dialect::Sqlite);
            let found = case.diagnostics();
            let too_new = names(&found).contains(&"unsupported-in-version");
            let in_the_way = found.iter().any(|one| one.message.contains("cannot be renamed"));
            let refused = in_the_way || names(&found).iter().any(|name| REFUSED.contains(name));
            let Some(error) = server(&case).await.filter(|_| !too_new) else { continue };
            tried += 1;
            if refused != error.is_some() {
                faults.push(format!("{name}: found {:?}, SQLite says {error:?}", names(&found)));
            }
        }
    }
    assert!(faults.is_empty(), "{} of {tried}\n{}", faults.len(), faults.join("\n"));
    assert!(tried >= 110, "only {tried} cases could be tried");
}
