//! Keys, values and statements of every shape.

use migrate_core::migrator::RowRepair;

use super::*;

crate::on_every_database! {
    keys_of_several_columns_and_of_texts
    null_is_a_value
    more_rows_than_a_batch
    values_whose_text_is_known_once_they_are_written
    what_varies_stays
    names_that_need_quotes
    several_rows_of_one_key_are_left
    what_the_database_refuses_is_told
    what_is_refused_with_the_commit_is_told
    an_upsert_leaves_rows_of_others_alone
}

/// A table with that key, copied into another one, and what breaks it: what is left of it is to be nothing.
async fn mended<K: Kind>(key: &str, names: &str, values: &[&str], broken: &[&str]) -> RowRepair {
    let db = K::create().await;
    let columns = format!("{key}, name VARCHAR(50), PRIMARY KEY ({names})");
    let create =
        format!("-- migrate:up\nCREATE TABLE things ({columns});\n-- migrate:down\nDROP TABLE things;\n");
    let expand = format!(
        "-- migrate:change copies\n-- migrate:up\nCREATE TABLE copies ({columns});\n-- migrate:down\nDROP TABLE copies;\n"
    );
    let fill = format!(
        "-- migrate:change copies\n-- migrate:phase migrate\n-- migrate:backfill table=things key={names} batch=3 pause=0ms\n\
         -- migrate:up\nINSERT INTO copies ({names}, name) SELECT {names}, name FROM things;\n\
         -- migrate:verify zero\nSELECT 0;\n"
    );
    let things = ("20260101000000_things", &*create);
    db.ran(&[things]).await;
    db.execute(&format!(
        "INSERT INTO things ({names}, name) VALUES {}",
        values.join(", ")
    ))
    .await;
    let migrator = db.migrator(&[things, ("20260102000000_copies", &expand), (FILL.0, &fill)]);
    migrator.run_to_completion().await.expect("a backfill");
    for sql in broken {
        db.execute(sql).await;
    }
    let repair = repaired(&migrator).await;
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
    repair
}

async fn keys_of_several_columns_and_of_texts<K: Kind>() {
    let repair = mended::<K>(
        "a BIGINT NOT NULL, b VARCHAR(20) NOT NULL",
        "a,b",
        &[
            "(1, 'x', 'n')",
            "(1, 'y', 'n')",
            "(2, '', 'n')",
            "(2, 'O''Brien', 'n')",
            "(3, '7:日本', 'n')",
            "(-3, ' ', 'n')",
        ],
        &[
            "DELETE FROM copies WHERE a = 1 AND b = 'y'",
            "DELETE FROM copies WHERE a = 2",
            "UPDATE copies SET name = 'm' WHERE a = 1",
            "UPDATE copies SET name = 'N' WHERE a = 3",
        ],
    )
    .await;
    assert_eq!(keys(&repair.found.missing).0, 3, "{repair}");
    assert_eq!((repair.inserted, repair.updated), (3, 2), "{repair}");
    assert!(
        repair.found.missing.keys.contains(&"(2, O'Brien)".to_owned()),
        "{repair}"
    );

    // More than are looked at by one statement.
    let many: Vec<String> = (0..450)
        .map(|row| format!("({}, 'b{row}', 'n')", row % 7))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let repair = mended::<K>(
        "a BIGINT NOT NULL, b VARCHAR(20) NOT NULL",
        "a,b",
        &many,
        &[
            "DELETE FROM copies WHERE a > 1",
            "UPDATE copies SET name = 'm' WHERE a = 1",
        ],
    )
    .await;
    assert_eq!(repair.inserted + repair.updated, 450 - 65, "{repair}");

    let repair = mended::<K>(
        "b VARCHAR(20) NOT NULL",
        "b",
        &[
            "('a', 'n')",
            "('ß', 'n')",
            "('', 'n')",
            "('3:x', 'n')",
            "('%', 'n')",
            "('日本', 'n')",
        ],
        &[
            "DELETE FROM copies WHERE b IN ('', '日本')",
            "UPDATE copies SET name = 'other' WHERE b IN ('3:x', '%')",
        ],
    )
    .await;
    assert_eq!((repair.inserted, repair.updated), (2, 2), "{repair}");
}

async fn null_is_a_value<K: Kind>() {
    let repair = mended::<K>(
        "id INTEGER NOT NULL",
        "id",
        &["(1, NULL)", "(2, 'n')", "(3, NULL)", "(4, '')"],
        &[
            "UPDATE copies SET name = 'm' WHERE id = 1",
            "UPDATE copies SET name = NULL WHERE id = 2",
            "DELETE FROM copies WHERE id = 3",
            "UPDATE copies SET name = NULL WHERE id = 4",
        ],
    )
    .await;
    assert_eq!((repair.inserted, repair.updated), (1, 3), "{repair}");
}

/// All of them are missing, and each batch is small.
async fn more_rows_than_a_batch<K: Kind>() {
    let (db, migrator): (K, _) = copied(450, "person INTEGER PRIMARY KEY, name VARCHAR(50)", COPY).await;
    db.execute("DELETE FROM names WHERE person > 20").await;
    let before = filled(&migrator).await.changed;
    let repair = repaired(&migrator).await;
    assert_eq!(
        (repair.found.missing.count, repair.inserted),
        (430, 430),
        "{repair}"
    );
    assert_eq!(
        (repair.found.missing.keys.len(), &*repair.found.missing.keys[99]),
        (100, "120")
    );
    let status = filled(&migrator).await;
    assert_eq!(
        (status.state, status.changed),
        (BackfillState::Verified, before + 430),
        "{status}"
    );
}

/// MySQL and MariaDB have no text of such a value that is the same before it is written; the others compare it as any.
async fn values_whose_text_is_known_once_they_are_written<K: Kind>() {
    let (db, migrator): (K, _) = copied(
        20,
        "person INTEGER PRIMARY KEY, name VARCHAR(50), real_one DOUBLE PRECISION",
        "INSERT INTO names (person, name, real_one) SELECT p.id, p.name, p.id * 1.1 FROM people p",
    )
    .await;
    db.execute("UPDATE names SET real_one = 99 WHERE person = 4")
        .await;
    db.execute("UPDATE names SET real_one = NULL, name = 'x' WHERE person = 5")
        .await;
    db.execute("DELETE FROM names WHERE person = 6").await;
    let repair = repaired(&migrator).await;
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 2, BackfillState::Verified),
        "{repair}"
    );
    assert!(!planned(&migrator).await.writes());
}

/// What is another value each time is not compared, so it is no reason to write a row, and no row loses it.
async fn what_varies_stays<K: Kind>() {
    let (db, migrator): (K, _) = copied(
        5,
        "person INTEGER PRIMARY KEY, at VARCHAR(50), name VARCHAR(50)",
        "INSERT INTO names (person, at, name) SELECT p.id, CURRENT_TIMESTAMP, p.name FROM people p",
    )
    .await;
    db.execute("UPDATE names SET at = 'yesterday'").await;
    db.execute("UPDATE names SET name = 'other' WHERE person = 2")
        .await;
    db.execute("DELETE FROM names WHERE person = 3").await;
    let repair = repaired(&migrator).await;
    assert_eq!(
        (repair.inserted, repair.updated, repair.state),
        (1, 1, BackfillState::Verified)
    );
    assert_eq!(
        db.value("SELECT at FROM names WHERE person = 2").await,
        "yesterday"
    );
    assert!(
        db.value("SELECT at FROM names WHERE person = 3")
            .await
            .starts_with("20")
    );
}

async fn names_that_need_quotes<K: Kind>() {
    let q = if K::DIALECT.is_mysql_family() { '`' } else { '"' };
    let db = K::create().await;
    let create = format!(
        "-- migrate:up\nCREATE TABLE {q}Old Table{q} ({q}the Key{q} INTEGER NOT NULL PRIMARY KEY, {q}select{q} VARCHAR(50));\n\
         -- migrate:down\nDROP TABLE {q}Old Table{q};\n"
    );
    let expand = format!(
        "-- migrate:change copies\n-- migrate:up\n\
         CREATE TABLE {q}New Table{q} ({q}from{q} VARCHAR(50), {q}its Key{q} INTEGER NOT NULL PRIMARY KEY);\n\
         -- migrate:down\nDROP TABLE {q}New Table{q};\n"
    );
    let written = q.to_string().replace('"', "\\\"");
    let fill = format!(
        "-- migrate:change copies\n-- migrate:phase migrate\n\
         -- migrate:backfill table=\"{written}Old Table{written}\" key=\"{written}the Key{written}\" pause=0ms\n\
         -- migrate:up\nINSERT INTO {q}New Table{q} ({q}from{q}, {q}its Key{q}) \
         SELECT upper(o.{q}select{q}), o.{q}the Key{q} FROM {q}Old Table{q} o WHERE o.{q}the Key{q} > 0 -- all\n;\n\
         -- migrate:verify zero\nSELECT 0;\n"
    );
    let old = ("20260101000000_old", &*create);
    db.ran(&[old]).await;
    db.execute(&format!(
        "INSERT INTO {q}Old Table{q} VALUES (0, 'z'), (1, 'a'), (2, 'b'), (3, 'c')"
    ))
    .await;
    let migrator = db.migrator(&[old, ("20260102000000_new", &expand), (FILL.0, &fill)]);
    migrator.run_to_completion().await.expect("a backfill");
    db.execute(&format!("DELETE FROM {q}New Table{q} WHERE {q}its Key{q} = 1"))
        .await;
    db.execute(&format!(
        "UPDATE {q}New Table{q} SET {q}from{q} = 'b' WHERE {q}its Key{q} = 2"
    ))
    .await;
    let repair = repaired(&migrator).await;
    assert_eq!((repair.inserted, repair.updated), (1, 1), "{repair}");
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
}

/// A statement that makes several rows of one, of which the target keeps the first.
async fn several_rows_of_one_key_are_left<K: Kind>() {
    let statement =
        "INSERT INTO names (person, name) SELECT p.id, t.tag FROM people p JOIN tags t ON t.person = p.id";
    let statement = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => {
            format!("{statement} WHERE 1 = 1 ON CONFLICT (person) DO NOTHING")
        }
        _ => statement.replace("INSERT INTO", "INSERT IGNORE INTO"),
    };
    let db = K::create().await;
    let expand = "-- migrate:change names\n-- migrate:up\nCREATE TABLE tags (person INTEGER, tag VARCHAR(20));\n\
                  CREATE TABLE names (person INTEGER PRIMARY KEY, name VARCHAR(50));\n\
                  -- migrate:down\nDROP TABLE names;\nDROP TABLE tags;\n";
    let fill = fill(&statement);
    let files = [PEOPLE, ("20260102000000_names", expand), (FILL.0, &*fill)];
    db.ran(&files[..2]).await;
    db.execute(&rows(1, 3)).await;
    db.execute("INSERT INTO tags VALUES (1, 'a'), (2, 'b'), (2, 'c'), (3, 'd')")
        .await;
    let migrator = db.migrator(&files);
    migrator
        .run_to_completion()
        .await
        .expect_err("a row is not there twice");
    db.execute("DELETE FROM names WHERE person = 1").await;
    db.execute("UPDATE names SET name = 'x' WHERE person = 3").await;
    let repair = repaired(&migrator).await;
    assert_eq!((repair.inserted, repair.updated), (1, 1), "{repair}");
    assert_eq!(keys(&repair.found.several), (1, vec!["2"]));
    assert_eq!(repair.state, BackfillState::Blocked, "{repair}");
    assert!(
        repair
            .to_string()
            .contains("leaves 1 row (2) that the statement makes several rows of"),
        "{repair}"
    );
}

async fn what_the_database_refuses_is_told<K: Kind>() {
    let columns = "person INTEGER PRIMARY KEY, name VARCHAR(50) UNIQUE CHECK (name <> 'no')";
    let (db, migrator): (K, _) = copied(5, columns, COPY).await;
    // 1 is too long for the check, 2 has the name that nobody's row holds, and 3 is fine.
    db.execute("UPDATE people SET name = 'no' WHERE id = 1").await;
    db.execute("DELETE FROM names WHERE person IN (2, 3)").await;
    db.execute("INSERT INTO names VALUES (1001, 'name 2')").await;
    let repair = repaired(&migrator).await;
    assert_eq!((repair.inserted, repair.updated), (1, 0), "{repair}");
    assert_eq!(keys(&repair.refused), (2, vec!["1", "2"]));
    assert_eq!(repair.refusals.len(), 2);
    assert!(
        repair.refusals[0].to_lowercase().contains("constraint"),
        "{repair}"
    );
    let unique = repair.refusals[1].to_lowercase();
    assert!(
        unique.contains("unique") || unique.contains("duplicate"),
        "{repair}"
    );
    assert_eq!((keys(&repair.found.extra).0, repair.left.count), (1, 0));
    assert_eq!(repair.state, BackfillState::Blocked);
}

/// A constraint that is looked at with the commit says nothing of the row it is about.
async fn what_is_refused_with_the_commit_is_told<K: Kind>() {
    let columns = "person INTEGER PRIMARY KEY, name VARCHAR(50), \
                   FOREIGN KEY (name) REFERENCES known (name) DEFERRABLE INITIALLY DEFERRED";
    let (columns, deferred) = match K::DIALECT.is_mysql_family() {
        true => (columns.replace(" DEFERRABLE INITIALLY DEFERRED", ""), false),
        false => (columns.to_owned(), true),
    };
    let db = K::create().await;
    let expand = format!(
        "-- migrate:change names\n-- migrate:up\nCREATE TABLE names ({columns});\n-- migrate:down\nDROP TABLE names;\n"
    );
    let fill = fill(COPY);
    let files = [PEOPLE, ("20260102000000_names", &*expand), (FILL.0, &*fill)];
    db.execute("CREATE TABLE known (name VARCHAR(50) PRIMARY KEY)")
        .await;
    db.execute("INSERT INTO known VALUES ('name 1'), ('name 2'), ('name 3')")
        .await;
    db.ran(&files[..1]).await;
    db.execute(&rows(1, 3)).await;
    let migrator = db.migrator(&files);
    migrator.run_to_completion().await.expect("a backfill");
    db.execute("DELETE FROM names WHERE person IN (1, 3)").await;
    db.execute("UPDATE people SET name = 'unknown' WHERE id = 2")
        .await;
    let repair = repaired(&migrator).await;
    assert_eq!((repair.inserted, repair.updated), (2, 0), "{repair}");
    assert_eq!(keys(&repair.refused), (1, vec!["2"]), "deferred: {deferred}");
    assert!(
        repair.refusals[0].to_lowercase().contains("foreign key"),
        "{repair}"
    );
    assert_eq!(repair.state, BackfillState::Blocked);
}

async fn an_upsert_leaves_rows_of_others_alone<K: Kind>() {
    let upsert = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => {
            format!("{COPY} WHERE 1 = 1 ON CONFLICT (person) DO UPDATE SET name = excluded.name")
        }
        _ => COPY.replace("INSERT INTO", "REPLACE INTO"),
    };
    let (db, migrator): (K, _) = copied(5, "person INTEGER PRIMARY KEY, name VARCHAR(50)", &upsert).await;
    db.execute("INSERT INTO names VALUES (1001, 'nobody')").await;
    db.execute("DELETE FROM names WHERE person = 1").await;
    db.execute("UPDATE names SET name = 'other' WHERE person = 2")
        .await;
    let repair = repaired(&migrator).await;
    assert_eq!(
        (repair.inserted, repair.updated, repair.found.extra.count),
        (1, 1, 0),
        "{repair}"
    );
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
    assert_eq!(
        db.value("SELECT name FROM names WHERE person = 1001").await,
        "nobody"
    );
}
