//! How statements of MySQL and MariaDB go together with transactions.

use crate::database::sql::Nature;
use crate::model::Dialect;
use crate::script::demand::{Demand, transaction_demand};
use crate::script::words::Words;

const DATA: &[&str] = &[
    "insert", "update", "delete", "replace", "select", "with", "load", "values", "table", "show", "explain",
];
const SESSION: &[&str] = &["set", "use", "prepare", "deallocate"];
/// What may run twice: it says how things are to be, whatever they were.
const REPEATABLE: &[&str] = &[
    "truncate", "optimize", "analyze", "check", "repair", "grant", "revoke", "comment", "flush",
];
/// What is made in a database, and so stands in the catalog that is read.
const IN_DATABASE: &[&str] = &[
    "table",
    "view",
    "index",
    "trigger",
    "procedure",
    "function",
    "event",
    "sequence",
    "package",
];

/// DDL commits by itself on MySQL and MariaDB; what it did to the current database shows in the catalog.
pub(super) fn nature(sql: &str, dialect: Dialect, database: Option<&str>) -> Nature {
    if transaction_demand(sql, dialect) == Demand::SessionSetting {
        return Nature::Session;
    }
    let mut words = Words::new(sql, dialect);
    let Some(first) = words.next() else {
        return Nature::Session;
    };
    match () {
        () if first.is_any(DATA) || first.text == "(" => Nature::Transactional,
        () if first.is_any(SESSION) => Nature::Session,
        () if first.is_any(REPEATABLE) => Nature::Catalog,
        () if first.is_any(&["create", "drop"]) => making(words, first.is("create"), database),
        () if first.is("alter") => altering(words, database),
        () if first.is("rename") => renaming(words, database),
        () if first.is_any(&["install", "uninstall"]) => match may_be_there(&words) {
            true => Nature::Catalog,
            false => Nature::Opaque,
        },
        () => Nature::Opaque,
    }
}

/// Why the history cannot be written behind a statement.
pub(super) fn keeps_from_history(sql: &str, dialect: Dialect) -> Option<&'static str> {
    let mut words = Words::new(sql, dialect);
    let locks = match words.next()? {
        first if first.is("lock") => words.peek().is_some_and(|word| word.is_any(&["table", "tables"])),
        first if first.is("flush") => {
            words.contains(&["with", "read", "lock"]) || words.contains(&["for", "export"])
        }
        _ => false,
    };
    locks.then_some("a connection with locked tables may not write to others, and the history is one of them")
}

/// Whether a statement makes something that is there, or drops something that is not, and says nothing of it.
fn may_be_there(words: &Words<'_>) -> bool {
    words.contains(&["if", "exists"]) || words.contains(&["if", "not", "exists"])
}

fn making(mut words: Words<'_>, creates: bool, database: Option<&str>) -> Nature {
    let replaces = words.eat_all(&["or", "replace"]);
    // It commits nothing, though no rollback undoes it; it goes with the session.
    if words.starts_with(&["temporary", "table"]) {
        return Nature::Transactional;
    }
    if !creates && words.starts_with(&["prepare"]) {
        return Nature::Session;
    }
    let again = replaces || may_be_there(&words);
    let of_server = |words: &Words<'_>| {
        let kinds = [
            "database",
            "schema",
            "user",
            "role",
            "server",
            "tablespace",
            "logfile",
            "undo",
            "resource",
        ];
        let loaded = words.contains(&["soname"]);
        words.starts_with(&["spatial", "reference"])
            || loaded
            || words.peek().is_some_and(|word| word.is_any(&kinds))
    };
    if of_server(&words) {
        return if again { Nature::Catalog } else { Nature::Opaque };
    }
    let is_index = creates && words.clone().take(3).any(|word| word.is("index"));
    // Over `DEFINER = …`, `ALGORITHM = …` and the like.
    for word in words.by_ref() {
        if word.is_any(IN_DATABASE) {
            break;
        }
    }
    words.eat("body");
    words.eat_all(&["if", "not", "exists"]);
    words.eat_all(&["if", "exists"]);
    if is_index || words.contains(&["on"]) && !creates {
        // An index is named within its table.
        words.skip_past(&["on"]);
    }
    loop {
        if is_elsewhere(&mut words, database) {
            return if again { Nature::Catalog } else { Nature::Opaque };
        }
        if creates || !words.eat_punct(",") {
            return Nature::Catalog;
        }
    }
}

fn altering(mut words: Words<'_>, database: Option<&str>) -> Nature {
    let exchanges = words.contains(&["exchange", "partition"]);
    let tablespace = words.contains(&["discard", "tablespace"]) || words.contains(&["import", "tablespace"]);
    let partly = words.contains(&["tablespace"]) && words.contains(&["partition"]);
    // Two passwords: the second time, the old one is the new one.
    let retains = words.contains(&["retain", "current", "password"]);
    if exchanges || tablespace || partly || retains {
        return Nature::Opaque;
    }
    words.eat_any(&["online", "offline", "ignore"]);
    if !words.eat_any(&["table", "view", "event", "sequence", "procedure", "function"]) {
        return Nature::Catalog;
    }
    words.eat_all(&["if", "exists"]);
    match is_elsewhere(&mut words, database) {
        true => Nature::Opaque,
        false => Nature::Catalog,
    }
}

/// A renaming of tables in a circle leaves the same names: where the tables are alike, nothing shows it.
fn renaming(mut words: Words<'_>, database: Option<&str>) -> Nature {
    if !words.eat_any(&["table", "tables"]) {
        return Nature::Opaque;
    }
    words.eat_all(&["if", "exists"]);
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    loop {
        let mut ahead = words.clone();
        if is_elsewhere(&mut ahead, database) {
            return Nature::Opaque;
        }
        let Some((_, from)) = words.schema_and_name() else {
            return Nature::Opaque;
        };
        words.eat_any(&["wait", "nowait"]);
        words.eat("to");
        let mut ahead = words.clone();
        if is_elsewhere(&mut ahead, database) {
            return Nature::Opaque;
        }
        let Some((_, to)) = words.schema_and_name() else {
            return Nature::Opaque;
        };
        match new.iter().position(|name| *name == from) {
            Some(index) => drop(new.remove(index)),
            None => gone.push(from),
        }
        match gone.iter().position(|name| *name == to) {
            Some(index) => drop(gone.remove(index)),
            None => new.push(to),
        }
        if !words.eat_punct(",") {
            break;
        }
    }
    match gone.is_empty() {
        true => Nature::Opaque,
        false => Nature::Catalog,
    }
}

/// Whether the name at the cursor is in another database than the one whose catalog is read.
fn is_elsewhere(words: &mut Words<'_>, database: Option<&str>) -> bool {
    let Some((Some(schema), _)) = words.schema_and_name() else {
        return false;
    };
    database.is_none_or(|database| database != schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nature: Nature, statements: &[&str]) {
        for sql in statements {
            let found = super::nature(sql, Dialect::MariaDb, Some("shop"));
            assert_eq!(found, nature, "{sql}");
        }
    }

    #[test]
    fn what_shows_in_the_catalog_or_may_run_twice() {
        check(
            Nature::Catalog,
            &[
                "CREATE TABLE t (a INT)",
                "CREATE OR REPLACE TABLE shop.t (a INT)",
                "CREATE UNIQUE INDEX i ON t (a)",
                "CREATE UNIQUE INDEX i ON shop.t (a)",
                "CREATE DEFINER = `a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT x.a FROM x",
                "CREATE DATABASE IF NOT EXISTS other",
                "CREATE OR REPLACE USER u",
                "DROP TABLE IF EXISTS other.t",
                "DROP TABLE t, shop.u",
                "DROP INDEX i ON t",
                "DROP USER IF EXISTS u",
                "ALTER TABLE t ADD COLUMN b INT",
                "ALTER USER u IDENTIFIED BY 'x'",
                "ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (9))",
                "RENAME TABLE t TO t_old, t_new TO t",
                "GRANT SELECT ON t TO u",
                "TRUNCATE other.t",
                "INSTALL PLUGIN IF NOT EXISTS p SONAME 'x'",
            ],
        );
    }

    #[test]
    fn what_nothing_shows() {
        check(
            Nature::Opaque,
            &[
                "ALTER TABLE p EXCHANGE PARTITION p1 WITH TABLE t",
                "ALTER TABLE t DISCARD TABLESPACE",
                "ALTER TABLE t IMPORT TABLESPACE",
                "ALTER USER u IDENTIFIED BY 'x' RETAIN CURRENT PASSWORD",
                "CREATE USER u",
                "CREATE DATABASE other",
                "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
                "CREATE TABLE other.t (a INT)",
                "CREATE TABLE `other` . `t` (a INT)",
                "CREATE INDEX i ON other.t (a)",
                "CREATE TRIGGER other.g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
                "DROP TABLE t, other.u",
                "DROP INDEX i ON other.t",
                "DROP DATABASE other",
                "DROP USER u",
                "ALTER TABLE other.t ADD COLUMN b INT",
                "RENAME TABLE a TO x, b TO a, x TO b",
                "RENAME TABLE a TO other.a",
                "RENAME USER a TO b",
                "INSTALL PLUGIN p SONAME 'x'",
                "CALL p()",
                "EXECUTE s",
            ],
        );
    }

    #[test]
    fn what_the_session_keeps() {
        check(
            Nature::Session,
            &[
                "SET @a = 1",
                "USE other",
                "PREPARE s FROM @a",
                "DEALLOCATE PREPARE s",
                "DROP PREPARE s",
            ],
        );
        check(
            Nature::Transactional,
            &[
                "CREATE TEMPORARY TABLE t (a INT)",
                "DROP TEMPORARY TABLE t",
                "INSERT INTO other.t VALUES (1)",
            ],
        );
    }

    #[test]
    fn locks_on_tables_keep_from_the_history() {
        for (sql, keeps) in [
            ("LOCK TABLES t WRITE", true),
            ("lock table t read", true),
            ("FLUSH TABLES t WITH READ LOCK", true),
            ("FLUSH TABLES t FOR EXPORT", true),
            ("FLUSH TABLES", false),
            ("UNLOCK TABLES", false),
            ("SELECT 1 FROM t LOCK IN SHARE MODE", false),
        ] {
            assert_eq!(
                keeps_from_history(sql, Dialect::MariaDb).is_some(),
                keeps,
                "{sql}"
            );
        }
    }
}
