//! What only one database does.

use std::collections::BTreeMap;
use std::time::Duration;

use migrate_core::{Dialect, MariaDb, Migrator, Mysql, Set};
use migrate_testkit::{MysqlDatabase, PostgresDatabase, SqliteDatabase};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::applying::{EMAIL, USERS};
use crate::backfill::{EXPAND, FILL, FILLED, PEOPLE};
use crate::kind::{Kind, read, version, versions};

pub(crate) const FAMILY: (&str, &str) = (
    "20260101000000_family",
    "-- migrate:up\nCREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);\n\
     CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent (id) ON DELETE CASCADE);\n\
     INSERT INTO parent VALUES (1, 'a'), (2, 'b');\nINSERT INTO child VALUES (10, 1), (20, 2);\n\
     -- migrate:down\nDROP TABLE child;\nDROP TABLE parent;\n",
);

fn rebuild(copy: &str) -> (&'static str, String) {
    let text = format!(
        "-- migrate:irreversible \"test\"\n-- migrate:up\nCREATE TABLE new_parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n\
         INSERT INTO new_parent SELECT id, name FROM parent{copy};\nDROP TABLE parent;\n\
         ALTER TABLE new_parent RENAME TO parent;\n"
    );
    ("20260102000000_rebuild", text)
}

/// One connection, so that the one that migrated is the one that is asked.
pub(crate) async fn one(options: SqliteConnectOptions) -> sqlx::SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await
        .unwrap()
}

pub(crate) async fn number(pool: &sqlx::SqlitePool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

#[test]
fn sqlite_rebuilds_a_table_without_losing_children() {
    crate::run(async {
        for used in [false, true] {
            let db = <SqliteDatabase as Kind>::create().await;
            let pool = one(db.options()).await;
            let (name, text) = rebuild("");
            if used {
                Migrator::new(pool.clone(), db.set(&[FAMILY]))
                    .build()
                    .run()
                    .await
                    .unwrap();
            }
            let set = db.set(&[FAMILY, (name, &text)]);
            Migrator::new(pool.clone(), set).build().run().await.unwrap();
            assert_eq!(
                number(&pool, "SELECT count(*) FROM child").await,
                2,
                "used: {used}"
            );
            assert_eq!(
                number(&pool, "SELECT foreign_keys FROM pragma_foreign_keys").await,
                1
            );
            // The children still refer to the table of that name.
            sqlx::query("INSERT INTO child VALUES (30, 99)")
                .execute(&pool)
                .await
                .unwrap_err();
        }
    });
}

#[test]
fn sqlite_refuses_a_rebuild_that_loses_a_parent() {
    crate::run(async {
        for used in [false, true] {
            let db = <SqliteDatabase as Kind>::create().await;
            let pool = one(db.options()).await;
            if used {
                Migrator::new(pool.clone(), db.set(&[FAMILY]))
                    .build()
                    .run()
                    .await
                    .unwrap();
            }
            let (name, text) = rebuild(" WHERE id = 1");
            let set = db.set(&[FAMILY, (name, &text)]);
            let error = Migrator::new(pool.clone(), set).build().run().await.unwrap_err();
            assert!(error.is_verification(), "{error}");
            assert!(
                error.to_string().contains("row 20 of `child` refers to `parent`"),
                "{error}"
            );
            assert_eq!(
                number(&pool, "SELECT foreign_keys FROM pragma_foreign_keys").await,
                1
            );
            if used {
                assert_eq!(number(&pool, "SELECT count(*) FROM parent").await, 2);
            }
        }
    });
}

#[test]
fn sqlite_in_memory_works() {
    crate::run(async {
        let pool = one(SqliteConnectOptions::new().in_memory(true)).await;
        let set = || Set::typed(read(Dialect::Sqlite, &[USERS, EMAIL])).unwrap();
        let migrator = Migrator::new::<migrate_core::Sqlite>(pool.clone(), set()).build();
        assert_eq!(migrator.run().await.unwrap().applied.len(), 2);
        assert!(migrator.run().await.unwrap().applied.is_empty());
        assert_eq!(number(&pool, "SELECT count(*) FROM users").await, 1);
    });
}

#[test]
fn sqlite_runs_what_no_transaction_may_hold() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        let wal = (
            "20260102000000_wal",
            "-- migrate:irreversible \"a setting\"\n-- migrate:up\nPRAGMA journal_mode = WAL;\n",
        );
        let vacuum = (
            "20260103000000_vacuum",
            "-- migrate:irreversible \"nothing to undo\"\n-- migrate:up\nVACUUM;\n",
        );
        // Connections of this pool ask for a journal of their own when they are made, so there is one.
        let pool = one(db.options()).await;
        let migrator = Migrator::new(pool.clone(), db.set(&[USERS, wal, vacuum])).build();
        migrator.run().await.unwrap();
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(mode, "wal");
        assert!(migrator.run().await.unwrap().applied.is_empty());
    });
}

#[test]
fn sqlite_has_no_schemas() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        let migrator = Migrator::new(Kind::pool(&db), db.set(&[USERS]))
            .schema("x")
            .build();
        assert!(migrator.run().await.unwrap_err().is_configuration());
    });
}

#[test]
fn postgres_keeps_the_history_in_a_schema_of_its_own() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let migrator = Migrator::new(Kind::pool(&db), db.set(&[USERS]))
            .schema("my \"books\"")
            .build();
        migrator.run().await.unwrap();
        assert!(migrator.run().await.unwrap().applied.is_empty());
        let place = "SELECT nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = '_migrate_history'";
        assert_eq!(db.value(place).await, "my \"books\"");
        migrator.down().await.unwrap();
    });
}

#[test]
fn postgres_migrates_where_the_pool_points() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.execute("CREATE SCHEMA tenant").await;
        let pool = sqlx::postgres::PgPoolOptions::new()
            .max_connections(1)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql("SET search_path = tenant")
                        .execute(connection)
                        .await
                        .map(drop)
                })
            })
            .connect_with(db.options())
            .await
            .unwrap();
        // The first file changes the search path; the second one still goes where the pool points.
        let first = (
            "20260101000000_first",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nSET search_path = public;\nCREATE TABLE one (id INTEGER);\n",
        );
        let second = (
            "20260102000000_second",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE two (id INTEGER);\n",
        );
        Migrator::new(pool, db.set(&[first, second]))
            .build()
            .run()
            .await
            .unwrap();
        let tables = "SELECT string_agg(schemaname || '.' || tablename, ' ' ORDER BY tablename) FROM pg_tables \
                      WHERE tablename IN ('one', 'two', '_migrate_history')";
        assert_eq!(
            db.value(tables).await,
            "tenant._migrate_history public.one tenant.two"
        );
    });
}

#[test]
fn postgres_runs_a_long_statement_whatever_the_role_says() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let options = db.options().options([("statement_timeout", "300")]);
        let pool = sqlx::PgPool::connect_with(options).await.unwrap();
        let slow = (
            "20260101000000_slow",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE slow (id INTEGER);\nSELECT pg_sleep(0.8);\n",
        );
        Migrator::new(pool.clone(), db.set(&[slow]))
            .build()
            .run()
            .await
            .unwrap();
        let slower = (
            "20260102000000_slower",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nSELECT pg_sleep(10);\n",
        );
        let migrator = Migrator::new(pool, db.set(&[slow, slower]))
            .statement_timeout(Duration::from_millis(200))
            .build();
        let error = migrator.run().await.unwrap_err();
        assert!(
            error.is_statement() && error.to_string().contains("57014"),
            "{error}"
        );
    });
}

/// A server that can notices that a client is gone; one that cannot is no reason to fail.
#[test]
fn postgres_is_asked_to_notice_that_a_client_is_gone() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let see = |table: &str| {
            format!(
                "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE {table} AS \
                 SELECT current_setting('client_connection_check_interval', true) AS value;\nRESET ALL;\n"
            )
        };
        let (first, second) = (see("first"), see("second"));
        let files = [
            ("20260101000000_first", &*first),
            ("20260102000000_second", &*second),
        ];
        db.migrator(&files).run().await.unwrap();
        for table in ["first", "second"] {
            let value = db.value(&format!("SELECT value FROM {table}")).await;
            assert!(value == "1s" || value == "NULL", "{value}");
        }
    });
}

#[test]
fn mariadb_runs_migrations_with_its_own_sql_mode() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        let mode = (
            "20260101000000_mode",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE seen AS SELECT @@sql_mode AS mode, @@GLOBAL.sql_mode AS server;\n",
        );
        db.migrator(&[mode]).run().await.unwrap();
        assert_eq!(
            db.value("SELECT CAST(mode = server AS CHAR) FROM seen").await,
            "1"
        );
    });
}

/// The set of the one on the server of the other.
#[test]
fn mariadb_refuses_a_set_for_mysql_and_mysql_one_for_mariadb() {
    const FILES: [(&str, &str); 3] = [PEOPLE, EXPAND, FILL];
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        let pool = Kind::pool(&db);
        let (other, own) = match <MysqlDatabase as Kind>::DIALECT {
            Dialect::Mysql => {
                let set: Set<MariaDb> = Set::typed(read(Dialect::MariaDb, &FILES)).unwrap();
                (Migrator::new(pool, set).build(), "mysql")
            }
            _ => {
                let set: Set<Mysql> = Set::typed(read(Dialect::Mysql, &FILES)).unwrap();
                (Migrator::new(pool, set).build(), "mariadb")
            }
        };
        let fill = version(FILLED);
        let refused = [
            other.run().await.map(drop).unwrap_err(),
            other
                .worker(&migrate_core::migrator::Stop::new())
                .await
                .unwrap_err(),
            other.verify(fill).await.map(drop).unwrap_err(),
            other.backfill(fill).await.map(drop).unwrap_err(),
            other.pause(fill, "x").await.unwrap_err(),
            other.rerun(fill).await.unwrap_err(),
            other.changes().await.map(drop).unwrap_err(),
        ];
        for error in refused {
            let told = error.to_string();
            assert!(
                error.is_server()
                    && told.contains(&format!("dialect = \"{own}\""))
                    && told.contains(&format!("`--dialect {own}`")),
                "{error}"
            );
        }
        assert_eq!(db.tables("people").await, "0");
        assert!(Set::<MariaDb>::typed(read(Dialect::Mysql, &[USERS])).is_none());
    });
}

#[test]
fn mariadb_rolls_a_file_of_data_back_as_one() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.unwrap();
        let data = (
            "20260102000000_data",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nINSERT INTO users VALUES (2, 'b');\nINSERT INTO users VALUES (2, 'c');\n",
        );
        let error = db.migrator(&[USERS, data]).run().await.unwrap_err();
        assert!(error.is_statement() && error.line() == Some(4), "{error}");
        assert_eq!(db.value("SELECT CAST(count(*) AS CHAR) FROM users").await, "1");
    });
}

/// A process that died in the middle of a CALL leaves a marker and no trace of what it did.
#[test]
fn mariadb_asks_a_person_where_nothing_shows() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        db.migrator(&[USERS]).run().await.unwrap();
        db.execute("CREATE PROCEDURE more() INSERT INTO users SELECT max(id) + 1, 'x' FROM users")
            .await;
        let calls = (
            "20260102000000_calls",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCALL more();\nCALL missing();\n",
        );
        db.migrator(&[USERS, calls]).run().await.unwrap_err();
        assert_eq!(db.value("SELECT CAST(count(*) AS CHAR) FROM users").await, "2");
        db.execute("UPDATE _migrate_history SET catalog_digest = '1 x' WHERE version = 20260102000000")
            .await;
        let error = db.migrator(&[USERS, calls]).run().await.unwrap_err();
        assert!(
            error.is_dirty() && error.to_string().contains("statement 2"),
            "{error}"
        );
        // The person saw that it did not run, and takes it out.
        let fixed = (
            "20260102000000_calls",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nCALL more();\n",
        );
        let migrator = db.migrator(&[USERS, fixed]);
        migrator.repair().await.unwrap();
        migrator.run().await.unwrap();
        assert_eq!(db.value("SELECT CAST(count(*) AS CHAR) FROM users").await, "2");
    });
}

#[test]
fn mariadb_takes_triggers_and_routines_whole() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        let routines = (
            "20260102000000_routines",
            "-- migrate:up\nDELIMITER //\nCREATE TRIGGER upper_name BEFORE INSERT ON users FOR EACH ROW\nBEGIN\n\
             IF NEW.name IS NOT NULL THEN SET NEW.name = UPPER(NEW.name); END IF;\nEND//\nDELIMITER ;\n\
             INSERT INTO users VALUES (5, 'x');\n-- migrate:down\nDROP TRIGGER upper_name;\n",
        );
        db.migrator(&[USERS, routines]).run().await.unwrap();
        assert_eq!(db.value("SELECT name FROM users WHERE id = 5").await, "X");
    });
}

/// What each file is recorded as, in the order of versions.
#[test]
fn an_instance_is_named_in_the_history() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let migrator = Migrator::new(Kind::pool(&db), db.set(&[USERS]))
            .instance("job-7")
            .build();
        assert_eq!(versions(&migrator.run().await.unwrap()), [20260101000000]);
        let columns: BTreeMap<_, _> = [
            ("instance", "job-7"),
            ("state", "applied"),
            ("reason", "fresh"),
            ("phase", "expand"),
        ]
        .into();
        for (column, value) in columns {
            assert_eq!(
                db.value(&format!("SELECT {column} FROM _migrate_history")).await,
                value
            );
        }
        assert!(
            db.value("SELECT up_sql FROM _migrate_sql")
                .await
                .contains("CREATE TABLE users")
        );
        assert!(
            db.value("SELECT down_sql FROM _migrate_sql")
                .await
                .contains("DROP TABLE users")
        );
    });
}

/// The catalog leaves out what somebody else is changing, for whoever holds a lock, and the migration lock is one.
#[test]
fn mariadb_and_mysql_see_tables_that_others_change() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), b VARCHAR(20))")
            .await;
        let other = db.pool().clone();
        let changing = tokio::spawn(async move {
            loop {
                for sql in [
                    "ALTER TABLE t ADD COLUMN c INTEGER",
                    "ALTER TABLE t DROP COLUMN c",
                ] {
                    sqlx::raw_sql(sql).execute(&other).await.unwrap();
                }
            }
        });
        let mut connection = db.pool().acquire().await.unwrap();
        sqlx::raw_sql("SELECT GET_LOCK('any', 0)")
            .execute(&mut *connection)
            .await
            .unwrap();
        let scope = migrate_core::facts::Scope::default();
        for turn in 0..100 {
            let facts = migrate_core::database::mysql::facts(&mut connection, &scope)
                .await
                .unwrap();
            let shown = format!("{facts:?}");
            assert!(shown.contains("varchar(20)"), "turn {turn}: {shown}");
        }
        let sync = (
            "20260102000000_sync",
            "-- migrate:change one\n-- migrate:sync t.a <-> b\n-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n",
        );
        let migrator = db.migrator(&[sync]);
        for _ in 0..5 {
            migrator.run().await.unwrap();
            migrator.leave().await;
            migrator.down().await.unwrap();
        }
        changing.abort();
    });
}
