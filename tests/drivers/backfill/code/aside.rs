//! Rows that cannot be moved.

use migrate_core::backfill::BackfillSettings;

use super::*;

crate::on_every_database! {
    rows_that_fail_are_set_aside_and_tried_again
    too_many_stop_it
    a_setting_allows_more
    a_row_that_is_gone_is_no_failure
}

async fn rows_that_fail_are_set_aside_and_tried_again<K: Kind>() {
    let odd = [
        (30, "fail x"),
        (31, "panic at the disco"),
        (150, "slow x"),
        (200, "refused"),
    ];
    let db: K = people(300, &odd).await;
    let migrator = build(&db).batch_timeout(Duration::from_millis(200)).build();
    let error = migrator
        .run_to_completion()
        .await
        .expect_err("rows cannot be moved");
    let said = error.to_string();
    for says in [
        "4 rows could not be moved: ",
        "30 (there is no nick for 30)",
        "31 (it panicked: at the disco)",
        "150 (no answer within 0.2 s)",
        "200 (the database refused its values: ",
        "`rerun` (`migrate backfill rerun 20260103000000`) tries them again",
    ] {
        assert!(said.contains(says), "{says}: {said}");
    }
    check(&db, 296).await;
    let now = status(&migrator).await;
    assert_eq!(now.state, BackfillState::Blocked);
    assert_eq!((now.visited, now.changed, now.failures), (300, 296, 4));
    let shown = migrator.status().await.expect("a status").to_string();
    assert!(shown.contains("4 rows set aside"), "{shown}");
    let failed = migrator.failed_rows(version(FILLED), 10).await.expect("the rows");
    let keys: Vec<(&str, u32)> = failed.iter().map(|row| (&*row.key, row.attempts)).collect();
    assert_eq!(keys.len(), 4, "{keys:?}");
    assert!(
        keys.contains(&("30", 1)) && keys.contains(&("200", 1)),
        "{keys:?}"
    );

    // Two are mended: the others fail again, and no other row is touched.
    db.execute("UPDATE people SET name = 'mended' WHERE id IN (30, 200)")
        .await;
    migrator.rerun(version(FILLED)).await.expect("to try again");
    let error = migrator.run_to_completion().await.expect_err("two still fail");
    assert!(error.to_string().contains("2 rows could not be moved"), "{error}");
    let failed = migrator.failed_rows(version(FILLED), 10).await.expect("the rows");
    assert!(failed.iter().all(|row| row.attempts == 2), "{failed:?}");
    db.execute("UPDATE people SET name = 'mended' WHERE id IN (31, 150)")
        .await;
    migrator.rerun(version(FILLED)).await.expect("to try again");
    let log = migrator.events().await.expect("the log");
    let tries: Vec<_> = log.iter().filter_map(|entry| entry.figure("tries")).collect();
    assert_eq!(tries, ["4 rows set aside", "2 rows set aside"]);
    migrator.run_to_completion().await.expect("all of them");
    check(&db, 300).await;
    let now = status(&migrator).await;
    assert_eq!(now.state, BackfillState::Verified);
    assert_eq!((now.visited, now.changed, now.failures), (300, 300, 0));
}

/// All rows fail.
async fn hopeless<K: Kind>() -> K {
    let db: K = people(100, &[]).await;
    db.execute("UPDATE people SET name = 'fail x'").await;
    db
}

fn limited<K: Kind>(db: &K) -> Migrator {
    let fill = FILL.1.replace("batch=20", "failures=5 batch=20");
    let files = [PEOPLE, EXPAND, (FILL.0, &*fill)];
    Migrator::new(db.pool(), db.set(&files))
        .rust::<Nick>("nick")
        .build()
}

async fn too_many_stop_it<K: Kind>() {
    let db: K = hopeless().await;
    let migrator = limited(&db);
    let error = migrator.run_to_completion().await.expect_err("all rows fail");
    let said = error.to_string();
    assert!(said.contains("6 rows could not be moved, and 5 may: "), "{said}");
    assert!(
        said.contains(" (there is no nick for ") && said.contains(", …;"),
        "{said}"
    );
    let now = status(&migrator).await;
    assert_eq!(
        (now.state, now.visited, now.failures),
        (BackfillState::Blocked, 6, 6)
    );
    migrator.resume(version(FILLED)).await.expect("a word");
    migrator.run_to_completion().await.expect_err("as many as before");
    assert_eq!(
        status(&migrator).await.visited,
        6,
        "no row is given to code that fails"
    );
    db.execute("UPDATE people SET name = 'mended'").await;
    migrator.rerun(version(FILLED)).await.expect("to try again");
    migrator.run_to_completion().await.expect("these and the rest");
    check(&db, 100).await;
    assert_eq!(status(&migrator).await.visited, 100);
}

async fn a_setting_allows_more<K: Kind>() {
    let db: K = hopeless().await;
    let migrator = limited(&db);
    migrator.run_to_completion().await.expect_err("all rows fail");
    let settings = BackfillSettings {
        failures: Some(50),
        ..BackfillSettings::default()
    };
    migrator
        .configure(version(FILLED), settings)
        .await
        .expect("a setting");
    migrator.resume(version(FILLED)).await.expect("to go on");
    let error = migrator.run_to_completion().await.expect_err("all rows fail");
    assert!(
        error
            .to_string()
            .contains("51 rows could not be moved, and 50 may"),
        "{error}"
    );
}

async fn a_row_that_is_gone_is_no_failure<K: Kind>() {
    let db: K = people(30, &[(3, "fail x"), (4, "fail x")]).await;
    let migrator = build(&db).build();
    migrator.run_to_completion().await.expect_err("two rows fail");
    db.execute("DELETE FROM people WHERE id = 3").await;
    db.execute("UPDATE people SET name = NULL WHERE id = 4").await;
    migrator.rerun(version(FILLED)).await.expect("to try again");
    migrator
        .run_to_completion()
        .await
        .expect("one is gone, one is left");
    check(&db, 28).await;
    assert_eq!(status(&migrator).await.failures, 0);
}
