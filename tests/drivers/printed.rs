//! What a finding says to write instead, pasted as it is printed and run release by release, with what the old and the
//! new build write in between.

use migrate_core::diagnostic::ProposedFile;
use migrate_core::model::Phase;
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Migrator, Version};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};

use crate::kind::Kind;

crate::on_every_database! {
    both_builds_use_a_column_that_is_renamed
    a_rename_is_taken_back
    both_builds_use_a_column_of_another_type
}

const BASE: u64 = 20_260_101_000_000;
const CREATE: (&str, &str) = (
    "20260101000000_create",
    "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, note VARCHAR(40), \
     age INTEGER);\n-- migrate:down\nDROP TABLE users;\n",
);

/// The files that the finding of that name says to write instead of a draft, as text; a placeholder is filled in.
fn printed(dialect: Dialect, code: &str, sql: &str) -> Vec<(ProposedFile, String, String)> {
    let draft = format!("-- migrate:irreversible \"draft\"\n-- migrate:up\n{sql};\n");
    let found = judged(dialect, &[CREATE, ("20260102000000_draft", &draft)]);
    let finding = found.iter().find(|one| one.code.name == code);
    let finding = finding.unwrap_or_else(|| panic!("{code} is not told of {sql}: {found:?}"));
    let files = finding.replacement.iter().zip(0..).map(|(file, index)| {
        let name = format!("{}_file", BASE + 1_000_000 + index);
        (file.clone(), name, file.to_string().replace('…', "'filled'"))
    });
    files.collect()
}

fn judged(dialect: Dialect, files: &[(&str, &str)]) -> Vec<migrate_core::diagnostic::Diagnostic> {
    let mut options = Options::new(dialect);
    options.baseline = Some(Version(BASE));
    let files = files.iter().map(|(name, text)| SourceFile {
        path: format!("{name}.sql"),
        content: Ok(text.as_bytes().to_vec()),
    });
    options.read(files.collect()).diagnostics
}

/// The history and the first of the printed files.
fn first(files: &[(ProposedFile, String, String)], count: usize) -> Vec<(&str, &str)> {
    let printed = files.iter().take(count).map(|(_, name, text)| (&**name, &**text));
    std::iter::once(CREATE).chain(printed).collect()
}

async fn began<K: Kind>() -> K {
    let db = K::create().await;
    ran(&db.developer(&[CREATE])).await;
    db.execute("INSERT INTO users (id, name, note, age) VALUES (1, 'ada', NULL, 36), (2, 'bob', 'b', NULL)")
        .await;
    db
}

async fn ran(migrator: &Migrator) {
    migrator
        .run_to_completion()
        .await
        .expect("the files as they are printed");
    migrator.leave().await;
}

/// Nothing is said of the files of a replacement: whoever pasted them has done what was asked.
fn assert_silent(dialect: Dialect, files: &[(ProposedFile, String, String)]) {
    let found = judged(dialect, &first(files, files.len()));
    // That a rebuild copies every row is a fact to know, and there is no other way. What a way back keeps others out with is
    // told of each one.
    let of_down = "in `down`: a rollback runs it while builds are live";
    let told = found
        .iter()
        .filter(|one| one.code.name != "sqlite-rewrite" && !one.notes.iter().any(|note| note == of_down));
    let found: Vec<String> = told.map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

const RENAME: &str = "ALTER TABLE users RENAME COLUMN name TO full_name";

async fn both_builds_use_a_column_that_is_renamed<K: Kind>() {
    let files = printed(K::DIALECT, "rename-column", RENAME);
    assert_silent(K::DIALECT, &files);
    let db = began::<K>().await;
    let soon = files
        .iter()
        .filter(|(file, ..)| file.phase != Phase::Contract)
        .count();
    for (count, id) in (1..=soon).zip([10, 20]) {
        ran(&db.developer(&first(&files, count))).await;
        db.execute(&format!("INSERT INTO users (id, name) VALUES ({id}, 'old')"))
            .await;
        db.execute(&format!(
            "INSERT INTO users (id, full_name) VALUES ({}, 'new')",
            id + 1
        ))
        .await;
        db.execute(&format!("UPDATE users SET full_name = 'changed' WHERE id = {id}"))
            .await;
    }
    let apart = "SELECT count(*) FROM users WHERE name IS NULL OR full_name IS NULL OR name <> full_name";
    assert_eq!(db.value(apart).await, "0");
    ran(&db.developer(&first(&files, files.len()))).await;
    assert_eq!(
        db.value("SELECT count(*) FROM users WHERE full_name IS NOT NULL")
            .await,
        "6"
    );
    assert_eq!(db.value("SELECT full_name FROM users WHERE id = 1").await, "ada");
    assert_eq!(
        db.value("SELECT full_name FROM users WHERE id = 10").await,
        "changed"
    );
    db.execute("INSERT INTO users (id, full_name) VALUES (30, 'last')")
        .await;
    db.attempt("INSERT INTO users (id, full_name) VALUES (31, NULL)")
        .await
        .expect_err("what was NOT NULL is so under its new name");
    db.attempt("INSERT INTO users (id, name) VALUES (32, 'x')")
        .await
        .expect_err("the old column is gone");
}

async fn a_rename_is_taken_back<K: Kind>() {
    let files = printed(K::DIALECT, "rename-column", RENAME);
    let db = began::<K>().await;
    let soon = files
        .iter()
        .filter(|(file, ..)| file.phase != Phase::Contract)
        .count();
    let migrator = db.developer(&first(&files, soon));
    migrator.run_to_completion().await.expect("the first release");
    db.execute("INSERT INTO users (id, full_name) VALUES (3, 'new')")
        .await;
    migrator.rollback("draft").await.expect("a way back");
    assert_eq!(db.value("SELECT name FROM users WHERE id = 3").await, "new");
    db.execute("INSERT INTO users (id, name) VALUES (4, 'old')").await;
    db.attempt("INSERT INTO users (id) VALUES (5)")
        .await
        .expect_err("the old column takes no NULL again");
    db.attempt("SELECT full_name FROM users")
        .await
        .expect_err("it is gone");
}

async fn both_builds_use_a_column_of_another_type<K: Kind>() {
    let (code, sql, forth) = match K::DIALECT {
        Dialect::Postgres => (
            "alter-column-type-rewrite",
            "ALTER TABLE users ALTER COLUMN age TYPE bigint",
            "age_new",
        ),
        // SQLite changes no type.
        Dialect::Sqlite => return,
        _ => (
            "mysql-alter-copy",
            "ALTER TABLE users MODIFY age BIGINT",
            "age_new",
        ),
    };
    let files = printed(K::DIALECT, code, sql);
    assert_silent(K::DIALECT, &files);
    let db = began::<K>().await;
    let soon = files
        .iter()
        .filter(|(file, ..)| file.phase != Phase::Contract)
        .count();
    for (count, id) in (1..=soon).zip([10, 20]) {
        ran(&db.developer(&first(&files, count))).await;
        db.execute(&format!(
            "INSERT INTO users (id, name, age) VALUES ({id}, 'old', 1)"
        ))
        .await;
        db.execute(&format!(
            "INSERT INTO users (id, name, {forth}) VALUES ({}, 'new', 2)",
            id + 1
        ))
        .await;
    }
    let sides = format!("SELECT count(*) FROM users WHERE age = {forth}");
    assert_eq!(db.value(&sides).await, "5");
    ran(&db.developer(&first(&files, files.len()))).await;
    db.execute(&format!(
        "INSERT INTO users (id, name, {forth}) VALUES (30, 'wide', 5000000000)"
    ))
    .await;
    assert_eq!(db.value(&format!("SELECT count({forth}) FROM users")).await, "6");
}

/// Values that the new type has no room for are refused, as the change of the type would, and are not cut off.
#[test]
fn a_narrower_text_cuts_nothing_off() {
    crate::run(async {
        let sql = "ALTER TABLE users ALTER COLUMN name TYPE varchar(2)";
        let files = printed(Dialect::Postgres, "alter-column-type-rewrite", sql);
        let db = began::<PostgresDatabase>().await;
        db.attempt(sql).await.expect_err("three letters");
        let migrator = db.developer(&first(&files, files.len()));
        let error = migrator.run_to_completion().await.expect_err("three letters");
        assert!(error.to_string().contains("value too long"), "{error}");
        assert_eq!(db.value("SELECT name FROM users WHERE id = 1").await, "ada");
        db.execute("UPDATE users SET name = left(name, 2)").await;
        let filled = Version(BASE + 1_000_001);
        migrator.resume(filled).await.expect("to go on");
        ran(&migrator).await;
        assert_eq!(db.value("SELECT name_new FROM users WHERE id = 1").await, "ad");
    });
}

/// Runs the files up to the end and takes them back: the table is as it was, but for the rows.
async fn there_and_back<K: Kind>(code: &str, sql: &str) {
    let files = printed(K::DIALECT, code, sql);
    let found = judged(K::DIALECT, &first(&files, files.len()));
    let warned = found.iter().find(|one| one.code.name == "rollback-loses-data");
    assert!(warned.is_none(), "{sql}: {}", warned.unwrap());
    let db = began::<K>().await;
    let before = shape(&db).await;
    let migrator = db.developer(&first(&files, files.len()));
    if let Err(error) = migrator.run_to_completion().await {
        panic!("{sql}: {error}");
    }
    assert_ne!(shape(&db).await, before, "{sql}: nothing was done");
    let change = files[0]
        .0
        .change
        .clone()
        .unwrap_or_else(|| (BASE + 1_000_000).to_string());
    if let Err(error) = migrator.rollback(&change).await {
        panic!("{sql}: {error}");
    }
    assert_eq!(shape(&db).await, before, "{sql}");
}

/// What the table is, in words of the server.
async fn shape<K: Kind>(db: &K) -> String {
    let sql = match K::DIALECT {
        Dialect::Postgres => {
            "SELECT coalesce((SELECT string_agg(c.relname || ' ' || a.attname || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), ''), '; ' ORDER BY c.relname, a.attnum)
                FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\\_migrate%' AND c.relkind IN ('r', 'v', 'S', 'i')), '')
            || coalesce((SELECT string_agg(conname || convalidated, '; ' ORDER BY conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE '\\_migrate%'), '')"
        }
        Dialect::Sqlite => "SELECT group_concat(name || type || \"notnull\", '; ') FROM pragma_table_info('users')",
        _ => {
            "SELECT group_concat(concat(column_name, column_type, is_nullable) ORDER BY ordinal_position) FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND table_name = 'users'"
        }
    };
    db.value(sql).await
}

#[test]
fn postgres_files_lead_back() {
    crate::run(async {
        for (code, sql) in [
            (
                "add-check-validated",
                "ALTER TABLE users ADD CONSTRAINT age_check CHECK (age > 0)",
            ),
            (
                "add-column-inline-check",
                "ALTER TABLE users ADD COLUMN size int CHECK (size > 0)",
            ),
            (
                "add-fk-validated",
                "ALTER TABLE users ADD CONSTRAINT boss FOREIGN KEY (age) REFERENCES users (id) ON DELETE CASCADE DEFERRABLE",
            ),
            (
                "add-unique-constraint",
                "ALTER TABLE users ADD CONSTRAINT users_name_key UNIQUE (name)",
            ),
            (
                "add-column-volatile-default",
                "ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid()",
            ),
            (
                "add-column-serial",
                "ALTER TABLE users ADD COLUMN number bigserial",
            ),
            (
                "add-column-identity",
                "ALTER TABLE users ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY",
            ),
            (
                "add-column-not-null-no-default",
                "ALTER TABLE users ADD COLUMN size text NOT NULL",
            ),
            (
                "set-not-null-scan",
                "ALTER TABLE users ALTER COLUMN note SET NOT NULL",
            ),
            ("rename-table", "ALTER TABLE users RENAME TO people"),
        ] {
            // A key to the rows themselves: none refers to one that is not there.
            let sql = sql.replace("(age) REFERENCES", "(id) REFERENCES");
            there_and_back::<PostgresDatabase>(code, &sql).await;
        }
    });
}

#[test]
fn sqlite_files_lead_back() {
    crate::run(async {
        for (code, sql) in [
            (
                "sqlite-add-column-fails",
                "ALTER TABLE users ADD COLUMN size TEXT NOT NULL",
            ),
            (
                "sqlite-add-column-fails",
                "ALTER TABLE users ADD COLUMN size TEXT UNIQUE",
            ),
        ] {
            there_and_back::<SqliteDatabase>(code, sql).await;
        }
    });
}

#[test]
fn mariadb_files_lead_back() {
    crate::run(there_and_back::<MysqlDatabase>(
        "mysql-implicit-default",
        "ALTER TABLE users ADD COLUMN size VARCHAR(20) NOT NULL",
    ));
}

/// A build that writes NULL once the rows are filled: the constraint keeps it out, and the change can be taken back.
#[test]
fn not_null_over_rows_with_null_leads_back() {
    crate::run(async {
        let sql = "ALTER TABLE users ALTER COLUMN note SET NOT NULL";
        let files = printed(Dialect::Postgres, "set-not-null-scan", sql);
        assert_silent(Dialect::Postgres, &files);
        let db = began::<PostgresDatabase>().await;
        ran(&db.developer(&first(&files, 1))).await;
        assert_eq!(
            db.value("SELECT count(*) FROM users WHERE note IS NULL").await,
            "0"
        );
        db.execute("INSERT INTO users (id, name) VALUES (3, 'late')")
            .await;
        let migrator = db.developer(&first(&files, files.len()));
        migrator.run_to_completion().await.expect_err("a row has NULL");
        migrator.rollback("draft").await.expect("a way back");
        db.execute("INSERT INTO users (id, name) VALUES (4, 'again')")
            .await;
        db.execute("UPDATE users SET note = 'x' WHERE note IS NULL").await;
    });
}
