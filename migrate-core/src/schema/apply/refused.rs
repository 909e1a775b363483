//! What a server refuses whatever rows there are, because of what the migrations before made. Only what is sure counts.

use super::super::constraint::{TEXT, family};
use super::super::{
    Class, ConstraintModel, Fault, FaultKind, Key, Object, Origin, Schema, TableConstraint, TableKind,
    TableModel,
};
use super::needed::needed;
use crate::model::Dialect;
use crate::sql::{
    Action, ColumnChange, Expr, ForeignKey, Generated, Name, ObjectKind, Operation, Span, Type, Word,
};

impl Schema {
    pub(super) fn expect_possible(&self, operation: &Operation, faults: &mut Vec<Fault>) {
        match operation {
            Operation::Drop {
                kind,
                names,
                on: None,
                if_exists,
                concurrently,
                cascade,
                ..
            } => {
                // There they only note that it is none.
                if !(*if_exists && self.indexes_by_table()) {
                    self.expect_kind(*kind, names, faults);
                }
                if self.dialect == Dialect::Sqlite
                    && *kind == ObjectKind::Index
                    && let Some(name) = names.first().filter(|name| {
                        // Where no database of that name is attached, IF EXISTS does nothing.
                        let elsewhere = name.schema.as_deref().is_some_and(|one| one != "main");
                        name.name.starts_with("sqlite_autoindex_") && !(*if_exists && elsewhere)
                    })
                {
                    faults.push(refused(
                        name.span,
                        "an index of a UNIQUE or PRIMARY KEY cannot be dropped without it".to_owned(),
                    ));
                }
                if self.dialect == Dialect::Postgres && *kind == ObjectKind::Index {
                    if let Some(name) = names.first().filter(|_| *concurrently && *cascade) {
                        faults.push(refused(
                            name.span,
                            "DROP INDEX CONCURRENTLY takes no CASCADE".to_owned(),
                        ));
                    }
                    self.expect_own_index(names, faults);
                }
            }
            Operation::Truncate { tables, cascade } if self.dialect != Dialect::Sqlite => {
                for name in tables {
                    let key = self.resolve(Class::Relation, name);
                    self.expect_table(&key, name.span, "which has no rows to remove", faults);
                }
                if !cascade {
                    self.expect_no_children(tables, faults);
                }
            }
            Operation::Refresh {
                name,
                concurrently: true,
            } => {
                self.expect_materialized(name, faults);
                self.expect_unique_rows(name, faults);
            }
            Operation::Refresh { name, .. } => self.expect_materialized(name, faults),
            Operation::Reindex {
                target: Some((ObjectKind::Table, name)),
                ..
            } => {
                let key = self.resolve(Class::Relation, name);
                self.expect_table(&key, name.span, "which has no indexes", faults);
            }
            Operation::Reindex {
                target: Some((ObjectKind::Index, name)),
                ..
            } => {
                let key = self.resolve(Class::Relation, name);
                self.expect(&key, name.span, "index", faults);
            }
            Operation::Alter {
                kind: ObjectKind::Table,
                name,
                actions,
                ..
            } if self.dialect == Dialect::Postgres => {
                let key = self.resolve(Class::Relation, name);
                for action in actions {
                    match action {
                        Action::AttachPartition(child, bound) => {
                            self.expect_no_partition(child, faults);
                            self.expect_bound(&key, bound, child.span, faults);
                            self.expect_same_columns(&key, child, faults);
                            self.expect_partitioned(&key, name.span, faults);
                            self.expect_free_bound(&key, child, bound, faults);
                        }
                        Action::DetachPartition {
                            child, concurrently, ..
                        } => {
                            self.expect_partition(&key, child, faults);
                            if *concurrently {
                                self.expect_no_default(&key, child.span, faults);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// What the model is sure of: made by a file, and not changed since by something nobody could read.
    pub(super) fn certain(&self, key: &Key) -> Option<&Object> {
        let object = self.get(key).filter(|_| !self.doubted.contains(key))?;
        let unknown = matches!(object, Object::Table(table) if table.origin == Origin::Unknown);
        (!unknown).then_some(object)
    }

    pub(super) fn certain_table(&self, key: &Key) -> Option<&TableModel> {
        match self.certain(key)? {
            Object::Table(table) => Some(table),
            _ => None,
        }
    }

    /// A view is dropped by DROP VIEW, whether IF EXISTS is written or not.
    fn expect_kind(&self, kind: ObjectKind, names: &[Name], faults: &mut Vec<Fault>) {
        let relation = |kind: ObjectKind| {
            let everywhere = matches!(kind, ObjectKind::Table | ObjectKind::View);
            everywhere
                || (self.dialect == Dialect::Postgres
                    && matches!(
                        kind,
                        ObjectKind::MaterializedView
                            | ObjectKind::Index
                            | ObjectKind::Sequence
                            | ObjectKind::ForeignTable
                    ))
        };
        for name in names.iter().filter(|_| relation(kind)) {
            let key = self.resolve(Class::Relation, name);
            let Some(there) = self.certain(&key).map(Object::kind) else {
                continue;
            };
            if there != kind && relation(there) {
                let (is, wanted) = (there.word(), kind.word());
                let message = format!(
                    "`{key}` is a {is}, which DROP {} does not drop",
                    wanted.to_uppercase()
                );
                faults.push(refused(name.span, message));
            }
        }
    }

    /// An index under a constraint, and one that is a part of another, go with that only, not even by CASCADE.
    fn expect_own_index(&self, names: &[Name], faults: &mut Vec<Fault>) {
        for name in names {
            let Some((table, index)) = self.index(name) else {
                continue;
            };
            if self.doubted.contains(table) {
                continue;
            }
            if index.constraint
                && self
                    .table_at(table)
                    .is_some_and(|table| table.constraint(&index.name).is_some())
            {
                let message = format!("the constraint `{}` of `{table}` needs the index", index.name);
                faults.push(needed(name.span, message));
            } else if let Some(whole) = &index.part_of
                && !names.iter().any(|other| other.name == *whole)
            {
                let message = format!(
                    "the index `{whole}` of the whole table needs its part `{}`",
                    index.name
                );
                faults.push(needed(name.span, message));
            }
        }
    }

    fn expect_no_children(&self, tables: &[Name], faults: &mut Vec<Fault>) {
        if !self.foreign_key_checks {
            return;
        }
        let emptied: Vec<Key> = tables
            .iter()
            .map(|table| self.resolve(Class::Relation, table))
            .collect();
        for (key, name) in emptied.iter().zip(tables) {
            let Some(foreign) = self
                .certain(key)
                .and_then(|_| self.referring(key, &emptied, |_| true))
            else {
                continue;
            };
            let message = format!("{foreign} refers to `{key}`, which cannot be truncated alone");
            faults.push(needed(name.span, message));
        }
    }

    fn expect_materialized(&self, name: &Name, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, name);
        if let Some(Object::View { .. }) = self.certain(&key) {
            let message = format!("`{key}` is a view that keeps no rows, so there is nothing to refresh");
            faults.push(refused(name.span, message));
        }
    }

    fn expect_unique_rows(&self, name: &Name, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, name);
        let Some(view) = self
            .certain_table(&key)
            .filter(|table| table.kind == TableKind::MaterializedView)
        else {
            return;
        };
        let plain = |columns: &[String]| columns.iter().all(|column| !column.is_empty());
        let tells_apart =
            |index: &&super::TableIndex| index.unique && index.predicate.is_none() && plain(&index.columns);
        if view.indexes.iter().find(tells_apart).is_none() {
            let message =
                format!("`{key}` has no unique index over columns, which REFRESH … CONCURRENTLY needs");
            faults.push(refused(name.span, message));
        }
    }

    pub(super) fn expect_nullable(&self, key: &Key, column: &Word, faults: &mut Vec<Fault>) {
        let Some(table) = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres)
        else {
            return;
        };
        let in_key = table.constraints.iter().find(
            |one| matches!(&one.kind, ConstraintModel::PrimaryKey(columns) if columns.contains(&column.text)),
        );
        if let Some(one) = in_key {
            let message = format!("the primary key `{}` needs `{column}` to be NOT NULL", one.name);
            faults.push(needed(column.span, message));
            return;
        }
        let known = table
            .column(&column.text)
            .and_then(|known| known.generated.as_ref());
        if matches!(known, Some(Generated::Identity { .. })) {
            let message = format!("`{column}` of `{key}` is an identity column, which is NOT NULL");
            faults.push(refused(column.span, message));
        }
    }

    /// A foreign key refers to columns that are unique together.
    pub(super) fn expect_unique_parent(&self, key: &Key, foreign: &ForeignKey, faults: &mut Vec<Fault>) {
        let parent_key = self.resolve(Class::Relation, &foreign.parent);
        // Its own keys may come behind it in the statement.
        let Some(parent) = self
            .certain_table(&parent_key)
            .filter(|_| self.dialect == Dialect::Postgres && *key != parent_key)
        else {
            return;
        };
        let Some(all) = self.keys_of(&parent_key) else {
            return;
        };
        let sorted = |columns: &[String]| {
            let mut columns = columns.to_vec();
            columns.sort();
            columns
        };
        let named: Vec<String> = foreign
            .parent_columns
            .iter()
            .map(|column| column.text.clone())
            .collect();
        if named.iter().any(|column| parent.column(column).is_none()) {
            return;
        }
        let meant = |columns: &Vec<String>| !columns.is_empty() && sorted(columns) == sorted(&named);
        if named.is_empty() && !all[0].is_empty() || all.iter().any(meant) {
            return;
        }
        let message = match named.is_empty() {
            true => format!("`{parent_key}` has no primary key to refer to"),
            false => format!(
                "nothing makes `{}` of `{parent_key}` unique, so nothing can refer to it",
                named.join(", ")
            ),
        };
        faults.push(refused(foreign.parent.span, message));
    }

    /// A constraint takes over an index that forbids duplicates in all rows, in the usual order.
    pub(super) fn expect_usable(&self, key: &Key, name: &Name, faults: &mut Vec<Fault>) {
        let Some((table, index)) = self.index(name).filter(|_| self.dialect == Dialect::Postgres) else {
            return;
        };
        let definition = index.definition.to_lowercase();
        let words = definition
            .split([' ', ',', '(', ')'])
            .filter(|word| !word.is_empty());
        // A column of that name is in quotes.
        let reordered = words.clone().any(|word| word == "desc")
            || words
                .clone()
                .zip(words.skip(1))
                .any(|pair| pair == ("nulls", "first"));
        let why = match index {
            _ if self.doubted.contains(table) => return,
            _ if table != key => format!("is an index of `{table}`"),
            index if !index.unique => "is not unique".to_owned(),
            index if index.predicate.is_some() => "is about some rows only".to_owned(),
            index if index.columns.iter().any(String::is_empty) => "is over an expression".to_owned(),
            index if index.constraint => "belongs to a constraint already".to_owned(),
            _ if reordered => "is not in the usual order".to_owned(),
            _ => return,
        };
        faults.push(refused(
            name.span,
            format!("the index `{}` {why}, so no constraint can use it", name.name),
        ));
    }

    /// Tables and views are types too.
    pub(super) fn expect_free_type(&self, key: &Key, span: Span, faults: &mut Vec<Fault>) {
        let other = match key.class {
            Class::Type => Class::Relation,
            _ => Class::Type,
        };
        let twin = Key::new(other, &key.schema, &key.name);
        let Some(there) = self.certain(&twin).filter(|_| self.dialect == Dialect::Postgres) else {
            return;
        };
        if matches!(there, Object::Index { .. } | Object::Sequence { .. }) {
            return;
        }
        let message = format!(
            "the {} `{twin}` exists already, and is a type of that name",
            there.kind().word()
        );
        faults.push(Fault {
            kind: FaultKind::Exists,
            span,
            message,
            nearest: None,
        });
    }
}

impl Schema {
    /// Reports a column that an expression over one table names and the table has not.
    pub(super) fn expect_columns(&self, key: &Key, value: &Expr, faults: &mut Vec<Fault>) {
        // A query may mean columns of other tables; in SQLite a name in quotes may be a text.
        let told = self.dialect != Dialect::Sqlite || !value.text.contains('"');
        let Some(table) = self.table_at(key).filter(|_| told && !value.query) else {
            return;
        };
        let own = |column: &&String| !column.eq_ignore_ascii_case(&key.name);
        for column in value.columns.iter().filter(own) {
            let word = Word {
                text: column.clone(),
                span: value.span,
            };
            if super::missing_column(table, key, &word, faults) {
                return;
            }
        }
    }

    /// Reports a view where only a table will do.
    pub(super) fn expect_table(&self, key: &Key, span: Span, what: &str, faults: &mut Vec<Fault>) {
        if let Some(Object::View { .. }) = self.certain(key) {
            faults.push(refused(span, format!("`{key}` is a view, {what}")));
        }
    }

    /// Reports what a column cannot become because of what it is.
    pub(super) fn expect_changeable(
        &self,
        key: &Key,
        column: &Word,
        change: &ColumnChange,
        faults: &mut Vec<Fault>,
    ) {
        self.expect_countable(key, column, change, faults);
        let table = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres);
        let Some((table, known)) = table.and_then(|table| Some((table, table.column(&column.text)?))) else {
            return;
        };
        let computed = matches!(
            known.generated,
            Some(Generated::Stored(_) | Generated::Virtual(_))
        );
        let why = match change {
            ColumnChange::SetDefault(_) | ColumnChange::DropDefault if computed => {
                "is computed and has no default"
            }
            ColumnChange::SetIdentity
                if table.complete && known.generated.is_none() && known.ty.is_some() =>
            {
                "is no identity"
            }
            ColumnChange::SetDefault(_) | ColumnChange::DropDefault
                if matches!(known.generated, Some(Generated::Identity { .. })) =>
            {
                "is an identity and has no default of its own"
            }
            ColumnChange::AddIdentity { .. }
                if table.complete && known.ty.is_some() && !table.is_not_null(&column.text) =>
            {
                "may be NULL, which an identity may not"
            }
            ColumnChange::DropIdentity { if_exists: false }
                if table.complete && known.generated.is_none() && known.ty.is_some() =>
            {
                "is no identity"
            }
            ColumnChange::DropExpression { if_exists: false }
                if table.complete && !computed && known.ty.is_some() =>
            {
                "is not computed"
            }
            ColumnChange::AddIdentity { .. }
                if matches!(known.generated, Some(Generated::Identity { .. })) =>
            {
                "is an identity already"
            }
            ColumnChange::AddIdentity { .. }
                if known.default.is_some() || known.ty.as_ref().is_some_and(|ty| ty.is_serial()) =>
            {
                "has a default, which an identity may not"
            }
            ColumnChange::Type { ty, using: None, .. }
                if known.ty.as_ref().is_some_and(|old| !converts(old, ty)) =>
            {
                let old = known.ty.as_ref().map_or("", |old| &*old.name);
                let message = format!("no {old} becomes {ty} by itself; say how with USING");
                return faults.push(refused(column.span, message));
            }
            _ => return,
        };
        faults.push(refused(
            column.span,
            format!("the column `{column}` of `{key}` {why}"),
        ));
    }

    /// A table has one primary key.
    pub(super) fn expect_only_key(&self, key: &Key, span: Span, faults: &mut Vec<Fault>) {
        let is_key = |one: &TableConstraint| matches!(one.kind, ConstraintModel::PrimaryKey(_));
        let known = self.certain_table(key);
        let has = known.is_some_and(|table| table.constraints.iter().any(is_key));
        let of_parent = || known.is_some_and(|table| table.partition_of.is_some());
        if has || of_parent() && self.keys_of(key).is_some_and(|keys| !keys[0].is_empty()) {
            faults.push(refused(span, format!("`{key}` has a primary key already")));
        }
    }
}

/// Whether values of one type may become another by themselves, as far as both are known: anything becomes a text, and
/// a text becomes nothing else.
fn converts(old: &Type, new: &Type) -> bool {
    match (family(old), family(new)) {
        (Some(old), Some(new)) => old == new || new == TEXT,
        _ => true,
    }
}

pub(super) fn refused(span: Span, message: String) -> Fault {
    Fault {
        kind: FaultKind::Refused,
        span,
        message,
        nearest: None,
    }
}
