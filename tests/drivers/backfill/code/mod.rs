//! Backfills whose rows Rust code moves.

mod aside;
mod meanwhile;
mod types;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use migrate_core::backfill::{BackfillStatus, Transform};
use migrate_core::migrator::MigratorBuilder;
use migrate_macros::Backfill;

use super::*;

crate::on_every_database! {
    rows_are_transformed
    what_is_left_is_not_written
    the_code_says_what_is_right
    rows_are_written_together_or_each_by_itself
    a_key_of_two_columns_finds_its_rows
    a_fresh_database_is_moved_at_once
    a_row_that_cannot_be_moved_stops_a_fresh_database
    code_that_does_not_fit_is_refused
}

/// The schema before the change. `tries` is written in place, so it tells how often a row was moved.
const PEOPLE: (&str, &str) = (
    "20260101000000_create_people",
    "-- migrate:up\nCREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50), tries BIGINT NOT NULL DEFAULT 0);\n\
     -- migrate:down\nDROP TABLE people;\n",
);
const EXPAND: (&str, &str) = (
    "20260102000000_expand",
    "-- migrate:change nick\n-- migrate:up\n\
     ALTER TABLE people ADD COLUMN nick VARCHAR(50) CHECK (nick <> 'REFUSED');\n\
     -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
);
const FILL: (&str, &str) = (
    "20260103000000_fill",
    "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:rust nick\n\
     -- migrate:backfill table=people key=id batch=20 pause=0ms\n\
     -- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL AND name IS NOT NULL;\n",
);

const FILES: [(&str, &str); 3] = [PEOPLE, EXPAND, FILL];

/// What a row does is in its name.
#[derive(Backfill)]
#[backfill(table = "people", key = "id")]
struct Nick {
    id: i64,
    #[backfill(read)]
    name: Option<String>,
    #[backfill(write)]
    nick: Option<String>,
    #[backfill(write)]
    tries: i64,
}

impl Transform for Nick {
    type Error = String;

    async fn transform(&mut self) -> Result<(), String> {
        let Some(name) = &self.name else { return Ok(()) };
        match name.split_once(' ') {
            Some(("fail", _)) => return Err(format!("there is no nick for {}", self.id)),
            Some(("panic", why)) => panic!("{why}"),
            Some(("slow", _)) => std::future::pending().await,
            Some(("gate", token)) => Gate::of(token).pass().await,
            _ => {}
        }
        self.nick = Some(name.to_uppercase());
        self.tries += 1;
        Ok(())
    }

    fn is_right(&self) -> Option<bool> {
        // Of what a test goes on writing, nobody says that it is moved.
        let said = |name: &&String| !name.starts_with("unsaid") && !name.starts_with("round");
        let name = self.name.as_ref().filter(said)?;
        Some(
            self.nick
                .as_ref()
                .is_some_and(|nick| *nick == name.to_uppercase()),
        )
    }
}

/// Holds the code in the middle of a row until the test has done something.
#[derive(Default)]
struct Gate {
    came: AtomicU32,
    open: AtomicBool,
}

impl Gate {
    /// The gate of that name; names are unique to a test and database.
    fn of(token: &str) -> Arc<Gate> {
        static GATES: LazyLock<Mutex<HashMap<String, Arc<Gate>>>> = LazyLock::new(Mutex::default);
        let mut gates = GATES.lock().expect("the gates");
        Arc::clone(gates.entry(token.to_owned()).or_default())
    }

    async fn pass(&self) {
        self.came.fetch_add(1, Ordering::SeqCst);
        while !self.open.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Until the code came here so often.
    async fn reached(&self, times: u32) {
        for _ in 0..2_000 {
            if self.came.load(Ordering::SeqCst) >= times {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the code did not come to its gate");
    }

    fn open(&self) {
        self.open.store(true, Ordering::SeqCst);
    }
}

/// A name for a gate that nobody else has.
fn token() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("g{}", NEXT.fetch_add(1, Ordering::SeqCst))
}

fn build<K: Kind>(db: &K) -> MigratorBuilder {
    Migrator::new(db.pool(), db.set(&FILES)).rust::<Nick>("nick")
}

/// A database in use with rows 1 to `count`, some of which have other names.
async fn people<K: Kind>(count: u32, names: &[(u32, &str)]) -> K {
    let db = K::create().await;
    db.ran(&FILES[..1]).await;
    db.execute(&rows(1, count)).await;
    for (id, name) in names {
        db.execute(&format!("UPDATE people SET name = '{name}' WHERE id = {id}"))
            .await;
    }
    db.ran(&FILES[..2]).await;
    db
}

async fn count<K: Kind>(db: &K, condition: &str) -> u64 {
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    let sql = format!("SELECT CAST(count(*) AS {text}) FROM people WHERE {condition}");
    db.value(&sql).await.parse().expect("a number")
}

async fn status(migrator: &Migrator) -> BackfillStatus {
    let status = migrator.backfill(version(FILLED)).await.expect("a status");
    status.expect("a backfill")
}

/// That each row was moved, and none twice.
async fn check<K: Kind>(db: &K, rows: u64) {
    assert_eq!(
        count(db, "nick IS NOT NULL AND tries = 1").await,
        rows,
        "rows moved once"
    );
    assert_eq!(count(db, "nick <> UPPER(name)").await, 0, "rows moved wrongly");
}

async fn rows_are_transformed<K: Kind>() {
    let db: K = people(500, &[]).await;
    let (migrator, events) = {
        let events = Arc::new(Mutex::new(0));
        let kept = Arc::clone(&events);
        let migrator = build(&db).observer(move |event: &Event| {
            *kept.lock().expect("a number") += u32::from(matches!(event, Event::Progress(_)));
        });
        (migrator.build(), events)
    };
    let report = migrator.run_to_completion().await.expect("a backfill");
    assert_eq!(versions(&report), [FILLED]);
    check(&db, 500).await;
    let status = status(&migrator).await;
    assert_eq!(status.state, BackfillState::Verified);
    assert_eq!((status.visited, status.changed, status.failures), (500, 500, 0));
    assert!(status.batches >= 5, "{status}");
    assert_eq!(
        status.report.as_deref(),
        Some(
            "every row transformed, 0 set aside; 500 rows asked of the code, 0 differ; \
             1 verify query answers as expected"
        )
    );
    assert!(*events.lock().expect("a number") >= 5, "each batch is told");
    let again = migrator.run_to_completion().await.expect("nothing to do");
    assert!(again.applied.is_empty());
    let error = migrator.repair_rows(version(FILLED)).await.expect_err("no copy");
    assert!(
        error.is_backfill()
            && error
                .to_string()
                .contains("Rust code moves its rows: `rerun` (`migrate backfill rerun 20260103000000`) tries those again"),
        "{error}"
    );
}

async fn what_is_left_is_not_written<K: Kind>() {
    let db: K = people(50, &[]).await;
    db.execute("UPDATE people SET name = NULL WHERE id <= 10").await;
    let migrator = build(&db).build();
    migrator.run_to_completion().await.expect("a backfill");
    let status = status(&migrator).await;
    assert_eq!((status.visited, status.changed), (50, 40));
    assert_eq!(count(&db, "nick IS NULL AND tries = 0").await, 10);
}

async fn the_code_says_what_is_right<K: Kind>() {
    let db: K = people(50, &[(3, "unsaid 3")]).await;
    let migrator = build(&db).build();
    migrator.run_to_completion().await.expect("a backfill");
    let look = async || migrator.verify(version(FILLED)).await.expect("a look").checks[0].to_string();
    assert_eq!(look().await, "49 rows asked of the code, 0 differ");
    db.execute("UPDATE people SET nick = 'other' WHERE id IN (3, 7, 50)")
        .await;
    assert_eq!(look().await, "49 rows asked of the code, 2 differ (7, 50)");
}

/// Most rows of a batch are right, one is refused, one is of another kind.
async fn rows_are_written_together_or_each_by_itself<K: Kind>() {
    let db: K = people(300, &[(7, "refused"), (120, "it''s \"ä\"")]).await;
    let migrator = build(&db).build();
    let error = migrator.run_to_completion().await.expect_err("a row is refused");
    assert!(
        error.to_string().contains("1 row could not be moved: 7 ("),
        "{error}"
    );
    assert_eq!(count(&db, "nick IS NOT NULL AND tries = 1").await, 299);
    assert_eq!(count(&db, "tries > 1").await, 0);
    assert_eq!(
        db.value("SELECT nick FROM people WHERE id = 120").await,
        "IT'S \"Ä\""
    );
    db.execute("UPDATE people SET name = 'taken' WHERE id = 7").await;
    migrator.rerun(version(FILLED)).await.expect("to go on");
    migrator.run_to_completion().await.expect("the rest");
    assert_eq!(count(&db, "tries = 1").await, 300);
}

#[derive(Backfill)]
#[backfill(table = "things", key = "a, b")]
struct Thing {
    a: i64,
    b: String,
    #[backfill(write, column = "name")]
    label: Option<String>,
}

impl Transform for Thing {
    type Error = String;

    async fn transform(&mut self) -> Result<(), String> {
        self.label = Some(format!("{}/{}", self.a, self.b));
        Ok(())
    }
}

async fn a_key_of_two_columns_finds_its_rows<K: Kind>() {
    let db = K::create().await;
    let things = (
        "20260101000000_things",
        "-- migrate:up\nCREATE TABLE things (a BIGINT NOT NULL, b VARCHAR(10) NOT NULL, name VARCHAR(50), \
         PRIMARY KEY (a, b));\n-- migrate:down\nDROP TABLE things;\n",
    );
    let fill = (
        FILL.0,
        "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:rust thing\n\
         -- migrate:backfill table=things key=a,b batch=7 pause=0ms\n\
         -- migrate:verify equals 60\nSELECT count(*) FROM things WHERE name IS NOT NULL;\n",
    );
    db.ran(&[things]).await;
    let values: Vec<String> = (0..6)
        .flat_map(|a| (0..10).map(move |b| format!("({a}, 'b''{b}')")))
        .collect();
    db.execute(&format!("INSERT INTO things (a, b) VALUES {}", values.join(", ")))
        .await;
    let migrator = Migrator::new(db.pool(), db.set(&[things, fill]))
        .rust::<Thing>("thing")
        .build();
    migrator.run_to_completion().await.expect("a backfill");
    assert_eq!(
        db.value("SELECT name FROM things WHERE a = 5 AND b = 'b''9'")
            .await,
        "5/b'9"
    );
    assert_eq!(status(&migrator).await.changed, 60);
}

/// The files with rows that one of them writes.
fn seeded(name: &str) -> String {
    format!(
        "-- migrate:up\nINSERT INTO people (id, name) VALUES (1, 'a'), (2, '{name}');\n-- migrate:down\nDELETE FROM people;\n"
    )
}

async fn a_fresh_database_is_moved_at_once<K: Kind>() {
    let db = K::create().await;
    let seed = seeded("b");
    let files = [PEOPLE, ("20260101000001_seed", &*seed), EXPAND, FILL];
    let migrator = Migrator::new(db.pool(), db.set(&files))
        .rust::<Nick>("nick")
        .build();
    let report = migrator.run().await.expect("a fresh database");
    assert!(report.fresh && report.applied.len() == 4, "{report}");
    check(&db, 2).await;
}

async fn a_row_that_cannot_be_moved_stops_a_fresh_database<K: Kind>() {
    let db = K::create().await;
    let seed = seeded("fail x");
    let files = [PEOPLE, ("20260101000001_seed", &*seed), EXPAND, FILL];
    let migrator = Migrator::new(db.pool(), db.set(&files))
        .rust::<Nick>("nick")
        .build();
    let error = migrator.run().await.expect_err("a row cannot be moved");
    let said = error.to_string();
    assert!(
        error.is_backfill() && said.contains("the row 2 of `people` cannot be moved"),
        "{said}"
    );
    assert!(said.contains("there is no nick for 2"), "{said}");
}

async fn code_that_does_not_fit_is_refused<K: Kind>() {
    let db: K = people(1, &[]).await;
    let other = FILL.1.replace("table=people", "table=persons");
    let files = [PEOPLE, EXPAND, (FILL.0, &*other)];
    let set = || Migrator::new(db.pool(), db.set(&FILES));
    for (migrator, says) in [
        (set().build(), "names the Rust code `nick`, which is not bound"),
        (
            set().rust::<Nick>("nik").build(),
            "Rust code is bound to `nik`, which no file names; did you mean `nick`?",
        ),
        (
            Migrator::new(db.pool(), db.set(&files))
                .rust::<Nick>("nick")
                .build(),
            "gives rows of table=persons key=id to `nick`, which is for table=people key=id",
        ),
    ] {
        let error = migrator.run().await.expect_err("it does not fit");
        assert!(
            error.is_configuration() && error.to_string().contains(says),
            "{error}"
        );
    }
    #[derive(Backfill)]
    #[backfill(table = "people", key = "id")]
    struct Typo {
        #[backfill(write)]
        nik: Option<String>,
    }
    impl Transform for Typo {
        type Error = String;
        async fn transform(&mut self) -> Result<(), String> {
            self.nik = None;
            Ok(())
        }
    }
    let migrator = set().rust::<Typo>("nick").build();
    let error = migrator.run_to_completion().await.expect_err("no such column");
    assert!(
        error
            .to_string()
            .contains("`people` has no column `nik`; did you mean `nick`?"),
        "{error}"
    );
}
