//! What a `sync` names, which is no statement.

use std::rc::Rc;

use super::{Fault, Schema, missing_column};
use crate::model::Dialect;
use crate::schema::{Class, Column, ConstraintModel, Origin, TableModel};
use crate::sql::{Name, Span, Word};

/// A side of a sync, as far as the model knows it.
#[derive(Default)]
pub(crate) struct SideModel<'a> {
    /// What is not there. The spans are of no statement.
    pub(crate) missing: Vec<Fault>,
    /// The table, where it is known.
    pub(crate) table: Option<Rc<TableModel>>,
    /// Whether all columns of the table are known, as a file made them.
    pub(crate) sure: bool,
    /// Those of its columns that are known.
    pub(crate) columns: Vec<&'a Column>,
}

impl Schema {
    /// Whether a column is sure to hold no NULL. A primary key of SQLite may, except where it is the number of the row or
    /// the table is STRICT or has no such number.
    pub(crate) fn is_never_null(&self, table: Option<&TableModel>, column: &Column) -> bool {
        let Some(table) = table else {
            return column.not_null;
        };
        if self.dialect != Dialect::Sqlite || column.says_not_null {
            return table.is_not_null(&column.name);
        }
        let key = table.constraints.iter().find_map(|one| match &one.kind {
            ConstraintModel::PrimaryKey(columns) => Some(columns),
            _ => None,
        });
        let integer = column
            .ty
            .as_ref()
            .is_some_and(|ty| ty.text.eq_ignore_ascii_case("integer"));
        key.is_some_and(|columns| {
            let counts = columns.len() == 1 && integer;
            columns.contains(&column.name) && (table.strict || table.without_rowid || counts)
        })
    }

    /// Whether a constraint or an index makes these columns unique, in this order; `None` where not all keys of the table
    /// are known. Those that are, by their columns, come with the answer that none does.
    pub(crate) fn has_unique(
        &self,
        table: &TableModel,
        columns: &[String],
    ) -> Option<Result<(), Vec<String>>> {
        if !table.complete || table.copied || table.partition_of.is_some() || table.origin == Origin::Unknown
        {
            return None;
        }
        let constraints = table.constraints.iter().filter_map(|one| match &one.kind {
            ConstraintModel::PrimaryKey(columns) | ConstraintModel::Unique(columns) => Some(columns),
            _ => None,
        });
        let indexes = table.indexes.iter();
        let indexes = indexes.filter(|index| index.unique && index.predicate.is_none());
        let mut uniques: Vec<&Vec<String>> = constraints.chain(indexes.map(|index| &index.columns)).collect();
        uniques.sort();
        uniques.dedup();
        let same = |one: &str, other: &str| match self.dialect {
            Dialect::Postgres => one == other,
            _ => one.eq_ignore_ascii_case(other),
        };
        let is_key = |unique: &&Vec<String>| {
            unique.len() == columns.len() && unique.iter().zip(columns).all(|(one, other)| same(one, other))
        };
        Some(match uniques.iter().any(is_key) {
            true => Ok(()),
            false => Err(uniques.into_iter().map(|unique| unique.join(",")).collect()),
        })
    }

    /// Looks for the columns of a table; names are those of the database.
    pub(crate) fn side(&self, schema: Option<&str>, table: &str, columns: &[String]) -> SideModel<'_> {
        let folded = |name: &str| match self.dialect {
            Dialect::Postgres => name.to_owned(),
            _ => name.to_lowercase(),
        };
        let span = Span::default();
        let name = Name {
            schema: schema.map(str::to_owned),
            name: match self.dialect {
                Dialect::Sqlite => folded(table),
                _ => table.to_owned(),
            },
            span,
        };
        let key = self.resolve(Class::Relation, &name);
        let mut side = SideModel::default();
        if self.expect(&key, span, "table", &mut side.missing) {
            return side;
        }
        let Some(table) = self.table_at(&key).filter(|_| !self.is_doubted(&key)) else {
            return side;
        };
        side.table = Some(Rc::clone(table));
        side.sure = table.complete && table.origin != Origin::Unknown;
        for column in columns {
            let text = folded(column);
            if !missing_column(
                table,
                &key,
                &Word {
                    text: text.clone(),
                    span,
                },
                &mut side.missing,
            ) {
                side.columns.extend(table.column(&text));
            }
        }
        side
    }
}
