//! What cannot be repaired row by row, and when.

use super::*;

crate::on_every_database! {
    what_cannot_be_repaired_says_why
    what_is_not_over_is_not_repaired
}

async fn what_cannot_be_repaired_says_why<K: Kind>() {
    let number = match K::DIALECT {
        Dialect::Postgres => "SERIAL PRIMARY KEY",
        Dialect::Sqlite => "INTEGER PRIMARY KEY",
        _ => "INTEGER AUTO_INCREMENT PRIMARY KEY",
    };
    let numbered = format!("id {number}, name VARCHAR(50)");
    let keyed = "person INTEGER PRIMARY KEY, name VARCHAR(50)";
    let cases = [
        (
            &*numbered,
            "INSERT INTO names (name) SELECT p.name FROM people p",
            "the key `id` of `people` is not copied as it is, so nothing says which row of `names` was made of which",
        ),
        (
            keyed,
            "INSERT INTO names (person, name) SELECT p.id + 1000, p.name FROM people p",
            "the key `id` of `people` is not copied as it is",
        ),
        (
            "person INTEGER, name VARCHAR(50)",
            COPY,
            "`names` may have several rows of one key: `person` is no unique key of it",
        ),
        (
            "person INTEGER, name VARCHAR(50), PRIMARY KEY (person, name)",
            COPY,
            "`names` may have several rows of one key: `person` is no unique key of it",
        ),
        (
            keyed,
            "INSERT INTO names SELECT * FROM people",
            "its text does not say which columns are copied into which",
        ),
        (
            keyed,
            "INSERT INTO names (person, name) SELECT p.id, rank() OVER (ORDER BY p.id) FROM people p",
            "`OVER` makes a value of several rows, which a single row does not tell",
        ),
    ];
    for (columns, statement, why) in cases {
        let (_db, migrator): (K, _) = copied(5, columns, statement).await;
        let before = filled(&migrator).await;
        let plan = migrator
            .repair_rows_plan(version(FILLED))
            .await
            .expect_err(statement);
        let repair = migrator.repair_rows(version(FILLED)).await.expect_err(statement);
        for error in [plan, repair] {
            let said = error.to_string();
            assert!(error.is_backfill() && said.contains(why), "{statement}: {said}");
            assert!(
                said.contains("`rerun` (`migrate backfill rerun 20260103000000`) copies all rows once more"),
                "{said}"
            );
        }
        assert_eq!(filled(&migrator).await, before, "{statement}");
    }
    let db: K = in_use(5).await;
    let migrator = db.migrator(&[PEOPLE, EXPAND, FILL]);
    migrator.run_to_completion().await.expect("a backfill");
    let error = migrator
        .repair_rows(version(FILLED))
        .await
        .expect_err("an UPDATE");
    assert!(
        error
            .to_string()
            .contains("its statement is an UPDATE of the table itself: `rerun` (`migrate backfill rerun 20260103000000`) writes the rows that"),
        "{error}"
    );
    let error = migrator
        .repair_rows(version(20260102000000))
        .await
        .expect_err("no backfill");
    assert!(
        error.is_backfill() && error.to_string().contains("moves no data in batches"),
        "{error}"
    );
    let error = migrator.repair_rows(version(7)).await.expect_err("no migration");
    assert!(error.is_unknown_version(), "{error}");
}

/// What was not visited is not missing; what is being compared says so itself; and what has lost its old shape cannot be seen.
async fn what_is_not_over_is_not_repaired<K: Kind>() {
    let db = K::create().await;
    let expand = "-- migrate:change names\n-- migrate:up\nCREATE TABLE names (person INTEGER PRIMARY KEY, name VARCHAR(50));\n\
                  -- migrate:down\nDROP TABLE names;\n";
    let fill = fill(COPY);
    let contract = "-- migrate:change names\n-- migrate:phase contract\n-- migrate:irreversible \"the names stand in names\"\n\
                    -- migrate:requires 20260103000000\n-- migrate:soak 0s\n-- migrate:up\nALTER TABLE people DROP COLUMN name;\n";
    let files = [
        PEOPLE,
        ("20260102000000_names", expand),
        (FILL.0, &*fill),
        ("20260104000000_contract", contract),
    ];
    db.ran(&files[..2]).await;
    db.execute(&rows(1, 20)).await;
    let refused = async |migrator: &Migrator, why: &str| {
        for error in [
            migrator.repair_rows_plan(version(FILLED)).await.expect_err(why),
            migrator.repair_rows(version(FILLED)).await.expect_err(why),
        ] {
            assert!(error.is_backfill() && error.to_string().contains(why), "{error}");
        }
    };
    let migrator = db.migrator(&files[..3]);
    refused(&migrator, "no data of it was moved in batches on this database").await;
    let stopped = Migrator::new(db.pool(), db.set(&files[..3]))
        .throttle(Full)
        .build();
    stopped
        .run_to_completion()
        .await
        .expect_err("it is stopped at its beginning");
    refused(&migrator, "it is blocked, and not every row was visited").await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    refused(&migrator, "it is moving, and not every row was visited").await;
    migrator
        .pause(version(FILLED), "the shop opens")
        .await
        .expect("a pause");
    refused(&migrator, "it is paused, and not every row was visited").await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    migrator.run_to_completion().await.expect("a backfill");
    db.execute("DELETE FROM names WHERE person = 1").await;
    // Somebody lets it go on who has not seen that nobody compares it.
    migrator.repair_rows_plan(version(FILLED)).await.expect("a plan");
    let whole = Migrator::new(db.pool(), db.set(&files))
        .without_approval()
        .build();
    let repair = whole.repair_rows(version(FILLED)).await.expect("a repair");
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
    db.execute("ALTER TABLE people DROP COLUMN name").await;
    whole
        .baseline(version(20260104000000))
        .await
        .expect("the contract is applied");
    refused(
        &whole,
        "the contract 20260104000000 contract removed the old shape",
    )
    .await;
}
