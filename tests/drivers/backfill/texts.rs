//! Builds with different texts of one backfill, at the same time or one after the other.

use migrate_core::backfill::BackfillSettings;
use migrate_core::change::Occurrence;
use migrate_core::migrator::{MigratorBuilder, Report};

use super::*;
use crate::kind::Held;

crate::on_every_database! {
    texts_are_not_mixed
    a_resume_takes_over_from_a_worker_that_is_alive
    a_mended_query_is_not_asked_as_it_was
    what_two_texts_moved_is_not_right_unseen
    a_query_that_came_later_is_asked
    another_key_does_not_go_on_where_the_first_one_was
    a_held_one_is_taken_over_before_its_first_row
    files_that_were_refused_do_not_begin_in_turns
}

crate::on_servers! {
    a_batch_in_flight_is_undone_by_a_takeover
    a_limit_met_behind_a_takeover_blocks_nothing
}

/// The change without triggers: nothing but the backfill writes the other side.
const BARE: (&str, &str) = (
    EXPAND.0,
    "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN nick VARCHAR(50);\n\
     -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
);

/// A backfill that assigns that expression.
fn fill(pace: &str, expression: &str, verify: &str) -> String {
    format!(
        "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id {pace}\n\
         -- migrate:up\nUPDATE people SET nick = {expression};\n{verify}"
    )
}

const SLOW: &str = "batch=10 pause=1s";
const FAST: &str = "batch=100 pause=0ms";

fn with<K: Kind>(db: &K, text: &str) -> Migrator {
    db.migrator(&[PEOPLE, BARE, (FILL.0, text)])
}

/// A database in use, without triggers.
async fn bare<K: Kind>(rows_of: u32) -> K {
    let db = K::create().await;
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, rows_of)).await;
    db.ran(&[PEOPLE, BARE]).await;
    db
}

async fn count<K: Kind>(db: &K, condition: &str) -> String {
    let text = match K::DIALECT.is_mysql_family() {
        true => "CHAR",
        false => "TEXT",
    };
    let sql = format!("SELECT CAST(count(*) AS {text}) FROM people WHERE {condition}");
    db.value(&sql).await
}

/// How many rows have the nick that an expression makes, by the letters alone.
async fn having<K: Kind>(db: &K, begin: &str) -> String {
    count(db, &format!("nick LIKE '{begin}%'")).await
}

async fn hurry(migrator: &Migrator) {
    let fast = BackfillSettings {
        max_batch: Some(100),
        pause: Some(Duration::ZERO),
        ..BackfillSettings::default()
    };
    migrator.configure(version(FILLED), fast).await.expect("settings");
}

async fn texts_are_not_mixed<K: Kind>() {
    let db: K = bare(600).await;
    let one = with(&db, &fill(SLOW, "concat('one ', name)", ""));
    let other = with(&db, &fill(FAST, "concat('two ', name)", ""));
    let worker = one.spawn_worker();
    begun(&one).await;
    let (deaf, events) = heard(
        &db,
        &[PEOPLE, BARE, (FILL.0, &fill(FAST, "concat('two ', name)", ""))],
    );
    let kept_off = deaf.spawn_worker();
    let error = other.run_to_completion().await.expect_err("it is the other's");
    assert!(
        error.is_backfill()
            && error
                .to_string()
                .contains("by another text of its file than this build has"),
        "{error}"
    );
    let error = other.rerun(version(FILLED)).await.expect_err("it is moving");
    assert!(
        error.to_string().contains("by another text of its file"),
        "{error}"
    );
    let status = filled(&other).await;
    assert!(
        status.is_of_another_text && status.state == BackfillState::Moving,
        "{status}"
    );
    assert!(!filled(&one).await.is_of_another_text);
    let shown = other.status().await.expect("a status").to_string();
    assert!(
        shown.contains("by another text of its file than this build has"),
        "{shown}"
    );
    let told = || {
        let is_told = |event: &&Event| matches!(event, Event::BackfillHeld { reason: Some(reason), .. } if reason.contains("by another text"));
        events.lock().expect("the events").iter().filter(is_told).count()
    };
    for _ in 0..500 {
        if told() > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(told(), 1, "it says so");
    kept_off.shutdown().await.expect("a worker that ended well");
    // Comments and the pace are no other text.
    let same = format!(
        "-- one more\n{}",
        fill(FAST, "concat( 'one ', name) /* here as well */", "")
    );
    let same = with(&db, &same);
    hurry(&same).await;
    same.run_to_completion().await.expect("the same text");
    worker.shutdown().await.expect("a worker that ended well");
    assert_eq!(having(&db, "one").await, "600");
    let status = filled(&one).await;
    assert_eq!(
        (status.state, status.moved_otherwise),
        (BackfillState::Verified, 0)
    );
}

async fn a_resume_takes_over_from_a_worker_that_is_alive<K: Kind>() {
    let db: K = bare(300).await;
    let one = with(&db, &fill(SLOW, "concat('one ', name)", ""));
    let other = with(&db, &fill(FAST, "concat('two ', name)", ""));
    let worker = one.spawn_worker();
    begun(&one).await;
    other.resume(version(FILLED)).await.expect("to take it over");
    let before = having(&db, "one").await;
    let status = filled(&other).await;
    assert!(
        !status.is_of_another_text && status.moved_otherwise > 0,
        "{status}"
    );
    assert!(filled(&one).await.is_of_another_text);
    let error = other
        .run_to_completion()
        .await
        .expect_err("what was moved before is compared");
    assert!(
        error.to_string().contains("are not right after the backfill"),
        "{error}"
    );
    assert_eq!(having(&db, "one").await, before, "the worker keeps off");
    other.rerun(version(FILLED)).await.expect("to begin again");
    other.run_to_completion().await.expect("all rows by one text");
    // Its file is not the one that is applied.
    let _ = worker.shutdown().await;
    assert_eq!(having(&db, "two").await, "300");
    let status = filled(&other).await;
    assert_eq!(
        (status.state, status.moved_otherwise),
        (BackfillState::Verified, 0)
    );
    let log = other.events().await.expect("the log");
    let taken = log
        .iter()
        .find(|entry| entry.what == Occurrence::Steered)
        .expect("an entry");
    assert_eq!(
        (taken.figure("by"), taken.figure("text")),
        (Some("resume"), Some("taken over from another text of the file"))
    );
}

/// What a mended file says is asked, also where a worker of the old one is alive.
async fn a_mended_query_is_not_asked_as_it_was<K: Kind>() {
    let db: K = bare(100).await;
    let wrong = "-- migrate:verify zero\nSELECT count(*) FROM people;\n";
    let right = "-- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n";
    let old = with(&db, &fill(FAST, "name", wrong));
    let worker = old.spawn_worker();
    for _ in 0..500 {
        let status = old.backfill(version(FILLED)).await.expect("a status");
        if status.is_some_and(|status| status.state == BackfillState::Blocked) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mended = with(&db, &fill(FAST, "name", right));
    let status = filled(&mended).await;
    assert!(
        status.to_string().contains("by another text of its file"),
        "{status}"
    );
    mended.resume(version(FILLED)).await.expect("to go on");
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(
        filled(&mended).await.state,
        BackfillState::Moving,
        "nobody has it"
    );
    mended.run_to_completion().await.expect("what was mended");
    let _ = worker.shutdown().await;
    let report = filled(&mended).await.report.expect("a report");
    assert!(
        report.ends_with(
            "1 verify query answers as expected; 100 rows were visited by another text of the file"
        ),
        "{report}"
    );
}

/// An expression that nobody compares, because it may be another value each time.
fn unseen<K: Kind>(expression: &str) -> String {
    let random = if K::DIALECT.is_mysql_family() {
        "rand()"
    } else {
        "random()"
    };
    format!("CASE WHEN {random} IS NULL THEN NULL ELSE {expression} END")
}

async fn what_two_texts_moved_is_not_right_unseen<K: Kind>() {
    let db: K = bare(300).await;
    let one = with(&db, &fill(SLOW, &unseen::<K>("concat('one ', name)"), ""));
    let text = fill(FAST, &unseen::<K>("concat('two ', name)"), "");
    let other = with(&db, &text);
    let worker = one.spawn_worker();
    begun(&one).await;
    other.resume(version(FILLED)).await.expect("to take it over");
    let error = other.run_to_completion().await.expect_err("two texts moved it");
    assert!(
        error
            .to_string()
            .contains("rows were moved by another text of its file, and nothing looks at"),
        "{error}"
    );
    let _ = worker.shutdown().await;
    other.rerun(version(FILLED)).await.expect("to begin again");
    other.run_to_completion().await.expect("all rows by one text");
    assert_eq!(having(&db, "two").await, "300");
    assert_eq!(
        filled(&other).await.report.as_deref(),
        Some("nothing says what is right")
    );
}

/// The text that began has no query, or another one: what it asked is not what is asked.
async fn a_query_that_came_later_is_asked<K: Kind>() {
    let expression = unseen::<K>("concat('one ', name)");
    let wrong = "-- migrate:verify zero\nSELECT count(*) FROM people;\n";
    let right = "-- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n";
    let unchanged = "-- migrate:verify unchanged\nSELECT count(*) FROM people;\n";
    // Of two sections with one query, only one needs what it answered before.
    let both = format!("-- migrate:verify equals 100\nSELECT count(*) FROM people;\n{unchanged}");
    for (began, later, said) in [
        (&*both, &*both, ""),
        ("", wrong, "answers 100, expected 0"),
        (right, &format!("{right}{wrong}"), "answers 100, expected 0"),
        (right, unchanged, "is not known"),
        (unchanged, &format!("{right}{unchanged}"), ""),
        (
            &format!("{right}{wrong}"),
            "",
            "nothing looks at what became of them",
        ),
    ] {
        let db: K = bare(100).await;
        let one = with(&db, &fill(SLOW, &expression, began));
        let worker = one.spawn_worker();
        begun(&one).await;
        let other = with(&db, &fill(FAST, &expression, later));
        other.resume(version(FILLED)).await.expect("to take it over");
        match other.run_to_completion().await {
            Ok(_) => assert_eq!(said, "", "{began} {later}"),
            Err(error) => assert!(
                !said.is_empty() && error.to_string().contains(said),
                "{began} {later}: {error}"
            ),
        }
        let expected = match said {
            "" => BackfillState::Verified,
            _ => BackfillState::Blocked,
        };
        let status = filled(&other).await;
        assert_eq!(status.state, expected, "{began} {later}: {status}");
        let _ = worker.shutdown().await;
    }
}

async fn another_key_does_not_go_on_where_the_first_one_was<K: Kind>() {
    let db: K = bare(100).await;
    db.execute("ALTER TABLE people ADD COLUMN number INTEGER NOT NULL DEFAULT 0")
        .await;
    db.execute("UPDATE people SET number = 1000 - id").await;
    db.execute("CREATE UNIQUE INDEX people_number ON people (number)")
        .await;
    let one = with(&db, &fill(SLOW, "concat('one ', name)", ""));
    let worker = one.spawn_worker();
    begun(&one).await;
    let text = fill(FAST, "concat('two ', name)", "").replace("key=id", "key=number");
    let other = with(&db, &text);
    let error = other
        .resume(version(FILLED))
        .await
        .expect_err("a number is no id");
    assert!(error.is_backfill(), "{error}");
    let said = error.to_string();
    assert!(
        said.contains("by another key") && said.contains("migrate backfill rerun"),
        "{said}"
    );
    other
        .pause(version(FILLED), "for another key")
        .await
        .expect("to hold it");
    let _ = worker.shutdown().await;
    let error = other.resume(version(FILLED)).await.expect_err("still");
    assert!(error.is_backfill(), "{error}");
    other.rerun(version(FILLED)).await.expect("to begin again");
    other.run_to_completion().await.expect("all rows by one key");
    assert_eq!(having(&db, "two").await, "100");
    assert_eq!(filled(&other).await.state, BackfillState::Verified);
}

async fn a_held_one_is_taken_over_before_its_first_row<K: Kind>() {
    let db: K = bare(100).await;
    let text = fill(FAST, "concat('one ', name)", "");
    let one = with(&db, &text);
    let stopped = Migrator::new(db.pool(), db.set(&[PEOPLE, BARE, (FILL.0, &text)]))
        .throttle(Full)
        .build();
    stopped.run_to_completion().await.expect_err("it is stopped");
    let other = with(&db, &fill(FAST, "concat('two ', name)", ""));
    other.resume(version(FILLED)).await.expect("to take it over");
    one.run_to_completion().await.expect_err("it is the other's");
    assert_eq!(having(&db, "one").await, "0");
    other.run_to_completion().await.expect("all rows");
    assert_eq!(having(&db, "two").await, "100");
}

async fn files_that_were_refused_do_not_begin_in_turns<K: Kind>() {
    let db: K = bare(10).await;
    let one = with(&db, &fill(FAST, "no_such_column", ""));
    let other = with(&db, &fill(FAST, "no_such_other", ""));
    one.run_to_completion().await.expect_err("it is refused");
    other
        .run_to_completion()
        .await
        .expect_err("so is this one, which began by itself");
    let error = one.run_to_completion().await.expect_err("it is held");
    let told = error.to_string();
    assert!(
        told.contains("is blocked") && told.contains("no_such_other"),
        "{told}"
    );
    with(&db, &fill(FAST, "name", ""))
        .run_to_completion()
        .await
        .expect("the third one begins by itself");
    assert_eq!(wrong(&db).await, "0");
}

/// Somebody who holds a row, and a run with a batch that waits for it.
async fn in_flight<K: Kind>(
    db: &K,
    limits: impl Fn(MigratorBuilder) -> MigratorBuilder,
) -> (Held, tokio::task::JoinHandle<Result<Report, migrate_core::Error>>) {
    let held = db.hold("UPDATE people SET name = 'held' WHERE id = 50").await;
    let text = fill(FAST, "concat('one ', name)", "");
    // A server that only just started would be waited for before the backfill begins.
    let builder = Migrator::new(db.pool(), db.set(&[PEOPLE, BARE, (FILL.0, &text)])).settle(Duration::ZERO);
    let one = limits(builder).build();
    let run = tokio::spawn({
        let one = one.clone();
        async move { one.run_to_completion().await }
    });
    for _ in 0..500 {
        let status = one.backfill(version(FILLED)).await.expect("a status");
        if status.is_some_and(|status| !status.workers.is_empty()) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    (held, run)
}

async fn a_batch_in_flight_is_undone_by_a_takeover<K: Kind>() {
    let db: K = bare(100).await;
    let (held, run) = in_flight(&db, |one| one.lock_timeout(Duration::from_secs(20))).await;
    let other = with(&db, &fill(FAST, "concat('two ', name)", ""));
    other.resume(version(FILLED)).await.expect("to take it over");
    drop(held);
    let error = run.await.expect("no panic").expect_err("its part is gone");
    assert!(
        error.to_string().contains("by another text of its file"),
        "{error}"
    );
    assert_eq!(having(&db, "one").await, "0", "the batch is undone");
    other.run_to_completion().await.expect("all rows");
    assert_eq!(having(&db, "two").await, "100");
    assert_eq!(filled(&other).await.moved_otherwise, 0);
}

/// What it ran into is no more of anybody's concern, and `resume` by its build would take the rows back.
async fn a_limit_met_behind_a_takeover_blocks_nothing<K: Kind>() {
    let db: K = bare(100).await;
    let limits = |one: MigratorBuilder| {
        one.lock_timeout(Duration::from_secs(3))
            .lock_retry(Duration::ZERO)
    };
    let (held, run) = in_flight(&db, limits).await;
    let other = with(&db, &fill(FAST, "concat('two ', name)", ""));
    other.resume(version(FILLED)).await.expect("to take it over");
    let error = run.await.expect("no panic").expect_err("the row is held");
    let told = error.to_string();
    assert!(
        told.contains("is moving: its rows are moved by another text of its file"),
        "{told}"
    );
    assert_eq!(filled(&other).await.state, BackfillState::Moving);
    drop(held);
    other.run_to_completion().await.expect("all rows");
    assert_eq!(having(&db, "two").await, "100");
}
