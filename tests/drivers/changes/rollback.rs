//! Taking changes back: the scenarios of the plan document's table, and what is refused.

use migrate_core::change::LogEntry;
use migrate_core::migrator::RollbackPlan;

use super::*;

crate::on_every_database! {
    failed_partway_is_taken_back_fixed_and_tried_again
    applied_but_the_application_broke
    moved_but_wrong_needs_a_corrective_backfill
    behind_a_contract_that_lost_data_there_is_only_the_backup
    a_build_of_the_new_shape_keeps_the_change
    a_build_without_the_files_rolls_back
    an_instance_that_may_miss_it_is_named
    a_build_of_files_that_nobody_knows_keeps_the_change
    a_contract_that_lost_data_has_no_down
    what_was_approved_is_forgotten_by_a_down
    data_that_is_moved_in_part_is_no_reason_to_stay
    a_running_backfill_is_stopped
    a_tightening_is_taken_back
    nothing_to_take_back_is_said
}

async fn planned(migrator: &Migrator) -> RollbackPlan {
    migrator.rollback_plan("nick").await.expect("a plan")
}

async fn failed_partway_is_taken_back_fixed_and_tried_again<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    builder(&db, &[PEOPLE], &clock)
        .build()
        .run()
        .await
        .expect("a build");
    let second = (
        "20260102000001_more",
        "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN nick VARCHAR(50);\n\
         -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
    );
    let broken = builder(&db, &[PEOPLE, EXPAND, second], &clock).build();
    let error = broken.run().await.expect_err("the column is there already");
    assert!(error.is_statement(), "{error}");
    broken.rollback("nick").await.expect("the way back");
    db.attempt("SELECT nick FROM people")
        .await
        .expect_err("the column is gone");
    broken.resume_change("nick").await.expect("it may be tried again");
    let fixed = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    fixed.run().await.expect("the file that was mended");
    db.attempt("SELECT nick FROM people")
        .await
        .expect("the column is there");
}

async fn applied_but_the_application_broke<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let last = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    let plan = planned(&last).await;
    assert!(plan.refusals.is_empty() && plan.discards.is_empty(), "{plan}");
    assert_eq!(plan.losses.len(), 1, "{plan}");
    assert_eq!(plan.losses[0].to_string(), "50 values of `people.nick`");
    let report = last.rollback("nick").await.expect("the way back");
    assert_eq!(report.reverted.len(), 2, "{report}");
    db.attempt("SELECT nick FROM people")
        .await
        .expect_err("the column is gone");
    db.execute("INSERT INTO people (id, name) VALUES (900, 'by an old build')")
        .await;
    assert_eq!(change(&last, "nick").await.state, ChangeState::RolledBack);
    let log = last.events().await.expect("the log");
    let entry = log
        .iter()
        .find(|entry| entry.what == Occurrence::RolledBack)
        .expect("an entry");
    assert_eq!(
        entry.figure("loses (20260102000000)"),
        Some("50 values of `people.nick`"),
        "{entry}"
    );
    // Builds that still embed it do not apply it again.
    let error = last.run().await.expect_err("it needs the column");
    assert!(
        error.is_not_ready() && error.to_string().contains("was rolled back"),
        "{error}"
    );
    db.attempt("SELECT nick FROM people")
        .await
        .expect_err("the column stays away");
    builder(&db, &[PEOPLE], &clock)
        .build()
        .run()
        .await
        .expect("the old build serves");
    last.resume_change("nick").await.expect("it may be applied again");
    last.run().await.expect("the new build serves");
    last.run_to_completion().await.expect("its data is moved again");
    assert_eq!(change(&last, "nick").await.state, ChangeState::Verified);
    last.resume_change("nick")
        .await
        .expect_err("it was not rolled back");
}

async fn moved_but_wrong_needs_a_corrective_backfill<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let wrong = FILL.1.replace("nick IS NULL", "nick <> 'somebody else'");
    let next = builder(&db, &[PEOPLE, EXPAND, (FILL.0, &wrong)], &clock).build();
    next.run_to_completion()
        .await
        .expect_err("the data is not what the file says");
    assert!(change(&next, "nick").await.blocked.is_some());
    let error = next
        .rollback("nick")
        .await
        .expect_err("a rollback does not mend data");
    assert!(
        error.is_rollback_refused() && error.to_string().contains("write a corrective backfill"),
        "{error}"
    );
    db.attempt("SELECT nick FROM people")
        .await
        .expect("nothing was touched");
    next.rollback_discarding("nick")
        .await
        .expect("the data is given up");
    db.attempt("SELECT nick FROM people")
        .await
        .expect_err("the column is gone");
}

async fn behind_a_contract_that_lost_data_there_is_only_the_backup<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .policy(Policy::Development)
        .build();
    next.choose_policy(Policy::Development)
        .await
        .expect("a person says so");
    next.run_to_completion().await.expect("the contract");
    let error = next.rollback("nick").await.expect_err("the old column is gone");
    assert!(
        error.is_rollback_refused() && error.to_string().contains("restore a backup"),
        "{error}"
    );
    db.attempt("SELECT nick FROM people")
        .await
        .expect("nothing was touched");
}

async fn a_build_of_the_new_shape_keeps_the_change<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    next.run().await.expect("the build of the new shape");
    let other = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    for error in [
        other.rollback("nick").await.expect_err("it is needed"),
        other.down().await.expect_err("it is needed"),
    ] {
        assert!(error.is_rollback_refused(), "{error}");
        assert!(error.to_string().contains("the new shape"), "{error}");
    }
    next.leave().await;
    left(&other).await;
    other.rollback("nick").await.expect("nobody needs it");
}

async fn a_build_without_the_files_rolls_back<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let old = builder(&db, &[PEOPLE], &clock).build();
    let report = old
        .rollback("nick")
        .await
        .expect("the history keeps the way back");
    assert_eq!(report.reverted.len(), 2, "{report}");
    db.execute("INSERT INTO people (id, name) VALUES (900, 'no trigger is left')")
        .await;
}

/// It is not refused: an instance that only embeds the expand does not read the new shape alone.
async fn an_instance_that_may_miss_it_is_named<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let serving = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    serving.run().await.expect("the build of the expand");
    let other = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    // Which build an instance is of is known a moment after it came.
    for _ in 0..100 {
        let live = other.instances().await.expect("the instances");
        if live.instances.iter().any(|instance| instance.build.is_some()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let is_named = |notes: &[String], word: &str| notes.iter().any(|note| note.contains(word));
    let plan = planned(&other).await;
    assert!(plan.refusals.is_empty(), "{plan}");
    assert!(is_named(&plan.notes, "let it end first"), "{plan}");
    let report = other.rollback("nick").await.expect("nobody needs the new shape");
    assert!(is_named(&report.notes, "may miss what is gone"), "{report}");
    other.resume_change("nick").await.expect("again");
    other.run().await.expect("the expand");
    other.leave().await;
    let report = other.down().await.expect("nobody needs the new shape");
    assert!(is_named(&report.notes, "may miss what is gone"), "{report}");
    other.run().await.expect("the expand");
    other.leave().await;
    serving.leave().await;
    left(&other).await;
    let plan = planned(&other).await;
    assert!(plan.notes.is_empty(), "{plan}");
    let report = other.down().await.expect("nobody is there");
    assert!(report.notes.is_empty(), "{report}");
}

async fn a_running_backfill_is_stopped<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    builder(&db, &[PEOPLE], &clock)
        .build()
        .run()
        .await
        .expect("a build");
    db.execute(&rows(1, 500)).await;
    let slow = FILL.1.replace("batch=100 pause=0ms", "batch=10 pause=100ms");
    let next = builder(&db, &[PEOPLE, EXPAND, (FILL.0, &slow)], &clock).build();
    next.run().await.expect("the expand");
    let worker = next.spawn_worker();
    begun(&next).await;
    let report = builder(&db, &[PEOPLE, EXPAND, (FILL.0, &slow)], &clock)
        .build()
        .rollback("nick")
        .await
        .expect("the way back");
    assert_eq!(report.reverted.len(), 1, "{report}");
    worker
        .shutdown()
        .await
        .expect("the worker has nothing left to do");
    assert_eq!(change(&next, "nick").await.state, ChangeState::RolledBack);
    next.resume_change("nick").await.expect("it may be applied again");
    let whole = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    whole.run().await.expect("the expand");
    whole
        .rerun(version(20260103000000))
        .await
        .expect("from the first row");
    whole.run_to_completion().await.expect("the data is moved");
    assert_eq!(crate::backfill::wrong(&db).await, "0");
}

async fn a_tightening_is_taken_back<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let on = if K::DIALECT.is_mysql_family() {
        " ON people"
    } else {
        ""
    };
    let text = format!(
        "-- migrate:change tight\n-- migrate:phase contract\n-- migrate:up\n\
         CREATE INDEX people_name ON people (name);\n-- migrate:down\nDROP INDEX people_name{on};\n"
    );
    let first = builder(&db, &[PEOPLE], &clock).build();
    first.run().await.expect("a build");
    first.leave().await;
    left(&first).await;
    let next = builder(&db, &[PEOPLE, ("20260105000000_tight", &text)], &clock).build();
    let report = next
        .run_to_completion()
        .await
        .expect("a tightening needs neither soak nor approval");
    assert_eq!(versions(&report), [20260105000000], "{report}");
    next.rollback("tight").await.expect("the way back");
    assert_eq!(change(&next, "tight").await.state, ChangeState::RolledBack);
}

async fn nothing_to_take_back_is_said<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    builder(&db, &[PEOPLE], &clock)
        .build()
        .run()
        .await
        .expect("a build");
    let next = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    let error = next.rollback("nick").await.expect_err("it is not there");
    assert!(
        error
            .to_string()
            .contains("nothing of the change `nick` is in the database"),
        "{error}"
    );
    let error = next.rollback("nickname").await.expect_err("no such change");
    assert!(
        error.is_unknown_version() && error.to_string().contains("has no change `nickname`"),
        "{error}"
    );
}

async fn a_build_of_files_that_nobody_knows_keeps_the_change<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    next.run().await.expect("the build of the new shape");
    // Its contract is pending, so that only the build itself knows of it.
    let old = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    // Which build an instance is of is known a moment after it came.
    for _ in 0..100 {
        let error = old.down().await.expect_err("it is needed").to_string();
        if !error.contains("unknown build") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for error in [
        old.rollback("nick").await.expect_err("it is needed"),
        old.down().await.expect_err("it is needed"),
    ] {
        assert!(error.is_rollback_refused(), "{error}");
        assert!(error.to_string().contains("does not know"), "{error}");
    }
    next.leave().await;
    left(&old).await;
    old.rollback("nick").await.expect("nobody needs it");
}

/// Neither for who embeds it, nor for who does not.
async fn a_contract_that_lost_data_has_no_down<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let lossy = CONTRACT
        .1
        .replace("-- migrate:irreversible \"the names stand in nick\"\n", "")
        + "-- migrate:down\nALTER TABLE people ADD COLUMN name VARCHAR(50);\n";
    let files = [PEOPLE, EXPAND, FILL, (CONTRACT.0, lossy.as_str())];
    let next = builder(&db, &files, &clock).build();
    next.run().await.expect("the build of the new shape");
    next.approve("nick", &approval()).await.expect("an approval");
    next.run_to_completion().await.expect("the job");
    clock.forward(Duration::from_secs(25 * 3600));
    let report = next.run_to_completion().await.expect("the contract");
    assert_eq!(versions(&report), [CONTRACTED], "{report}; {}", waits(&report));
    next.leave().await;
    left(&next).await;
    let old = builder(&db, &[PEOPLE, EXPAND, FILL], &clock).build();
    for who in [&next, &old] {
        for error in [
            who.rollback("nick").await.expect_err("the names are gone"),
            who.down().await.expect_err("the names are gone"),
        ] {
            assert!(error.is_rollback_refused(), "{error}");
            assert!(error.to_string().contains("has lost data"), "{error}");
        }
    }
    db.attempt("SELECT nick FROM people")
        .await
        .expect("nothing was touched");
    let development = builder(&db, &files, &clock).policy(Policy::Development).build();
    let error = development.down().await.expect_err("nobody chose that policy");
    assert!(error.is_policy_refused(), "{error}");
    development
        .choose_policy(Policy::Development)
        .await
        .expect("a person says so");
    development.down().await.expect("it is not asked there");
}

async fn what_was_approved_is_forgotten_by_a_down<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    next.run().await.expect("the build of the new shape");
    next.approve("nick", &approval()).await.expect("an approval");
    next.run_to_completion().await.expect("the job");
    assert_eq!(change(&next, "nick").await.state, ChangeState::Soaking);
    next.leave().await;
    left(&next).await;
    next.down_to(version(20260101000000)).await.expect("the way back");
    let events = next.events().await.expect("the log");
    let taken_back = |entry: &&LogEntry| entry.what == Occurrence::TakenBack;
    let of_change = events.iter().rev().filter(|entry| !taken_back(entry));
    let last: Vec<Occurrence> = of_change.take(2).map(|entry| entry.what).collect();
    assert_eq!(last, [Occurrence::Resumed, Occurrence::RolledBack]);
    // Each migration is told with what was taken back of it.
    let each = events.iter().filter(taken_back);
    let each: Vec<_> = each
        .map(|entry| (entry.version.map(|version| version.0), entry.figure("by")))
        .collect();
    assert_eq!(
        each,
        [
            (Some(20260103000000), Some("down")),
            (Some(20260102000000), Some("down"))
        ]
    );
    clock.forward(Duration::from_secs(48 * 3600));
    next.run_to_completion()
        .await
        .expect("the expand and its data again");
    let seen = change(&next, "nick").await;
    assert_eq!(closed(&seen), ["soak", "approval"], "{seen}");
    db.attempt("SELECT name FROM people")
        .await
        .expect("the contract waits");
}

async fn data_that_is_moved_in_part_is_no_reason_to_stay<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL], &clock)
        .throttle(crate::backfill::held::Full)
        .build();
    next.run_to_completion()
        .await
        .expect_err("the throttle says stop");
    assert!(change(&next, "nick").await.blocked.is_some());
    next.rollback("nick").await.expect("the way back");
    assert_eq!(change(&next, "nick").await.state, ChangeState::RolledBack);
}
