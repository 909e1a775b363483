//! What a column keeps of a value is what its row is compared with: rounded, cut, padded, of another type.

use super::*;

crate::on_every_database! {
    what_a_column_rounds_is_right
    what_a_column_refuses_is_tried
}

/// The type of a column, what is assigned to it, and a value that it does not have then.
type Case = (&'static str, &'static str, &'static str);

const POSTGRES: &[Case] = &[
    ("INTEGER", "seconds / 60.0", "99"),
    ("SMALLINT", "d", "99"),
    ("NUMERIC(10,2)", "price * 1.19", "99.5"),
    ("REAL", "d", "0.5"),
    ("DATE", "at", "'2020-02-02'"),
    ("TIMESTAMP(0)", "at", "'2020-02-02'"),
    ("TIME(0)", "at", "'11:11'"),
    ("CHAR(10)", "word || '  '", "'other'"),
    ("VARCHAR(10)", "word || '            '", "'other'"),
    ("VARCHAR(20)", "seconds", "'other'"),
    ("VARCHAR(10) COLLATE folding", "word", "'WORD 1'"),
    ("amount", "price", "99"),
    ("narrow", "coalesce(word, 'none')", "'other'"),
    ("NUMERIC(10,1)[]", "ARRAY[price, NULL]", "ARRAY[1]"),
    ("VARCHAR(8)[]", "ARRAY[word]", "ARRAY['other']"),
    (
        "mood",
        "CASE WHEN id > 1 THEN 'glad' ELSE 'sad' END::mood",
        "'glad'",
    ),
    ("BIT(3)", "B'101'", "B'111'"),
    ("VARBIT(5)", "B'101'", "B'111'"),
    ("BYTEA", "decode('00ff', 'hex')", "''"),
    ("INTERVAL(0)", "at - timestamp '2020-01-01'", "'1 day'"),
    ("TEXT", "seconds", "'other'"),
];

const SQLITE: &[Case] = &[
    ("INTEGER", "seconds / 60.0", "99"),
    ("INTEGER", "word_number", "99"),
    ("DECIMAL(10,2)", "price * 1.19", "99.5"),
    ("REAL", "9007199254740993", "9007199254740994"),
    ("REAL", "'9007199254740993'", "0.5"),
    ("REAL", "word", "'other'"),
    ("TEXT", "d / 3", "'other'"),
    ("TEXT", "d", "'0.3'"),
    ("TEXT", "seconds", "'other'"),
    ("DATE", "at", "'2020-02-02'"),
    ("", "word_number", "5"),
    ("BLOB", "d", "'other'"),
];

const MARIADB: &[Case] = &[
    ("INTEGER", "seconds / 60", "99"),
    ("INTEGER", "d", "99"),
    ("INTEGER", "word_number", "99"),
    ("BIGINT", "'1234567890123456789'", "1234567890123456788"),
    ("BIGINT UNSIGNED", "price", "99"),
    ("DECIMAL(10,2)", "price * 1.19", "99.5"),
    ("DECIMAL(10,2)", "d", "99.5"),
    ("FLOAT", "d", "0.5"),
    ("FLOAT(7,2)", "d", "0.5"),
    ("DOUBLE(9,3)", "d", "0.5"),
    ("DATE", "at", "'2020-02-02'"),
    ("DATE", "'2024-05-01 10:11:12'", "'2020-02-02'"),
    ("DATETIME", "at", "'2020-02-02'"),
    ("TIME", "at", "'11:11'"),
    ("CHAR(10)", "concat(word, '  ')", "'other'"),
    (
        if cfg!(feature = "mysql-server") {
            "CHAR(10) COLLATE utf8mb4_0900_bin"
        } else {
            "CHAR(10) COLLATE utf8mb4_nopad_bin"
        },
        "concat(word, '  ')",
        "'other'",
    ),
    ("VARCHAR(20)", "seconds", "'other'"),
    ("BINARY(10)", "word", "'other'"),
    (
        "ENUM('glad', 'sad')",
        "CASE WHEN id > 1 THEN 'glad' ELSE 'sad' END",
        "'glad'",
    ),
    ("BIT(3)", "b'101'", "b'111'"),
    ("TINYINT(1)", "seconds > 60", "7"),
];

fn cases<K: Kind>() -> &'static [Case] {
    match K::DIALECT {
        Dialect::Postgres => POSTGRES,
        Dialect::Sqlite => SQLITE,
        _ => MARIADB,
    }
}

/// A table with what is assigned, and a column of that type for each case: seven rows, the last of NULLs only.
async fn table<K: Kind>(db: &K, types: impl Iterator<Item = &'static str>) {
    let (before, at, double) = match K::DIALECT {
        Dialect::Postgres => (
            "CREATE COLLATION folding (provider = icu, locale = 'und-u-ks-level2', deterministic = false); \
             CREATE DOMAIN money_like AS NUMERIC(8,1); CREATE DOMAIN amount AS money_like CHECK (VALUE < 1000); \
             CREATE DOMAIN narrow AS VARCHAR(8) NOT NULL DEFAULT 'x'; CREATE TYPE mood AS ENUM ('sad', 'glad')",
            "TIMESTAMP(6)",
            "DOUBLE PRECISION",
        ),
        Dialect::Sqlite => ("", "TEXT", "REAL"),
        _ => ("", "DATETIME(6)", "DOUBLE"),
    };
    let columns: String = types
        .enumerate()
        .map(|(index, of_type)| format!(", c{index} {of_type}"))
        .collect();
    if !before.is_empty() {
        db.execute(before).await;
    }
    db.execute(&format!(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, seconds INTEGER, price DECIMAL(12,4), at {at}, d {double}, \
         word VARCHAR(20), word_number VARCHAR(20){columns}, \
         made INTEGER GENERATED ALWAYS AS (seconds * 2) STORED)"
    ))
    .await;
    for id in 1..7 {
        db.execute(&format!(
            "INSERT INTO t (id, seconds, price, at, d, word, word_number) VALUES ({id}, {}, {}.4567, \
             '2024-05-0{id} 23:59:59.{id}5', {id}.1 + 0.2, 'word {id}', '{id}.5')",
            id * 37,
            id * 3
        ))
        .await;
    }
    db.execute("INSERT INTO t (id) VALUES (7)").await;
}

/// The file that moves that, as the one of a version.
fn fill(number: usize, assignment: &str) -> (String, String) {
    let text = format!(
        "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:backfill table=t key=id batch=3 pause=0ms\n\
         -- migrate:up\nUPDATE t SET {assignment};\n-- migrate:verify zero\nSELECT 0;\n"
    );
    (format!("{}_fill", FILLED as usize + number), text)
}

async fn what_a_column_rounds_is_right<K: Kind>() {
    let db = K::create().await;
    let cases = cases::<K>();
    db.ran(&[PEOPLE]).await;
    table(&db, cases.iter().map(|(of_type, ..)| *of_type)).await;
    let assigned = |index: usize| format!("c{index} = {}", cases[index].1);
    let fills: Vec<(String, String)> = (0..cases.len())
        .map(|index| fill(index, &assigned(index)))
        .collect();
    let mut files = vec![PEOPLE, EXPAND];
    files.extend(fills.iter().map(|(name, text)| (&**name, &**text)));
    let migrator = db.migrator(&files);
    for (index, (of_type, expression, other)) in cases.iter().enumerate() {
        let case = format!("{of_type} = {expression}");
        let version = version(FILLED + index as u64);
        let wrong = format!("UPDATE t SET c{index} = {other} WHERE id = 1");
        db.execute(&format!("UPDATE t SET {}; {wrong}", assigned(index)))
            .await;
        let report = db.migrator(&files[..index + 3]).run_to_completion().await;
        report.unwrap_or_else(|error| panic!("{case}: {error}"));
        let status = migrator.backfill(version).await.expect("a status");
        let status = status.unwrap_or_else(|| panic!("{case}: no backfill"));
        assert_eq!((status.visited, status.changed), (7, 1), "{case}: {status}");
        let verification = migrator.verify(version).await.expect("a look");
        assert_eq!(
            verification.to_string(),
            "7 rows compared, 0 differ; 7 random rows read, 0 differ; 1 verify query answers as expected",
            "{case}"
        );
    }
}

/// A value that does not fit is nothing that is right: the database has to be heard.
async fn what_a_column_refuses_is_tried<K: Kind>() {
    let cases: &[Case] = match K::DIALECT {
        Dialect::Postgres => &[
            ("VARCHAR(4)", "word", "'word'"),
            ("CHAR(4)", "word", "'word'"),
            ("BIT(3)", "B'1010'", "B'101'"),
            ("narrow", "word || ' and more'", "'word 1 a'"),
        ],
        // A type of SQLite refuses nothing.
        Dialect::Sqlite => &[],
        _ => &[
            ("VARCHAR(4)", "word", "'word'"),
            ("BINARY(4)", "word", "'word'"),
            ("TINYINT", "seconds * 100", "100"),
        ],
    };
    for (of_type, expression, kept) in cases {
        let db = K::create().await;
        db.ran(&[PEOPLE]).await;
        table(&db, [*of_type].into_iter()).await;
        db.execute(&format!("DELETE FROM t WHERE id = 7; UPDATE t SET c0 = {kept}"))
            .await;
        let (name, text) = fill(0, &format!("c0 = {expression}"));
        let migrator = db.migrator(&[PEOPLE, EXPAND, (&name, &text)]);
        let error = migrator.run_to_completion().await;
        let error = error.expect_err(&format!("{of_type} = {expression}"));
        assert!(
            error.to_string().contains("the database refused a batch"),
            "{of_type} = {expression}: {error}"
        );
    }
}
