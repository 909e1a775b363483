//! Functions, procedures and DO.

use squawk_parser::SyntaxKind as K;

use super::names::{name, string};
use super::tree::Node;
use crate::model::Dialect;
use crate::sql::{Operation, Volatility, body};

pub(super) fn function(node: Node<'_>) -> Option<Operation> {
    let named = node.children().find(|child| {
        matches!(
            child.kind(),
            K::FUNCTION_NAME | K::PROCEDURE_NAME | K::AGGREGATE_NAME
        )
    })?;
    let volatility = node
        .child(K::FUNC_OPTION_LIST)
        .and_then(volatility)
        .unwrap_or(Volatility::Volatile);
    let returns = node.child(K::RET_TYPE).map_or("", |returns| returns.text());
    let returned = returns.split_whitespace().last().unwrap_or_default();
    let returned = returned.rsplit('.').next().unwrap_or_default();
    Some(Operation::CreateFunction {
        name: name(named)?,
        or_replace: node.has(K::OR_REPLACE),
        volatility,
        drops: takes_away(node.text()),
        of_trigger: ["trigger", "event_trigger"]
            .iter()
            .any(|kind| returned.eq_ignore_ascii_case(kind)),
        body: None,
    })
}

/// Whether there is a word in a body by which it takes something away or changes it.
fn takes_away(body: &str) -> bool {
    let inside = |character: char| character.is_alphanumeric() || character == '_';
    let words = body.split(|character| !inside(character));
    words.into_iter().any(|word| {
        ["drop", "rename", "alter"]
            .iter()
            .any(|one| word.eq_ignore_ascii_case(one))
    })
}

/// What the options of a function promise.
pub(super) fn volatility(options: Node<'_>) -> Option<Volatility> {
    let promises = [
        (K::IMMUTABLE, Volatility::Immutable),
        (K::STABLE, Volatility::Stable),
        (K::VOLATILE, Volatility::Volatile),
    ];
    let said = |(kind, volatility)| options.has(kind).then_some(volatility);
    promises.into_iter().find_map(said)
}

pub(super) fn do_block(node: Node<'_>) -> Option<Operation> {
    let language = node.find(K::LANGUAGE_REF).map(|at| at.text().to_lowercase());
    if language.is_some_and(|language| language != "plpgsql") {
        return None;
    }
    let literal = node
        .children()
        .filter(|child| child.kind() == K::LITERAL)
        .find_map(|child| child.tokens().next())?;
    let text = literal.text();
    let start = literal.span().start;
    Some(if text.starts_with('$') {
        let tag = text.get(1..)?.find('$')? + 2;
        let inner = text.get(tag..text.len().saturating_sub(tag))?;
        body::read(inner, start + tag as u32, Dialect::Postgres, 0)
    } else {
        // Doubled quotes shift the offsets, but the lines stay right.
        body::read(&string(text), start + 1, Dialect::Postgres, 0)
    })
}
