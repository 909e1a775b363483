//! What others do between the look at a row and the write.

use migrate_core::Error;
use migrate_core::backfill::{Throttle, Verdict};
use migrate_core::monitor::{Health, Monitor, Watched, Writes};
use tokio::sync::{mpsc, oneshot};

use super::*;
use crate::changes::{TestClock, builder, in_two_days};

crate::on_every_database! {
    who_writes_meanwhile_is_not_overwritten
    whoever_says_something_else_is_heard
    the_later_of_two_goes_on
    a_throttle_that_says_stop_ends_it
    one_that_is_dropped_begins_again
    a_rollback_ends_it
    the_file_s_window_is_waited_for
    an_application_that_fails_ends_it
    a_row_that_is_written_all_the_while_is_left
    who_comes_late_with_the_other_side_finds_no_row
}

const NAMES: &str = "person INTEGER PRIMARY KEY, name VARCHAR(50)";

/// Asks the test whenever a repair asks for the load.
struct Asked(mpsc::UnboundedSender<oneshot::Sender<Verdict>>);

impl Throttle for Asked {
    async fn look(&self) -> Result<Verdict, Box<dyn std::error::Error + Send + Sync>> {
        let (answer, answered) = oneshot::channel();
        let _ = self.0.send(answer);
        Ok(answered.await.unwrap_or(Verdict::Go))
    }
}

/// A copy of ten people of which row 3 is missing and row 7 differs, and a migrator that is asked for the load.
async fn broken<K: Kind>() -> (
    K,
    Migrator,
    Migrator,
    mpsc::UnboundedReceiver<oneshot::Sender<Verdict>>,
) {
    let (db, free): (K, _) = copied(10, NAMES, COPY).await;
    db.execute("DELETE FROM names WHERE person = 3").await;
    db.execute("UPDATE names SET name = 'other' WHERE person = 7")
        .await;
    let (asks, asked) = mpsc::unbounded_channel();
    let set = migrate_core::Set::typed(free.set().clone()).expect("the same set");
    let migrator = Migrator::new(db.pool(), set).throttle(Asked(asks)).build();
    (db, free, migrator, asked)
}

/// Repairs, and does something once all rows were looked at and none is written.
async fn repaired_while(
    migrator: &Migrator,
    mut asked: mpsc::UnboundedReceiver<oneshot::Sender<Verdict>>,
    meanwhile: impl AsyncFnOnce() -> Verdict,
) -> Result<RowRepair, Error> {
    let mut meanwhile = Some(meanwhile);
    let mut answers = async || {
        let mut number = 0;
        while let Some(answer) = asked.recv().await {
            number += 1;
            let verdict = match meanwhile.take_if(|_| number == 2) {
                Some(meanwhile) => meanwhile().await,
                None => Verdict::Go,
            };
            let _ = answer.send(verdict);
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        repaired = migrator.repair_rows(version(FILLED)) => repaired,
        () = answers() => unreachable!(),
    }
}

async fn value<K: Kind>(db: &K, person: u32) -> String {
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    db.value(&format!(
        "SELECT COALESCE(MAX(name), CAST(count(*) AS {text})) FROM names WHERE person = {person}"
    ))
    .await
}

async fn who_writes_meanwhile_is_not_overwritten<K: Kind>() {
    // What somebody writes; which rows are left, and what 3 and 7 are then. `0`: there is no row.
    let cases: [(&str, &[&str], [&str; 2]); 7] = [
        ("SELECT 1", &[], ["name 3", "name 7"]),
        (
            "UPDATE names SET name = 'live' WHERE person = 7",
            &["7"],
            ["name 3", "live"],
        ),
        (
            "UPDATE names SET name = NULL WHERE person = 7",
            &["7"],
            ["name 3", "1"],
        ),
        (
            "UPDATE people SET name = 'moved' WHERE id IN (3, 7)",
            &["7"],
            ["moved", "other"],
        ),
        ("INSERT INTO names VALUES (3, 'live')", &["3"], ["live", "name 7"]),
        ("DELETE FROM names WHERE person = 7", &["7"], ["name 3", "0"]),
        (
            "DELETE FROM people WHERE id IN (3, 7)",
            &["3", "7"],
            ["0", "other"],
        ),
    ];
    for (sql, left, now) in cases {
        let (db, _, migrator, asked) = broken::<K>().await;
        let repair = repaired_while(&migrator, asked, async || {
            db.execute(sql).await;
            Verdict::Go
        });
        let repair = repair.await.expect("a repair");
        assert_eq!(keys(&repair.left).1, left, "{sql}: {repair}");
        assert_eq!([value(&db, 3).await, value(&db, 7).await], now, "{sql}: {repair}");
        assert_eq!(
            repair.inserted + repair.updated,
            2 - left.len() as u64,
            "{sql}: {repair}"
        );
        let right = left.is_empty();
        assert_eq!(repair.state == BackfillState::Verified, right, "{sql}: {repair}");
    }
}

async fn whoever_says_something_else_is_heard<K: Kind>() {
    for by in ["resume", "cancel"] {
        let (db, free, migrator, asked) = broken::<K>().await;
        let repair = repaired_while(&migrator, asked, async || {
            match by {
                "resume" => free.resume(version(FILLED)).await.expect("to go on"),
                _ => free.cancel(version(FILLED), "another way").await.expect("an end"),
            }
            Verdict::Go
        });
        let error = repair.await.expect_err("it is not its any more");
        assert!(
            error.is_backfill()
                && error
                    .to_string()
                    .contains("somebody said something else to the backfill"),
            "{error}"
        );
        assert_eq!([value(&db, 3).await, value(&db, 7).await], ["0", "other"], "{by}");
        let state = match by {
            "resume" => BackfillState::Moving,
            _ => BackfillState::Cancelled,
        };
        assert_eq!(filled(&free).await.state, state);
    }
}

async fn the_later_of_two_goes_on<K: Kind>() {
    let (db, free, migrator, asked) = broken::<K>().await;
    let repair = repaired_while(&migrator, asked, async || {
        let other = repaired(&free).await;
        assert_eq!((other.inserted, other.updated), (1, 1), "{other}");
        db.execute("DELETE FROM names WHERE person = 3").await;
        Verdict::Go
    });
    let error = repair.await.expect_err("it is the other one's");
    assert!(
        error.to_string().contains("is not this process's any more"),
        "{error}"
    );
    assert_eq!(value(&db, 3).await, "0", "what comes late writes nothing");
    assert_eq!(filled(&free).await.state, BackfillState::Verified);
}

async fn a_throttle_that_says_stop_ends_it<K: Kind>() {
    let (db, free, migrator, asked) = broken::<K>().await;
    let repair = repaired_while(&migrator, asked, async || {
        Verdict::Stop("the queue is full".to_owned())
    });
    let error = repair.await.expect_err("it is stopped");
    assert!(
        error.is_backfill() && error.to_string().contains("is stopped: the queue is full"),
        "{error}"
    );
    assert_eq!([value(&db, 3).await, value(&db, 7).await], ["0", "other"]);
    let status = filled(&free).await;
    assert_eq!(status.state, BackfillState::Blocked);
    let reason = status.reason.expect("a reason");
    assert!(reason.contains("its rows are being repaired"), "{reason}");
    // One that pauses goes on by itself.
    let (paused, answers) = mpsc::unbounded_channel();
    let set = migrate_core::Set::typed(free.set().clone()).expect("the same set");
    let migrator = Migrator::new(db.pool(), set).throttle(Asked(paused)).build();
    let repair = repaired_while(&migrator, answers, async || {
        Verdict::Pause("a queue is long".to_owned())
    });
    let repair = repair.await.expect("it goes on");
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 1, BackfillState::Verified),
        "{repair}"
    );
}

async fn one_that_is_dropped_begins_again<K: Kind>() {
    let (db, free, migrator, asked) = broken::<K>().await;
    let (reached, seen) = oneshot::channel();
    tokio::select! {
        ended = repaired_while(&migrator, asked, async || {
            let _ = reached.send(());
            std::future::pending().await
        }) => panic!("{ended:?}"),
        _ = seen => {}
    }
    let status = filled(&free).await;
    assert_eq!(status.state, BackfillState::Blocked);
    assert_eq!([value(&db, 3).await, value(&db, 7).await], ["0", "other"]);
    // Whoever only lets it go on is told what is not right.
    free.resume(version(FILLED)).await.expect("to go on");
    let error = free.run_to_completion().await.expect_err("rows are not right");
    assert!(
        error
            .to_string()
            .contains("`repair_rows` (`migrate backfill repair 20260103000000`)"),
        "{error}"
    );
    let repair = repaired(&free).await;
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 1, BackfillState::Verified),
        "{repair}"
    );
}

async fn a_rollback_ends_it<K: Kind>() {
    let (db, free, migrator, asked) = broken::<K>().await;
    let repair = repaired_while(&migrator, asked, async || {
        free.rollback_discarding("names").await.expect("a rollback");
        Verdict::Go
    });
    let error = repair.await.expect_err("its table is gone");
    assert!(error.is_backfill(), "{error}");
    assert_eq!(db.tables("names").await, "0", "{error}");
}

/// What only looks does not wait.
async fn the_file_s_window_is_waited_for<K: Kind>() {
    let (db, free, _, _) = broken::<K>().await;
    let clock = TestClock::default();
    let window = format!(
        "-- migrate:window \"{} 00:00-23:59 UTC\"\n-- migrate:backfill",
        in_two_days()
    );
    let fill = fill(COPY).replace("-- migrate:backfill", &window);
    let expand = format!(
        "-- migrate:change names\n-- migrate:up\nCREATE TABLE names ({NAMES});\n-- migrate:down\nDROP TABLE names;\n"
    );
    let files = [PEOPLE, ("20260102000000_names", &*expand), (FILL.0, &*fill)];
    let migrator = builder(&db, &files, &clock).build();
    assert!(planned(&migrator).await.writes());
    let opens = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(value(&db, 3).await, "0", "the window is closed");
        assert_eq!(filled(&free).await.state, BackfillState::Blocked);
        for _ in 0..3 {
            clock.forward(Duration::from_secs(24 * 3600));
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
    };
    let (repair, ()) = tokio::join!(repaired(&migrator), opens);
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 1, BackfillState::Verified),
        "{repair}"
    );
}

/// Half of its writes fail.
struct Failing;

#[async_trait::async_trait]
impl Monitor for Failing {
    async fn measure(&self, _: &Watched<'_>) -> Result<Health, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Health {
            writes: Some(Writes {
                failed: 500,
                of: 1_000,
            }),
            p99: None,
        })
    }
}

async fn an_application_that_fails_ends_it<K: Kind>() {
    let (db, free, _, _) = broken::<K>().await;
    let set = migrate_core::Set::typed(free.set().clone()).expect("the same set");
    let migrator = Migrator::new(db.pool(), set).monitor(Failing).build();
    let error = migrator
        .repair_rows(version(FILLED))
        .await
        .expect_err("it is stopped");
    assert!(
        error.is_backfill() && error.to_string().contains("is stopped: "),
        "{error}"
    );
    assert!(error.to_string().contains("what was repaired stays"), "{error}");
    assert_eq!([value(&db, 3).await, value(&db, 7).await], ["0", "other"]);
}

/// A row whose source changes each time it is looked at is nobody's but the writer's.
async fn a_row_that_is_written_all_the_while_is_left<K: Kind>() {
    let (db, free, _, _) = broken::<K>().await;
    let writes = async {
        for write in 0.. {
            db.execute(&format!("UPDATE people SET name = 'hot {write}' WHERE id = 7"))
                .await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let plan = tokio::select! {
        plan = planned(&free) => plan,
        () = writes => unreachable!(),
    };
    assert_eq!(keys(&plan.missing).1, ["3"], "{plan}");
    assert_eq!(
        (keys(&plan.busy).1, plan.differing.count),
        (vec!["7"], 0),
        "{plan}"
    );
}

/// A build that writes both sides itself, one behind the other, must not find its row inserted already.
async fn who_comes_late_with_the_other_side_finds_no_row<K: Kind>() {
    let (db, free, _, _) = broken::<K>().await;
    let build = async {
        for id in 100..112 {
            db.execute(&format!("INSERT INTO people (id, name) VALUES ({id}, 'new')"))
                .await;
            tokio::time::sleep(Duration::from_millis(400)).await;
            db.execute(&format!("INSERT INTO names VALUES ({id}, 'new')"))
                .await;
        }
    };
    let (repair, ()) = tokio::join!(repaired(&free), build);
    assert_eq!((repair.inserted, repair.updated), (1, 1), "{repair}");
    let repair = repaired(&free).await;
    assert_eq!(
        (repair.found.writes(), repair.state),
        (false, BackfillState::Verified),
        "{repair}"
    );
}
