//! Taking back what stands for others.

use super::*;

crate::on_every_database! {
    the_way_back_takes_all_of_it
    an_older_build_does_not_take_it_back
    a_part_is_not_taken_back
    an_older_build_does_not_serve_what_is_half_taken_back
}

async fn the_way_back_takes_all_of_it<K: Kind>() {
    // Where it was recorded, and where it ran.
    for recorded in [true, false] {
        let db = K::create().await;
        let (old, new) = builds(&db);
        if recorded {
            old.run().await.unwrap();
            old.leave().await;
        }
        new.run().await.unwrap();
        new.down().await.unwrap();
        let report = new.down().await.unwrap();
        assert_eq!(report.reverted, [(version(SQUASHED), "squashed".to_owned())]);
        assert_eq!(db.tables("people").await, "0");
        assert_eq!(applied(&new).await, [0; 0]);
        // Whoever comes next finds nothing applied. The build before the squash then waits for the data to be moved.
        if recorded {
            let report = new.run().await.unwrap();
            assert_eq!(versions(&report), [SQUASHED, 20260105000000], "{report}");
        } else {
            assert!(old.run().await.unwrap_err().is_not_ready());
            assert_eq!(applied(&old).await, [MEMBERS[0], MEMBERS[1], 20260105000000]);
        }
    }
    let db = K::create().await;
    let (_, new) = builds(&db);
    new.run().await.unwrap();
    new.down().await.unwrap();
    let report = new.redo().await.unwrap();
    assert_eq!(versions(&report), [SQUASHED], "{report}");
    assert_eq!(applied(&new).await, &EVERYTHING[..5]);
}

async fn an_older_build_does_not_take_it_back<K: Kind>() {
    for fresh in [true, false] {
        let db = K::create().await;
        let files = squashed(K::DIALECT, &ALL[..4], MEMBERS[3]);
        let new = db.migrator(&borrowed(&files));
        let old = db.migrator(&ALL[..4]);
        if !fresh {
            old.run().await.unwrap();
        }
        new.run().await.unwrap();
        for error in [
            old.down().await.unwrap_err(),
            old.down_to(version(0)).await.unwrap_err(),
        ] {
            assert!(error.is_rollback_refused(), "{error}");
            assert!(error.to_string().contains("does not have its file"), "{error}");
        }
        for build in [&old, &new] {
            let error = build.rollback("nick").await.unwrap_err();
            assert!(
                error.to_string().contains("is squashed into 20260104000001"),
                "{error}"
            );
        }
        assert_eq!(db.tables("people").await, "1");
        assert_eq!(applied(&new).await, &EVERYTHING[..5]);
    }
}

async fn a_part_is_not_taken_back<K: Kind>() {
    let db = K::create().await;
    let (_, new) = builds(&db);
    new.run().await.unwrap();
    for target in &MEMBERS {
        let error = new.down_to(version(*target)).await.unwrap_err();
        assert!(error.is_rollback_refused(), "{error}");
        assert!(error.to_string().contains("which was to stay"), "{error}");
    }
    assert_eq!(applied(&new).await, EVERYTHING);
    let report = new.down_to(version(SQUASHED)).await.unwrap();
    assert_eq!(report.reverted.len(), 1, "{report}");
}

async fn an_older_build_does_not_serve_what_is_half_taken_back<K: Kind>() {
    let db = K::create().await;
    let gated = "DELETE FROM gate;\nDROP TABLE people;";
    let (_, new) = broken(&db, "DROP TABLE people;", gated);
    let old = db.migrator(&ALL);
    new.run().await.unwrap();
    old.run().await.unwrap();
    old.leave().await;
    new.down().await.unwrap();
    new.down().await.unwrap_err();
    for build in [&old, &new] {
        let error = build.run().await.unwrap_err();
        assert!(error.is_dirty(), "{error}");
    }
    db.execute("CREATE TABLE gate (id INTEGER)").await;
    new.down().await.unwrap();
    assert_eq!(db.tables("people").await, "0");
    assert_eq!(applied(&new).await, [0; 0]);
}
