//! What each check of moved data finds, and what it leaves alone.

use migrate_core::migrator::CheckKind;

use super::*;

crate::on_every_database! {
    copies_are_compared
    an_upsert_leaves_other_rows_alone
    copies_without_their_key_are_counted
    texts_that_a_collation_takes_for_one_are_two
    what_varies_is_not_compared
    what_the_new_build_wrote_is_right
    a_wrong_copy_blocks_the_backfill
    values_that_are_not_one_differ
    a_row_that_is_written_all_the_while_is_left_to_the_next_look
}

/// Moves 400 rows by that statement into `names`, plants what is given, and looks: which checks find something, with
/// their figures.
async fn check<K: Kind>(columns: &str, statement: &str, cases: &[(&str, &[&str])]) {
    let db = K::create().await;
    let (number, names) = match K::DIALECT {
        Dialect::Postgres => ("SERIAL PRIMARY KEY", "names"),
        Dialect::Sqlite => ("INTEGER PRIMARY KEY", "names"),
        _ => ("INTEGER AUTO_INCREMENT PRIMARY KEY", "names"),
    };
    let expand = format!(
        "-- migrate:change names\n-- migrate:up\nCREATE TABLE {names} ({});\n-- migrate:down\nDROP TABLE {names};\n",
        columns.replace("NUMBER", number)
    );
    let fill = format!(
        "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id batch=50 pause=0ms\n\
         -- migrate:up\n{statement};\n-- migrate:verify zero\nSELECT 0;\n"
    );
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 400)).await;
    let migrator = db.migrator(&[PEOPLE, ("20260102000000_names", &expand), (FILL.0, &fill)]);
    migrator.run_to_completion().await.expect("a backfill");
    let all = cases
        .iter()
        .flat_map(|(planted, found)| planted.split(';').map(move |sql| (sql.trim(), *found)));
    let last = cases.iter().map(|(planted, _)| planted.split(';').count());
    let mut ends = last.scan(0, |sum, count| {
        *sum += count;
        Some(*sum)
    });
    let mut end = ends.next().unwrap_or(0);
    for (index, (sql, found)) in all.enumerate() {
        if !sql.is_empty() {
            db.execute(sql).await;
        }
        if index + 1 < end {
            continue;
        }
        end = ends.next().unwrap_or(0);
        let verification = migrator.verify(version(FILLED)).await.expect("a look");
        let wrong: Vec<String> = verification
            .checks
            .iter()
            .filter(|check| !check.is_right())
            .map(|check| format!("{}: {check}", check.kind.name()))
            .collect();
        assert_eq!(wrong, found, "{sql}: {verification}");
    }
}

const COPY: &str = "INSERT INTO names (person, name) SELECT p.id, p.name FROM people p";

async fn copies_are_compared<K: Kind>() {
    let columns = "person INTEGER PRIMARY KEY, name VARCHAR(50)";
    check::<K>(
        columns,
        COPY,
        &[
            ("", &[]),
            (
                "UPDATE names SET name = 'other' WHERE person = 7",
                &[
                    "checksums: 400 rows compared by checksums, 1 differ (7)",
                    "sample: 400 random rows read, 1 differ (7)",
                ],
            ),
            ("UPDATE names SET name = 'name 7' WHERE person = 7", &[]),
            (
                "UPDATE names SET name = 'name 9' WHERE person = 8; UPDATE names SET name = 'name 8' WHERE person = 9",
                &[
                    "checksums: 400 rows compared by checksums, 2 differ (8, 9)",
                    "sample: 400 random rows read, 2 differ (8, 9)",
                ],
            ),
            (
                "UPDATE names SET name = 'name 8' WHERE person = 8; UPDATE names SET name = 'name 9' WHERE person = 9; \
                 UPDATE names SET name = NULL WHERE person = 10",
                &[
                    "checksums: 400 rows compared by checksums, 1 differ (10)",
                    "sample: 400 random rows read, 1 differ (10)",
                ],
            ),
            (
                "DELETE FROM names WHERE person = 10",
                &[
                    "checksums: 400 rows compared by checksums, 1 differ (10)",
                    "counts: 400 rows are selected, and `names` has 399",
                    "sample: 400 random rows read, 1 differ (10)",
                ],
            ),
            // A row that nobody copies shows to nobody who only reads the source.
            (
                "INSERT INTO names VALUES (10, 'name 10'); INSERT INTO names VALUES (1001, 'nobody')",
                &[
                    "checksums: 400 rows compared by checksums, 1 differ (1001)",
                    "counts: 400 rows are selected, and `names` has 401",
                ],
            ),
        ],
    )
    .await;
}

async fn an_upsert_leaves_other_rows_alone<K: Kind>() {
    let upsert = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => format!("{COPY} WHERE 1 = 1 ON CONFLICT (person) DO NOTHING"),
        _ => COPY.replace("INSERT INTO", "INSERT IGNORE INTO"),
    };
    check::<K>(
        "person INTEGER PRIMARY KEY, name VARCHAR(50)",
        &upsert,
        &[
            ("INSERT INTO names VALUES (1001, 'nobody')", &[]),
            (
                "DELETE FROM names WHERE person IN (1, 2)",
                &[
                    "checksums: 400 rows compared by checksums, 2 differ (1, 2)",
                    "counts: 400 rows are selected, and `names` has 399",
                    "sample: 400 random rows read, 2 differ (1, 2)",
                ],
            ),
        ],
    )
    .await;
}

async fn copies_without_their_key_are_counted<K: Kind>() {
    check::<K>(
        "id NUMBER, name VARCHAR(50)",
        "INSERT INTO names (name) SELECT p.name FROM people p WHERE p.id > 10",
        &[
            ("", &[]),
            (
                "DELETE FROM names WHERE name = 'name 20'",
                &["counts: 390 rows are selected, and `names` has 389"],
            ),
            ("DELETE FROM people WHERE id = 30", &[]),
        ],
    )
    .await;
}

async fn what_varies_is_not_compared<K: Kind>() {
    check::<K>(
        "person INTEGER PRIMARY KEY, at VARCHAR(50), amount DECIMAL(10,2), whole BIGINT, real_one DOUBLE PRECISION",
        "INSERT INTO names (person, at, amount, whole, real_one) \
         SELECT p.id, CURRENT_TIMESTAMP, p.id / 4.0, p.id * 2, p.id * 1.5 FROM people p",
        &[
            ("", &[]),
            ("UPDATE names SET at = 'yesterday'", &[]),
            (
                "UPDATE names SET amount = 99 WHERE person = 3",
                &[
                    "checksums: 400 rows compared by checksums, 1 differ (3)",
                    "sample: 400 random rows read, 1 differ (3)",
                ],
            ),
            (
                "UPDATE names SET amount = 0.75 WHERE person = 3; UPDATE names SET real_one = 99 WHERE person = 4",
                // MySQL and MariaDB have no text of a DOUBLE that is the same before it is written.
                match K::DIALECT.is_mysql_family() {
                    true => &["sample: 400 random rows read, 1 differ (4)"],
                    false => &[
                        "checksums: 400 rows compared by checksums, 1 differ (4)",
                        "sample: 400 random rows read, 1 differ (4)",
                    ],
                },
            ),
        ],
    )
    .await;
}

/// By the equality of the database they are the same; comparison and sample go by bytes.
async fn texts_that_a_collation_takes_for_one_are_two<K: Kind>() {
    let db: K = in_use(0).await;
    let folding = match K::DIALECT {
        Dialect::Postgres => "VARCHAR(50) COLLATE folding",
        Dialect::Sqlite => "VARCHAR(50) COLLATE NOCASE",
        // Not that of the column beside it.
        _ => "VARCHAR(50) COLLATE utf8mb4_unicode_ci",
    };
    let db = {
        drop(db);
        K::create().await
    };
    if K::DIALECT == Dialect::Postgres {
        db.execute(
            "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        )
        .await;
    }
    let expand = format!(
        "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN nick {folding};\n\
         -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n"
    );
    let files = [PEOPLE, (EXPAND.0, &*expand), FILL];
    db.ran(&files[..1]).await;
    db.execute(&rows(1, 100)).await;
    db.ran(&files[..2]).await;
    db.execute("UPDATE people SET nick = 'NAME 3' WHERE id = 3").await;
    let migrator = db.migrator(&files);
    migrator
        .run_to_completion()
        .await
        .expect("what differs by its bytes is moved");
    db.execute("UPDATE people SET nick = 'NAME 5' WHERE id = 5").await;
    let verification = migrator.verify(version(FILLED)).await.expect("a look");
    let found = |kind| {
        verification
            .check(kind)
            .map(ToString::to_string)
            .unwrap_or_else(|| verification.to_string())
    };
    assert_eq!(found(CheckKind::Comparison), "100 rows compared, 1 differ (5)");
    assert_eq!(found(CheckKind::Sample), "100 random rows read, 1 differ (5)");
}

/// With a sync of two tables, a row is right as well where its old side follows from its new one.
async fn what_the_new_build_wrote_is_right<K: Kind>() {
    let db = K::create().await;
    let expand = (
        "20260102000000_names",
        "-- migrate:change names\n\
         -- migrate:sync people.(name) <-> names.(label) on (people.id = names.person) rows (people, names) \
         using (lower(name)) <- using (label)\n-- migrate:up\n\
         CREATE TABLE names (person INTEGER PRIMARY KEY, label VARCHAR(50));\n-- migrate:down\nDROP TABLE names;\n",
    );
    let fill = (
        FILL.0,
        "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\nINSERT INTO names (person, label) SELECT p.id, lower(p.name) FROM people p \
         WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.person = p.id);\n\
         -- migrate:verify zero\nSELECT 0;\n",
    );
    // What is selected must not go by what is written, or nothing is selected afterwards.
    let fill = (
        fill.0,
        fill.1.replace(
            " WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.person = p.id)",
            "",
        ),
    );
    let fill = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => fill.1.replace(
            "FROM people p;",
            "FROM people p WHERE 1 = 1 ON CONFLICT (person) DO NOTHING;",
        ),
        _ => fill.1.replace("INSERT INTO", "INSERT IGNORE INTO"),
    };
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 50)).await;
    let migrator = db.migrator(&[PEOPLE, expand, (FILL.0, &fill)]);
    migrator.run().await.expect("the expand");
    migrator.run_to_completion().await.expect("a backfill");
    db.execute("UPDATE names SET label = 'Ada' WHERE person = 7")
        .await;
    assert_eq!(db.value("SELECT name FROM people WHERE id = 7").await, "Ada");
    let verification = migrator.verify(version(FILLED)).await.expect("a look");
    assert!(verification.is_right(), "{verification}");
    db.execute("DELETE FROM names WHERE person = 8").await;
    let verification = migrator.verify(version(FILLED)).await.expect("a look");
    assert!(verification.is_right(), "it went on both sides: {verification}");
    if K::DIALECT.is_mysql_family() {
        // Nothing says that these rows went.
        db.execute("TRUNCATE names").await;
        let verification = migrator.verify(version(FILLED)).await.expect("a look");
        let found = verification.check(CheckKind::Checksums).expect("a check");
        assert_eq!(found.differ, 49, "{verification}");
    }
}

/// A write that no trigger follows, to a row that was copied already.
async fn a_wrong_copy_blocks_the_backfill<K: Kind>() {
    let db = K::create().await;
    let expand = (
        "20260102000000_names",
        "-- migrate:change names\n-- migrate:up\nCREATE TABLE names (person INTEGER PRIMARY KEY, name VARCHAR(50));\n\
         -- migrate:down\nDROP TABLE names;\n",
    );
    let fill = format!(
        "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\n{COPY};\n-- migrate:verify zero\nSELECT 0;\n"
    );
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 50)).await;
    let files = [PEOPLE, expand, (FILL.0, &*fill)];
    let stopped = Migrator::new(db.pool(), db.set(&files))
        .throttle(held::Full)
        .build();
    stopped
        .run_to_completion()
        .await
        .expect_err("it is stopped at its beginning");
    // Behind the end of the backfill, and no build writes it to both.
    db.execute("INSERT INTO people (id, name) VALUES (1001, 'late')")
        .await;
    let migrator = db.migrator(&files);
    migrator.resume(version(FILLED)).await.expect("to go on");
    let error = migrator
        .run_to_completion()
        .await
        .expect_err("a row was not copied");
    let said = error.to_string();
    assert!(
        said.contains("1 of 51 rows are not right after the backfill: 1001"),
        "{said}"
    );
    db.execute("INSERT INTO names VALUES (1001, 'late')").await;
    migrator.resume(version(FILLED)).await.expect("to go on");
    migrator
        .run_to_completion()
        .await
        .expect("what was mended is right");
    let status = filled(&migrator).await;
    assert_eq!(
        status.report.as_deref(),
        Some(
            "51 rows compared by checksums, 0 differ; 51 rows on both sides; 51 random rows read, 0 differ; \
             1 verify query answers as expected"
        )
    );
}

/// The type of a column, what is copied into it, and values that are not that: as a database compares them, or as it
/// would count with them, some are.
type Apart = (&'static str, &'static str, &'static [&'static str]);

const SQLITE: &[Apart] = &[
    (
        "DATE",
        "'2024-05-01 10:00:00'",
        &[
            "'2024-06-02'",
            "2024",
            "NULL",
            "x'323032342d30352d30312031303a30303a3030'",
        ],
    ),
    ("NUMERIC", "'abc'", &["'xyz'", "0", "'abcd'", "'0'"]),
    (
        "INTEGER",
        "1234567890123456789",
        &["1234567890123456788", "1234567890123456789.0"],
    ),
    ("INTEGER", "'1234567890123456789'", &["1234567890123456788"]),
    ("INTEGER", "3.0", &["4", "3.5", "'3a'"]),
    ("INTEGER", "' 7 '", &["8", "'7 x'"]),
    ("DECIMAL(10,2)", "0.1 + 0.2", &["0.3"]),
    ("DECIMAL(10,2)", "'1e2'", &["101"]),
    ("REAL", "9007199254740993", &["9007199254740994.0"]),
    ("REAL", "5", &["'5x'"]),
    ("TEXT", "5", &["'5.0'", "x'35'"]),
    ("TEXT", "'b41'", &["x'41'"]),
    ("", "'5'", &["5"]),
    ("BLOB", "5.0", &["5", "'5.0'"]),
];

const POSTGRES: &[Apart] = &[
    ("DATE", "timestamp '2024-05-01 10:00'", &["'2024-05-02'"]),
    ("BIGINT", "1234567890123456789", &["1234567890123456788"]),
    ("NUMERIC(10,2)", "p.id / 3.0", &["0.34"]),
    ("REAL", "0.1::float8 + 0.2", &["0.30000004"]),
    ("TEXT", "'5'", &["'5.0'", "'5 '"]),
];

const MARIADB: &[Apart] = &[
    ("DATE", "TIMESTAMP('2024-05-01 10:00:00')", &["'2024-05-02'"]),
    ("BIGINT", "1234567890123456789", &["1234567890123456788"]),
    ("DECIMAL(10,2)", "p.id / 3.0", &["0.34"]),
    ("VARCHAR(20)", "'5'", &["'5.0'", "'5 '"]),
];

async fn values_that_are_not_one_differ<K: Kind>() {
    let cases = match K::DIALECT {
        Dialect::Postgres => POSTGRES,
        Dialect::Sqlite => SQLITE,
        _ => MARIADB,
    };
    let db = K::create().await;
    let columns: String = cases
        .iter()
        .enumerate()
        .map(|(index, (of_type, ..))| format!(", c{index} {of_type}"))
        .collect();
    let values: String = cases.iter().map(|(_, value, _)| format!(", {value}")).collect();
    let expand = format!(
        "-- migrate:change names\n-- migrate:up\nCREATE TABLE names (person INTEGER PRIMARY KEY{columns});\n\
         -- migrate:down\nDROP TABLE names;\n"
    );
    let copy = format!("INSERT INTO names SELECT p.id{values} FROM people p");
    let fill = format!(
        "-- migrate:change names\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\n{copy};\n-- migrate:verify zero\nSELECT 0;\n"
    );
    db.ran(&[PEOPLE]).await;
    let wrong: Vec<(usize, &str)> = cases
        .iter()
        .enumerate()
        .flat_map(|(index, (.., others))| others.iter().map(move |other| (index, *other)))
        .collect();
    // The first row stays as it is.
    db.execute(&rows(1, wrong.len() as u32 + 1)).await;
    let migrator = db.migrator(&[PEOPLE, ("20260102000000_names", &expand), (FILL.0, &fill)]);
    migrator.run_to_completion().await.expect("a backfill");
    for (row, (index, other)) in wrong.iter().enumerate() {
        let id = row + 2;
        db.execute(&format!(
            "UPDATE names SET c{index} = {other} WHERE person = {id}"
        ))
        .await;
    }
    let verification = migrator.verify(version(FILLED)).await.expect("a look");
    for kind in [CheckKind::Checksums, CheckKind::Sample] {
        let found = &verification.check(kind).expect("a check").keys;
        for (row, (index, other)) in wrong.iter().enumerate() {
            let (id, (of_type, value, _)) = ((row + 2).to_string(), cases[*index]);
            assert!(
                found.contains(&id),
                "{of_type}: {value} is not {other}: {verification}"
            );
        }
        assert!(!found.contains(&"1".to_owned()), "{verification}");
    }
    // Each of them is written as it was copied.
    let repair = migrator.repair_rows(version(FILLED)).await.expect("a repair");
    assert_eq!(repair.updated, wrong.len() as u64, "{repair}");
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
}

/// Only what differs while its source stays as it is counts: whoever writes both sides one behind the other is seen in
/// between.
async fn a_row_that_is_written_all_the_while_is_left_to_the_next_look<K: Kind>() {
    let copy = (
        FILL.0,
        "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:backfill table=people key=id pause=0ms\n\
         -- migrate:up\nINSERT INTO names (person, name) SELECT p.id, p.name FROM people p;\n\
         -- migrate:verify zero\nSELECT 0;\n",
    );
    let names = (
        EXPAND.0,
        "-- migrate:change nick\n-- migrate:up\nCREATE TABLE names (person INTEGER PRIMARY KEY, name VARCHAR(50));\n\
         -- migrate:down\nDROP TABLE names;\n",
    );
    let column = (
        EXPAND.0,
        "-- migrate:change nick\n-- migrate:up\nALTER TABLE people ADD COLUMN nick VARCHAR(50);\n\
         -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
    );
    for (expand, fill) in [(column, FILL), (names, copy)] {
        let db = K::create().await;
        db.ran(&[PEOPLE]).await;
        db.execute(&rows(1, 20)).await;
        let migrator = db.migrator(&[PEOPLE, expand, fill]);
        migrator.run_to_completion().await.expect("a backfill");
        let written = std::cell::Cell::new(0);
        let looked = std::cell::Cell::new(false);
        let write = async || {
            while !looked.get() {
                let name = format!("UPDATE people SET name = 'hot {}' WHERE id = 7", written.get());
                db.execute(&name).await;
                written.set(written.get() + 1);
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let look = async || {
            // The row differs from the first write on.
            while written.get() == 0 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            let verification = migrator.verify(version(FILLED)).await.expect("a look");
            looked.set(true);
            verification
        };
        let ((), verification) = tokio::join!(write(), look());
        assert!(verification.is_right(), "{verification}");
        let verification = migrator.verify(version(FILLED)).await.expect("a look");
        let wrong = verification.checks.iter().filter(|check| !check.is_right());
        assert_eq!(wrong.count(), 2, "{verification}");
    }
}
