//! What is SQLite's own: virtual tables with the tables they keep, triggers with names of their own, definitions that
//! follow a renaming, and tables that take the place of others.

use std::rc::Rc;

use super::super::{Class, Column, Fault, Key, Object, Origin, Schema, TableKind, TableModel};
use super::refused::refused;
use super::rename::replace_word;
use crate::model::Dialect;
use crate::sql::{Name, ObjectKind};

/// The tables that the modules of virtual tables keep their data in, as what is added to the name.
const SHADOWS: &[(&str, &[&str])] = &[
    ("fts5", &["data", "idx", "content", "docsize", "config"]),
    ("fts4", &["content", "segments", "segdir", "docsize", "stat"]),
    ("fts3", &["content", "segments", "segdir", "docsize", "stat"]),
    ("rtree", &["node", "parent", "rowid"]),
    ("rtree_i32", &["node", "parent", "rowid"]),
    ("geopoly", &["node", "parent", "rowid"]),
];

impl Schema {
    pub(super) fn create_named_trigger(
        &mut self,
        name: &Name,
        table: &Name,
        if_not_exists: bool,
        body: &str,
        origin: Origin,
        faults: &mut Vec<Fault>,
    ) {
        let table_key = self.resolve(Class::Relation, table);
        if self.expect(&table_key, table.span, "table", faults) {
            return;
        }
        let key = Key {
            schema: name.schema.clone().unwrap_or_else(|| table_key.schema.clone()),
            ..self.creation(Class::Trigger, name)
        };
        self.expect_timing(table, &table_key, body, faults);
        if self.may_create(&key, name.span, if_not_exists, faults) {
            let trigger = Object::Trigger {
                table: table_key,
                body: body.to_owned(),
                origin,
            };
            self.put(key, trigger);
        }
    }

    /// Reports a trigger of SQLite that fires instead of a statement on a table, or beside one on a view.
    fn expect_timing(&self, table: &Name, key: &Key, body: &str, faults: &mut Vec<Fault>) {
        let head = body.to_ascii_lowercase();
        let words: Vec<&str> = head.split_whitespace().collect();
        let start = words
            .iter()
            .position(|word| *word == "begin")
            .unwrap_or(words.len());
        let instead = words[..start].windows(2).any(|pair| pair == ["instead", "of"]);
        let why = match self.certain(key) {
            Some(Object::Table(_)) if instead => "a table, whose triggers fire BEFORE or AFTER",
            Some(Object::View { .. }) if !instead => "a view, whose triggers fire INSTEAD OF",
            _ => return,
        };
        faults.push(refused(table.span, format!("`{key}` is {why}")));
    }

    pub(super) fn create_shadows(&mut self, key: &Key, module: &str, origin: Origin) {
        let Some((_, names)) = SHADOWS.iter().find(|(name, _)| *name == module) else {
            return;
        };
        for name in *names {
            let shadow = TableModel {
                kind: TableKind::Virtual,
                origin,
                ..TableModel::unknown()
            };
            self.put(shadow_key(key, name), Object::Table(Rc::new(shadow)));
        }
    }

    /// The names that a virtual table adds to its own for the tables it keeps.
    fn shadows(&self, key: &Key, table: &TableModel) -> Vec<&'static str> {
        if table.kind != TableKind::Virtual {
            return Vec::new();
        }
        let all = SHADOWS.iter().flat_map(|(_, names)| names.iter().copied());
        let mut found: Vec<_> = all
            .filter(|name| {
                matches!(self.table_at(&shadow_key(key, name)), Some(table) if table.kind == TableKind::Virtual)
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    pub(super) fn rename_shadows(&mut self, from: &Key, to: &Key, table: &TableModel) {
        for name in self.shadows(from, table) {
            if let Some(object) = self.take(&shadow_key(from, name)) {
                self.put(shadow_key(to, name), object);
            }
        }
    }

    /// Removes what goes with a table: the tables it keeps, its triggers. Its indexes are gone already.
    pub(super) fn forget_attached(&mut self, key: &Key, gone: &TableModel) {
        for name in self.shadows(key, gone) {
            self.take(&shadow_key(key, name));
        }
        for index in gone.indexes.iter().filter(|index| !index.constraint) {
            let index = Key::new(Class::Relation, &key.schema, &index.name);
            self.dropped.insert(index, ObjectKind::Index);
        }
        let triggers: Vec<Key> = self
            .triggers()
            .filter(|(_, table, _)| *table == key)
            .map(|(trigger, _, _)| trigger.clone())
            .collect();
        for trigger in triggers {
            self.take(&trigger);
            self.dropped.insert(trigger, ObjectKind::Trigger);
        }
    }

    /// Lets the texts of views and triggers follow a renaming, as SQLite does. PostgreSQL's views do too: how they are
    /// spelt then is not looked for.
    pub(super) fn rewrite_texts(&mut self, from: &str, to: &str, table: &str) {
        if self.dialect == Dialect::Postgres {
            let naming: Vec<Key> = self.named.by(table).into_iter().cloned().collect();
            for key in naming {
                self.remember(&key);
                match self.objects.get_mut(&key) {
                    Some(Object::View { query, follows, .. }) => {
                        *follows |= replace_word(query, from, "") != *query;
                    }
                    Some(Object::Table(table)) => {
                        let names = |query: &String| replace_word(query, from, "") != *query;
                        if table.query.as_ref().is_some_and(names) {
                            Rc::make_mut(table).follows = true;
                        }
                    }
                    _ => {}
                }
            }
        }
        if self.dialect != Dialect::Sqlite {
            return;
        }
        let naming: Vec<Key> = self
            .objects
            .iter()
            .filter(|(_, object)| match object {
                Object::View { query: text, .. } | Object::Trigger { body: text, .. } => {
                    replace_word(text, table, "") != *text
                }
                _ => false,
            })
            .map(|(key, _)| key.clone())
            .collect();
        for key in naming {
            self.remember(&key);
            if let Some(Object::View { query: text, .. } | Object::Trigger { body: text, .. }) =
                self.objects.get_mut(&key)
            {
                *text = replace_word(text, from, to);
            }
            if let Some(object) = self.objects.get(&key) {
                self.named.read(&key, object);
            }
        }
    }

    /// Notes that a table loses its name by being dropped.
    pub(super) fn displace(&mut self, key: &Key) {
        let table = match self.table_at(key) {
            Some(table) => Rc::clone(table),
            None => Rc::new(TableModel::unknown()),
        };
        if self.dialect == Dialect::Sqlite && !self.was_dropped(key) {
            self.displaced.insert(key.clone(), (table, false));
        }
    }

    /// The table as it is once it has the name of one that went in this file: as old as that one, whose users use it now.
    pub(super) fn takes_place(&mut self, key: &Key, mut table: Rc<TableModel>) -> Rc<TableModel> {
        if self.dialect == Dialect::Sqlite
            && let Some((old, _)) = self.displaced.remove(key)
        {
            age(Rc::make_mut(&mut table), &old);
        }
        table
    }

    /// The same for a table that is made under a name another one was renamed away from.
    pub(super) fn makes_room(&mut self, key: &Key, mut table: TableModel) -> TableModel {
        if self.dialect == Dialect::Sqlite
            && let Some((old, true)) = self.displaced.get(key)
        {
            age(&mut table, &Rc::clone(old));
        }
        table
    }
}

fn shadow_key(key: &Key, name: &str) -> Key {
    Key::new(Class::Relation, &key.schema, &format!("{}_{name}", key.name))
}

fn age(table: &mut TableModel, old: &TableModel) {
    table.origin = old.origin;
    let old_column = |name: &str| -> Option<&Column> { old.column(name) };
    for column in &mut table.columns {
        match old_column(&column.name) {
            Some(known) => column.added_by = known.added_by,
            None if !old.complete => column.added_by = None,
            None => {}
        }
    }
}
