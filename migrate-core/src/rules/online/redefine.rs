//! What MODIFY and CHANGE cost: the column as it was against the column as it shall be.

use super::{Cost, Why, has, is_mariadb};
use crate::model::Dialect;
use crate::rules::Context;
use crate::schema::{Column, TableModel};
use crate::sql::{Action, ColumnDef, ConstraintKind, Generated, TableOption, Type};

/// What a new definition of a column costs.
pub(super) fn cost(cx: &Context<'_>, table: Option<&TableModel>, name: &str, new: &ColumnDef) -> (Cost, Why) {
    // That it is not there is reported on its own.
    if table.is_some_and(|table| table.complete && table.column(name).is_none()) {
        return (Cost::Instant, Why::Nothing);
    }
    let known = table.and_then(|table| table.column(name).map(|column| (table, column)));
    let Some((table, old)) = known.filter(|(_, column)| column.ty.is_some()) else {
        return (Cost::Copy, Why::Unknown);
    };
    let Some(old_type) = &old.ty else {
        return (Cost::Copy, Why::Unknown);
    };
    let mut worst = (Cost::Instant, Why::Nothing);
    let mut raise = |cost: Cost, why: Why| {
        if cost > worst.0 {
            worst = (cost, why);
        }
    };
    let (cost, why) = of_type(cx, table, old, old_type, new);
    raise(cost, why);
    if old.attributes.srid != new.attributes.srid {
        raise(Cost::Copy, Why::Type);
    }
    if let Some(cost) = of_charset(cx, table, old, new) {
        raise(cost, Why::Charset);
    }
    let references = new
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::ForeignKey(_)));
    if references && is_mariadb(cx) && cx.schema.checks_foreign_keys() {
        raise(Cost::Copy, Why::Reference);
    }
    match (&old.generated, &new.generated) {
        (None, None) => {}
        // What is moved or indexed is written again; another type has been told of.
        (Some(Generated::Virtual(before)), Some(Generated::Virtual(after))) => {
            let indexed = table
                .indexes
                .iter()
                .any(|index| index.columns.contains(&old.name));
            if new.placed || (before != after && (indexed || !is_mariadb(cx))) {
                raise(Cost::Copy, Why::HasVirtual);
            }
        }
        // MariaDB writes it again for a comment.
        (Some(Generated::Stored(before)), Some(Generated::Stored(after)))
            if before == after && !is_mariadb(cx) && !new.placed => {}
        // The server refuses it, which is told on its own.
        (Some(Generated::Virtual(_)), _) | (_, Some(Generated::Virtual(_))) => {}
        _ => raise(Cost::Copy, Why::Stored),
    }
    // MySQL copies for the counter that goes as well.
    let counts = new.attributes.auto_increment;
    if counts != old.attributes.auto_increment && (counts || !is_mariadb(cx)) {
        raise(Cost::Copy, Why::Counter);
    }
    let required = new.not_null.is_some() || in_key(table, name);
    // Such rows have a place for NULL anyway.
    let noted = is_mariadb(cx) && table.redundant && !required;
    if required != table.is_not_null(name) && !noted {
        raise(Cost::Rebuild, Why::Null);
    }
    if new
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }))
    {
        raise(Cost::Rebuild, Why::Key);
    }
    if new
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::Unique { .. }))
    {
        raise(Cost::Nocopy, Why::Nothing);
    }
    if new.placed && !is_mariadb(cx) {
        raise(Cost::Rebuild, Why::Place);
    } else if new.placed && (!has(cx, 29, 4) || table.compressed) {
        raise(Cost::Rebuild, Why::Version);
    }
    worst
}

fn in_key(table: &TableModel, column: &str) -> bool {
    use crate::schema::ConstraintModel;
    table
        .constraints
        .iter()
        .any(|one| matches!(&one.kind, ConstraintModel::PrimaryKey(columns) if columns.iter().any(|name| name == column)))
}

fn of_type(
    cx: &Context<'_>,
    table: &TableModel,
    old: &Column,
    before: &Type,
    new: &ColumnDef,
) -> (Cost, Why) {
    let after = &new.ty;
    if before == after {
        return (Cost::Instant, Why::Nothing);
    }
    match (&*before.name, &*after.name) {
        ("varchar", "varchar") | ("varbinary", "varbinary") => {
            let width = match &*before.name {
                "varchar" => bytes_per_character(set_of(
                    table,
                    old.attributes.charset.as_deref(),
                    old.collation.as_deref(),
                )),
                _ => 1,
            };
            let (Some(from), Some(to)) = (before.number(0), after.number(0)) else {
                return (Cost::Copy, Why::Type);
            };
            let (from, to) = (u64::from(from) * width, u64::from(to) * width);
            // MariaDB keeps short ones in a way that makes room for two bytes of length.
            let roomy = is_mariadb(cx) && (from < 128 || table.redundant);
            let crosses = from <= 255 && to > 255 && !roomy;
            match (to < from, crosses) {
                (true, _) => (Cost::Copy, Why::Type),
                (_, true) => (Cost::Copy, Why::Length),
                _ if is_mariadb(cx) => (Cost::Instant, Why::Nothing),
                _ => (Cost::Nocopy, Why::Nothing),
            }
        }
        ("enum", "enum") | ("set", "set") => {
            let same_size =
                storage(&before.name, before.arguments.len()) == storage(&after.name, after.arguments.len());
            // The server compares the values as the column does.
            let exact = |name: &str| name.ends_with("_bin") || name.ends_with("_cs");
            let own = old.collation.as_deref().or(table.collation.as_deref());
            let folds = !own.is_some_and(exact)
                && set_of(table, old.attributes.charset.as_deref(), own) != Some("binary");
            let values = |ty: &Type| match folds {
                true => ty.arguments.iter().map(|value| value.to_lowercase()).collect(),
                false => ty.arguments.clone(),
            };
            let (was, is): (Vec<String>, Vec<String>) = (values(before), values(after));
            match is.starts_with(&was) && same_size {
                true => (Cost::Instant, Why::Nothing),
                false => (Cost::Copy, Why::Values),
            }
        }
        _ => (Cost::Copy, Why::Type),
    }
}

/// The bytes of a value of an ENUM or SET.
fn storage(name: &str, values: usize) -> usize {
    match name {
        "enum" => 1 + usize::from(values > 255),
        _ => match values.div_ceil(8) {
            bytes @ 0..=4 => bytes,
            _ => 8,
        },
    }
}

/// The character set of a column, where anything says it.
fn set_of<'a>(table: &'a TableModel, own: Option<&'a str>, collation: Option<&'a str>) -> Option<&'a str> {
    let of_collation = collation.map(|name| match name.split('_').next() {
        Some("utf8") | None => "utf8mb3",
        Some(set) => set,
    });
    own.or(of_collation).or(table.charset.as_deref())
}

/// The bytes that a character may take; four where the set is not known, as in the servers' default.
fn bytes_per_character(charset: Option<&str>) -> u64 {
    match charset {
        Some(
            "latin1" | "ascii" | "binary" | "latin2" | "cp1251" | "koi8r" | "latin5" | "latin7" | "greek",
        ) => 1,
        Some("ucs2" | "gbk" | "big5" | "sjis" | "cp932") => 2,
        Some("utf8mb3") => 3,
        _ => 4,
    }
}

/// Whether a type holds characters.
fn is_text(ty: &Type) -> bool {
    matches!(
        &*ty.name,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set"
    )
}

/// What another character set or collation costs; none where both stay.
fn of_charset(cx: &Context<'_>, table: &TableModel, old: &Column, new: &ColumnDef) -> Option<Cost> {
    if !is_text(&new.ty) || !old.ty.as_ref().is_some_and(is_text) {
        return None;
    }
    let before = set_of(table, old.attributes.charset.as_deref(), old.collation.as_deref());
    // Without a set of its own it gets that which the statement gives to the table; MySQL leaves the rows of a list alone.
    let listed = matches!(&*new.ty.name, "enum" | "set") && !is_mariadb(cx);
    let given = default_of_statement(cx)
        .filter(|_| new.attributes.charset.is_none() && new.collation.is_none() && !listed);
    let after = given.or_else(|| set_of(table, new.attributes.charset.as_deref(), new.collation.as_deref()));
    if before != after {
        let named = new.attributes.charset.is_some()
            || new.collation.is_some()
            || old.attributes.charset.is_some()
            || given.is_some();
        return match (before, after) {
            (Some(before), Some(after)) => {
                let ty = old.ty.as_ref().unwrap_or(&new.ty);
                Some(change(cx, table, old, (before, after), (ty, &new.ty)))
            }
            // The table has the server's default, which may be the one that is named now.
            _ if named => Some(Cost::Copy),
            _ => None,
        };
    }
    let of = |collation, charset| table.collation_of(collation, charset);
    let was = of(old.collation.as_deref(), old.attributes.charset.as_deref());
    let is = of(new.collation.as_deref(), new.attributes.charset.as_deref());
    (!is_same_collation(was, is)).then(|| compared_otherwise(cx, table, old))
}

/// The character set that the statement gives to new columns of the table.
fn default_of_statement<'a>(cx: &Context<'a>) -> Option<&'a str> {
    let altered = cx.altered()?;
    altered.actions.iter().find_map(|action| match action {
        Action::Option(TableOption::Charset(set), _) if set != "default" => Some(set.as_str()),
        _ => None,
    })
}

/// Another collation of the same character set.
///
/// MariaDB compares the values as they are and builds their indexes anew beside the writers, but not the primary key, and
/// not for an ENUM or a SET.
fn compared_otherwise(cx: &Context<'_>, table: &TableModel, column: &Column) -> Cost {
    let listed = column
        .ty
        .as_ref()
        .is_some_and(|ty| matches!(&*ty.name, "enum" | "set"));
    let mut indexes = table.indexes.iter();
    match cx.dialect {
        Dialect::MariaDb if listed || in_key(table, &column.name) => Cost::Copy,
        Dialect::MariaDb if indexes.any(|index| index.columns.contains(&column.name)) => Cost::Nocopy,
        Dialect::MariaDb => Cost::Instant,
        _ if is_only_noted(cx, table, column) => Cost::Nocopy,
        _ => Cost::Copy,
    }
}

/// Whether MySQL only writes down that a column is compared or written otherwise: no index is in that order. It copies
/// where the set of the table changes in the same statement.
fn is_only_noted(cx: &Context<'_>, table: &TableModel, column: &Column) -> bool {
    let indexed = table
        .indexes
        .iter()
        .any(|index| index.columns.contains(&column.name) || index.columns.iter().any(String::is_empty));
    let of_table = cx.altered().is_some_and(|altered| {
        let charset = |action: &Action| matches!(action, Action::Option(TableOption::Charset(_), _));
        altered.actions.iter().any(charset)
    });
    has(cx, 18, 0) && table.complete && !indexed && !in_key(table, &column.name) && !of_table
}

/// Whether two collations of one character set are the same, as far as it can be told: where none is named it is the
/// one that the server takes, and that is one of these.
fn is_same_collation(one: Option<&str>, other: Option<&str>) -> bool {
    const TAKEN: &[&str] = &[
        "utf8mb4_0900_ai_ci",
        "utf8mb4_general_ci",
        "utf8mb4_uca1400_ai_ci",
        "utf8mb3_general_ci",
        "utf8_general_ci",
        "latin1_swedish_ci",
    ];
    match (one, other) {
        (Some(named), None) | (None, Some(named)) => TAKEN.contains(&named),
        (one, other) => one == other,
    }
}

/// From one character set to another.
fn change(
    cx: &Context<'_>,
    table: &TableModel,
    column: &Column,
    sets: (&str, &str),
    (old, new): (&Type, &Type),
) -> Cost {
    match sets {
        (one, two) if one == two => Cost::Instant,
        ("utf8mb3", "utf8mb4") if is_mariadb(cx) => widened(old, new),
        // MySQL keeps a char of such a set like a varchar.
        ("utf8mb3", "utf8mb4") if is_only_noted(cx, table, column) && !crosses(old, new) => Cost::Nocopy,
        _ => Cost::Copy,
    }
}

/// MariaDB from utf8mb3 to utf8mb4: the rows stay as they are, but for an ENUM or a SET and for a varchar whose length no
/// longer fits into one byte.
fn widened(old: &Type, new: &Type) -> Cost {
    match &*new.name {
        "enum" | "set" => Cost::Copy,
        "varchar" if crosses(old, new) => Cost::Copy,
        _ => Cost::Nocopy,
    }
}

/// Whether a value of utf8mb3 whose length fits into one byte may need two in utf8mb4.
fn crosses(old: &Type, new: &Type) -> bool {
    match (old.number(0), new.number(0)) {
        (Some(from), Some(to)) => u64::from(from) * 3 <= 255 && u64::from(to) * 4 > 255,
        _ => false,
    }
}

/// CONVERT TO CHARACTER SET; none where it changes nothing.
pub(super) fn converts(
    cx: &Context<'_>,
    table: Option<&TableModel>,
    charset: &str,
    collation: Option<&str>,
) -> Option<Cost> {
    let Some(table) = table.filter(|table| table.complete) else {
        return Some(Cost::Copy);
    };
    let texts: Vec<&Column> = table
        .columns
        .iter()
        .filter(|column| column.ty.as_ref().is_some_and(is_text))
        .collect();
    let worst = texts.iter().map(|column| {
        let own = column.attributes.charset.as_deref();
        match set_of(table, own, column.collation.as_deref()) {
            Some(before) if before == charset => {
                let was = table.collation_of(column.collation.as_deref(), own);
                match is_same_collation(was, collation) {
                    true => Cost::Instant,
                    false => compared_otherwise(cx, table, column),
                }
            }
            Some(before) => match &column.ty {
                // It becomes a type with room for as many characters.
                Some(ty) if matches!(&*ty.name, "tinytext" | "text" | "mediumtext") => Cost::Copy,
                Some(ty) => change(cx, table, column, (before, charset), (ty, ty)),
                None => Cost::Copy,
            },
            None => Cost::Copy,
        }
    });
    worst.max().filter(|cost| *cost > Cost::Instant)
}
