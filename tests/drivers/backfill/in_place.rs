//! Backfills that compute a column from itself, as a set that is read at run time may have them.

use super::*;

crate::on_every_database! {
    what_would_be_done_twice_is_not_advised
    what_is_the_same_the_second_time_is_compared
}

const EXPAND: (&str, &str) = (
    super::EXPAND.0,
    "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN nick VARCHAR(50);\n\
     -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
);

async fn moved<K: Kind>(expression: &str) -> (K, Migrator) {
    let db = K::create().await;
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 40)).await;
    db.ran(&[PEOPLE, EXPAND]).await;
    let fill = FILL.1.replace("nick = name;", expression);
    let migrator = db.migrator(&[PEOPLE, EXPAND, (FILL.0, &fill)]);
    (db, migrator)
}

async fn what_would_be_done_twice_is_not_advised<K: Kind>() {
    let (db, migrator) = moved::<K>("nick = 'x', name = concat(name, '!');").await;
    let error = migrator
        .run_to_completion()
        .await
        .expect_err("it is another value each time");
    assert!(
        error.to_string().contains("40 of 40 rows are not right")
            && error.to_string().contains("mend these rows by hand"),
        "{error}"
    );
    let again = migrator.run_to_completion().await.expect_err("it is held");
    for told in [error, again] {
        assert!(!told.to_string().contains("rerun"), "{told}");
    }
    assert_eq!(db.value("SELECT name FROM people WHERE id = 7").await, "name 7!");
}

async fn what_is_the_same_the_second_time_is_compared<K: Kind>() {
    let (db, migrator) = moved::<K>("nick = 'x', name = upper(trim(name));").await;
    migrator.run_to_completion().await.expect("a backfill");
    assert_eq!(db.value("SELECT name FROM people WHERE id = 7").await, "NAME 7");
}
