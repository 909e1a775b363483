//! What PostgreSQL refuses in the definition of a column, whatever rows there are.

use super::super::{Class, Fault, FaultKind, Key, Object, Schema, TableKind};
use super::refused::refused;
use crate::model::Dialect;
use crate::sql::{
    ColumnChange, ColumnDef, Constraint, ConstraintKind, Expr, Generated, Name, Shape, Span, Table, Type,
    Word,
};

/// Types that PostgreSQL has not, and what is meant by them.
const FOREIGN_TYPES: &[(&str, &str)] = &[
    ("blob", "bytea"),
    ("clob", "text"),
    ("datetime", "timestamp"),
    ("datetime2", "timestamp"),
    ("double", "double precision"),
    ("longblob", "bytea"),
    ("longtext", "text"),
    ("mediumint", "integer"),
    ("mediumtext", "text"),
    ("ntext", "text"),
    ("number", "numeric"),
    ("nvarchar", "varchar"),
    ("smalldatetime", "timestamp"),
    ("string", "text"),
    ("tinyint", "smallint"),
    ("tinytext", "text"),
    ("uniqueidentifier", "uuid"),
    ("varbinary", "bytea"),
    ("varchar2", "varchar"),
];

/// Functions of the server that give rows.
const GIVE_ROWS: &[&str] = &[
    "generate_series",
    "generate_subscripts",
    "json_array_elements",
    "json_array_elements_text",
    "json_each",
    "json_object_keys",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    "jsonb_each",
    "jsonb_object_keys",
    "regexp_matches",
    "regexp_split_to_table",
    "string_to_table",
    "unnest",
];

/// Times that are words.
const TIMES: &[&str] = &[
    "-infinity",
    "epoch",
    "infinity",
    "now",
    "today",
    "tomorrow",
    "yesterday",
];

impl Schema {
    pub(super) fn expect_definable(&self, table: &Table, faults: &mut Vec<Fault>) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        for column in &table.columns {
            self.expect_column(column, &table.columns, faults);
        }
        let inline = table.columns.iter().flat_map(|column| &column.constraints);
        let is_key = |one: &&Constraint| matches!(one.kind, ConstraintKind::PrimaryKey { .. });
        if let Some(second) = inline.chain(&table.constraints).filter(is_key).nth(1) {
            faults.push(refused(second.span, "a table has one primary key".to_owned()));
        }
    }

    /// A column of CREATE TABLE or ADD COLUMN, among the others of the statement.
    pub(super) fn expect_column(&self, column: &ColumnDef, beside: &[ColumnDef], faults: &mut Vec<Fault>) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        if let Some(value) = &column.default {
            self.expect_default(&column.ty, value, faults);
        }
        self.expect_type(&column.ty, faults);
        self.expect_no_foreign_index(column, faults);
        if column.default.is_some()
            && let Some(Generated::Stored(value) | Generated::Virtual(value)) = &column.generated
        {
            let message = format!("`{}` has a default and is computed", column.name);
            faults.push(refused(value.span, message));
        }
        let computed = |name: &String| {
            let of_it = beside.iter().find(|other| other.name.text == *name);
            of_it.is_some_and(|other| {
                matches!(
                    &other.generated,
                    Some(Generated::Stored(_) | Generated::Virtual(_))
                )
            })
        };
        let name = &column.name.text;
        match &column.generated {
            Some(Generated::Stored(value) | Generated::Virtual(value)) => {
                if let Some(other) = value.columns.iter().find(|other| computed(other)) {
                    let message = format!("`{name}` is computed from `{other}`, which is computed itself");
                    faults.push(refused(value.span, message));
                }
                if value.query {
                    faults.push(refused(value.span, format!("`{name}` is computed by a query")));
                }
            }
            Some(Generated::Identity { .. }) if is_plain(&column.ty) && !is_integer(&column.ty) => {
                let message = format!(
                    "an identity is a smallint, integer or bigint, and `{name}` is {}",
                    column.ty
                );
                faults.push(refused(column.ty.span, message));
            }
            _ => {}
        }
    }

    /// A default names no column and asks no query, and is a value of its type.
    pub(super) fn expect_default(&self, ty: &Type, value: &Expr, faults: &mut Vec<Fault>) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        if let Shape::Column(column) = &value.shape {
            let message = format!("a default names no column, and `{column}` is not in single quotes");
            faults.push(refused(value.span, message));
        } else if value.query {
            faults.push(refused(value.span, "a default asks no query".to_owned()));
        } else if let Some(call) = value.calls.iter().find(|call| self.gives_rows(call)) {
            let message = format!("a default is one value, and `{}` gives rows", call.name);
            faults.push(refused(value.span, message));
        }
        self.expect_brought_calls(value, faults);
        let number = value.text.trim().parse::<f64>().is_ok();
        if number
            && !ty.array
            && matches!(
                &*ty.name,
                "boolean" | "date" | "timestamp" | "timestamptz" | "uuid"
            )
        {
            faults.push(refused(value.span, format!("{} is no {ty}", value.text.trim())));
        }
        let Some(text) = quoted(&value.text).filter(|_| !ty.array) else {
            return;
        };
        if is_integer(ty) && !text.contains(|digit: char| digit.is_ascii_digit()) {
            faults.push(refused(value.span, format!("'{text}' is no {ty}")));
        }
        let of_time = matches!(&*ty.name, "date" | "timestamp" | "timestamptz");
        let digits = text.contains(|digit: char| digit.is_ascii_digit());
        if of_time && !digits && !TIMES.contains(&text.trim().to_lowercase().as_str()) {
            faults.push(refused(value.span, format!("'{text}' is no {ty}")));
        }
        let name = Name {
            schema: ty.schema.clone(),
            ..Name::plain(&*ty.name)
        };
        let key = self.resolve(Class::Type, &name);
        if let Some(Object::Enum { values, .. }) = self.get(&key).filter(|_| !self.doubted.contains(&key))
            && !values.contains(&text)
        {
            faults.push(super::types::no_value(&key, &text, values, value.span));
        }
    }

    /// Whether a function of the server gives a row for each of its results.
    fn gives_rows(&self, call: &Name) -> bool {
        let own = call.schema.is_none() && self.get(&self.resolve(Class::Function, call)).is_none();
        own && GIVE_ROWS.contains(&&*call.name)
    }

    /// Types of other databases that somebody writes by habit. One of that name may be made by a file all the same.
    pub(super) fn expect_type(&self, ty: &Type, faults: &mut Vec<Fault>) {
        let Some((_, meant)) = FOREIGN_TYPES.iter().find(|(name, _)| *name == ty.name) else {
            return self.expect_brought_type(ty, faults);
        };
        let key = self.resolve(Class::Type, &Name::plain(&*ty.name));
        if self.dialect == Dialect::Postgres && ty.schema.is_none() && self.get(&key).is_none() {
            faults.push(Fault {
                kind: FaultKind::Missing,
                span: ty.span,
                message: format!("PostgreSQL has no type `{}`", ty.name),
                nearest: Some((*meant).to_owned()),
            });
        }
    }

    /// What becomes an identity is an integer.
    pub(super) fn expect_countable(
        &self,
        key: &Key,
        column: &Word,
        change: &ColumnChange,
        faults: &mut Vec<Fault>,
    ) {
        let known = self
            .certain_table(key)
            .and_then(|table| table.column(&column.text));
        let ty = known.and_then(|known| known.ty.as_ref());
        if let (ColumnChange::AddIdentity { .. }, Some(ty)) = (change, ty)
            && is_plain(ty)
            && !is_integer(ty)
        {
            let message = format!("an identity is a smallint, integer or bigint, and `{column}` is {ty}");
            faults.push(refused(column.span, message));
        }
    }

    /// Reports a key, an index or a constraint over several rows of a table whose rows are elsewhere.
    pub(super) fn expect_here(&self, key: &Key, what: &str, span: Span, faults: &mut Vec<Fault>) {
        let elsewhere = self
            .certain_table(key)
            .is_some_and(|table| table.kind == TableKind::Foreign);
        if elsewhere && self.dialect == Dialect::Postgres {
            faults.push(refused(
                span,
                format!("`{key}` is a foreign table, which has no {what}"),
            ));
        }
    }

    /// A partition has the columns of its parent.
    pub(super) fn expect_whole_table(&self, key: &Key, column: &Word, faults: &mut Vec<Fault>) {
        let table = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres);
        if let Some(of) = table.and_then(|table| table.typed.as_ref()) {
            let message = format!("`{key}` is a table of the type `{of}`, which its columns come from");
            return faults.push(refused(column.span, message));
        }
        if let Some((parent, _)) = table.and_then(|table| table.partition_of.as_ref()) {
            let message = format!("`{key}` is a partition of `{parent}`, which its columns come from");
            faults.push(refused(column.span, message));
        }
    }

    /// What is unique is in order, which json, xml and some shapes are not.
    pub(super) fn expect_ordered(&self, key: &Key, columns: &[Word], span: Span, faults: &mut Vec<Fault>) {
        let unordered = ["json", "xml", "point", "polygon", "path", "line"];
        let table = self
            .certain_table(key)
            .filter(|_| self.dialect == Dialect::Postgres);
        let is = |column: &&Word| {
            let ty = table
                .and_then(|table| table.column(&column.text))
                .and_then(|column| column.ty.as_ref());
            ty.is_some_and(|ty| !ty.array && ty.schema.is_none() && unordered.contains(&&*ty.name))
        };
        if let Some(column) = columns.iter().find(is) {
            let message = format!("the type of `{column}` has no order, which its index needs");
            faults.push(refused(span, message));
        }
    }

    /// A CHECK is about one row and asks no query.
    pub(super) fn expect_no_query(&self, added: &Constraint, faults: &mut Vec<Fault>) {
        let over_rows = ["avg", "count", "max", "min", "sum"];
        if let ConstraintKind::Check(check) = &added.kind
            && let Some(call) = check
                .calls
                .iter()
                .find(|call| over_rows.contains(&call.name.as_str()))
            && self.dialect == Dialect::Postgres
        {
            let message = format!("a CHECK is about one row, and `{}` about many", call.name);
            faults.push(refused(added.span, message));
        }
        if let ConstraintKind::Check(check) = &added.kind
            && check.query
            && self.dialect == Dialect::Postgres
        {
            faults.push(refused(added.span, "a CHECK asks no query".to_owned()));
        }
    }
}

/// The content of a literal in single quotes that is all there is, a cast aside.
fn quoted(text: &str) -> Option<String> {
    let inner = text.trim().strip_prefix('\'')?;
    let end = inner.find('\'')?;
    let (content, rest) = (inner.get(..end)?, inner.get(end + 1..)?);
    (rest.is_empty() || rest.starts_with("::")).then(|| content.to_owned())
}

fn is_plain(ty: &Type) -> bool {
    let known = [
        "text",
        "varchar",
        "char",
        "uuid",
        "numeric",
        "real",
        "double precision",
        "boolean",
        "date",
        "timestamp",
        "timestamptz",
        "json",
        "jsonb",
    ];
    ty.array || known.contains(&&*ty.name) || is_integer(ty)
}

fn is_integer(ty: &Type) -> bool {
    !ty.array && matches!(&*ty.name, "smallint" | "integer" | "bigint")
}
