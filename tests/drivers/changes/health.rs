//! What the application measures of itself stops a backfill, and ends a soak.

use std::sync::Mutex;

use migrate_core::backfill::BackfillState;
use migrate_core::document::RollbackTrigger;
use migrate_core::monitor::{Health, Latency, Monitor, Stage, Thresholds, Watched, Writes};
use migrate_core::plan::Mode;

use super::*;

crate::on_every_database! {
    errors_of_the_application_block_a_backfill
    the_file_and_the_builder_say_what_is_too_much
    a_monitor_that_cannot_be_asked_blocks_a_backfill
    a_slow_application_ends_the_soak
    the_plan_document_shows_the_thresholds_that_are_set
}

/// Says what a test lets it say, and keeps what it was asked.
#[derive(Clone, Default)]
struct Told {
    health: Arc<Mutex<Option<Health>>>,
    asked: Arc<Mutex<Vec<(String, Stage)>>>,
}

impl Told {
    fn says(&self, health: Option<Health>) {
        *self.health.lock().expect("a value") = health;
    }
}

#[async_trait::async_trait]
impl Monitor for Told {
    async fn measure(
        &self,
        watched: &Watched<'_>,
    ) -> Result<Health, Box<dyn std::error::Error + Send + Sync>> {
        let asked = (watched.change.to_owned(), watched.stage);
        self.asked.lock().expect("a list").push(asked);
        self.health
            .lock()
            .expect("a value")
            .ok_or_else(|| "no figures".into())
    }
}

fn failing(failed: u64) -> Option<Health> {
    Some(Health {
        writes: Some(Writes { failed, of: 1_000 }),
        p99: None,
    })
}

fn slow(now: u64) -> Option<Health> {
    let p99 = Latency {
        before: Duration::from_millis(100),
        now: Duration::from_millis(now),
    };
    Some(Health {
        writes: None,
        p99: Some(p99),
    })
}

/// The figures of the triggers that fired.
async fn fired(migrator: &Migrator) -> Vec<Vec<(String, String)>> {
    let log = migrator.events().await.expect("the log");
    let fired = log
        .into_iter()
        .filter(|entry| entry.what == Occurrence::Noted && entry.figure("trigger").is_some());
    fired.map(|entry| entry.figures).collect()
}

fn figures(figures: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = figures
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

async fn errors_of_the_application_block_a_backfill<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let told = Told::default();
    told.says(failing(5));
    let next = builder(&db, &[PEOPLE, EXPAND, FILL], &clock)
        .monitor(told.clone())
        .build();
    let error = next.run_to_completion().await.expect_err("too many writes fail");
    let reason = "5 of 1000 writes of the application failed, and 0.1 % may";
    assert!(error.to_string().contains(reason), "{error}");
    let status = filled(&next).await;
    assert_eq!(
        (status.state, status.reason.as_deref()),
        (BackfillState::Blocked, Some(reason))
    );
    assert_eq!(status.visited, 0);
    let expected = [
        ("trigger", "error-rate"),
        ("failed", "5"),
        ("of", "1000"),
        ("limit", "0.1 %"),
        ("became", "blocked"),
    ];
    assert_eq!(fired(&next).await, [figures(&expected)]);
    assert_eq!(
        told.asked.lock().expect("a list")[0],
        ("nick".to_owned(), Stage::Backfilling)
    );
    let seen = change(&next, "nick").await;
    assert_eq!(
        (seen.state, seen.blocked.as_deref()),
        (ChangeState::Backfilling, Some(reason)),
        "{seen}"
    );
    // Nothing is taken back by itself, and it goes on when a person says so.
    told.says(failing(1));
    next.resume(version(FILLED)).await.expect("to go on");
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [FILLED], "{report}");
}

async fn the_file_and_the_builder_say_what_is_too_much<K: Kind>() {
    let clock = TestClock::default();
    let loose = FILL.1.replace("key=id", "key=id errors=1% p99=3");
    assert_ne!(loose, FILL.1);
    let strict = Thresholds {
        errors: 0.0,
        p99: 1.0,
    };
    for (health, file, thresholds, said) in [
        (failing(5), FILL.1, None, Some("0.1 % may")),
        (failing(5), &*loose, None, None),
        (failing(20), &*loose, None, Some("1 % may")),
        (failing(1), FILL.1, Some(strict), Some("0 % may")),
        (failing(1), &*loose, Some(strict), None),
        (slow(110), FILL.1, None, None),
        (slow(120), FILL.1, None, Some("1.10 × of the 100.0ms before")),
        (slow(290), &*loose, None, None),
        (Some(Health::default()), FILL.1, Some(strict), None),
    ] {
        let db: K = peopled(&clock).await;
        let told = Told::default();
        told.says(health);
        let mut next = builder(&db, &[PEOPLE, EXPAND, (FILL.0, file)], &clock).monitor(told);
        if let Some(thresholds) = thresholds {
            next = next.thresholds(thresholds);
        }
        let became = next.build().run_to_completion().await;
        let became = became.map(drop).map_err(|error| error.to_string());
        match (said, became) {
            (None, Ok(())) => {}
            (Some(said), Err(error)) => assert!(error.contains(said), "{error}"),
            (said, became) => panic!("{health:?}: {became:?} instead of {said:?}"),
        }
    }
}

async fn a_monitor_that_cannot_be_asked_blocks_a_backfill<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL], &clock)
        .monitor(Told::default())
        .build();
    let error = next.run_to_completion().await.expect_err("it is not seen");
    assert!(
        error
            .to_string()
            .contains("the application's monitor cannot be asked: no figures"),
        "{error}"
    );
    let expected = [
        ("trigger", "monitor"),
        ("said", "no figures"),
        ("became", "blocked"),
    ];
    assert_eq!(fired(&next).await, [figures(&expected)]);
}

async fn a_slow_application_ends_the_soak<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let told = Told::default();
    told.says(slow(105));
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .without_approval()
        .monitor(told.clone())
        .build();
    next.run_to_completion().await.expect("the job");
    assert_eq!(closed(&change(&next, "nick").await), ["soak"]);
    clock.forward(Duration::from_secs(20 * 3600));
    told.says(slow(250));
    for _ in 0..2 {
        let report = next.run_to_completion().await.expect("the job");
        let said = waits(&report);
        assert!(
            said.starts_with(
                "health: the p99 of the application is 250.0ms, and may be 1.10 × of the 100.0ms before; "
            ),
            "{said}"
        );
    }
    let expected = [
        ("trigger", "p99"),
        ("p99", "250.0ms"),
        ("before", "100.0ms"),
        ("limit", "1.10 ×"),
        ("became", "the soak begins anew"),
    ];
    assert_eq!(fired(&next).await, [figures(&expected)], "it is said once");
    assert!(
        told.asked
            .lock()
            .expect("a list")
            .contains(&("nick".to_owned(), Stage::Soaking))
    );
    told.says(slow(100));
    clock.forward(Duration::from_secs(5 * 3600));
    let report = next.run_to_completion().await.expect("the job");
    let said = waits(&report);
    assert!(
        said.starts_with(
            "soak: in use for 0 ms of 1 d 0 h; it was interrupted once: the p99 of the application is 250.0ms"
        ),
        "{said}"
    );
    clock.forward(Duration::from_secs(25 * 3600));
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [CONTRACTED], "{report}");
}

async fn the_plan_document_shows_the_thresholds_that_are_set<K: Kind>() {
    let clock = TestClock::default();
    let db: K = peopled(&clock).await;
    let file = FILL.1.replace("key=id", "key=id errors=2.5%");
    let files = [PEOPLE, EXPAND, (FILL.0, &*file)];
    let set = Thresholds {
        errors: 0.01,
        p99: 1.5,
    };
    let shown = async |migrator: Migrator| {
        let document = migrator.document(Mode::Completion).await.expect("a document");
        let part = document
            .parts
            .into_iter()
            .find(|part| part.name == "nick")
            .expect("the change");
        let told = |one: RollbackTrigger| (one.watched, one.threshold);
        let about =
            |one: &RollbackTrigger| one.what.contains("p99") || one.what.contains("of the application");
        part.triggers
            .into_iter()
            .filter(about)
            .map(told)
            .collect::<Vec<_>>()
    };
    let plain = builder(&db, &files, &clock).build();
    let expected = [
        (false, "1.10 × of the baseline in the assessment".to_owned()),
        (false, "2.5 % of them".to_owned()),
    ];
    assert_eq!(shown(plain).await, expected);
    let watched = builder(&db, &files, &clock)
        .thresholds(set)
        .monitor(Told::default())
        .build();
    let expected = [
        (true, "1.50 × of the one before".to_owned()),
        (true, "2.5 % of them".to_owned()),
    ];
    assert_eq!(shown(watched).await, expected);
}
