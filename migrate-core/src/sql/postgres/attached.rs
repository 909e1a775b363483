//! What a trigger or a policy does, in one spelling, so that two of them can be told apart.

use squawk_parser::SyntaxKind as K;

use super::names::word;
use super::tree::Node;
use crate::sql::canonical;

/// When a trigger fires and for what: the events in any order, a level that is not written as the one that is meant.
pub(super) fn trigger(node: Node<'_>) -> String {
    let timing = [
        (K::TIMING_BEFORE, "before"),
        (K::TIMING_AFTER, "after"),
        (K::TIMING_INSTEAD_OF, "instead of"),
    ];
    let timing = timing.iter().find(|(kind, _)| node.has(*kind));
    let mut events: Vec<String> = node
        .child(K::TRIGGER_EVENT_LIST)
        .into_iter()
        .flat_map(Node::children)
        .filter(|child| !child.is_token())
        .map(event)
        .collect();
    events.sort();
    let level = match node.has(K::FOR_EACH_ROW) {
        true => "row",
        false => "statement",
    };
    let when = node.child(K::WHEN_CONDITION).map_or_else(String::new, |when| {
        let when = canonical(when.text());
        format!(" {when}")
    });
    let timing = timing.map_or("", |(_, timing)| timing);
    format!("{timing} {} for each {level}{when}", events.join(" or "))
}

fn event(event: Node<'_>) -> String {
    let what = match event.kind() {
        K::TRIGGER_EVENT_INSERT => "insert",
        K::TRIGGER_EVENT_DELETE => "delete",
        K::TRIGGER_EVENT_TRUNCATE => "truncate",
        _ => "update",
    };
    let named = event
        .descendants()
        .filter(|child| child.kind() == K::COLUMN_NAME_REF);
    let mut columns: Vec<String> = named.filter_map(word).map(|column| column.text).collect();
    columns.sort();
    match columns.is_empty() {
        true => what.to_owned(),
        false => format!("{what} of {}", columns.join(", ")),
    }
}

/// Whom a policy lets do what with which rows.
pub(super) fn policy(node: Node<'_>) -> String {
    let part = |kind: K, otherwise: &str| {
        node.child(kind).map_or_else(
            || otherwise.to_owned(),
            |part| canonical(part.text()).to_lowercase(),
        )
    };
    let mut roles: Vec<String> = node
        .child(K::POLICY_ROLES)
        .into_iter()
        .flat_map(Node::descendants)
        .filter(|child| child.kind() == K::ROLE_REF)
        .filter_map(word)
        .map(|role| role.text)
        .collect();
    roles.sort();
    if roles.is_empty() {
        roles.push("public".to_owned());
    }
    let clause = |kind: K| {
        let part = node.child(kind);
        part.map_or_else(String::new, |part| format!(" {}", canonical(part.text())))
    };
    format!(
        "{} {} to {}{}{}",
        part(K::AS_POLICY_TYPE, "as permissive"),
        part(K::POLICY_COMMAND, "for all"),
        roles.join(", "),
        clause(K::USING_EXPR_CLAUSE),
        clause(K::WITH_CHECK_EXPR_CLAUSE),
    )
}
