//! What triggers cannot see, or cannot do: found in facts of the table before anything is installed.

use super::pair::Pair;
use super::{PREFIX, drop_default, drop_not_null};
use crate::model::Dialect;
use crate::script::words::Words;

/// What stands under the name of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TableKind {
    Missing,
    Table,
    Partitioned,
    /// A partition of the table of that name.
    Partition(String),
    /// A table that inherits from another one, or another one from it.
    Inherited,
    /// No table that keeps its rows itself: a view, a foreign table, a virtual one.
    Other(&'static str),
    Temporary,
    /// An SQLite table without row ids.
    WithoutRowid,
}

/// A column of a side, or any other one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// The type as the catalog shows it.
    pub(crate) kind: String,
    pub(crate) nullable: bool,
    pub(crate) default: Option<String>,
    pub(crate) generated: bool,
    /// The server numbers the rows by it, behind BEFORE triggers.
    pub(crate) numbered: bool,
    /// It decides in which partition a row is.
    pub(crate) partitions: bool,
    /// The server gives it a value in an UPDATE that does not, before BEFORE triggers see the row: `ON UPDATE`.
    pub(crate) on_update: bool,
    /// What a MODIFY of MySQL and MariaDB has to say again behind the type: COLLATE and COMMENT.
    pub(crate) again: String,
}

impl Column {
    /// The type and what stays of the column when it is defined again.
    fn definition(&self) -> String {
        format!("{}{}", self.kind, self.again)
    }
}

/// A trigger that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trigger {
    pub(crate) name: String,
    /// Its SQL, or the body of its function.
    pub(crate) sql: String,
}

/// What a driver reads of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableFacts {
    pub(crate) kind: TableKind,
    pub(crate) columns: Vec<Column>,
    pub(crate) triggers: Vec<Trigger>,
    /// The subscription that writes to the table.
    pub(crate) subscribed: bool,
    /// Columns that a foreign key changes without firing triggers, and the name of that key.
    pub(crate) cascades: Vec<(String, String)>,
    /// The major version of the server.
    pub(crate) major: u32,
}

/// A reason why triggers would not keep a pair equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The statement that mends it, or what to do.
    pub(crate) mend: String,
}

/// Why the table does not allow the triggers of a pair; empty where it does.
pub(crate) fn refusals(pair: &Pair, facts: &TableFacts) -> Vec<Refusal> {
    let check = Check {
        dialect: pair.dialect,
        facts,
        table: pair.quoted_table(),
    };
    let mut found = check.table();
    if !found.is_empty() {
        return found;
    }
    let sides = [&pair.old[..], &pair.new].concat();
    let check = Row { pair, check };
    found.extend(check.columns());
    found.extend(check.types());
    found.extend(check.triggers());
    found.extend(check.check.unseen(&sides));
    found
}

/// What holds for a table, whatever is kept equal in it.
pub(super) struct Check<'a> {
    pub(super) dialect: Dialect,
    pub(super) facts: &'a TableFacts,
    /// The table as it is written in SQL.
    pub(super) table: String,
}

/// Two sides of its rows.
struct Row<'a> {
    pair: &'a Pair,
    check: Check<'a>,
}

impl Check<'_> {
    fn column(&self, name: &str) -> Option<&Column> {
        let fits = |column: &&Column| match self.dialect {
            Dialect::Postgres => column.name == name,
            _ => column.name.eq_ignore_ascii_case(name),
        };
        self.facts.columns.iter().find(fits)
    }

    fn quoted(&self, name: &str) -> String {
        super::pair::quoted(name, self.dialect)
    }

    pub(super) fn table(&self) -> Vec<Refusal> {
        let table = &self.table;
        let refusal = |code, message: String, mend: &str| {
            vec![Refusal {
                code,
                message,
                mend: mend.to_owned(),
            }]
        };
        match &self.facts.kind {
            TableKind::Table => Vec::new(),
            TableKind::Missing => refusal(
                "sync-no-table",
                format!("there is no table {table}"),
                "create it in this file or an earlier one, or correct the name in `sync`",
            ),
            TableKind::Partitioned if self.facts.major >= 13 => Vec::new(),
            TableKind::Partitioned => refusal(
                "sync-partitioned",
                format!(
                    "{table} is partitioned, and before PostgreSQL 13 such tables have no BEFORE ROW triggers"
                ),
                "upgrade the server, or write both sides in the application",
            ),
            TableKind::Partition(parent) => refusal(
                "sync-partition",
                format!("{table} is a partition: rows of the other partitions would not be kept equal"),
                &format!("name the partitioned table, {parent}, in `sync`"),
            ),
            TableKind::Inherited => refusal(
                "sync-inherited",
                format!("{table} inherits or is inherited from, and triggers see the rows of one table only"),
                &format!("ALTER TABLE {table} NO INHERIT …, or write both sides in the application"),
            ),
            TableKind::Other(what) => refusal(
                "sync-not-a-table",
                format!("{table} is {what}, on which there are no such triggers"),
                "name the table that holds the rows",
            ),
            TableKind::Temporary => refusal(
                "sync-temporary",
                format!("{table} is a temporary table of this session"),
                "name the table that holds the rows, with its schema",
            ),
            TableKind::WithoutRowid => refusal(
                "sync-without-rowid",
                format!(
                    "{table} is WITHOUT ROWID, or has a column named `_rowid_`: a trigger finds no row again"
                ),
                "rebuild the table with row ids, or write both sides in the application",
            ),
        }
    }

    /// Columns that are missing, or that no trigger can write or move.
    pub(super) fn present(&self, columns: &[String]) -> Vec<Refusal> {
        let mut found = Vec::new();
        for name in columns {
            let Some(column) = self.column(name) else {
                found.push(Refusal {
                    code: "sync-no-column",
                    message: format!("{} has no column {}", self.table, self.quoted(name)),
                    mend: "add it in this file or an earlier one, or correct the name in `sync`".to_owned(),
                });
                continue;
            };
            let quoted = self.quoted(&column.name);
            if column.generated {
                found.push(Refusal {
                    code: "sync-generated",
                    message: format!("{quoted} is a generated column: it cannot be written, and BEFORE triggers do not see it"),
                    mend: format!(
                        "sync the columns it is computed from, or make it a plain one: {}",
                        self.drop_expression(column)
                    ),
                });
                continue;
            }
            if column.partitions {
                found.push(Refusal {
                    code: "sync-partition-key",
                    message: format!(
                        "{quoted} decides in which partition a row is, and a trigger cannot move rows"
                    ),
                    mend: "write both sides in the application".to_owned(),
                });
            }
        }
        found
    }

    fn drop_expression(&self, column: &Column) -> String {
        let (table, name) = (&self.table, self.quoted(&column.name));
        match self.dialect {
            Dialect::Postgres => format!("ALTER TABLE {table} ALTER COLUMN {name} DROP EXPRESSION"),
            Dialect::Sqlite => format!("rebuild {table} without the expression"),
            Dialect::Mysql | Dialect::MariaDb => {
                format!(
                    "ALTER TABLE {table} MODIFY {name} {} NULL (a STORED one only)",
                    column.definition()
                )
            }
        }
    }

    pub(super) fn drop_not_null(&self, column: &Column) -> String {
        drop_not_null(
            self.dialect,
            &self.table,
            &self.quoted(&column.name),
            &column.definition(),
        )
    }

    pub(super) fn drop_default(&self, column: &Column) -> String {
        drop_default(
            self.dialect,
            &self.table,
            &self.quoted(&column.name),
            &column.definition(),
        )
    }

    pub(super) fn set_not_null(&self, column: &Column) -> String {
        let (table, name) = (&self.table, self.quoted(&column.name));
        match self.dialect {
            Dialect::Postgres => format!("ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL"),
            Dialect::Sqlite => format!("rebuild {table} with {name} NOT NULL"),
            Dialect::Mysql | Dialect::MariaDb => {
                format!(
                    "ALTER TABLE {table} MODIFY {name} {} NOT NULL",
                    column.definition()
                )
            }
        }
    }

    pub(super) fn unseen(&self, columns: &[String]) -> Vec<Refusal> {
        let mut found = Vec::new();
        if self.facts.subscribed {
            found.push(Refusal {
                code: "sync-subscription",
                message: format!(
                    "{} is written by logical replication, which fires no triggers",
                    self.table
                ),
                mend: "run the migration where the rows are written first: at the publisher".to_owned(),
            });
        }
        for (column, key) in &self.facts.cascades {
            let of_side = |name: &&String| name.eq_ignore_ascii_case(column);
            if columns.iter().any(|name| of_side(&name)) {
                found.push(Refusal {
                    code: "sync-cascade",
                    message: format!(
                        "the foreign key {} changes {} by itself, which fires no triggers here",
                        self.quoted(key),
                        self.quoted(column)
                    ),
                    mend: format!(
                        "ALTER TABLE {} DROP FOREIGN KEY {}, and add it without CASCADE and SET NULL",
                        self.table,
                        self.quoted(key)
                    ),
                });
            }
        }
        found
    }
}

impl Row<'_> {
    /// Whether the side is filled in where it is not given, and so has to show whether it was.
    fn told_apart(&self) -> Vec<&String> {
        let new = self.pair.new.iter();
        match self.pair.both_ways {
            true => self.pair.old.iter().chain(new).collect(),
            false => new.collect(),
        }
    }

    fn columns(&self) -> Vec<Refusal> {
        let mut found = Vec::new();
        for name in self.pair.old.iter().chain(&self.pair.new) {
            let refused = self.check.present(core::slice::from_ref(name));
            let unwritable = refused.iter().any(|refusal| refusal.code != "sync-partition-key");
            found.extend(refused);
            let Some(column) = self.check.column(name).filter(|_| !unwritable) else {
                continue;
            };
            let quoted = self.pair.quoted(&column.name);
            let told = self.told_apart().contains(&name);
            if column.numbered && (told || self.pair.dialect != Dialect::Postgres) {
                found.push(Refusal {
                    code: "sync-numbered",
                    message: format!(
                        "{quoted} is numbered by the server: a trigger cannot tell whether it was given"
                    ),
                    mend: "write both sides in the application, or sync a column that it writes".to_owned(),
                });
                continue;
            }
            if told && !column.nullable {
                found.push(Refusal {
                    code: "sync-not-null",
                    message: format!(
                        "{quoted} is NOT NULL: a trigger cannot tell whether it was given{}",
                        match self.pair.dialect {
                            Dialect::Sqlite => ", and AFTER triggers fire once that was checked",
                            _ => "",
                        }
                    ),
                    mend: self.check.drop_not_null(column),
                });
            }
            if column.on_update && told {
                found.push(Refusal {
                    code: "sync-on-update",
                    message: format!(
                        "{quoted} has ON UPDATE: it changes in every UPDATE, and a trigger cannot tell whether it was given"
                    ),
                    // Without the clause the definition has none.
                    mend: format!("{} (ON UPDATE comes back behind the contract)", self.check.drop_not_null(column)),
                });
            }
            if let Some(default) = column.default.as_deref().filter(|_| told) {
                found.push(Refusal {
                    code: "sync-default",
                    message: format!(
                        "{quoted} has the default {default}: a trigger cannot tell whether it was given"
                    ),
                    mend: self.check.drop_default(column),
                });
            }
        }
        found
    }

    /// A copy between two types changes values, or is refused by the server in the middle of somebody's write.
    fn types(&self) -> Vec<Refusal> {
        if self.pair.forward.is_some() {
            return Vec::new();
        }
        let sides = self.pair.old.iter().zip(&self.pair.new);
        let mismatch = |(old, new): (&String, &String)| {
            let (old, new) = (self.check.column(old)?, self.check.column(new)?);
            if old.kind.eq_ignore_ascii_case(&new.kind) {
                return None;
            }
            let (from, to) = (self.pair.quoted(&old.name), self.pair.quoted(&new.name));
            let back = if self.pair.both_ways {
                format!(" <- using ({to})")
            } else {
                String::new()
            };
            Some(Refusal {
                code: "sync-types",
                message: format!(
                    "{from} is {} and {to} is {}: a copy may not fit",
                    old.kind, new.kind
                ),
                mend: format!("give them one type, or say how one becomes the other: using ({from}){back}"),
            })
        };
        sides.filter_map(mismatch).collect()
    }

    fn triggers(&self) -> Vec<Refusal> {
        let ours = |trigger: &&Trigger| trigger.name.starts_with(&self.pair.name);
        let others = self.check.facts.triggers.iter().filter(|trigger| !ours(trigger));
        others.filter_map(|trigger| self.trigger(trigger)).collect()
    }

    fn trigger(&self, trigger: &Trigger) -> Option<Refusal> {
        let name = self.pair.quoted(&trigger.name);
        if trigger.name.starts_with(PREFIX) {
            let of_ours = self.pair.old.iter().chain(&self.pair.new);
            let shared = of_ours
                .map(|column| self.pair.quoted(column))
                .find(|column| trigger.sql.contains(&format!("NEW.{column}")))?;
            return Some(Refusal {
                code: "sync-chain",
                message: format!(
                    "{shared} is kept equal by the trigger {name} of another change already: a write would stop half-way"
                ),
                mend: "bring that change to its contract first, or leave the column out".to_owned(),
            });
        }
        match self.pair.dialect {
            // They fire in the order of their names.
            Dialect::Postgres if *trigger.name > *self.pair.name => Some(Refusal {
                code: "sync-trigger-order",
                message: format!("the trigger {name} fires after ours, which would not see what it changes"),
                mend: format!(
                    "ALTER TRIGGER {name} ON {} RENAME TO \"a_{}\"",
                    self.check.table, trigger.name
                ),
            }),
            // One that writes to the same columns from within ours does not fire ours again.
            Dialect::Sqlite if self.writes_sides(&trigger.sql) => Some(Refusal {
                code: "sync-trigger-order",
                message: format!("the trigger {name} writes to columns of the sync, which ours may not see"),
                mend: format!("DROP TRIGGER {name}, and write these columns in the application meanwhile"),
            }),
            _ => None,
        }
    }

    /// Whether the body of a trigger updates this table and speaks of a column of the sync.
    fn writes_sides(&self, sql: &str) -> bool {
        let (mut in_body, mut writes, mut speaks) = (false, false, false);
        let mut before = String::new();
        let plain = |text: &str| text.trim_matches(['"', '`', '[', ']']).to_lowercase();
        for word in Words::new(sql, self.pair.dialect) {
            let text = plain(word.text);
            in_body |= text == "begin";
            if in_body {
                let is_table = text == self.pair.table.to_lowercase();
                writes |= is_table
                    && matches!(
                        &*before,
                        "update" | "into" | "ignore" | "replace" | "abort" | "fail" | "rollback"
                    );
                let mut sides = self.pair.old.iter().chain(&self.pair.new);
                speaks |= sides.any(|column| column.to_lowercase() == text);
            }
            before = text;
        }
        writes && speaks
    }
}
