//! Ways of writing that the model does not have: COPY, several writers at once, constraints, collations.

use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};

use crate::kind::Kind;

crate::on_every_database! {
    writers_at_once_leave_every_row_consistent
    a_rolled_back_write_leaves_nothing
    syncs_of_two_changes_may_not_share_a_column
    a_consistent_row_is_left_alone
}

const CREATE: (&str, &str) = (
    "20260101000000_create",
    "-- migrate:up\nCREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20));\n-- migrate:down\nDROP TABLE t;\n",
);
const SYNC: (&str, &str) = (
    "20260102000000_sync",
    "-- migrate:change one\n-- migrate:sync t.a <-> b\n-- migrate:up\nALTER TABLE t ADD COLUMN b VARCHAR(20);\n\
     -- migrate:down\nALTER TABLE t DROP COLUMN b;\n",
);

async fn synced<K: Kind>() -> K {
    let db = K::create().await;
    db.developer(&[CREATE]).run().await.unwrap();
    db.developer(&[CREATE, SYNC]).run().await.unwrap();
    db
}

/// Four writers, each over a connection of its own: two builds on their own rows and on one that all of them write to.
async fn writers_at_once_leave_every_row_consistent<K: Kind>() {
    const WRITES: usize = 40;
    let db = synced::<K>().await;
    db.execute("INSERT INTO t (id, a) VALUES (0, 'start')").await;
    let writer = async |number: usize| {
        let column = if number.is_multiple_of(2) { "a" } else { "b" };
        db.execute(&format!(
            "INSERT INTO t (id, {column}) VALUES ({}, 'x')",
            number + 1
        ))
        .await;
        for write in 0..WRITES {
            let value = format!("{number}.{write}");
            for id in [number + 1, 0] {
                db.execute(&format!("UPDATE t SET {column} = '{value}' WHERE id = {id}"))
                    .await;
            }
        }
    };
    tokio::join!(writer(0), writer(1), writer(2), writer(3));
    let apart = db.value("SELECT count(*) FROM t WHERE a <> b OR a IS NULL OR b IS NULL");
    assert_eq!(apart.await, "0");
    for number in 0..4 {
        let last = format!("{number}.{}", WRITES - 1);
        for column in ["a", "b"] {
            let value = db
                .value(&format!("SELECT {column} FROM t WHERE id = {}", number + 1))
                .await;
            assert_eq!(value, last, "an acknowledged write is lost");
        }
    }
}

async fn a_rolled_back_write_leaves_nothing<K: Kind>() {
    let db = synced::<K>().await;
    db.execute("INSERT INTO t (id, a) VALUES (1, 'ada')").await;
    db.execute("BEGIN; UPDATE t SET b = 'bob' WHERE id = 1; ROLLBACK")
        .await;
    assert_eq!(db.value("SELECT a FROM t WHERE b = 'ada'").await, "ada");
}

async fn syncs_of_two_changes_may_not_share_a_column<K: Kind>() {
    let db = synced::<K>().await;
    let chain = (
        "20260103000000_chain",
        "-- migrate:change two\n-- migrate:sync t.b <-> c\n-- migrate:up\nALTER TABLE t ADD COLUMN c VARCHAR(20);\n\
         -- migrate:down\nALTER TABLE t DROP COLUMN c;\n",
    );
    let error = db.migrator(&[CREATE, SYNC, chain]).run().await.unwrap_err();
    let told = error.to_string();
    assert!(error.is_sync() && told.contains("sync-chain"), "{told}");
    // However many triggers of it are in the way.
    assert_eq!(
        told.matches("bring that change to its contract first").count(),
        1,
        "{told}"
    );
}

/// Many values of a side may be one of the other: what was there is not normalised by the way.
async fn a_consistent_row_is_left_alone<K: Kind>() {
    let db = K::create().await;
    db.migrator(&[CREATE]).run().await.unwrap();
    let cased = SYNC
        .1
        .replace("<-> b", "<-> b using (upper(a)) <- using (lower(b))");
    db.migrator(&[CREATE, (SYNC.0, &cased)]).run().await.unwrap();
    db.execute("INSERT INTO t (id, a, b) VALUES (1, 'bob', 'Ada'), (2, 'Ada', 'bob')")
        .await;
    for (write, id, a, b) in [
        ("a = 'ada'", 1, "ada", "Ada"),
        ("b = 'ADA'", 2, "Ada", "ADA"),
        ("a = 'bob'", 1, "bob", "BOB"),
        ("b = 'Bob'", 2, "bob", "Bob"),
        ("a = NULL", 2, "NULL", "NULL"),
    ] {
        db.execute(&format!("UPDATE t SET {write} WHERE id = {id}")).await;
        for (column, expected) in [("a", a), ("b", b)] {
            let value = db.value(&format!("SELECT {column} FROM t WHERE id = {id}")).await;
            assert_eq!(value, expected, "{write}");
        }
    }
}

#[test]
fn postgres_copy_fires_them() {
    crate::run(async {
        let db = synced::<PostgresDatabase>().await;
        let mut connection = db.pool().acquire().await.unwrap();
        let mut copy = connection.copy_in_raw("COPY t (id, b) FROM STDIN").await.unwrap();
        copy.send(&b"1\tada\n2\t\\N\n"[..]).await.unwrap();
        copy.finish().await.unwrap();
        let rows =
            db.value("SELECT string_agg(coalesce(a, '~') || coalesce(b, '~'), ' ' ORDER BY id) FROM t");
        assert_eq!(rows.await, "adaada ~~");
    });
}

#[test]
fn postgres_sees_what_its_types_call_equal() {
    crate::run(async {
        let db = PostgresDatabase::create().await.unwrap();
        db.execute("CREATE TABLE t (id int PRIMARY KEY, a json, c numeric); CREATE SCHEMA app; CREATE TABLE app.t (LIKE t)")
            .await;
        let file = (
            "20260102000000_sync",
            "-- migrate:change one\n-- migrate:sync t.a <-> b\n-- migrate:sync app.t.c <-> d\n-- migrate:up\n\
             ALTER TABLE t ADD COLUMN b json;\nALTER TABLE app.t ADD COLUMN d numeric;\n-- migrate:down\n\
             ALTER TABLE app.t DROP COLUMN d;\nALTER TABLE t DROP COLUMN b;\n",
        );
        let migrator = db.migrator(&[file]);
        migrator.run().await.unwrap();
        db.execute("INSERT INTO t (id, a) VALUES (1, '{\"k\": 1}'); UPDATE t SET b = '{\"k\":1}'")
            .await;
        assert_eq!(db.value("SELECT a FROM t").await, "{\"k\":1}");
        // The path of a session does not change what a trigger means.
        db.execute("SET search_path = ''; INSERT INTO app.t (id, c) VALUES (1, 1.0); UPDATE app.t SET d = 1.00; RESET search_path")
            .await;
        assert_eq!(db.value("SELECT c::text FROM app.t").await, "1.00");
        migrator.down().await.unwrap();
        assert_eq!(super::triggers(&db).await, "0 0");
    });
}

/// What a trigger asks follows from the type of each column, and is the same question: are these the same bytes?
#[test]
fn postgres_sees_a_change_of_any_type() {
    crate::run(async {
        let db = PostgresDatabase::create().await.unwrap();
        db.execute(
            "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false); \
             CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN word AS text COLLATE loose",
        )
        .await;
        // The type, two values that are not the same bytes, and whether its equality takes them for one.
        for (kind, one, other, equal) in [
            ("text COLLATE loose", "ada", "Ada", true),
            ("varchar(9)", "ada", "ada ", false),
            ("word", "ada", "Ada", true),
            ("character(9)", "ada", "Ada", false),
            ("numeric", "1.0", "1.00", true),
            ("float8", "0", "-0", true),
            ("jsonb", "[1.0]", "[1.00]", true),
            ("interval", "1 day", "24 hours", true),
            ("bigint", "1", "2", false),
            ("mood", "sad", "glad", false),
            ("text[]", "{a}", "{A}", false),
            (
                "timestamptz",
                "2026-01-01 00:00+00",
                "2026-01-01 00:00:00.000001+00",
                false,
            ),
            (
                "uuid",
                "00000000-0000-0000-0000-000000000001",
                "00000000-0000-0000-0000-000000000002",
                false,
            ),
            ("bytea", "ada", "Ada", false),
            ("boolean", "t", "f", false),
        ] {
            let table =
                format!("CREATE TABLE \"o'%1$I\" (id int PRIMARY KEY, \"a b\" {kind}, \"%s\" {kind})");
            db.execute(&format!("DROP TABLE IF EXISTS \"o'%1$I\"; {table}"))
                .await;
            let set = db.set(&[(
                "20260102000000_sync",
                "-- migrate:change one\n-- migrate:sync \"o'%1$I\".\"a b\" <-> \"%s\"\n-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n",
            )]);
            let migrator = migrate_core::Migrator::new(Kind::pool(&db), set).build();
            migrator
                .run()
                .await
                .unwrap_or_else(|error| panic!("{kind}: {error}"));
            db.execute(&format!(
                "INSERT INTO \"o'%1$I\" (id, \"a b\") VALUES (1, '{one}')"
            ))
            .await;
            if kind != "text[]" {
                let sql = format!("SELECT (\"a b\" = '{other}')::text FROM \"o'%1$I\"");
                assert_eq!(db.value(&sql).await, equal.to_string(), "{kind}");
            }
            db.execute(&format!("UPDATE \"o'%1$I\" SET \"%s\" = '{other}'"))
                .await;
            let apart = "SELECT count(*) FROM \"o'%1$I\" WHERE ROW(\"a b\")::record *<> ROW(\"%s\")::record";
            assert_eq!(
                db.value(apart).await,
                "0",
                "{kind}: the second write did not reach the first side"
            );
            let kept = format!(
                "SELECT count(*) FROM \"o'%1$I\" WHERE ROW(\"%s\")::record *= ROW('{other}'::{kind})::record"
            );
            assert_eq!(db.value(&kept).await, "1", "{kind}: the write is lost");
            db.execute("UPDATE \"o'%1$I\" SET \"a b\" = NULL").await;
            let nulls = "SELECT count(*) FROM \"o'%1$I\" WHERE num_nonnulls(\"a b\", \"%s\") = 0";
            assert_eq!(
                db.value(nulls).await,
                "1",
                "{kind}: NULL did not reach the second side"
            );
            migrator.leave().await;
            migrator.down().await.unwrap();
        }
    });
}

#[test]
fn postgres_partitions_are_kept_equal() {
    crate::run(async {
        let db = PostgresDatabase::create().await.unwrap();
        db.execute(
            "CREATE TABLE t (id int, a text, b text) PARTITION BY LIST (id); \
             CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2)",
        )
        .await;
        let file = (
            "20260102000000_sync",
            "-- migrate:change one\n-- migrate:sync t.a <-> b\n-- migrate:up\nCREATE TABLE beside (id int);\n\
             -- migrate:down\nDROP TABLE beside;\n",
        );
        db.migrator(&[file]).run().await.unwrap();
        db.execute("INSERT INTO t (id, a) VALUES (1, 'ada'); UPDATE t SET id = 2, b = 'bob'; INSERT INTO t1 (id, b) VALUES (1, 'eve')")
            .await;
        let rows = db.value("SELECT string_agg(id || a || b, ' ' ORDER BY id) FROM t");
        assert_eq!(rows.await, "1eveeve 2bobbob");
    });
}

/// OR IGNORE and OR REPLACE of a statement hold for what its triggers do.
#[test]
fn sqlite_ignores_no_half_of_a_write() {
    crate::run(async {
        let db = synced::<SqliteDatabase>().await;
        let run = async |sql: &'static str| sqlx::raw_sql(sql).execute(db.pool()).await;
        run("CREATE UNIQUE INDEX one ON t (b)").await.unwrap();
        run("INSERT INTO t (id, a) VALUES (1, 'ada')").await.unwrap();
        let error = run("INSERT OR IGNORE INTO t (id, a) VALUES (2, 'ada')")
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains("t.a <-> t.b cannot be kept equal"),
            "{error}"
        );
        run("INSERT OR REPLACE INTO t (id, a) VALUES (3, 'ada')")
            .await
            .unwrap();
        let rows = "SELECT group_concat(id || a || b) FROM t";
        assert_eq!(db.value(rows).await, "3adaada");
        assert!(run("UPDATE OR IGNORE t SET a = NULL, id = 4").await.is_ok());
        assert_eq!(
            db.value("SELECT count(*) FROM t WHERE a IS NULL AND b IS NULL")
                .await,
            "1"
        );
    });
}

#[test]
fn mariadb_and_mysql_write_to_both_sides_of_what_collations_call_equal() {
    crate::run(async {
        let db = synced::<MysqlDatabase>().await;
        db.execute("INSERT INTO t (id, a) VALUES (1, 'ada'); UPDATE t SET b = 'ADA'")
            .await;
        assert_eq!(db.value("SELECT HEX(a) FROM t").await, "414441");
    });
}

/// The triggers of a table go with it, and a rebuild drops the table.
#[test]
fn sqlite_rebuilds_lose_no_sync() {
    crate::run(async {
        let db = synced::<SqliteDatabase>().await;
        let rebuild = "-- migrate:change two\n-- migrate:irreversible \"test\"\n-- migrate:up\n\
                       CREATE TABLE new_t (id INTEGER PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), c TEXT);\n\
                       INSERT INTO new_t (id, a, b) SELECT id, a, b FROM t;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;\n";
        let file = ("20260103000000_rebuild", rebuild);
        let error = db.developer(&[CREATE, SYNC, file]).run().await.unwrap_err();
        assert!(
            error.is_sync() && error.to_string().contains("sync-rebuild"),
            "{error}"
        );
        assert_eq!(super::triggers(&db).await, "2");
        let contract = rebuild
            .replace(
                "change two\n",
                "change one\n-- migrate:phase contract\n-- migrate:unsync t.a <-> b\n",
            )
            .replace("b VARCHAR(20), c TEXT", "b VARCHAR(20)");
        let migrator = db.developer(&[CREATE, SYNC, ("20260103000000_rebuild", &contract)]);
        migrator.run_to_completion().await.unwrap();
        assert_eq!(super::triggers(&db).await, "0");
    });
}

/// What a foreign key changes is written like everything else, except on MariaDB and MySQL.
#[test]
fn postgres_and_sqlite_see_what_foreign_keys_change() {
    const KEYED: (&str, &str) = (
        "20260101000000_create",
        "-- migrate:up\nCREATE TABLE o (id INTEGER PRIMARY KEY);\nCREATE TABLE t (id INTEGER PRIMARY KEY, \
         a INTEGER REFERENCES o (id) ON DELETE SET NULL ON UPDATE CASCADE);\n-- migrate:down\nDROP TABLE t;\nDROP TABLE o;\n",
    );
    async fn check<K: Kind>() {
        let db = K::create().await;
        db.migrator(&[KEYED]).run().await.unwrap();
        let sync = SYNC.1.replace("VARCHAR(20)", "INTEGER");
        db.migrator(&[KEYED, (SYNC.0, &sync)]).run().await.unwrap();
        db.execute("INSERT INTO o VALUES (1), (2); INSERT INTO t (id, b) VALUES (1, 1), (2, 2)")
            .await;
        db.execute("UPDATE o SET id = 3 WHERE id = 1").await;
        db.execute("DELETE FROM o WHERE id = 2").await;
        assert_eq!(db.value("SELECT CAST(b AS TEXT) FROM t WHERE id = 1").await, "3");
        assert_eq!(
            db.value("SELECT CAST(b AS TEXT) FROM t WHERE id = 2").await,
            "NULL"
        );
    }
    crate::run(check::<PostgresDatabase>());
    crate::run(check::<SqliteDatabase>());
}
