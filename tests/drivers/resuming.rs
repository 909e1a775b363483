//! A section whose statements commit one by one, gone on with by a process that begins anew.

use migrate_core::Dialect;
use migrate_testkit::PostgresDatabase;

use crate::kind::{Kind, versions};

crate::on_every_database! {
    what_is_to_be_unchanged_is_held_against_the_value_from_before
    an_unchanged_value_that_holds_lets_the_rest_pass
    a_value_that_nobody_wrote_down_is_not_made_up
    a_temporary_table_that_is_gone_is_told
}

const ROWS: (&str, &str) = (
    "20260101000000_rows",
    "-- migrate:change rows\n-- migrate:up\nCREATE TABLE rows_kept (id INTEGER PRIMARY KEY, name VARCHAR(20));\n\
     INSERT INTO rows_kept VALUES (1, 'a'), (2, 'b');\n-- migrate:down\nDROP TABLE rows_kept;\n",
);

/// A migrate file whose second statement needs a table that is not there.
fn tidies(first: &str, verify: &str) -> String {
    format!(
        "-- migrate:change rows\n-- migrate:phase migrate\n-- migrate:transaction off\n-- migrate:up\n{first};\n\
         INSERT INTO missing VALUES (1);\n-- migrate:verify {verify}\nSELECT count(*) FROM rows_kept;\n"
    )
}

const MISSING: &str = "CREATE TABLE missing (id INTEGER)";

async fn what_is_to_be_unchanged_is_held_against_the_value_from_before<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[ROWS]).run().await.expect("a start");
    let text = tidies("DELETE FROM rows_kept WHERE id = 2", "unchanged");
    let build = db.migrator(&[ROWS, ("20260102000000_tidy", &*text)]);
    let error = build.run_to_completion().await.expect_err("a table is missing");
    assert!(error.is_statement(), "{error}");
    db.execute(MISSING).await;
    let error = build.run_to_completion().await.expect_err("a row is gone");
    assert!(error.is_verification(), "{error}");
    assert!(error.to_string().contains("answers 1, expected 2"), "{error}");
    // The log shows it to people as well.
    let log = build.events().await.expect("the log");
    let noted = log.iter().find_map(|entry| entry.figure("before"));
    assert_eq!(noted, Some("2"), "{log:?}");
}

async fn an_unchanged_value_that_holds_lets_the_rest_pass<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[ROWS]).run().await.expect("a start");
    let text = tidies("UPDATE rows_kept SET name = 'c'", "unchanged");
    let build = db.migrator(&[ROWS, ("20260102000000_tidy", &*text)]);
    for _ in 0..2 {
        build.run_to_completion().await.expect_err("a table is missing");
    }
    db.execute(MISSING).await;
    let report = build.run_to_completion().await.expect("the rest");
    assert_eq!(versions(&report), [20260102000000]);
}

/// A query that came into the file behind its first statement.
async fn a_value_that_nobody_wrote_down_is_not_made_up<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[ROWS]).run().await.expect("a start");
    let first = "DELETE FROM rows_kept WHERE id = 2";
    let before = tidies(first, "equals 1");
    let build = db.migrator(&[ROWS, ("20260102000000_tidy", &*before)]);
    build.run_to_completion().await.expect_err("a table is missing");
    db.execute(MISSING).await;
    let edited = tidies(first, "unchanged");
    let build = db.migrator(&[ROWS, ("20260102000000_tidy", &*edited)]);
    build.repair().await.expect("the same statements");
    let error = build.run_to_completion().await.expect_err("no value");
    assert!(error.is_verification(), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("is not known") && text.contains("equals <the value"),
        "{text}"
    );
    let mended = tidies(first, "equals 1");
    let build = db.migrator(&[ROWS, ("20260102000000_tidy", &*mended)]);
    build.repair().await.expect("the same statements");
    build.run_to_completion().await.expect("the rest");
    let missing = match K::DIALECT {
        Dialect::Postgres => "SELECT count(*)::text FROM missing",
        _ => "SELECT CAST(count(*) AS CHAR) FROM missing",
    };
    assert_eq!(db.value(missing).await, "1");
}

async fn a_temporary_table_that_is_gone_is_told<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[ROWS]).run().await.expect("a start");
    let make = "CREATE TEMPORARY TABLE picked (id INTEGER);\nINSERT INTO picked VALUES (1);\n";
    let rest = "DELETE FROM rows_kept WHERE id IN (SELECT id FROM picked);\n";
    let file = |again: &str| {
        format!(
            "-- migrate:transaction off\n-- migrate:irreversible \"x\"\n-- migrate:up\n{make}{again}\
             INSERT INTO missing VALUES (1);\n{rest}"
        )
    };
    let text = file("");
    let build = db.migrator(&[ROWS, ("20260102000000_pick", &*text)]);
    let error = build.run().await.expect_err("a table is missing");
    assert!(error.is_statement(), "{error}");
    db.execute(MISSING).await;
    // A table that everybody sees is not the one that was meant.
    db.execute("CREATE TABLE picked (id INTEGER)").await;
    for _ in 0..2 {
        let error = build.run().await.expect_err("a table is gone");
        assert!(error.is_dirty() && error.line() == Some(7), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("temporary table `picked` that statement 1 made"),
            "{text}"
        );
        assert!(text.contains("`repair`"), "{text}");
    }
    // The connection of a pool may still have it.
    let mended = file(&make.replace("TABLE", "TABLE IF NOT EXISTS"));
    let build = db.migrator(&[ROWS, ("20260102000000_pick", &*mended)]);
    build.repair().await.expect("the same statements");
    build.run().await.expect("the rest");
    let left = match K::DIALECT {
        Dialect::Postgres => "SELECT string_agg(id::text, ' ') FROM rows_kept",
        _ => "SELECT GROUP_CONCAT(id) FROM rows_kept",
    };
    assert_eq!(db.value(left).await, "2");
}

#[test]
fn postgres_sets_again_what_a_query_set() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.migrator(&[ROWS]).run().await.expect("a start");
        db.execute("CREATE SCHEMA app").await;
        let text = "-- migrate:transaction off\n-- migrate:irreversible \"x\"\n-- migrate:up\n\
                    SELECT pg_catalog.set_config('search_path', 'app', false);\n\
                    INSERT INTO public.missing VALUES (1);\nCREATE TABLE here (id INTEGER);\n";
        let build = db.migrator(&[ROWS, ("20260102000000_here", text)]);
        build.run().await.expect_err("a table is missing");
        db.execute(MISSING).await;
        build.run().await.expect("the rest");
        let place = "SELECT schemaname FROM pg_tables WHERE tablename = 'here'";
        assert_eq!(db.value(place).await, "app");
    });
}
