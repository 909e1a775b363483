//! Functions, procedures and DO.

use squawk_parser::SyntaxKind as K;

use super::expression::expr;
use super::names::{child_word, fold, name, string};
use super::tree::{Node, Tree};
use super::types::child_type;
use crate::model::Dialect;
use crate::sql::{Operation, Signature, Type, Volatility, body};

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
        alters: false,
        volatility,
        drops: takes_away(node.text()),
        of_trigger: ["trigger", "event_trigger"]
            .iter()
            .any(|kind| returned.eq_ignore_ascii_case(kind)),
        definition: None,
        signature: signature(node, volatility).map(Box::new),
        of: None,
        body: None,
    })
}

/// What it takes and returns; nothing where a parameter is given back or its type is told by another object.
fn signature(node: Node<'_>, volatility: Volatility) -> Option<Signature> {
    let list = node.child(K::PARAM_LIST)?;
    let (mut takes, mut defaults) = (Vec::new(), Vec::new());
    let (mut known, mut gives, mut variadic) = (true, false, false);
    for param in list.children().filter(|child| child.kind() == K::PARAM) {
        gives |= param.has(K::PARAM_OUT) || param.has(K::PARAM_IN_OUT);
        variadic |= param.has(K::PARAM_VARIADIC);
        if param.has(K::PARAM_OUT) {
            continue;
        }
        let ty = child_type(param);
        known &= ty.as_ref().is_some_and(|ty| !ty.text.contains('%'));
        takes.push((
            child_word(param, K::PARAM_NAME).map(|name| name.text),
            ty.unwrap_or_default(),
        ));
        let default = param.child(K::PARAM_DEFAULT).and_then(Node::last_node);
        defaults.push(default.map(expr));
    }
    let returned = node.child(K::RET_TYPE).filter(|_| !gives);
    let returns = returned.and_then(child_type).map(|ty| {
        let many = returned.is_some_and(|returned| returned.find(K::SETOF_KW).is_some());
        let (set, array) = (if many { "setof " } else { "" }, if ty.array { "[]" } else { "" });
        format!("{set}{}{array}", ty.name)
    });
    let procedure = node.kind() == K::CREATE_PROCEDURE;
    // Until PostgreSQL 13 a procedure has no OUT parameters, and from 14 on they tell procedures apart.
    (known && node.kind() != K::CREATE_AGGREGATE && !(procedure && gives)).then_some(Signature {
        takes,
        returns,
        procedure,
        inlined: node
            .child(K::FUNC_OPTION_LIST)
            .and_then(language)
            .is_none_or(|language| language == "sql"),
        volatility,
        defaults,
        variadic,
    })
}

/// The types by which ALTER and DROP tell functions of one name apart; none where they say nothing.
pub(super) fn named_types(node: Node<'_>) -> Option<Vec<Type>> {
    let list = node.find(K::PARAM_LIST)?;
    let params = list.children().filter(|child| child.kind() == K::PARAM);
    let taken = params.filter(|param| !param.has(K::PARAM_OUT));
    Some(taken.map(|param| child_type(param).unwrap_or_default()).collect())
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

/// The language that is named, as a name or in quotes.
fn language(node: Node<'_>) -> Option<String> {
    let said = node
        .children()
        .find(|child| matches!(child.kind(), K::LANGUAGE_FUNC_OPTION | K::DO_LANGUAGE))?;
    let text = said.tokens().last()?.text();
    Some(match text.starts_with('"') {
        true => fold(text),
        false => string(text).to_lowercase(),
    })
}

pub(super) fn do_block(node: Node<'_>) -> Option<Operation> {
    if language(node).is_some_and(|language| language != "plpgsql") {
        return None;
    }
    let literal = node
        .children()
        .filter(|child| child.kind() == K::LITERAL)
        .find_map(|child| child.tokens().next())?;
    Some(within(literal))
}

/// What a function or procedure does when it is called.
pub(in super::super) fn body_of(statement: &str) -> Option<Operation> {
    let tree = Tree::parse(statement);
    let node = tree.statement().filter(|node| {
        let made = matches!(node.kind(), K::CREATE_FUNCTION | K::CREATE_PROCEDURE);
        made && tree.error.is_none()
    })?;
    let options = node.child(K::FUNC_OPTION_LIST)?;
    if !["plpgsql", "sql"].contains(&&*language(options)?) {
        return None;
    }
    if let Some(atomic) = options.find(K::ATOMIC_BODY).or_else(|| node.find(K::ATOMIC_BODY)) {
        return Some(within_atomic(atomic));
    }
    let literal = options.find(K::AS_FUNC_OPTION)?.find(K::LITERAL)?;
    literal.tokens().next().map(within)
}

/// The statements of a body that is no text: `BEGIN ATOMIC …; END`.
fn within_atomic(body: Node<'_>) -> Operation {
    let text = body.text();
    let inner = text
        .to_ascii_lowercase()
        .find("atomic")
        .map_or(0, |at| at + "atomic".len());
    body::read(
        &text[inner..],
        body.span().start + inner as u32,
        Dialect::Postgres,
        0,
    )
}

/// The statements within a literal.
fn within(literal: Node<'_>) -> Operation {
    let text = literal.text();
    let start = literal.span().start;
    let tag = text
        .strip_prefix('$')
        .and_then(|rest| rest.find('$'))
        .map(|at| at + 2);
    match tag.and_then(|tag| Some((tag, text.get(tag..text.len().checked_sub(tag)?)?))) {
        Some((tag, inner)) => body::read(inner, start + tag as u32, Dialect::Postgres, 0),
        // Doubled quotes shift the offsets, but the lines stay right.
        None => body::read(&string(text), start + 1, Dialect::Postgres, 0),
    }
}
