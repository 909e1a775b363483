//! A commit that is refused: what is told is the commit, of which migration, and what the database says.

use migrate_core::Dialect;
use migrate_testkit::{PostgresDatabase, SqliteDatabase};

use crate::kind::{Kind, version};

const TABLES: (&str, &str) = (
    "20260101000000_tables",
    "-- migrate:up\nCREATE TABLE owners (id INTEGER PRIMARY KEY);\n\
     CREATE TABLE cats (id INTEGER PRIMARY KEY, owner INTEGER REFERENCES owners (id) DEFERRABLE INITIALLY DEFERRED);\n\
     -- migrate:down\nDROP TABLE cats;\nDROP TABLE owners;\n",
);
/// Refers to a row that comes later, as it may.
const LATER: (&str, &str) = (
    "20260102000000_later",
    "-- migrate:irreversible \"x\"\n-- migrate:up\nINSERT INTO cats VALUES (1, 1);\nINSERT INTO owners VALUES (1);\n",
);
const LOST: (&str, &str) = (
    "20260103000000_lost",
    "-- migrate:irreversible \"x\"\n-- migrate:up\nINSERT INTO cats VALUES (2, 9);\nINSERT INTO owners VALUES (2);\n\
     INSERT INTO owners VALUES (3);\n",
);
const MORE: (&str, &str) = (
    "20260104000000_more",
    "-- migrate:irreversible \"x\"\n-- migrate:up\nINSERT INTO owners VALUES (4);\n",
);

async fn a_refused_commit_is_told_as_that<K: Kind>() {
    for used in [true, false] {
        let db = K::create().await;
        if used {
            db.migrator(&[TABLES]).run().await.expect("the tables");
        }
        let error = db
            .migrator(&[TABLES, LATER, LOST, MORE])
            .run()
            .await
            .expect_err("a row is missing");
        let text = error.to_string();
        assert!(error.is_statement(), "{text}");
        assert_eq!(error.version(), Some(version(20260103000000)), "{text}");
        assert_eq!(error.path(), Some("migrations/20260103000000_lost.sql"), "{text}");
        assert_eq!(error.line(), None, "{text}");
        assert!(
            text.starts_with("the database refused the commit of migration 20260103000000 lost: "),
            "{text}"
        );
        let said = match K::DIALECT {
            Dialect::Sqlite => "FOREIGN KEY constraint failed",
            _ => "violates foreign key constraint \"cats_owner_fkey\"",
        };
        assert!(text.contains(said), "{text}");
        if K::DIALECT == Dialect::Sqlite && !used {
            assert!(text.contains("row 2 of `cats` refers to `owners`"), "{text}");
            assert_eq!(db.tables("cats").await, "0", "nothing is left of it");
        }
        let mended = (LOST.0, LOST.1.replace("(2, 9)", "(2, 3)"));
        let build = db.migrator(&[TABLES, LATER, (mended.0, &mended.1), MORE]);
        build.run().await.expect("the mended file");
        assert_eq!(db.value("SELECT CAST(count(*) AS TEXT) FROM cats").await, "2");
    }
}

#[test]
fn postgres() {
    crate::run(a_refused_commit_is_told_as_that::<PostgresDatabase>());
}

#[test]
fn sqlite() {
    crate::run(a_refused_commit_is_told_as_that::<SqliteDatabase>());
}

/// The commit of a statement that is its own transaction.
#[test]
fn a_statement_that_commits_alone_is_told_with_its_line() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        db.migrator(&[TABLES]).run().await.expect("the tables");
        let off = format!("-- migrate:transaction off\n{}", LOST.1);
        let error = db
            .migrator(&[TABLES, (LOST.0, &off)])
            .run()
            .await
            .expect_err("a row is missing");
        assert!(error.is_statement() && error.line() == Some(4), "{error}");
    });
}
