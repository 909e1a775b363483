//! The soak: what ends it, also where nobody looked just then.

use migrate_core::change::LogEntry;

use super::*;

crate::on_every_database! {
    a_build_that_came_and_went_interrupts_the_soak
    a_build_that_came_later_interrupts_the_soak
    a_build_that_uses_the_new_shape_interrupts_nothing
}

const HOUR: Duration = Duration::from_secs(3600);

/// A change that soaks since just now.
async fn soaking<K: Kind>(clock: &TestClock) -> (K, Migrator) {
    let db: K = verified(clock).await;
    clock.forward(HOUR);
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], clock)
        .without_approval()
        .build();
    next.run_to_completion().await.expect("the job");
    let seen = change(&next, "nick").await;
    assert_eq!(
        (seen.state, closed(&seen)),
        (ChangeState::Soaking, vec!["soak"]),
        "{seen}"
    );
    (db, next)
}

/// What the log says of interruptions.
async fn interruptions(migrator: &Migrator) -> Vec<LogEntry> {
    let log = migrator.events().await.expect("the log");
    let ended = log
        .into_iter()
        .filter(|entry| entry.what == Occurrence::InUseEnded);
    ended.collect()
}

async fn a_build_that_came_and_went_interrupts_the_soak<K: Kind>() {
    let clock = TestClock::default();
    let (db, next): (K, Migrator) = soaking(&clock).await;
    clock.forward(20 * HOUR);
    let old = builder(&db, &[PEOPLE, EXPAND], &clock).instance("shop-7").build();
    old.run().await.expect("the old build");
    old.leave().await;
    left(&old).await;
    clock.forward(5 * HOUR);
    // Nobody looked while it was there.
    let report = next.run_to_completion().await.expect("the job");
    let said = waits(&report);
    assert!(
        said.starts_with("soak: in use for 0 ms of 1 d 0 h; it was interrupted once: shop-7 of build ")
            && said.contains("which does not embed 20260103000000, began to run 5 h 0 min ago"),
        "{said}"
    );
    let ended = interruptions(&next).await;
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert_eq!(ended[0].figure("lasted"), Some("1 d 1 h"));
    assert!(
        ended[0]
            .figure("because")
            .is_some_and(|because| because.starts_with("shop-7 of build"))
    );
    // It counts once.
    clock.forward(23 * HOUR);
    let report = next.run_to_completion().await.expect("the job");
    assert!(waits(&report).starts_with("soak: in use for 23 h"), "{report}");
    clock.forward(2 * HOUR);
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [CONTRACTED], "{report}");
    assert_eq!(interruptions(&next).await.len(), 1);
}

async fn a_build_that_came_later_interrupts_the_soak<K: Kind>() {
    let clock = TestClock::default();
    let (db, next): (K, Migrator) = soaking(&clock).await;
    clock.forward(20 * HOUR);
    let old = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    old.run().await.expect("the old build");
    clock.forward(5 * HOUR);
    let report = next.run_to_completion().await.expect("the job");
    assert!(
        waits(&report).contains("live-builds: 1 of 1 instances do not embed"),
        "{report}"
    );
    assert_eq!(change(&next, "nick").await.state, ChangeState::Verified);
    let ended = interruptions(&next).await;
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert!(
        ended[0]
            .figure("because")
            .is_some_and(|because| because.starts_with("1 of 1 instances do not embed")),
        "{ended:?}"
    );
    old.leave().await;
    left(&next).await;
    clock.forward(HOUR);
    let report = next.run_to_completion().await.expect("the job");
    let said = waits(&report);
    assert!(
        said.starts_with("soak: in use for 0 ms of 1 d 0 h; it was interrupted once"),
        "{said}"
    );
}

async fn a_build_that_uses_the_new_shape_interrupts_nothing<K: Kind>() {
    let clock = TestClock::default();
    let (db, next): (K, Migrator) = soaking(&clock).await;
    clock.forward(20 * HOUR);
    for files in [&[PEOPLE, EXPAND, FILL][..], &[PEOPLE, EXPAND, FILL, CONTRACT]] {
        let new = builder(&db, files, &clock).build();
        new.run().await.expect("a build");
        new.leave().await;
        left(&new).await;
    }
    clock.forward(5 * HOUR);
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [CONTRACTED], "{report}");
    assert!(interruptions(&next).await.is_empty());
}
