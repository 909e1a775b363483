//! Sync: triggers that keep two sides equal, installed, removed, refused, and held against a model.

mod model;
mod refused;
mod tables;
mod tables_model;
mod writing;

use migrate_core::Dialect;
use migrate_testkit::TestKind;

use crate::kind::{Kind, version, versions};

crate::on_every_database! {
    triggers_come_with_the_expand_and_go_with_the_contract
    a_down_takes_triggers_back
    a_build_without_the_file_takes_triggers_back
    the_catalog_is_the_same_there_and_back
    a_fresh_database_goes_straight_through
    the_plan_shows_the_triggers
    an_edited_sync_is_noticed
}

pub(crate) const PEOPLE: (&str, &str) = (
    "20260101000000_create_people",
    "-- migrate:up\nCREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50));\n\
     INSERT INTO people VALUES (1, 'ada');\n-- migrate:down\nDROP TABLE people;\n",
);
const EXPAND: (&str, &str) = (
    "20260102000000_expand",
    "-- migrate:change nick\n-- migrate:sync people.name <-> nick\n-- migrate:up\n\
     ALTER TABLE people ADD COLUMN nick VARCHAR(50); -- beside name\n\
     -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
);
const FILL: (&str, &str) = (
    "20260103000000_fill",
    "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:up\nUPDATE people SET nick = name WHERE nick IS NULL;\n\
     -- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n",
);
const CONTRACT: (&str, &str) = (
    "20260104000000_contract",
    "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:unsync people.name <-> people.nick\n\
     -- migrate:rollback data-loss=\"names\"\n-- migrate:up\nALTER TABLE people DROP COLUMN name;\n\
     -- migrate:down\nALTER TABLE people ADD COLUMN name VARCHAR(50);\n",
);

/// How many triggers of ours there are, and how many functions.
pub(crate) async fn triggers<K: Kind>(db: &K) -> String {
    let sql = match K::DIALECT {
        Dialect::Sqlite => {
            "SELECT CAST(count(*) AS TEXT) FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'zz_migrate_%'"
        }
        Dialect::Postgres => {
            "SELECT (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'zz_migrate_%') || ' ' || \
             (SELECT count(*) FROM pg_proc WHERE proname LIKE 'zz_migrate_%')"
        }
        _ => {
            "SELECT CAST(count(*) AS CHAR) FROM information_schema.triggers \
             WHERE trigger_schema = DATABASE() AND trigger_name LIKE 'zz_migrate_%'"
        }
    };
    db.value(sql).await
}

fn counts<K: Kind>(there: bool) -> &'static str {
    match (K::DIALECT, there) {
        (Dialect::Postgres, true) => "2 1",
        (Dialect::Postgres, false) => "0 0",
        (_, true) => "2",
        (_, false) => "0",
    }
}

async fn triggers_come_with_the_expand_and_go_with_the_contract<K: Kind>() {
    let db = K::create().await;
    db.developer(&[PEOPLE]).run().await.unwrap();
    let files = [PEOPLE, EXPAND, FILL, CONTRACT];
    db.developer(&files[..2]).run().await.unwrap();
    assert_eq!(triggers(&db).await, counts::<K>(true));
    db.execute("INSERT INTO people (id, name) VALUES (2, 'bob')")
        .await;
    assert_eq!(db.value("SELECT nick FROM people WHERE id = 2").await, "bob");
    db.execute("UPDATE people SET nick = 'eve' WHERE id = 2").await;
    assert_eq!(db.value("SELECT name FROM people WHERE id = 2").await, "eve");
    let migrator = db.developer(&files);
    let report = migrator.run_to_completion().await.unwrap();
    assert_eq!(versions(&report), [20260103000000, 20260104000000]);
    assert_eq!(triggers(&db).await, counts::<K>(false));
    db.execute("INSERT INTO people (id, nick) VALUES (3, 'joe')")
        .await;
    // The way back of the contract keeps the sides equal again.
    migrator.down().await.unwrap();
    assert_eq!(triggers(&db).await, counts::<K>(true));
    db.execute("UPDATE people SET nick = 'jim' WHERE id = 3").await;
    assert_eq!(db.value("SELECT name FROM people WHERE id = 3").await, "jim");
}

async fn a_down_takes_triggers_back<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[PEOPLE]).run().await.unwrap();
    let migrator = db.migrator(&[PEOPLE, EXPAND]);
    migrator.run().await.unwrap();
    let report = migrator.redo().await.unwrap();
    assert_eq!((report.reverted.len(), report.applied.len()), (1, 1), "{report}");
    assert_eq!(triggers(&db).await, counts::<K>(true));
    migrator.down().await.unwrap();
    assert_eq!(triggers(&db).await, counts::<K>(false));
}

async fn a_build_without_the_file_takes_triggers_back<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[PEOPLE]).run().await.unwrap();
    db.migrator(&[PEOPLE, EXPAND]).run().await.unwrap();
    db.migrator(&[PEOPLE]).down().await.unwrap();
    assert_eq!(triggers(&db).await, counts::<K>(false));
    db.migrator(&[PEOPLE, EXPAND]).run().await.unwrap();
    assert_eq!(triggers(&db).await, counts::<K>(true));
}

async fn the_catalog_is_the_same_there_and_back<K: Kind>()
where
    K::Marker: TestKind,
{
    let db = K::create().await;
    let set = db.set(&[PEOPLE, EXPAND, FILL, CONTRACT]);
    let prove = migrate_testkit::Prove::new(set).after(version(20260101000000));
    let report = prove.round_trip().await;
    report.unwrap_or_else(|error| panic!("{error:?}"));
}

async fn a_fresh_database_goes_straight_through<K: Kind>() {
    let db = K::create().await;
    let report = db
        .migrator(&[PEOPLE, EXPAND, FILL, CONTRACT])
        .run()
        .await
        .unwrap();
    assert!(report.fresh && report.applied.len() == 4, "{report}");
    assert_eq!(triggers(&db).await, counts::<K>(false));
    assert_eq!(db.value("SELECT nick FROM people").await, "ada");
}

async fn the_plan_shows_the_triggers<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[PEOPLE]).run().await.unwrap();
    let migrator = db.migrator(&[PEOPLE, EXPAND]);
    let plan = migrator.dry_run().await.unwrap();
    let [step] = &plan.steps[..] else {
        panic!("{plan}");
    };
    let created = step
        .statements
        .iter()
        .filter(|sql| sql.contains("CREATE TRIGGER "));
    assert_eq!(created.count(), 2, "{plan}");
    assert!(plan.to_string().contains("| CREATE TRIGGER"), "{plan}");
    assert_eq!(triggers(&db).await, counts::<K>(false));
    migrator.run().await.unwrap();
    let history = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => {
            "SELECT up_sql || down_sql FROM _migrate_sql WHERE version = 20260102000000"
        }
        _ => "SELECT CONCAT(up_sql, down_sql) FROM _migrate_sql WHERE version = 20260102000000",
    };
    let kept = db.value(history).await;
    assert!(
        kept.contains("CREATE TRIGGER") && kept.contains("DROP TRIGGER"),
        "{kept}"
    );
}

async fn an_edited_sync_is_noticed<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[PEOPLE]).run().await.unwrap();
    db.migrator(&[PEOPLE, EXPAND]).run().await.unwrap();
    let edited = EXPAND.1.replace("<->", "->");
    let error = db
        .migrator(&[PEOPLE, (EXPAND.0, &edited)])
        .run()
        .await
        .unwrap_err();
    assert!(error.is_digest_mismatch(), "{error}");
}
