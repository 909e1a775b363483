//! What happens between the reading of rows and their writing.

use migrate_core::migrator::Stop;

use super::*;

crate::on_every_database! {
    a_write_meanwhile_is_kept
    a_write_to_the_target_is_kept
    a_row_that_is_left_is_looked_at_again
    a_part_that_was_stolen_is_not_written
    a_takeover_throws_away_what_the_code_made
    a_dead_worker_s_rows_are_moved_once
    a_shutdown_does_not_wait_for_the_code
    a_lease_is_kept_while_the_code_runs
    several_workers_and_a_writer
}

/// A run, as far as the gate of row 5; what the test does there; and the rest.
async fn at_the_gate<K: Kind>(sql: &str) -> (K, Migrator) {
    let token = token();
    let db: K = people(60, &[(5, &format!("gate {token}"))]).await;
    let migrator = build(&db).build();
    let run = {
        let migrator = migrator.clone();
        tokio::spawn(async move { migrator.run_to_completion().await })
    };
    let gate = Gate::of(&token);
    gate.reached(1).await;
    db.execute(sql).await;
    gate.open();
    run.await.expect("no panic").expect("a backfill");
    (db, migrator)
}

async fn a_write_meanwhile_is_kept<K: Kind>() {
    let (db, migrator) = at_the_gate::<K>("UPDATE people SET name = 'new' WHERE id IN (5, 6)").await;
    check(&db, 60).await;
    assert_eq!(db.value("SELECT nick FROM people WHERE id = 5").await, "NEW");
    let status = status(&migrator).await;
    assert_eq!((status.visited, status.changed, status.failures), (60, 60, 0));
}

/// What the new build wrote itself counts as what was read.
async fn a_write_to_the_target_is_kept<K: Kind>() {
    let (db, _) = at_the_gate::<K>("UPDATE people SET nick = 'own', tries = 7 WHERE id = 5").await;
    assert_eq!(
        count(&db, "id = 5 AND tries = 8").await,
        1,
        "the code saw the other value"
    );
    assert_eq!(count(&db, "tries = 1").await, 59);
}

async fn a_row_that_is_left_is_looked_at_again<K: Kind>() {
    let token = token();
    let db: K = people(60, &[(5, &format!("gate {token}"))]).await;
    db.execute("UPDATE people SET name = NULL WHERE id = 4").await;
    let migrator = build(&db).build();
    let run = {
        let migrator = migrator.clone();
        tokio::spawn(async move { migrator.run_to_completion().await })
    };
    let gate = Gate::of(&token);
    gate.reached(1).await;
    // The code has left the row as it was.
    db.execute("UPDATE people SET name = 'late' WHERE id = 4").await;
    gate.open();
    run.await.expect("no panic").expect("a backfill");
    check(&db, 60).await;
}

async fn a_part_that_was_stolen_is_not_written<K: Kind>() {
    let (db, migrator) =
        at_the_gate::<K>("UPDATE _migrate_parts SET fence = fence + 1, owner = 'thief', lease_until_ms = 0")
            .await;
    check(&db, 60).await;
    let status = status(&migrator).await;
    assert_eq!((status.visited, status.changed), (60, 60), "{status}");
}

/// Code has no text; the file beside it has.
async fn a_takeover_throws_away_what_the_code_made<K: Kind>() {
    let token = token();
    let db: K = people(60, &[(5, &format!("gate {token}"))]).await;
    let gate = Gate::of(&token);
    let one = build(&db).build();
    let run = {
        let one = one.clone();
        tokio::spawn(async move { one.run_to_completion().await })
    };
    gate.reached(1).await;
    let text = FILL.1.replace("nick IS NULL AND", "tries <> 1 AND");
    let set = db.set(&[PEOPLE, EXPAND, (FILL.0, &text)]);
    let other = Migrator::new(db.pool(), set).rust::<Nick>("nick").build();
    other.resume(version(FILLED)).await.expect("to take it over");
    gate.open();
    let error = run.await.expect("no panic").expect_err("its part is gone");
    assert!(
        error.to_string().contains("by another text of its file"),
        "{error}"
    );
    assert_eq!(count(&db, "tries > 0").await, 0, "nothing of it is written");
    other.run_to_completion().await.expect("a backfill");
    check(&db, 60).await;
}

async fn a_dead_worker_s_rows_are_moved_once<K: Kind>() {
    let token = token();
    let db: K = people(60, &[(45, &format!("gate {token}"))]).await;
    let gate = Gate::of(&token);
    let first = build(&db).lease(Duration::from_millis(300)).build();
    let stop = Stop::new();
    tokio::select! {
        ended = first.worker(&stop) => panic!("it ended: {ended:?}"),
        () = gate.reached(1) => {}
    }
    gate.open();
    let second = build(&db).lease(Duration::from_millis(300)).build();
    second.run_to_completion().await.expect("the rest");
    check(&db, 60).await;
    assert_eq!(status(&second).await.visited, 60);
}

async fn a_shutdown_does_not_wait_for_the_code<K: Kind>() {
    let token = token();
    let db: K = people(60, &[(5, &format!("gate {token}"))]).await;
    let gate = Gate::of(&token);
    let migrator = build(&db).batch_timeout(Duration::from_secs(600)).build();
    let worker = migrator.spawn_worker();
    gate.reached(1).await;
    let ended = tokio::time::timeout(Duration::from_secs(60), worker.shutdown()).await;
    ended
        .expect("it does not wait")
        .expect("a worker that ended well");
    assert_eq!(count(&db, "tries = 1").await, 4, "what was done before is kept");
    gate.open();
    migrator.run_to_completion().await.expect("the rest");
    check(&db, 60).await;
}

/// A row takes longer than the lease, and its part is nobody else's.
async fn a_lease_is_kept_while_the_code_runs<K: Kind>() {
    let token = token();
    let db: K = people(60, &[(5, &format!("gate {token}"))]).await;
    let gate = Gate::of(&token);
    let build = || build(&db).lease(Duration::from_millis(600)).build();
    let (first, second) = (build(), build());
    let run = tokio::spawn(async move { first.run_to_completion().await });
    gate.reached(1).await;
    let worker = second.spawn_worker();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(
        gate.came.load(Ordering::SeqCst),
        1,
        "another worker took the part"
    );
    gate.open();
    run.await.expect("no panic").expect("a backfill");
    worker.shutdown().await.expect("a worker that ended well");
    check(&db, 60).await;
}

async fn several_workers_and_a_writer<K: Kind>() {
    let db: K = people(600, &[]).await;
    let runs: Vec<_> = (0..3)
        .map(|_| {
            let migrator = build(&db).build();
            tokio::spawn(async move { migrator.run_to_completion().await })
        })
        .collect();
    let mut round = 0;
    while !runs.iter().all(tokio::task::JoinHandle::is_finished) {
        round += 1;
        let sql = format!(
            "UPDATE people SET name = 'round {round}' WHERE id % 7 = {}",
            round % 7
        );
        // SQLite may have it locked for longer than its time-out; then there is one write less.
        let _ = db.attempt(&sql).await;
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
    for run in runs {
        run.await.expect("no panic").expect("a backfill");
    }
    assert_eq!(count(&db, "nick IS NOT NULL AND tries = 1").await, 600);
    let status = status(&build(&db).build()).await;
    assert_eq!((status.visited, status.changed), (600, 600), "{status}");
}
