//! Which columns the statements of a migration write, and what they drop, as far as their text tells.
//!
//! An up that is meant to change values changes those of the columns that it assigns. All others have to be what they
//! were, so what is assigned has to be known without a parser for every dialect: words are enough.

use std::collections::BTreeSet;

use migrate_core::Migration;

use crate::structure::{Table, Tables};

/// What may stand between UPDATE or INSERT and the name of the table.
const BETWEEN: [&str; 12] = [
    "only",
    "low_priority",
    "high_priority",
    "delayed",
    "ignore",
    "or",
    "replace",
    "rollback",
    "abort",
    "fail",
    "into",
    "as",
];

/// What ends the assignments of an UPDATE.
const ENDS: [&str; 8] = [
    ";",
    "where",
    "from",
    "returning",
    "order",
    "limit",
    "when",
    "select",
];

/// Functions that a migration may well SELECT, and that write no row.
const HARMLESS: [&str; 6] = [
    "setval",
    "set_config",
    "nextval",
    "count",
    "pg_notify",
    "pg_sleep",
];

/// What a migration writes. Names are in lower case, those of tables without their schema.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Writes {
    /// Table and column; without the one it is any table, without the other every column.
    columns: BTreeSet<(Option<String>, Option<String>)>,
    /// The tables that it puts rows into.
    filled: BTreeSet<String>,
    dropped_tables: BTreeSet<String>,
    /// Everything that a DROP names without saying that it is a table.
    dropped: BTreeSet<String>,
    drops_schemas: bool,
    /// Whether it calls what may write anything.
    pub(super) anything: bool,
}

impl Writes {
    pub(super) fn of(migration: &Migration) -> Self {
        let mut writes = Self {
            anything: migration.rust.is_some(),
            ..Self::default()
        };
        for (_, sql) in migration.up.iter() {
            writes.read(&words(sql));
        }
        writes
    }

    fn read(&mut self, words: &[String]) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let before = |at: usize| at.checked_sub(1).map_or("", word);
        // Whose columns ON CONFLICT and MERGE assign.
        let mut target = None;
        if word(0) == "select" {
            let calls = |at: &usize| word(at + 1) == "(" && word(*at).starts_with(char::is_alphabetic);
            let mut called = (1..words.len()).filter(calls);
            self.anything |= called.any(|at| !HARMLESS.contains(&word(at)));
        }
        for at in 0..words.len() {
            match word(at) {
                "call" | "perform" => self.anything = true,
                "execute" if !["function", "procedure", "on"].contains(&word(at + 1)) => self.anything = true,
                "insert" | "merge" => {
                    let (table, _) = name_after(words, at);
                    if word(at + 1) == "or" && word(at + 2) == "replace" {
                        self.columns.insert((table.clone(), None));
                    }
                    self.filled.extend(table.clone());
                    target = table;
                }
                "replace" if word(at + 1) == "into" => {
                    let (table, _) = name_after(words, at);
                    self.filled.extend(table.clone());
                    self.columns.insert((table.clone(), None));
                    target = table;
                }
                "update" => match before(at) {
                    // A foreign key, a lock, an event of a trigger, a right.
                    "on" | "for" | "before" | "after" | "or" | "grant" | "," | "of" => {}
                    "key" => self.assign(&target, words, at + 1),
                    "do" | "then" => self.assign(&target, words, at + 2),
                    _ => {
                        let (table, end) = name_after(words, at);
                        let set = (end..words.len()).find(|at| word(*at) == "set");
                        let Some(set) = set else { continue };
                        let several = words[end..set].iter().any(|word| word == "," || word == "join");
                        self.assign(&table.filter(|_| !several), words, set + 1);
                    }
                },
                "drop" => self.drop(words, at + 1),
                _ => {}
            }
        }
    }

    /// Reads `a = 1, t.b = 2, (c, d) = (…)`.
    fn assign(&mut self, table: &Option<String>, words: &[String], from: usize) {
        let (mut depth, mut at_target) = (0_usize, true);
        let mut last: Option<&str> = None;
        let mut targets = Vec::new();
        for (at, word) in words.iter().enumerate().skip(from) {
            match &**word {
                "(" | "case" => depth += 1,
                ")" | "end" => depth = depth.saturating_sub(1),
                // `IS DISTINCT FROM` goes on.
                "from" if words[at - 1] == "distinct" => {}
                end if depth == 0 && ENDS.contains(&end) => break,
                "," if depth == 0 => (at_target, last) = (true, None),
                "," if at_target => targets.extend(last.take()),
                "=" | ":" if at_target && depth == 0 => {
                    targets.extend(last.take());
                    at_target = false;
                }
                word if at_target => last = Some(word),
                _ => {}
            }
        }
        let column = |name: &str| (table.clone(), Some(name.to_owned()));
        self.columns.extend(targets.into_iter().map(column));
    }

    /// Reads what a DROP names.
    fn drop(&mut self, words: &[String], from: usize) {
        let is_table = words.get(from).is_some_and(|word| word == "table");
        self.drops_schemas |= words.get(from).is_some_and(|word| word == "schema");
        let skipped = ["table", "column", "if", "exists"];
        let named = words[from..]
            .iter()
            .skip_while(|word| skipped.contains(&word.as_str()));
        let list = named.take_while(|word| {
            let ends = [";", "(", ")", "cascade", "restrict", "add", "alter", "drop"];
            !ends.contains(&word.as_str())
        });
        for name in list {
            if is_table {
                self.dropped_tables.insert(name.clone());
            } else if name == "," {
                // Behind it another action of the ALTER TABLE begins.
                return;
            } else {
                self.dropped.insert(name.clone());
            }
        }
    }

    /// Whether it may write that column: says so, or has the database do it.
    pub(super) fn writes(&self, tables: &Tables, name: &str, column: &str) -> bool {
        let assigned = |table: &str, column: &str| {
            let (table, column) = (last(table), column.to_lowercase());
            self.columns.iter().any(|(of, which)| {
                of.as_ref().is_none_or(|of| *of == table)
                    && which.as_ref().is_none_or(|which| *which == column)
            })
        };
        if assigned(name, column) {
            return true;
        }
        let Some(table) = tables.get(name) else {
            return false;
        };
        // An expression, and what the server sets to the time of each UPDATE.
        let follows = table
            .column(column)
            .is_some_and(|column| column.given || column.type_name.to_lowercase().starts_with("timestamp"));
        if follows && table.columns.iter().any(|other| assigned(name, &other.name)) {
            return true;
        }
        // A cascade.
        table.references.iter().any(|reference| {
            let mut pairs = reference.columns.iter().zip(&reference.foreign);
            pairs.any(|(own, foreign)| own == column && assigned(&reference.table, foreign))
        })
    }

    /// Whether it means to change values that are there.
    pub(super) fn assigns(&self) -> bool {
        !self.columns.is_empty() || self.anything
    }

    /// Whether it writes rows, so that triggers may do so too.
    pub(super) fn any(&self) -> bool {
        !self.columns.is_empty() || !self.filled.is_empty()
    }

    /// Whether it says that the table goes, or the column.
    pub(super) fn drops(&self, table: &str, column: Option<&str>) -> bool {
        match column {
            None => self.drops_schemas || self.dropped_tables.contains(&last(table)),
            Some(column) => self.dropped.contains(&column.to_lowercase()),
        }
    }
}

/// Whether a column holds something that cannot be had again. An expression does not; the numbers of a key do.
pub(super) fn is_data(table: &Table, column: &str) -> bool {
    let given = table.column(column).is_some_and(|column| column.given);
    !given || table.unique.iter().flatten().any(|name| name == column)
}

fn last(table: &str) -> String {
    let last = table.rsplit('.').next().unwrap_or(table);
    last.trim_matches(['"', '`', '[', ']']).to_lowercase()
}

/// The last part of the name that follows, and where it ends.
fn name_after(words: &[String], at: usize) -> (Option<String>, usize) {
    let mut next = at + 1;
    while words
        .get(next)
        .is_some_and(|word| BETWEEN.contains(&word.as_str()))
    {
        next += 1;
    }
    while words.get(next + 1).is_some_and(|word| word == ".") {
        next += 2;
    }
    (words.get(next).cloned(), next + 1)
}

/// The words and signs of a text in lower case, without comments, strings and the quotes of names. What stands between
/// dollars is read like the rest: the body of a block.
fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(c) = rest.chars().next() {
        let until = |text: &str, end: &str| text.find(end).map_or(text.len(), |at| at + end.len());
        let length = match c {
            '-' if rest.starts_with("--") => until(rest, "\n"),
            '/' if rest.starts_with("/*") => until(rest, "*/"),
            '\'' => 1 + until(&rest[1..], "'"),
            '"' | '`' => {
                let end = 1 + until(&rest[1..], c.encode_utf8(&mut [0; 4]));
                words.push(rest[1..end].trim_end_matches(c).to_lowercase());
                end
            }
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let end = end.unwrap_or(rest.len());
                words.push(rest[..end].to_lowercase());
                end
            }
            c if c.is_whitespace() => c.len_utf8(),
            c => {
                words.push(c.to_string());
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str) -> Writes {
        let mut writes = Writes::default();
        writes.read(&words(sql));
        writes
    }

    fn check(sql: &str, expected: &[&str]) {
        let found = read(sql).columns.into_iter().map(|(table, column)| {
            let any = |name: Option<String>| name.unwrap_or_else(|| "*".to_owned());
            format!("{}.{}", any(table), any(column))
        });
        assert_eq!(found.collect::<Vec<_>>(), expected, "{sql}");
    }

    #[test]
    fn assigned_columns_are_known() {
        check(
            "UPDATE public.\"Users\" AS u SET name = nick, Age = 1 WHERE id = 2",
            &["users.age", "users.name"],
        );
        check(
            "UPDATE users SET a = CASE WHEN b IS DISTINCT FROM c THEN 'x, y = z' ELSE 'it''s' END, d = (SELECT e FROM f WHERE g = h), i = 1",
            &["users.a", "users.d", "users.i"],
        );
        check(
            "UPDATE users SET (a, b) = (1, 2) FROM teams WHERE c = 3",
            &["users.a", "users.b"],
        );
        check(
            "UPDATE a JOIN b ON a.id = b.id SET a.x = b.y, b.z = 1",
            &["*.x", "*.z"],
        );
        check("UPDATE OR IGNORE users SET a = 1", &["users.a"]);
        check(
            "INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.b",
            &["users.a"],
        );
        check(
            "INSERT INTO users VALUES (1) ON DUPLICATE KEY UPDATE a = 2, b = 3",
            &["users.a", "users.b"],
        );
        check("INSERT OR REPLACE INTO users VALUES (1)", &["users.*"]);
        check("REPLACE INTO `users` VALUES (1)", &["users.*"]);
        check(
            "MERGE INTO users u USING other o ON u.id = o.id WHEN MATCHED THEN UPDATE SET a = o.b WHEN NOT MATCHED THEN INSERT VALUES (1)",
            &["users.a"],
        );
        check(
            "DO $$ BEGIN UPDATE users SET a = 1; UPDATE teams SET b = 2 WHERE c; END $$",
            &["teams.b", "users.a"],
        );
        check(
            "WITH x AS (UPDATE users SET a = 1 RETURNING id) SELECT 1",
            &["users.a"],
        );
        check(
            "ALTER TABLE posts ADD FOREIGN KEY (a) REFERENCES users ON UPDATE CASCADE",
            &[],
        );
        check(
            "CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()",
            &[],
        );
        check(
            "-- UPDATE users SET a = 1\n/* UPDATE users SET a = 1 */ INSERT INTO x SELECT 'UPDATE users SET a = 1'",
            &[],
        );
    }

    #[test]
    fn what_may_write_anything() {
        let anything = |sql: &str| read(sql).anything;
        assert!(
            anything("SELECT repair()")
                && anything("CALL repair()")
                && anything("DO $$ BEGIN PERFORM x(); END $$")
        );
        assert!(anything("DO $$ BEGIN EXECUTE 'UPDATE users SET a = 1'; END $$"));
        assert!(!anything("SELECT setval('s', 1)") && !anything("GRANT EXECUTE ON FUNCTION f TO app"));
        assert!(!anything(
            "CREATE TRIGGER t BEFORE INSERT ON users FOR EACH ROW EXECUTE PROCEDURE f()"
        ));
    }

    #[test]
    fn drops_are_known() {
        let writes = read("DROP TABLE IF EXISTS public.users, \"Teams\" CASCADE");
        assert!(writes.drops("public.users", None) && writes.drops("public.\"Teams\"", None));
        assert!(!writes.drops("public.other", None));
        let writes = read("ALTER TABLE users DROP COLUMN IF EXISTS nick, DROP age, ADD COLUMN b int");
        assert!(writes.drops("users", Some("nick")) && writes.drops("users", Some("age")));
        assert!(!writes.drops("users", Some("b")) && !writes.drops("users", None));
    }
}
