//! Applying: fresh and used databases, phases, failures.

use migrate_core::migrator::StatusState;
use migrate_core::{Dialect, Migrator};

use crate::kind::{Kind, version, versions};

crate::on_every_database! {
    a_fresh_database_gets_everything
    a_used_database_gets_expands_and_the_rest_waits
    development_opens_every_gate
    a_refused_statement_is_named_with_its_place
    each_refused_statement_of_a_file_is_told_as_itself
    what_was_done_before_a_failure_stays_and_is_not_done_again
    a_verify_that_fails_stops_the_migration
    a_verify_that_holds_lets_it_pass
    a_build_that_reads_unmoved_data_is_not_ready
    transaction_off_goes_statement_by_statement
    out_of_order_files_are_applied
    settings_of_a_file_do_not_reach_the_next
    plans_touch_nothing
    another_server_is_refused
}

pub(crate) const USERS: (&str, &str) = (
    "20260101000000_create_users",
    "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50));\n\
     INSERT INTO users VALUES (1, 'ada');\n-- migrate:down\nDROP TABLE users;\n",
);
pub(crate) const EMAIL: (&str, &str) = (
    "20260102000000_add_email",
    "-- migrate:change email\n-- migrate:up\nALTER TABLE users ADD COLUMN email VARCHAR(50);\n\
     -- migrate:down\nALTER TABLE users DROP COLUMN email;\n",
);
const FILL: (&str, &str) = (
    "20260103000000_fill_email",
    "-- migrate:change email\n-- migrate:phase migrate\n-- migrate:up\n\
     UPDATE users SET email = name WHERE email IS NULL;\n\
     -- migrate:verify zero\nSELECT count(*) FROM users WHERE email IS NULL;\n",
);
const DROP_NAME: (&str, &str) = (
    "20260104000000_drop_name",
    "-- migrate:change email\n-- migrate:phase contract\n-- migrate:irreversible \"names are gone\"\n\
     -- migrate:up\nALTER TABLE users DROP COLUMN name;\n",
);
const PETS: (&str, &str) = (
    "20260105000000_create_pets",
    "-- migrate:up\nCREATE TABLE pets (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE pets;\n",
);

async fn a_fresh_database_gets_everything<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[USERS, EMAIL, FILL, DROP_NAME, PETS]);
    let report = migrator.run().await.unwrap();
    assert!(report.fresh);
    assert_eq!(report.applied.len(), 5, "{report}");
    assert_eq!(db.value("SELECT email FROM users").await, "ada");
    let again = migrator.run().await.unwrap();
    assert!(again.applied.is_empty() && again.waiting.is_empty(), "{again}");
    let status = migrator.status().await.unwrap();
    assert!(status.may_serve, "{status}");
    assert!(
        status
            .lines
            .iter()
            .all(|line| matches!(line.state, StatusState::Recorded { .. })),
        "{status}"
    );
}

async fn a_used_database_gets_expands_and_the_rest_waits<K: Kind>() {
    let db = K::create().await;
    db.ran(&[USERS]).await;
    // The first build of the change does not embed its contract yet.
    let expanding = db.migrator(&[USERS, EMAIL, FILL, PETS]);
    let report = expanding.run().await.unwrap();
    assert_eq!(versions(&report), [20260102000000, 20260105000000]);
    assert_eq!(report.waiting.len(), 1, "{report}");
    let report = expanding.run_to_completion().await.unwrap();
    assert_eq!(versions(&report), [20260103000000]);
    let contracting = db.migrator(&[USERS, EMAIL, FILL, DROP_NAME, PETS]);
    let report = contracting.run().await.unwrap();
    assert!(report.applied.is_empty(), "{report}");
    let report = contracting.run_to_completion().await.unwrap();
    assert!(
        report.applied.is_empty(),
        "nothing proves that no build needs the name: {report}"
    );
    assert_eq!(report.waiting.len(), 1, "{report}");
    assert_eq!(db.value("SELECT name FROM users").await, "ada");
}

async fn development_opens_every_gate<K: Kind>() {
    let db = K::create().await;
    db.developer(&[USERS]).run().await.unwrap();
    let migrator = db.developer(&[USERS, EMAIL, FILL, DROP_NAME]);
    let report = migrator.run_to_completion().await.unwrap();
    assert_eq!(report.applied.len(), 3, "{report}");
}

async fn a_refused_statement_is_named_with_its_place<K: Kind>() {
    let db = K::create().await;
    let bad = (
        "20260102000000_typo",
        "-- migrate:up\nCREATE TABLE fine (id INTEGER);\n\nINSERT INTO users\n  VALEUS (9, 'eve');\n\
         -- migrate:down\nDROP TABLE fine;\n",
    );
    let error = db.migrator(&[USERS, bad]).run().await.unwrap_err();
    assert!(error.is_statement(), "{error}");
    assert_eq!(error.version(), Some(version(20260102000000)));
    assert_eq!(error.path(), Some("migrations/20260102000000_typo.sql"));
    let text = error.to_string();
    assert_eq!((error.line(), error.column()), (Some(5), Some(3)), "{text}");
    assert!(text.contains("typo") && text.contains('^'), "{text}");
    assert!(std::error::Error::source(&error).is_some());
    if K::DIALECT.has_transactional_ddl() {
        assert_eq!(db.tables("fine").await, "0");
    }
}

async fn each_refused_statement_of_a_file_is_told_as_itself<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    // Line 2, 3 and 4 hold the statements; the last one has a comment that is not ended by a line.
    for (refused, line) in [
        (
            "INSERT INTO users (id, name) VALUES (1, 'again');\nINSERT INTO users (id, name) VALUES (7, 'ü');\n",
            2,
        ),
        (
            "INSERT INTO users (id, name) VALUES (7, 'ü');\nINSERT INTO users (id, name) VALUES (1, 'again');\n",
            3,
        ),
        (
            "INSERT INTO users (id, name) VALUES (7, 'ü'); -- é\nDELETE FROM users WHERE nme = 'x';\n",
            3,
        ),
        (
            "INSERT INTO users (id, name) VALUES (7, 'ü');\nDELETE FROM users WHERE id = 8;\n\
             INSERT INTO users (id, name) VALUES (1, 'again') -- é",
            4,
        ),
    ] {
        let text = format!("-- migrate:up\n{refused}\n-- migrate:down\nDELETE FROM users WHERE id = 7;\n");
        let bad = ("20260102000000_insert", text.as_str());
        let error = db.migrator(&[USERS, bad]).run().await.unwrap_err();
        assert!(error.is_statement(), "{error}");
        assert_eq!(error.line(), Some(line), "{error}");
        if K::DIALECT.has_transactional_ddl() {
            assert_eq!(db.value("SELECT count(*) FROM users").await, "1");
        }
        db.execute("DELETE FROM users WHERE id = 7").await;
        db.execute("DELETE FROM _migrate_history WHERE version = 20260102000000")
            .await;
        db.execute("DELETE FROM _migrate_sql WHERE version = 20260102000000")
            .await;
    }
}

async fn what_was_done_before_a_failure_stays_and_is_not_done_again<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let bad = (
        "20260106000000_late",
        "-- migrate:up\nCREATE TABLE late (id INTEGER);\nINSERT INTO late VALUES (1);\nINSERT INTO missing VALUES (1);\n\
         -- migrate:down\nDROP TABLE late;\n",
    );
    let migrator = db.migrator(&[USERS, EMAIL, bad]);
    assert!(migrator.run().await.unwrap_err().is_statement());
    db.execute("CREATE TABLE missing (id INTEGER)").await;
    let report = migrator.run().await.unwrap();
    assert_eq!(versions(&report), [20260106000000], "{report}");
    assert_eq!(db.value("SELECT count(*) FROM late").await, "1");
    assert_eq!(db.value("SELECT count(*) FROM missing").await, "1");
}

async fn a_verify_that_fails_stops_the_migration<K: Kind>() {
    let db = K::create().await;
    let forgetful = (
        "20260103000000_fill_email",
        "-- migrate:change email\n-- migrate:phase migrate\n-- migrate:up\nUPDATE users SET email = name WHERE id > 1;\n\
         -- migrate:verify zero\nSELECT count(*) FROM users WHERE email IS NULL;\n",
    );
    let error = db.migrator(&[USERS, EMAIL, forgetful]).run().await.unwrap_err();
    assert!(error.is_verification(), "{error}");
    assert_eq!(error.line(), Some(6), "{error}");
    assert!(error.to_string().contains("answers 1, expected 0"), "{error}");
}

async fn a_verify_that_holds_lets_it_pass<K: Kind>() {
    let db = K::create().await;
    let exact = (
        "20260103000000_fill_email",
        "-- migrate:change email\n-- migrate:phase migrate\n-- migrate:up\nUPDATE users SET email = name;\n\
         -- migrate:verify unchanged\nSELECT count(*) FROM users;\n\
         -- migrate:verify equals 'ada'\nSELECT email FROM users;\n",
    );
    db.migrator(&[USERS, EMAIL, exact]).run().await.unwrap();
}

async fn a_build_that_reads_unmoved_data_is_not_ready<K: Kind>() {
    let db = K::create().await;
    db.ran(&[USERS]).await;
    let migrator = db.migrator(&[USERS, EMAIL, FILL, DROP_NAME]);
    let error = migrator.run().await.unwrap_err();
    assert!(error.is_not_ready(), "{error}");
    assert!(error.to_string().contains("fill_email"), "{error}");
    migrator.run_to_completion().await.unwrap();
    migrator.run().await.unwrap();
}

async fn transaction_off_goes_statement_by_statement<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS]).run().await.unwrap();
    let off = (
        "20260102000000_off",
        "-- migrate:transaction off\n-- migrate:up\nCREATE TABLE one (id INTEGER);\nINSERT INTO one VALUES (1);\n\
         INSERT INTO two VALUES (1);\nCREATE TABLE three (id INTEGER);\n-- migrate:down\nDROP TABLE three;\nDROP TABLE one;\n",
    );
    let migrator = db.migrator(&[USERS, off]);
    assert!(migrator.run().await.unwrap_err().is_statement());
    assert_eq!(db.value("SELECT count(*) FROM one").await, "1");
    let status = migrator.status().await.unwrap();
    assert!(
        status.to_string().contains("applying, 2 statements done"),
        "{status}"
    );
    // Why it stands there is kept: once, however often the same is tried.
    assert!(migrator.run().await.unwrap_err().is_statement());
    let failed = status.lines[1].failed.as_ref().expect("why");
    assert_eq!(failed.statement, 3);
    assert!(failed.error.contains("two"), "{failed}");
    let log = migrator.events().await.unwrap();
    let failures = log
        .iter()
        .filter(|entry| entry.what == migrate_core::change::Occurrence::Failed);
    assert_eq!(failures.count(), 1, "{log:#?}");
    db.execute("CREATE TABLE two (id INTEGER)").await;
    migrator.run().await.unwrap();
    assert_eq!(db.value("SELECT count(*) FROM one").await, "1");
    assert_eq!(db.tables("three").await, "1");
    assert_eq!(migrator.status().await.unwrap().lines[1].failed, None);
    migrator.down().await.unwrap();
    assert_eq!(db.tables("one").await, "0");
}

async fn out_of_order_files_are_applied<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[USERS, PETS]).run().await.unwrap();
    let report = db.migrator(&[USERS, EMAIL, PETS]).run().await.unwrap();
    assert_eq!(versions(&report), [20260102000000]);
    assert!(
        report.notes.iter().any(|note| note.contains("out of order")),
        "{report}"
    );
}

async fn settings_of_a_file_do_not_reach_the_next<K: Kind>() {
    let db = K::create().await;
    let setting = match K::DIALECT {
        Dialect::Postgres => "SELECT pg_catalog.set_config('search_path', '', false)",
        Dialect::Sqlite => "SELECT 1",
        _ => "SET SESSION sql_mode = 'PIPES_AS_CONCAT'",
    };
    let one = if K::DIALECT == Dialect::Postgres {
        "public.one"
    } else {
        "one"
    };
    let header = "-- migrate:irreversible \"test\"\n-- migrate:up\n";
    let first = format!("{header}{setting};\nCREATE TABLE {one} (id INTEGER);\n");
    let second = format!("{header}CREATE TABLE two (id INTEGER);\n");
    let set = [("20260101000000_set", &*first), ("20260102000000_two", &*second)];
    db.migrator(&set).run().await.unwrap();
    assert_eq!(db.tables("two").await, "1");
}

async fn plans_touch_nothing<K: Kind>() {
    let db = K::create().await;
    let migrator = db.migrator(&[USERS, EMAIL]);
    let plan = migrator.plan().await.unwrap();
    assert_eq!(plan.steps.len(), 2);
    assert!(plan.fresh);
    let dry = migrator.dry_run().await.unwrap();
    assert_eq!(plan, dry);
    let text = plan.to_string();
    assert!(
        text.contains("ALTER TABLE users ADD COLUMN email") && text.contains("Point of no return: none"),
        "{text}"
    );
    assert_eq!(db.tables("_migrate_history").await, "0");
    assert!(!migrator.status().await.unwrap().may_serve);
    assert_eq!(db.tables("_migrate_history").await, "0");
}

async fn another_server_is_refused<K: Kind>() {
    let db = K::create().await;
    let mut set = db.set(&[USERS]).into_untyped();
    set.since = Some(migrate_core::ServerVersion::new(99, 0, 0));
    let set = migrate_core::Set::typed(set).unwrap();
    let error = Migrator::new(db.pool(), set).build().run().await.unwrap_err();
    assert!(error.is_server() && error.to_string().contains("99"), "{error}");
    assert_eq!(db.tables("users").await, "0");
}
