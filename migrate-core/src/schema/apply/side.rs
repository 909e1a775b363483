//! What a `sync` names, which is no statement.

use super::{Fault, Schema, missing_column};
use crate::model::Dialect;
use crate::schema::{Class, Column};
use crate::sql::{Name, Span, Word};

/// A side of a sync, as far as the model knows it.
#[derive(Default)]
pub(crate) struct SideModel<'a> {
    /// What is not there. The spans are of no statement.
    pub(crate) missing: Vec<Fault>,
    /// Those of its columns that are known.
    pub(crate) columns: Vec<&'a Column>,
}

impl Schema {
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
