//! The plan document: what a database says of the tables that a change touches, and nothing that it does not say.

use std::time::Duration;

use migrate_core::document::{Answer, Document, Estimate, Known, Part, Standing};
use migrate_core::plan::Mode;
use migrate_core::{Dialect, Migrator, Phase};

use crate::backfill::{EXPAND, FILL, PEOPLE, rows};
use crate::changes::{CONTRACT, CONTRACTED, TestClock, builder};
use crate::kind::{Kind, versions};

crate::on_every_database! {
    a_change_is_assessed
    what_was_measured_before_counts
    measured_rates_make_the_estimate
    making_it_touches_nothing
    a_start_up_does_not_wait_for_a_long_build
    the_schema_is_a_page
}

const ORDERS: (&str, &str) = (
    "20260101100000_orders",
    "-- migrate:up\n\
     CREATE TABLE orders (id INTEGER PRIMARY KEY, person INTEGER, \
     CONSTRAINT of_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE);\n\
     CREATE VIEW names AS SELECT name FROM people;\nCREATE VIEW first_names AS SELECT name FROM names;\n\
     -- migrate:down\nDROP VIEW first_names;\nDROP VIEW names;\nDROP TABLE orders;\n",
);

const FILES: [(&str, &str); 5] = [PEOPLE, ORDERS, EXPAND, FILL, CONTRACT];

/// A database in use, with rows in it.
async fn in_use<K: Kind>() -> K {
    let db = K::create().await;
    let migrator = builder(&db, &FILES[..2], &TestClock::default()).build();
    migrator.run().await.expect("the first build");
    db.execute(&rows(1, 50)).await;
    migrator.leave().await;
    db
}

async fn document<K: Kind>(db: &K, files: &[(&str, &str)], mode: Mode) -> Document {
    let migrator = builder(db, files, &TestClock::default()).build();
    migrator.document(mode).await.expect("a document")
}

fn part<'a>(document: &'a Document, name: &str) -> &'a Part {
    let found = document.parts.iter().find(|part| part.name == name);
    found.unwrap_or_else(|| panic!("{name} is not in\n{document}"))
}

/// What a phase has as entry criteria or gates, with whether they are met.
fn met(part: &Part, phase: Phase, name: &str) -> Answer {
    let phase = part
        .phases
        .iter()
        .find(|one| one.phase == phase)
        .expect("the phase");
    let mut found = phase
        .entry
        .iter()
        .chain(&phase.exit)
        .filter(|one| one.name == name);
    found.next().map_or(Answer::Unknown, |one| one.met)
}

fn answer(part: &Part, starts: &str) -> Answer {
    let found = part.checklist.iter().find(|check| check.item.starts_with(starts));
    found.unwrap_or_else(|| panic!("nothing asks {starts}")).answer
}

async fn a_change_is_assessed<K: Kind>() {
    let db: K = in_use().await;
    let document = document(&db, &FILES, Mode::Completion).await;
    let nick = part(&document, "nick");
    let people = nick
        .tables
        .iter()
        .find(|one| one.table.name == "people")
        .expect("the table");
    let Known::Is(sample) = &people.sample else {
        panic!("{document}");
    };
    assert!(sample.whole && sample.rows == 50, "{sample:?}");
    let key = &people.foreign_keys[..];
    assert_eq!(key.len(), 1, "{key:?}");
    assert_eq!(
        (&*key[0].from, &*key[0].columns, &*key[0].to, &*key[0].on_delete),
        ("orders", "person", "people", "CASCADE")
    );
    let depends: Vec<&str> = people.dependents.iter().map(|one| &*one.name).collect();
    assert_eq!(depends, ["first_names", "names"]);
    assert!(matches!(people.moves, Known::Not(_)) && matches!(people.statements, Known::Not(_)));
    assert_eq!(met(nick, Phase::Migrate, "dual-write"), Answer::No);
    assert_eq!(met(nick, Phase::Contract, "approval"), Answer::No);
    assert_eq!(nick.no_return.as_ref().map(|one| one.version.0), Some(CONTRACTED));
    assert_eq!(answer(nick, "What every statement does"), Answer::Yes);
    assert_eq!(answer(nick, "The latency before"), Answer::Unknown);
    assert_eq!(answer(nick, "Every step can be taken back"), Answer::No);
    let fill = nick.phases[1].migrations[0].moves.as_ref().expect("moves");
    assert!(
        matches!(fill.estimate, Estimate::Unknown { .. }),
        "{:?}",
        fill.estimate
    );
    let applications = document.applications.get().is_some();
    assert_eq!(applications, K::DIALECT != Dialect::Sqlite);
    let shown = document.to_string();
    for words in ["people", "ON DELETE", "first_names", "Rollback plan", "not known"] {
        let words = words.to_lowercase();
        assert!(shown.to_lowercase().contains(&words), "{words} is not in {shown}");
    }
    assert!(document.to_markdown().contains("## Change `nick`"));
    assert!(document.to_json().starts_with("{\"set\":\"main\","));
}

async fn what_was_measured_before_counts<K: Kind>() {
    let db: K = in_use().await;
    let clock = TestClock::default();
    let migrator = builder(&db, &FILES[..4], &clock).build();
    migrator.run_to_completion().await.expect("the data is moved");
    migrator.leave().await;
    let more = (
        "20260104120000_more",
        "-- migrate:change again\n-- migrate:sync people.name <-> again\n-- migrate:up\n\
         ALTER TABLE people ADD COLUMN again VARCHAR(50);\n\
         -- migrate:down\nALTER TABLE people DROP COLUMN again;\n",
    );
    let again = (
        "20260105000000_again",
        "-- migrate:change again\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id\n\
         -- migrate:up\nUPDATE people SET nick = name;\n\
         -- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n",
    );
    let files = [PEOPLE, ORDERS, EXPAND, FILL, CONTRACT, more, again];
    let document = document(&db, &files, Mode::Completion).await;
    let again = part(&document, "again");
    let moves = again.phases[1].migrations[0].moves.as_ref().expect("moves");
    let Estimate::About { basis, .. } = &moves.estimate else {
        panic!("{:?}", moves.estimate);
    };
    let by = "as the backfill 20260103000000 fill went on this table, by its last 50 rows in";
    assert!(basis.contains(by), "{basis}");
    let nick = part(&document, "nick");
    assert_eq!(met(nick, Phase::Migrate, "dual-write"), Answer::Yes);
    assert_eq!(
        met(again, Phase::Migrate, "dual-write"),
        Answer::No,
        "the triggers are of `nick`"
    );
    assert_eq!(met(nick, Phase::Migrate, "comparison"), Answer::Yes);
    let applied = &nick.phases[0].migrations[0];
    assert!(matches!(applied.standing, Standing::Applied(_)) && applied.steps.is_empty());
}

/// How long the backfill takes, by the figures that are there.
async fn estimated<K: Kind>(db: &K) -> (f64, String) {
    let document = document(db, &[PEOPLE, EXPAND, FILL], Mode::Completion).await;
    let moves = part(&document, "nick").phases[1].migrations[0].moves.clone();
    match moves.expect("moves").estimate {
        Estimate::About { time, basis } => (time.as_secs_f64(), basis),
        other => panic!("{other:?}"),
    }
}

async fn measured_rates_make_the_estimate<K: Kind>() {
    let db: K = in_use().await;
    let migrator = builder(&db, &[PEOPLE, EXPAND], &TestClock::default()).build();
    migrator.run().await.expect("the expand");
    migrator.leave().await;
    // Figures of a build with a backfill that this one does not have, and of another table.
    migrator.backfill_rates(1).await.expect("no rates yet");
    let rate = |version: u64, window: u64, table: &str, seconds: u64, rows: u64| {
        let (first, last) = (window, window + seconds * 1_000);
        format!(
            "INSERT INTO _migrate_rates (set_name, version, attempt, window_ms, visited_table, first_ms, last_ms, worked_ms, \
             visited, changed, batches) VALUES ('main', {version}, 1, {window}, '{table}', {first}, {last}, 1, {rows}, 1, 1)"
        )
    };
    let stopped = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL]))
        .throttle(crate::backfill::Full)
        .build();
    stopped
        .run_to_completion()
        .await
        .expect_err("it is stopped at its beginning");
    for (version, window, table, seconds, rows) in [
        (20250101000000, 10_000, "people", 5, 1_000),
        (20250201000000, 20_000, "people", 10, 50),
        (20250201000000, 30_000, "people", 10, 50),
        (20250301000000, 40_000, "orders", 1, 9_000),
    ] {
        db.execute(&rate(version, window, table, seconds, rows)).await;
    }
    let (seconds, basis) = estimated(&db).await;
    assert_eq!(seconds, 10.0, "50 rows at 100 in 20 s: {basis}");
    assert!(
        basis.contains("as the backfill 20250201000000 went on this table, by its last 100 rows in 20 s"),
        "{basis}"
    );
    // Its own figures say more than those of the table.
    db.execute(&rate(20260103000000, 5_000, "people", 1, 25)).await;
    let (seconds, basis) = estimated(&db).await;
    assert_eq!(seconds, 2.0, "{basis}");
    assert!(
        basis.contains("as it went here itself, by its last 25 rows in 1.000 s"),
        "{basis}"
    );
}

/// All that the database says, and what the library's tables hold.
async fn everything<K: Kind>(db: &K, files: &[(&str, &str)]) -> String {
    let mut all = db.migrator(files).facts().await.expect("the facts").render();
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    for table in [
        "_migrate_history",
        "_migrate_log",
        "_migrate_builds",
        "_migrate_sets",
        "people",
    ] {
        let there = db.tables(table).await;
        let rows = match &*there {
            "0" => "-".to_owned(),
            _ => {
                db.value(&format!("SELECT CAST(count(*) AS {text}) FROM {table}"))
                    .await
            }
        };
        all.push_str(&format!("{table}: {there} {rows}\n"));
    }
    all
}

async fn making_it_touches_nothing<K: Kind>() {
    let empty = K::create().await;
    let before = everything(&empty, &FILES).await;
    for mode in [Mode::StartUp, Mode::Completion] {
        assert!(document(&empty, &FILES, mode).await.fresh);
    }
    assert_eq!(everything(&empty, &FILES).await, before);
    let db: K = in_use().await;
    let before = everything(&db, &FILES).await;
    let now = document(&db, &FILES, Mode::StartUp).await;
    document(&db, &FILES, Mode::Completion).await;
    assert_eq!(everything(&db, &FILES).await, before);
    // What a start-up does, and nothing else.
    let phases: Vec<Phase> = part(&now, "nick").phases.iter().map(|one| one.phase).collect();
    assert_eq!((now.parts.len(), &phases[..]), (1, &[Phase::Expand][..]));
}

async fn a_start_up_does_not_wait_for_a_long_build<K: Kind>() {
    let db: K = in_use().await;
    let concurrently = if K::DIALECT == Dialect::Postgres {
        "CONCURRENTLY "
    } else {
        ""
    };
    let on = if K::DIALECT.is_mysql_family() {
        " ON people"
    } else {
        ""
    };
    let index = format!(
        "-- migrate:up\nCREATE INDEX {concurrently}people_name ON people (name);\n\
         -- migrate:down\nDROP INDEX {concurrently}people_name{on};\n"
    );
    let files = [PEOPLE, ORDERS, ("20260106000000_index", &*index)];
    let clock = TestClock::default();
    let hurried = builder(&db, &files, &clock)
        .start_up_limit(Duration::ZERO)
        .build();
    if K::DIALECT == Dialect::Sqlite {
        // Nobody writes to the database meanwhile, so it is no online build.
        hurried.run().await.expect("a start");
        return;
    }
    let error = hurried.run().await.expect_err("it takes longer than nothing");
    assert!(error.is_not_ready(), "{error}");
    let told = error.to_string();
    assert!(
        told.contains("20260106000000 index") && told.contains("all 50 rows were read in"),
        "{told}"
    );
    let document = hurried.document(Mode::StartUp).await.expect("a document");
    assert_eq!(
        met(&document.parts[0], Phase::Expand, "start-up-limit"),
        Answer::No,
        "{document}"
    );
    let report = hurried.run_to_completion().await.expect("the job");
    assert_eq!(versions(&report), [20260106000000]);
    hurried.run().await.expect("nothing to do");
}

async fn the_schema_is_a_page<K: Kind>() {
    let db: K = in_use().await;
    let clock = TestClock::default();
    let expanded = builder(&db, &FILES[..3], &clock).build();
    expanded.run().await.expect("the expand");
    let migrator = builder(&db, &FILES, &clock).build();
    let page = migrator
        .schema_document()
        .await
        .expect("the schema")
        .to_markdown();
    for line in [
        "```mermaid\nerDiagram\n",
        "\"people\" ||--o{ \"orders\" : \"person, on delete cascade\"",
        "added by `nick`",
        "waits for the contract of `nick`",
        "people`\n\n| column | definition | under way |",
    ] {
        assert!(page.contains(line), "{line} is not in\n{page}");
    }
    assert!(!page.contains("_migrate_history"), "{page}");
    let again = migrator
        .schema_document()
        .await
        .expect("the schema")
        .to_markdown();
    assert_eq!(page, again);
}
