//! Which rows a condition lets through.

use squawk_parser::SyntaxKind as K;

use super::expression::{cast_value, column, literal, nodes, null_test, shape, strip};
use super::names::name;
use super::tree::Node;
use crate::sql::{Filter, Name, Shape};

/// Which rows a condition lets through.
pub(super) fn filter(condition: Node<'_>, target: &Name) -> Filter {
    match holds(condition, target) {
        Holds::Always => Filter::Always,
        Holds::NotNull(columns) => Filter::NotNull(columns),
        Holds::Null(columns) => Filter::Null(columns),
        Holds::Never | Holds::Sometimes => Filter::Some,
    }
}

enum Holds {
    Always,
    Never,
    NotNull(Vec<String>),
    Null(Vec<String>),
    Sometimes,
}

fn holds(node: Node<'_>, target: &Name) -> Holds {
    match null_test(node) {
        Some((column, true)) => return Holds::NotNull(vec![column]),
        Some((column, false)) => return Holds::Null(vec![column]),
        None => {}
    }
    match node.kind() {
        K::LITERAL if node.has(K::TRUE_KW) => Holds::Always,
        K::LITERAL if node.has(K::FALSE_KW) || node.has(K::NULL_KW) => Holds::Never,
        K::CAST_EXPR => match cast_value(node).map(|inner| literal(inner).to_lowercase()) {
            Some(text) if matches!(&*text, "true" | "'t'" | "'true'" | "1" | "'1'" | "'yes'" | "'on'") => {
                Holds::Always
            }
            _ => Holds::Sometimes,
        },
        K::PAREN_EXPR => node
            .first_node()
            .map_or(Holds::Sometimes, |inner| match inner.kind() {
                K::SELECT => row_of_its_own(inner).map_or(Holds::Sometimes, |value| holds(value, target)),
                _ => holds(inner, target),
            }),
        K::PREFIX_EXPR if node.has(K::NOT_KW) => match node.first_node().map(|inner| holds(inner, target)) {
            Some(Holds::Always) => Holds::Never,
            Some(Holds::Never) if !node.text().to_lowercase().contains("null") => Holds::Always,
            _ => Holds::Sometimes,
        },
        K::BIN_EXPR if node.has(K::AND_KW) => {
            nodes(node)
                .into_iter()
                .map(|part| holds(part, target))
                .fold(Holds::Always, |left, right| match (left, right) {
                    (Holds::Never, _) | (_, Holds::Never) => Holds::Never,
                    (Holds::Always, other) | (other, Holds::Always) => other,
                    (Holds::NotNull(mut columns), Holds::NotNull(more)) => {
                        columns.extend(more);
                        Holds::NotNull(columns)
                    }
                    (Holds::Null(mut columns), Holds::Null(more)) => {
                        columns.extend(more);
                        Holds::Null(columns)
                    }
                    _ => Holds::Sometimes,
                })
        }
        K::BIN_EXPR if node.has(K::OR_KW) => {
            let parts = nodes(node);
            if parts
                .iter()
                .any(|part| matches!(holds(*part, target), Holds::Always))
            {
                return Holds::Always;
            }
            let tests: Vec<_> = parts.iter().filter_map(|part| null_test(*part)).collect();
            match &*tests {
                [(one, true), (other, false)] | [(one, false), (other, true)] if one == other => {
                    Holds::Always
                }
                // What other rows it lets through beside those makes it none of fewer.
                _ => parts
                    .into_iter()
                    .map(|part| holds(part, target))
                    .find(|part| matches!(part, Holds::Null(_)))
                    .unwrap_or(Holds::Sometimes),
            }
        }
        K::BIN_EXPR if node.has(K::IN_KW) => whole_table(node, target),
        K::BIN_EXPR => compare(node),
        // The first one is what it is, if it is not NULL.
        K::CALL_EXPR => match first_of_coalesce(node).map(|first| holds(first, target)) {
            Some(Holds::Always) => Holds::Always,
            _ => Holds::Sometimes,
        },
        _ => Holds::Sometimes,
    }
}

fn first_of_coalesce(call: Node<'_>) -> Option<Node<'_>> {
    let called = call.first_node().filter(|called| called.kind() == K::NAME_REF)?;
    let first = call.child(K::ARG_LIST)?.child(K::ARG)?.first_node();
    first.filter(|_| called.text().eq_ignore_ascii_case("coalesce"))
}

/// The first value of a query that gives one row whatever there is: it is from nowhere, and leaves nothing out.
fn row_of_its_own(query: Node<'_>) -> Option<Node<'_>> {
    let plain = query
        .children()
        .all(|child| child.is_token() || child.kind() == K::SELECT_CLAUSE);
    query.find(K::TARGET)?.first_node().filter(|_| plain)
}

/// `id IN (SELECT id FROM t)` over the very table that is written.
fn whole_table(node: Node<'_>, target: &Name) -> Holds {
    let Some(query) = node.find(K::SELECT) else {
        return Holds::Sometimes;
    };
    let narrowed = [
        K::WHERE_CLAUSE,
        K::LIMIT_CLAUSE,
        K::FETCH_CLAUSE,
        K::GROUP_BY_CLAUSE,
        K::HAVING_CLAUSE,
        K::WITH_CLAUSE,
    ]
    .iter()
    .any(|kind| query.find(*kind).is_some());
    let tables: Vec<Name> = query
        .descendants()
        .filter(|child| child.kind() == K::RELATION_NAME_REF)
        .filter_map(name)
        .collect();
    let column = node.first_node().and_then(column);
    let selected = query
        .find(K::TARGET)
        .and_then(|target| target.first_node())
        .and_then(self::column);
    match (&*tables, column, selected) {
        ([one], Some(column), Some(selected))
            if one.name == target.name && column == selected && !narrowed =>
        {
            Holds::NotNull(vec![column])
        }
        _ => Holds::Sometimes,
    }
}

fn compare(node: Node<'_>) -> Holds {
    let parts: Vec<_> = nodes(node)
        .into_iter()
        .filter(|part| part.kind() != K::OP)
        .map(strip)
        .collect();
    let [left, right] = *parts else {
        return Holds::Sometimes;
    };
    let operator = operator_between(node, left, right);
    if let (Shape::Column(one), Shape::Column(other)) = (shape(left), shape(right)) {
        return match &*operator {
            // Nobody compares a column with itself to leave rows out.
            "=" | "<=" | ">=" if one == other && left.text() == right.text() => Holds::Always,
            _ => Holds::Sometimes,
        };
    }
    if let (Shape::Column(column), "like" | "ilike") = (shape(left), &*operator) {
        return if right.text() == "'%'" {
            Holds::NotNull(vec![column])
        } else {
            Holds::Sometimes
        };
    }
    if shape(left) != Shape::Literal || shape(right) != Shape::Literal {
        return Holds::Sometimes;
    }
    let (one, other) = (literal(left), literal(right));
    let truth = match (number(&one), number(&other)) {
        (Some(one), Some(other)) => match &*operator {
            "=" => one == other,
            "<>" | "!=" => one != other,
            "<" => one < other,
            "<=" => one <= other,
            ">" => one > other,
            ">=" => one >= other,
            _ => return Holds::Sometimes,
        },
        _ => match &*operator {
            "=" | "is" => one.eq_ignore_ascii_case(&other),
            "<>" | "!=" => !one.eq_ignore_ascii_case(&other),
            _ => return Holds::Sometimes,
        },
    };
    if truth { Holds::Always } else { Holds::Never }
}

fn operator_between(node: Node<'_>, left: Node<'_>, right: Node<'_>) -> String {
    let from = (left.span().end.max(node.span().start) - node.span().start) as usize;
    let to = (right.span().start.max(node.span().start) - node.span().start) as usize;
    let text = node.text().get(from..to).unwrap_or("");
    text.trim_matches(|c: char| c.is_whitespace() || c == '(' || c == ')')
        .to_lowercase()
}

fn number(text: &str) -> Option<f64> {
    text.replace(' ', "").parse().ok()
}
