//! SQLite: a rebuild of a table whose file has no transaction.

use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Layout, Migrator, Set};
use migrate_testkit::SqliteDatabase;

use crate::kind::Kind;
use crate::particular::{FAMILY, number, one};

fn rebuild(before: &str, copy: &str) -> (&'static str, String) {
    let text = format!(
        "-- migrate:transaction off\n-- migrate:irreversible \"test\"\n-- migrate:up\n{before}\
         CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n\
         INSERT INTO new_parent SELECT id, name FROM parent{copy};\nDROP TABLE parent;\n\
         ALTER TABLE new_parent RENAME TO parent;\n"
    );
    ("20260102000000_rebuild", text)
}

#[test]
fn a_rebuild_without_a_transaction_keeps_the_children() {
    crate::run(async {
        for (used, before) in [
            (true, ""),
            (false, ""),
            (true, "PRAGMA foreign_keys = OFF;\n"),
            (true, "PRAGMA legacy_alter_table = ON;\n"),
        ] {
            let db = <SqliteDatabase as Kind>::create().await;
            let pool = one(db.options()).await;
            let migrator = |files: &[(&str, &str)]| Migrator::new(pool.clone(), db.set(files)).build();
            if used {
                migrator(&[FAMILY]).run().await.expect("the tables");
            }
            let (name, text) = rebuild(before, "");
            let build = migrator(&[FAMILY, (name, &text)]);
            build.run().await.expect("the rebuild");
            assert_eq!(
                number(&pool, "SELECT count(*) FROM child").await,
                2,
                "used: {used}, {before}"
            );
            assert_eq!(
                number(&pool, "SELECT foreign_keys FROM pragma_foreign_keys").await,
                1
            );
            // One that loses a parent is refused, and nothing is done.
            let (name, text) = rebuild(before, " WHERE id = 1");
            let text = text.replace("name TEXT NOT NULL", "name TEXT");
            let lossy = (name.replace("02", "03"), text);
            let build = migrator(&[FAMILY, (name, &rebuild(before, "").1), (&lossy.0, &lossy.1)]);
            let error = build.run().await.expect_err("a parent is lost");
            assert!(error.is_verification(), "{error}");
            assert_eq!(number(&pool, "SELECT count(*) FROM parent").await, 2);
            assert_eq!(number(&pool, "SELECT count(*) FROM child").await, 2);
        }
    });
}

/// One that an older version of the library began statement by statement.
#[test]
fn a_rebuild_that_died_half_way_goes_on_without_losing_children() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        let pool = one(db.options()).await;
        let (name, text) = rebuild("", "");
        let whole = [FAMILY, (name, &*text)];
        let build = Migrator::new(pool.clone(), db.set(&whole)).build();
        build.run().await.expect("the rebuild");
        sqlx::raw_sql(
            "CREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL); \
             INSERT INTO new_parent SELECT id, name FROM parent; \
             UPDATE _migrate_history SET state = 'applying', done = 2 WHERE version = 20260102000000",
        )
        .execute(&pool)
        .await
        .expect("a rebuild that died");
        build.run().await.expect("the rest of it");
        assert_eq!(number(&pool, "SELECT count(*) FROM child").await, 2);
        assert_eq!(
            number(&pool, "SELECT count(*) FROM sqlite_schema WHERE name = 'parent'").await,
            1
        );
    });
}

/// A released file of another tool, which stays as it is: no transaction can hold all of it.
#[test]
fn a_rebuild_beside_a_vacuum_keeps_the_children() {
    crate::run(async {
        for (copy, holds) in [("", true), (" WHERE id = 1", false)] {
            let db = <SqliteDatabase as Kind>::create().await;
            let pool = one(db.options()).await;
            let rebuild = format!(
                "-- no-transaction\nCREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n\
                 INSERT INTO new_parent SELECT id, name FROM parent{copy};\nDROP TABLE parent;\n\
                 ALTER TABLE new_parent RENAME TO parent;\nVACUUM;\n"
            );
            let family = FAMILY.1.split("-- migrate:").nth(1).expect("an up");
            let family = family.strip_prefix("up\n").expect("an up");
            let files = [("1_family.sql", family), ("2_rebuild.sql", &rebuild)];
            let files = files.map(|(path, text)| SourceFile {
                path: path.to_owned(),
                content: Ok(text.as_bytes().to_vec()),
            });
            let options = Options {
                rules: None,
                layout: Layout::Sqlx,
                ..Options::new(Dialect::Sqlite)
            };
            let set = options.read(files.to_vec()).into_result().expect("a set");
            let set = Set::<migrate_core::Sqlite>::typed(set).expect("a set of SQLite");
            let ran = Migrator::new(pool.clone(), set).build().run().await;
            assert_eq!(number(&pool, "SELECT count(*) FROM child").await, 2);
            match (ran, holds) {
                (Ok(_), true) => {}
                (Err(error), false) => {
                    assert!(error.is_verification(), "{error}");
                    assert!(
                        error.to_string().contains("row 20 of `child` refers to `parent`"),
                        "{error}"
                    );
                }
                (ran, _) => panic!("{copy}: {ran:?}"),
            }
        }
    });
}
