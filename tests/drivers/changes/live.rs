//! Who is seen to live.

use migrate_core::Dialect;
use migrate_core::live::{Liveness, Proof};

use super::*;

crate::on_every_database! {
    an_instance_is_seen_with_its_build
    a_heartbeat_is_seen_for_its_window
    what_may_not_serve_is_no_instance
    another_set_is_not_seen
    a_start_that_was_cancelled_is_no_instance
}

async fn an_instance_is_seen_with_its_build<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).instance("shop-1").build();
    first.run().await.expect("a build");
    // It registers once, however often it runs.
    first.run().await.expect("nothing to do");
    let live = first.instances().await.expect("the instances");
    assert_eq!(live.instances.len(), 1, "{live:?}");
    let build = live.instances[0].build.as_ref().expect("a build");
    assert_eq!(build.versions, [version(20260101000000)]);
    assert_eq!(live.instances[0].proof, Proof::Lock);
    let second = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    second.run().await.expect("the next build");
    assert_eq!(
        second.instances().await.expect("the instances").instances.len(),
        2
    );
    first.leave().await;
    second.leave().await;
    left(&db, &second).await;
}

async fn a_heartbeat_is_seen_for_its_window<K: Kind>() {
    if K::DIALECT == Dialect::Sqlite {
        // There the file's lock needs no connection that a pooler could share.
        return;
    }
    let clock = TestClock::default();
    let db = K::create().await;
    let liveness = Liveness::Heartbeat {
        every: Duration::from_millis(100),
        window: Duration::from_secs(2),
    };
    let first = builder(&db, &[PEOPLE], &clock).liveness(liveness).build();
    first.run().await.expect("a build");
    for _ in 0..3 {
        let live = first.instances().await.expect("the instances");
        assert_eq!(live.instances.len(), 1, "{live:?}");
        assert_eq!(live.instances[0].proof, Proof::Heartbeat);
        assert!(live.instances[0].build.is_some());
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    first.leave().await;
    left(&db, &first).await;
    // One that died without a word is gone when its window is over.
    db.execute(
        "INSERT INTO _migrate_instances (set_name, id, build, instance, beat_ms, window_ms) \
         VALUES ('main', 'x', 'b', 'dead', 1, 2000)",
    )
    .await;
    assert!(
        first
            .instances()
            .await
            .expect("the instances")
            .instances
            .is_empty()
    );
}

async fn what_may_not_serve_is_no_instance<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).build();
    first.run().await.expect("a build");
    first.leave().await;
    left(&db, &first).await;
    db.execute(&rows(1, 50)).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    next.run().await.expect_err("the data is not moved");
    left(&db, &next).await;
}

async fn another_set_is_not_seen<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let other = builder(&db, &[PEOPLE], &clock).set_name("other").build();
    other.run().await.expect("a build");
    let table = (
        "20260101000000_own",
        "-- migrate:up\nCREATE TABLE own (id INTEGER);\n-- migrate:down\nDROP TABLE own;\n",
    );
    let own = builder(&db, &[table], &clock).build();
    assert!(own.instances().await.expect("the instances").instances.is_empty());
    own.run().await.expect("a build");
    assert_eq!(own.instances().await.expect("the instances").instances.len(), 1);
}

async fn a_start_that_was_cancelled_is_no_instance<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let files = [PEOPLE];
    let first = builder(&db, &files, &clock).build();
    for wait in (0..40).step_by(4) {
        let cancelled = tokio::time::timeout(Duration::from_millis(wait), first.run())
            .await
            .is_err();
        if !cancelled {
            break;
        }
        left(&db, &first).await;
    }
    first.run().await.expect("a start");
    assert_eq!(first.instances().await.expect("the instances").instances.len(), 1);
}
