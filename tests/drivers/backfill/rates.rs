//! The history of how fast rows were moved.

use super::*;

crate::on_every_database! {
    what_was_moved_is_in_the_rates
    only_the_newest_rates_are_kept
}

async fn what_was_moved_is_in_the_rates<K: Kind>() {
    let db: K = in_use(1_000).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    assert_eq!(migrator.backfill_rates(10).await.expect("no rates yet"), []);
    migrator.run_to_completion().await.expect("a backfill");
    let status = filled(&migrator).await;
    let rates = migrator.backfill_rates(10).await.expect("the rates");
    let sum = |of: fn(&migrate_core::backfill::BackfillRate) -> u64| rates.iter().map(of).sum::<u64>();
    assert_eq!(
        (
            sum(|rate| rate.visited),
            sum(|rate| rate.changed),
            sum(|rate| rate.batches)
        ),
        (1_000, 1_000, status.batches),
        "{rates:?}"
    );
    for rate in &rates {
        assert_eq!(
            (rate.version, rate.attempt, &*rate.table),
            (version(FILLED), 1, "people")
        );
        assert!(rate.per_worker() > 0.0 && rate.per_second() > 0.0, "{rate}");
        assert!(rate.worked <= rate.span, "one worker: {rate:?}");
    }
    assert_eq!(migrator.backfill_rates(0).await.expect("none"), []);
}

async fn only_the_newest_rates_are_kept<K: Kind>() {
    let db: K = in_use(100).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    let again = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(held::Full)
        .build();
    again
        .run_to_completion()
        .await
        .expect_err("it is stopped at its beginning");
    let old: Vec<String> = (1..=1_100)
        .map(|window| format!("('main', 20250101000000, 1, {window}0000, 'old', 1, 2, 1, 1, 1, 1)"))
        .collect();
    db.execute(&format!("INSERT INTO _migrate_rates VALUES {}", old.join(", ")))
        .await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    migrator.run_to_completion().await.expect("a backfill");
    let rates = migrator.backfill_rates(5_000).await.expect("the rates");
    assert_eq!(rates.len(), 1_000);
    assert_eq!(&*rates[0].table, "people", "the newest is the first");
    assert_eq!(&*rates[999].table, "old");
}
