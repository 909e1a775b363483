//! What keeps triggers from pairing the rows of two tables: found in facts of both before anything is installed.

use super::{Row, Side, TablePair, Way};
use crate::model::Dialect;
use crate::model::directives::SyncRows;
use crate::sync::PREFIX;
use crate::sync::refusal::{Check, Column, Refusal, TableFacts};

/// What a driver reads of a table beside [`TableFacts`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyFacts {
    /// The columns of each unique index that holds for every row at once.
    pub(crate) unique: Vec<Vec<String>>,
    /// The foreign keys to the other table of the pair.
    pub(crate) references: Vec<Reference>,
    /// Foreign keys to other tables that delete rows and fire no triggers.
    pub(crate) deleting: Vec<String>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    /// What a DELETE of the row that is referred to does: `CASCADE`.
    pub(crate) on_delete: String,
}

/// Why two tables do not allow the triggers of a pair; empty where they do. The facts of the old table come first.
pub(crate) fn table_refusals(pair: &TablePair, facts: [(&TableFacts, &KeyFacts); 2]) -> Vec<Refusal> {
    let sides = [&pair.old, &pair.new];
    let mut found = Vec::new();
    for (side, (table, _)) in sides.into_iter().zip(facts) {
        found.extend(check(side, table).table());
    }
    if !found.is_empty() {
        return found;
    }
    for (side, (table, _)) in sides.into_iter().zip(facts) {
        found.extend(check(side, table).present(&side.keys));
        found.extend(check(side, table).present(&side.columns));
    }
    if !found.is_empty() {
        return found;
    }
    for (index, side) in sides.into_iter().enumerate() {
        let (table, keys) = facts[index];
        let own = Own {
            pair,
            side,
            table,
            keys,
            other: sides[1 - index],
        };
        found.extend(check(side, table).unseen(&[&side.keys[..], &side.columns].concat()));
        found.extend(own.keys());
        found.extend(own.chains());
        found.extend(own.references());
    }
    for way in pair.ways() {
        let of = |side: &Side| facts[usize::from(*side == pair.new)];
        let to = Own {
            pair,
            side: way.to,
            table: of(way.to).0,
            keys: of(way.to).1,
            other: way.from,
        };
        found.extend(to.written(way, of(way.from).0));
        if way.row != Row::Part {
            found.extend(to.made(way));
        }
    }
    found
}

fn check<'a>(side: &'a Side, facts: &'a TableFacts) -> Check<'a> {
    Check {
        dialect: side.dialect,
        facts,
        table: side.quoted_table(),
    }
}

/// One of the two tables.
struct Own<'a> {
    pair: &'a TablePair,
    side: &'a Side,
    table: &'a TableFacts,
    keys: &'a KeyFacts,
    other: &'a Side,
}

impl Own<'_> {
    fn check(&self) -> Check<'_> {
        check(self.side, self.table)
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.table
            .columns
            .iter()
            .find(|column| self.same(&column.name, name))
    }

    fn same(&self, one: &str, other: &str) -> bool {
        super::same_column(one, other, self.pair.dialect)
    }

    fn is_key(&self, name: &str) -> bool {
        self.side.keys.iter().any(|key| self.same(key, name))
    }

    fn are_keys(&self, columns: &[String]) -> bool {
        columns.len() == self.side.keys.len() && columns.iter().all(|column| self.is_key(column))
    }

    /// One row has one counterpart, and each has one that it can be found by.
    fn keys(&self) -> Vec<Refusal> {
        let table = self.side.quoted_table();
        let mut found = Vec::new();
        let shown = self
            .side
            .keys
            .iter()
            .map(|key| self.side.quoted(key))
            .collect::<Vec<_>>()
            .join(", ");
        if !self.keys.unique.iter().any(|columns| self.are_keys(columns)) {
            found.push(Refusal {
                code: "sync-key",
                message: format!(
                    "no unique index of {table} is over ({shown}): a row may have several counterparts"
                ),
                mend: format!(
                    "CREATE UNIQUE INDEX {} ON {table} ({shown})",
                    self.side
                        .quoted(&format!("{}_{}", self.side.table, self.side.keys.join("_")))
                ),
            });
        }
        for key in &self.side.keys {
            let Some(column) = self.column(key) else { continue };
            // The row id of SQLite is declared nullable and never NULL.
            if column.nullable && !column.numbered {
                found.push(Refusal {
                    code: "sync-key",
                    message: format!(
                        "{} of {table} may be NULL, and such a row has no counterpart",
                        self.side.quoted(key)
                    ),
                    mend: self.check().set_not_null(column),
                });
            }
        }
        found
    }

    /// Rows that one sync makes lack what another one keeps equal, which would clear it at the other end.
    fn chains(&self) -> Vec<Refusal> {
        let made = self.pair.made().contains(&self.side);
        let others = self.table.triggers.iter();
        let others = others
            .filter(|trigger| trigger.name.starts_with(PREFIX) && !trigger.name.starts_with(&self.pair.name));
        let mut found: Vec<Refusal> = Vec::new();
        for trigger in others {
            let sides = self.side.columns.iter().map(|column| self.side.quoted(column));
            let shared = sides
                .into_iter()
                .find(|column| trigger.sql.contains(&format!("NEW.{column}")));
            let (name, table) = (self.side.quoted(&trigger.name), self.side.quoted_table());
            let message = match shared {
                Some(column) => {
                    format!("{column} is kept equal by the trigger {name} of another sync already")
                }
                // Only those of two tables look at what is deleted.
                None if made && trigger.name.ends_with("_delete") => {
                    format!("rows of {table} belong to another sync already, by the trigger {name}")
                }
                None => continue,
            };
            found.push(Refusal {
                code: "sync-chain",
                message,
                mend: "bring that change to its contract first, or name all columns in one `sync`".to_owned(),
            });
            break;
        }
        found
    }

    /// A foreign key tells which rows are parts of which, and what happens to them.
    fn references(&self) -> Vec<Refusal> {
        let (table, other) = (self.side.quoted_table(), self.other.quoted_table());
        let is_whole = match self.pair.rows {
            SyncRows::New => *self.side == self.pair.old,
            SyncRows::Old => *self.side == self.pair.new,
            SyncRows::Both => false,
        };
        let mut found: Vec<Refusal> = Vec::new();
        for name in &self.keys.deleting {
            let name = self.side.quoted(name);
            found.push(Refusal {
                code: "sync-cascade",
                message: format!(
                    "the foreign key {name} deletes rows of {table} by itself, which fires no triggers here"
                ),
                mend: format!("ALTER TABLE {table} DROP FOREIGN KEY {name}, and add it without CASCADE"),
            });
        }
        for key in self
            .keys
            .references
            .iter()
            .filter(|key| self.are_keys(&key.columns))
        {
            let name = self.side.quoted(&key.name);
            if is_whole {
                found.push(Refusal {
                    code: "sync-rows",
                    message: format!(
                        "rows of {table} belong to rows of {other} by the foreign key {name}, and would come and go the other way round"
                    ),
                    mend: format!("say whose rows come and go: rows ({})", self.side.table),
                });
            } else if !key.on_delete.eq_ignore_ascii_case("CASCADE") {
                found.push(Refusal {
                    code: "sync-foreign-key",
                    message: format!(
                        "the foreign key {name} is checked before a trigger fires: whoever deletes from {other} and does not know {table} would fail"
                    ),
                    mend: format!("give the foreign key of {table} to {other} ON DELETE CASCADE"),
                });
            }
        }
        found
    }

    /// What triggers write to this table has to fit.
    fn written(&self, way: Way<'_>, from: &TableFacts) -> Vec<Refusal> {
        let mut found = Vec::new();
        let source = |name: &str| from.columns.iter().find(|column| self.same(&column.name, name));
        for (index, name) in self.side.columns.iter().enumerate() {
            let Some(column) = self.column(name) else { continue };
            let quoted = self.side.quoted(name);
            let copied = match way.there {
                None => way.from.columns.get(index).and_then(|name| source(name)),
                Some(_) => None,
            };
            let given = way.row != Row::Part && copied.is_some_and(|column| !column.nullable);
            if !column.nullable && !given {
                found.push(Refusal {
                    code: "sync-not-null",
                    message: format!(
                        "{quoted} of {} is NOT NULL, and the other side may have nothing for it",
                        self.check().table
                    ),
                    mend: self.check().drop_not_null(column),
                });
            }
            if let Some(default) = column
                .default
                .as_deref()
                .filter(|_| way.row == Row::Part && self.pair.both_ways)
            {
                found.push(Refusal {
                    code: "sync-default",
                    message: format!("{quoted} of {} has the default {default}: a trigger cannot tell whether it was given", self.check().table),
                    mend: self.check().drop_default(column),
                });
            }
            if let Some(other) = copied.filter(|other| !other.kind.eq_ignore_ascii_case(&column.kind)) {
                found.push(Refusal {
                    code: "sync-types",
                    message: format!(
                        "{} is {} and {quoted} is {}: a copy may not fit",
                        self.side.quoted(&other.name),
                        other.kind,
                        column.kind
                    ),
                    mend: "give them one type, or say how one becomes the other: using (…)".to_owned(),
                });
            }
        }
        found
    }

    /// A row made by a trigger has the key and the side, and nothing else.
    fn made(&self, way: Way<'_>) -> Vec<Refusal> {
        let table = self.side.quoted_table();
        let mut found = Vec::new();
        for column in &self.table.columns {
            let quoted = self.side.quoted(&column.name);
            let of_side = self.side.columns.iter().any(|name| self.same(name, &column.name));
            let numbered = column.numbered
                || column
                    .default
                    .as_deref()
                    .is_some_and(|text| text.contains("nextval("));
            if self.is_key(&column.name) {
                // Row ids of SQLite go on from the greatest one that is there.
                if numbered && self.pair.dialect != Dialect::Sqlite {
                    found.push(Refusal {
                        code: "sync-numbered",
                        message: format!("{quoted} of {table} is numbered by the server, which does not see the numbers that triggers bring"),
                        mend: "take the numbers of one table only: make the column of the other one a plain one".to_owned(),
                    });
                }
            } else if !of_side
                && !column.nullable
                && column.default.is_none()
                && !column.generated
                && !numbered
            {
                found.push(Refusal {
                    code: "sync-rows",
                    message: format!(
                        "a trigger cannot make rows of {table}: {quoted} is NOT NULL and has no default"
                    ),
                    mend: format!(
                        "{}\nor, where rows of {} are parts of rows of {table}: rows ({})",
                        self.check().drop_not_null(column),
                        way.from.quoted_table(),
                        way.from.table
                    ),
                });
            }
        }
        if matches!(self.pair.dialect, Dialect::Mysql | Dialect::MariaDb) {
            let of_side = |name: &String| self.side.columns.iter().any(|column| self.same(column, name));
            let unique = self
                .keys
                .unique
                .iter()
                .find(|columns| columns.iter().any(of_side));
            if let Some(columns) = unique {
                found.push(Refusal {
                    code: "sync-unique",
                    message: format!(
                        "({}) of {table} is unique: where the value is there already, an upsert takes over the row of another key",
                        columns.join(", ")
                    ),
                    mend: "make the index an ordinary one until the contract".to_owned(),
                });
            }
        }
        found
    }
}
