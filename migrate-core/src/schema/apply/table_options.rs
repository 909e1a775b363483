//! The options of tables in MySQL and MariaDB, and what they rule out.

use super::super::{Column, ConstraintModel, Fault, FaultKind, Key, Schema, TableConstraint};
use super::needed::needed;
use super::over_values::computes_from;
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{Action, ColumnDef, ConstraintKind, Expr, Generated, HIDDEN, Span, TableOption, Word};

impl Schema {
    pub(super) fn table_option(&mut self, key: &Key, option: &TableOption) {
        match option {
            TableOption::Convert(charset, collation) => self.change_table_at(key, |table| {
                table.charset = Some(charset.clone());
                table.collation.clone_from(collation);
                for column in &mut table.columns {
                    column.attributes.charset = None;
                    column.collation = None;
                }
            }),
            TableOption::Charset(charset) => self.change_table_at(key, |table| {
                // Columns keep the set that they had.
                let before = table.charset.take();
                // That of the database is not known here.
                table.charset = Some(charset.clone()).filter(|set| set != "default");
                let collation = table.collation.take();
                for column in &mut table.columns {
                    if column.attributes.charset.is_none() && column.collation.is_none() {
                        column.collation.clone_from(&collation);
                    }
                    if column.attributes.charset.is_none() {
                        column.attributes.charset.clone_from(&before);
                    }
                }
            }),
            TableOption::Copy("system versioning") => {
                self.change_table_at(key, |table| table.versioned = true);
            }
            TableOption::Copy("DROP SYSTEM VERSIONING") => {
                self.change_table_at(key, |table| table.versioned = false);
            }
            // It may say how rows are stored.
            TableOption::Rebuild => self.change_table_at(key, |table| {
                table.short_keys = false;
                table.redundant = false;
            }),
            TableOption::Visible(name, shows) => self.change_table_at(key, |table| {
                for index in table.indexes.iter_mut().filter(|index| index.name == name.text) {
                    index.manner = if *shows { "" } else { HIDDEN }.to_owned();
                }
            }),
            TableOption::Engine(engine) => {
                self.change_table_at(key, |table| table.engine = Some(engine.clone()));
            }
            TableOption::Copy("REMOVE PARTITIONING") => self.change_table_at(key, |table| {
                table.partitioned = None;
                table.partitioning = None;
            }),
            _ => {}
        }
    }

    /// Reports a column that one statement changes after it has defined it anew, which the servers look for in vain, and a
    /// primary key that there is not.
    pub(super) fn expect_untouched(&self, key: &Key, actions: &[Action], faults: &mut Vec<Fault>) {
        let Some(table) = self.certain_table(key).filter(|table| table.complete) else {
            return;
        };
        let mut redefined: Vec<&str> = Vec::new();
        let mut changed: Vec<&str> = Vec::new();
        for action in actions {
            let column = match action {
                Action::Redefine { column, .. } => column,
                Action::DropColumn { column, .. } => column,
                Action::RenameColumn(column, _, _) => column,
                Action::AlterColumn { column, .. } => column,
                Action::DropPrimaryKey(span) => {
                    let is_key = |one: &TableConstraint| matches!(one.kind, ConstraintModel::PrimaryKey(_));
                    if !table.copied && !table.constraints.iter().any(is_key) {
                        let message = format!("the table `{key}` has no primary key");
                        faults.push(missing(*span, message));
                    }
                    continue;
                }
                _ => continue,
            };
            let again = matches!(action, Action::Redefine { .. }) && changed.contains(&&*column.text);
            if matches!(action, Action::AlterColumn { .. }) {
                changed.push(&column.text);
            }
            if table.column(&column.text).is_none() && self.comes(actions, action, column) {
                let message =
                    format!("the column `{column}` of `{key}` is not there before this ALTER TABLE");
                faults.push(missing(column.span, message));
            } else if again || redefined.contains(&&*column.text) {
                let message =
                    format!("the column `{column}` of `{key}` is defined anew before in this ALTER TABLE");
                faults.push(missing(column.span, message));
            } else if matches!(action, Action::Redefine { .. }) {
                redefined.push(&column.text);
            }
        }
    }

    /// Whether a column that an action looks for has its name from another one of them. MariaDB defines one anew that it adds.
    fn comes(&self, actions: &[Action], action: &Action, column: &Word) -> bool {
        let drops = match action {
            Action::DropColumn { if_exists, .. } if !if_exists => true,
            Action::Redefine { if_exists, .. } if !if_exists => false,
            Action::AlterColumn { .. } => false,
            _ => return false,
        };
        actions.iter().any(|other| match other {
            Action::AddColumn { column: added, .. } => {
                added.name.text == column.text && (drops || self.dialect == Dialect::Mysql)
            }
            Action::RenameColumn(_, to, _) => to.text == column.text,
            _ => false,
        })
    }

    /// Reports a change of columns that MariaDB does not make to a table that keeps its earlier rows.
    pub(super) fn expect_no_history(&self, key: &Key, actions: &[Action], faults: &mut Vec<Fault>) {
        let keeps = actions.iter().any(|action| matches!(action, Action::KeepHistory));
        if self.keeps_history || keeps || !self.table_at(key).is_some_and(|table| table.versioned) {
            return;
        }
        let ends = |action: &Action| {
            matches!(
                action,
                Action::Option(TableOption::Copy("DROP SYSTEM VERSIONING"), _)
            )
        };
        if actions.iter().any(ends) {
            return;
        }
        let span = actions.iter().find_map(|action| match action {
            Action::AddColumn { column, .. } => Some(column.span),
            Action::DropColumn { column, .. } => Some(column.span),
            Action::Redefine { span, .. } => Some(*span),
            Action::AddConstraint(one) if matches!(one.kind, ConstraintKind::Unique { .. }) => Some(one.span),
            _ => None,
        });
        if let Some(span) = span {
            let message = format!(
                "`{key}` keeps its earlier rows, so MariaDB changes no column of it without SET system_versioning_alter_history = KEEP"
            );
            faults.push(refused(span, message));
        }
    }

    /// Reports a column that gets another name in MySQL while something of its table is computed from it: MariaDB lets the
    /// expressions follow.
    pub(super) fn expect_unnamed(&self, key: &Key, actions: &[Action], faults: &mut Vec<Fault>) {
        let Some(table) = self.table_at(key).filter(|_| self.dialect == Dialect::Mysql) else {
            return;
        };
        for action in actions {
            let (from, to) = match action {
                Action::RenameColumn(from, to, _) => (from, to),
                Action::Redefine {
                    column, definition, ..
                } => (column, &definition.name),
                _ => continue,
            };
            // In another case it is the name it was, but for what is computed from it.
            let same = from.text == to.text;
            if same && matches!(action, Action::Redefine { .. }) {
                continue;
            }
            let goes = |name: &str| {
                actions.iter().any(|other| match other {
                    Action::DropColumn { column, .. } => column.text == name,
                    Action::DropConstraint { name: dropped, .. }
                    | Action::DropIndex { name: dropped, .. } => dropped.text == name,
                    _ => false,
                })
            };
            let names = |value: &Expr| value.columns.contains(&from.text);
            let computed = table.columns.iter().find(|other| match &other.generated {
                Some(Generated::Stored(value) | Generated::Virtual(value)) => {
                    names(value) && other.name != from.text && !goes(&other.name)
                }
                _ => false,
            });
            let checked = table.constraints.iter().find(|one| {
                matches!(&one.kind, ConstraintModel::Check(check) if names(check)) && !goes(&one.name)
            });
            let indexed = table.indexes.iter().find(|index| {
                index.columns.iter().any(String::is_empty)
                    && computes_from(&index.definition, &from.text)
                    && !goes(&index.name)
            });
            let parts = table.partitioned.as_ref();
            let (checked, indexed) = (checked.filter(|_| !same), indexed.filter(|_| !same));
            let why = match (computed, checked, indexed) {
                (Some(other), _, _) => format!("`{}` is computed from the column `{from}`", other.name),
                (_, Some(check), _) => format!("the CHECK `{}` names the column `{from}`", check.name),
                (_, _, Some(index)) => {
                    format!("the index `{}` is computed from the column `{from}`", index.name)
                }
                _ if !same && parts.is_some_and(|parts| parts.contains(&from.text)) => {
                    format!("the partitions of `{key}` are by the column `{from}`")
                }
                _ => continue,
            };
            faults.push(needed(from.span, format!("{why}, which keeps its name in MySQL")));
        }
    }

    /// Names that columns take from each other in one ALTER TABLE of MySQL or MariaDB, which all of its actions see as they
    /// were: renames them, and gives what is left to do; none where there are no such names.
    pub(super) fn rename_around(&mut self, key: &Key, actions: &[Action]) -> Option<Vec<Action>> {
        let table = self.table_at(key).filter(|_| self.indexes_by_table())?;
        let renames: Vec<(&Word, &Word)> = actions.iter().filter_map(renamed).collect();
        let taken = |to: &Word| renames.iter().any(|(from, _)| from.text == to.text);
        let gone = |to: &Word| {
            let drops = |action: &Action| matches!(action, Action::DropColumn { column, .. } if column.text == to.text);
            actions.iter().any(drops)
        };
        let known = renames.iter().all(|(from, _)| table.column(&from.text).is_some());
        if !known || !renames.iter().any(|(_, to)| taken(to) || gone(to)) {
            return None;
        }
        let between = |name: &Word| format!("\u{0}{}", name.text);
        for (from, _) in &renames {
            self.rename_column(key, &from.text, &between(from));
        }
        let (first, rest): (Vec<&Action>, Vec<&Action>) = actions
            .iter()
            .partition(|action| matches!(action, Action::DropColumn { .. }));
        let mut left: Vec<Action> = first.into_iter().cloned().collect();
        for action in rest {
            match action {
                Action::Redefine {
                    column,
                    definition,
                    span,
                    if_exists,
                } if renamed(action).is_some() => left.push(Action::Redefine {
                    column: Word {
                        text: between(column),
                        span: column.span,
                    },
                    definition: definition.clone(),
                    span: *span,
                    if_exists: *if_exists,
                }),
                Action::RenameColumn(from, to, if_exists) if renamed(action).is_some() => {
                    left.push(Action::RenameColumn(
                        Word {
                            text: between(from),
                            span: from.span,
                        },
                        to.clone(),
                        *if_exists,
                    ));
                }
                other => left.push(other.clone()),
            }
        }
        Some(left)
    }
}

/// The old and the new name of a column that gets another one.
fn renamed(action: &Action) -> Option<(&Word, &Word)> {
    match action {
        Action::RenameColumn(from, to, _) if from.text != to.text => Some((from, to)),
        Action::Redefine {
            column, definition, ..
        } if column.text != definition.name.text => Some((column, &definition.name)),
        _ => None,
    }
}

fn missing(span: Span, message: String) -> Fault {
    Fault {
        kind: FaultKind::Missing,
        span,
        message,
        nearest: None,
    }
}

/// Reports a column that is to be computed when it is read and was kept, or the other way round: neither MySQL nor MariaDB
/// does that.
pub(super) fn expect_stored(old: &Column, new: &ColumnDef, column: &Word, faults: &mut Vec<Fault>) {
    let read = |generated: &Option<Generated>| matches!(generated, Some(Generated::Virtual(_)));
    let message = match (read(&old.generated), read(&new.generated)) {
        (true, false) => format!("`{column}` is computed when it is read, and cannot be kept instead"),
        (false, true) => format!("`{column}` is kept, and cannot be computed when it is read instead"),
        _ => return,
    };
    faults.push(refused(column.span, message));
}
