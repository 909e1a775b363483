//! Columns that a statement names twice where PostgreSQL takes each once.

use squawk_parser::SyntaxKind as K;

use super::names::{fold, word};
use super::tree::Node;
use crate::sql::Word;

/// A name that a list of columns has twice.
pub(super) fn named(list: Node<'_>) -> Option<Word> {
    let names = list.children().filter(|child| child.kind() == K::COLUMN_NAME);
    Word::twice(names.filter_map(word))
}

/// A column that a query shows twice under the same name.
pub(super) fn shown(query: Node<'_>) -> Option<Word> {
    if !matches!(query.kind(), K::SELECT | K::SELECT_INTO) {
        return None;
    }
    let list = query.child(K::SELECT_CLAUSE)?.find(K::TARGET_LIST)?;
    let targets = list.children().filter(|child| child.kind() == K::TARGET);
    Word::twice(targets.filter_map(called))
}

/// What PostgreSQL calls a column of a query, where that is sure.
fn called(target: Node<'_>) -> Option<Word> {
    let of = |node: Node<'_>| {
        let last = node.tokens().last().filter(|last| last.kind() != K::STAR)?;
        Some(Word {
            text: fold(last.text()),
            span: last.span(),
        })
    };
    if let Some(name) = target.child(K::AS_NAME) {
        return of(name);
    }
    let value = target.first_node()?;
    match value.kind() {
        K::NAME_REF | K::FIELD_EXPR => of(value),
        K::CALL_EXPR => value
            .first_node()
            .filter(|function| matches!(function.kind(), K::NAME_REF | K::FIELD_EXPR))
            .and_then(of),
        K::LITERAL if !matches!(value.tokens().next()?.kind(), K::TRUE_KW | K::FALSE_KW) => Some(Word {
            text: "?column?".to_owned(),
            span: value.span(),
        }),
        _ => None,
    }
}

/// A column that one list of an INSERT, UPDATE or MERGE gives a value twice.
pub(super) fn written(write: Node<'_>) -> Option<Word> {
    let mut found: Vec<Node<'_>> = lists(write).collect();
    for part in write.children().filter(|part| !part.is_token()) {
        match part.kind() {
            K::ON_CONFLICT_CLAUSE => found.extend(part.find(K::SET_CLAUSE)),
            K::MERGE_WHEN_MATCHED | K::MERGE_WHEN_NOT_MATCHED_SOURCE | K::MERGE_WHEN_NOT_MATCHED_TARGET => {
                let actions = part.children().filter(|action| !action.is_token());
                found.extend(actions.flat_map(lists));
            }
            _ => {}
        }
    }
    found.into_iter().find_map(|list| {
        let targets = list
            .descendants()
            .filter(|child| child.kind() == K::COLUMN_TARGET);
        Word::twice(targets.filter(|target| is_whole(*target)).filter_map(word))
    })
}

fn lists<'a>(node: Node<'a>) -> impl Iterator<Item = Node<'a>> {
    node.children()
        .filter(|part| matches!(part.kind(), K::SET_CLAUSE | K::COLUMN_TARGET_LIST))
}

/// Whether a value is for the column itself, and not for a field or an element of it.
fn is_whole(target: Node<'_>) -> bool {
    !target.text().contains(['.', '['])
}
