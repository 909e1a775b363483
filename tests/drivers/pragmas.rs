//! SQLite: what a file sets for the connection ends with the file.

use std::time::Duration;

use migrate_core::Migrator;
use migrate_testkit::SqliteDatabase;

use crate::kind::Kind;
use crate::particular::{FAMILY, number, one};

/// Every pragma of a session that can be asked for, with the value that a file gives it.
const PRAGMAS: &[(&str, &str, i64)] = &[
    ("foreign_keys", "OFF", 1),
    ("legacy_alter_table", "ON", 0),
    ("recursive_triggers", "ON", 0),
    ("ignore_check_constraints", "ON", 0),
    ("reverse_unordered_selects", "ON", 0),
    ("trusted_schema", "OFF", 1),
    ("writable_schema", "ON", 0),
    ("defer_foreign_keys", "ON", 0),
    ("busy_timeout", "7", 5000),
    ("synchronous", "OFF", 2),
];

#[test]
fn pragmas_of_a_file_reach_neither_the_next_nor_the_pool() {
    crate::run(async {
        for fails in [false, true] {
            let db = <SqliteDatabase as Kind>::create().await;
            let pool = one(db.options()).await;
            let before = |name: &str| format!("SELECT CAST((SELECT * FROM pragma_{name}) AS INTEGER)");
            for (name, _, value) in PRAGMAS {
                let now: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(before(name)))
                    .fetch_one(&pool)
                    .await
                    .expect("a value");
                assert_eq!(now, *value, "{name}");
            }
            let mut text =
                "-- migrate:transaction off\n-- migrate:irreversible \"x\"\n-- migrate:up\n".to_owned();
            for (name, value, _) in PRAGMAS {
                text.push_str(&format!("PRAGMA {name} = {value};\n"));
            }
            text.push_str("PRAGMA case_sensitive_like(1);\n");
            text.push_str("INSERT INTO child VALUES (30, 99);\n");
            if fails {
                text.push_str("INSERT INTO missing VALUES (1);\n");
            } else {
                // Behind that nothing of a file can be written, and our own tables have to be.
                text.push_str("DELETE FROM child WHERE id = 30;\n");
            }
            let mut seen =
                "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE seen (name TEXT, value);\n"
                    .to_owned();
            for (name, ..) in PRAGMAS {
                seen.push_str(&format!(
                    "INSERT INTO seen SELECT '{name}', * FROM pragma_{name};\n"
                ));
            }
            seen.push_str("INSERT INTO seen SELECT 'like', 'a' LIKE 'A';\n");
            let files = [
                FAMILY,
                ("20260102000000_pragmas", &*text),
                ("20260103000000_seen", &*seen),
            ];
            let ran = Migrator::new(pool.clone(), db.set(&files)).build().run().await;
            assert_eq!(ran.is_err(), fails, "{ran:?}");
            for (name, _, value) in PRAGMAS {
                let now: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(before(name)))
                    .fetch_one(&pool)
                    .await
                    .expect("a value");
                assert_eq!(now, *value, "{name} in the pool, fails: {fails}");
                if !fails {
                    let value_seen = format!("SELECT CAST(value AS INTEGER) FROM seen WHERE name = '{name}'");
                    let seen: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(value_seen))
                        .fetch_one(&pool)
                        .await
                        .expect("a value");
                    assert_eq!(seen, *value, "{name} in the next file");
                }
            }
            assert_eq!(number(&pool, "SELECT 'a' LIKE 'A'").await, 1, "fails: {fails}");
        }
    });
}

/// A run of one transaction, and one that its caller drops.
#[test]
fn pragmas_of_a_fresh_run_and_of_a_dropped_one_do_not_stay() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        let pool = one(db.options()).await;
        let first = (
            "20260101000000_first",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nPRAGMA recursive_triggers = ON;\nCREATE TABLE a (id INTEGER);\n",
        );
        let second = (
            "20260102000000_second",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE seen AS SELECT recursive_triggers AS value FROM pragma_recursive_triggers;\n",
        );
        Migrator::new(pool.clone(), db.set(&[first, second]))
            .build()
            .run()
            .await
            .expect("a fresh database");
        assert_eq!(number(&pool, "SELECT value FROM seen").await, 0);
        let recursive = "SELECT recursive_triggers FROM pragma_recursive_triggers";
        assert_eq!(number(&pool, recursive).await, 0);
        let endless = (
            "20260103000000_endless",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nPRAGMA recursive_triggers = ON;\n\
             CREATE TABLE b AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n;\n",
        );
        let build = Migrator::new(pool.clone(), db.set(&[first, second, endless])).build();
        tokio::time::timeout(Duration::from_secs(1), build.run())
            .await
            .expect_err("it never ends");
        assert_eq!(number(&pool, recursive).await, 0);
    });
}
