//! PostgreSQL: what only the server knows not to run in a transaction.

use migrate_testkit::PostgresDatabase;

use crate::kind::{Kind, versions};

const MOVE: (&str, &str) = (
    "20260101000000_move",
    "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n\
     INSERT INTO users VALUES (1, 'ada'), (2, 'eve');\n\
     CREATE TABLE parts (id INTEGER PRIMARY KEY) PARTITION BY RANGE (id);\n\
     CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (9);\n\
     CREATE PROCEDURE upper_names() LANGUAGE plpgsql AS $$\nDECLARE one integer;\nBEGIN\n\
     FOR one IN SELECT id FROM users ORDER BY id LOOP\nUPDATE users SET name = upper(name) WHERE id = one;\nCOMMIT;\n\
     END LOOP;\nEND $$;\n\
     -- migrate:down\nDROP PROCEDURE upper_names();\nDROP TABLE parts;\nDROP TABLE users;\n",
);

/// Only the server knows that these do not run in a transaction.
const UNKNOWN: &[&str] = &[
    "CALL upper_names();",
    "DO $$ BEGIN UPDATE users SET name = upper(name); COMMIT; END $$;",
    "DO $$ BEGIN CALL upper_names(); END $$;",
    "REINDEX TABLE parts;",
    "UPDATE users SET name = upper(name) WHERE id = 1;\nCALL upper_names();\nDELETE FROM users WHERE id = 2;",
];

#[test]
fn what_only_the_server_knows_to_commit_runs_outside_a_transaction() {
    crate::run(async {
        for statement in UNKNOWN {
            let db = <PostgresDatabase as Kind>::create().await;
            db.migrator(&[MOVE]).run().await.expect("a start");
            let file =
                |header: &str| format!("{header}-- migrate:irreversible \"x\"\n-- migrate:up\n{statement}\n");
            let inside = file("");
            let error = db
                .migrator(&[MOVE, ("20260102000000_call", &*inside)])
                .run()
                .await
                .expect_err("a transaction");
            assert!(error.is_statement(), "{error}");
            assert!(
                error.to_string().contains("`-- migrate:transaction off`"),
                "{statement}: {error}"
            );
            let outside = file("-- migrate:transaction off\n");
            let build = db.migrator(&[MOVE, ("20260102000000_call", &*outside)]);
            let report = build
                .run()
                .await
                .unwrap_or_else(|error| panic!("{statement}: {error}"));
            assert_eq!(versions(&report), [20260102000000], "{statement}");
            assert!(build.run().await.expect("a start").applied.is_empty());
            if !statement.contains("REINDEX") {
                assert_eq!(db.value("SELECT name FROM users WHERE id = 1").await, "ADA");
            }
        }
    });
}

/// A process that died in the middle of one that commits leaves a marker, and no trace of what it did.
#[test]
fn what_nothing_shows_is_left_to_a_person_and_what_may_run_twice_runs_again() {
    crate::run(async {
        for (statement, again) in [
            ("CALL upper_names();", false),
            (
                "DO $$ BEGIN UPDATE users SET name = upper(name); COMMIT; END $$;",
                false,
            ),
            ("REINDEX TABLE parts;", true),
        ] {
            for digest in ["1 x", "0 x"] {
                // A digest that another version took tells nothing.
                let again = again && digest == "1 x";
                let db = <PostgresDatabase as Kind>::create().await;
                let text = format!(
                    "-- migrate:transaction off\n-- migrate:irreversible \"x\"\n-- migrate:up\n{statement}\n"
                );
                let build = db.migrator(&[MOVE, ("20260102000000_call", &*text)]);
                build.run().await.expect("a start");
                db.execute(&format!(
                    "UPDATE _migrate_history SET state = 'applying', done = 0, catalog_digest = '{digest}' \
                     WHERE version = 20260102000000"
                ))
                .await;
                let ran = build.run().await;
                match again {
                    true => assert_eq!(versions(&ran.expect("once more")), [20260102000000]),
                    false => {
                        let error = ran.expect_err("a person has to look");
                        assert!(error.is_dirty(), "{statement}: {error}");
                        assert!(error.to_string().contains("statement 1"), "{error}");
                    }
                }
            }
        }
    });
}

/// A procedure that fails behind its first commit is told as what it is, and begins anew with the next run.
#[test]
fn a_procedure_that_fails_behind_a_commit_is_told() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[MOVE]).run().await.expect("a start");
        let text = "-- migrate:transaction off\n-- migrate:irreversible \"x\"\n-- migrate:up\n\
                    DO $$ BEGIN UPDATE users SET name = upper(name); COMMIT; PERFORM missing(); END $$;\n";
        let build = db.migrator(&[MOVE, ("20260102000000_call", text)]);
        for _ in 0..2 {
            let error = build.run().await.expect_err("a function is missing");
            assert!(
                error.is_statement() && error.to_string().contains("missing()"),
                "{error}"
            );
            assert_eq!(db.value("SELECT name FROM users WHERE id = 1").await, "ADA");
        }
        db.execute("CREATE FUNCTION missing() RETURNS void LANGUAGE sql AS ''")
            .await;
        build.run().await.expect("the rest of it");
    });
}
