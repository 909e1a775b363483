//! The command line within an application, with the application's own pool and observer.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use migrate_core::migrator::Event;
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Migrator, Set, Sqlite, cli};
use migrate_testkit::SqliteDatabase;

const USERS: &str =
    "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE users;\n";

fn set() -> Set<Sqlite> {
    let file = SourceFile {
        path: "20260101120000_users.sql".to_owned(),
        content: Ok(USERS.as_bytes().to_vec()),
    };
    let set = Options::new(Dialect::Sqlite)
        .read(vec![file])
        .into_result()
        .unwrap();
    Set::typed(set).unwrap()
}

#[tokio::test]
async fn behind_a_command_of_the_application() {
    let database = SqliteDatabase::create().await.unwrap();
    let applied = Arc::new(AtomicU32::new(0));
    let heard = Arc::clone(&applied);
    let migrator = Migrator::new(database.pool().clone(), set())
        .observer(move |event: &Event| {
            if matches!(event, Event::Applied { .. }) {
                heard.fetch_add(1, Ordering::Relaxed);
            }
        })
        .build();
    let run = |arguments: &'static [&'static str]| {
        let arguments = std::iter::once("migrations").chain(arguments.iter().copied());
        cli::run_from(migrator.clone(), arguments)
    };
    for (arguments, expected) in [
        (&["status", "--strict"][..], 3),
        (&["up", "--format", "json"], 0),
        (&["status", "--strict"], 0),
        (&["down"], 2),
        (&["down", "--yes"], 0),
        (&["down", "--yes"], 0),
        // Where the database is, the application has said.
        (&["up", "--database-url", "sqlite:other.db"], 2),
        (&["nonsense"], 2),
        (&["explain", "drop-table"], 0),
        (&["--help"], 0),
    ] {
        assert_eq!(run(arguments).await, ExitCode::from(expected), "{arguments:?}");
    }
    assert_eq!(
        applied.load(Ordering::Relaxed),
        1,
        "the application's observer heard of it"
    );
}
