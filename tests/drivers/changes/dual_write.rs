//! Data is moved once what builds write reaches both shapes: by triggers, or because every build that runs writes both.

use super::*;

crate::on_every_database! {
    an_old_build_keeps_a_job_from_moving_what_no_trigger_keeps
    a_worker_waits_for_the_last_old_build
    what_a_sync_leaves_out_is_written_by_builds
    triggers_write_for_old_builds
    what_has_one_shape_is_moved
}

/// The expand, without the triggers that keep both columns equal.
fn unsynced() -> (&'static str, String) {
    let text = EXPAND.1.replace("-- migrate:sync people.name <-> nick\n", "");
    assert_ne!(text, EXPAND.1);
    (EXPAND.0, text)
}

/// What a change waits for, by the gate.
async fn finding(migrator: &Migrator, change_name: &str, gate: &str) -> (bool, String) {
    let seen = change(migrator, change_name).await;
    let found = seen.gates.into_iter().find(|one| one.gate == gate);
    let found = found.unwrap_or_else(|| panic!("{change_name} has no gate {gate}"));
    (found.open, found.finding)
}

async fn an_old_build_keeps_a_job_from_moving_what_no_trigger_keeps<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let old = builder(&db, &[PEOPLE], &clock).instance("shop-1").build();
    old.run().await.expect("the old build");
    db.execute(&rows(1, 50)).await;
    let (name, text) = unsynced();
    let files = [PEOPLE, (name, &*text), FILL];
    let next = builder(&db, &files, &clock).build();
    next.run().await.expect("the new build, on the expanded shape");
    let plan = next.plan().await.expect("a plan");
    assert!(plan.steps.is_empty(), "{plan}");
    let report = next.run_to_completion().await.expect("a job");
    assert!(report.applied.is_empty(), "{report}");
    let said = waits(&report);
    assert!(
        said.starts_with(
            "dual-write: no `sync` keeps both shapes, and builds have to write both: 1 of 2 instances do not"
        ) && said.contains("embed 20260102000000"),
        "{said}"
    );
    let begun = next.backfill(version(FILLED)).await.expect("a status");
    assert!(begun.is_none(), "{begun:?}");
    assert_eq!(
        finding(&next, "nick", "dual-write").await,
        (false, said["dual-write: ".len()..].to_owned())
    );
    old.leave().await;
    for _ in 0..100 {
        if next.instances().await.expect("the instances").instances.len() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (open, said) = finding(&next, "nick", "dual-write").await;
    assert!(
        open && said.ends_with("the one instance embeds 20260102000000"),
        "{said}"
    );
    let report = next.run_to_completion().await.expect("a job");
    assert_eq!(versions(&report), [FILLED], "{report}");
}

async fn a_worker_waits_for_the_last_old_build<K: Kind>() {
    let clock = TestClock::default();
    let db: K = K::create().await;
    let old = builder(&db, &[PEOPLE], &clock).build();
    old.run().await.expect("the old build");
    db.execute(&rows(1, 50)).await;
    let (name, text) = unsynced();
    let next = builder(&db, &[PEOPLE, (name, &*text), FILL], &clock).build();
    next.run().await.expect("the new build");
    let worker = next.spawn_worker();
    tokio::time::sleep(Duration::from_millis(900)).await;
    let begun = next.backfill(version(FILLED)).await.expect("a status");
    assert!(begun.is_none(), "{begun:?}");
    old.leave().await;
    verifies(&next).await;
    worker.shutdown().await.expect("an end");
}

/// The triggers keep one column, and the file writes two.
async fn what_a_sync_leaves_out_is_written_by_builds<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let old = builder(&db, &[PEOPLE], &clock).build();
    old.run().await.expect("the old build");
    db.execute(&rows(1, 50)).await;
    let more = (
        "20260102100000_more",
        "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN initial VARCHAR(50);\n\
         -- migrate:down\nALTER TABLE people DROP COLUMN initial;\n",
    );
    let fill = FILL
        .1
        .replace("SET nick = name", "SET nick = name, initial = name");
    assert_ne!(fill, FILL.1);
    let next = builder(&db, &[PEOPLE, EXPAND, more, (FILL.0, &fill)], &clock).build();
    let report = next.run_to_completion().await.expect("a job");
    assert_eq!(versions(&report), [20260102000000, 20260102100000], "{report}");
    let said = waits(&report);
    assert!(
        said.starts_with("dual-write: ") && said.contains("20260102000000, 20260102100000"),
        "{said}"
    );
}

async fn triggers_write_for_old_builds<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    let report = next.run_to_completion().await.expect("a job");
    assert_eq!(versions(&report), [20260102000000, FILLED], "{report}");
}

/// Nothing is added, so there is nothing that an old build would not write.
async fn what_has_one_shape_is_moved<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let tidy = (
        "20260103000000_tidy",
        "-- migrate:change tidy\n-- migrate:phase migrate\n-- migrate:up\n\
         UPDATE people SET name = 'nobody' WHERE name = '';\n\
         -- migrate:verify zero\nSELECT count(*) FROM people WHERE name = '';\n",
    );
    let next = builder(&db, &[PEOPLE, tidy], &clock).build();
    let report = next.run_to_completion().await.expect("a job");
    assert_eq!(versions(&report), [FILLED], "{report}");
}
