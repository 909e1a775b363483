//! What an application's throttle may say, or not say.

use std::sync::atomic::{AtomicU32, Ordering};

use migrate_core::backfill::{Throttle, Throttled, Verdict};

use super::*;

crate::on_every_database! {
    one_that_pauses_lets_it_go_on_by_itself
    one_that_fails_blocks_it
    one_that_does_not_answer_blocks_it
}

type Answer = Result<Verdict, Box<dyn std::error::Error + Send + Sync>>;

/// Asks for a pause three times.
struct Pauses(AtomicU32);

impl Throttle for Pauses {
    async fn look(&self) -> Answer {
        Ok(match self.0.fetch_add(1, Ordering::Relaxed) {
            0..3 => Verdict::Pause("a queue is long".to_owned()),
            _ => Verdict::Go,
        })
    }
}

struct Fails;

impl Throttle for Fails {
    async fn look(&self) -> Answer {
        Err("no figures".into())
    }
}

struct Silent;

impl Throttle for Silent {
    async fn look(&self) -> Answer {
        std::future::pending().await
    }
}

async fn one_that_pauses_lets_it_go_on_by_itself<K: Kind>() {
    let db: K = in_use(100).await;
    let events = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&events);
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(Pauses(AtomicU32::new(0)))
        .observer(move |event: &Event| kept.lock().expect("the events").push(event.clone()))
        .build();
    migrator.run_to_completion().await.expect("it goes on");
    assert_eq!(wrong(&db).await, "0");
    let held = Some(Throttled::Custom("a queue is long".to_owned()));
    let events = events.lock().expect("the events");
    let told = events.iter().filter_map(|event| match event {
        Event::Progress(progress) => Some((progress.throttled == held, progress.visited)),
        _ => None,
    });
    let told: Vec<_> = told.take_while(|(held, _)| *held).collect();
    assert_eq!(told, [(true, 0); 3], "no row is moved meanwhile");
}

async fn blocked<K: Kind>(throttle: impl Throttle + 'static, reason: &str) {
    let db: K = in_use(100).await;
    let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(throttle)
        .build();
    let error = migrator.run_to_completion().await.expect_err(reason);
    assert!(
        error.is_backfill() && error.to_string().contains(reason),
        "{error}"
    );
    let status = filled(&migrator).await;
    assert_eq!(
        (status.state, status.reason.as_deref()),
        (BackfillState::Blocked, Some(reason))
    );
    assert_eq!(wrong(&db).await, "100");
}

async fn one_that_fails_blocks_it<K: Kind>() {
    blocked::<K>(Fails, "the application's throttle cannot be asked: no figures").await;
}

async fn one_that_does_not_answer_blocks_it<K: Kind>() {
    blocked::<K>(
        Silent,
        "the application's throttle cannot be asked: no answer for 10 s",
    )
    .await;
}
