//! The development policy: where it holds, and what opens by itself.

use migrate_core::change::{LogEntry, Occurrence};
use migrate_core::migrator::MigratorBuilder;
use migrate_core::{MigrationSet, Migrator, Policy, Set};

use super::left;
use crate::backfill::{EXPAND, FILL, PEOPLE, rows};
use crate::changes::{CONTRACT, CONTRACTED};
use crate::kind::{Kind, read, versions};

crate::on_every_database! {
    a_start_opens_every_gate
    a_large_table_is_left_to_a_worker
    it_holds_only_where_it_was_chosen
    it_does_not_hold_beside_an_instance_that_did_not_choose_it
    a_build_for_production_takes_the_database_over
}

pub(super) const SHOES: u64 = 20260201000000;
pub(super) const HATS: u64 = 20260202000000;
pub(super) const COATS: u64 = 20260203000000;

/// A draft that makes a table with one column.
pub(super) fn draft(name: &str, column: &str) -> String {
    format!(
        "-- migrate:up\nCREATE TABLE {name} (id INTEGER PRIMARY KEY, {column} VARCHAR(50));\n\
         -- migrate:down\nDROP TABLE {name};\n"
    )
}

fn file_name(number: u64) -> String {
    let name = match number {
        SHOES => "shoes",
        HATS => "hats",
        _ => "coats",
    };
    format!("{number}_{name}")
}

/// The first file, and these drafts behind it.
pub(super) fn set<K: Kind>(drafts: &[(u64, &str)]) -> MigrationSet {
    let names: Vec<String> = drafts.iter().map(|(number, _)| file_name(*number)).collect();
    let mut files = vec![PEOPLE];
    files.extend(names.iter().zip(drafts).map(|(name, (_, text))| (&**name, *text)));
    read(K::DIALECT, &files)
}

pub(super) fn built<K: Kind>(db: &K, set: MigrationSet) -> MigratorBuilder {
    let set = Set::typed(set).expect("the dialect fits");
    Migrator::new(db.pool(), set).policy(Policy::Development)
}

pub(super) async fn log_of(migrator: &Migrator, what: Occurrence) -> Vec<LogEntry> {
    let mut log = migrator.events().await.expect("the log");
    log.retain(|entry| entry.what == what);
    log
}

/// What is applied, in the order of the versions.
pub(super) async fn applied<K: Kind>(db: &K) -> String {
    let one = match K::DIALECT {
        migrate_core::Dialect::Postgres => "string_agg(version::text, ' ' ORDER BY version)",
        migrate_core::Dialect::Sqlite => "group_concat(version, ' ')",
        _ => "GROUP_CONCAT(version ORDER BY version SEPARATOR ' ')",
    };
    db.value(&format!(
        "SELECT {one} FROM (SELECT version FROM _migrate_history WHERE state = 'applied' ORDER BY version) a"
    ))
    .await
}

async fn a_start_opens_every_gate<K: Kind>() {
    let db = K::create().await;
    db.developer(&[PEOPLE]).run().await.expect("a fresh database");
    db.execute(&rows(1, 50)).await;
    let migrator = db.developer(&[PEOPLE, EXPAND, FILL, CONTRACT]);
    let plan = migrator.dry_run().await.expect("a plan");
    assert_eq!(plan.steps.len(), 3, "{plan}");
    let report = migrator.run().await.expect("a start");
    assert_eq!(versions(&report), [20260102000000, 20260103000000, CONTRACTED]);
    assert!(report.waiting.is_empty(), "{report}");
    assert_eq!(db.value("SELECT nick FROM people WHERE id = 7").await, "name 7");
    let again = migrator.run().await.expect("a second start");
    assert!(again.applied.is_empty(), "{again}");
    assert!(migrator.status().await.expect("a status").may_serve);
}

async fn a_large_table_is_left_to_a_worker<K: Kind>() {
    let db = K::create().await;
    db.developer(&[PEOPLE]).run().await.expect("a fresh database");
    db.execute("CREATE TABLE digits (d INTEGER)").await;
    db.execute("INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)")
        .await;
    let number = "a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d";
    let from = "digits a, digits b, digits c, digits d, digits e";
    db.execute(&format!(
        "INSERT INTO people (id, name) SELECT {number}, 'somebody' FROM {from}"
    ))
    .await;
    let fill = FILL.1.replace("batch=100", "batch=20000");
    let files = [PEOPLE, EXPAND, (FILL.0, &*fill), CONTRACT];
    // A hundred thousand rows are moved by whoever starts.
    let plan = db.developer(&files).dry_run().await.expect("a plan");
    assert_eq!(plan.steps.len(), 3, "{plan}");
    db.execute("INSERT INTO people (id, name) VALUES (100000, 'one more')")
        .await;
    let migrator = db.developer(&files);
    let error = migrator
        .run()
        .await
        .expect_err("the build reads what is not moved");
    assert!(error.is_not_ready(), "{error}");
    let plan = migrator.dry_run().await.expect("a plan");
    assert!(
        plan.to_string().contains("its table has more than 100000 rows"),
        "{plan}"
    );
    assert_eq!(applied(&db).await, "20260101000000 20260102000000");
    let worker = migrator.spawn_worker();
    for _ in 0..1200 {
        if applied(&db).await.ends_with(&CONTRACTED.to_string()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    worker.shutdown().await.expect("a worker that ended well");
    assert!(applied(&db).await.ends_with(&CONTRACTED.to_string()));
    migrator.run().await.expect("the build may serve");
}

async fn it_holds_only_where_it_was_chosen<K: Kind>() {
    let db = K::create().await;
    let (before, after) = (draft("shoes", "size"), draft("shoes", "colour"));
    let set = |text: &str| set::<K>(&[(SHOES, text)]);
    let production = Migrator::new(db.pool(), Set::typed(set(&before)).expect("a set")).build();
    production.run().await.expect("a fresh database");
    production.leave().await;
    left(&production).await;
    let next = built(&db, set(&after)).build();
    let down = next.down().await.expect_err("nobody chose it");
    let redo = next.run().await.expect_err("nobody chose it");
    for error in [down, redo] {
        assert!(error.is_policy_refused(), "{error}");
        let told = error.to_string();
        assert!(
            told.contains("nobody chose a policy") && told.contains("migrate policy development"),
            "{told}"
        );
    }
    let plan = next.dry_run().await.expect("a plan");
    assert!(
        plan.to_string()
            .contains("it would be refused: this migrator works"),
        "{plan}"
    );
    db.attempt("SELECT size FROM shoes")
        .await
        .expect("nothing was touched");
    assert!(next.chosen_policy().await.expect("an answer").is_none());
    // What the policy has nothing to do with needs no choice.
    let same = built(&db, set(&before)).build();
    same.run().await.expect("nothing is to do");
    same.leave().await;
    left(&same).await;
    next.choose_policy(Policy::Development)
        .await
        .expect("a person says so");
    let (chosen, entry) = next.chosen_policy().await.expect("an answer").expect("a choice");
    assert_eq!((chosen, entry.what), (Policy::Development, Occurrence::Policy));
    next.run().await.expect("the draft is redone");
    db.attempt("SELECT colour FROM shoes")
        .await
        .expect("the new column");
    // Tables that somebody else made are no fresh database either.
    let db = K::create().await;
    db.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50))")
        .await;
    let gone = (
        "20260104000000_gone",
        "-- migrate:change gone\n-- migrate:phase contract\n-- migrate:irreversible \"names\"\n\
         -- migrate:up\nALTER TABLE people DROP COLUMN name;\n",
    );
    let error = db.developer(&[gone]).run().await.expect_err("it is not ours");
    assert!(error.is_policy_refused(), "{error}");
    db.attempt("SELECT name FROM people")
        .await
        .expect("nothing was touched");
}

async fn it_does_not_hold_beside_an_instance_that_did_not_choose_it<K: Kind>() {
    let db = K::create().await;
    let set = |column: &str| set::<K>(&[(SHOES, &draft("shoes", column))]);
    let developer = built(&db, set("size")).build();
    developer.run().await.expect("a fresh database");
    let production = Migrator::new(db.pool(), Set::typed(set("size")).expect("a set")).build();
    production.run().await.expect("another instance");
    let next = built(&db, set("colour")).build();
    let error = next.run().await.expect_err("somebody else is there");
    assert!(error.is_policy_refused(), "{error}");
    assert!(error.to_string().contains("which did not choose it"), "{error}");
    let error = developer
        .choose_policy(Policy::Development)
        .await
        .expect_err("that neither");
    assert!(error.is_policy_refused(), "{error}");
    db.attempt("SELECT size FROM shoes")
        .await
        .expect("nothing was touched");
    production.leave().await;
    // The first instance for development is still there, and has chosen it.
    let mut result = next.run().await;
    for _ in 0..100 {
        if result.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        result = next.run().await;
    }
    assert_eq!(versions(&result.expect("nobody else is there")), [SHOES]);
}

async fn a_build_for_production_takes_the_database_over<K: Kind>() {
    let db = K::create().await;
    let hats = draft("hats", "size");
    let shoes = |column: &str| draft("shoes", column);
    let developer = built(&db, set::<K>(&[(SHOES, &shoes("size"))])).build();
    developer.run().await.expect("a fresh database");
    developer.leave().await;
    let both = set::<K>(&[(SHOES, &shoes("size")), (HATS, &hats)]);
    let production = Migrator::new(db.pool(), Set::typed(both).expect("a set")).build();
    let report = production.run().await.expect("an expand");
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("is under the production policy from now on")),
        "{report}"
    );
    production.leave().await;
    left(&production).await;
    let next = built(&db, set::<K>(&[(SHOES, &shoes("colour")), (HATS, &hats)])).build();
    let error = next.run().await.expect_err("it is one for production now");
    assert!(error.is_policy_refused(), "{error}");
    assert!(
        error.to_string().contains("chose the production policy at"),
        "{error}"
    );
    let policies = log_of(&next, Occurrence::Policy).await;
    let said: Vec<_> = policies.iter().map(|entry| entry.figure("policy")).collect();
    assert_eq!(said, [Some("development"), Some("production")]);
}
