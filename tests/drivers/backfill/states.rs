//! What a person may say to a backfill in every state, and what becomes of it.

use migrate_core::Error;
use migrate_core::backfill::BackfillSettings;

use super::*;

crate::on_every_database! {
    every_state_hears_every_command
    what_has_not_begun_hears_a_pause_and_settings
}

const NAMES: (&str, &str) = (
    "20260102000000_names",
    "-- migrate:change names\n-- migrate:up\nCREATE TABLE names (person INTEGER PRIMARY KEY, name VARCHAR(50));\n\
     -- migrate:down\nDROP TABLE names;\n",
);
const COPY: (&str, &str) = (
    FILL.0,
    "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
     -- migrate:up\nINSERT INTO names (person, name) SELECT p.id, p.name FROM people p;\n\
     -- migrate:verify zero\nSELECT 0;\n",
);

const COMMANDS: [&str; 6] = ["pause", "resume", "cancel", "rerun", "configure", "repair"];

/// Of each state what it becomes by each command; `-` where that is refused.
const TABLE: [[&str; 7]; 6] = [
    [
        "moving",
        "paused",
        "moving",
        "cancelled",
        "moving",
        "moving",
        "verified",
    ],
    [
        "paused",
        "paused",
        "moving",
        "cancelled",
        "moving",
        "paused",
        "verified",
    ],
    [
        "blocked",
        "-",
        "moving",
        "cancelled",
        "moving",
        "blocked",
        "verified",
    ],
    [
        "verifying",
        "paused",
        "-",
        "cancelled",
        "-",
        "verifying",
        "verified",
    ],
    ["verified", "-", "-", "-", "moving", "verified", "verified"],
    [
        "cancelled",
        "-",
        "moving",
        "cancelled",
        "moving",
        "cancelled",
        "verified",
    ],
];

async fn say(migrator: &Migrator, command: &str) -> Result<(), Error> {
    let version = version(FILLED);
    match command {
        "pause" => migrator.pause(version, "the test says so").await,
        "resume" => migrator.resume(version).await,
        "cancel" => migrator.cancel(version, "the test says so").await,
        "rerun" => migrator.rerun(version).await,
        "configure" => migrator.configure(version, BackfillSettings::default()).await,
        _ => migrator.repair_rows(version).await.map(drop),
    }
}

async fn every_state_hears_every_command<K: Kind>() {
    let db = K::create().await;
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 20)).await;
    let migrator = db.migrator(&[PEOPLE, NAMES, COPY]);
    migrator.run_to_completion().await.expect("a backfill");
    // All rows were visited, whatever state it is put into.
    let end = db.value("SELECT last_key FROM _migrate_backfills").await;
    for [state, became @ ..] in TABLE {
        for (command, became) in COMMANDS.into_iter().zip(became) {
            db.execute("DELETE FROM _migrate_parts").await;
            db.execute(&format!(
                "UPDATE _migrate_backfills SET state = '{state}', reason = 'as it was', owner = NULL, exhausted = 1, \
                 frontier = '{end}', visited = 20"
            ))
            .await;
            let said = say(&migrator, command).await;
            let now = filled(&migrator).await;
            let shown = format!("{command} while it is {state}: {said:?}; {now}");
            match became {
                "-" => {
                    let error = said.expect_err(&shown);
                    let message = format!("the backfill of 20260103000000 is {state}, and cannot become");
                    assert!(
                        error.is_backfill() && error.to_string().contains(&message),
                        "{shown}"
                    );
                    assert_eq!(now.state.name(), state, "{shown}");
                }
                became => {
                    said.unwrap_or_else(|error| panic!("{command} while it is {state}: {error}"));
                    assert_eq!(now.state.name(), became, "{shown}");
                }
            }
        }
    }
}

async fn what_has_not_begun_hears_a_pause_and_settings<K: Kind>() {
    for command in COMMANDS {
        let db = K::create().await;
        let migrator = db.migrator(&[PEOPLE, NAMES, COPY]);
        db.ran(&[PEOPLE]).await;
        let said = say(&migrator, command).await;
        if ["pause", "configure"].contains(&command) {
            said.expect(command);
            assert!(!filled(&migrator).await.has_begun, "{command}");
        } else {
            let error = said.expect_err(command);
            assert!(error.is_backfill(), "{command}: {error}");
            let said = error.to_string();
            let told = [
                "no backfill of 20260103000000 has begun",
                "no data of it was moved in batches",
            ];
            assert!(told.iter().any(|told| said.contains(told)), "{command}: {said}");
            let status = migrator.backfill(version(FILLED)).await.expect("a status");
            assert_eq!(status, None, "{command}");
        }
        let unknown = match command {
            "pause" => migrator.pause(version(7), "x").await,
            "resume" => migrator.resume(version(7)).await,
            "cancel" => migrator.cancel(version(7), "x").await,
            "rerun" => migrator.rerun(version(7)).await,
            "configure" => migrator.configure(version(7), BackfillSettings::default()).await,
            _ => migrator.repair_rows(version(7)).await.map(drop),
        };
        assert!(unknown.expect_err(command).is_unknown_version(), "{command}");
    }
}
