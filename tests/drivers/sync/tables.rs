//! Sync between two tables: several writers at once, what is refused, and the way there and back.

use migrate_core::Dialect;
use migrate_testkit::{PostgresDatabase, SqliteDatabase};

use crate::kind::Kind;

crate::on_every_database! {
    writers_of_both_tables_lose_no_write
    inserts_at_once_do_not_wait_for_each_other
    triggers_of_two_tables_come_and_go
    a_table_that_is_emptied
    each_reason_is_told
}

const CREATE: (&str, &str) = (
    "20260101000000_create",
    "-- migrate:up\nCREATE TABLE o (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(20), c VARCHAR(20));\n-- migrate:down\nDROP TABLE o;\n",
);
const SYNC: (&str, &str) = (
    "20260102000000_sync",
    "-- migrate:change one\n-- migrate:sync o.a <-> n.x on (o.id = n.oid)\n-- migrate:up\n\
     CREATE TABLE n (oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20), FOREIGN KEY (oid) REFERENCES o (id) ON DELETE CASCADE);\n\
     -- migrate:down\nDROP TABLE n;\n",
);

async fn synced<K: Kind>() -> K {
    let db = K::create().await;
    db.migrator(&[CREATE]).run().await.unwrap();
    db.migrator(&[CREATE, SYNC]).run().await.unwrap();
    db
}

/// Repeats a statement that a deadlock ended, as applications do; how often that was.
async fn insist<K: Kind>(db: &K, sql: &str) -> usize {
    for deadlocks in 0..1000 {
        match db.attempt(sql).await {
            Ok(()) => return deadlocks,
            Err(error) if error.to_string().to_lowercase().contains("deadlock") => {}
            Err(error) => panic!("{sql}: {error}"),
        }
    }
    panic!("{sql}: never went through");
}

/// Two builds on their own rows and on one that all of them write to. Only there a deadlock is possible: each
/// holds the row that the other one's trigger needs.
async fn writers_of_both_tables_lose_no_write<K: Kind>() {
    const WRITES: usize = 25;
    let db = synced::<K>().await;
    db.execute("INSERT INTO o (id, a) VALUES (0, 'start'), (1, 'x'), (2, 'x'), (3, 'x'), (4, 'x')")
        .await;
    let writer = async |number: usize| {
        let (table, key, column) = [("o", "id", "a"), ("n", "oid", "x")][number % 2];
        for write in 0..WRITES {
            for id in [number + 1, 0] {
                let sql = format!("UPDATE {table} SET {column} = '{number}.{write}' WHERE {key} = {id}");
                let deadlocks = insist(&db, &sql).await;
                assert!(deadlocks == 0 || id == 0, "nobody else writes to row {id}");
            }
        }
    };
    tokio::join!(writer(0), writer(1), writer(2), writer(3));
    let apart = "SELECT count(*) FROM o LEFT JOIN n ON o.id = n.oid WHERE n.x IS NULL OR a <> x";
    assert_eq!(db.value(apart).await, "0");
    for number in 0..4 {
        let last = format!("{number}.{}", WRITES - 1);
        let id = number + 1;
        assert_eq!(db.value(&format!("SELECT a FROM o WHERE id = {id}")).await, last);
        assert_eq!(db.value(&format!("SELECT x FROM n WHERE oid = {id}")).await, last);
    }
}

/// Each inserts rows of its own, next to those of the others: into the old table, or into both as the new build does.
async fn inserts_at_once_do_not_wait_for_each_other<K: Kind>() {
    let db = synced::<K>().await;
    let writer = async |number: usize| {
        for write in 0..40 {
            let id = write * 4 + number;
            let mut sql = vec![format!("INSERT INTO o (id, a) VALUES ({id}, 'x')")];
            if number.is_multiple_of(2) {
                sql = vec![
                    format!("INSERT INTO o (id) VALUES ({id})"),
                    format!("INSERT INTO n (oid, x) VALUES ({id}, 'x')"),
                ];
            }
            for sql in sql {
                db.execute(&sql).await;
            }
        }
    };
    tokio::join!(writer(0), writer(1), writer(2), writer(3));
    assert_eq!(
        db.value("SELECT count(*) FROM o JOIN n ON o.id = n.oid AND a = x")
            .await,
        "160"
    );
}

async fn triggers_of_two_tables_come_and_go<K: Kind>() {
    let db = synced::<K>().await;
    let there = match K::DIALECT {
        // Each has one of TRUNCATE, and one more locks the whole before its part is inserted.
        Dialect::Postgres => "9 2",
        _ => "6",
    };
    assert_eq!(super::triggers(&db).await, there);
    let migrator = db.migrator(&[CREATE, SYNC]);
    migrator.redo().await.unwrap();
    assert_eq!(super::triggers(&db).await, there);
    migrator.down().await.unwrap();
    assert_eq!(super::triggers(&db).await, super::counts::<K>(false));
    migrator.run().await.unwrap();
    db.execute("INSERT INTO o (id, a) VALUES (1, 'ada')").await;
    // A build without the file takes them back as well.
    db.migrator(&[CREATE]).down().await.unwrap();
    assert_eq!(super::triggers(&db).await, super::counts::<K>(false));
    assert_eq!(db.value("SELECT a FROM o").await, "ada");
}

/// A sync of two tables, and three rows of the old one, of which one has nothing to say.
async fn filled<K: Kind>(arguments: &str, columns: &str) -> K {
    let db = K::create().await;
    db.migrator(&[CREATE]).run().await.unwrap();
    let file = format!(
        "-- migrate:change one\n-- migrate:sync {arguments}\n-- migrate:up\nCREATE TABLE n ({columns});\n\
         -- migrate:down\nDROP TABLE n;\n"
    );
    let files = [CREATE, (SYNC.0, &file)];
    db.migrator(&files).run().await.unwrap();
    db.execute("INSERT INTO o (id, a) VALUES (1, 'ada'), (2, 'bob'), (3, NULL)")
        .await;
    db
}

/// DELETE without a condition fires row by row everywhere. TRUNCATE fires nothing but what PostgreSQL has for it.
async fn a_table_that_is_emptied<K: Kind>() {
    const KEY: &str = "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)";
    const REFERENCE: &str = ", FOREIGN KEY (oid) REFERENCES o (id) ON DELETE CASCADE";
    let split = "o.a <-> n.x on (o.id = n.oid)";
    let of = async |db: &K, table: &str| {
        let side = if table == "o" { "a" } else { "x" };
        let text = if K::DIALECT.is_mysql_family() {
            "CHAR"
        } else {
            "TEXT"
        };
        let concat = match K::DIALECT.is_mysql_family() {
            true => format!("CONCAT(CAST(count(*) AS {text}), ' ', CAST(count({side}) AS {text}))"),
            false => format!("CAST(count(*) AS {text}) || ' ' || CAST(count({side}) AS {text})"),
        };
        db.value(&format!("SELECT {concat} FROM {table}")).await
    };
    // How many rows of each there are, and how many of their sides are not NULL.
    for (table, left) in [("o", ["0 0", "0 0"]), ("n", ["3 0", "0 0"])] {
        let db: K = filled(split, KEY).await;
        db.execute(&format!("DELETE FROM {table}")).await;
        assert_eq!(
            [of(&db, "o").await, of(&db, "n").await],
            left,
            "DELETE FROM {table}"
        );
    }
    // The new table's columns, the sync, the statement, and what is there then; `None` where it is refused.
    type Emptied = (
        &'static str,
        &'static str,
        &'static str,
        Option<[&'static str; 2]>,
    );
    let one_way = "o.a -> n.x on (o.id = n.oid)";
    let same = "o.a <-> n.x on (o.id = n.oid) rows (o, n)";
    let cases: &[Emptied] = match K::DIALECT {
        Dialect::Postgres => &[
            ("", split, "TRUNCATE o", None),
            ("", split, "TRUNCATE n", None),
            ("", split, "TRUNCATE o, n", Some(["0 0", "0 0"])),
            (
                "",
                split,
                "UPDATE o SET a = NULL; TRUNCATE n",
                Some(["3 0", "0 0"]),
            ),
            ("", one_way, "TRUNCATE o", None),
            ("", one_way, "TRUNCATE n", Some(["3 2", "0 0"])),
            ("", same, "TRUNCATE o", None),
            ("", same, "TRUNCATE n", None),
            ("", same, "TRUNCATE n, o", Some(["0 0", "0 0"])),
            (REFERENCE, split, "TRUNCATE o", None),
            (REFERENCE, split, "TRUNCATE n", None),
            (REFERENCE, split, "TRUNCATE o CASCADE", Some(["0 0", "0 0"])),
        ],
        Dialect::Sqlite => &[],
        // Nothing says that the rows went: the other table keeps them.
        _ => &[
            ("", split, "TRUNCATE o", Some(["0 0", "2 2"])),
            ("", split, "TRUNCATE n", Some(["3 2", "0 0"])),
            (REFERENCE, split, "TRUNCATE n", Some(["3 2", "0 0"])),
        ],
    };
    for (reference, arguments, statement, left) in cases {
        let db: K = filled(arguments, &format!("{KEY}{reference}")).await;
        let before = [of(&db, "o").await, of(&db, "n").await];
        let result = db.attempt(statement).await;
        let after = [of(&db, "o").await, of(&db, "n").await];
        match left {
            Some(left) => {
                result.unwrap_or_else(|error| panic!("{arguments}: {statement}: {error}"));
                assert_eq!(after, *left, "{arguments}: {statement}");
            }
            None => {
                let error = result
                    .expect_err(&format!("{arguments}: {statement}"))
                    .to_string();
                // A foreign key speaks first.
                let said = ["migrate: TRUNCATE of", "referenced in a foreign key"];
                assert!(
                    said.iter().any(|said| error.contains(said)),
                    "{statement}: {error}"
                );
                assert_eq!(after, before, "{arguments}: {statement}");
            }
        }
    }
}

/// A row that REPLACE deletes by another unique key than the paired one: who sees it.
#[test]
fn sqlite_replace_by_another_unique_key() {
    crate::run(async {
        for (pragmas, left) in [
            (
                "foreign_keys = OFF; PRAGMA recursive_triggers = OFF",
                "1new 2bob 7new",
            ),
            ("foreign_keys = OFF; PRAGMA recursive_triggers = ON", "2bob 7new"),
            ("foreign_keys = ON; PRAGMA recursive_triggers = OFF", "2bob 7new"),
        ] {
            let db = SqliteDatabase::create().await.unwrap();
            db.migrator(&[CREATE]).run().await.unwrap();
            db.execute("CREATE UNIQUE INDEX u ON o (c)").await;
            db.migrator(&[CREATE, SYNC]).run().await.unwrap();
            db.execute("INSERT INTO o (id, a, c) VALUES (1, 'new', 'a@'), (2, 'bob', 'b@')")
                .await;
            // One list of statements runs on one connection.
            db.execute(&format!(
                "PRAGMA {pragmas}; REPLACE INTO o (id, a, c) VALUES (7, 'new', 'a@')"
            ))
            .await;
            let rows = "SELECT group_concat(oid || x, ' ') FROM (SELECT * FROM n ORDER BY oid)";
            assert_eq!(db.value(rows).await, left, "{pragmas}");
        }
    });
}

/// The new table, the arguments of the sync, and the code that refuses it.
const REFUSED: &[(&str, &str, &str)] = &[
    ("", "o.a <-> n.x on (o.id = n.oid)", "sync-no-table"),
    (
        "oid INTEGER NOT NULL, x VARCHAR(20)",
        "o.a <-> n.x on (o.id = n.oid)",
        "sync-key",
    ),
    (
        "k INTEGER NOT NULL PRIMARY KEY, oid INTEGER UNIQUE, x VARCHAR(20)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-key",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)",
        "o.missing <-> n.x on (o.id = n.oid)",
        "sync-no-column",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)",
        "o.a <-> n.x on (o.id = n.missing)",
        "sync-no-column",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20) NOT NULL",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-not-null",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20) DEFAULT 'x'",
        "o.a <-> n.x on (o.id = n.oid) rows (o)",
        "sync-default",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x INTEGER",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-types",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20), other INTEGER NOT NULL",
        "o.a <-> n.x on (o.id = n.oid)",
        "sync-rows",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20), FOREIGN KEY (oid) REFERENCES o (id)",
        "o.a <-> n.x on (o.id = n.oid)",
        "sync-foreign-key",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20), FOREIGN KEY (oid) REFERENCES o (id) ON DELETE CASCADE",
        "o.a -> n.x on (o.id = n.oid) rows (o)",
        "sync-rows",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)",
        "o.a -> n.x using (upper(c)) on (o.id = n.oid)",
        "sync-expression",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)",
        "o.a <-> n.x using (concat(a, 'x')) <- using (x) on (o.id = n.oid)",
        "sync-round-trip",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20), y VARCHAR(20)",
        "o.a -> n.x on (o.id = n.oid)\n-- migrate:sync o.c -> n.y on (o.id = n.oid)",
        "rows of one table",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, y VARCHAR(20), x VARCHAR(20) GENERATED ALWAYS AS (lower(y)) STORED",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-generated",
    ),
    (
        "CREATE TABLE m (oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)); CREATE VIEW n AS SELECT * FROM m",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-not-a-table",
    ),
];

const SQLITE: &[(&str, &str, &str)] = &[
    (
        "CREATE TABLE n (oid TEXT NOT NULL PRIMARY KEY, x VARCHAR(20)) WITHOUT ROWID",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-without-rowid",
    ),
    (
        "CREATE VIRTUAL TABLE n USING fts5 (oid, x)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-not-a-table",
    ),
];

const MARIADB: &[(&str, &str, &str)] = &[
    (
        "CREATE TABLE w (id INTEGER PRIMARY KEY); CREATE TABLE n (oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20), w INTEGER, \
         CONSTRAINT fk FOREIGN KEY (w) REFERENCES w (id) ON DELETE CASCADE)",
        "o.a -> n.x on (o.id = n.oid) rows (n)",
        "sync-cascade",
    ),
    (
        "CREATE TABLE w (x VARCHAR(20) PRIMARY KEY); CREATE TABLE n (oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20), \
         CONSTRAINT fk FOREIGN KEY (x) REFERENCES w (x) ON DELETE SET NULL)",
        "o.a <-> n.x on (o.id = n.oid) rows (o, n)",
        "sync-cascade",
    ),
    (
        "oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20) UNIQUE",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-unique",
    ),
    (
        "oid INTEGER NOT NULL AUTO_INCREMENT PRIMARY KEY, x VARCHAR(20)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-numbered",
    ),
];

const POSTGRES: &[(&str, &str, &str)] = &[
    (
        "CREATE TABLE p (oid INTEGER NOT NULL, x VARCHAR(20)) PARTITION BY LIST (oid); \
         CREATE TABLE n PARTITION OF p FOR VALUES IN (1)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-partition",
    ),
    (
        "CREATE TABLE n (oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)); CREATE TABLE k () INHERITS (n)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-inherited",
    ),
    (
        "CREATE TABLE n (oid INTEGER NOT NULL, x VARCHAR(20)) PARTITION BY LIST (x)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-partition-key",
    ),
    (
        "CREATE TABLE n (oid INTEGER NOT NULL PRIMARY KEY, x VARCHAR(20)); \
         CREATE SUBSCRIPTION two CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false); \
         INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT oid, 'n'::regclass, 'r' FROM pg_subscription \
         WHERE subname = 'two' AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-subscription",
    ),
    (
        "oid SERIAL PRIMARY KEY, x VARCHAR(20)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-numbered",
    ),
    (
        "oid INTEGER NOT NULL UNIQUE DEFERRABLE, x VARCHAR(20)",
        "o.a -> n.x on (o.id = n.oid)",
        "sync-key",
    ),
];

async fn each_reason_is_told<K: Kind>() {
    let own = match K::DIALECT {
        Dialect::Postgres => POSTGRES,
        Dialect::Mysql | Dialect::MariaDb => MARIADB,
        Dialect::Sqlite => SQLITE,
    };
    for (table, arguments, code) in REFUSED.iter().chain(own) {
        let arguments = match K::DIALECT {
            Dialect::Sqlite => arguments.replace("concat(a, 'x')", "a || 'x'"),
            _ => (*arguments).to_owned(),
        };
        let db = K::create().await;
        db.migrator(&[CREATE]).run().await.unwrap();
        db.execute("INSERT INTO o (id, a) VALUES (1, 'ada')").await;
        match *table {
            "" => {}
            all if all.starts_with("CREATE") => db.execute(all).await,
            columns => db.execute(&format!("CREATE TABLE n ({columns})")).await,
        }
        let file = format!(
            "-- migrate:change one\n-- migrate:sync {arguments}\n-- migrate:up\nCREATE TABLE beside (id INTEGER);\n\
             -- migrate:down\nDROP TABLE beside;\n"
        );
        let migrator = db.migrator(&[CREATE, ("20260102000000_sync", &file)]);
        let error = migrator.run().await.expect_err(&format!("{table}: {arguments}"));
        let text = error.to_string();
        assert!(
            error.is_sync() && text.contains(code) && text.contains("help: "),
            "{table}: {arguments}: {text}"
        );
        assert_eq!(super::triggers(&db).await, super::counts::<K>(false), "{text}");
        if *code == "sync-subscription" {
            db.execute("ALTER SUBSCRIPTION two SET (slot_name = NONE)").await;
            db.execute("DROP SUBSCRIPTION two").await;
        }
    }
    // What another change made of the table: its rows would be made by two.
    let db = synced::<K>().await;
    db.execute("ALTER TABLE n ADD COLUMN y VARCHAR(20)").await;
    let chain = SYNC
        .1
        .replace("change one", "change two")
        .replace("o.a <-> n.x", "o.c -> n.y")
        .replace("CREATE TABLE n (", "CREATE TABLE m (");
    let chain = (
        "20260103000000_chain",
        chain.replace("DROP TABLE n", "DROP TABLE m"),
    );
    let error = db
        .migrator(&[CREATE, SYNC, (chain.0, &chain.1)])
        .run()
        .await
        .unwrap_err();
    assert!(
        error.is_sync() && error.to_string().contains("sync-chain"),
        "{error}"
    );
}

#[test]
fn postgres_copy_and_paths_of_sessions() {
    crate::run(async {
        let db = synced::<PostgresDatabase>().await;
        let mut connection = db.pool().acquire().await.unwrap();
        let mut copy = connection.copy_in_raw("COPY o (id, a) FROM STDIN").await.unwrap();
        copy.send(&b"1\tada\n2\t\\N\n"[..]).await.unwrap();
        copy.finish().await.unwrap();
        drop(connection);
        let rows = "SELECT string_agg(oid || x, ' ' ORDER BY oid) FROM n";
        assert_eq!(db.value(rows).await, "1ada");
        db.execute("SET search_path = ''; UPDATE public.o SET a = 'bob' WHERE id = 1; RESET search_path")
            .await;
        assert_eq!(db.value(rows).await, "1bob");
    });
}
