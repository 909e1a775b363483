//! Each gate closed, and open.

use migrate_core::gates::{Contract, Finding, Gate, Verdict};
use migrate_core::migrator::StatusState;

use super::*;

crate::on_every_database! {
    an_old_build_keeps_the_contract_away
    an_approval_is_of_one_text
    an_approval_says_everything
    grace_counts_time
    grace_counts_releases
    a_window_is_kept
    a_gate_of_the_application_is_asked
    a_backfill_of_the_same_table_goes_first
    what_is_seen_has_to_be_seen_for_long_enough
    development_asks_nothing
    a_status_and_a_dry_run_show_the_gates
    tables_that_others_made_are_in_use
    a_backfill_of_another_build_is_of_any_table
}

// In SQLite the registration itself says what is embedded.
crate::on_servers! {
    a_build_that_nobody_knows_keeps_the_contract_away
}

/// A contract that loses nothing and needs nothing but its builds, with a header of its own.
fn tightening(header: &str) -> (&'static str, String) {
    let text = format!(
        "-- migrate:change tight\n-- migrate:phase contract\n{header}-- migrate:up\n\
         CREATE INDEX people_name ON people (name);\n-- migrate:down\nDROP INDEX people_name;\n"
    );
    ("20260105000000_tight", text)
}

async fn with_people<K: Kind>(clock: &TestClock) -> K {
    let db = K::create().await;
    let first = builder(&db, &[PEOPLE], clock).build();
    first.run().await.expect("a build");
    first.leave().await;
    left(&first).await;
    db
}

async fn an_old_build_keeps_the_contract_away<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let old = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    old.run().await.expect("the old build");
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .without_approval()
        .build();
    next.run().await.expect("the new build");
    let worker = next.spawn_worker();
    tokio::time::sleep(Duration::from_millis(600)).await;
    clock.forward(Duration::from_secs(48 * 3600));
    tokio::time::sleep(Duration::from_millis(600)).await;
    let seen = change(&next, "nick").await;
    // It was never in use by all, so no time counts.
    assert_eq!(closed(&seen), ["live-builds", "soak"], "{seen}");
    worker.shutdown().await.expect("an end");
    let report = next.run_to_completion().await.expect("the job");
    assert!(
        waits(&report).contains("1 of 2 instances do not embed 20260103000000"),
        "{report}"
    );
    old.leave().await;
    for _ in 0..100 {
        if next.instances().await.expect("the instances").instances.len() == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    next.run_to_completion().await.expect("the job");
    assert_eq!(closed(&change(&next, "nick").await), ["soak"]);
    clock.forward(Duration::from_secs(25 * 3600));
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [CONTRACTED]);
}

async fn a_build_that_nobody_knows_keeps_the_contract_away<K: Kind>() {
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    let (name, text) = tightening("");
    let other = builder(&db, &[PEOPLE], &clock).build();
    other.run().await.expect("a build");
    // It writes down what it embeds a moment behind its start, and looks no second time.
    tokio::time::sleep(Duration::from_secs(3)).await;
    db.execute("DELETE FROM _migrate_builds").await;
    let next = builder(&db, &[PEOPLE, (name, &text)], &clock).build();
    let report = next.run_to_completion().await.expect("the job");
    assert!(waits(&report).contains("of an unknown build"), "{report}");
}

async fn an_approval_is_of_one_text<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    next.approve("nick", &approval()).await.expect("an approval");
    let edited = CONTRACT.1.replace("DROP COLUMN name", "DROP COLUMN NAME");
    let other = builder(&db, &[PEOPLE, EXPAND, FILL, (CONTRACT.0, &edited)], &clock).build();
    let seen = change(&other, "nick").await;
    let approval = seen
        .gates
        .iter()
        .find(|gate| gate.gate == "approval")
        .expect("the gate");
    assert!(
        !approval.open && approval.finding.contains("is not what this build embeds"),
        "{seen}"
    );
    let seen = change(&next, "nick").await;
    let approval = seen
        .gates
        .iter()
        .find(|gate| gate.gate == "approval")
        .expect("the gate");
    assert!(
        approval.open && approval.finding.contains("backup backup-7"),
        "{seen}"
    );
}

async fn an_approval_says_everything<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    let whole = approval();
    for (wrong, said) in [
        (
            Approval {
                by: " ".to_owned(),
                ..whole.clone()
            },
            "who approves",
        ),
        (
            Approval {
                backup: String::new(),
                ..whole.clone()
            },
            "the backup",
        ),
        (
            Approval {
                owner: String::new(),
                ..whole.clone()
            },
            "who owns the data",
        ),
        (
            Approval {
                restore_tested: "yesterday".to_owned(),
                ..whole.clone()
            },
            "`yesterday` is not the day",
        ),
        (
            Approval {
                restore_tested: "2026-02-30".to_owned(),
                ..whole.clone()
            },
            "`2026-02-30` is not the day",
        ),
        (
            Approval {
                restore_tested: "2999-01-01".to_owned(),
                ..whole.clone()
            },
            "was not tested yet",
        ),
    ] {
        let error = next.approve("nick", &wrong).await.expect_err("it is not whole");
        assert!(
            error.is_configuration() && error.to_string().contains(said),
            "{error}"
        );
    }
    let error = next.approve("nik", &whole).await.expect_err("no such change");
    assert!(
        error.is_unknown_version() && error.to_string().contains("did you mean `nick`"),
        "{error}"
    );
}

async fn grace_counts_time<K: Kind>() {
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    let (name, text) = tightening("-- migrate:grace 2h\n");
    let next = builder(&db, &[PEOPLE, (name, &text)], &clock).build();
    let report = next.run_to_completion().await.expect("the job");
    assert!(waits(&report).starts_with("grace: "), "{report}");
    clock.forward(Duration::from_secs(3600));
    let report = next.run_to_completion().await.expect("the job");
    assert!(waits(&report).starts_with("grace: ready for 1 h"), "{report}");
    clock.forward(Duration::from_secs(3601));
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [20260105000000], "{report}");
}

async fn grace_counts_releases<K: Kind>() {
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    let (name, text) = tightening("-- migrate:grace 2 releases\n");
    let tight = (name, &*text);
    let next = builder(&db, &[PEOPLE, tight], &clock).build();
    next.run_to_completion().await.expect("the job");
    let tables = ["a", "b", "c"].map(|name| {
        format!("-- migrate:up\nCREATE TABLE r{name} (id INTEGER);\n-- migrate:down\nDROP TABLE r{name};\n")
    });
    let [a, b, c] = [
        ("20260106000000_a", &*tables[0]),
        ("20260107000000_b", &*tables[1]),
        ("20260108000000_c", &*tables[2]),
    ];
    // What is embedded beside the people and the contract, whether instances of it run, and how many releases there are then.
    for (more, runs, count) in [
        // It only migrates.
        (&[a][..], false, 0),
        (&[a], true, 1),
        // The same once more, and a branch.
        (&[a], true, 1),
        (&[b], true, 1),
        (&[a, b, c], false, 1),
        (&[a, b, c], true, 2),
    ] {
        clock.forward(Duration::from_secs(60));
        let mut files = vec![PEOPLE, tight];
        files.extend(more);
        let release = builder(&db, &files, &clock).build();
        if runs {
            release.run().await.expect("a release");
            release.leave().await;
            left(&release).await;
        } else {
            release.run_to_completion().await.expect("a job");
        }
        clock.forward(Duration::from_secs(60));
        let seen = change(&next, "tight").await;
        let grace = seen
            .gates
            .iter()
            .find(|gate| gate.gate == "grace")
            .expect("the gate");
        assert!(
            grace
                .finding
                .starts_with(&format!("{count} of 2 releases were seen to run")),
            "{more:?}: {seen}"
        );
    }
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [20260105000000], "{report}");
}

async fn a_window_is_kept<K: Kind>() {
    // The window is of the day behind tomorrow: it is closed today, and open at some time of that day.
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    let header = format!("-- migrate:window \"{} 00:00-23:59 UTC\"\n", in_two_days());
    let (name, text) = tightening(&header);
    let next = builder(&db, &[PEOPLE, (name, &text)], &clock).build();
    let report = next.run_to_completion().await.expect("the job");
    let told = format!(
        "window: it is not open now: {} 00:00-23:59 UTC, which opens at 20",
        in_two_days()
    );
    assert!(waits(&report).starts_with(&told), "{}", waits(&report));
    for _ in 0..3 {
        clock.forward(Duration::from_secs(24 * 3600));
        next.run_to_completion().await.expect("the job");
    }
    assert_eq!(change(&next, "tight").await.state, ChangeState::Contracted);
}

struct Never;

#[async_trait::async_trait]
impl Gate for Never {
    fn name(&self) -> &str {
        "never"
    }

    async fn look(&self, contract: &Contract<'_>) -> Verdict {
        Verdict::Closed(format!("{} has to stay", contract.migration))
    }
}

async fn a_gate_of_the_application_is_asked<K: Kind>() {
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    let (name, text) = tightening("");
    let next = builder(&db, &[PEOPLE, (name, &text)], &clock).gate(Never).build();
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(waits(&report), "never: 20260105000000 tight has to stay");
}

async fn a_backfill_of_the_same_table_goes_first<K: Kind>() {
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    db.execute(&rows(1, 50)).await;
    let (name, text) = tightening("");
    let slow = FILL
        .1
        .replace("pause=0ms", "pause=30s")
        .replace("batch=100", "batch=1");
    let files = [PEOPLE, EXPAND, (FILL.0, &*slow), (name, &*text)];
    let next = builder(&db, &files, &clock).build();
    next.run().await.expect("a build");
    let worker = next.spawn_worker();
    for _ in 0..200 {
        if next
            .backfill(version(20260103000000))
            .await
            .expect("a status")
            .is_some()
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let seen = change(&next, "tight").await;
    assert_eq!(closed(&seen), ["table-busy"], "{seen}");
    worker.shutdown().await.expect("an end");
}

async fn what_is_seen_has_to_be_seen_for_long_enough<K: Kind>() {
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    let (name, text) = tightening("");
    let next = builder(&db, &[PEOPLE, (name, &text)], &clock)
        .settle(Duration::from_secs(3600))
        .build();
    let plan = next.plan().await.expect("a plan");
    let shown: Vec<String> = plan.waiting[0].closed().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].starts_with("settled: "), "{shown:?}");
    // A run that waits for that says so once.
    let (told, heard) = std::sync::mpsc::channel();
    let told = std::sync::Mutex::new(told);
    let soon = builder(&db, &[PEOPLE, (name, &text)], &clock)
        .settle(Duration::from_secs(3))
        .observer(move |event: &Event| {
            if matches!(event, Event::Settling { .. }) {
                let _ = told.lock().expect("a channel").send(event.to_string());
            }
        })
        .build();
    soon.run_to_completion().await.expect("the job");
    let heard: Vec<String> = heard.try_iter().collect();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert!(
        heard[0].starts_with(&format!("waiting for up to 5 s: {name}: ").replacen('_', " ", 1)),
        "{heard:?}"
    );
}

async fn development_asks_nothing<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .policy(Policy::Development)
        .build();
    next.choose_policy(Policy::Development)
        .await
        .expect("a person says so");
    let report = next.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [CONTRACTED]);
    assert_eq!(change(&next, "nick").await.state, ChangeState::Contracted);
}

async fn a_status_and_a_dry_run_show_the_gates<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let old = builder(&db, &[PEOPLE, EXPAND], &clock).build();
    old.run().await.expect("an old build");
    let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
    let status = next.status().await.expect("a status");
    let line = status.lines.last().expect("a line");
    let StatusState::Waiting(gates) = &line.state else {
        panic!("{status}");
    };
    let plan = next.dry_run().await.expect("a plan");
    assert!(plan.steps.is_empty(), "{plan}");
    let change = change(&next, "nick").await;
    for found in [gates, &plan.waiting[0].gates] {
        // The first one tells that a start is not what applies it.
        assert_eq!(found[0].gate, "contract", "{found:?}");
        let names = |gates: &[Finding]| {
            gates
                .iter()
                .map(|gate| (gate.gate.clone(), gate.open))
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&found[1..]), names(&change.gates));
    }
    let text = status.to_string();
    assert!(
        text.contains("closed live-builds: 1 of 1 instances do not embed 20260103000000"),
        "{text}"
    );
    assert!(
        text.contains("open   data: its data is moved and verified"),
        "{text}"
    );
    // Looking leaves the log as it was.
    let log = next.events().await.expect("the log");
    next.status().await.expect("a status");
    assert_eq!(next.events().await.expect("the log"), log);
}

async fn tables_that_others_made_are_in_use<K: Kind>() {
    let clock = TestClock::default();
    let db = K::create().await;
    db.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50), nick VARCHAR(50))")
        .await;
    let contract = (
        "20260105000000_drop_nick",
        "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:up\n\
         ALTER TABLE people DROP COLUMN nick;\n\
         -- migrate:down\nALTER TABLE people ADD COLUMN nick VARCHAR(50);\n",
    );
    let migrator = builder(&db, &[contract], &clock).build();
    migrator.run().await.expect("a first start");
    db.attempt("SELECT nick FROM people")
        .await
        .expect("nobody approved that it goes");
    let seen = change(&migrator, "nick").await;
    assert!(closed(&seen).ends_with(&["soak", "approval"]), "{seen}");
}

async fn a_backfill_of_another_build_is_of_any_table<K: Kind>() {
    let clock = TestClock::default();
    let db: K = with_people(&clock).await;
    let slow = crate::backfill::FILL
        .1
        .replace("batch=100 pause=0ms", "batch=1 pause=10s");
    db.execute(&rows(1, 20)).await;
    let mover = builder(&db, &[PEOPLE, EXPAND, (crate::backfill::FILL.0, &slow)], &clock).build();
    mover.run().await.expect("the expand");
    let worker = mover.spawn_worker();
    begun(&mover).await;
    let (name, text) = tightening("");
    let other = builder(&db, &[PEOPLE, EXPAND, (name, &text)], &clock).build();
    let seen = change(&other, "tight").await;
    assert!(closed(&seen).contains(&"table-busy"), "{seen}");
    worker.shutdown().await.expect("a worker that ended well");
}
