//! What is written where, and what becomes of it where nobody reads.

use crate::json;
use crate::place::Place;

/// As behind `2>&1 | head`: who reads has gone, and what was asked for is done all the same.
#[tokio::test]
async fn a_reader_that_went_away_is_no_failure() {
    let place = Place::new("no_reader", "sqlite").await;
    place.write(
        "migrations/20260101120000_users.sql",
        "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE users;\n",
    );
    let mut up = place.command(&["up", "-v"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    up.stdout(writer.try_clone().unwrap()).stderr(writer);
    let status = up.spawn().unwrap().wait().unwrap();
    assert_eq!(status.code(), Some(0));
    let table = place.run(&["status"]).await;
    assert!(String::from_utf8(table.stdout).unwrap().contains("applied"));
}

#[tokio::test]
async fn rules_are_listed_in_json_as_everything_else() {
    let place = Place::new("rules", "sqlite").await;
    let listed = async |arguments: &[&str]| {
        let output = place.run(arguments).await;
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let out = listed(&["rules", "--dialect", "sqlite", "--format", "json"]).await;
    json::check(&out);
    assert_eq!(out, listed(&["rules", "--dialect", "sqlite", "--json"]).await);
    let text = listed(&["rules", "--dialect", "sqlite"]).await;
    assert_eq!(
        text,
        listed(&["rules", "--dialect", "sqlite", "--format", "text"]).await
    );
}
