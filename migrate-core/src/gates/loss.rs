//! Whether a contract removes what cannot be brought back.

use crate::model::{Dialect, Migration, Section};
use crate::script::words::{Word, Words};

/// What a DROP may name that holds no values of its own.
pub(super) const WITHOUT_VALUES: &[&str] = &[
    "index",
    "trigger",
    "view",
    "function",
    "procedure",
    "policy",
    "rule",
    "event",
    "statistics",
    "publication",
    "subscription",
    "aggregate",
    "operator",
    "cast",
    "role",
    "user",
];

/// What DROP in an ALTER TABLE may name, or begin with, that is no column.
pub(super) const NO_COLUMN: &[&str] = &[
    "constraint",
    "index",
    "key",
    "not",
    "default",
    "primary",
    "foreign",
    "check",
    "expression",
    "identity",
];

/// Whether applying a migration loses data, as far as its words tell: what is not known to be harmless counts as a loss.
/// What the file says itself (`rollback data-loss="…"`, `irreversible`) goes before.
pub(crate) fn loses_data(migration: &Migration, dialect: Dialect) -> bool {
    if migration.irreversible.is_some() {
        return true;
    }
    if let Some(note) = &migration.rollback {
        return note.data_loss.is_some();
    }
    section_loses_data(&migration.up, dialect)
}

/// The same of what the history keeps of a migration.
pub(crate) fn section_loses_data(up: &Section, dialect: Dialect) -> bool {
    up.iter().any(|(_, sql)| !is_harmless(sql, dialect))
}

/// Whether a statement leaves all data where it is.
fn is_harmless(sql: &str, dialect: Dialect) -> bool {
    let mut words = Words::new(sql, dialect);
    let Some(first) = words.next() else {
        return true;
    };
    if first.is_any(&[
        "create", "comment", "grant", "revoke", "set", "reset", "reindex", "analyze", "vacuum", "cluster",
        "lock", "pragma", "optimize",
    ]) {
        // CREATE TABLE … AS, CREATE OR REPLACE TABLE: the second one drops what was there.
        return !(first.is("create") && words.starts_with(&["or", "replace", "table"]));
    }
    if first.is("drop") {
        return words.peek().is_some_and(|what| what.is_any(WITHOUT_VALUES));
    }
    first.is("alter") && is_harmless_alter(words)
}

/// Whether every action of an ALTER TABLE keeps all data; other ALTERs do.
fn is_harmless_alter(mut words: Words<'_>) -> bool {
    words.eat_any(&["online", "ignore"]);
    if !words.eat("table") {
        return !words.peek().is_some_and(|what| what.is_any(&["type", "domain"]));
    }
    let rest: Vec<Word<'_>> = words.collect();
    let at = |index: usize, keywords: &[&str]| rest.get(index).is_some_and(|word| word.is_any(keywords));
    rest.iter().enumerate().all(|(index, word)| {
        if word.is("drop") {
            // DROP NOT NULL and DROP DEFAULT; anything else that is dropped and is no constraint or index is a column.
            return at(index + 1, NO_COLUMN);
        }
        // A column that becomes of another type may lose digits, letters or time zones. DROP and TRUNCATE of a partition
        // lose its rows.
        !word.is_any(&[
            "type", "modify", "change", "convert", "truncate", "exchange", "discard", "coalesce",
        ])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_loses() {
        for (sql, loses) in [
            ("ALTER TABLE t DROP COLUMN a", true),
            ("ALTER TABLE t DROP a", true),
            ("ALTER TABLE t ALTER a TYPE int", true),
            ("ALTER TABLE t MODIFY a INT NOT NULL", true),
            ("ALTER TABLE t DROP CONSTRAINT a, DROP COLUMN b", true),
            ("ALTER TABLE t DROP PARTITION p", true),
            ("DROP TABLE t", true),
            ("DROP SEQUENCE s", true),
            ("DROP SCHEMA s CASCADE", true),
            ("DROP TYPE s", true),
            ("TRUNCATE t", true),
            ("DELETE FROM t", true),
            ("UPDATE t SET a = 1", true),
            ("INSERT INTO t SELECT 1", true),
            ("DO $$ BEGIN END $$", true),
            ("SELECT f()", true),
            ("CREATE OR REPLACE TABLE t (a INT)", true),
            ("/* drop */ ALTER TABLE t ALTER COLUMN a SET NOT NULL", false),
            ("ALTER TABLE t ALTER a DROP NOT NULL", false),
            ("ALTER TABLE t ALTER a DROP DEFAULT, DROP CONSTRAINT c", false),
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", false),
            ("ALTER TABLE t VALIDATE CONSTRAINT c", false),
            ("ALTER TABLE t ADD COLUMN \"drop\" int", false),
            ("DROP INDEX CONCURRENTLY i", false),
            ("CREATE UNIQUE INDEX i ON t (a)", false),
            ("DROP VIEW v", false),
            ("COMMENT ON TABLE t IS 'drop table t'", false),
        ] {
            let dialect = if sql.contains("MODIFY") {
                Dialect::Mysql
            } else {
                Dialect::Postgres
            };
            assert_eq!(!is_harmless(sql, dialect), loses, "{sql}");
        }
    }
}
