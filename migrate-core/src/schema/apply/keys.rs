//! How long the keys and the names of MySQL and MariaDB may be.

use super::super::{Column, TableIndex, TableModel};
use super::index::split_list;
use crate::model::Dialect;
use crate::sql::{IndexKind, Type};

/// The longest key of InnoDB, in bytes.
const LONGEST_KEY: u64 = 3_072;

/// The most that a key takes of a column where rows are COMPACT or REDUNDANT, in bytes.
const LONGEST_SHORT_KEY: u64 = 767;

/// The longest name, in characters.
const LONGEST_NAME: usize = 64;

/// The bytes that a character of a column takes at most, as far as its set is known.
pub(super) fn bytes_of_character(table: &TableModel, column: &Column) -> u64 {
    match charset(table, column) {
        Some("utf8mb4") => 4,
        Some("utf8mb3") => 3,
        _ => 1,
    }
}

/// The character set of a column, where one is written.
pub(in super::super) fn charset<'a>(table: &'a TableModel, column: &'a Column) -> Option<&'a str> {
    let of_collation = column
        .collation
        .as_deref()
        .and_then(super::super::constraint::charset_of);
    let own = column.attributes.charset.as_deref().or(of_collation);
    own.or(table.charset.as_deref())
}

impl TableModel {
    /// Whether a key over these columns, written that way, is too long for an index, so that MariaDB keeps a hash of it
    /// where it is unique. Only what is sure counts.
    pub(crate) fn keeps_hash(&self, columns: &[String], definition: &str) -> bool {
        let items = items(definition);
        if items.len() != columns.len() {
            return false;
        }
        let mut sum = 0;
        for (item, name) in items.into_iter().zip(columns) {
            let Some((column, ty)) = self
                .column(name)
                .and_then(|column| Some((column, column.ty.as_ref()?)))
            else {
                continue;
            };
            if ty.is_long() && prefix(item).is_none() {
                return true;
            }
            sum += bytes_of_column(self, column, ty, prefix(item));
        }
        sum > LONGEST_KEY
    }
}

/// The columns of a key as it is written.
fn items(definition: &str) -> Vec<&str> {
    let inner = definition
        .strip_prefix('(')
        .and_then(|list| list.strip_suffix(')'));
    split_list(inner.unwrap_or(definition))
}

/// How many characters of a column a key is over, where that is written.
fn prefix(item: &str) -> Option<u64> {
    item.split_once('(')
        .and_then(|(_, rest)| rest.split(')').next()?.trim().parse().ok())
}

/// The bytes that a key takes of a column.
fn bytes_of_column(table: &TableModel, column: &Column, ty: &Type, prefix: Option<u64>) -> u64 {
    let (most, bytes) = match &*ty.name {
        "varchar" | "char" => (
            ty.number(0).map_or(0, u64::from),
            bytes_of_character(table, column),
        ),
        "varbinary" | "binary" => (ty.number(0).map_or(0, u64::from), 1),
        name if name.ends_with("text") => (u64::MAX, bytes_of_character(table, column)),
        name if name.ends_with("blob") => (u64::MAX, 1),
        _ => (0, 1),
    };
    prefix.unwrap_or(most).min(most).min(LONGEST_KEY * 2) * bytes
}

/// Reports a key that is too long, and one over the whole of a long column.
pub(super) fn refused_key(
    table: &TableModel,
    index: &TableIndex,
    dialect: Dialect,
    refuse: &mut impl FnMut(String),
) {
    if index.kind != IndexKind::Plain || index.columns.iter().any(String::is_empty) {
        return;
    }
    let primary = index.name == "primary";
    // MariaDB keeps a hash of what is unique and long, and cuts what is alone and long.
    let cuts = dialect == Dialect::MariaDb && !primary;
    let items = items(&index.definition);
    // A column that was dropped stays in the text.
    if items.len() != index.columns.len() {
        return;
    }
    let mut sum = 0;
    for (item, name) in items.into_iter().zip(&index.columns) {
        let Some(column) = table.column(name) else { return };
        let Some(ty) = &column.ty else { return };
        let prefix = prefix(item);
        if ty.is_long() && prefix.is_none() && !cuts {
            refuse(format!(
                "the index `{}` is over `{name}`, which is {ty} and needs a length",
                index.name
            ));
            return;
        }
        let longest = match &*ty.name {
            "varchar" | "char" | "varbinary" | "binary" => ty.number(0).map(u64::from),
            _ => None,
        };
        if let (Some(prefix), Some(most)) = (prefix, longest)
            && prefix > most
        {
            refuse(format!(
                "the index `{}` is over {prefix} characters of `{name}`, which has {most}",
                index.name
            ));
            return;
        }
        let of_column = bytes_of_column(table, column, ty, prefix);
        if table.short_keys && of_column > LONGEST_SHORT_KEY {
            refuse(format!(
                "the key `{}` takes more than {LONGEST_SHORT_KEY} bytes of `{name}`, which the row format does not",
                index.name
            ));
            return;
        }
        sum += of_column;
    }
    let hashed = cuts && (index.unique || index.columns.len() == 1);
    if sum > LONGEST_KEY && !hashed {
        refuse(format!(
            "the key `{}` is longer than {LONGEST_KEY} bytes",
            index.name
        ));
    }
}

/// Reports a name that is too long.
pub(super) fn refused_names(table: &TableModel, own: &str, refuse: &mut impl FnMut(String)) {
    let columns = table.columns.iter().map(|column| &column.name);
    let indexes = table.indexes.iter().map(|index| &index.name);
    let constraints = table.constraints.iter().filter(|one| !one.generated_name);
    let names = columns.chain(indexes).chain(constraints.map(|one| &one.name));
    let long = |name: &&str| name.chars().count() > LONGEST_NAME;
    if let Some(name) = names.map(String::as_str).chain([own]).find(long) {
        refuse(format!(
            "the name `{name}` is longer than {LONGEST_NAME} characters"
        ));
    }
}
