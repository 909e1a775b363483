//! Rows that are written: whose columns they name, and how many, and whether their values can be.

use super::super::{
    Class, Column, ConstraintModel, Fault, Key, Object, Schema, TableConstraint, TableKind, TableModel,
};
use super::fitting::{takes, takes_strictly};
use super::missing_column;
use super::refused::refused;
use crate::model::{Dialect, ServerVersion};
use crate::sql::{Generated, Given, Literal, Name, Write, WriteKind};

impl Schema {
    pub(super) fn write(&self, write: &Write, faults: &mut Vec<Fault>) {
        let key = self.resolve(Class::Relation, &write.table);
        if self.expect(&key, write.table.span, "table", faults) {
            return;
        }
        let told = faults.len();
        let shown =
            self.dialect == Dialect::Sqlite && matches!(self.certain(&key), Some(Object::View { .. }));
        if shown && !self.triggers().any(|(_, table, _)| *table == key) {
            let message = format!("`{key}` is a view, and no trigger writes what is written to it");
            faults.push(refused(write.table.span, message));
        }
        if let Some(table) = self.table_at(&key) {
            for column in write.columns.iter().chain(&write.read) {
                missing_column(table, &key, column, faults);
            }
            self.expect_values(&key, write, faults);
        }
        if let Some(column) = &write.twice {
            let message = format!("the column `{column}` of `{key}` is given a value twice");
            faults.push(refused(column.span, message));
        }
        if faults.len() == told {
            self.expect_required(&key, write, faults);
        }
        if faults.len() == told {
            self.expect_literals(&key, write, faults);
        }
        if faults.len() == told {
            self.expect_parents(&key, write, faults);
        }
        self.expect_conflict(write, faults);
        if let Some(span) = write.own.filter(|_| self.dialect == Dialect::Mysql) {
            let message =
                format!("`{key}` is written and read by a query of the same statement, which MySQL refuses");
            faults.push(refused(span, message));
        }
    }

    /// Reports a column that an INSERT leaves out and that takes no NULL, where nothing else fills it.
    fn expect_required(&self, key: &Key, write: &Write, faults: &mut Vec<Fault>) {
        let Some(table) = self
            .written_table(key)
            .filter(|_| write.kind == WriteKind::Insert && !write.lenient)
        else {
            return;
        };
        let told = !write.widths.is_empty() || (write.bulk && self.dialect != Dialect::Postgres);
        // PostgreSQL fills the columns behind the values by itself.
        let given = write.widths.iter().max().copied().unwrap_or_default();
        let by_place = self.dialect == Dialect::Postgres && write.columns.is_empty() && given > 0;
        let (at, skipped) = match write.columns.first().filter(|_| told) {
            Some(first) => (first.span, 0),
            None if by_place => (write.table.span, given),
            None if write.bare => (write.table.span, 0),
            None => return,
        };
        let named = |column: &Column| write.columns.iter().any(|word| word.text == column.name);
        let left =
            table.columns.iter().skip(skipped).find(|column| {
                self.takes_no_null(table, column) && !named(column) && !self.fills(table, column)
            });
        if let Some(column) = left {
            let message = format!(
                "the column `{}` of `{key}` takes no NULL and is left out",
                column.name
            );
            faults.push(refused(at, message));
        }
    }

    /// A table of which everything is known that fills or refuses a value.
    fn written_table(&self, key: &Key) -> Option<&TableModel> {
        let triggered = || self.triggers().any(|(_, table, _)| table == key);
        self.certain_table(key).filter(|table| {
            table.complete
                && !table.copied
                && table.triggers.is_empty()
                && table.rules.is_empty()
                && !self.own_mode
                && !triggered()
        })
    }

    fn takes_no_null(&self, table: &TableModel, column: &Column) -> bool {
        match self.dialect {
            // The number of a row is given by itself.
            Dialect::Sqlite => self.is_never_null(Some(table), column) && !is_row_number(table, column),
            _ => table.is_not_null(&column.name),
        }
    }

    /// Whether a column gets a value that no statement gives it.
    fn fills(&self, table: &TableModel, column: &Column) -> bool {
        let Some(ty) = &column.ty else { return true };
        if column.default.is_some() || column.generated.is_some() {
            return true;
        }
        match self.dialect {
            Dialect::Postgres => {
                // A domain may have a default.
                let name = Name::plain(&*ty.name);
                let own = ty.schema.is_some() || self.get(&self.resolve(Class::Type, &name)).is_some();
                ty.is_serial() || own
            }
            Dialect::Sqlite => false,
            // An enum starts with its first value, and a timestamp with the moment where the server is told so.
            _ => {
                let engine = table.engine.as_deref().is_none_or(|engine| engine == "innodb");
                column.attributes.auto_increment || matches!(&*ty.name, "enum" | "timestamp") || !engine
            }
        }
    }

    /// Reports a literal that its column does not take.
    fn expect_literals(&self, key: &Key, write: &Write, faults: &mut Vec<Fault>) {
        let Some(table) = self.written_table(key).filter(|_| !write.lenient) else {
            return;
        };
        for value in &write.values {
            let Some(column) = column_of(table, write, value) else {
                continue;
            };
            if let Some(message) = self.refused_value(key, table, column, value) {
                faults.push(refused(value.span, message));
                return;
            }
        }
    }

    fn refused_value(
        &self,
        key: &Key,
        table: &TableModel,
        column: &Column,
        value: &Literal,
    ) -> Option<String> {
        let ty = column.ty.as_ref()?;
        let name = &column.name;
        if value.text.eq_ignore_ascii_case("null") {
            let counts = column.attributes.auto_increment || ty.name == "timestamp";
            return (self.takes_no_null(table, column) && !counts && column.generated.is_none())
                .then(|| format!("the column `{name}` of `{key}` takes no NULL"));
        }
        let fits = match self.dialect {
            Dialect::Sqlite if table.strict => takes_strictly(&ty.text, &value.text),
            Dialect::Sqlite if is_row_number(table, column) => takes_strictly("integer", &value.text),
            Dialect::Sqlite | Dialect::Postgres => true,
            _ => takes(ty, &value.text, false, self.dialect),
        };
        let shown: String = value.text.chars().take(40).collect();
        (!fits).then(|| format!("`{name}` of `{key}` is {ty}, which takes no {shown}"))
    }

    /// Reports a row with a foreign key to columns that nothing makes unique: SQLite notices it when it writes.
    fn expect_parents(&self, key: &Key, write: &Write, faults: &mut Vec<Fault>) {
        let inserts = self.dialect == Dialect::Sqlite && write.kind == WriteKind::Insert;
        if inserts
            && self.foreign_key_checks
            && let Some((_, message)) = self.mismatch(key, |_| true)
        {
            faults.push(refused(write.table.span, message));
        }
    }

    /// A foreign key of that table to columns that nothing makes unique, by itself and as a sentence: SQLite calls that
    /// a mismatch.
    pub(crate) fn mismatch(
        &self,
        key: &Key,
        wanted: impl Fn(&TableConstraint) -> bool,
    ) -> Option<(&TableConstraint, String)> {
        let constraints = &self.certain_table(key)?.constraints;
        constraints.iter().filter(|one| wanted(one)).find_map(|one| {
            let ConstraintModel::ForeignKey(_, parent_key, named) = &one.kind else {
                return None;
            };
            let parent = self.certain_table(parent_key).filter(|parent| {
                let there = named.iter().all(|column| parent.column(column).is_some());
                parent.complete && !parent.copied && !named.is_empty() && there
            })?;
            let mut wanted = named.clone();
            wanted.sort();
            (!is_told_apart(parent, &wanted, None)).then(|| {
                let message = format!(
                    "`{key}` refers to `{}` of `{parent_key}`, which nothing makes unique: SQLite calls that a foreign key mismatch",
                    named.join(", ")
                );
                (one, message)
            })
        })
    }

    /// The foreign key that refers to what only this unique index tells apart, as `the foreign key … of …`.
    pub(crate) fn looks_up_by(&self, name: &Name, gone: impl Fn(&Key) -> bool) -> Option<String> {
        let (parent, index) = self.index(name)?;
        let table = self.certain_table(parent).filter(|table| table.complete)?;
        let mut columns = index.columns.clone();
        columns.sort();
        if !index.unique || index.predicate.is_some() || is_told_apart(table, &columns, Some(&index.name)) {
            return None;
        }
        let refers = |one: &&TableConstraint| match &one.kind {
            ConstraintModel::ForeignKey(_, of, named) => {
                let mut named = named.clone();
                named.sort();
                of == parent && named == columns
            }
            _ => false,
        };
        let mut children = self
            .tables()
            .filter(|(child, _)| !gone(child) && !self.is_doubted(child));
        children.find_map(|(child, model)| {
            let foreign = model.constraints.iter().find(refers)?;
            Some(match foreign.generated_name {
                true => format!("a foreign key of `{child}`"),
                false => format!("the foreign key `{}` of `{child}`", foreign.name),
            })
        })
    }

    /// Reports values that have no column, and a value for a column that computes its own.
    pub(super) fn expect_values(&self, key: &Key, write: &Write, faults: &mut Vec<Fault>) {
        let Some(table) = self.certain_table(key).filter(|table| table.complete) else {
            return;
        };
        let computed = |name: &str| {
            let generated = table.column(name).and_then(|column| column.generated.as_ref());
            matches!(generated, Some(Generated::Stored(_) | Generated::Virtual(_)))
        };
        let unnamed = |value: &&Literal| write.columns.is_empty() && value.column.is_none();
        let place = |value: &Literal| table.columns.get(value.at).map(|column| column.name.clone());
        if let Some(column) = write.given.iter().find(|column| computed(&column.text)) {
            let message = format!("the column `{column}` of `{key}` is computed and cannot be written");
            faults.push(refused(column.span, message));
            return;
        }
        // PostgreSQL fills the columns at the end by itself, and what MySQL hides may be written or not.
        let hidden = table.columns.iter().any(|column| column.attributes.invisible);
        if self.dialect.is_mysql_family()
            && !hidden
            && let Some((value, column)) = write.values.iter().filter(unnamed).find_map(|value| {
                place(value)
                    .filter(|name| computed(name))
                    .map(|name| (value, name))
            })
        {
            let message = format!("the column `{column}` of `{key}` is computed and cannot be written");
            faults.push(refused(value.span, message));
            return;
        }
        let plain = |column: &Column| !column.attributes.invisible;
        let columns = match (write.columns.len(), self.dialect) {
            (0, Dialect::Postgres) => table.columns.len(),
            (0, Dialect::Sqlite) => table
                .columns
                .iter()
                .filter(|column| !computed(&column.name))
                .count(),
            // A comment for newer servers may be what hides it.
            (0, _)
                if hidden
                    && self
                        .server
                        .is_none_or(|server| server < ServerVersion::new(8, 0, 23)) =>
            {
                return;
            }
            (0, _) => table.columns.iter().filter(|column| plain(column)).count(),
            (named, _) => named,
        };
        let fewer = write.columns.is_empty() && self.dialect == Dialect::Postgres;
        let wrong = |given: &&usize| **given > columns || (**given < columns && !fewer);
        let of_query = self.width_of(&write.all);
        let mut computing = table.columns.iter().filter(|column| computed(&column.name));
        if let Some(column) = computing.next()
            && of_query == Some(columns)
            && write.columns.is_empty()
            && self.dialect.is_mysql_family()
            && !write.lenient
        {
            let message = format!(
                "the column `{}` of `{key}` is computed and cannot be written",
                column.name
            );
            faults.push(refused(write.span, message));
            return;
        }
        if let Some(given) = write.widths.iter().chain(&of_query).find(wrong) {
            let message = format!("a row has {given} values for the {columns} columns of `{key}`");
            faults.push(refused(write.span, message));
        }
    }
}

impl Schema {
    /// How many columns a query gives with `*` of tables that are known.
    fn width_of(&self, given: &[Given]) -> Option<usize> {
        let shown = |column: &&Column| !column.attributes.invisible;
        let width = |one: &Given| match one {
            Given::One { .. } => Some(1),
            Given::All(table) => {
                let key = self.resolve(Class::Relation, table);
                let table = self
                    .certain_table(&key)
                    .filter(|table| table.complete && !table.copied);
                table
                    .filter(|table| table.kind == TableKind::Plain)
                    .map(|table| table.columns.iter().filter(shown).count())
            }
        };
        let widths: Option<Vec<usize>> = given.iter().map(width).collect();
        widths.map(|widths| widths.iter().sum()).filter(|sum| *sum > 0)
    }
}

/// The column that gets a value.
fn column_of<'a>(table: &'a TableModel, write: &Write, value: &Literal) -> Option<&'a Column> {
    match (&value.column, write.columns.get(value.at)) {
        (Some(column), _) | (None, Some(column)) => table.column(&column.text),
        (None, None) if !write.columns.is_empty() => None,
        (None, None) => {
            let plain = |column: &Column| column.generated.is_none() && !column.attributes.invisible;
            let all = table.columns.iter().all(plain);
            table.columns.get(value.at).filter(|_| all)
        }
    }
}

/// Whether a column of SQLite is the number of its row.
fn is_row_number(table: &TableModel, column: &Column) -> bool {
    let integer = column
        .ty
        .as_ref()
        .is_some_and(|ty| ty.text.eq_ignore_ascii_case("integer"));
    let key = |one: &ConstraintModel| matches!(one, ConstraintModel::PrimaryKey(columns) if *columns == [column.name.clone()]);
    integer && !table.without_rowid && table.constraints.iter().any(|one| key(&one.kind))
}

/// Whether a key or an index other than that makes these columns unique together; they are sorted.
fn is_told_apart(table: &TableModel, columns: &[String], other_than: Option<&str>) -> bool {
    let same = |these: &[String]| {
        let mut these = these.to_vec();
        these.sort();
        these == columns
    };
    let by_key = table.constraints.iter().any(|one| {
        matches!(&one.kind, ConstraintModel::PrimaryKey(these) | ConstraintModel::Unique(these) if same(these))
    });
    let mut indexes = table
        .indexes
        .iter()
        .filter(|index| other_than != Some(&*index.name));
    by_key || indexes.any(|index| index.unique && index.predicate.is_none() && same(&index.columns))
}
