//! How many rows are not right: the figure by which a person decides what to do.

use migrate_core::migrator::CheckKind;

use super::*;

crate::on_every_database! {
    rows_beyond_those_that_are_looked_at_again_are_counted
    copies_beyond_those_that_are_looked_at_again_are_counted
}

const MANY: u32 = 2_500;

async fn is_counted(migrator: &Migrator, kind: CheckKind, rows: &str) {
    let verification = migrator.verify(version(FILLED)).await.expect("a look");
    let check = verification.check(kind).expect("a check");
    assert_eq!((check.differ, check.more), (1_000, 1_500), "{verification}");
    assert_eq!(
        check.finding,
        format!("2500 {rows}, at least 1000 differ, 2500 at a single look")
    );
    assert!(!check.is_right());
}

async fn rows_beyond_those_that_are_looked_at_again_are_counted<K: Kind>() {
    let db: K = K::create().await;
    let expand = EXPAND.1.replace("-- migrate:sync people.name <-> nick\n", "");
    let files = [PEOPLE, (EXPAND.0, &*expand), FILL];
    db.ran(&files[..1]).await;
    db.execute(&rows(1, MANY)).await;
    let migrator = db.migrator(&files);
    migrator.run_to_completion().await.expect("a backfill");
    db.execute("UPDATE people SET nick = 'other'").await;
    is_counted(&migrator, CheckKind::Comparison, "rows compared").await;
    // All that are looked at are all there are.
    db.execute("UPDATE people SET nick = name WHERE id > 20").await;
    let verification = migrator.verify(version(FILLED)).await.expect("a look");
    let check = verification.check(CheckKind::Comparison).expect("a check");
    assert_eq!((check.differ, check.more), (20, 0), "{verification}");
}

async fn copies_beyond_those_that_are_looked_at_again_are_counted<K: Kind>() {
    let db: K = K::create().await;
    let expand = "-- migrate:change nick\n-- migrate:up\nCREATE TABLE names (person INTEGER PRIMARY KEY, name VARCHAR(50));\n\
                  -- migrate:down\nDROP TABLE names;\n";
    let fill = "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
                -- migrate:up\nINSERT INTO names (person, name) SELECT p.id, p.name FROM people p;\n";
    let files = [PEOPLE, ("20260102000000_names", expand), (FILL.0, fill)];
    db.ran(&files[..1]).await;
    db.execute(&rows(1, MANY)).await;
    let migrator = db.migrator(&files);
    migrator.run_to_completion().await.expect("a backfill");
    db.execute("UPDATE names SET name = 'other'").await;
    is_counted(&migrator, CheckKind::Checksums, "rows compared by checksums").await;
}
