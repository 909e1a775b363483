//! Extensions of PostgreSQL, and what is used of those that are well known.

use super::super::{Class, Column, Fault, FaultKind, Key, Object, Origin, Schema, TableModel};
use super::drop::has_word;
use super::needed::needed;
use crate::model::ServerVersion;
use crate::sql::{Expr, Name, ObjectKind, Span, Type, Word};

/// An extension, and what it brings that a table may name.
struct Brought {
    extension: &'static str,
    types: &'static [&'static str],
    functions: &'static [&'static str],
    classes: &'static [&'static str],
}

const fn brought(
    extension: &'static str,
    types: &'static [&'static str],
    functions: &'static [&'static str],
    classes: &'static [&'static str],
) -> Brought {
    Brought {
        extension,
        types,
        functions,
        classes,
    }
}

/// What is well known. Functions are those that stand in defaults.
const ALL: &[Brought] = &[
    brought("citext", &["citext"], &[], &[]),
    brought("cube", &["cube"], &[], &[]),
    brought("hstore", &["hstore"], &["hstore"], &[]),
    brought(
        "isn",
        &["ean13", "isbn", "isbn13", "ismn", "issn", "upc"],
        &[],
        &[],
    ),
    brought("ltree", &["lquery", "ltree", "ltxtquery"], &[], &[]),
    brought("pg_trgm", &[], &[], &["gin_trgm_ops", "gist_trgm_ops"]),
    brought("pgcrypto", &[], &["crypt", "gen_random_bytes", "gen_salt"], &[]),
    brought("postgis", &["geography", "geometry"], &[], &[]),
    brought(
        "uuid-ossp",
        &[],
        &["uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4"],
        &[],
    ),
    brought("vector", &["halfvec", "sparsevec", "vector"], &[], &[]),
];

/// Extensions that bring nothing that another one is known for, with or without CASCADE.
const APART: &[&str] = &[
    "amcheck",
    "bloom",
    "btree_gin",
    "btree_gist",
    "dblink",
    "file_fdw",
    "fuzzystrmatch",
    "intarray",
    "pg_buffercache",
    "pg_cron",
    "pg_partman",
    "pg_stat_statements",
    "plpgsql",
    "postgres_fdw",
    "tablefunc",
    "unaccent",
];

fn key(name: &str) -> Key {
    Key::new(Class::Extension, "", name)
}

/// Whether an extension that a file makes would be there; a host has a schema for those that it brings.
fn is_usual(schema: Option<&str>) -> bool {
    schema.is_none_or(|schema| schema == "public")
}

impl Schema {
    pub(super) fn create_extension(
        &mut self,
        name: &Word,
        if_not_exists: bool,
        origin: Origin,
        faults: &mut Vec<Fault>,
    ) {
        let key = key(&name.text);
        if self.may_create(&key, name.span, if_not_exists, faults) {
            let sure = !if_not_exists;
            self.put(key, Object::Extension { sure, origin });
        }
    }

    pub(super) fn drop_extensions(
        &mut self,
        names: &[Name],
        if_exists: bool,
        cascade: bool,
        faults: &mut Vec<Fault>,
    ) {
        for name in names {
            let key = key(&name.name);
            if !if_exists && self.expect(&key, name.span, "extension", faults) {
                continue;
            }
            if let Some(brought) = ALL.iter().find(|one| one.extension == key.name) {
                match self.user_of(brought) {
                    Some(user) if !cascade => {
                        faults.push(needed(name.span, format!("{user} needs the extension `{key}`")));
                    }
                    _ => self.forget_brought(brought),
                }
            }
            self.note_unmade(&key);
            self.take(&key);
            self.dropped.insert(key, ObjectKind::Extension);
        }
    }

    /// What of the tables names something that an extension brings.
    fn user_of(&self, brought: &Brought) -> Option<String> {
        let calls = |value: &Expr| value.calls.iter().any(|call| self.is_of(brought.functions, call));
        let uses = |column: &&Column| {
            let typed = column.ty.as_ref().is_some_and(|ty| self.is_type_of(brought, ty));
            typed || column.default.as_ref().is_some_and(calls)
        };
        let class = |text: &str| brought.classes.iter().any(|class| has_word(text, class));
        let mut tables = self.tables().filter(|(key, _)| !self.is_doubted(key));
        tables.find_map(|(key, table): (&Key, &std::rc::Rc<TableModel>)| {
            if let Some(column) = table.columns.iter().find(uses) {
                return Some(format!("the column `{key}.{}`", column.name));
            }
            let index = table.indexes.iter().find(|index| class(&index.definition))?;
            Some(format!("the index `{}`", index.name))
        })
    }

    fn forget_brought(&mut self, brought: &Brought) {
        let of_it = |schema: &Self, column: &Column| {
            column
                .ty
                .as_ref()
                .is_some_and(|ty| schema.is_type_of(brought, ty))
        };
        for table in self.tables_with(|column| of_it(self, column)) {
            let known = self.table_at(&table).cloned();
            for column in known.iter().flat_map(|table| &table.columns) {
                if of_it(self, column) {
                    self.drop_column(&table, &column.name);
                }
            }
        }
    }

    fn is_type_of(&self, brought: &Brought, ty: &Type) -> bool {
        let own = || {
            self.get(&self.resolve(Class::Type, &Name::plain(&*ty.name)))
                .is_some()
        };
        brought.types.contains(&&*ty.name) && !own()
    }

    fn is_of(&self, functions: &[&str], call: &Name) -> bool {
        functions.contains(&&*call.name) && self.get(&self.resolve(Class::Function, call)).is_none()
    }

    /// Whether nothing can have brought what that extension brings.
    pub(super) fn lacks(&self, extension: &str) -> bool {
        let key = key(extension);
        if self.get(&key).is_some() || !(self.strict || self.was_dropped(&key)) {
            return false;
        }
        // Others may have come with one that they need.
        self.knows_extensions() && self.doubted.is_empty()
    }

    /// Whether every extension that files make is one whose types are known.
    pub(super) fn knows_extensions(&self) -> bool {
        let known = |name: &str| APART.contains(&name) || ALL.iter().any(|one| one.extension == name);
        let first = key("");
        let made = self.objects.range(first..);
        made.take_while(|(key, _)| key.class == Class::Extension)
            .all(|(key, _)| known(&key.name))
    }

    /// Whether a well-known extension brings a type of that name.
    pub(super) fn is_brought(name: &str) -> bool {
        ALL.iter().any(|one| one.types.contains(&name))
    }

    fn lacking(&self, extension: &str, what: String, span: Span) -> Fault {
        let how = match self.was_dropped(&key(extension)) {
            true => "which was dropped before",
            false => "which no file makes",
        };
        Fault {
            kind: FaultKind::Missing,
            span,
            message: format!("{what} is of the extension `{extension}`, {how}"),
            nearest: None,
        }
    }

    /// Reports a type of an extension that is not there.
    pub(super) fn expect_brought_type(&self, ty: &Type, faults: &mut Vec<Fault>) {
        if !is_usual(ty.schema.as_deref()) {
            return;
        }
        let of = ALL.iter().find(|one| self.is_type_of(one, ty));
        if let Some(of) = of.filter(|of| self.lacks(of.extension)) {
            faults.push(self.lacking(of.extension, format!("the type `{}`", ty.name), ty.span));
        }
    }

    /// Reports a function of an extension that is not there, in what a column has without being told.
    pub(super) fn expect_brought_calls(&self, value: &Expr, faults: &mut Vec<Fault>) {
        let newer = self
            .server
            .is_none_or(|server| server >= ServerVersion::new(13, 0, 0));
        for call in value.calls.iter().filter(|call| is_usual(call.schema.as_deref())) {
            let extension = match ALL.iter().find(|one| self.is_of(one.functions, call)) {
                Some(of) => of.extension,
                None if !newer && self.is_of(&["gen_random_uuid"], call) => "pgcrypto",
                None => continue,
            };
            if self.lacks(extension) {
                let what = format!("the function `{}`", call.name);
                return faults.push(self.lacking(extension, what, value.span));
            }
        }
    }

    /// Reports an operator class of an extension that is not there.
    pub(super) fn expect_brought_class(&self, definition: &str, span: Span, faults: &mut Vec<Fault>) {
        for of in ALL.iter().filter(|of| !of.classes.is_empty()) {
            let class = of.classes.iter().find(|class| has_word(definition, class));
            if let Some(class) = class.filter(|_| self.lacks(of.extension)) {
                faults.push(self.lacking(of.extension, format!("the operator class `{class}`"), span));
            }
        }
    }
}
