//! What a statement takes for granted beside what its operation says.

mod given;
mod index;
mod named;
mod object;
mod plain;
mod query;
mod rows;
mod setting;
mod table;

use squawk_parser::SyntaxKind as K;

pub(super) use given::{called, columns};

use super::names::{child_name, child_word, name, relation, word};
use super::tree::Node;
use super::types::child_type;
use super::value::value;
use crate::sql::{Check, Name, Source, Span, TablePart};

/// What a statement takes for granted.
pub(super) fn checks(node: Node<'_>) -> Vec<Check> {
    let mut out = Vec::new();
    match node.kind() {
        K::CREATE_TABLE | K::CREATE_FOREIGN_TABLE => table::created(node, &mut out),
        K::ALTER_TABLE => table::altered(node, &mut out),
        K::CREATE_INDEX => index::index(node, &mut out),
        K::CREATE_VIEW | K::CREATE_MATERIALIZED_VIEW => query::view(node, &mut out),
        K::CREATE_TRIGGER => plain::trigger(node, &mut out),
        K::CREATE_FUNCTION | K::CREATE_PROCEDURE => plain::function(node, &mut out),
        K::CREATE_SEQUENCE | K::ALTER_SEQUENCE => plain::sequence(node, &mut out),
        K::CREATE_POLICY | K::ALTER_POLICY => object::policy(node, &mut out),
        K::CREATE_TYPE | K::ALTER_TYPE => plain::ty(node, &mut out),
        K::CREATE_DOMAIN | K::ALTER_DOMAIN => table::domain(node, &mut out),
        K::CREATE_SCHEMA => plain::schema(node, &mut out),
        K::CREATE_STATISTICS => plain::statistics(node, &mut out),
        K::CREATE_PUBLICATION | K::ALTER_PUBLICATION => object::publication(node, &mut out),
        K::REFRESH => object::refresh(node, &mut out),
        K::SET => setting::setting(node, &mut out),
        K::COMMENT_ON => object::comment(node, &mut out),
        K::GRANT | K::REVOKE => object::grant(node, &mut out),
        K::CLUSTER | K::CLUSTER_LEGACY => object::cluster(node, &mut out),
        K::REINDEX if node.has(K::REINDEX_TARGET_SYSTEM) => object::reindex(node, &mut out),
        K::CREATE_CAST | K::CREATE_OPERATOR | K::CREATE_ACCESS_METHOD => out.push(Check::Widens),
        K::CREATE_TABLE_AS | K::SELECT_INTO => query::given(node, &mut out),
        K::INSERT | K::UPDATE | K::DELETE | K::SELECT | K::COMPOUND_SELECT | K::VALUES => {
            rows::statement(node, &mut out)
        }
        _ => {}
    }
    out
}

fn refuse(out: &mut Vec<Check>, at: Node<'_>, message: impl Into<String>) {
    out.push(Check::Refused(at.span(), message.into()));
}

/// A table whose columns an expression may name by themselves.
fn alone(table: &Name) -> Vec<Source> {
    vec![Source {
        called: table.name.clone(),
        table: Some(table.clone()),
    }]
}

fn computed(out: &mut Vec<Check>, scope: &[Source], node: Node<'_>, condition: Option<&'static str>) {
    out.push(Check::Computed {
        scope: scope.to_vec(),
        value: value(node),
        condition,
        closed: false,
    });
}

/// The same of what can name columns of nothing else.
fn closed(out: &mut Vec<Check>, scope: &[Source], node: Node<'_>, condition: Option<&'static str>) {
    out.push(Check::Computed {
        scope: scope.to_vec(),
        value: value(node),
        condition,
        closed: true,
    });
}

fn part(out: &mut Vec<Check>, table: &Name, part: TablePart, node: Option<Node<'_>>) {
    if let Some(name) = node.and_then(word) {
        out.push(Check::Part {
            table: table.clone(),
            part,
            name,
        });
    }
}

/// The first of several names that stands there for the second time.
fn twice<'t>(names: impl Iterator<Item = Node<'t>>) -> Option<(String, Span)> {
    let mut seen: Vec<String> = Vec::new();
    for name in names.filter_map(word) {
        if seen.contains(&name.text) {
            return Some((name.text, name.span));
        }
        seen.push(name.text);
    }
    None
}

fn number(node: Node<'_>) -> Option<i128> {
    let text: String = node.text().split_whitespace().collect();
    text.trim_start_matches('+').parse().ok()
}

fn kinds<'t>(node: Node<'t>, kind: K) -> impl Iterator<Item = Node<'t>> + Clone {
    let found: Vec<Node<'t>> = node.children().filter(|child| child.kind() == kind).collect();
    found.into_iter()
}
