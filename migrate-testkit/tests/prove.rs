//! The tests that `prove!` and `prove_dir!` make, and what the checks do that no broken folder shows.

use std::process::Command;
use std::time::Duration;

use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, MariaDb, Migrator, Postgres, Set, Sqlite, Version};
use migrate_macros::Migrations;
use migrate_testkit::{Build, Check, Error, LockMode, Prove, TestDatabase, TestKind};

#[derive(Migrations)]
#[migrations(path = "tests/migrations", dialect = "postgres")]
struct OnPostgres;

#[derive(Migrations)]
#[migrations(path = "tests/migrations", dialect = "sqlite")]
struct OnSqlite;

#[derive(Migrations)]
#[migrations(path = "tests/migrations", dialect = "mariadb")]
struct OnMariaDb;

const ACCOUNT: Version = Version(20260101000000);

migrate_testkit::prove! {
    pg: OnPostgres => |prove| prove.no_rewrite("*"),
    lite: self::OnSqlite => |prove| prove.rows(super::super::ACCOUNT, "INSERT INTO account VALUES (7, 'ada')"),
    maria: OnMariaDb,
}

mod one_set {
    use super::OnSqlite as Schema;

    migrate_testkit::prove!(Schema);
}

mod of_a_folder {
    migrate_testkit::prove_dir!("tests/migrations", layout = "native", dialect = "sqlite");
}

mod of_a_folder_with_options {
    migrate_testkit::prove_dir!("tests/migrations", layout = "native", dialect = "sqlite" => |prove| prove.strict_order());
}

#[test]
fn names_tell_the_check_and_the_database() {
    let list = Command::new(std::env::current_exe().unwrap())
        .arg("--list")
        .output()
        .unwrap();
    let list = String::from_utf8_lossy(&list.stdout).into_owned();
    let checks = [
        "round_trip",
        "data_survival",
        "builds",
        "order",
        "backfills",
        "locks",
        "schema",
    ];
    for check in checks {
        for place in [
            "prove::pg",
            "prove::lite",
            "prove::maria",
            "one_set::prove",
            "of_a_folder::prove",
        ] {
            let name = format!("{place}::{check}: test");
            assert!(list.lines().any(|line| line == name), "no {name} in\n{list}");
        }
    }
    assert_eq!(checks.len(), Check::ALL.len());
}

/// A set of native files; the names count up from `20260101000000_first.sql`.
fn set<K: TestKind>(files: &[&str]) -> Set<K> {
    let files = files.iter().enumerate().map(|(index, text)| SourceFile {
        path: format!("2026010100000{index}_file.sql"),
        content: Ok(text.as_bytes().to_vec()),
    });
    let options = Options {
        rules: None,
        ..Options::new(K::DIALECT)
    };
    Set::typed(options.read(files.collect()).into_result().unwrap()).unwrap()
}

/// Runs a test body for each kind of database.
macro_rules! on_each {
    ($body:ident) => {
        $body::<Postgres>().await;
        $body::<Sqlite>().await;
        $body::<MariaDb>().await;
    };
}

fn all_types(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "-- migrate:up
             CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
             CREATE DOMAIN positive AS int CHECK (VALUE > 0);
             CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(8) NOT NULL UNIQUE,
                tenant int NOT NULL, UNIQUE (tenant, code));
             CREATE TABLE everything (id bigserial PRIMARY KEY, a smallint, b int NOT NULL, c numeric(6,2), d real, e bool,
                f text, g varchar(5) NOT NULL, h char(3), i bytea, j date, k time, l timestamptz, m interval, n uuid, o jsonb,
                p inet, q mood NOT NULL, r positive, s int[], t int4range, u bit(4), v point, w xml, x tsvector, y macaddr, z money,
                doubled int GENERATED ALWAYS AS (b / 2) STORED,
                age int CHECK (age BETWEEN 18 AND 99), state text NOT NULL CHECK (state IN ('new', 'old')),
                starts date NOT NULL, ends date NOT NULL, CHECK (starts < ends),
                tenant int, code varchar(8), FOREIGN KEY (tenant, code) REFERENCES parent (tenant, code),
                boss bigint REFERENCES everything);
             CREATE TABLE parted (id int NOT NULL, at int NOT NULL) PARTITION BY RANGE (at);
             CREATE TABLE parted_all PARTITION OF parted DEFAULT;
             CREATE UNIQUE INDEX ON everything (lower(f));
             -- migrate:down
             DROP TABLE parted; DROP TABLE everything; DROP TABLE parent; DROP DOMAIN positive; DROP TYPE mood;"
        }
        Dialect::Sqlite => {
            "-- migrate:up
             CREATE TABLE parent (id INTEGER PRIMARY KEY, code VARCHAR(8) NOT NULL UNIQUE);
             CREATE TABLE everything (a INTEGER, b REAL, c TEXT NOT NULL, d BLOB, e BOOLEAN, f DATE, g DATETIME, h DECIMAL(9,2),
                state TEXT NOT NULL CHECK (state IN ('new', 'old')), age INTEGER CHECK (age BETWEEN 18 AND 99),
                code VARCHAR(8) REFERENCES parent (code), parent INTEGER NOT NULL REFERENCES parent,
                doubled INTEGER GENERATED ALWAYS AS (a / 2), PRIMARY KEY (c, parent)) WITHOUT ROWID;
             CREATE TABLE strictly (id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL, d BLOB, e ANY) STRICT;
             -- migrate:down
             DROP TABLE strictly; DROP TABLE everything; DROP TABLE parent;"
        }
        _ => {
            "-- migrate:up
             CREATE TABLE parent (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, code VARCHAR(8) NOT NULL UNIQUE);
             CREATE TABLE everything (id INT PRIMARY KEY, a TINYINT, b SMALLINT UNSIGNED, c MEDIUMINT NOT NULL, d BIGINT UNSIGNED,
                e DECIMAL(6,2), f FLOAT, g DOUBLE, h BIT(4), i CHAR(3), j VARCHAR(20) NOT NULL UNIQUE, k TEXT, l BLOB,
                m BINARY(16), n DATE, o TIME, p DATETIME, q TIMESTAMP NULL, r YEAR, s ENUM('a', 'it''s') NOT NULL, t SET('x', 'y'),
                u JSON, v BOOLEAN, doubled INT AS (a * 2) STORED, age INT CHECK (age BETWEEN 18 AND 99),
                state VARCHAR(5) NOT NULL CHECK (state IN ('new', 'old')), parent INT UNSIGNED NOT NULL,
                FOREIGN KEY (parent) REFERENCES parent (id));
             -- migrate:down
             DROP TABLE everything; DROP TABLE parent;"
        }
    }
}

/// Rows are found for every table, so that nothing is said about any; and they survive a rebuild of the column order.
#[tokio::test]
async fn every_type_has_rows() {
    async fn body<K: TestKind>() {
        let more = "-- migrate:up\nALTER TABLE parent ADD COLUMN more int;\n-- migrate:down\nALTER TABLE parent DROP COLUMN more;";
        let proof = Prove::new(set::<K>(&[all_types(K::DIALECT), more]))
            .data_survival()
            .await
            .unwrap();
        assert_eq!(proof.notes, Vec::<String>::new(), "{proof}");
        let rows: usize = proof.summary.split(' ').rev().nth(2).unwrap().parse().unwrap();
        assert!(rows >= 16, "{proof}");
    }
    on_each!(body);
}

/// What the user knows and the generator does not.
#[tokio::test]
async fn rows_of_the_user() {
    let odd = "-- migrate:up\nCREATE TABLE odd (a int NOT NULL CHECK (a % 1000 = 777 AND a > 5000));\n-- migrate:down\nDROP TABLE odd;";
    let empty = "-- migrate:up\nCREATE TABLE empty (a int);\n-- migrate:down\nDROP TABLE empty;";
    let lossy = "-- migrate:up\nDELETE FROM odd;\n-- migrate:irreversible \"gone\"";
    let lossy = format!(
        "-- migrate:irreversible \"gone\"\n{}",
        lossy.split("\n-- migrate:irr").next().unwrap()
    );
    let prove = || Prove::new(set::<Sqlite>(&[odd, empty, &lossy]));
    let proof = prove().data_survival().await.unwrap();
    assert!(
        proof.notes[0].starts_with("odd has no rows: the generator finds none"),
        "{proof}"
    );
    let proof = prove()
        .rows(ACCOUNT, "INSERT INTO odd VALUES (6777)")
        .data_survival()
        .await
        .unwrap();
    assert_eq!(
        proof.notes,
        ["20260101000002 file: loses what it declares (gone): odd: 1 rows became 0"],
        "{proof}"
    );
    let error = prove()
        .rows(ACCOUNT, "INSERT INTO odd VALUES (1)")
        .data_survival()
        .await
        .unwrap_err();
    assert!(
        format!("{error:#}").contains("the rows given for version 20260101000000 are refused"),
        "{error:#}"
    );
}

#[tokio::test]
async fn rows_that_an_up_refuses_are_noted() {
    let notes = "-- migrate:up\nCREATE TABLE note (id int PRIMARY KEY, body varchar(40));\n-- migrate:down\nDROP TABLE note;";
    let unique = "-- migrate:up\nCREATE UNIQUE INDEX note_body ON note (body) WHERE body IS NOT NULL AND body <> 'x' OR body = '';\n\
                  -- migrate:down\nDROP INDEX note_body;";
    let strict = "-- migrate:up\nALTER TABLE note ALTER COLUMN body SET NOT NULL;\n-- migrate:down\nALTER TABLE note ALTER COLUMN body DROP NOT NULL;";
    let proof = Prove::new(set::<Postgres>(&[notes, unique, strict]))
        .data_survival()
        .await
        .unwrap();
    assert!(
        proof.notes[0]
            .contains("20260101000002 file: the up is refused on rows that the schema before it permits"),
        "{proof}"
    );
    assert!(proof.summary.starts_with("3 migrations"), "{proof}");
}

const USERS: &str = "-- migrate:up\nCREATE TABLE users (id int NOT NULL PRIMARY KEY, name varchar(60) NOT NULL, nick varchar(60));\n\
                     -- migrate:down\nDROP TABLE users;";
const ADD: &str = "-- migrate:change handle\n-- migrate:up\nALTER TABLE users ADD COLUMN handle varchar(60);\n\
                   -- migrate:down\nALTER TABLE users DROP COLUMN handle;";
const MOVE: &str = "-- migrate:change handle\n-- migrate:phase migrate\n-- migrate:backfill table=users key=id\n-- migrate:up\n\
                    UPDATE users SET handle = name WHERE handle IS NULL;\n\
                    -- migrate:verify\nSELECT count(*) FROM users WHERE handle IS NULL;";

#[tokio::test]
async fn interrupted_backfills_go_on() {
    async fn body<K: TestKind>() {
        let proof = Prove::new(set::<K>(&[USERS, ADD, MOVE]))
            .backfills()
            .await
            .unwrap();
        assert_eq!(
            proof.summary,
            "1 migrations that move data, with 8 rows and 2 interruptions",
            "{}",
            K::DIALECT
        );
    }
    on_each!(body);
}

/// Functions of a build, with the same connection all the way.
#[tokio::test]
async fn builds_may_be_code() {
    let old = || {
        Build::at("1.0", ACCOUNT).call("count users", async |pool: sqlx::SqlitePool| {
            sqlx::query("SELECT nick FROM users").fetch_all(&pool).await?;
            Ok(())
        })
    };
    let drop = "-- migrate:up\nALTER TABLE users DROP COLUMN nick;\n-- migrate:down\nALTER TABLE users ADD COLUMN nick varchar(60);";
    let prove = Prove::new(set::<Sqlite>(&[USERS, ADD, MOVE]));
    let new = Build::newest("1.1").query_with("find", "SELECT handle FROM users WHERE name = ?", "'ada'");
    let proof = prove.build(old()).build(new).builds().await.unwrap();
    assert!(
        proof.summary.starts_with("2 queries of 2 builds on 3 schemas"),
        "{proof}"
    );
    let error = Prove::new(set::<Sqlite>(&[USERS, drop]))
        .build(old())
        .builds()
        .await
        .unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("`count users of build 1.0` fails after 20260101000001 file"),
        "{error}"
    );
    assert!(error.contains("no such column: nick"), "{error}");
}

#[tokio::test]
async fn drift_is_what_somebody_did_by_hand() {
    async fn body<K: TestKind>() {
        let set = set::<K>(&[USERS, ADD]);
        let live = K::Database::create().await.unwrap();
        let migrator = Migrator::new(live.pool().clone(), set.clone()).build();
        // A database that is behind is compared with what it should be.
        migrator.up_to(ACCOUNT).await.unwrap();
        let prove = Prove::new(set);
        let difference = prove.drift(live.pool()).await.unwrap();
        assert!(difference.is_empty(), "{difference}");
        live.execute("CREATE INDEX by_hand ON users (name)")
            .await
            .unwrap();
        let difference = prove.drift(live.pool()).await.unwrap().to_string();
        assert!(
            difference.contains("by_hand") && difference.contains("users\n"),
            "{difference}"
        );
    }
    on_each!(body);
}

/// What the rules say of a statement's lock is what a server does.
#[tokio::test]
async fn rules_are_right_about_locks() {
    let folder = tempfile::tempdir().unwrap();
    let base = "-- migrate:up\nCREATE TABLE users (id int PRIMARY KEY, name text, code varchar(9), amount int);\n\
                CREATE TABLE teams (id int PRIMARY KEY);\nCREATE INDEX users_code ON users (code);\n-- migrate:down\nDROP TABLE users;\nDROP TABLE teams;\n";
    std::fs::write(folder.path().join("20260101000000_users.sql"), base).unwrap();
    std::fs::write(folder.path().join("migrations.lock"), "").unwrap();
    let statements = [
        "ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 99)",
        "ALTER TABLE users ADD COLUMN n int GENERATED BY DEFAULT AS IDENTITY",
        "ALTER TABLE users ADD COLUMN s serial",
        "ALTER TABLE users ADD COLUMN g int GENERATED ALWAYS AS (id * 2) STORED",
        "ALTER TABLE users ADD COLUMN d double precision DEFAULT random()",
        "ALTER TABLE users ADD CONSTRAINT team FOREIGN KEY (id) REFERENCES teams",
        "ALTER TABLE users ADD CONSTRAINT one UNIQUE (name)",
        "ALTER TABLE users ALTER COLUMN amount TYPE bigint",
        "ALTER TABLE users ALTER COLUMN name SET NOT NULL",
        "CREATE INDEX users_name ON users (name)",
        "DROP INDEX users_code",
        "ALTER TABLE users SET LOGGED",
    ];
    for (number, statement) in statements.iter().enumerate() {
        // Released files are not judged, so each is a folder's newest.
        let name = format!("202601020000{number:02}_change.sql");
        let text = format!("-- migrate:irreversible \"a test\"\n-- migrate:up\n{statement};\n");
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let prove = Prove::<Postgres>::folder(folder.path(), migrate_core::Layout::Native).unwrap();
    let proof = prove.locks().await.unwrap();
    let wrong: Vec<&String> = proof
        .notes
        .iter()
        .filter(|note| note.contains("the rule"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(proof.summary.contains("of which write a table anew"), "{proof}");
    assert!(
        proof
            .notes
            .iter()
            .any(|note| note.contains("ACCESS EXCLUSIVE on public.users, public.users is written anew")),
        "{proof}"
    );
    let budget = prove.no_lock_above(LockMode::AccessExclusive, "*").locks().await;
    budget.unwrap();
}

#[test]
fn the_expected_schema_is_written_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let run = |update: &str| {
        let output = Command::new(&this)
            .args(["--exact", "with_a_schema_file", "--ignored", "--nocapture"])
            .env("MIGRATE_UPDATE", update)
            .env("SCHEMA_FOLDER", folder.path())
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&text).into_owned(),
        )
    };
    for (update, says) in [
        (
            "0",
            "there is no schema.sqlite.facts yet; MIGRATE_UPDATE=1 writes it",
        ),
        ("1", "schema.sqlite.facts is written"),
        ("1", "schema.sqlite.facts is as it should be"),
        ("0", "facts are those of schema.mariadb.facts"),
    ] {
        let (passed, text) = run(update);
        assert!(passed && text.contains(says), "{says}: {text}");
    }
    for dialect in ["postgres", "sqlite", "mariadb"] {
        let text = std::fs::read_to_string(folder.path().join(format!("schema.{dialect}.facts"))).unwrap();
        assert!(
            text.starts_with("# The schema") && text.contains("column handle"),
            "{text}"
        );
    }
}

#[tokio::test]
#[ignore = "a part of the_expected_schema_is_written_and_compared"]
async fn with_a_schema_file() {
    async fn body<K: TestKind>() {
        let folder = std::env::var("SCHEMA_FOLDER").unwrap();
        println!(
            "{}",
            Prove::new(set::<K>(&[USERS, ADD]))
                .schema_in(folder)
                .schema()
                .await
                .unwrap()
        );
    }
    on_each!(body);
}

/// A foreign folder with a fault is told at once, and so is a layout that does not exist.
#[tokio::test]
async fn folders_that_cannot_be_read() -> Result<(), Error> {
    let error = Prove::<Sqlite>::folder("no/such/folder", migrate_core::Layout::Sqlx)
        .err()
        .unwrap();
    assert!(
        error.to_string().contains("no/such/folder cannot be read"),
        "{error}"
    );
    Ok(())
}

const NAME_INDEX: &str =
    "-- migrate:irreversible \"a test\"\n-- migrate:up\nCREATE INDEX users_name ON users (name);";

/// Whatever the machine, a statement takes longer than no time and less than an hour.
#[tokio::test]
async fn statements_are_timed_on_full_tables() {
    async fn body<K: TestKind>() {
        let prove = |longest| Prove::new(set::<K>(&[USERS, NAME_INDEX])).no_statement_over(longest, 5_000);
        let proof = prove(Duration::from_secs(3600)).locks().await.unwrap();
        assert!(
            proof.summary.contains("2 statements on tables with 5000 rows"),
            "{proof}"
        );
        assert!(
            !proof.notes.iter().any(|note| note.contains("fewer than")),
            "{proof}"
        );
        let error = prove(Duration::ZERO).locks().await.unwrap_err().to_string();
        for says in [
            "20260101000001 file: a statement takes ",
            " on tables with 5000 rows, where no more than 0ns is allowed",
            "20260101000001_file.sql:3",
            "CREATE INDEX users_name ON users (name)",
            "raise the limit: the time is that of this machine",
        ] {
            assert!(error.contains(says), "{says}: {error}");
        }
    }
    on_each!(body);
}

/// A generated row of each type is multiplied, and a table whose key cannot count is named.
#[tokio::test]
async fn tables_of_every_type_are_filled() {
    async fn body<K: TestKind>() {
        let more =
            "-- migrate:up\nUPDATE everything SET age = age WHERE age IS NULL;\n-- migrate:down\nSELECT 1;";
        let prove = Prove::new(set::<K>(&[all_types(K::DIALECT), more]));
        let proof = prove
            .no_statement_over(Duration::from_secs(3600), 500)
            .locks()
            .await
            .unwrap();
        let unfilled: Vec<&String> = proof
            .notes
            .iter()
            .filter(|note| note.contains("fewer than"))
            .collect();
        assert!(unfilled.is_empty(), "{unfilled:#?}");
    }
    on_each!(body);
    let digit =
        "-- migrate:up\nCREATE TABLE digit (d char(1) PRIMARY KEY);\n-- migrate:down\nDROP TABLE digit;";
    let more = "-- migrate:up\nALTER TABLE digit ADD COLUMN e int;\n-- migrate:down\nALTER TABLE digit DROP COLUMN e;";
    let prove = Prove::new(set::<Sqlite>(&[digit, more])).no_statement_over(Duration::from_secs(3600), 500);
    let proof = prove.locks().await.unwrap();
    assert_eq!(
        proof.notes,
        ["digit has fewer than 500 rows: the generator cannot count in its key (d). Give some with `rows`"]
    );
}

/// What the rules say of MariaDB's statements is what the server does.
#[tokio::test]
async fn rules_are_right_about_mariadb() {
    let folder = tempfile::tempdir().unwrap();
    let base = "-- migrate:up\nCREATE TABLE users (id int PRIMARY KEY, name varchar(60), code varchar(9), amount int);\n\
                -- migrate:down\nDROP TABLE users;\n";
    std::fs::write(folder.path().join("20260101000000_users.sql"), base).unwrap();
    std::fs::write(folder.path().join("migrations.lock"), "").unwrap();
    let statements = [
        ("ALTER TABLE users ADD COLUMN n int", ""),
        ("CREATE INDEX users_code ON users (code)", ""),
        (
            "ALTER TABLE users MODIFY amount bigint",
            "SHARE on users, users is written anew",
        ),
        (
            "ALTER TABLE users CONVERT TO CHARACTER SET latin1",
            "SHARE on users, users is written anew",
        ),
        ("DROP INDEX users_code ON users", ""),
        ("ALTER TABLE users FORCE", "users is written anew"),
        // The first one gives each row a number of its own.
        (
            "ALTER TABLE users ADD FULLTEXT INDEX (name)",
            "SHARE on users, users is written anew",
        ),
    ];
    for (number, (statement, _)) in statements.iter().enumerate() {
        let name = format!("202601020000{number:02}_change.sql");
        let text = format!("-- migrate:irreversible \"a test\"\n-- migrate:up\n{statement};\n");
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let prove = Prove::<MariaDb>::folder(folder.path(), migrate_core::Layout::Native).unwrap();
    let proof = prove.locks().await.unwrap();
    for (number, (statement, seen)) in statements.iter().enumerate() {
        let about = format!("202601020000{number:02}_change.sql:3: ");
        let notes: Vec<&str> = proof
            .notes
            .iter()
            .filter_map(|note| note.split_once(&about).map(|(_, rest)| rest))
            .collect();
        let expected: &[&str] = if seen.is_empty() { &[] } else { &[seen] };
        assert_eq!(notes, expected, "{statement}");
    }
    let error = prove
        .no_lock_above(LockMode::ShareUpdateExclusive, "users")
        .no_rewrite("users")
        .locks()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("change takes SHARE on users, where no more than SHARE UPDATE EXCLUSIVE is allowed"),
        "{error}"
    );
    assert!(
        error.contains("writes users or one of its indexes anew, which is not allowed"),
        "{error}"
    );
}
