//! MariaDB: statements that commit by themselves, some of them in parts, and that nothing or not everything shows.

use std::time::Duration;

use migrate_core::Migrator;
use migrate_testkit::MysqlDatabase;

use crate::kind::{Kind, versions};

const TABLES: (&str, &str) = (
    "20260101000000_tables",
    "-- migrate:up\nCREATE TABLE a (id INT PRIMARY KEY, n INT);\nINSERT INTO a VALUES (1, 1), (2, 2);\n\
     CREATE TABLE b (id INT PRIMARY KEY);\nCREATE TABLE child (id INT, b INT REFERENCES b (id));\n\
     CREATE TABLE parts (id INT PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (9));\n\
     CREATE TABLE part (id INT PRIMARY KEY);\n\
     -- migrate:down\nDROP TABLE child, a, b, parts, part;\n",
);
const NAME: &str = "20260102000000_second";

fn file(statements: &str) -> String {
    format!("-- migrate:irreversible \"x\"\n-- migrate:up\n{statements}\n")
}

async fn in_use() -> MysqlDatabase {
    let db = <MysqlDatabase as Kind>::create().await;
    db.migrator(&[TABLES]).run().await.expect("a start");
    db
}

/// As a process leaves the history that dies within the first statement.
const BEGUN: &str = "UPDATE _migrate_history SET state = 'applying', done = 0, catalog_digest = '1 x' \
                     WHERE version = 20260102000000";

#[test]
fn what_nothing_shows_is_not_done_twice() {
    crate::run(async {
        for (statement, undo) in [
            ("ALTER TABLE parts EXCHANGE PARTITION p WITH TABLE part;", ""),
            ("RENAME TABLE part TO swap, b TO part, swap TO b;", ""),
            (
                "CREATE USER 'in_parts'@'nowhere';",
                "DROP USER 'in_parts'@'nowhere'",
            ),
            ("CREATE DATABASE in_parts_1;", "DROP DATABASE in_parts_1"),
            ("CREATE TABLE in_parts_2.t (id INT);", "DROP DATABASE in_parts_2"),
        ] {
            let db = in_use().await;
            if statement.contains("in_parts_2") {
                db.execute("CREATE DATABASE in_parts_2").await;
            }
            let text = file(statement);
            let build = db.migrator(&[TABLES, (NAME, &*text)]);
            let ran = build.run().await;
            if !undo.is_empty() {
                db.execute(undo).await;
            }
            ran.unwrap_or_else(|error| panic!("{statement}: {error}"));
            db.execute(BEGUN).await;
            let ran = build.run().await;
            let error = ran.expect_err("a person has to look");
            assert!(error.is_dirty(), "{statement}: {error}");
            assert!(
                error.to_string().contains("nothing shows whether it ran"),
                "{error}"
            );
        }
    });
}

#[test]
fn a_name_that_is_not_there_drops_nothing() {
    crate::run(async {
        let db = in_use().await;
        let text = file("DROP TABLE a, typo;");
        let error = db
            .migrator(&[TABLES, (NAME, &*text)])
            .run()
            .await
            .expect_err("a typo");
        assert!(
            error.is_statement() && error.to_string().contains("typo"),
            "{error}"
        );
        assert_eq!(db.tables("a").await, "1");
        let mended = file("DROP TABLE a, part;");
        let build = db.migrator(&[TABLES, (NAME, &*mended)]);
        build.repair().await.expect("nothing was done");
        assert_eq!(versions(&build.run().await.expect("both")), [20260102000000]);
        assert_eq!(db.tables("a").await, "0");
    });
}

#[test]
fn what_was_dropped_in_part_is_dropped_to_the_end() {
    crate::run(async {
        let db = in_use().await;
        let text = file("DROP TABLE a, part;");
        let build = db.migrator(&[TABLES, (NAME, &*text)]);
        build.run().await.expect("both");
        // The process died between the two.
        db.execute("CREATE TABLE part (id INT PRIMARY KEY)").await;
        db.execute(BEGUN).await;
        build.run().await.expect("the other one");
        assert_eq!(db.tables("part").await, "0");
    });
}

#[test]
fn what_fails_behind_a_part_of_its_work_says_so() {
    crate::run(async {
        let db = in_use().await;
        let text = file("DROP TABLE a, b;");
        let build = db.migrator(&[TABLES, (NAME, &*text)]);
        let error = build.run().await.expect_err("it is referred to");
        assert!(error.is_statement(), "{error}");
        assert_eq!(db.tables("a").await, "0", "MariaDB drops one by one");
        assert!(
            error.to_string().contains("has done a part of its work"),
            "{error}"
        );
        let again = build.run().await.expect_err("it is gone").to_string();
        assert!(again.contains("a' doesn't exist"), "{again}");
        let mended = file("DROP TABLE child, b;");
        let build = db.migrator(&[TABLES, (NAME, &*mended)]);
        build.repair().await.expect("nothing was done");
        build.run().await.expect("the rest");
    });
}

#[test]
fn locked_tables_are_refused_before_anything_runs() {
    crate::run(async {
        let db = in_use().await;
        let text =
            file("CREATE TABLE c (id INT);\nLOCK TABLES a WRITE;\nUPDATE a SET n = 3;\nUNLOCK TABLES;");
        let build = db.migrator(&[TABLES, (NAME, &*text)]);
        let error = build.run().await.expect_err("it locks");
        assert!(error.is_statement() && error.line() == Some(4), "{error}");
        assert!(error.to_string().contains("UNLOCK TABLES"), "{error}");
        assert_eq!(db.tables("c").await, "0");
        let mended = file("CREATE TABLE c (id INT);\nUPDATE a SET n = 3;");
        db.migrator(&[TABLES, (NAME, &*mended)])
            .run()
            .await
            .expect("a run");
    });
}

/// Data and a temporary table are one transaction, which is tried again where somebody is in the way.
#[test]
fn a_temporary_table_beside_data_is_one_transaction() {
    crate::run(async {
        let db = in_use().await;
        let statements = "CREATE TEMPORARY TABLE picked AS SELECT 2 AS id;\n\
                          UPDATE a SET n = 9 WHERE id = 2;\nDELETE FROM a WHERE id IN (SELECT id FROM picked);\n\
                          INSERT INTO a VALUES (1, 1);\nDROP TEMPORARY TABLE picked;";
        let text = file(statements);
        let error = db
            .migrator(&[TABLES, (NAME, &*text)])
            .run()
            .await
            .expect_err("the row is there");
        assert!(error.is_statement(), "{error}");
        assert_eq!(db.value("SELECT CAST(n AS CHAR) FROM a WHERE id = 2").await, "2");
        let mended = file(&statements.replace("(1, 1)", "(3, 3)"));
        let build = Migrator::new(Kind::pool(&db), db.set(&[TABLES, (NAME, &*mended)]))
            .lock_timeout(Duration::from_secs(1))
            .lock_retry(Duration::from_secs(20))
            .build();
        let held = db.hold("UPDATE a SET n = 7 WHERE id = 2").await;
        let running = tokio::spawn(async move { build.run().await });
        tokio::time::sleep(Duration::from_millis(1800)).await;
        drop(held);
        running.await.expect("no panic").expect("the second attempt");
        assert_eq!(
            db.value("SELECT GROUP_CONCAT(id ORDER BY id) FROM a").await,
            "1,3"
        );
    });
}

/// What was prepared is prepared again.
#[test]
fn prepared_statements_are_there_behind_an_interruption() {
    crate::run(async {
        let db = in_use().await;
        let text = file(
            "SET @sql = 'CREATE TABLE made (id INT)';\nPREPARE make FROM @sql;\nALTER TABLE late ADD COLUMN n INT;\n\
             EXECUTE make;\nDEALLOCATE PREPARE make;",
        );
        let build = db.migrator(&[TABLES, (NAME, &*text)]);
        build.run().await.expect_err("a table is missing");
        db.execute("CREATE TABLE late (id INT)").await;
        build.run().await.expect("the rest");
        assert_eq!(db.tables("made").await, "1");
    });
}
