//! Single rows of a copy that are not right: seen, told, and repaired.

mod held;
mod meanwhile;
mod refused;
mod shapes;
pub(super) mod synced;

use migrate_core::change::Occurrence;
use migrate_core::migrator::{RepairRows, RowRepair, RowRepairPlan};

use super::*;

crate::on_every_database! {
    single_rows_are_repaired
}

const COPY: &str = "INSERT INTO names (person, name) SELECT p.id, p.name FROM people p";

/// A copy of so many people into a table with these columns, moved and right.
async fn copied<K: Kind>(count: u32, columns: &str, statement: &str) -> (K, Migrator) {
    let db = K::create().await;
    let expand = format!(
        "-- migrate:change names\n-- migrate:up\nCREATE TABLE names ({columns});\n-- migrate:down\nDROP TABLE names;\n"
    );
    let fill = fill(statement);
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, count)).await;
    let migrator = db.migrator(&[PEOPLE, ("20260102000000_names", &expand), (FILL.0, &fill)]);
    migrator.run_to_completion().await.expect("a backfill");
    (db, migrator)
}

fn fill(statement: &str) -> String {
    format!(
        "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\n{statement};\n-- migrate:verify zero\nSELECT 0;\n"
    )
}

async fn planned(migrator: &Migrator) -> RowRepairPlan {
    migrator
        .repair_rows_plan(version(FILLED))
        .await
        .expect("a plan of a repair")
}

async fn repaired(migrator: &Migrator) -> RowRepair {
    migrator.repair_rows(version(FILLED)).await.expect("a repair")
}

fn keys(rows: &RepairRows) -> (u64, Vec<&str>) {
    (rows.count, rows.keys.iter().map(String::as_str).collect())
}

async fn single_rows_are_repaired<K: Kind>() {
    let (db, migrator): (K, _) = copied(400, "person INTEGER PRIMARY KEY, name VARCHAR(50)", COPY).await;
    for sql in [
        "DELETE FROM names WHERE person IN (3, 4)",
        "UPDATE names SET name = 'other' WHERE person = 7",
        "UPDATE names SET name = NULL WHERE person = 8",
        "INSERT INTO names VALUES (1001, 'nobody')",
    ] {
        db.execute(sql).await;
    }
    let before = filled(&migrator).await;
    let plan = planned(&migrator).await;
    assert_eq!(
        (plan.looked, &*plan.source, &*plan.target),
        (400, "people", "names")
    );
    assert_eq!(keys(&plan.missing), (2, vec!["3", "4"]));
    assert_eq!(keys(&plan.differing), (2, vec!["7", "8"]));
    assert_eq!(keys(&plan.extra), (1, vec!["1001"]));
    assert_eq!((plan.several.count, plan.busy.count), (0, 0));
    assert_eq!(filled(&migrator).await, before, "a plan writes nothing");

    let repair = repaired(&migrator).await;
    assert_eq!(repair.found, plan);
    assert_eq!((repair.inserted, repair.updated), (2, 2), "{repair}");
    assert_eq!((repair.left.count, repair.refused.count), (0, 0), "{repair}");
    assert_eq!(repair.state, BackfillState::Blocked, "{repair}");
    let reason = repair.reason.as_deref().unwrap_or_default();
    assert!(
        reason.contains("1 of 400 rows are not right after the backfill: 1001"),
        "{reason}"
    );
    assert_eq!(
        db.value("SELECT name FROM names WHERE person = 3").await,
        "name 3"
    );
    assert_eq!(
        db.value("SELECT name FROM names WHERE person = 8").await,
        "name 8"
    );
    assert_eq!(
        db.value("SELECT name FROM names WHERE person = 1001").await,
        "nobody"
    );

    db.execute("DELETE FROM names WHERE person = 1001").await;
    let repair = repaired(&migrator).await;
    assert!(!repair.found.writes() && !repair.found.leaves(), "{repair}");
    assert_eq!((repair.state, &repair.reason), (BackfillState::Verified, &None));
    assert_eq!(filled(&migrator).await.state, BackfillState::Verified);

    let log = migrator.events().await.expect("the log");
    let of = |what| log.iter().filter(move |entry| entry.what == what);
    let begun: Vec<_> = of(Occurrence::Steered)
        .map(|entry| (entry.figure("by"), entry.figure("was")))
        .collect();
    let by = Some("repair");
    assert_eq!(begun, [(by, Some("verified")), (by, Some("blocked"))]);
    let told: Vec<String> = of(Occurrence::Repaired)
        .map(|entry| {
            let figures = [
                "missing",
                "inserted",
                "differing",
                "updated",
                "extra",
                "extra-keys",
            ];
            figures.map(|name| entry.figure(name).unwrap_or("-")).join(" ")
        })
        .collect();
    assert_eq!(told, ["2 2 2 2 1 1001", "0 0 0 0 0 -"]);
}
