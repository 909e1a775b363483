//! The columns that MySQL and MariaDB refuse whatever rows there are: types that are none, and what does not go with a
//! type. Only what is sure counts.

use super::super::{Column, ConstraintModel, TableModel};
use crate::diagnostic::nearest;
use crate::model::Dialect;
use crate::sql::{Generated, IndexKind, Type};

/// The types that both servers know, or a newer one of them; which of them only one knows is told elsewhere.
const TYPES: &[&str] = &[
    "tinyint",
    "smallint",
    "mediumint",
    "int",
    "bigint",
    "decimal",
    "float",
    "double",
    "bit",
    "char",
    "varchar",
    "binary",
    "varbinary",
    "tinyblob",
    "blob",
    "mediumblob",
    "longblob",
    "tinytext",
    "text",
    "mediumtext",
    "longtext",
    "enum",
    "set",
    "date",
    "time",
    "datetime",
    "timestamp",
    "year",
    "json",
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "geomcollection",
    "vector",
    "uuid",
    "inet4",
    "inet6",
    "xmltype",
    "mysql_json",
];

/// What the server does not take of a column.
pub(super) fn refused_column(
    table: &TableModel,
    column: &Column,
    dialect: Dialect,
    own_mode: bool,
    refuse: &mut impl FnMut(String),
) {
    let Some(ty) = &column.ty else { return };
    let name = &column.name;
    let base = ty.name.trim_end_matches(" unsigned");
    if !TYPES.contains(&base) && !own_mode {
        let near = nearest(base, TYPES.iter().copied());
        let meant = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        refuse(format!(
            "`{name}` is {ty}, which is no type of {}{meant}",
            dialect.title()
        ));
        return;
    }
    if let Some(why) = out_of_bounds(ty, base, dialect) {
        refuse(format!("`{name}` is {ty}, {why}"));
        return;
    }
    if let Some(value) = same_value(table, column, ty).filter(|_| !own_mode) {
        refuse(format!(
            "`{name}` is {ty}, whose value '{value}' is compared equal to one before it"
        ));
        return;
    }
    let computed = matches!(
        column.generated,
        Some(Generated::Stored(_) | Generated::Virtual(_))
    );
    if column.attributes.auto_increment {
        let float = matches!(base, "float" | "double");
        let integer = matches!(base, "tinyint" | "smallint" | "mediumint" | "int" | "bigint");
        if !integer && !float && TYPES.contains(&base) {
            refuse(format!("`{name}` is {ty}, which cannot be AUTO_INCREMENT"));
        } else if column.default.is_some() {
            refuse(format!(
                "`{name}` is AUTO_INCREMENT and has no default beside that"
            ));
        } else if computed {
            refuse(format!("`{name}` is computed and cannot be AUTO_INCREMENT"));
        }
    }
    if computed {
        let in_key = |one: &ConstraintModel| matches!(one, ConstraintModel::PrimaryKey(columns) if columns.contains(name));
        let key = table.constraints.iter().any(|one| in_key(&one.kind));
        let stored = matches!(column.generated, Some(Generated::Stored(_)));
        if column.default.is_some() {
            refuse(format!("`{name}` is computed and has no default"));
        } else if key && (dialect == Dialect::MariaDb || !stored) {
            refuse(format!("`{name}` is computed and cannot be in the primary key"));
        } else if column.not_null && !key && dialect == Dialect::MariaDb {
            refuse(format!(
                "`{name}` is computed, which MariaDB takes no NOT NULL for"
            ));
        }
    } else if column.default.as_ref().is_some_and(|value| value.query) {
        refuse(format!("the default of `{name}` asks a query"));
    }
    if let Some(moment) = &column.attributes.on_update {
        let digits = |text: &str| {
            let inside = text.split_once('(').map_or("", |(_, inside)| inside);
            inside.trim_end_matches(')').trim().parse::<u32>().unwrap_or(0)
        };
        if !matches!(base, "datetime" | "timestamp") && TYPES.contains(&base) {
            refuse(format!("`{name}` is {ty}, which no ON UPDATE goes with"));
        } else if dialect == Dialect::Mysql && digits(moment) != ty.number(0).unwrap_or(0) {
            refuse(format!(
                "`{name}` is {ty}, and its ON UPDATE {moment} has other digits"
            ));
        }
    }
    let own = column.attributes.charset.as_deref();
    if let (Some(set), Some(collation)) = (own, column.collation.as_deref()) {
        let of = super::super::constraint::charset_of(collation);
        if of.is_some_and(|of| of != set) {
            refuse(format!(
                "`{name}` is written in {set}, which has no collation {collation}"
            ));
        }
    }
}

/// Why a type cannot have its arguments.
fn out_of_bounds(ty: &Type, base: &str, dialect: Dialect) -> Option<String> {
    let (first, second) = (ty.number(0), ty.number(1));
    let none = ty.arguments.is_empty();
    match base {
        "varchar" | "varbinary" if none => Some("which needs a length".to_owned()),
        "char" | "binary" if first.is_some_and(|length| length > 255) => {
            Some("and has at most 255 places; varchar and varbinary have more".to_owned())
        }
        "decimal" | "float" | "double" if first.zip(second).is_some_and(|(digits, scale)| scale > digits) => {
            Some("with more digits behind the point than in all".to_owned())
        }
        "decimal" if first.is_some_and(|digits| digits > 65) => Some("and has at most 65 digits".to_owned()),
        "decimal" => {
            let most = if dialect == Dialect::Mysql { 30 } else { 38 };
            second
                .filter(|scale| *scale > most)
                .map(|_| format!("and has at most {most} digits behind the point"))
        }
        "float" if second.is_none() && first.is_some_and(|bits| bits > 53) => {
            Some("and has at most 53 bits".to_owned())
        }
        "datetime" | "timestamp" | "time" if first.is_some_and(|digits| digits > 6) => {
            Some("and a second has at most 6 digits".to_owned())
        }
        "bit" if first.is_some_and(|bits| bits > 64) => Some("and has at most 64 bits".to_owned()),
        "enum" | "set" => {
            let values = &ty.arguments;
            let twice = (1..values.len()).find(|at| values[..*at].contains(&values[*at]));
            let comma = values.iter().find(|value| base == "set" && value.contains(','));
            match (twice, comma) {
                (Some(at), _) => Some(format!("which has '{}' twice", values[at])),
                (None, Some(value)) => Some(format!("whose value '{value}' has a comma")),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A value of an ENUM or SET that the column takes for one before it: another case and spaces behind it make no difference,
/// unless the collation says so.
fn same_value<'a>(table: &TableModel, column: &Column, ty: &'a Type) -> Option<&'a str> {
    if !matches!(&*ty.name, "enum" | "set") {
        return None;
    }
    let own = column.attributes.charset.as_deref();
    let collation = table.collation_of(column.collation.as_deref(), own);
    let exact = |name: &str| name.ends_with("_bin") || name.ends_with("_cs") || name == "binary";
    let set = own.or(table.charset.as_deref());
    if collation.is_some_and(exact) || set == Some("binary") {
        return None;
    }
    let folded: Vec<String> = ty
        .arguments
        .iter()
        .map(|value| value.trim_end_matches(' ').to_lowercase())
        .collect();
    let twice = (1..folded.len()).find(|at| folded[..*at].contains(&folded[*at]));
    twice.map(|at| ty.arguments[at].as_str())
}

/// What the server does not take of the indexes of a table beside their length.
pub(super) fn refused_indexes(table: &TableModel, refuse: &mut impl FnMut(String)) {
    for index in &table.indexes {
        for name in &index.columns {
            let Some((column, ty)) = table.column(name).and_then(|one| Some((one, one.ty.as_ref()?))) else {
                continue;
            };
            let text = matches!(&*ty.name, "char" | "varchar") || ty.name.ends_with("text");
            match index.kind {
                IndexKind::FullText if !text && TYPES.contains(&ty.name.trim_end_matches(" unsigned")) => {
                    refuse(format!("`{name}` is {ty}, which no FULLTEXT index is over"));
                }
                IndexKind::Spatial if !column.not_null && !table.is_not_null(name) => {
                    refuse(format!(
                        "`{name}` may be NULL, which a SPATIAL index does not take"
                    ));
                }
                _ => {}
            }
        }
    }
    for one in &table.constraints {
        let ConstraintModel::ForeignKey(columns, ..) = &one.kind else {
            continue;
        };
        let long = |name: &&String| {
            let ty = table.column(name).and_then(|column| column.ty.as_ref());
            ty.is_some_and(Type::is_long)
        };
        if let Some(name) = columns.iter().find(long) {
            refuse(format!(
                "`{name}` is too long a type for the index that the foreign key `{}` needs",
                one.name
            ));
        }
    }
}
