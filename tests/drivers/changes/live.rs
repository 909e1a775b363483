//! Who is seen to live.

use migrate_core::Dialect;
use migrate_core::live::{Liveness, Proof, Registered};
use migrate_core::migrator::Event;

use super::*;

crate::on_every_database! {
    an_instance_is_seen_with_its_build
    a_worker_forgets_who_is_gone_for_long
    what_may_not_serve_is_no_instance
    another_set_is_not_seen
    a_start_that_was_cancelled_is_no_instance
    an_instance_that_was_cut_off_registers_again
    an_instance_that_was_overtaken_meanwhile_learns_it
    an_instance_that_was_cut_off_just_now_is_waited_for
    what_only_works_is_not_overtaken_before_it_serves
}

// In SQLite the file's lock needs no connection that a pooler could share.
crate::on_servers! {
    a_heartbeat_is_seen_for_its_window
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
    left(&second).await;
}

async fn a_heartbeat_is_seen_for_its_window<K: Kind>() {
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
    left(&first).await;
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

async fn a_worker_forgets_who_is_gone_for_long<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).build();
    first.run().await.expect("a build");
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    let count = |set: &str| {
        format!("SELECT CAST(count(*) AS {text}) FROM _migrate_instances WHERE set_name = '{set}'")
    };
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .expect("a time");
    let day = |days: u64| now.as_millis() as u64 - days * 86_400_000;
    let mut rows: Vec<String> = (0..250)
        .map(|id| format!("('main', 'gone {id}', 'b', 'gone', {id}, 9)"))
        .collect();
    // Its window makes it gone for less than its last word does.
    for (set, id, beat, window) in [
        ("main", "month", day(31), 2 * 86_400_000),
        ("main", "week", day(7), 2_000),
        ("main", "alive", day(0), 900_000),
        ("other", "of another set", 1, 9),
    ] {
        rows.push(format!("('{set}', '{id}', 'b', '{id}', {beat}, {window})"));
    }
    db.execute(&format!(
        "INSERT INTO _migrate_instances (set_name, id, build, instance, beat_ms, window_ms) VALUES {}",
        rows.join(", ")
    ))
    .await;
    first.run().await.expect("nothing to do");
    assert_eq!(db.value(&count("main")).await, "253", "a start deletes nothing");
    let worker = first.spawn_worker();
    for _ in 0..600 {
        if db.value(&count("main")).await == "3" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    worker.shutdown().await.expect("a worker that ended well");
    assert_eq!(db.value(&count("main")).await, "3");
    assert_eq!(
        db.value(&count("other")).await,
        "1",
        "that is the other's worker's"
    );
    // What it embeds stays known: one of that build may come back.
    let live = first.instances().await.expect("the instances");
    assert_eq!(live.builds.len(), 1);
    first.leave().await;
}

async fn what_may_not_serve_is_no_instance<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).build();
    first.run().await.expect("a build");
    first.leave().await;
    left(&first).await;
    db.execute(&rows(1, 50)).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    next.run().await.expect_err("the data is not moved");
    left(&next).await;
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
        left(&first).await;
    }
    first.run().await.expect("a start");
    assert_eq!(first.instances().await.expect("the instances").instances.len(), 1);
}

/// Takes the registrations of all instances away, as a server does that ends idle connections.
async fn cut_off<K: Kind>(db: &K) {
    match K::DIALECT {
        Dialect::Postgres => {
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            )
            .await;
        }
        Dialect::Sqlite => {
            let file = db
                .value("SELECT file FROM pragma_database_list WHERE name = 'main'")
                .await;
            std::fs::remove_dir_all(format!("{file}-instances")).expect("a folder");
        }
        _ => {
            let others = "SELECT COALESCE(GROUP_CONCAT(id), '') FROM information_schema.processlist \
                          WHERE db = DATABASE() AND id <> CONNECTION_ID()";
            for id in db.value(others).await.split(',').filter(|id| !id.is_empty()) {
                // It may be gone meanwhile.
                let _ = db.attempt(&format!("KILL CONNECTION {id}")).await;
            }
        }
    }
}

/// What an observer heard of a registration.
#[derive(Clone, Default)]
struct Heard(Arc<std::sync::Mutex<Vec<String>>>);

impl Heard {
    fn listen(&self) -> impl Fn(&Event) + Send + Sync + 'static {
        let heard = Arc::clone(&self.0);
        move |event: &Event| {
            if matches!(
                event,
                Event::RegistrationLost { .. } | Event::RegisteredAgain | Event::Overtaken { .. }
            ) {
                heard.lock().expect("a list").push(event.to_string());
            }
        }
    }

    async fn last(&self) -> String {
        for _ in 0..300 {
            let last = self.0.lock().expect("a list").last().cloned();
            match last {
                Some(last) if !last.starts_with("this instance is not registered") => return last,
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        panic!("nothing was heard of the registration");
    }
}

async fn an_instance_that_was_cut_off_registers_again<K: Kind>() {
    let (clock, heard) = (TestClock::default(), Heard::default());
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).observer(heard.listen()).build();
    assert_eq!(first.registered(), Registered::No);
    first.run().await.expect("a build");
    assert_eq!(first.registered(), Registered::Yes);
    cut_off(&db).await;
    assert_eq!(heard.last().await, "this instance is registered again");
    assert_eq!(first.registered(), Registered::Yes);
    let live = first.instances().await.expect("the instances");
    assert_eq!(live.instances.len(), 1, "{live:?}");
    assert!(live.instances[0].build.is_some(), "{live:?}");
    first.leave().await;
    assert_eq!(first.registered(), Registered::No);
    left(&first).await;
}

async fn an_instance_that_was_overtaken_meanwhile_learns_it<K: Kind>() {
    let (clock, heard) = (TestClock::default(), Heard::default());
    let db: K = verified(&clock).await;
    let old = builder(&db, &[PEOPLE, EXPAND], &clock)
        .policy(Policy::Development)
        .observer(heard.listen())
        .build();
    old.choose_policy(Policy::Development)
        .await
        .expect("a person says so");
    old.run().await.expect("the old build");
    // This policy waits for nobody.
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .policy(Policy::Development)
        .build();
    next.run_to_completion().await.expect("the contract");
    cut_off(&db).await;
    let said = heard.last().await;
    assert!(
        said.starts_with("this instance has to stop serving: this build is too old for the database"),
        "{said}"
    );
    assert!(said.contains("does not embed 20260103000000"), "{said}");
    let Registered::Overtaken { reason } = old.registered() else {
        panic!("{:?}", old.registered());
    };
    assert!(reason.contains("the contract 20260104000000 removed"), "{reason}");
    // As long as it lives it is seen, so that no further contract is applied behind it.
    assert_eq!(old.instances().await.expect("the instances").instances.len(), 1);
    let error = old.run().await.expect_err("its column is gone");
    assert!(error.is_older_build(), "{error}");
}

async fn an_instance_that_was_cut_off_just_now_is_waited_for<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .without_approval()
        .settle(Duration::from_secs(9))
        .build();
    next.run_to_completion().await.expect("the job");
    assert_eq!(change(&next, "nick").await.state, ChangeState::Soaking);
    clock.forward(Duration::from_secs(25 * 3600));
    if K::DIALECT == Dialect::Postgres {
        // The server itself has to be up for the settle time.
        while next.instances().await.expect("the instances").up < Some(Duration::from_secs(9)) {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    let old = builder(&db, &[PEOPLE, EXPAND], &clock)
        .settle(Duration::from_secs(9))
        .build();
    old.run().await.expect("the old build");
    cut_off(&db).await;
    // Nobody looked while it was seen, so everything seems to be settled.
    let report = next.run_to_completion().await.expect("the job");
    assert!(report.applied.is_empty(), "{report}");
    assert!(waits(&report).contains("live-builds: 1 of 1"), "{report}");
    old.leave().await;
}

/// A worker may be there before `run` is through: what is missing then is nothing that was taken away.
async fn what_only_works_is_not_overtaken_before_it_serves<K: Kind>() {
    let (clock, heard) = (TestClock::default(), Heard::default());
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], &clock).build();
    first.run().await.expect("a build");
    first.leave().await;
    left(&first).await;
    let next = builder(&db, &[PEOPLE, EXPAND], &clock)
        .observer(heard.listen())
        .build();
    let worker = next.spawn_worker();
    while next.registered() != Registered::Yes {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    cut_off(&db).await;
    assert_eq!(heard.last().await, "this instance is registered again");
    next.run().await.expect("the expand");
    // Now it serves, and what it needs is taken away behind its back.
    worker.shutdown().await.expect("an end");
    let file = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    file.rollback("nick").await.expect("the way back");
    cut_off(&db).await;
    for turn in 0..300 {
        if let Registered::Overtaken { reason } = next.registered() {
            let gone = "20260102000000 expand is not in the database";
            assert!(reason.contains(gone), "{reason}");
            break;
        }
        assert!(turn < 299, "{:?}", next.registered());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
