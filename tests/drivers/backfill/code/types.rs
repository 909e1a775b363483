//! Values of every common type, through Rust and back.

use super::*;

crate::on_every_database! {
    values_survive_the_way_through_rust
}

/// Each `b` becomes what `a` is.
macro_rules! copied {
    ($($from:ident $to:ident: $type:ty;)*) => {
        #[derive(Backfill)]
        #[backfill(table = "samples", key = "id")]
        struct Copied {
            #[backfill(key)]
            id: i32,
            $(#[backfill(read)] $from: Option<$type>, #[backfill(write)] $to: Option<$type>,)*
        }

        impl Transform for Copied {
            type Error = String;

            async fn transform(&mut self) -> Result<(), String> {
                assert!(self.id > 0);
                $(self.$to = self.$from.clone();)*
                Ok(())
            }
        }

        const COLUMNS: &[(&str, &str)] = &[$((stringify!($from), stringify!($to))),*];
    };
}

copied! {
    a_small b_small: i16;
    a_big b_big: i64;
    a_text b_text: String;
    a_flag b_flag: bool;
    a_double b_double: f64;
    a_single b_single: f32;
    a_exact b_exact: String;
    a_day b_day: String;
    a_time b_time: String;
    a_bytes b_bytes: Vec<u8>;
    a_json b_json: String;
}

/// The type of each pair of columns, in that order.
fn types(dialect: Dialect) -> [&'static str; 11] {
    match dialect {
        Dialect::Postgres => [
            "smallint",
            "bigint",
            "varchar(60)",
            "boolean",
            "double precision",
            "real",
            "numeric(12,2)",
            "date",
            "timestamptz",
            "bytea",
            "json",
        ],
        Dialect::Sqlite => [
            "INTEGER", "INTEGER", "TEXT", "BOOLEAN", "REAL", "REAL", "NUMERIC", "TEXT", "TEXT", "BLOB",
            "TEXT",
        ],
        Dialect::Mysql | Dialect::MariaDb => [
            "smallint",
            "bigint",
            "varchar(60)",
            "boolean",
            "double",
            "float",
            "decimal(12,2)",
            "date",
            "datetime(6)",
            "varbinary(20)",
            "json",
        ],
    }
}

/// Rows of such values, as literals; bytes are hexadecimal digits.
const ROWS: [[&str; 11]; 3] = [
    [
        "7",
        "70",
        "'plain'",
        "true",
        "0.5",
        "0.25",
        "12.50",
        "'2026-01-31'",
        "'2026-01-31 12:30:00'",
        "00ff10",
        r#"'{"a": [1, null]}'"#,
    ],
    [
        "-32768",
        "9223372036854775807",
        "'O''Brien ä 日本 \"x\" 007 '",
        "false",
        "0.1",
        "0.1",
        "-9999999999.99",
        "'1969-12-31'",
        "'1999-12-31 23:59:59.123456'",
        "",
        "'\"text\"'",
    ],
    [
        "0",
        "-1",
        "''",
        "true",
        "123456789.12345679",
        "16777216",
        "0.00",
        "'2000-02-29'",
        "'2000-02-29 00:00:00'",
        "27",
        "'[]'",
    ],
];

async fn values_survive_the_way_through_rust<K: Kind>() {
    let db = K::create().await;
    let columns: Vec<String> = COLUMNS
        .iter()
        .zip(types(K::DIALECT))
        .map(|((from, to), of_type)| format!("{from} {of_type}, {to} {of_type}"))
        .collect();
    let create = format!(
        "-- migrate:up\nCREATE TABLE samples (id INTEGER PRIMARY KEY, {});\n-- migrate:down\nDROP TABLE samples;\n",
        columns.join(", ")
    );
    let fill = (
        FILL.0,
        "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:rust copied\n\
         -- migrate:backfill table=samples key=id\n-- migrate:verify zero\nSELECT count(*) FROM samples WHERE id < 0;\n",
    );
    let files = [("20260101000000_samples", &*create), fill];
    db.ran(&files[..1]).await;
    let names: Vec<&str> = COLUMNS.iter().map(|(from, _)| *from).collect();
    for (index, row) in ROWS.iter().enumerate() {
        let mut row = row.map(str::to_owned);
        row[9] = match K::DIALECT {
            Dialect::Postgres => format!("decode('{}', 'hex')", row[9]),
            _ => format!("x'{}'", row[9]),
        };
        db.execute(&format!(
            "INSERT INTO samples (id, {}) VALUES ({}, {})",
            names.join(", "),
            index + 1,
            row.join(", ")
        ))
        .await;
    }
    // NULL everywhere, and one that the code has to take away.
    db.execute("INSERT INTO samples (id, b_text, b_big) VALUES (4, 'x', 1)")
        .await;
    let migrator = Migrator::new(db.pool(), db.set(&files))
        .rust::<Copied>("copied")
        .build();
    migrator.run_to_completion().await.expect("a backfill");
    let status = status(&migrator).await;
    assert_eq!(
        (status.visited, status.changed, status.failures),
        (4, 4, 0),
        "{status}"
    );
    for (from, to) in COLUMNS {
        let differs = match K::DIALECT {
            Dialect::Postgres => format!("{from}::text IS DISTINCT FROM {to}::text"),
            Dialect::Sqlite => format!("{from} IS NOT {to} OR typeof({from}) <> typeof({to})"),
            _ => format!("NOT (CAST({from} AS BINARY) <=> CAST({to} AS BINARY))"),
        };
        let (list, text) = match K::DIALECT {
            Dialect::Postgres => ("string_agg", ", ','"),
            _ => ("group_concat", ""),
        };
        let id = if K::DIALECT.is_mysql_family() {
            "CAST(id AS CHAR)"
        } else {
            "CAST(id AS TEXT)"
        };
        let wrong = db
            .value(&format!("SELECT {list}({id}{text}) FROM samples WHERE {differs}"))
            .await;
        assert_eq!(wrong, "NULL", "rows of {from}");
    }
}
