//! What is asked on a terminal: the program runs on a pseudo-terminal that `script` of util-linux makes.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::{fs, str};

use crate::place::Place;

const USERS: &str = "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, nick TEXT);\n\
                     -- migrate:down\nDROP TABLE users;\n";
const DROP: &str = "-- migrate:change nicks\n-- migrate:phase contract\n-- migrate:irreversible \"it is in the backup\"\n\
                    -- migrate:up\nALTER TABLE users DROP COLUMN nick;\n";
const APPROVE: &str = "approve nicks --backup base-1 --restore-tested 2026-01-02 --owner accounts";

/// A database with a contract that waits for its approval.
async fn waiting(name: &str) -> Place {
    let place = Place::new(name, "sqlite").await;
    place.write("migrations/20260101120000_users.sql", USERS);
    let up = place.run(&["up"]).await;
    assert!(up.status.success(), "{up:?}");
    place.write("migrations/20260104120000_drop_nick.sql", DROP);
    place
}

/// Runs the program on a terminal: the exit status, and what stood there. `None` ends the input without an answer.
async fn answered(place: &Place, user: Option<&str>, arguments: &str, answer: Option<&str>) -> (i32, String) {
    let said = place.folder.join("terminal");
    let program = place.command(&[]);
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--flush", "--command"]);
    command.arg(format!("'{}' {arguments}", env!("CARGO_BIN_EXE_migrate")));
    command.arg(&said).current_dir(&place.folder);
    command.envs(
        program
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    for name in ["USER", "LOGNAME", "USERNAME"] {
        command.env_remove(name);
    }
    if let Some(user) = user {
        command.env("USER", user);
    }
    command.env("TERM", "dumb");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("`script` of util-linux");
    let mut input = child.stdin.take().unwrap();
    if let Some(answer) = answer {
        writeln!(input, "{answer}").unwrap();
    }
    let ended = tokio::task::spawn_blocking(move || {
        // `script` ends the input of the terminal behind its own.
        drop(input);
        child.wait_with_output().unwrap()
    });
    let output = ended.await.unwrap();
    let errors = str::from_utf8(&output.stderr).unwrap();
    assert!(errors.is_empty(), "{errors}");
    let shown = String::from_utf8(fs::read(&said).unwrap()).unwrap();
    (output.status.code().unwrap(), shown.replace('\r', ""))
}

/// Who is in the log as the one who approved.
async fn approved_by(place: &Place) -> Vec<String> {
    let output = place.run(&["events"]).await;
    let log = String::from_utf8(output.stdout).unwrap();
    let by = |line: &str| Some(line.split_once(" approved ")?.1.split("; ").nth(1)?.to_owned());
    log.lines().filter_map(by).collect()
}

#[tokio::test]
async fn who_approves_is_asked_and_the_user_is_a_proposal() {
    let place = waiting("terminal-approves").await;
    for (answer, by) in [
        ("", "by: tester"),
        ("yes", "by: tester"),
        (" r.okafor ", "by: r.okafor"),
    ] {
        let before = approved_by(&place).await;
        let (status, shown) = answered(&place, Some("tester"), APPROVE, Some(answer)).await;
        assert_eq!(status, 0, "{shown}");
        assert!(shown.contains("Who approves? [tester] "), "{shown}");
        assert!(shown.contains("`nicks` is approved by "), "{shown}");
        let mut expected = before;
        expected.push(by.to_owned());
        assert_eq!(approved_by(&place).await, expected);
    }
}

#[tokio::test]
async fn who_says_no_or_nothing_approves_nothing() {
    let place = waiting("terminal-refuses").await;
    for (user, answer, says) in [
        (Some("tester"), Some("no"), "error: nothing was done"),
        (Some("tester"), Some("N"), "error: nothing was done"),
        (Some("tester"), None, "error: nothing was done"),
        (None, Some(""), "error: nobody was named. Nothing was done"),
        (None, None, "error: nothing was done"),
    ] {
        let (status, shown) = answered(&place, user, APPROVE, answer).await;
        assert_ne!(status, 0, "{answer:?}: {shown}");
        assert!(
            shown.contains("Who approves?") && shown.contains(says),
            "{answer:?}: {shown}"
        );
    }
    assert!(approved_by(&place).await.is_empty());
}

#[tokio::test]
async fn what_is_not_undone_easily_is_asked_for() {
    let place = Place::new("terminal-down", "sqlite").await;
    place.write("migrations/20260101120000_users.sql", USERS);
    let up = place.run(&["up"]).await;
    assert!(up.status.success(), "{up:?}");
    for (answer, goes_on) in [
        (Some("n"), false),
        (Some(""), false),
        (None, false),
        (Some("y"), true),
    ] {
        let (status, shown) = answered(&place, Some("tester"), "down", answer).await;
        assert!(shown.contains("Go on? [y/N] "), "{shown}");
        assert_eq!(status == 0, goes_on, "{answer:?}: {shown}");
        assert_eq!(
            shown.contains("nothing was done"),
            !goes_on,
            "{answer:?}: {shown}"
        );
    }
}
