//! What a statement's words say about it: the table it creates, and what it demands of a transaction.

use migrate_core::Dialect::{self, MariaDb, Mysql, Postgres, Sqlite};
use migrate_core::script::demand::{Demand, transaction_demand};
use migrate_core::script::semantic::semantic_tokens;
use migrate_core::script::words::{Words, created_tables};

const FAMILY: &[Dialect] = &[Mysql, MariaDb];

fn check_demand(dialects: &[Dialect], expected: &str, statements: &[&str]) {
    for dialect in dialects {
        for statement in statements {
            let found = match transaction_demand(statement, *dialect) {
                Demand::Any => "any",
                Demand::Outside(_) => "outside",
                Demand::SessionSetting => "session",
                Demand::Control => "control",
            };
            assert_eq!(found, expected, "{dialect}: {statement}");
        }
    }
}

#[test]
#[rustfmt::skip]
fn demand_on_postgres() {
    let postgres = &[Postgres];
    check_demand(postgres, "outside", &[
        "CREATE INDEX CONCURRENTLY i ON t (a)", "create unique index concurrently on t(a)",
        "CREATE /* a */ INDEX -- b\n CONCURRENTLY i ON t (a)", "DROP INDEX CONCURRENTLY i",
        "DROP INDEX CONCURRENTLY IF EXISTS s.i", "REINDEX INDEX CONCURRENTLY i", "REINDEX TABLE CONCURRENTLY t",
        "REINDEX (CONCURRENTLY) TABLE t", "REINDEX (VERBOSE, CONCURRENTLY true) TABLE t", "REINDEX (concurrently on) INDEX i",
        "REINDEX DATABASE d", "REINDEX (VERBOSE) SYSTEM d", "REINDEX SCHEMA public", "VACUUM", "VACUUM (ANALYZE) t",
        "ALTER TABLE a.t DETACH PARTITION a.\"P\" CONCURRENTLY", "ALTER TABLE ONLY t DETACH PARTITION p CONCURRENTLY",
        "CREATE DATABASE d", "DROP DATABASE IF EXISTS d", "CREATE TABLESPACE s LOCATION '/x'", "DROP TABLESPACE s",
        "ALTER SYSTEM SET work_mem = '5MB'", "ALTER DATABASE d SET TABLESPACE s", "CLUSTER", "CLUSTER VERBOSE",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "DROP SUBSCRIPTION s", "DISCARD ALL",
        "ALTER SUBSCRIPTION s REFRESH PUBLICATION", "ALTER SUBSCRIPTION s SET PUBLICATION p",
        "ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (copy_data = false)",
    ]);
    check_demand(postgres, "any", &[
        "", "CREATE INDEX i ON t (a)", "CREATE INDEX \"concurrently\" ON t (a)", "DROP INDEX i", "REINDEX TABLE t",
        "REINDEX (CONCURRENTLY false) TABLE t", "REINDEX (VERBOSE, CONCURRENTLY 'off') TABLE t",
        "ALTER TABLE t DETACH PARTITION p", "ALTER TABLE t DETACH PARTITION p FINALIZE", "CLUSTER t USING i",
        "CLUSTER VERBOSE t", "CLUSTER (VERBOSE) t USING i", "REFRESH MATERIALIZED VIEW CONCURRENTLY m", "ANALYZE", "SELECT 'VACUUM'",
        "ALTER DATABASE d SET work_mem = '4MB'", "ALTER TYPE e ADD VALUE 'b'", "DISCARD TEMP", "PREPARE q AS SELECT 1",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)", "ALTER SUBSCRIPTION s DISABLE",
        "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)", "ALTER SUBSCRIPTION s SET (slot_name = NONE)",
        "COMMENT ON TABLE t IS 'x'", "CREATE TABLE vacuum_log (a int)",
    ]);
    check_demand(postgres, "session", &["SET lock_timeout = '1s'", "SET LOCAL work_mem = '4MB'", "RESET ALL"]);
    check_demand(postgres, "control", &[
        "BEGIN", "begin isolation level serializable", "START TRANSACTION", "COMMIT", "END", "ABORT", "ROLLBACK TO a",
        "SAVEPOINT a", "RELEASE a", "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'",
    ]);
}

#[test]
#[rustfmt::skip]
fn demand_on_sqlite() {
    let sqlite = &[Sqlite];
    check_demand(sqlite, "outside", &[
        "VACUUM", "VACUUM INTO 'x'", "DETACH x", "PRAGMA foreign_keys = OFF", "pragma main.foreign_keys(1)",
        "PRAGMA journal_mode = WAL", "PRAGMA synchronous=0", "PRAGMA temp_store = 2", "PRAGMA wal_checkpoint",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ]);
    check_demand(sqlite, "any", &[
        "ATTACH 'x' AS x", "PRAGMA foreign_keys", "PRAGMA journal_mode", "PRAGMA user_version = 3", "REINDEX",
        "PRAGMA foreign_key_check(t)", "PRAGMA integrity_check", "CREATE TABLE t (a)",
    ]);
    check_demand(sqlite, "session", &["PRAGMA busy_timeout = 5", "PRAGMA defer_foreign_keys = ON"]);
    check_demand(sqlite, "control", &["BEGIN IMMEDIATE", "END", "COMMIT", "ROLLBACK", "SAVEPOINT a", "RELEASE a"]);
}

#[test]
#[rustfmt::skip]
fn demand_on_mysql() {
    check_demand(FAMILY, "any", &[
        "CREATE DATABASE d", "OPTIMIZE TABLE t", "BEGIN NOT ATOMIC SELECT 1; END", "START SLAVE", "/*!40101 SELECT 1 */",
    ]);
    check_demand(FAMILY, "session", &["SET NAMES utf8mb4", "/*!40101 SET NAMES utf8 */"]);
    check_demand(FAMILY, "control", &[
        "BEGIN", "begin work", "START TRANSACTION READ ONLY", "COMMIT", "ROLLBACK", "SAVEPOINT a", "RELEASE SAVEPOINT a",
    ]);
}

fn check_created(dialects: &[Dialect], statement: &str, expected: Option<&str>) {
    for dialect in dialects {
        assert_eq!(
            created_tables(statement, *dialect).as_deref(),
            expected,
            "{dialect}: {statement}"
        );
    }
}

#[test]
fn created() {
    check_created(&Dialect::ALL, "create table orders (id int)", Some("orders"));
    check_created(
        &Dialect::ALL,
        "CREATE TABLE IF NOT EXISTS -- x\n app . t (id int)",
        Some("t"),
    );
    check_created(&Dialect::ALL, "CREATE TEMPORARY TABLE t (id int)", None);
    check_created(&Dialect::ALL, "CREATE UNIQUE INDEX i ON t (a)", None);
    check_created(&Dialect::ALL, "CREATE TABLE", None);
    check_created(&Dialect::ALL, "", None);
    check_created(&[Postgres], "CREATE TABLE Orders (id int)", Some("orders"));
    check_created(
        &[Postgres],
        "CREATE UNLOGGED TABLE public.\"Order \"\"s\" (id int)",
        Some("Order \"s"),
    );
    check_created(&[Postgres], "CREATE FOREIGN TABLE f (id int) SERVER s", Some("f"));
    check_created(&[Postgres], "CREATE GLOBAL TEMP TABLE f (id int)", None);
    check_created(&[Postgres], "CREATE TABLE pg_temp.f (id int)", None);
    check_created(
        &[Postgres],
        "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        Some("p1"),
    );
    check_created(&[Sqlite], "CREATE TABLE Orders (id)", Some("Orders"));
    check_created(&[Sqlite], "CREATE VIRTUAL TABLE [a b] USING fts5(x)", Some("a b"));
    check_created(&[Sqlite], "CREATE TABLE 'it''s' (id)", Some("it's"));
    check_created(&[Sqlite], "CREATE TABLE temp.t (id)", None);
    check_created(FAMILY, "CREATE TABLE `db`.`a``b` (id INT)", Some("a`b"));
    check_created(FAMILY, "CREATE TABLE 2024_orders (id INT)", Some("2024_orders"));
    check_created(FAMILY, "CREATE /*!50000 TEMPORARY */ TABLE t (id INT)", None);
    check_created(&[MariaDb], "CREATE OR REPLACE TABLE T (id INT)", Some("T"));
}

fn check_semantic(dialect: Dialect, text: &str, expected: &[&str]) {
    let found: Vec<_> = semantic_tokens(text, dialect).collect();
    assert_eq!(found, expected, "{dialect}: {text}");
}

#[test]
fn semantic() {
    let tokens = ["SELECT", "a", ",", "'x\n  y'", "FROM", "t", ";"];
    check_semantic(Postgres, "SELECT a, 'x\n  y' FROM t;", &tokens);
    check_semantic(
        Postgres,
        "SELECT /* b; */ a\r\n\t,'x\n  y'--c\nFROM t ; -- d",
        &tokens,
    );
    check_semantic(Postgres, "SELECT a=-1", &["SELECT", "a", "=", "-", "1"]);
    check_semantic(Mysql, "/*!40101 SET x */; # y", &["/*!40101 SET x */", ";"]);
    check_semantic(Sqlite, "SELECT 'x -- y", &["SELECT", "'x -- y"]);
}

#[test]
fn words() {
    let mut words = Words::new(
        "create /* a */ INDEX \"create\" on Public.T (lower(a)) where b",
        Postgres,
    );
    assert!(words.starts_with(&["CREATE", "index"]));
    assert!(
        !words.starts_with(&["create", "index", "create"]),
        "a quoted identifier is no keyword"
    );
    assert!(words.contains(&["where", "b"]));
    assert!(!words.contains(&["lower"]), "within parentheses");
    assert!(words.skip_past(&["on"]));
    assert_eq!(
        words.schema_and_name(),
        Some((Some("public".to_owned()), "t".to_owned()))
    );
    assert_eq!(words.qualified_name(), None);
    assert!(words.eat_punct("("));
}
