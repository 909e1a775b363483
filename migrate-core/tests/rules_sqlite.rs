//! The verdicts on SQLite against SQLite: what the analysis says fails must fail, and what it lets pass must run.

#[path = "support/case.rs"]
mod case;

use std::path::Path;
use std::{env, fs};

use case::{Case, names};
use migrate_core::Dialect;
use migrate_core::diagnostic::Severity;
use migrate_core::model::{Layout, ServerVersion, TransactionMode};
use sqlx::{Connection, Row, SqliteConnection};

/// The findings that say that SQLite refuses a statement.
const REFUSED: &[&str] = &[
    "missing-object",
    "object-exists",
    "refused-statement",
    "sqlite-add-column-fails",
    "sqlite-drop-column-fails",
    "needed-object",
    "syntax-error",
];

async fn run(connection: &mut SqliteConnection, sql: &str) -> Result<(), String> {
    let result = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(connection).await;
    result.map(drop).map_err(|error| error.to_string())
}

/// What SQLite takes and what can never do what it says, with why.
const BEYOND: &[(&str, &str)] = &[
    (
        "trigger update of missing",
        "a trigger on an UPDATE of a column that is not there never fires",
    ),
    (
        "wal in a transaction",
        "a database in memory, as the one of this test, never has a log",
    ),
    (
        "the parent's column of a foreign key",
        "the foreign key was a mismatch before, so the statement breaks nothing",
    ),
];

/// What SQLite only reads when it is used: the queries of views, and the bodies of triggers.
async fn used(connection: &mut SqliteConnection) -> Option<String> {
    let tables =
        "SELECT type, name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'";
    let tables: Vec<(String, String)> = sqlx::query_as(tables).fetch_all(&mut *connection).await.unwrap();
    for (kind, name) in tables {
        let name = name.replace('"', "\"\"");
        let uses = match &*kind {
            "view" => vec![format!("SELECT * FROM \"{name}\"")],
            _ => vec![
                format!("EXPLAIN INSERT INTO \"{name}\" DEFAULT VALUES"),
                format!("EXPLAIN DELETE FROM \"{name}\""),
            ],
        };
        for sql in uses {
            match run(connection, &sql).await {
                Err(error)
                    if [
                        "no such column",
                        "has no column",
                        "values were supplied",
                        "no such table",
                        "foreign key mismatch",
                    ]
                    .iter()
                    .any(|one| error.contains(one)) =>
                {
                    return Some(format!("{sql}: {error}"));
                }
                _ => {}
            }
        }
    }
    None
}

/// Puts a row into every table that takes one, so that what only fails on rows fails.
async fn fill(connection: &mut SqliteConnection) {
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    for table in tables {
        let columns = "SELECT name, type FROM pragma_table_info(?)";
        let columns = sqlx::query(columns)
            .bind(&table)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        let quoted = |name: String| format!("\"{}\"", name.replace('"', "\"\""));
        let names: Vec<String> = columns.iter().map(|row| quoted(row.get(0))).collect();
        let values: Vec<&str> = columns
            .iter()
            .map(|row| {
                if row.get::<String, _>(1).to_lowercase().contains("int") {
                    "1"
                } else {
                    "'x'"
                }
            })
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

/// The first statement of the drafts that SQLite refuses, and of the ways back where they are to run.
async fn server(case: &Case, back: bool) -> Option<String> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let mut filled = false;
    for migration in case.set.migrations.iter() {
        if !migration.released && !filled {
            run(&mut connection, "PRAGMA foreign_keys = OFF").await.unwrap();
            fill(&mut connection).await;
            filled = true;
        }
        let enforced = if migration.rebuild { "OFF" } else { "ON" };
        run(&mut connection, &format!("PRAGMA foreign_keys = {enforced}"))
            .await
            .unwrap();
        let one = migration.up.transaction == TransactionMode::One;
        if one {
            run(&mut connection, "BEGIN").await.unwrap();
        }
        for (_, sql) in migration.up.iter() {
            let Err(error) = run(&mut connection, sql).await else {
                continue;
            };
            assert!(!migration.released, "{sql}: {error}");
            return Some(format!("{sql}: {error}"));
        }
        if one {
            run(&mut connection, "COMMIT").await.unwrap();
        }
    }
    if let Some(error) = used(&mut connection).await {
        return Some(error);
    }
    let drafts = case.set.migrations.iter().rev();
    for down in drafts.filter(|_| back).filter_map(|draft| draft.down.as_ref()) {
        for (_, sql) in down.iter() {
            if let Err(error) = run(&mut connection, sql).await {
                return Some(format!("{sql}: {error}"));
            }
        }
    }
    None
}

/// Where no version is named, the SQLite of the driver decides what is refused; its version stands in a rule.
#[tokio::test]
async fn the_sqlite_of_the_driver_is_known() {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let (version, _) = version.rsplit_once('.').unwrap();
    let sql = "-- phase: contract\nALTER TABLE users ALTER COLUMN email SET NOT NULL;\n";
    let found = Case::read(sql, Dialect::Sqlite).diagnostics();
    let newer = found
        .iter()
        .find(|one| one.code.name == "unsupported-in-version")
        .unwrap();
    assert_eq!(newer.severity, Severity::Error, "{newer}");
    let brought = format!("the drivers bring {version}");
    assert!(newer.message.ends_with(&brought), "{newer}");
}

#[tokio::test]
async fn verdicts_are_those_of_sqlite() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/sqlite");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    let version: ServerVersion = version.parse().unwrap();
    let (mut faults, mut tried) = (Vec::new(), 0);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for text in text.split("-- case:").skip(1) {
            let (name, rest) = text.split_once('\n').unwrap();
            let sql: String = rest
                .lines()
                .filter(|line| !line.starts_with("-- expect:"))
                .flat_map(|line| [line, "\n"])
                .collect();
            let case = Case::read(&sql, Dialect::Sqlite);
            let found = case.diagnostics();
            let has = |name: &str| names(&found).contains(&name);
            let in_the_way = found
                .iter()
                .any(|one| one.message.contains("cannot be renamed") || one.message.contains(" values for "));
            let refused = in_the_way || names(&found).iter().any(|name| REFUSED.contains(name));
            // A way back that leads elsewhere is told of as such.
            let error = server(&case, !has("down-not-inverse")).await;
            // What nobody made is assumed to be there, and is not.
            let assumed = !rest.contains("-- history")
                && error.as_ref().is_some_and(|error| {
                    let kinds = ["table", "trigger", "index", "view"];
                    kinds
                        .iter()
                        .any(|kind| error.contains(&format!("no such {kind}")))
                });
            let too_new =
                has("unsupported-in-version") || case.set.since.is_some_and(|since| since > version);
            // Nothing is said of what is not understood; and a file that goes wherever it is told is not to be written.
            let untold = has("opaque-statement") || sql.contains("VACUUM INTO");
            // What triggers need is told of a directive, which the server does not see.
            let synced = case.set.migrations.iter().any(|one| !one.sync.is_empty());
            let beyond = BEYOND.iter().any(|(one, _)| name.trim() == *one);
            if assumed && !has("missing-object") || too_new || untold || synced || beyond {
                continue;
            }
            // The rows made for the test are not those the case had in mind.
            let by_rows = error
                .as_ref()
                .is_some_and(|error| error.contains("CHECK constraint failed"));
            if by_rows && !refused {
                continue;
            }
            tried += 1;
            if refused != error.is_some() {
                faults.push(format!(
                    "{name}: found {:?}, SQLite says {error:?}",
                    names(&found)
                ));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} of {tried}\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(tried >= 150, "only {tried} cases could be tried");
}

#[tokio::test]
async fn replacements_run() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/sqlite");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let (mut faults, mut tried) = (Vec::new(), 0);
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        for text in text.split("-- case:").skip(1) {
            let (name, rest) = text.split_once('\n').unwrap();
            let case = Case::read(rest, Dialect::Sqlite);
            let drafts = case.set.migrations.iter().filter(|migration| !migration.released);
            let statements: usize = drafts.map(|migration| migration.up.statements.len()).sum();
            // A replacement stands for its own statement, so it is tried where that is all there is.
            if statements != 1 || !rest.contains("-- history") || rest.contains("-- since: 3.53") {
                continue;
            }
            let found = case.diagnostics();
            if names(&found)
                .iter()
                .any(|name| ["missing-object", "object-exists"].contains(name))
            {
                continue;
            }
            for finding in found.iter().filter(|finding| !finding.replacement.is_empty()) {
                let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
                for migration in case.set.migrations.iter().filter(|migration| migration.released) {
                    for (_, sql) in migration.up.iter() {
                        run(&mut connection, sql).await.unwrap();
                    }
                }
                fill(&mut connection).await;
                // Told beside the finding that says why it fails and what to do first.
                if finding.code.name == "drop-column" && names(&found).contains(&"sqlite-drop-column-fails") {
                    continue;
                }
                let read = case.instead(&finding.replacement);
                let told = read.diagnostics();
                let error = told.iter().find(|one| {
                    let own = one.code.name == finding.code.name || !names(&found).contains(&one.code.name);
                    // Where the table has no key, the one that stands for it is not there, or only being filled.
                    let open = finding
                        .replacement
                        .iter()
                        .any(|file| file.to_string().contains("key=…"));
                    let of_key = open
                        && [
                            "missing-object",
                            "backfill-key",
                            "backfill-not-unique",
                            "backfill-writes-key",
                        ]
                        .contains(&one.code.name);
                    own && !of_key && one.severity == Severity::Error
                });
                if let Some(error) = error.filter(|_| case.set.layout == Layout::Native) {
                    faults.push(format!(
                        "{name}: the files of {} are not right as they stand:\n{error}",
                        finding.code.name
                    ));
                }
                let unfit = case::unfit(finding, &told, &found);
                faults.extend(unfit.map(|fault| format!("{name}: {}: {fault}", finding.code.name)));
                for file in &finding.replacement {
                    let sql = file.sql.replace('…', "'filled'");
                    if let Err(error) = run(&mut connection, &sql).await {
                        faults.push(format!("{name}: {}: {sql}: {error}", finding.code.name));
                        break;
                    }
                    tried += 1;
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(tried >= 30, "only {tried} replacements could be tried");
}

async fn number(connection: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

const FAMILY: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY);
    CREATE TABLE c (id INTEGER PRIMARY KEY, p_id INTEGER REFERENCES p (id) ON DELETE CASCADE);
    INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1);";

#[tokio::test]
async fn a_pragma_in_a_transaction_does_not_save_the_children() {
    for (before, inside, left) in [("ON", "OFF", 0), ("OFF", "ON", 1)] {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        run(&mut connection, FAMILY).await.unwrap();
        let sql = format!(
            "PRAGMA foreign_keys = {before}; BEGIN; PRAGMA foreign_keys = {inside};
             CREATE TABLE new_p (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO new_p (id) SELECT id FROM p;
             DROP TABLE p; ALTER TABLE new_p RENAME TO p; COMMIT"
        );
        run(&mut connection, &sql).await.unwrap();
        assert_eq!(
            number(&mut connection, "SELECT count(*) FROM c").await,
            left,
            "{before}"
        );
    }
}

#[tokio::test]
async fn children_follow_a_table_that_is_renamed_away() {
    for (legacy, followed) in [("OFF", 1), ("ON", 0)] {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        run(&mut connection, FAMILY).await.unwrap();
        let sql = format!(
            "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = {legacy}; ALTER TABLE p RENAME TO old_p"
        );
        run(&mut connection, &sql).await.unwrap();
        let parent = "SELECT count(*) FROM pragma_foreign_key_list('c') WHERE \"table\" = 'old_p'";
        assert_eq!(number(&mut connection, parent).await, followed, "{legacy}");
    }
}
