//! What a statement takes for granted, held against the model.

use super::super::{Class, Column, Fault, FaultKind, Key, Object, Origin, Schema, TableKind};
use super::kinds::{Kind, is_apart};
use super::missing_column;
use super::refused::refused;
use super::typing::Rows;
use crate::diagnostic::nearest;
use crate::sql::{Check, Indexed, Name, ObjectKind, Operation, Source, Span, TablePart, Type, Value, Word};

/// The access methods of the server.
const METHODS: &[&str] = &["brin", "btree", "gin", "gist", "hash", "rtree", "spgist"];

impl Schema {
    /// Applies an operation, and says what of it cannot work, and of what its statement takes for granted.
    pub(crate) fn apply_checked(
        &mut self,
        operation: &Operation,
        checks: &[Check],
        origin: Origin,
    ) -> Vec<Fault> {
        self.widened |= checks.iter().any(|check| matches!(check, Check::Widens));
        // Where the object is there, the server goes no further.
        let mut asked = Vec::new();
        let idle = self.does_nothing(operation);
        for check in checks.iter().filter(|check| is_early(check) && !idle) {
            self.ask(check, &mut asked);
        }
        let mut faults = self.apply(operation, origin);
        for check in checks.iter().filter(|check| !is_early(check) && !idle) {
            self.ask(check, &mut asked);
        }
        for check in checks.iter().filter(|_| !idle) {
            if let Check::Types(types) = check {
                types.iter().for_each(|ty| self.expect_no_slip(ty, &mut asked));
            }
        }
        for fault in asked {
            // One word about a place is enough.
            let within = |other: &Fault| {
                other.span == fault.span
                    || (other.span.start <= fault.span.start && fault.span.end <= other.span.end)
                    || (fault.span.start <= other.span.start && other.span.end <= fault.span.end)
            };
            if !faults.iter().any(within) {
                faults.push(fault);
            }
        }
        faults
    }

    fn does_nothing(&self, operation: &Operation) -> bool {
        let there = |name: &Name| self.get(&self.creation(Class::Relation, name)).is_some();
        match operation {
            Operation::CreateTable(table) => table.if_not_exists && there(&table.name),
            Operation::CreateIndex(index) => index.if_not_exists && index.name.as_ref().is_some_and(there),
            Operation::CreateView(view) => view.if_not_exists && there(&view.name),
            Operation::CreateSequence { name, if_not_exists } => *if_not_exists && there(name),
            _ => false,
        }
    }

    fn ask(&self, check: &Check, faults: &mut Vec<Fault>) {
        match check {
            Check::Refused(span, message) => faults.push(refused(*span, message.clone())),
            Check::Widens => {}
            Check::Room(ty, value) => {
                let beyond = super::room::beyond(ty, value);
                faults.extend(beyond.map(|message| refused(value.span, message)));
            }
            Check::Fits(ty, value, scope) if scope.is_empty() => self.ask_default(ty, value, faults),
            Check::Fits(ty, value, scope) => {
                let rows = Rows::of(self, scope);
                match self.kind_of(ty) {
                    Some(kind) => rows.expect_fit(value, &kind, "the column", faults),
                    None => _ = rows.kind(value, faults),
                }
            }
            Check::Domain(name, ty, value) => {
                let of_name = || match self.certain(&self.resolve(Class::Type, name.as_ref()?))? {
                    Object::Domain { base, .. } => self.kind_of(base),
                    _ => None,
                };
                let kind = ty.as_ref().and_then(|ty| self.kind_of(ty)).or_else(of_name);
                let rows = Rows {
                    domain: kind.as_ref(),
                    ..Rows::of(self, &[])
                };
                rows.expect_truth(value, "CHECK", faults);
            }
            Check::Default { table, column, value } => {
                let key = self.resolve(Class::Relation, table);
                let ty = self
                    .table_at(&key)
                    .filter(|_| !self.doubted.contains(&key))
                    .and_then(|table| table.column(&column.text)?.ty.clone());
                self.ask_default(&ty.unwrap_or_default(), value, faults);
            }
            Check::Assigned(assigned) => self.ask_assigned(assigned, faults),
            Check::Computed {
                scope,
                value,
                condition,
                closed,
            } => {
                let rows = Rows {
                    closed: *closed,
                    ..Rows::of(self, scope)
                };
                match condition {
                    Some(what) => rows.expect_truth(value, what, faults),
                    None => _ = rows.kind(value, faults),
                }
            }
            Check::Matched { first, second } => {
                let kind = |(value, scope): &(Value, Vec<Source>)| {
                    Rows::of(self, scope).kind(value, &mut Vec::new())
                };
                if let (Some(one), Some(other)) = (kind(first), kind(second))
                    && is_apart(&one, &other)
                {
                    let message = format!(
                        "a column is {} in one query and {} in the other",
                        one.word(),
                        other.word()
                    );
                    faults.push(refused(second.0.span, message));
                }
            }
            Check::Grouped { table, by, shown } => self.ask_grouped(table, by, shown, faults),
            Check::Shown(shown) => self.ask_shown(shown, faults),
            Check::Converted {
                table,
                column,
                ty,
                using,
                loses_default,
            } => self.ask_converted(table, column, ty, using.as_ref(), *loses_default, faults),
            Check::Types(types) => types.iter().for_each(|ty| self.ask_type(ty, faults)),
            Check::There(kind, name) => self.ask_there(*kind, name, faults),
            Check::Part { table, part, name } => self.ask_part(table, *part, name, faults),
            Check::Only { table, span } => self.ask_only(table, *span, faults),
            Check::NoInherit(table, span) => {
                let key = self.resolve(Class::Relation, table);
                if self
                    .certain_table(&key)
                    .is_some_and(|table| table.partitioned.is_some())
                {
                    let message =
                        format!("`{key}` is partitioned, and a CHECK of it is one of its partitions too");
                    faults.push(refused(*span, message));
                }
            }
            Check::Retyped(name) => self.ask_retyped(name, faults),
            Check::Replaced { view, columns, scope } => self.ask_replaced(view, columns, scope, faults),
            Check::Trigger { table, instead, row } => self.ask_trigger(table, *instead, *row, faults),
            Check::Index(index) => self.ask_index(index, faults),
            Check::Owner {
                sequence,
                made,
                table,
            } => self.ask_owner(sequence, *made, table, faults),
        }
    }

    /// A type that is not there, or a name that is only nearly one.
    fn ask_type(&self, ty: &Type, faults: &mut Vec<Fault>) {
        if ty.text.contains('%') || ty.name.is_empty() {
            return;
        }
        let name = Name {
            schema: ty.schema.clone(),
            span: ty.span,
            ..Name::plain(&*ty.name)
        };
        if ty.schema.is_none() && Kind::of_name(&ty.name).is_some() {
            return;
        }
        let key = self.resolve(Class::Type, &name);
        let twin = self.resolve(Class::Relation, &name);
        if self.get(&key).is_some() || self.get(&twin).is_some() {
            return;
        }
        if self.was_dropped(&key) {
            self.expect(&key, ty.span, "type", faults);
        } else {
            self.expect_type(ty, faults);
        }
    }

    fn ask_there(&self, kind: ObjectKind, name: &Name, faults: &mut Vec<Fault>) {
        let class = super::class(kind).unwrap_or(Class::Relation);
        let key = self.resolve(class, name);
        let word = match kind {
            ObjectKind::Other => "table",
            kind => kind.word(),
        };
        // What is missing in what a statement reads is told there.
        if self.expect(&key, name.span, word, faults) {
            return;
        }
        let Some(there) = self.certain(&key) else { return };
        let is = there.kind();
        let fits = match kind {
            ObjectKind::Table => matches!(is, ObjectKind::Table | ObjectKind::ForeignTable),
            ObjectKind::Type => true,
            ObjectKind::Other => !matches!(is, ObjectKind::Index),
            kind => is == kind,
        };
        if !fits {
            let message = format!("`{key}` is no {word}, but a {}", is.word());
            faults.push(refused(name.span, message));
        }
    }

    fn ask_part(&self, table: &Name, part: TablePart, name: &Word, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, table);
        if self.expect(&key, table.span, "table", faults) {
            return;
        }
        let Some(known) = self.certain_table(&key) else {
            return;
        };
        if part == TablePart::Column {
            missing_column(known, &key, name, faults);
            return;
        }
        // What a table is like, and what it is a part of, may have given it more than is known.
        if !known.complete || known.copied || known.partition_of.is_some() || known.temporary {
            return;
        }
        let (word, names): (&str, Vec<&str>) = match part {
            TablePart::Constraint => return self.expect_constraint(&key, name, faults),
            TablePart::Index | TablePart::UniqueIndex => {
                let of_name = Name {
                    schema: Some(key.schema.clone()),
                    ..Name::plain(&*name.text)
                };
                if let Some((other, _)) = self.index(&of_name).filter(|(other, _)| **other != key) {
                    let message = format!("`{name}` is an index of `{other}`");
                    return faults.push(refused(name.span, message));
                }
                // The server's names for what has none are guessed.
                let base = name.text.trim_end_matches(|last: char| last.is_ascii_digit());
                let guessed = ["_key", "_pkey", "_excl"].iter().any(|end| base.ends_with(end))
                    || (base.ends_with("_idx") && base.len() < name.text.len());
                if guessed && !known.indexes.iter().any(|one| one.name == name.text) {
                    return;
                }
                ("index", known.indexes.iter().map(|one| &*one.name).collect())
            }
            TablePart::Trigger => {
                if matches!(&*name.text, "all" | "user") {
                    return;
                }
                ("trigger", known.triggers.keys().map(String::as_str).collect())
            }
            TablePart::Policy => ("policy", known.policies.iter().map(String::as_str).collect()),
            TablePart::Column => return,
        };
        if !names.contains(&&*name.text) {
            faults.push(Fault {
                kind: FaultKind::Missing,
                span: name.span,
                message: format!("the table `{key}` has no {word} `{name}`"),
                nearest: nearest(&name.text, names).map(str::to_owned),
            });
            return;
        }
        let index = known.indexes.iter().find(|index| index.name == name.text);
        let Some(index) = index.filter(|_| part == TablePart::UniqueIndex) else {
            return;
        };
        let mut columns = index.columns.iter();
        let why = if !index.unique || index.predicate.is_some() {
            "does not tell all rows apart".to_owned()
        } else if index.columns.iter().any(String::is_empty) {
            "is over an expression, which identifies no row".to_owned()
        } else if let Some(open) = columns.find(|column| !known.is_not_null(column)) {
            format!("identifies no row where `{open}` is NULL")
        } else {
            return;
        };
        faults.push(refused(name.span, format!("the index `{name}` {why}")));
    }

    /// The table that owns a sequence is in its schema, and keeps the one that counts its identity.
    fn ask_owner(&self, sequence: &Name, made: bool, table: &Name, faults: &mut Vec<Fault>) {
        let key = match made {
            true => self.creation(Class::Relation, sequence),
            false => self.resolve(Class::Relation, sequence),
        };
        let owner = self.resolve(Class::Relation, table);
        let known = made || self.get(&key).is_some() || self.counter(&key).is_some();
        let why = if self.of_identity(&key) {
            "counts an identity column, which keeps it".to_owned()
        } else if known && self.certain(&owner).is_some() && key.schema != owner.schema {
            format!("is not in the schema of `{owner}`, so no column of it can own it")
        } else {
            return;
        };
        faults.push(refused(table.span, format!("the sequence `{key}` {why}")));
    }

    fn ask_only(&self, table: &Name, span: Span, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, table);
        let has_part = |(other, model): (&Key, &std::rc::Rc<super::TableModel>)| {
            !self.doubted.contains(other) && model.partition_of.as_ref().is_some_and(|(of, _)| *of == key)
        };
        let partitioned = self
            .certain_table(&key)
            .is_some_and(|table| table.partitioned.is_some());
        if partitioned && self.tables().any(has_part) {
            let message = format!("`{key}` has partitions, which have to change with it: leave out ONLY");
            faults.push(refused(span, message));
        }
    }

    fn ask_trigger(&self, table: &Name, instead: bool, row: bool, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, table);
        let why = match self.certain(&key) {
            Some(Object::View { .. }) if !instead && row => {
                "is a view, whose rows only INSTEAD OF triggers see"
            }
            Some(Object::Table(table)) if table.kind == TableKind::MaterializedView => {
                "is a materialized view, which has no triggers"
            }
            Some(Object::Table(_)) if instead => "is a table, and INSTEAD OF is for views",
            Some(Object::Sequence { .. } | Object::Index { .. }) => "has no triggers",
            _ => return,
        };
        faults.push(refused(table.span, format!("`{key}` {why}")));
    }

    /// An attribute keeps its type as long as a column is of the composite type.
    fn ask_retyped(&self, name: &Name, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Type, name);
        let of_it = |column: &&Column| super::column::is_of_type(column, &key);
        let mut tables = self.tables().filter(|(table, _)| !self.doubted.contains(*table));
        let used = tables.find_map(|(table, model)| Some((table, model.columns.iter().find(of_it)?)));
        if let (Some((table, column)), Some(_)) = (used, self.certain(&key)) {
            let message = format!(
                "the column `{table}.{}` is a `{key}`, whose attributes keep their types",
                column.name
            );
            faults.push(super::needed::needed(name.span, message));
        }
    }

    fn ask_index(&self, index: &Indexed, faults: &mut Vec<Fault>) {
        let span = index.value.span;
        let near = |method: &&&str| crate::diagnostic::slip(&index.method, [**method]).is_some();
        if !self.widened
            && !METHODS.contains(&&*index.method)
            && let Some(meant) = METHODS.iter().find(near)
        {
            faults.push(Fault {
                kind: FaultKind::Missing,
                span,
                message: format!("there is no access method `{}`", index.method),
                nearest: Some((*meant).to_owned()),
            });
            return;
        }
        let scope = [crate::sql::Source {
            called: index.table.name.clone(),
            table: Some(index.table.clone()),
        }];
        let rows = Rows::of(self, &scope);
        let Some(kind) = rows.kind(&index.value, &mut Vec::new()) else {
            return;
        };
        if index.collation.is_some() && kind.is_plain() && !kind.is_text() {
            faults.push(refused(span, format!("{} has no collation", kind.word())));
        }
        let class = index.class.as_ref().map(|class| &*class.text);
        let of_text = [
            "text_ops",
            "text_pattern_ops",
            "varchar_ops",
            "varchar_pattern_ops",
            "bpchar_pattern_ops",
        ];
        let of_json = ["jsonb_ops", "jsonb_path_ops"];
        match class {
            Some(class) if of_text.contains(&class) && kind.is_plain() && !kind.is_text() => {
                faults.push(refused(
                    span,
                    format!("the operator class {class} is not for {}", kind.word()),
                ));
            }
            Some(class) if of_json.contains(&class) && kind.is_plain() && !kind.is("jsonb") => {
                faults.push(refused(
                    span,
                    format!("the operator class {class} is not for {}", kind.word()),
                ));
            }
            Some(class) if kind.is("jsonb") && index.method == "gin" && !of_json.contains(&class) => {
                if let Some(meant) = crate::diagnostic::slip(class, of_json) {
                    faults.push(Fault {
                        kind: FaultKind::Missing,
                        span,
                        message: format!("there is no operator class `{class}`"),
                        nearest: Some(meant.to_owned()),
                    });
                }
            }
            // An extension may make a class of its own the default: btree_gin and btree_gist do for numbers and texts.
            None if matches!(&*index.method, "gin" | "gist")
                && (kind.is_text() || kind.is_number() || kind.is_moment() || kind.is("uuid"))
                && self.lacks(&format!("btree_{}", index.method)) =>
            {
                let (method, kind) = (&index.method, kind.word());
                let message = format!(
                    "{method} has no operator class of its own for {kind}; the extension btree_{method} brings one"
                );
                faults.push(refused(span, message));
            }
            None if index.method == "gin" && kind.is("json") => {
                faults.push(refused(
                    span,
                    "json has no operator class for gin; jsonb has".to_owned(),
                ));
            }
            _ => {}
        }
    }
}

/// Whether it is about the schema as it is before the statement.
fn is_early(check: &Check) -> bool {
    match check {
        Check::Fits(_, _, scope) => scope.is_empty(),
        Check::Computed { .. }
        | Check::Default { .. }
        | Check::Index(_)
        | Check::Grouped { .. }
        | Check::Shown(_) => false,
        // The actions of an ALTER TABLE before it may have made the columns NOT NULL.
        Check::Part { part, .. } => *part != TablePart::UniqueIndex,
        _ => true,
    }
}
