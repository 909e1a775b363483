//! Rows that somebody holds, and connections that end, while they are repaired.

use migrate_testkit::PostgresDatabase;
use sqlx::postgres::PgPoolOptions;

use super::*;
use crate::backfill::served::Served;

crate::on_servers! {
    who_commits_later_is_not_overwritten
    a_lock_past_the_budget_ends_it
    another_one_in_the_middle_of_a_batch_is_waited_for
    a_victim_of_a_deadlock_tries_again
    a_connection_that_ends_is_made_again
}

const NAMES: &str = "person INTEGER PRIMARY KEY, name VARCHAR(50)";

async fn broken<K: Kind>() -> (K, Migrator) {
    let (db, migrator): (K, _) = copied(10, NAMES, COPY).await;
    db.execute("DELETE FROM names WHERE person = 3").await;
    db.execute("UPDATE names SET name = 'other' WHERE person = 7")
        .await;
    (db, migrator)
}

/// One that waits for a lock for as long as a test takes, or that does not.
fn patient<K: Kind>(db: &K, migrator: &Migrator, lock: Duration) -> Migrator {
    let set = migrate_core::Set::typed(migrator.set().clone()).expect("the same set");
    Migrator::new(db.pool(), set)
        .lock_timeout(lock)
        .lock_retry(Duration::from_millis(500))
        .build()
}

async fn waiting<K: Served>(db: &K) -> String {
    for _ in 0..500 {
        let id = db.value(&K::waiting("%migrate_%")).await;
        if !id.is_empty() {
            return id;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody waits for a lock");
}

/// What somebody has written and not committed is not seen, and waited for.
async fn who_commits_later_is_not_overwritten<K: Served>() {
    let cases: [(&str, &str, [&str; 2]); 3] = [
        (
            "UPDATE names SET name = 'live' WHERE person = 7",
            "7",
            ["name 3", "live"],
        ),
        (
            "UPDATE people SET name = 'moved' WHERE id = 7",
            "7",
            ["name 3", "other"],
        ),
        ("INSERT INTO names VALUES (3, 'live')", "3", ["live", "name 7"]),
    ];
    for (sql, left, now) in cases {
        let (db, migrator) = broken::<K>().await;
        let held = db.hold(sql).await;
        let migrator = patient(&db, &migrator, Duration::from_secs(20));
        let commit = async {
            waiting(&db).await;
            held.commit().await;
        };
        let (repair, ()) = tokio::join!(repaired(&migrator), commit);
        assert_eq!(keys(&repair.left).1, [left], "{sql}: {repair}");
        let value = async |person| {
            db.value(&format!("SELECT name FROM names WHERE person = {person}"))
                .await
        };
        assert_eq!([value(3).await, value(7).await], now, "{sql}: {repair}");
    }
}

async fn a_lock_past_the_budget_ends_it<K: Served>() {
    let (db, migrator) = broken::<K>().await;
    let held = db.hold("UPDATE names SET name = 'live' WHERE person = 7").await;
    let hasty = patient(&db, &migrator, Duration::from_millis(100));
    let error = hasty
        .repair_rows(version(FILLED))
        .await
        .expect_err("the row is held");
    assert!(error.to_string().to_lowercase().contains("lock"), "{error}");
    let status = filled(&migrator).await;
    assert_eq!(status.state, BackfillState::Blocked);
    drop(held);
    let repair = repaired(&migrator).await;
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 1, BackfillState::Verified),
        "{repair}"
    );
}

/// Whoever repairs as well holds the backfill itself, for longer than one attempt waits.
async fn another_one_in_the_middle_of_a_batch_is_waited_for<K: Served>() {
    let (db, migrator) = broken::<K>().await;
    let held = db
        .hold("UPDATE _migrate_backfills SET changed_ms = changed_ms + 1")
        .await;
    let set = migrate_core::Set::typed(migrator.set().clone()).expect("the same set");
    let hasty = Migrator::new(db.pool(), set)
        .lock_timeout(Duration::from_millis(100))
        .lock_retry(Duration::from_secs(60))
        .build();
    let ends = async {
        waiting(&db).await;
        // MariaDB waits for whole seconds.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        drop(held);
    };
    let (repair, ()) = tokio::join!(repaired(&hasty), ends);
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 1, BackfillState::Verified),
        "{repair}"
    );
}

/// Somebody writes the two sides in the other order.
async fn a_victim_of_a_deadlock_tries_again<K: Served>() {
    let (db, migrator) = broken::<K>().await;
    // Of two, InnoDB undoes the one that wrote less.
    let mut held = db.hold("UPDATE names SET name = 'live' WHERE person > 4").await;
    if K::DIALECT == Dialect::Postgres {
        held.execute("SET deadlock_timeout = '30s'").await;
    }
    let migrator = patient(&db, &migrator, Duration::from_secs(20));
    let other = async {
        waiting(&db).await;
        held.execute("UPDATE people SET name = 'live' WHERE id > 4").await;
        held.commit().await;
    };
    let (repair, ()) = tokio::join!(repaired(&migrator), other);
    assert_eq!((repair.inserted, repair.updated), (1, 0), "{repair}");
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
    assert_eq!(db.value("SELECT name FROM names WHERE person = 7").await, "live");
}

async fn a_connection_that_ends_is_made_again<K: Served>() {
    let (db, migrator) = broken::<K>().await;
    let held = db.hold("UPDATE names SET name = 'live' WHERE person = 7").await;
    let migrator = patient(&db, &migrator, Duration::from_secs(20));
    let ends = async {
        let id = waiting(&db).await;
        db.execute(&K::END.replace("{}", &id)).await;
        drop(held);
    };
    let (repair, ()) = tokio::join!(repaired(&migrator), ends);
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 1, BackfillState::Verified),
        "{repair}"
    );
}

/// A role whose transactions see one state is asked for the usual ones: what was committed later is seen all the same.
#[test]
fn a_role_that_sees_one_state_overwrites_nothing() {
    crate::run(async {
        let (db, migrator) = broken::<PostgresDatabase>().await;
        let options = db
            .options()
            .options([("default_transaction_isolation", "repeatable read")]);
        let pool = PgPoolOptions::new().connect_with(options).await.expect("a pool");
        let set = migrate_core::Set::typed(migrator.set().clone()).expect("the same set");
        let migrator = Migrator::new(pool, set)
            .lock_timeout(Duration::from_secs(20))
            .build();
        let held = db.hold("UPDATE names SET name = 'live' WHERE person = 7").await;
        let commit = async {
            waiting(&db).await;
            held.commit().await;
        };
        let (repair, ()) = tokio::join!(repaired(&migrator), commit);
        assert_eq!(
            (repair.inserted, keys(&repair.left).1),
            (1, vec!["7"]),
            "{repair}"
        );
        assert_eq!(db.value("SELECT name FROM names WHERE person = 7").await, "live");
    });
}
