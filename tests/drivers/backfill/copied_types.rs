//! MariaDB: columns that are copied into columns of their own type, whatever that is, are compared by checksums.

use migrate_core::migrator::CheckKind;
use migrate_testkit::MysqlDatabase;

use super::*;

/// A type, a value of it, and another one that is near it.
const TYPES: &[(&str, &str, &str)] = &[
    ("ENUM('a', 'B')", "'a'", "'B'"),
    ("SET('x', 'y')", "'x,y'", "'y'"),
    ("DOUBLE", "0.1e0 + 0.2e0", "0.3e0"),
    ("FLOAT", "1.5", "1.5000002"),
    ("BIT(5)", "b'10101'", "b'10100'"),
    ("BINARY(4)", "'ab'", "'aB'"),
    ("CHAR(5)", "'ab'", "'aB'"),
    ("YEAR", "2024", "2025"),
    ("JSON", "'{\"a\": 1}'", "'{\"a\": 2}'"),
    (
        "POINT",
        "ST_PointFromText('POINT(1 2)')",
        "ST_PointFromText('POINT(1 3)')",
    ),
];

#[test]
fn mariadb() {
    crate::run(async {
        let columns = |end: &str| {
            let columns: Vec<String> = (0..TYPES.len()).map(|index| format!("c{index}{end}")).collect();
            columns.join(", ")
        };
        let types: Vec<String> = TYPES
            .iter()
            .enumerate()
            .map(|(index, (of_type, ..))| format!("c{index} {of_type}"))
            .collect();
        let types = types.join(", ");
        let things = format!(
            "-- migrate:up\nCREATE TABLE things (id INTEGER PRIMARY KEY, {types});\n-- migrate:down\nDROP TABLE things;\n"
        );
        let copies = format!(
            "-- migrate:change copies\n-- migrate:up\nCREATE TABLE copies (id INTEGER PRIMARY KEY, {types}, \
             padded CHAR(8));\n-- migrate:down\nDROP TABLE copies;\n"
        );
        let fill = format!(
            "-- migrate:change copies\n-- migrate:phase migrate\n-- migrate:backfill table=things key=id pause=0ms\n\
             -- migrate:up\nINSERT INTO copies (id, {0}, padded) SELECT id, {0}, CONCAT(c6, '  ') FROM things;\n\
             -- migrate:verify zero\nSELECT 0;\n",
            columns("")
        );
        let db = <MysqlDatabase as crate::kind::Kind>::create().await;
        let things = ("20260101000000_things", &*things);
        db.ran(&[things]).await;
        let values: Vec<&str> = TYPES.iter().map(|(_, value, _)| *value).collect();
        for id in 0..=TYPES.len() {
            db.execute(&format!(
                "INSERT INTO things VALUES ({id}, {})",
                values.join(", ")
            ))
            .await;
        }
        let migrator = db.migrator(&[things, ("20260102000000_copies", &copies), (FILL.0, &fill)]);
        migrator.run_to_completion().await.expect("a backfill");
        for (index, (_, _, other)) in TYPES.iter().enumerate() {
            db.execute(&format!(
                "UPDATE copies SET c{index} = {other} WHERE id = {index}"
            ))
            .await;
        }
        let verification = migrator.verify(version(FILLED)).await.expect("a look");
        let found = &verification.check(CheckKind::Checksums).expect("a check").keys;
        for (index, (of_type, ..)) in TYPES.iter().enumerate() {
            assert!(found.contains(&index.to_string()), "{of_type}: {verification}");
        }
        assert_eq!(found.len(), TYPES.len(), "{verification}");
        let repair = migrator.repair_rows(version(FILLED)).await.expect("a repair");
        assert_eq!(repair.updated, TYPES.len() as u64, "{repair}");
        assert_eq!(repair.state, BackfillState::Verified, "{repair}");
    });
}
