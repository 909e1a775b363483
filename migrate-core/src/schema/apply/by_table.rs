//! What only MySQL and MariaDB have: indexes that belong to their tables, columns defined anew, several renames at once.

use std::rc::Rc;

use super::super::constraint::free_index_name;
use super::super::{
    Class, Column, Columns, ConstraintModel, Fault, FaultKind, Key, Object, Origin, Schema, TableConstraint,
    TableIndex, TableModel,
};
use super::column::column_model;
use super::drop::has_word;
use super::needed::needed;
use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::sql::{Action, ColumnDef, ConstraintKind, Expr, Generated, Index, Name, Word};

impl Schema {
    pub(super) fn create_index_of_table(&mut self, index: &Index, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, &index.table);
        if !self.expect(&key, index.table.span, "table", faults) {
            self.expect_table(&key, index.table.span, "which has no indexes", faults);
            self.change_table_at(&key, |_| {});
            let before = self.table_at(&key).cloned();
            self.add_index(&key, index, faults);
            self.expect_sound(&key, before.as_deref(), index.span, faults);
        }
    }

    pub(super) fn add_index(&mut self, key: &Key, index: &Index, faults: &mut Vec<Fault>) {
        self.change_table_at(key, |_| {});
        let Some(table) = self.table_at(key).cloned() else {
            return;
        };
        for column in index.columns.iter().filter(|column| !column.is_empty()) {
            let word = Word {
                text: column.clone(),
                span: index.span,
            };
            if super::missing_column(&table, key, &word, faults) {
                return;
            }
        }
        let name = match &index.name {
            Some(name) => name.name.clone(),
            None => free_index_name(&table, index.columns.first().cloned().unwrap_or_default()),
        };
        let replaced = table
            .indexes
            .iter()
            .find(|known| index.or_replace && known.name == name);
        if let Some(replaced) = replaced {
            let unique = replaced.unique;
            self.change_table_at(key, |table| {
                let key = |one: &TableConstraint| {
                    matches!(one.kind, ConstraintModel::Unique(_)) && one.name == name
                };
                table.constraints.retain(|one| !(unique && key(one)));
            });
        } else if table.indexes.iter().any(|known| known.name == name) {
            // The index that a foreign key made gives way to one that is made by hand.
            let implied = table.constraints.iter().any(|one| {
                matches!(&one.kind, ConstraintModel::ForeignKey(columns, _, _) if one.name == name || columns.first() == Some(&name))
            });
            if index.if_not_exists {
                return;
            }
            if !implied && let Some(written) = &index.name {
                faults.push(Fault {
                    kind: FaultKind::Exists,
                    span: written.span,
                    message: format!("the table `{key}` has an index `{name}` already"),
                    nearest: None,
                });
            }
        }
        let model = TableIndex {
            name: name.clone(),
            unique: index.unique,
            columns: index.columns.clone(),
            definition: index.definition.clone(),
            manner: index.manner.clone(),
            predicate: None,
            constraint: index.unique,
            kind: index.kind,
            part_of: None,
            made: false,
        };
        let unique = index.unique.then(|| TableConstraint {
            name: name.clone(),
            generated_name: index.name.is_none(),
            kind: ConstraintModel::Unique(index.columns.clone()),
            valid: true,
            behaviour: String::new(),
            written_at: None,
        });
        self.change_table_at(key, |table| {
            // What a foreign key made for itself goes once another index serves it.
            let served = |known: &TableIndex| {
                let made = |one: &TableConstraint| match &one.kind {
                    ConstraintModel::ForeignKey(columns, _, _) => {
                        *columns == known.columns
                            && (one.name == known.name || columns.first() == Some(&known.name))
                    }
                    _ => false,
                };
                !known.unique
                    && model.columns.starts_with(&known.columns)
                    && table.constraints.iter().any(made)
            };
            table.indexes.retain(|known| known.name != name && !served(known));
            table.indexes.push(model);
            table.constraints.extend(unique);
        });
    }

    pub(super) fn drop_index(&mut self, key: &Key, name: &Word, if_exists: bool, faults: &mut Vec<Fault>) {
        if !if_exists {
            self.expect_index(key, name, faults);
        }
        self.change_table_at(key, |table| {
            table.indexes.retain(|index| index.name != name.text);
            table
                .constraints
                .retain(|one| one.name != name.text || !matches!(one.kind, ConstraintModel::Unique(_)));
        });
    }

    pub(super) fn rename_index(&mut self, key: &Key, from: &Word, to: &Word, faults: &mut Vec<Fault>) {
        self.expect_index(key, from, faults);
        self.change_table_at(key, |table| {
            for index in table.indexes.iter_mut().filter(|index| index.name == from.text) {
                index.name.clone_from(&to.text);
            }
            let unique = |one: &&mut TableConstraint| matches!(one.kind, ConstraintModel::Unique(_));
            for one in table
                .constraints
                .iter_mut()
                .filter(unique)
                .filter(|one| one.name == from.text)
            {
                one.name.clone_from(&to.text);
            }
        });
    }

    pub(super) fn expect_index(&self, key: &Key, name: &Word, faults: &mut Vec<Fault>) {
        let Some(table) = self.table_at(key).filter(|table| table.complete) else {
            return;
        };
        // What foreign keys make is guessed, and other tables' foreign keys may have made more.
        let foreign = |one: &TableConstraint| matches!(one.kind, ConstraintModel::ForeignKey(..));
        let guessed = table.constraints.iter().any(foreign);
        if guessed || table.indexes.iter().any(|index| index.name == name.text) {
            return;
        }
        let names = table.indexes.iter().map(|index| index.name.as_str());
        faults.push(Fault {
            kind: FaultKind::Missing,
            span: name.span,
            message: format!("the table `{key}` has no index `{}`", name.text),
            nearest: nearest(&name.text, names).map(str::to_owned),
        });
    }

    /// MODIFY and CHANGE: whatever is not written again is gone.
    pub(super) fn redefine(
        &mut self,
        key: &Key,
        column: &Word,
        definition: &ColumnDef,
        origin: Origin,
        faults: &mut Vec<Fault>,
    ) {
        let known = self.table_at(key).cloned();
        let to = &definition.name;
        if to != column
            && known
                .as_ref()
                .is_some_and(|table| table.column(&to.text).is_some())
        {
            faults.push(Fault {
                kind: FaultKind::Exists,
                span: to.span,
                message: format!("the table `{key}` has a column `{}` already", to.text),
                nearest: None,
            });
        }
        if to != column {
            self.rename_column(key, &column.text, &to.text);
        }
        let draft = match origin {
            Origin::Draft(index) => Some(index),
            _ => None,
        };
        let in_key = known.is_some_and(|table| {
            table
                .constraints
                .iter()
                .any(|one| matches!(&one.kind, ConstraintModel::PrimaryKey(columns) if columns.contains(&column.text)))
        });
        let mut model = column_model(definition, draft);
        model.not_null |= in_key;
        self.change_table_at(key, |table| {
            match table.columns.iter_mut().find(|known| known.name == to.text) {
                Some(known) => {
                    model.added_by = known.added_by;
                    *known = model;
                }
                None => {
                    model.added_by = None;
                    table.columns.push(model);
                }
            }
        });
        if self.dialect == Dialect::MariaDb {
            self.change_table_at(key, |table| {
                table.constraints.retain(|one| {
                    !matches!(one.kind, ConstraintModel::Check(_))
                        || one.written_at.as_ref() != Some(&to.text)
                });
            });
        }
        for constraint in &definition.constraints {
            self.add_inline_constraint(key, &to.text, constraint, faults);
        }
    }

    pub(super) fn rename_tables(&mut self, pairs: &[(Name, Name)], faults: &mut Vec<Fault>) {
        for (from, to) in pairs {
            let key = self.resolve(Class::Relation, from);
            if self.expect(&key, from.span, "table", faults) {
                continue;
            }
            let target = self.creation(Class::Relation, to);
            let word = Word {
                text: to.name.clone(),
                span: to.span,
            };
            self.rename(&key, &target.schema, &target.name, &word, faults);
        }
    }

    /// Reports what is needed of what the actions drop; one action may free what another takes away.
    pub(super) fn expect_unneeded(&self, key: &Key, actions: &[Action], faults: &mut Vec<Fault>) {
        let takes = |action: &Action| {
            matches!(
                action,
                Action::DropColumn { .. } | Action::DropIndex { .. } | Action::Redefine { .. }
            )
        };
        let unchecked = actions.iter().any(|action| matches!(action, Action::Unchecked));
        let Some(table) = self.table_at(key).filter(|table| table.complete) else {
            return;
        };
        if !actions.iter().any(takes) {
            return;
        }
        let checks = self.foreign_key_checks && !unchecked;
        let freed = |one: &TableConstraint| {
            actions
                .iter()
                .any(|action| matches!(action, Action::DropConstraint { name, .. } if name.text == one.name))
        };
        // Its own keys look up their columns, and those of other tables what they refer to.
        let mut needs: Vec<(&str, &[String])> = Vec::new();
        for (child, other) in self.tables() {
            let known = other.constraints.iter().filter(|one| self.is_enforced(one));
            for one in known.filter(|one| child != key || !freed(one)) {
                let ConstraintModel::ForeignKey(columns, parent, named) = &one.kind else {
                    continue;
                };
                if child == key {
                    needs.push((&one.name, columns));
                }
                if parent == key && !named.is_empty() {
                    needs.push((&one.name, named));
                }
            }
        }
        let gone = |name: &str| {
            actions
                .iter()
                .any(|action| matches!(action, Action::DropColumn { column, .. } if column.text == name))
        };
        for action in actions {
            let Action::DropColumn { column, .. } = action else {
                continue;
            };
            let names = |value: &Expr| value.columns.contains(&column.text);
            let stays = |name: &String| *name != column.text && !gone(name) && table.column(name).is_some();
            let computed = table.columns.iter().find(|other| {
                let (Some(Generated::Stored(value)) | Some(Generated::Virtual(value))) = &other.generated
                else {
                    return false;
                };
                names(value) && stays(&other.name)
            });
            // A CHECK over this column alone goes with it.
            let checked = table.constraints.iter().find(|one| match &one.kind {
                ConstraintModel::Check(check) => {
                    let own = one.written_at.as_ref() == Some(&column.text);
                    names(check) && !own && !freed(one) && check.columns.iter().any(stays)
                }
                _ => false,
            });
            // MySQL takes the column out of the key instead.
            let unique = table.indexes.iter().find(|index| {
                let dropped = |action: &Action| matches!(action, Action::DropIndex { name, .. } if name.text == index.name);
                self.dialect == Dialect::MariaDb
                    && index.unique
                    && index.columns.contains(&column.text)
                    && index.columns.iter().any(stays)
                    && !actions.iter().any(dropped)
            });
            let over_value = table.indexes.iter().find(|index| {
                let dropped = |action: &Action| matches!(action, Action::DropIndex { name, .. } if name.text == index.name);
                index.columns.iter().any(String::is_empty)
                    && has_word(&index.definition, &column.text)
                    && !actions.iter().any(dropped)
            });
            if let (None, Some(index)) = (computed, over_value) {
                faults.push(needed(
                    column.span,
                    format!(
                        "the index `{}` is computed from the column `{column}`",
                        index.name
                    ),
                ));
                continue;
            }
            if let (None, None, Some(index)) = (computed, checked, unique) {
                faults.push(Fault {
                    kind: FaultKind::Needed,
                    span: column.span,
                    message: format!(
                        "the unique index `{}` is over `{column}` and other columns",
                        index.name
                    ),
                    nearest: None,
                });
                continue;
            }
            let what = match (computed, checked) {
                (Some(other), _) => format!("`{}` is computed from the column `{column}`", other.name),
                (None, Some(check)) => format!("the CHECK `{}` needs the column `{column}`", check.name),
                (None, None) => continue,
            };
            faults.push(Fault {
                kind: FaultKind::Needed,
                span: column.span,
                message: what,
                nearest: None,
            });
        }
        for action in actions {
            let (word, foreign, what) = match action {
                // Such a column is not dropped, whether foreign keys are checked or not; nor is such an index in MySQL.
                Action::DropColumn { column, .. } => {
                    let over = |(_, columns): &&(&str, &[String])| columns.contains(&column.text);
                    let Some((foreign, _)) = needs.iter().find(over) else {
                        continue;
                    };
                    (column, *foreign, "column")
                }
                Action::DropIndex { name, .. } if checks || self.dialect == Dialect::Mysql => {
                    let Some(foreign) = needing(table, &needs, name, actions) else {
                        continue;
                    };
                    (name, foreign, "index")
                }
                // MySQL lets a text of the same type grow.
                Action::Redefine {
                    column, definition, ..
                } if checks || self.dialect == Dialect::MariaDb => {
                    let known = table.column(&column.text);
                    let counts = known.is_some_and(|known| known.attributes.auto_increment);
                    let retyped = known.and_then(|known| known.ty.as_ref()).is_some_and(|known| {
                        match self.dialect {
                            Dialect::MariaDb => *known != definition.ty,
                            // Nor does it let one shrink, or stop to count.
                            _ => {
                                known.name != definition.ty.name
                                    || known.number(0) > definition.ty.number(0)
                                    || (counts && !definition.attributes.auto_increment)
                            }
                        }
                    });
                    let over = |(_, columns): &&(&str, &[String])| columns.contains(&column.text);
                    let Some((foreign, _)) = needs.iter().find(over).filter(|_| retyped) else {
                        continue;
                    };
                    (column, *foreign, "type of the column")
                }
                _ => continue,
            };
            let what = format!("the foreign key `{foreign}` needs the {what} `{word}`");
            faults.push(Fault {
                kind: FaultKind::Needed,
                span: word.span,
                message: what,
                nearest: None,
            });
        }
    }

    /// Doubts what exists and what does not, after a statement that nobody could read.
    pub(super) fn doubt_names(&mut self) {
        self.dropped.clear();
        self.obscured = true;
        self.doubted = self.objects.keys().cloned().collect();
        let whole = self.tables().filter(|(_, table)| table.complete);
        let keys: Vec<Key> = whole.map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.change_table_at(&key, |table| table.complete = false);
        }
    }

    /// Forgets how much is known, after something that may have changed anything.
    pub(super) fn doubt(&mut self) {
        self.dropped.clear();
        self.obscured = true;
        self.doubted = self.objects.keys().cloned().collect();
        let keys: Vec<Key> = self.tables().map(|(key, _)| key.clone()).collect();
        for key in keys {
            self.remember(&key);
            if let Some(Object::Table(table)) = self.objects.get_mut(&key) {
                let table = Rc::make_mut(table);
                table.complete = false;
                table.indexes.clear();
                table.constraints.clear();
            }
        }
    }
}

/// Puts a column where FIRST or AFTER wants it.
pub(super) fn put_column(columns: &mut Columns, column: Column, definition: &ColumnDef) {
    let after = definition.after.as_ref();
    match after.and_then(|after| columns.iter().position(|one| one.name == after.text)) {
        Some(at) => columns.insert(at + 1, column),
        None if definition.placed && after.is_none() => columns.insert(0, column),
        None => columns.push(column),
    }
}

/// The foreign key that has no other index to look its columns up in.
fn needing<'n>(
    table: &TableModel,
    needs: &[(&'n str, &[String])],
    dropped: &Word,
    actions: &[Action],
) -> Option<&'n str> {
    let gone = |name: &str| {
        actions
            .iter()
            .any(|action| matches!(action, Action::DropIndex { name: other, .. } if other.text == name))
    };
    let index = table.indexes.iter().find(|index| index.name == dropped.text)?;
    let rest = table.indexes.iter().filter(|index| !gone(&index.name));
    let mut left: Vec<Vec<String>> = rest.map(|index| index.columns.clone()).collect();
    left.extend(table.constraints.iter().filter_map(|one| match &one.kind {
        ConstraintModel::PrimaryKey(columns) => Some(columns.clone()),
        _ => None,
    }));
    left.extend(actions.iter().filter_map(|action| match action {
        Action::AddIndex(index) => Some(index.columns.clone()),
        Action::AddConstraint(added) => match &added.kind {
            ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => {
                Some(columns.iter().map(|column| column.text.clone()).collect())
            }
            _ => None,
        },
        _ => None,
    }));
    let lost = |columns: &[String]| {
        index.columns.starts_with(columns) && !left.iter().any(|other| other.starts_with(columns))
    };
    needs
        .iter()
        .find(|(_, columns)| lost(columns))
        .map(|(name, _)| *name)
}
