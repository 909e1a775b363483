//! The codes of structural faults: one table for the messages, the documentation and the tests.

use core::fmt;

/// A kind of finding.
pub struct Code {
    /// Its name, as it stands in messages: `missing-down`.
    pub name: &'static str,
    /// What it is about, in one sentence.
    pub summary: &'static str,
    /// What to do, where that is always the same; else empty.
    pub help: &'static str,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Code {}

/// The code of that name.
pub fn find(name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.name == name)
}

macro_rules! codes {
    ($($name:ident: $text:literal, $summary:literal, $help:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $name: Code = Code { name: $text, summary: $summary, help: $help };
        )*

        /// Every code of a structural fault.
        pub static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    UNREADABLE: "unreadable", "A file or folder cannot be read.",
        "check that it exists and that the build may read it; `path` counts from the folder of Cargo.toml";
    NOT_UTF8: "not-utf8", "A migration file is not UTF-8.", "save it as UTF-8";
    NO_FILES: "no-files", "There is no migration file in the folder.",
        "add a first file, for example `20260101120000_create_users.sql`, or correct `path`, which is `--dir` on the command line";
    BAD_FILE_NAME: "bad-file-name", "A file's name does not have the form of its layout.", "";
    BAD_CALENDAR_TIME: "bad-calendar-time", "The version of a file is not a calendar time.",
        "name it by the time it was written: YYYYMMDDHHMMSS, in UTC";
    BAD_VERSION: "bad-version", "The version of a file is not a number that fits.",
        "the version is the number that the name starts with, in refinery's layout behind a `V`: rename it";
    DUPLICATE_VERSION: "duplicate-version", "Two files have the same version.",
        "give the one that is not released yet a version of its own: rename it";
    EDITIONS_DIFFER: "editions-differ", "The sets of one application for two databases do not have the same versions and changes.",
        "both editions have each version, in the same change and phase";
    UNKNOWN_DIRECTIVE: "unknown-directive", "A line starts `-- migrate:` and is no directive.", "";
    MALFORMED_DIRECTIVE: "malformed-directive", "A line looks like a directive and is not one.", "";
    DUPLICATE_DIRECTIVE: "duplicate-directive", "A directive stands twice in one file.",
        "keep one of them";
    MISPLACED_DIRECTIVE: "misplaced-directive", "A directive stands where it may not.", "";
    WRONG_PHASE: "wrong-phase", "A directive does not belong to the phase of its file.", "";
    BAD_ARGUMENT: "bad-argument", "The argument of a directive is missing, unknown or malformed.", "";
    UNSYNC_WITHOUT_SYNC: "unsync-without-sync", "A contract ends a sync that its change never started.",
        "write the sides as the `sync` has them, or correct `change`";
    MIXED_PHASES: "mixed-phases", "One file has two phases.",
        "split it into one file for each phase: the contract belongs to a later deployment than the expand";
    SQL_BEFORE_SECTION: "sql-before-section", "There is SQL before the first section.",
        "put `-- migrate:up` on a line of its own before it";
    FOREIGN_SECTION: "foreign-section", "A file of another tool is divided by section lines that this tool takes for comments.",
        "put each part into a file of its own as the tool has it, or leave the layout out: the native one knows sections";
    MISSING_UP: "missing-up", "A file has no `-- migrate:up` section.",
        "put `-- migrate:up` on a line of its own before the SQL";
    EMPTY_UP: "empty-up", "The `-- migrate:up` section has no statement.", "write the SQL, or remove the file";
    MISSING_DOWN: "missing-down", "A file has neither a down section nor says that it is irreversible.",
        "add `-- migrate:down` with the SQL that takes it back, or\n-- migrate:irreversible \"why there is no way back\"\nin the header";
    EMPTY_DOWN: "empty-down", "The `-- migrate:down` section has no statement.",
        "write the SQL that takes it back, or replace the section by\n-- migrate:irreversible \"why there is no way back\"\nin the header";
    DOWN_AND_IRREVERSIBLE: "down-and-irreversible", "A file has a down section and says that it is irreversible.",
        "keep the one that is true";
    MISSING_CHANGE: "missing-change", "A migrate or contract file does not name its change.", "";
    PHASES_OUT_OF_ORDER: "phases-out-of-order", "The phases of a change do not follow each other.",
        "a change goes expand, migrate, contract: give the file a version in that order, or a change of its own";
    UNKNOWN_VERSION: "unknown-version", "A version is named that no file has.", "";
    ALLOW_WITHOUT_REASON: "allow-without-reason", "An `allow` gives no reason.",
        "say why it is safe here, in double quotes, so that the reviewer can judge it";
    VERIFY_STATEMENTS: "verify-statements", "A verify section is not exactly one query.",
        "write one query with one row and one column; use several verify sections for several queries";
    BACKFILL_STATEMENTS: "backfill-statements", "A file with a backfill is not exactly one statement.",
        "keep the one UPDATE or INSERT … SELECT that moves the data, and move the rest to a file of its own";
    RUST_WITHOUT_BACKFILL: "rust-without-backfill", "A file names Rust code, and not the table whose rows it gets.",
        "add `-- migrate:backfill table=<table> key=<unique key>` beside it";
    RUST_AND_SQL: "rust-and-sql", "A file moves its data by Rust code and by SQL at once.",
        "keep one of them: take the statements out of up, or the `rust` out of the header";
    UNBOUND_RUST: "unbound-rust", "A file names Rust code that is not bound.", "";
    UNTERMINATED: "unterminated", "A string, a quoted name or a comment does not end.", "";
    MIXED_TRANSACTION: "mixed-transaction",
        "A statement that cannot run in a transaction stands beside others.", "";
    TRANSACTION_CONTROL: "transaction-control", "A file commits or rolls back by itself.",
        "remove it: the file is one transaction already.\nWhere each statement has to be its own, write `-- migrate:transaction off` in the header";
    UNNAMED_CONCURRENT_INDEX: "unnamed-concurrent-index", "An index is built concurrently without a name.",
        "name it: CREATE INDEX CONCURRENTLY <name> ON …\nA build that fails leaves an INVALID index, which is found again by its name";
    CLIENT_COMMAND: "client-command", "A line is a command of a client program and not SQL.",
        "replace it by SQL that the server understands, such as INSERT for rows, or remove it";
    NO_SQL_FILE: "no-sql-file", "A migration of another tool is not written in SQL.",
        "write it in SQL, or keep it with its tool and start this set after it: `baseline = \"…\"`";
    BAD_LOCK_FILE: "bad-lock-file", "A line of migrations.lock cannot be read.",
        "restore the line from version control.\n`migrate lock` adds what is released now, and writes over nothing that it cannot read";
    RELEASED_FILE_EDITED: "released-file-edited", "A released file was edited.",
        "restore its text (version control has it) and put the correction into a new file.\nDatabases that ran the old text would never see the edit";
    RELEASED_FILE_RENAMED: "released-file-renamed", "A released file was renamed.", "rename it back";
    RELEASED_FILE_REMOVED: "released-file-removed", "A released file is missing.",
        "restore it (version control has it).\nWhere it was squashed or withdrawn on purpose, replace its line in migrations.lock by\n<version> tombstone \"why\"";
    WITHDRAWN_VERSION: "withdrawn-version", "A file has a version that was withdrawn.",
        "give it a version of its own: databases may have run the withdrawn one";
    SQUASHED_FILE_PRESENT: "squashed-file-present", "A file is there beside the one that stands for it.",
        "remove it; `migrate squash` writes the one, removes the others and rewrites migrations.lock";
    SQUASHED_TWICE: "squashed-twice", "Two lines say that they stand for the same migration.", "keep one of them";
    SQUASH_OUT_OF_ORDER: "squash-out-of-order", "A file does not stand right behind what it stands for.",
        "give it a version behind all that it stands for and before every other file, as `migrate squash` does";
    NOT_SQUASHABLE: "not-squashable", "A migration cannot be squashed with those before it.", "";
    SYNTAX_ERROR: "syntax-error", "A statement is not SQL of its dialect.", "";
    PARAMETER: "parameter", "A statement has a parameter, and nothing gives it a value.",
        "write the value itself; in a name or an operator, quote it";
    MISSING_OBJECT: "missing-object", "A statement names an object that the migrations before it removed or never made.", "";
    OBJECT_EXISTS: "object-exists", "A statement makes an object that an earlier migration made.", "";
    TYPE_MISMATCH: "type-mismatch", "A foreign key joins columns whose types cannot be compared.", "";
    REFUSED_STATEMENT: "refused-statement", "The server refuses a statement, whatever rows there are.", "";
    NEEDED_OBJECT: "needed-object", "A statement drops or changes what something else needs.",
        "drop what needs it first, and make that again behind it where it is to stay";
    DOWN_NOT_INVERSE: "down-not-inverse", "A down section does not bring back the schema that up changed.",
        "complete the down section, or replace it by\n-- migrate:irreversible \"why there is no way back\"\nin the header";
    CONTRACT_IN_THE_WAY: "contract-in-the-way",
        "A file cannot run where an earlier contract still waits, or an earlier contract cannot run after it.", "";
    ORDER_DEPENDENT: "order-dependent", "The schema depends on whether a contract runs before or after a later file.", "";
    UNKNOWN_RULE: "unknown-rule", "An `allow` or the configuration names a rule that does not exist.", "";
    UNUSED_ALLOW: "unused-allow", "An `allow` silences nothing.",
        "remove it, so that it does not hide a later finding";
    SYNC_NOT_NULL: "sync-not-null", "A side of a sync is NOT NULL, so that a trigger cannot tell whether it was given.", "";
    SYNC_DEFAULT: "sync-default", "A side of a sync has a default, so that a trigger cannot tell whether it was given.", "";
    SYNC_ON_UPDATE: "sync-on-update", "A side of a sync has ON UPDATE, so that a trigger cannot tell whether it was given.", "";
    LAG_NOT_READ: "lag-not-read", "A backfill has a `max-lag`, and the database does not tell the lag of its replicas.", "";
    NEARLY_A_TABLE: "nearly-a-table", "A statement names a table that no file makes, and nearly the name of one that a file makes.", "";
    BACKFILL_KEY: "backfill-key", "The key of a backfill may be NULL, so that rows would be left out.",
        "name a unique key whose columns are NOT NULL: the primary key, if there is one";
    COPY_BESIDE_SYNC: "copy-beside-sync", "A copy into a table that a sync fills as well is refused at the first row that a trigger made.", "";
    SYNC_CHAIN: "sync-chain", "A column belongs to two syncs at once.",
        "end the other one first, by `-- migrate:unsync` in the contract of its change, or leave the column out";
    BACKFILL_NOT_UNIQUE: "backfill-not-unique", "Nothing makes the key of a backfill unique.", "";
    BACKFILL_WRITES_KEY: "backfill-writes-key", "A backfill assigns a column of the key by which it visits the rows.",
        "visit the rows by a key that stays as it is, or fill a new column and let the contract put it in place of the old one";
    BACKFILL_IN_PLACE: "backfill-in-place", "A backfill computes a column from itself, so that a second time makes another value of it.",
        "fill a new column from it, or leave out the rows that are done by a condition on what the statement assigns";
    BACKFILL_UNCHECKED: "backfill-unchecked", "No comparison is possible after a backfill, and no verify section says what is right.",
        "add a verify section: one query that answers how many rows are not right";
    VERIFY_ANSWER: "verify-answer", "A verify query cannot answer what is expected of it.",
        "let it answer one number: the `count(*)` of the rows that are wrong";
    PLACEHOLDER: "placeholder", "What is printed for a person to fill in stands in a file as it was printed.",
        "write what belongs there: a database reads `…` as a name";
    OLD_DRAFT: "old-draft", "A file that is not released is much older than the newest one.", "";
    BAD_OPTION: "bad-option", "An option of the derive is missing, unknown or malformed.", "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_kebab_case() {
        for (index, code) in ALL.iter().enumerate() {
            assert!(
                code.name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte.is_ascii_digit()),
                "{}",
                code.name
            );
            assert!(!ALL[..index].contains(code), "{} stands twice", code.name);
            assert!(code.summary.ends_with('.'), "{}", code.name);
        }
    }
}
