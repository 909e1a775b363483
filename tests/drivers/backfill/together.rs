//! Several workers, and writers beside them.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

crate::on_every_database! {
    workers_share_it
    builds_go_on_writing
    a_lease_that_is_over_goes_to_another
}

async fn workers_share_it<K: Kind>() {
    let db: K = in_use(3_000).await;
    let fill = (FILL.0, FILL.1.replace("batch=100", "batch=20"));
    let each: Vec<_> = (0..4)
        .map(|index| {
            let set = db.set(&[PEOPLE, EXPAND, (fill.0, &fill.1)]);
            Migrator::new(db.pool(), set)
                .instance(format!("worker {index}"))
                .build()
        })
        .collect();
    let all: Vec<_> = each.iter().map(Migrator::spawn_worker).collect();
    let migrator = &each[0];
    migrator.run_to_completion().await.expect("the data is moved");
    for worker in all {
        worker.shutdown().await.expect("a worker that ended well");
    }
    let status = filled(migrator).await;
    assert_eq!(
        (status.visited, status.changed),
        (3_000, 3_000),
        "nothing is moved twice, nothing is left out"
    );
    assert_eq!(wrong(&db).await, "0");
}

async fn builds_go_on_writing<K: Kind>() {
    let db: K = in_use(2_000).await;
    let done = AtomicBool::new(false);
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    let write = async {
        let mut written = 0;
        while !done.load(Ordering::Relaxed) {
            written += 1;
            let id = written * 7 % 2_000 + 1;
            db.execute(&format!(
                "UPDATE people SET name = 'old {written}' WHERE id = {id}"
            ))
            .await;
            db.execute(&format!(
                "UPDATE people SET nick = 'new {written}' WHERE id = {}",
                id / 2 + 1
            ))
            .await;
            db.execute(&format!(
                "INSERT INTO people (id, name) VALUES ({}, 'late')",
                10_000 + written
            ))
            .await;
        }
        written
    };
    let work = async {
        migrator.run_to_completion().await.expect("the data is moved");
        done.store(true, Ordering::Relaxed);
    };
    let (written, ()) = tokio::join!(write, work);
    assert!(written > 0);
    assert_eq!(wrong(&db).await, "0", "after {written} writes");
}

async fn a_lease_that_is_over_goes_to_another<K: Kind>() {
    let db: K = in_use(500).await;
    let short = |name: &str| {
        let set = db.set(&[PEOPLE, EXPAND, FILL]);
        Migrator::new(db.pool(), set)
            .instance(name)
            .lease(Duration::from_millis(300))
            .build()
    };
    let fill = (
        FILL.0,
        FILL.1.replace("batch=100 pause=0ms", "batch=10 pause=10s"),
    );
    let lost = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, (fill.0, &fill.1)]))
        .lease(Duration::from_millis(300))
        .build();
    {
        // Dropped in its pause, as a process that is killed: what it had taken is not given back.
        let stop = migrate_core::migrator::Stop::new();
        let worker = lost.worker(&stop);
        let _ = tokio::time::timeout(Duration::from_millis(700), worker).await;
    }
    let migrator = short("second");
    migrator.run_to_completion().await.expect("another one goes on");
    let status = filled(&migrator).await;
    assert_eq!(
        (status.visited, status.changed),
        (500, 500),
        "nothing is moved twice, nothing is left out"
    );
    assert_eq!(wrong(&db).await, "0");
}
