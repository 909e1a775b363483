//! What the model knows about constraints in general.

use super::apply::keys::charset;
use super::{Column, ConstraintModel, Fault, FaultKind, TableIndex, TableModel};
use crate::model::Dialect;
use crate::sql::{ConstraintKind, ForeignKey, Type, Word};

/// The columns a constraint names.
pub(super) fn columns_of(kind: &ConstraintKind) -> &[Word] {
    match kind {
        ConstraintKind::NotNull(column) => std::slice::from_ref(column),
        ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => columns,
        ConstraintKind::ForeignKey(foreign) => &foreign.columns,
        ConstraintKind::Check(_) | ConstraintKind::Exclude => &[],
    }
}

/// The columns of a key: those written, or those of the index it takes over.
pub(super) fn key_columns(columns: &[Word], index: Option<&TableIndex>) -> Vec<String> {
    match index {
        Some(index) => index.columns.clone(),
        None => columns.iter().map(|column| column.text.clone()).collect(),
    }
}

/// The name the server gives a constraint that has none.
pub(super) fn server_name(table: &str, model: &TableModel, kind: &ConstraintModel) -> String {
    let base = match kind {
        ConstraintModel::PrimaryKey(_) => object_name(table, "", "pkey"),
        ConstraintModel::Unique(columns) => object_name(table, &columns.join("_"), "key"),
        ConstraintModel::ForeignKey(columns, _, _) => object_name(table, &columns.join("_"), "fkey"),
        ConstraintModel::NotNull(column) => object_name(table, column, "not_null"),
        ConstraintModel::Check(check) => {
            let mut columns = check.columns.clone();
            columns.sort();
            columns.dedup();
            match &*columns {
                [column] => object_name(table, column, "check"),
                _ => object_name(table, "", "check"),
            }
        }
        ConstraintModel::Exclude => object_name(table, "", "excl"),
    };
    let taken = |name: &str| model.constraint(name).is_some();
    if !taken(&base) {
        return base;
    }
    (1..)
        .map(|number| format!("{base}{number}"))
        .find(|name| !taken(name))
        .unwrap_or(base)
}

/// Table, columns and a word, the longer of the first two cut until PostgreSQL keeps the whole.
pub(super) fn object_name(table: &str, columns: &str, word: &str) -> String {
    let shorten = |text: &mut String| {
        text.pop();
    };
    let (mut table, mut columns) = (table.to_owned(), columns.to_owned());
    let overhead = word.len() + 1 + usize::from(!columns.is_empty());
    while table.len() + columns.len() + overhead > 63 {
        match table.len() > columns.len() {
            true => shorten(&mut table),
            false => shorten(&mut columns),
        }
    }
    match columns.is_empty() {
        true => format!("{table}_{word}"),
        false => format!("{table}_{columns}_{word}"),
    }
}

/// The name MySQL and MariaDB give a constraint that has none, or nearly so.
pub(super) fn mysql_name(table: &str, model: &TableModel, kind: &ConstraintModel) -> String {
    let numbered = |base: &str| {
        let taken = |name: &str| model.constraint(name).is_some();
        let mut names = (1..).map(|number| format!("{base}{number}"));
        names.find(|name| !taken(name)).unwrap_or_default()
    };
    let table = table.to_lowercase();
    match kind {
        ConstraintModel::Unique(columns) => {
            let first = columns.first().cloned().unwrap_or_default();
            free_index_name(model, first)
        }
        ConstraintModel::ForeignKey(..) => numbered(&format!("{table}_ibfk_")),
        ConstraintModel::Check(_) => numbered(&format!("{table}_chk_")),
        _ => "primary".to_owned(),
    }
}

/// The name of an index that has none: its first column, numbered where that is taken.
pub(super) fn free_index_name(model: &TableModel, first: String) -> String {
    let taken = |name: &str| model.indexes.iter().any(|index| index.name == name);
    if !taken(&first) {
        return first;
    }
    let mut names = (2..).map(|number| format!("{first}_{number}"));
    names.find(|name| !taken(name)).unwrap_or(first)
}

/// Columns of a foreign key that InnoDB refuses: integers of another size or sign, and what is no kin at all.
pub(super) fn mismatches_of_mysql(
    table: &TableModel,
    parent: &TableModel,
    foreign: &ForeignKey,
    dialect: Dialect,
    faults: &mut Vec<Fault>,
) {
    for (column, key) in foreign.columns.iter().zip(&foreign.parent_columns) {
        let (Some(left), Some(right)) = (table.column(&column.text), parent.column(&key.text)) else {
            continue;
        };
        let (Some(own), Some(other)) = (&left.ty, &right.ty) else {
            continue;
        };
        let (Some(one), Some(two)) = (mysql_family(own), mysql_family(other)) else {
            continue;
        };
        let message = match (charset(table, left), charset(parent, right)) {
            _ if one != two => format!(
                "`{}` is {own} and refers to `{}`, which is {other}",
                column.text, key.text
            ),
            (Some(left), Some(right)) if one == "text" && left != right => format!(
                "`{}` is written in {left} and refers to `{}`, which is in {right}",
                column.text, key.text
            ),
            _ if one == "text" => {
                let (Some(one), Some(two)) =
                    (collation(table, left, dialect), collation(parent, right, dialect))
                else {
                    continue;
                };
                if one == two {
                    continue;
                }
                format!(
                    "`{}` is compared by {one} and refers to `{}`, which is by {two}",
                    column.text, key.text
                )
            }
            _ => continue,
        };
        faults.push(Fault {
            kind: FaultKind::Mismatch,
            span: column.span,
            message,
            nearest: None,
        });
    }
}

/// The character set of a collation, where its name tells.
pub(super) fn charset_of(collation: &str) -> Option<&str> {
    match collation.split('_').next()? {
        "utf8" => Some("utf8mb3"),
        "uca1400" => None,
        set => Some(set),
    }
}

/// The collation of a column, where it is named or its character set has the same one on every server.
fn collation(table: &TableModel, column: &Column, dialect: Dialect) -> Option<String> {
    let own = column.attributes.charset.as_deref();
    let named = column
        .collation
        .as_deref()
        .or(table.collation.as_deref().filter(|_| own.is_none()));
    if let Some(named) = named {
        let named = named
            .strip_prefix("utf8_")
            .map(|rest| format!("utf8mb3_{rest}"))
            .unwrap_or(named.to_owned());
        // It goes with any character set of Unicode, by a name without and with that.
        return (!named.contains("uca1400_")).then_some(named);
    }
    let of_set = match own.or(table.charset.as_deref())? {
        "latin1" => "latin1_swedish_ci",
        "ascii" => "ascii_general_ci",
        "utf8mb4" if dialect == Dialect::Mysql => "utf8mb4_0900_ai_ci",
        _ => return None,
    };
    Some(of_set.to_owned())
}

fn mysql_family(ty: &Type) -> Option<&str> {
    Some(match &*ty.name {
        "char" | "varchar" => "text",
        "binary" | "varbinary" => "bytes",
        name @ ("tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "tinyint unsigned"
        | "smallint unsigned" | "mediumint unsigned" | "int unsigned" | "bigint unsigned") => name,
        "date" | "datetime" | "timestamp" => "time",
        _ => return None,
    })
}

/// Columns of a foreign key whose types have no equality.
pub(super) fn mismatches(
    table: &TableModel,
    parent: &TableModel,
    foreign: &ForeignKey,
    faults: &mut Vec<Fault>,
) {
    let keys: Vec<String> = match foreign.parent_columns.is_empty() {
        false => foreign
            .parent_columns
            .iter()
            .map(|column| column.text.clone())
            .collect(),
        true => parent
            .constraints
            .iter()
            .find_map(|one| match &one.kind {
                ConstraintModel::PrimaryKey(columns) => Some(columns.clone()),
                _ => None,
            })
            .unwrap_or_default(),
    };
    for (column, key) in foreign.columns.iter().zip(&keys) {
        let types = (
            table.column(&column.text).and_then(|column| column.ty.as_ref()),
            parent.column(key).and_then(|column| column.ty.as_ref()),
        );
        if let (Some(own), Some(other)) = types
            && let (Some(one), Some(two)) = (family(own), family(other))
            && one != two
        {
            let message = format!(
                "`{}` is {own} and refers to `{key}`, which is {other}",
                column.text
            );
            faults.push(Fault {
                kind: FaultKind::Mismatch,
                span: column.span,
                message,
                nearest: None,
            });
        }
    }
}

/// The family of the types for texts.
pub(super) const TEXT: u8 = 2;

/// Types of one family can be compared with each other; none where that is not known.
pub(super) fn family(ty: &Type) -> Option<u8> {
    if ty.array || ty.schema.is_some() {
        return None;
    }
    Some(match &*ty.name {
        "integer" | "bigint" | "smallint" | "serial" | "bigserial" | "smallserial" | "numeric" | "real"
        | "double precision" => 1,
        "text" | "varchar" | "char" | "bpchar" => TEXT,
        "uuid" => 3,
        "boolean" => 4,
        "date" | "timestamp" | "timestamptz" => 5,
        "bytea" => 6,
        "json" | "jsonb" => 7,
        _ => return None,
    })
}
