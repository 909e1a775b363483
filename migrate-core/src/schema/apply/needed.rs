//! What cannot be dropped or changed because something else needs it. Only what is sure to need it counts.

use super::super::brought::counts;
use super::super::constraint::object_name;
use super::super::{Class, Column, ConstraintModel, Fault, FaultKind, Key, Object, Schema, TableConstraint};
use super::alter::class;
use super::drop::has_word;
use crate::model::Dialect;
use crate::sql::{Expr, Generated, Name, ObjectKind, Operation, Span, Word};

impl Schema {
    /// Reports a view that PostgreSQL would have to change with a column; only one that is sure to show it.
    pub(super) fn expect_unshown(&self, key: &Key, column: &Word, what: &str, faults: &mut Vec<Fault>) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        let shows = |(view, query): &(&Key, &str)| {
            (has_word(query, &column.text) || query.contains('*'))
                && self.shown_by(key, view, query).contains(&column.text)
        };
        if let Some((view, _)) = self.naming(&key.name).find(shows) {
            faults.push(needed(
                column.span,
                format!("the view `{view}` shows `{key}.{column}`, which cannot be {what}"),
            ));
        }
    }

    /// Every view and materialized view, with its query.
    fn queries(&self) -> impl Iterator<Item = (&Key, &str)> {
        let materialized = self
            .tables()
            .filter_map(|(key, table)| Some((key, table.query.as_deref()?)));
        self.views().chain(materialized)
    }

    /// Whether the query of a view is sure to read a relation.
    fn read_by(&self, key: &Key, view: &Key, query: &str) -> bool {
        let key_of_view = view;
        if view == key || self.doubted.contains(view) || !has_word(query, &key.name) {
            return false;
        }
        let parsed = crate::sql::parse(&format!("CREATE VIEW v AS {query}"), self.dialect);
        matches!(parsed.operation, Operation::CreateView(view)
            if view.reads.tables.iter().any(|table| self.read_in(key_of_view, table) == *key))
    }

    /// What the query of a view means by a name: one that stays reads no temporary table, whatever is called so by now.
    fn read_in(&self, view: &Key, table: &Name) -> Key {
        let key = self.resolve(Class::Relation, table);
        let temporary = self.temporary();
        if table.schema.is_some() || key.schema != temporary || view.schema == temporary {
            return key;
        }
        let mut path = self.search_path.iter();
        let found = path.find_map(|schema| {
            let key = Key::new(Class::Relation, schema, &table.name);
            self.objects.contains_key(&key).then_some(key)
        });
        found.unwrap_or_else(|| self.creation(Class::Relation, table))
    }

    /// The columns of a relation that a view reads, where its query is simple enough to be sure of them.
    fn shown_by(&self, key: &Key, view: &Key, query: &str) -> Vec<String> {
        if view == key || self.doubted.contains(view) || !has_word(query, &key.name) {
            return Vec::new();
        }
        let parsed = crate::sql::parse(&format!("CREATE VIEW v AS {query}"), self.dialect);
        let view_key = view;
        let Operation::CreateView(view) = parsed.operation else {
            return Vec::new();
        };
        let of_it = |table: &Name| self.read_in(view_key, table) == *key;
        let read = view.reads.columns.iter().filter(|(table, _)| of_it(table));
        // A column of that name that came later is another one than the view reads.
        let known = |column: &String| {
            self.table_at(key)
                .is_some_and(|table| table.column(column).is_some())
        };
        let read = read.map(|(_, column)| column.text.clone()).filter(known);
        let read: Vec<String> = read.collect();
        match view.updatable.filter(of_it) {
            Some(_) => {
                let mut shown: Vec<String> = view.targets.into_iter().map(|(_, column)| column).collect();
                shown.extend(read);
                // What `*` meant when the view was made; a column that was renamed since is not found by this.
                if let (
                    true,
                    Some(Object::View {
                        columns: Some(all), ..
                    }),
                ) = (shown.iter().any(String::is_empty), self.get(view_key))
                {
                    shown.extend(all.iter().cloned());
                }
                shown
            }
            None => read,
        }
    }

    /// Reports what of the table itself PostgreSQL does not let go of a column: generated columns, triggers, policies.
    pub(super) fn expect_unused(&self, key: &Key, column: &Word, faults: &mut Vec<Fault>) {
        let Some(table) = self
            .table_at(key)
            .filter(|_| self.dialect == Dialect::Postgres && !self.doubted.contains(key))
        else {
            return;
        };
        let computed = table.columns.iter().find(|other| match &other.generated {
            Some(Generated::Stored(value) | Generated::Virtual(value)) => {
                other.name != column.text && value.columns.contains(&column.text)
            }
            _ => false,
        });
        let used = table
            .users
            .iter()
            .find(|(_, columns)| columns.contains(&column.text));
        let message = match (computed, used) {
            (Some(other), _) => format!("`{}` is computed from the column `{column}`", other.name),
            (None, Some((user, _))) => format!("{user} of `{key}` names the column `{column}`"),
            (None, None) => return,
        };
        faults.push(needed(column.span, message));
    }

    /// Reports a foreign key of another table that refers to a column.
    pub(super) fn expect_no_reference(&self, key: &Key, column: &Word, faults: &mut Vec<Fault>) {
        let Some(table) = self
            .table_at(key)
            .filter(|_| self.dialect == Dialect::Postgres && !self.doubted.contains(key))
        else {
            return;
        };
        let primary = table.constraints.iter().any(
            |one| matches!(&one.kind, ConstraintModel::PrimaryKey(columns) if columns.contains(&column.text)),
        );
        let by = |named: &[String]| named.contains(&column.text) || (named.is_empty() && primary);
        if let Some(needs) = self.referring(key, std::slice::from_ref(key), by) {
            faults.push(needed(
                column.span,
                format!("{needs} needs the column `{column}`"),
            ));
        }
    }

    /// Reports what cannot be dropped without CASCADE: the objects of one statement go together.
    pub(super) fn expect_independent(&self, kind: ObjectKind, names: &[Name], faults: &mut Vec<Fault>) {
        let Some(class) = class(kind).filter(|_| self.dialect != Dialect::Sqlite) else {
            return;
        };
        let key_of = |name: &Name| match class {
            Class::Schema => Key::new(class, "", &name.name),
            _ => self.resolve(class, name),
        };
        let gone: Vec<Key> = names.iter().map(key_of).collect();
        for (at, (key, name)) in gone.iter().zip(names).enumerate() {
            let counts = kind == ObjectKind::Sequence && self.dialect == Dialect::Postgres;
            if (self.get(key).is_none() && !counts) || self.doubted.contains(key) {
                continue;
            }
            let needs = match self.dialect {
                Dialect::Postgres => self.dependent(kind, key, &gone),
                _ if kind == ObjectKind::Table && self.foreign_key_checks => {
                    // MariaDB drops one after the other.
                    let with = match self.dialect {
                        Dialect::MariaDb => &gone[..=at],
                        _ => &gone[..],
                    };
                    self.referring(key, with, |_| true)
                }
                _ => None,
            };
            if let Some(needs) = needs {
                faults.push(needed(
                    name.span,
                    format!("{needs} needs the {} `{key}`", kind.word()),
                ));
            }
        }
    }

    /// What PostgreSQL names when it refuses the drop.
    fn dependent(&self, kind: ObjectKind, key: &Key, gone: &[Key]) -> Option<String> {
        match kind {
            ObjectKind::Table | ObjectKind::View | ObjectKind::MaterializedView => {
                let reads =
                    |(view, query): &(&Key, &str)| !gone.contains(view) && self.read_by(key, view, query);
                let view = self
                    .naming(&key.name)
                    .find(reads)
                    .map(|(view, _)| format!("the view `{view}`"));
                view.or_else(|| self.referring(key, gone, |_| true))
                    .or_else(|| self.heir(key, gone))
            }
            ObjectKind::Type | ObjectKind::Domain => {
                let mut tables = self.tables().filter(|(table, _)| !self.doubted.contains(*table));
                tables.find_map(|(table, model)| {
                    let of_it = |column: &&Column| {
                        column.ty.as_ref().is_some_and(|ty| {
                            let schema = ty.schema.clone();
                            let name = Name {
                                schema,
                                ..Name::plain(&*ty.name)
                            };
                            self.resolve(Class::Type, &name) == *key
                        })
                    };
                    let column = model.columns.iter().find(of_it)?;
                    Some(format!("the column `{table}.{}`", column.name))
                })
            }
            ObjectKind::Schema => {
                let inside = |(other, object): &(&Key, &Object)| {
                    other.schema == key.name
                        && !self.doubted.contains(*other)
                        && object.origin() != super::Origin::Unknown
                };
                let inside = self.objects.iter().find(inside);
                inside.map(|(other, object)| format!("the {} `{other}`", object.kind().word()))
            }
            // An ordinary function of that name may be another one than a trigger calls.
            ObjectKind::Function => {
                let only = matches!(self.get(key), Some(Object::Function { of_trigger, overloads, .. })
                    if *of_trigger || overloads.len() == 1);
                let calls_it = |value: &Expr| {
                    let mut calls = value.calls.iter();
                    calls.any(|call| self.resolve(Class::Function, call) == *key)
                };
                let mut tables = self
                    .tables()
                    .filter(|(table, _)| only && !self.doubted.contains(*table));
                tables
                    .find_map(|(table, model)| {
                        let calls = |(_, function): &(&String, &Option<Key>)| function.as_ref() == Some(key);
                        if let Some((trigger, _)) = model.triggers.iter().find(calls) {
                            return Some(format!("the trigger `{trigger}` of `{table}`"));
                        }
                        let mut columns = model.columns.iter();
                        if let Some(column) =
                            columns.find(|column| column.default.as_ref().is_some_and(calls_it))
                        {
                            return Some(format!("the default of `{table}.{}`", column.name));
                        }
                        let mut constraints = model.constraints.iter();
                        let check = constraints.find(
                            |one| matches!(&one.kind, ConstraintModel::Check(check) if calls_it(check)),
                        );
                        if let Some(check) = check {
                            return Some(format!("the CHECK `{}` of `{table}`", check.name));
                        }
                        let mut columns = model.columns.iter();
                        let computed = columns.find(|column| match &column.generated {
                            Some(Generated::Stored(value) | Generated::Virtual(value)) => calls_it(value),
                            _ => false,
                        });
                        if let Some(column) = computed {
                            return Some(format!(
                                "the column `{table}.{}`, which is computed by it,",
                                column.name
                            ));
                        }
                        let in_index = |text: &str| has_call(text, &key.name);
                        let mut indexes = model.indexes.iter();
                        let index = indexes.find(|index| {
                            in_index(&index.definition) || index.predicate.as_deref().is_some_and(in_index)
                        });
                        index.map(|index| format!("the index `{}`", index.name))
                    })
                    .or_else(|| {
                        let mut views = self
                            .queries()
                            .filter(|(view, _)| only && !self.doubted.contains(*view));
                        let view = views.find(|(_, query)| {
                            !query.to_lowercase().contains("with") && has_call(query, &key.name)
                        });
                        view.map(|(view, _)| format!("the view `{view}`"))
                    })
            }
            ObjectKind::Sequence => {
                let mut tables = self.tables().filter(|(table, _)| !self.doubted.contains(*table));
                tables.find_map(|(table, model)| {
                    let column = model
                        .columns
                        .iter()
                        .find(|column| counted_by(table, column, key) || self.draws_from(column, key))?;
                    Some(format!("the column `{table}.{}`", column.name))
                })
            }
            _ => None,
        }
    }

    /// The column that brought a sequence and counts by it still.
    fn counting(&self, sequence: &Key) -> Option<(&Key, &Column)> {
        if self.counter(sequence).is_none() || self.was_dropped(sequence) {
            return None;
        }
        let mut tables = self.tables().filter(|(table, _)| !self.doubted.contains(*table));
        tables.find_map(|(table, model)| {
            let mut columns = model.columns.iter();
            Some((table, columns.find(|column| counted_by(table, column, sequence))?))
        })
    }

    /// Whether a sequence counts an identity column.
    pub(super) fn of_identity(&self, sequence: &Key) -> bool {
        let identity = |column: &Column| matches!(column.generated, Some(Generated::Identity { .. }));
        self.counting(sequence)
            .is_some_and(|(_, column)| identity(column))
    }

    /// Reports a sequence that is there because a column brought it.
    pub(super) fn expect_uncounted(&self, sequence: &Key, span: Span, faults: &mut Vec<Fault>) {
        if let Some((table, column)) = self.counting(sequence) {
            let message = format!(
                "the sequence `{sequence}` exists already: `{table}.{}` counts by it",
                column.name
            );
            faults.push(Fault {
                kind: FaultKind::Exists,
                span,
                message,
                nearest: None,
            });
        }
    }

    /// Whether the default of a column names a sequence, so that the server knows of it.
    fn draws_from(&self, column: &Column, sequence: &Key) -> bool {
        let Some(default) = column.default.as_ref().filter(|default| {
            default.calls.iter().any(|call| call.name == "nextval") && !default.text.contains("::text")
        }) else {
            return false;
        };
        let texts = default.text.split('\'').skip(1).step_by(2);
        texts.into_iter().any(|text| {
            let mut parts = text.split('.').rev().map(|part| match part.strip_prefix('"') {
                Some(quoted) => quoted.trim_end_matches('"').to_owned(),
                None => part.to_lowercase(),
            });
            let name = Name {
                name: parts.next().unwrap_or_default(),
                schema: parts.next(),
                span: Span::default(),
            };
            self.resolve(Class::Relation, &name) == *sequence
        })
    }

    /// A foreign key of another table that refers to one.
    pub(super) fn referring(
        &self,
        key: &Key,
        gone: &[Key],
        by: impl Fn(&[String]) -> bool,
    ) -> Option<String> {
        let of_it = |one: &&TableConstraint| {
            let refers = matches!(&one.kind, ConstraintModel::ForeignKey(_, parent, named) if parent == key && by(named));
            refers && self.is_enforced(one)
        };
        let mut tables = self.tables().filter(|(table, model)| {
            !gone.contains(table) && !self.doubted.contains(*table) && model.partition_of.is_none()
        });
        tables.find_map(|(table, model)| {
            let foreign = model.constraints.iter().find(of_it)?;
            Some(format!("the foreign key `{}` of `{table}`", foreign.name))
        })
    }

    /// Whether a foreign key is one: MySQL read REFERENCES at a column and made nothing of it until 9.0.
    pub(super) fn is_enforced(&self, foreign: &TableConstraint) -> bool {
        self.dialect != Dialect::Mysql || foreign.written_at.is_none() || self.is_at_least(9, 0)
    }

    /// Reports a key that foreign keys refer to and that is dropped without CASCADE.
    pub(super) fn expect_unreferred(&self, key: &Key, name: &Word, faults: &mut Vec<Fault>) {
        let Some(table) = self
            .table_at(key)
            .filter(|table| table.complete && self.dialect == Dialect::Postgres)
        else {
            return;
        };
        let sorted = |columns: &[String]| {
            let mut columns = columns.to_vec();
            columns.sort();
            columns
        };
        let Some(one) = table.constraint(&name.text) else {
            return;
        };
        let (columns, primary) = match &one.kind {
            ConstraintModel::PrimaryKey(columns) => (sorted(columns), true),
            ConstraintModel::Unique(columns) => (sorted(columns), false),
            _ => return,
        };
        // Another unique index over the same columns may be the one that the foreign key looks things up in.
        let others = table
            .indexes
            .iter()
            .filter(|index| index.name != name.text && index.unique);
        if others.into_iter().any(|index| sorted(&index.columns) == columns) {
            return;
        }
        let by = |named: &[String]| (named.is_empty() && primary) || sorted(named) == columns;
        if let Some(needs) = self.referring(key, std::slice::from_ref(key), by) {
            faults.push(needed(
                name.span,
                format!("{needs} needs the constraint `{name}`"),
            ));
        }
    }
}

/// Whether a sequence is the one that a serial or identity column brought, under the name the server gave it.
fn counted_by(table: &Key, column: &Column, sequence: &Key) -> bool {
    counts(column)
        && table.schema == sequence.schema
        && object_name(&table.name, &column.name, "seq") == sequence.name
}

pub(super) fn needed(span: Span, message: String) -> Fault {
    Fault {
        kind: FaultKind::Needed,
        span,
        message,
        nearest: None,
    }
}

/// Whether a text calls a function of that name, without its schema.
fn has_call(text: &str, name: &str) -> bool {
    let part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.' | '"');
    text.to_lowercase().match_indices(name).any(|(at, _)| {
        let (before, after) = (
            text.get(..at).unwrap_or("\""),
            text.get(at + name.len()..).unwrap_or(""),
        );
        let quoted = before.matches('\'').count() % 2 == 1;
        !quoted && !before.ends_with(part) && after.trim_start().starts_with('(')
    })
}
