//! Types as written.

use squawk_parser::SyntaxKind as K;

use super::names::name;
use super::tree::Node;
use crate::sql::Type;
use crate::sql::expression::normal;

pub(super) const fn is_type(kind: K) -> bool {
    matches!(
        kind,
        K::PATH_TYPE
            | K::VARCHAR_TYPE
            | K::CHARACTER_TYPE
            | K::BIT_TYPE
            | K::BIT_VARYING_TYPE
            | K::DOUBLE_TYPE
            | K::TIME_TYPE
            | K::TIMESTAMP_TYPE
            | K::INTERVAL_TYPE
            | K::ARRAY_TYPE
            | K::PERCENT_TYPE
    )
}

/// The type among the children of a node.
pub(super) fn child_type(node: Node<'_>) -> Option<Type> {
    node.children().find(|child| is_type(child.kind())).map(ty)
}

fn ty(node: Node<'_>) -> Type {
    let text = normal(node.text());
    if node.kind() == K::ARRAY_TYPE {
        let inner = node
            .children()
            .find(|child| is_type(child.kind()))
            .map(ty)
            .unwrap_or_default();
        return Type {
            text,
            array: true,
            span: node.span(),
            ..inner
        };
    }
    let mut arguments: Vec<String> = match node.child(K::ARG_LIST) {
        Some(list) => list
            .children()
            .filter(|arg| arg.kind() == K::ARG)
            .map(|arg| arg.text().to_owned())
            .collect(),
        None => node
            .children()
            .filter(|child| child.kind() == K::LITERAL)
            .map(|literal| literal.text().to_owned())
            .collect(),
    };
    let zone = node.descendants().any(|child| child.kind() == K::WITH_TIMEZONE);
    let mut schema = None;
    let name = match node.kind() {
        K::VARCHAR_TYPE => "varchar".to_owned(),
        K::CHARACTER_TYPE if node.has(K::VARYING_KW) => "varchar".to_owned(),
        K::CHARACTER_TYPE => "char".to_owned(),
        K::BIT_TYPE => "bit".to_owned(),
        K::BIT_VARYING_TYPE => "varbit".to_owned(),
        K::DOUBLE_TYPE => "double precision".to_owned(),
        K::TIME_TYPE if zone => "timetz".to_owned(),
        K::TIME_TYPE => "time".to_owned(),
        K::TIMESTAMP_TYPE if zone => "timestamptz".to_owned(),
        K::TIMESTAMP_TYPE => "timestamp".to_owned(),
        K::INTERVAL_TYPE => "interval".to_owned(),
        _ => {
            let path = node.child(K::PATH_REF).and_then(name).unwrap_or_default();
            schema = path.schema.filter(|schema| schema != "pg_catalog");
            canonical(&path.name, &arguments)
        }
    };
    match &*name {
        // One character, unless it is called by the name that has no such default.
        "char" if arguments.is_empty() => arguments.push("1".to_owned()),
        "real" | "double precision" => arguments.clear(),
        _ => {}
    }
    Type {
        text,
        schema,
        name,
        arguments,
        array: false,
        span: node.span(),
    }
}

/// The name that every spelling of a type shares.
fn canonical(name: &str, arguments: &[String]) -> String {
    let short_float = arguments
        .first()
        .and_then(|bits| bits.parse::<u32>().ok())
        .is_some_and(|bits| bits <= 24);
    match name {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "serial4" => "serial",
        "serial8" => "bigserial",
        "serial2" => "smallserial",
        "bool" => "boolean",
        "decimal" | "dec" => "numeric",
        "float4" => "real",
        "float" if short_float => "real",
        "float" | "float8" => "double precision",
        "bpchar" if arguments.is_empty() => "bpchar",
        "bpchar" | "character" => "char",
        // In quotes it is a type of one byte.
        "char" => "\"char\"",
        other => other,
    }
    .to_owned()
}
