//! What contracts and ways back drop, transform or default stands in the log with counts.

use migrate_core::Dialect;
use migrate_core::change::LogEntry;
use migrate_core::migrator::MigratorBuilder;

use super::*;

crate::on_every_database! {
    what_a_contract_does_to_values_is_counted
    what_takes_too_long_is_not_made_up
    what_a_way_back_loses_is_counted
    a_way_back_that_only_the_history_has_is_counted
    development_counts_as_well
    the_end_of_a_sync_is_no_loss
}

const SHELF: (&str, &str) = (
    "20260101000000_shelf",
    "-- migrate:up\nCREATE TABLE shelf (id INTEGER PRIMARY KEY, title VARCHAR(50), pages INTEGER);\n\
     CREATE TABLE attic (id INTEGER PRIMARY KEY);\n\
     INSERT INTO shelf VALUES (1, 'a', 10), (2, NULL, 20), (3, 'c', NULL);\n\
     INSERT INTO attic VALUES (1), (2);\n\
     -- migrate:down\nDROP TABLE attic;\nDROP TABLE shelf;\n",
);
const CLEARED: (&str, &str) = ("20260102000000_clear", "");

fn contract(up: &str) -> String {
    format!(
        "-- migrate:change clear\n-- migrate:phase contract\n-- migrate:soak 0s\n-- migrate:irreversible \"test\"\n\
         -- migrate:up\n{up};\n"
    )
}

fn unapproved<K: Kind>(db: &K, files: &[(&str, &str)]) -> MigratorBuilder {
    builder(db, files, &TestClock::default()).without_approval()
}

/// A database with books, and no instance on it.
async fn with_books<K: Kind>() -> K {
    let db = K::create().await;
    let first = unapproved(&db, &[SHELF]).build();
    first.run().await.expect("a fresh database");
    first.leave().await;
    left(&first).await;
    db
}

/// What stands in the log of values: the names and values of its figures.
fn counts(entry: &LogEntry) -> Vec<String> {
    let counts = entry
        .figures
        .iter()
        .filter(|(name, _)| ["drops", "transforms", "defaults"].contains(&&**name));
    counts.map(|(name, value)| format!("{name} {value}")).collect()
}

async fn counted(migrator: &Migrator) -> Vec<String> {
    let log = migrator.events().await.expect("the log");
    let begins = log
        .iter()
        .find(|entry| entry.figure("contract") == Some("begins"));
    begins.map(counts).unwrap_or_default()
}

/// The statements of a contract, and what the log says they did.
fn cases(dialect: Dialect) -> Vec<(&'static str, &'static [&'static str])> {
    let mut cases: Vec<(&str, &[&str])> = vec![
        ("DROP TABLE attic", &["drops 2 rows of `attic`"]),
        (
            "ALTER TABLE shelf DROP COLUMN title",
            &["drops 2 values of `shelf.title`"],
        ),
        (
            "DELETE FROM shelf WHERE pages >= 10",
            &["drops 2 rows of `shelf`"],
        ),
        (
            "UPDATE shelf SET title = 'x' WHERE title IS NULL",
            &["transforms 1 rows of `shelf`"],
        ),
        (
            "ALTER TABLE shelf ADD COLUMN shape INTEGER DEFAULT 4",
            &["defaults 3 rows of `shelf` (`shape`)"],
        ),
        // Nothing of these is lost, or its loss is nothing that is counted.
        ("CREATE INDEX shelf_pages ON shelf (pages)", &[]),
        // What is not read is said not to be.
        (
            "DELETE FROM attic WHERE id IN (SELECT id FROM nowhere)",
            &["drops rows of `attic`, not counted: "],
        ),
    ];
    match dialect {
        Dialect::Postgres => cases.extend([
            (
                "ALTER TABLE shelf ALTER pages TYPE SMALLINT, DROP title",
                &[
                    "transforms 2 values of `shelf.pages`",
                    "drops 2 values of `shelf.title`",
                ] as &[&str],
            ),
            (
                "TRUNCATE attic, shelf",
                &["drops 2 rows of `attic`", "drops 3 rows of `shelf`"],
            ),
            (
                "DO $$ BEGIN DELETE FROM attic; END $$",
                &["drops not counted: DO $$ BEGIN DELETE FROM attic; END $$"],
            ),
        ]),
        Dialect::Sqlite => cases.extend([(
            "CREATE TABLE new_shelf (id INTEGER PRIMARY KEY, pages INTEGER);\n\
             INSERT INTO new_shelf (id, pages) SELECT id, pages FROM shelf;\nDROP TABLE shelf;\n\
             ALTER TABLE new_shelf RENAME TO shelf",
            &["drops 2 values of `shelf.title`"] as &[&str],
        )]),
        _ => cases.extend([(
            "ALTER TABLE shelf MODIFY pages SMALLINT, DROP title",
            &[
                "transforms 2 values of `shelf.pages`",
                "drops 2 values of `shelf.title`",
            ] as &[&str],
        )]),
    }
    cases
}

async fn what_a_contract_does_to_values_is_counted<K: Kind>() {
    for (up, expected) in cases(K::DIALECT) {
        let db: K = with_books().await;
        let text = contract(up);
        let migrator = unapproved(&db, &[SHELF, (CLEARED.0, &text)]).build();
        let ran = migrator.run_to_completion().await;
        // What is refused was about to lose that as well.
        assert_eq!(ran.is_err(), up.contains("nowhere"), "{up}: {ran:?}");
        let found = counted(&migrator).await;
        assert_eq!(found.len(), expected.len(), "{up}: {found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(expected), "{up}: {found}");
        }
    }
}

async fn what_takes_too_long_is_not_made_up<K: Kind>() {
    let db: K = with_books().await;
    db.execute("CREATE TABLE digits (d INTEGER)").await;
    db.execute("INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
        .await;
    let number = "10 + a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d";
    let from = "digits a, digits b, digits c, digits d, digits e";
    db.execute(&format!(
        "INSERT INTO shelf SELECT {number}, 'a book', 100 FROM {from}"
    ))
    .await;
    let text = contract("ALTER TABLE shelf DROP COLUMN title;\nDROP TABLE attic");
    let files = [SHELF, (CLEARED.0, &*text)];
    let migrator = unapproved(&db, &files)
        .count_limit(Duration::from_millis(1))
        .build();
    migrator.run_to_completion().await.expect("the contract");
    let found = counted(&migrator).await;
    assert_eq!(
        found,
        [
            "drops values of `shelf.title`, not counted: over 1 ms",
            "drops rows of `attic`, not counted: over 1 ms"
        ]
    );
    // The connection is as it was: what comes behind may take its time.
    db.attempt("SELECT title FROM shelf")
        .await
        .expect_err("the contract is applied");
}

async fn what_a_way_back_loses_is_counted<K: Kind>() {
    let db = K::create().await;
    let rating = (
        "20260102000000_rating",
        "-- migrate:change rating\n-- migrate:up\nALTER TABLE shelf ADD COLUMN rating INTEGER;\n\
         CREATE TABLE votes (id INTEGER PRIMARY KEY);\n\
         -- migrate:down\nDROP TABLE votes;\nALTER TABLE shelf DROP COLUMN rating;\n",
    );
    let migrator = unapproved(&db, &[SHELF]).build();
    migrator.run().await.expect("a fresh database");
    migrator.leave().await;
    let migrator = unapproved(&db, &[SHELF, rating]).build();
    migrator.run().await.expect("the expand");
    // No sync and no backfill fills it: builds do.
    db.execute("UPDATE shelf SET rating = 5 WHERE id < 3").await;
    db.execute("INSERT INTO votes VALUES (1), (2), (3)").await;
    let planned = migrator.rollback_plan("rating").await.expect("a plan");
    let lost: Vec<String> = planned.losses.iter().map(ToString::to_string).collect();
    assert_eq!(
        lost,
        ["3 rows of `votes`", "2 values of `shelf.rating`"],
        "{planned}"
    );
    migrator.leave().await;
    left(&migrator).await;
    migrator.down().await.expect("the way back");
    let log = migrator.events().await.expect("the log");
    let taken = log
        .iter()
        .find(|entry| entry.what == Occurrence::TakenBack)
        .expect("an entry");
    assert_eq!(
        counts(taken),
        ["drops 3 rows of `votes`", "drops 2 values of `shelf.rating`"]
    );
}

async fn a_way_back_that_only_the_history_has_is_counted<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let older = builder(&db, &[PEOPLE], &clock).build();
    let planned = older.rollback_plan("nick").await.expect("a plan");
    let lost: Vec<String> = planned.losses.iter().map(ToString::to_string).collect();
    assert_eq!(lost, ["50 values of `people.nick`"], "{planned}");
    let hurried = builder(&db, &[PEOPLE], &clock)
        .count_limit(Duration::ZERO)
        .build();
    let planned = hurried.rollback_plan("nick").await.expect("a plan");
    assert!(planned.losses.is_empty(), "{planned}");
    assert!(
        planned
            .to_string()
            .contains("values of `people.nick`, not counted"),
        "{planned}"
    );
}

async fn development_counts_as_well<K: Kind>() {
    let db = K::create().await;
    db.developer(&[SHELF]).run().await.expect("a fresh database");
    let text = contract("DROP TABLE attic");
    let migrator = db.developer(&[SHELF, (CLEARED.0, &*text)]);
    migrator.run().await.expect("a start");
    assert_eq!(counted(&migrator).await, ["drops 2 rows of `attic`"]);
}

/// The triggers that go with the contract hold no values.
async fn the_end_of_a_sync_is_no_loss<K: Kind>() {
    let clock = TestClock::default();
    let db: K = verified(&clock).await;
    let migrator = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock)
        .policy(Policy::Development)
        .build();
    migrator
        .choose_policy(Policy::Development)
        .await
        .expect("a person says so");
    migrator.run_to_completion().await.expect("the contract");
    assert_eq!(counted(&migrator).await, ["drops 50 values of `people.name`"]);
}
