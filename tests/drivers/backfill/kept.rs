//! Copies of two tables that triggers keep equal, whose condition passes over some rows by now.

use migrate_core::migrator::{CheckKind, Verification};

use super::repair::synced::quietly;
use super::*;

crate::on_every_database! {
    what_triggers_keep_of_a_row_that_is_passed_over_is_right
    what_triggers_keep_one_way_is_right
    what_no_trigger_keeps_is_compared
    what_workers_look_at_again_stays_right
    a_copy_that_comes_to_a_row_of_a_trigger_says_so
}

const NOTED: &str = "INSERT INTO names (person, label, note) SELECT p.id, p.name, 'moved' FROM people p WHERE p.name IS NOT NULL";

fn files<K: Kind>(arrow: &str) -> [(&'static str, String); 3] {
    let sync = format!(
        "-- migrate:change names\n-- migrate:sync people.name {arrow} names.label on (people.id = names.person)\n\
         -- migrate:up\n\
         CREATE TABLE names (person INTEGER NOT NULL PRIMARY KEY, label VARCHAR(50), note VARCHAR(50));\n\
         -- migrate:down\nDROP TABLE names;\n"
    );
    let copy = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => format!("{NOTED} ON CONFLICT (person) DO NOTHING"),
        _ => NOTED.replace("INSERT INTO", "INSERT IGNORE INTO"),
    };
    let fill = format!(
        "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\n{copy};\n"
    );
    [
        (PEOPLE.0, PEOPLE.1.to_owned()),
        ("20260102000000_names", sync),
        (FILL.0, fill),
    ]
}

/// Fifty people, each with a name of its own, moved; then the application takes one of them away.
async fn split<K: Kind>(arrow: &str) -> (K, Migrator) {
    let db = K::create().await;
    let files = files::<K>(arrow);
    let files = files.each_ref().map(|(name, text)| (*name, &**text));
    db.ran(&files[..1]).await;
    db.execute(&rows(1, 50)).await;
    db.ran(&files[..2]).await;
    let migrator = db.migrator(&files);
    migrator.run_to_completion().await.expect("a backfill");
    db.execute("UPDATE people SET name = NULL WHERE id = 7").await;
    assert_eq!(
        db.value("SELECT COALESCE(label, '-') FROM names WHERE person = 7")
            .await,
        "-",
        "the row stays"
    );
    (db, migrator)
}

async fn looked(migrator: &Migrator) -> Verification {
    migrator.verify(version(FILLED)).await.expect("a look")
}

/// Which checks find something, with their figures.
async fn wrong(migrator: &Migrator) -> Vec<String> {
    let looked = looked(migrator).await;
    let wrong = looked.checks.iter().filter(|check| !check.is_right());
    wrong
        .map(|check| format!("{}: {check}", check.kind.name()))
        .collect()
}

async fn is_right(migrator: &Migrator) {
    let looked = looked(migrator).await;
    assert!(looked.is_right(), "{looked}");
    assert_eq!(looked.checks.len(), 3, "{looked}");
    let counts = looked.check(CheckKind::Counts).expect("counts");
    assert_eq!(
        counts.finding,
        "49 rows are selected, and `names` has 50, 1 of them because triggers keep both sides equal"
    );
    let plan = migrator
        .repair_rows_plan(version(FILLED))
        .await
        .expect("a plan of a repair");
    assert!(!plan.writes() && !plan.leaves(), "{plan}");
    migrator.rerun(version(FILLED)).await.expect("to move again");
    migrator.run_to_completion().await.expect("it is right");
    let status = filled(migrator).await;
    assert_eq!(status.state, BackfillState::Verified, "{status}");
}

async fn what_triggers_keep_of_a_row_that_is_passed_over_is_right<K: Kind>() {
    let (db, migrator): (K, _) = split("<->").await;
    is_right(&migrator).await;
    // Of the new build, and taken away by it.
    db.execute("UPDATE names SET label = 'ada' WHERE person = 7")
        .await;
    let all = looked(&migrator).await;
    // What the statement writes beside the side was written before.
    assert!(all.is_right(), "{all}");
    db.execute("UPDATE names SET label = NULL WHERE person = 7").await;
    is_right(&migrator).await;
    // Neither side follows from the other one.
    quietly(&db, &["UPDATE names SET label = 'other' WHERE person = 7"]).await;
    assert_eq!(
        wrong(&migrator).await,
        [
            "checksums: 50 rows compared by checksums, 1 differ (7)",
            "counts: 49 rows are selected, and `names` has 50"
        ]
    );
    // Nor of one that has no source any more.
    quietly(
        &db,
        &[
            "UPDATE names SET label = NULL WHERE person = 7",
            "DELETE FROM people WHERE id = 7",
        ],
    )
    .await;
    assert_eq!(
        wrong(&migrator).await,
        [
            "checksums: 49 rows compared by checksums, 1 differ (7)",
            "counts: 49 rows are selected, and `names` has 50"
        ]
    );
}

async fn what_triggers_keep_one_way_is_right<K: Kind>() {
    let (db, migrator): (K, _) = split("->").await;
    is_right(&migrator).await;
    // What is written to the new side does not reach the old one.
    db.execute("UPDATE names SET label = 'other' WHERE person IN (7, 8)")
        .await;
    assert_eq!(
        wrong(&migrator).await,
        [
            "checksums: 50 rows compared by checksums, 2 differ (7, 8)",
            "counts: 49 rows are selected, and `names` has 50",
            "sample: 49 random rows read, 1 differ (8)"
        ]
    );
}

async fn what_no_trigger_keeps_is_compared<K: Kind>() {
    let (db, migrator): (K, _) = split("<->").await;
    db.execute("UPDATE names SET note = 'other' WHERE person = 9")
        .await;
    assert_eq!(
        wrong(&migrator).await,
        [
            "checksums: 50 rows compared by checksums, 1 differ (9)",
            "sample: 49 random rows read, 1 differ (9)"
        ]
    );
    let repair = migrator.repair_rows(version(FILLED)).await.expect("a repair");
    assert_eq!((repair.inserted, repair.updated), (0, 1), "{repair}");
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
    assert_eq!(db.value("SELECT note FROM names WHERE person = 9").await, "moved");
}

async fn what_workers_look_at_again_stays_right<K: Kind>() {
    let (db, migrator): (K, _) = split("<->").await;
    migrator.leave().await;
    crate::kind::left(&migrator).await;
    let files = files::<K>("<->");
    let files = files.each_ref().map(|(name, text)| (*name, &**text));
    let migrator = Migrator::new(db.pool(), db.set(&files))
        .verify_again(Duration::from_millis(300))
        .build();
    migrator.run().await.expect("it may serve");
    let worker = migrator.spawn_worker();
    for id in [11, 12, 13, 14] {
        db.execute(&format!("UPDATE people SET name = NULL WHERE id = {id}"))
            .await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let status = filled(&migrator).await;
        assert_eq!(status.state, BackfillState::Verified, "{status}");
    }
    // It does look.
    quietly(&db, &["UPDATE names SET label = 'other' WHERE person = 7"]).await;
    for _ in 0..600 {
        if filled(&migrator).await.state == BackfillState::Blocked {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let status = filled(&migrator).await;
    assert_eq!(status.state, BackfillState::Blocked, "{status}");
    worker.shutdown().await.expect("it ends");
}

async fn a_copy_that_comes_to_a_row_of_a_trigger_says_so<K: Kind>() {
    let db = K::create().await;
    let [people, sync, (name, fill)] = files::<K>("<->");
    // A row of a trigger has nothing else.
    let fill = fill.replace(", note)", ")").replace(", 'moved'", "");
    let plain = fill
        .replace(" ON CONFLICT (person) DO NOTHING", "")
        .replace("INSERT IGNORE", "INSERT");
    let files = [(people.0, &*people.1), (sync.0, &*sync.1), (name, &*plain)];
    db.ran(&files[..1]).await;
    db.execute(&rows(1, 5)).await;
    db.ran(&files[..2]).await;
    db.execute("UPDATE people SET name = 'ada' WHERE id = 3").await;
    let error = db.migrator(&files).run_to_completion().await;
    let error = error.expect_err("the row is there").to_string();
    assert!(
        error.contains("the triggers of `people.name <-> names.label` make rows as well"),
        "{error}"
    );
    let migrator = db.migrator(&[files[0], files[1], (name, &*fill)]);
    migrator.resume(version(FILLED)).await.expect("to go on");
    migrator
        .run_to_completion()
        .await
        .expect("it passes over the row");
}
