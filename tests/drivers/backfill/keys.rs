//! Keys of every shape.

use super::*;

crate::on_every_database! {
    a_key_of_two_columns
    a_key_of_texts
    a_key_that_is_none_is_refused
}

/// Moves the rows of a table with that key, and tells how many were visited.
async fn moved<K: Kind>(columns: &str, key: &str, values: &[String]) {
    let db = K::create().await;
    let create = format!(
        "-- migrate:up\nCREATE TABLE things ({columns}, name VARCHAR(50), PRIMARY KEY ({key}));\n\
         -- migrate:down\nDROP TABLE things;\n"
    );
    let things = ("20260101000000_things", &*create);
    let expand = (
        "20260102000000_expand",
        "-- migrate:change nick\n-- migrate:up\nALTER TABLE things ADD COLUMN nick VARCHAR(50);\n\
         -- migrate:down\nALTER TABLE things DROP COLUMN nick;\n",
    );
    let fill = format!(
        "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:backfill table=things key={key} batch=7 pause=0ms\n\
         -- migrate:up\nUPDATE things SET nick = name;\n\
         -- migrate:verify zero\nSELECT count(*) FROM things WHERE nick IS NULL;\n"
    );
    db.ran(&[things]).await;
    let rows: Vec<String> = values.iter().map(|value| format!("({value}, 'n')")).collect();
    db.execute(&format!(
        "INSERT INTO things ({key}, name) VALUES {}",
        rows.join(", ")
    ))
    .await;
    let migrator = db.migrator(&[things, expand, ("20260103000000_fill", &*fill)]);
    migrator.run_to_completion().await.expect("a backfill");
    let status = filled(&migrator).await;
    assert_eq!(
        (status.visited, status.changed),
        (values.len() as u64, values.len() as u64)
    );
}

async fn a_key_of_two_columns<K: Kind>() {
    let values: Vec<String> = (0..10)
        .flat_map(|a| (0..20).map(move |b| format!("{a}, 'b{b}'")))
        .collect();
    moved::<K>("a BIGINT NOT NULL, b VARCHAR(10) NOT NULL", "a,b", &values).await;
}

/// The database orders and compares: what its collation makes of case and accents does not matter.
async fn a_key_of_texts<K: Kind>() {
    let words = [
        "a", "Ä", "ab", "b", "", " ", "z:1", "3:x", "O''Brien", "ß", "Z", "%", "日本",
    ];
    let values: Vec<String> = words
        .iter()
        .enumerate()
        .map(|(index, word)| format!("'{word}{index}'"))
        .collect();
    moved::<K>("a VARCHAR(20) NOT NULL", "a", &values).await;
}

async fn a_key_that_is_none_is_refused<K: Kind>() {
    let db: K = in_use(1).await;
    for (key, says) in [
        ("name", "the key column `name` of `people` may be NULL"),
        ("idd", "`people` has no column `idd`; did you mean `id`?"),
    ] {
        let fill = FILL.1.replace("key=id", &format!("key={key}"));
        let migrator = db.migrator(&[PEOPLE, EXPAND, (FILL.0, &fill)]);
        let error = migrator.run_to_completion().await.expect_err("no key");
        assert!(error.is_backfill(), "{error}");
        assert!(error.to_string().contains(says), "{error}");
    }
    db.migrator(&[PEOPLE, EXPAND, FILL])
        .run_to_completion()
        .await
        .expect("nothing was begun");
}
