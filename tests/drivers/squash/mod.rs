//! Files that stand for others: recorded where those are applied, run where none is, refused where a part is.

mod back;

use migrate_core::facts::Scope;
use migrate_core::history::{Reason, State};
use migrate_core::live::Build;
use migrate_core::migrator::StatusState;
use migrate_core::source::lockfile::{FILE_NAME, Lockfile};
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Migrator, Tool};
use migrate_testkit::TestDatabase;

use crate::kind::{Kind, version, versions};

crate::on_every_database! {
    where_they_are_applied_it_is_recorded
    an_older_build_goes_on
    on_a_fresh_database_it_runs_and_older_builds_find_theirs
    where_a_part_is_applied_it_is_refused
    another_text_is_refused
    the_schema_is_the_same
    a_squashed_file_is_squashed_again
    baseline_records_what_it_stands_for
    what_was_interrupted_is_finished
    an_older_build_waits_for_the_rest
    instances_that_start_together_record_it_once
    adopting_takes_what_it_stands_for
}

const PEOPLE: (&str, &str) = (
    "20260101000000_create_people",
    "-- migrate:up\nCREATE TABLE people (id INTEGER PRIMARY KEY, name VARCHAR(50));\n\
     INSERT INTO people VALUES (1, 'ada');\n-- migrate:down\nDROP TABLE people;\n",
);
const EXPAND: (&str, &str) = (
    "20260102000000_add_nick",
    "-- migrate:change nick\n-- migrate:sync people.name <-> nick\n-- migrate:up\n\
     ALTER TABLE people ADD COLUMN nick VARCHAR(50); -- beside name\n\
     -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
);
const FILL: (&str, &str) = (
    "20260103000000_fill_nick",
    "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id\n\
     -- migrate:up\nUPDATE people SET nick = name;\n\
     -- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n",
);
const CONTRACT: (&str, &str) = (
    "20260104000000_drop_name",
    "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:unsync people.name <-> people.nick\n\
     -- migrate:rollback data-loss=\"names\"\n-- migrate:requires 20260103000000\n\
     -- migrate:up\nALTER TABLE people DROP COLUMN name;\n\
     -- migrate:down\nALTER TABLE people ADD COLUMN name VARCHAR(50);\n",
);
const PETS: (&str, &str) = (
    "20260105000000_create_pets",
    "-- migrate:up\nCREATE TABLE pets (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE pets;\n",
);
const ALL: [(&str, &str); 5] = [PEOPLE, EXPAND, FILL, CONTRACT, PETS];
const MEMBERS: [u64; 4] = [20260101000000, 20260102000000, 20260103000000, 20260104000000];
const SQUASHED: u64 = 20260104000001;

/// The files that are there when those up to `through` are squashed: the new one, and what stands behind it.
fn squashed(dialect: Dialect, files: &[(&str, &str)], through: u64) -> Vec<(String, String)> {
    let options = Options {
        rules: None,
        ..Options::new(dialect)
    };
    let file = |path: String, text: &str| SourceFile {
        path,
        content: Ok(text.as_bytes().to_vec()),
    };
    let mut sources: Vec<SourceFile> = files
        .iter()
        .map(|(name, text)| file(format!("{name}.sql"), text))
        .collect();
    let set = options.read(sources.clone()).into_result();
    let set = set.unwrap_or_else(|faults| panic!("{faults}"));
    let lock = Lockfile::default().release(set.migrations.iter(), "migrations");
    sources.push(file(FILE_NAME.to_owned(), &lock.render()));
    let squash = options.squash(sources, version(through), "squashed");
    let squash = squash.unwrap_or_else(|faults| panic!("{faults}"));
    let stem = squash.path.trim_end_matches(".sql").to_owned();
    let kept = files
        .iter()
        .filter(|(name, _)| !squash.removed.contains(&format!("{name}.sql")));
    let kept = kept.map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    [(stem, squash.text)].into_iter().chain(kept).collect()
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect()
}

/// The build before the squash, and the one behind it.
fn builds<K: Kind>(db: &K) -> (Migrator, Migrator) {
    let after = squashed(K::DIALECT, &ALL, MEMBERS[3]);
    (db.migrator(&ALL), db.migrator(&borrowed(&after)))
}

/// Versions that are applied, by the history.
async fn applied(migrator: &Migrator) -> Vec<u64> {
    let status = migrator.status().await.unwrap();
    let is_applied = |state: &StatusState| {
        matches!(
            state,
            StatusState::Recorded {
                state: State::Applied,
                ..
            }
        )
    };
    let lines = status.lines.iter().filter(|line| is_applied(&line.state));
    lines.map(|line| line.version.0).collect()
}

const EVERYTHING: [u64; 6] = [
    MEMBERS[0],
    MEMBERS[1],
    MEMBERS[2],
    MEMBERS[3],
    SQUASHED,
    20260105000000,
];

async fn where_they_are_applied_it_is_recorded<K: Kind>() {
    let db = K::create().await;
    let (old, new) = builds(&db);
    old.run().await.unwrap();
    // Nothing of it could run a second time.
    let plan = new.dry_run().await.unwrap();
    assert_eq!(plan.steps.len(), 1, "{plan}");
    assert_eq!(plan.steps[0].squashes, MEMBERS.map(version), "{plan}");
    assert!(plan.steps[0].statements.is_empty() && plan.point_of_no_return().is_none());
    assert!(
        plan.to_string().contains("is recorded and does not run"),
        "{plan}"
    );
    let document = new.document(migrate_core::plan::Mode::StartUp).await.unwrap();
    assert!(
        document.notes.iter().any(|note| note.contains("does not run")),
        "{document}"
    );
    let report = new.run().await.unwrap();
    assert!(report.applied.is_empty(), "{report}");
    assert_eq!(report.recorded, [(version(SQUASHED), "squashed".to_owned())]);
    assert_eq!(applied(&new).await, EVERYTHING);
    let again = new.run().await.unwrap();
    assert!(again.recorded.is_empty() && again.applied.is_empty(), "{again}");
    let status = new.status().await.unwrap();
    assert!(status.may_serve, "{status}");
    for line in &status.lines {
        let into = MEMBERS.contains(&line.version.0).then_some(version(SQUASHED));
        assert_eq!(line.squashed_into, into, "{status}");
    }
    let reason = |line: &migrate_core::migrator::StatusLine| match &line.state {
        StatusState::Recorded { reason, .. } => *reason,
        _ => panic!("{status}"),
    };
    assert_eq!(
        reason(&status.lines[0]),
        Reason::Fresh,
        "it ran, and the history says so"
    );
    assert_eq!(reason(&status.lines[4]), Reason::Squashed);
    // The history keeps what ran, and the log says what took its place, of the change too.
    let kept = db
        .value("SELECT up_sql FROM _migrate_sql WHERE version = 20260104000000")
        .await;
    assert!(kept.ends_with("ALTER TABLE people DROP COLUMN name;"), "{kept}");
    let events = new.events().await.unwrap();
    let said = events
        .iter()
        .rfind(|entry| entry.change == "nick")
        .expect("an event");
    assert_eq!(said.what.name(), "squashed");
    assert_eq!(said.figure("into"), Some("20260104000001 squashed"));
}

async fn an_older_build_goes_on<K: Kind>() {
    let db = K::create().await;
    let (old, new) = builds(&db);
    old.run().await.unwrap();
    new.run().await.unwrap();
    for build in [&old, &new, &old] {
        let report = build.run().await.unwrap();
        assert!(
            report.applied.is_empty() && report.recorded.is_empty(),
            "{report}"
        );
        assert!(build.status().await.unwrap().may_serve);
    }
    // One that knows the first two only is held off by the contract, as it was before the squash.
    let oldest = db.migrator(&[PEOPLE, EXPAND]);
    assert!(oldest.run().await.unwrap_err().is_older_build());
    // A contract that requires what was squashed finds it in the new build.
    assert!(Build::of(new.set()).embeds(&MEMBERS.map(version)));
}

async fn on_a_fresh_database_it_runs_and_older_builds_find_theirs<K: Kind>() {
    let db = K::create().await;
    let (old, new) = builds(&db);
    let report = new.run().await.unwrap();
    assert_eq!(versions(&report), [SQUASHED, 20260105000000], "{report}");
    assert_eq!(applied(&new).await, EVERYTHING);
    assert_eq!(db.value("SELECT nick FROM people").await, "ada");
    let report = old.run().await.unwrap();
    assert!(report.applied.is_empty(), "{report}");
    assert!(
        report.notes.iter().all(|note| !note.contains("only comments")),
        "{report}"
    );
    assert!(db.migrator(&[PEOPLE]).run().await.unwrap_err().is_older_build());
    let report = new.run().await.unwrap();
    assert!(
        report.applied.is_empty() && report.recorded.is_empty(),
        "{report}"
    );
}

async fn where_a_part_is_applied_it_is_refused<K: Kind>() {
    let db = K::create().await;
    let (old, new) = builds(&db);
    db.developer(&[PEOPLE]).run().await.unwrap();
    db.developer(&[PEOPLE, EXPAND]).run().await.unwrap();
    for error in [
        new.run().await.unwrap_err(),
        new.plan().await.unwrap_err(),
        new.baseline(version(SQUASHED)).await.unwrap_err(),
    ] {
        assert!(error.is_partly_squashed(), "{error}");
        let text = error.to_string();
        for part in [
            "2 are applied here and 2 are not",
            "missing: 20260103000000 fill_nick [migrate]",
            "missing: 20260104000000 drop_name [contract]",
            "deploy the release before the squash first",
        ] {
            assert!(text.contains(part), "{text}");
        }
    }
    let status = new.status().await.unwrap();
    assert!(!status.may_serve && status.fault.is_some(), "{status}");
    assert_eq!(applied(&new).await, &MEMBERS[..2]);
    // The release before it finishes what is missing.
    let finishing = db.developer(&ALL);
    finishing.run_to_completion().await.unwrap();
    drop(old);
    new.run().await.unwrap();
    assert_eq!(applied(&new).await, EVERYTHING);
}

async fn another_text_is_refused<K: Kind>() {
    let db = K::create().await;
    let (_, new) = builds(&db);
    let edited = FILL.1.replace("nick = name", "nick = name WHERE id > 0");
    let other = [PEOPLE, EXPAND, (FILL.0, &*edited), CONTRACT, PETS];
    db.migrator(&other).run().await.unwrap();
    let error = new.run().await.unwrap_err();
    assert!(error.is_digest_mismatch(), "{error}");
    assert!(
        error
            .to_string()
            .contains("20260103000000 fill_nick is not the migration that was squashed"),
        "{error}"
    );
}

/// What only this database does, behind the others: each in a file of its own.
fn particular(dialect: Dialect) -> Vec<(&'static str, &'static str)> {
    match dialect {
        Dialect::Postgres => vec![
            (
                "20260104100000_mood",
                "-- migrate:up\nSET lock_timeout = '3s';\nCREATE TYPE mood AS ENUM ('good');\n\
                 ALTER TABLE people ADD COLUMN mood mood;\n\
                 -- migrate:down\nALTER TABLE people DROP COLUMN mood;\nDROP TYPE mood;\n",
            ),
            (
                "20260104110000_bad_mood",
                "-- migrate:irreversible \"values of an enum stay\"\n-- migrate:up\nALTER TYPE mood ADD VALUE 'bad';\n",
            ),
            (
                "20260104120000_default_mood",
                "-- migrate:up\nALTER TABLE people ALTER COLUMN mood SET DEFAULT 'bad';\n\
                 -- migrate:down\nALTER TABLE people ALTER COLUMN mood DROP DEFAULT;\n",
            ),
            (
                "20260104130000_index",
                "-- migrate:up\nCREATE INDEX CONCURRENTLY people_nick ON people (nick);\n\
                 -- migrate:down\nDROP INDEX CONCURRENTLY people_nick;\n",
            ),
            (
                "20260104140000_function",
                "-- migrate:up\n-- It says hello; twice.\nCREATE FUNCTION hello() RETURNS text LANGUAGE sql AS $$ SELECT 'a;b' $$ -- at the end\n;\n\
                 -- migrate:down\nDROP FUNCTION hello();\n",
            ),
        ],
        Dialect::Sqlite => vec![(
            "20260104100000_rebuild",
            "-- migrate:irreversible \"it was another type\"\n-- migrate:up\n\
             CREATE TABLE new_people (id INTEGER PRIMARY KEY, nick TEXT NOT NULL);\n\
             INSERT INTO new_people SELECT id, nick FROM people;\nDROP TABLE people;\n\
             ALTER TABLE new_people RENAME TO people;\nCREATE INDEX people_nick ON people (nick);\n",
        )],
        _ => vec![(
            "20260104100000_trigger",
            "-- migrate:up\nSET foreign_key_checks = 0;\nCREATE INDEX people_nick ON people (nick);\n\
             SET foreign_key_checks = 1;\nDELIMITER //\nCREATE TRIGGER trimmed BEFORE INSERT ON people FOR EACH ROW\n\
             BEGIN\n  SET NEW.nick = TRIM(NEW.nick);\n  SET @seen = 1;\nEND//\nDELIMITER ;\n\
             -- migrate:down\nDROP TRIGGER trimmed;\nDROP INDEX people_nick ON people;\n",
        )],
    }
}

/// The catalog and the rows are what the originals left, triggers of syncs being nowhere.
async fn the_schema_is_the_same<K: Kind + TestDatabase>() {
    let files = [&ALL[..4], &particular(K::DIALECT), &[PETS]].concat();
    let through = version(20260104999999);
    let through = files
        .iter()
        .filter_map(|(name, _)| name[..14].parse().ok())
        .rfind(|one: &migrate_core::Version| *one < through);
    let after = squashed(K::DIALECT, &files, through.expect("a file").0);
    assert_eq!(after.len(), 2, "the squashed one and the one behind it");
    let mut seen = Vec::new();
    for files in [files, borrowed(&after)] {
        let db = <K as Kind>::create().await;
        let migrator = db.migrator(&files);
        migrator.run().await.unwrap_or_else(|error| panic!("{error:?}"));
        let scope = Scope {
            exclude_prefix: "_migrate_",
            names: None,
        };
        let facts = db.facts(&scope).await.unwrap();
        let row = db.value("SELECT nick FROM people").await;
        seen.push((facts, row));
    }
    assert!(seen[0].0.len() > 3);
    let difference = seen[0].0.compare(&seen[1].0);
    assert!(difference.is_empty(), "{difference}");
    assert_eq!(seen[0].1, seen[1].1);
}

async fn a_squashed_file_is_squashed_again<K: Kind>() {
    let first = squashed(K::DIALECT, &ALL, MEMBERS[3]);
    let second = squashed(K::DIALECT, &borrowed(&first), 20260105000000);
    assert_eq!(second.len(), 1);
    let (files, last) = (borrowed(&first), 20260105000001);
    // Where the first squash was recorded, where it was passed over, and where nothing was.
    for before in [Some(true), Some(false), None] {
        let db = K::create().await;
        let (original, between) = (db.migrator(&ALL), db.migrator(&files));
        let newest = db.migrator(&borrowed(&second));
        if let Some(recorded) = before {
            original.run().await.unwrap();
            if recorded {
                between.run().await.unwrap();
            }
        }
        let report = newest.run().await.unwrap();
        assert_eq!(report.recorded.len(), usize::from(before.is_some()), "{report}");
        for build in [&between, &original, &newest] {
            let report = build.run().await.unwrap();
            assert!(report.applied.is_empty(), "{report}");
            build.leave().await;
        }
        let report = newest.down().await.unwrap();
        assert_eq!(report.reverted.len(), 1, "{report}");
        assert_eq!(report.reverted[0].0, version(last));
        assert_eq!(applied(&newest).await, [0; 0], "the first squash goes along");
    }
}

async fn baseline_records_what_it_stands_for<K: Kind>() {
    let db = K::create().await;
    let (old, new) = builds(&db);
    db.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, nick VARCHAR(50))")
        .await;
    new.baseline(version(SQUASHED)).await.unwrap();
    assert_eq!(applied(&new).await, &EVERYTHING[..5]);
    let report = old.run().await.unwrap();
    assert_eq!(versions(&report), [20260105000000], "{report}");
    let error = new.up_to(version(MEMBERS[1])).await.unwrap_err();
    assert!(
        error.is_unknown_version() && error.to_string().contains("squashed into"),
        "{error}"
    );
}

/// The build behind the squash whose statements commit one by one, and the same with one of them broken, so that it stays
/// half done.
fn broken<K: Kind>(db: &K, from: &str, to: &str) -> (Migrator, Migrator) {
    let mut files = squashed(K::DIALECT, &ALL, MEMBERS[3]);
    let off = "-- migrate:transaction off\n-- migrate:up";
    files[0].1 = files[0].1.replacen("-- migrate:up", off, 1);
    let whole = db.migrator(&borrowed(&files));
    assert!(files[0].1.contains(from), "{}", files[0].1);
    files[0].1 = files[0].1.replace(from, to);
    (whole, db.migrator(&borrowed(&files)))
}

async fn what_was_interrupted_is_finished<K: Kind>() {
    let db = K::create().await;
    let (mended, broken) = broken(&db, "SET nick = name", "SET nick = nonsense");
    broken.run().await.unwrap_err();
    mended.repair().await.unwrap();
    let report = mended.run().await.unwrap();
    assert!(versions(&report).contains(&SQUASHED), "{report}");
    assert_eq!(applied(&mended).await, EVERYTHING);
    assert_eq!(db.value("SELECT nick FROM people").await, "ada");
}

async fn an_older_build_waits_for_the_rest<K: Kind>() {
    let db = K::create().await;
    let (mended, broken) = broken(&db, "SET nick = name", "SET nick = nonsense");
    broken.run().await.unwrap_err();
    let old = db.migrator(&ALL);
    for error in [old.run().await.unwrap_err(), old.dry_run().await.unwrap_err()] {
        assert!(error.is_dirty(), "{error}");
        assert_eq!(error.version(), Some(version(SQUASHED)));
        assert!(error.to_string().contains("may be a part of it"), "{error}");
    }
    mended.repair().await.unwrap();
    mended.run().await.unwrap();
    let report = old.run().await.unwrap();
    assert!(report.applied.is_empty(), "{report}");
}

async fn instances_that_start_together_record_it_once<K: Kind>() {
    let db = K::create().await;
    let (old, new) = builds(&db);
    old.run().await.unwrap();
    let (_, other) = builds(&db);
    let (first, second) = tokio::join!(new.run(), other.run());
    let recorded = first.unwrap().recorded.len() + second.unwrap().recorded.len();
    assert_eq!(recorded, 1);
    assert_eq!(applied(&new).await, EVERYTHING);
}

async fn adopting_takes_what_it_stands_for<K: Kind>() {
    let db = K::create().await;
    let (old, new) = builds(&db);
    db.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, nick VARCHAR(50))")
        .await;
    db.execute("CREATE TABLE schema_migrations (version VARCHAR(128) NOT NULL PRIMARY KEY)")
        .await;
    let has = |versions: &[u64]| {
        let rows: Vec<String> = versions.iter().map(|version| format!("('{version}')")).collect();
        format!("INSERT INTO schema_migrations VALUES {}", rows.join(", "))
    };
    db.execute(&has(&MEMBERS[..2])).await;
    let error = new.adopt(Tool::Dbmate).await.unwrap_err();
    assert!(error.is_partly_squashed(), "{error}");
    assert_eq!(applied(&new).await, [0; 0]);
    db.execute(&has(&MEMBERS[2..])).await;
    let report = new.adopt(Tool::Dbmate).await.unwrap();
    assert_eq!(report.recorded, [(version(SQUASHED), "squashed".to_owned())]);
    assert_eq!(applied(&new).await, &EVERYTHING[..5]);
    let report = old.run().await.unwrap();
    assert_eq!(versions(&report), [20260105000000], "{report}");
}
