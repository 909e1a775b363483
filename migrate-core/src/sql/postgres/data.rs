//! Reading and writing rows.

use squawk_parser::SyntaxKind as K;

use super::expression::expr;
use super::filter::filter;
use super::names::{fold, name, relation, string, word};
use super::reads::reads;
use super::tree::Node;
use super::twice::written;
use crate::sql::{Filter, Name, Operation, Word, Write, WriteKind};

pub(super) fn data(node: Node<'_>) -> Operation {
    if let Some(set) = set_config(node) {
        return set;
    }
    let mut calls = expr(node).calls;
    if node.kind() == K::CALL {
        calls.extend(node.child(K::PROCEDURE_NAME_REF).and_then(name));
    }
    let itself = std::iter::once(node);
    let writes = itself
        .chain(node.descendants())
        .filter(|child| !child.is_token())
        .filter_map(write)
        .collect();
    let literals = node
        .descendants()
        .filter(|child| child.kind() == K::STRING)
        .map(|text| string(text.text()));
    Operation::Data {
        writes,
        calls,
        literals: literals.collect(),
        reads: reads(node),
    }
}

fn write(node: Node<'_>) -> Option<Write> {
    let kind = match node.kind() {
        K::INSERT => WriteKind::Insert,
        K::UPDATE => WriteKind::Update,
        K::DELETE => WriteKind::Delete,
        K::MERGE => WriteKind::Merge,
        K::COPY if node.has(K::COPY_FROM) => WriteKind::Copy,
        _ => return None,
    };
    let below = match kind {
        WriteKind::Insert => node.child(K::RELATION_NAME_REF).and_then(name),
        WriteKind::Update | WriteKind::Delete => node.child(K::RELATION_NAME).and_then(relation),
        WriteKind::Merge => node.child(K::TABLE_RELATION_NAME).and_then(relation),
        WriteKind::Copy => node.child(K::COPY_TABLE).and_then(relation),
    };
    let table: Name = below.or_else(|| relation(node))?;
    let filter = match kind {
        WriteKind::Update | WriteKind::Delete => match node.child(K::WHERE_CLAUSE) {
            Some(clause) => clause
                .first_node()
                .map_or(Filter::Some, |condition| filter(condition, &table)),
            None if node.has(K::WHERE_CURRENT_OF) => Filter::Some,
            None => Filter::Missing,
        },
        _ => Filter::Some,
    };
    let targets = match kind {
        WriteKind::Update => node.child(K::SET_CLAUSE),
        WriteKind::Copy => node.child(K::COPY_TABLE),
        _ => node.child(K::COLUMN_TARGET_LIST),
    };
    let target = match kind {
        WriteKind::Copy => K::COLUMN_NAME_REF,
        _ => K::COLUMN_TARGET,
    };
    let columns = targets
        .into_iter()
        .flat_map(Node::descendants)
        .filter(|child| child.kind() == target)
        .filter_map(word)
        .collect();
    let on_index = node
        .child(K::ON_CONFLICT_CLAUSE)
        .and_then(|clause| clause.child(K::CONFLICT_ON_INDEX))
        .filter(|target| !target.has(K::WHERE_CLAUSE));
    let bulk = kind != WriteKind::Insert
        || node.has(K::SELECT)
        || node.has(K::COMPOUND_SELECT)
        || node.has(K::TABLE);
    Some(Write {
        table,
        kind,
        filter,
        bulk,
        columns,
        widths: match kind {
            WriteKind::Insert => node.child(K::VALUES).map(widths).unwrap_or_default(),
            _ => Vec::new(),
        },
        conflict: on_index.and_then(conflict).unwrap_or_default(),
        bare: node.has(K::DEFAULT_VALUES),
        twice: written(node),
        span: node.span(),
        ..Write::default()
    })
}

/// How many values the rows have that are listed, each number once; none where a `*` may stand for several.
fn widths(values: Node<'_>) -> Vec<usize> {
    let mut widths = Vec::new();
    let rows = values.child(K::ROW_LIST).into_iter().flat_map(Node::children);
    for row in rows.filter(|row| row.kind() == K::ROW && !row.text().contains('*')) {
        let width = row.children().filter(|value| !value.is_token()).count();
        if !widths.contains(&width) {
            widths.push(width);
        }
    }
    widths
}

/// The columns of `ON CONFLICT (…)`, where there is nothing else.
fn conflict(target: Node<'_>) -> Option<Vec<Word>> {
    let list = target.child(K::CONFLICT_INDEX_ITEM_LIST)?;
    let items = list
        .children()
        .filter(|item| item.kind() == K::CONFLICT_INDEX_ITEM);
    items
        .map(|item| match item.children().collect::<Vec<_>>()[..] {
            [only] if only.kind() == K::NAME_REF => word(only),
            _ => None,
        })
        .collect()
}

/// `SELECT set_config('name', 'value', local)`.
fn set_config(node: Node<'_>) -> Option<Operation> {
    if node.kind() != K::SELECT || node.has(K::FROM_CLAUSE) {
        return None;
    }
    let call = node.find(K::CALL_EXPR)?;
    if name(call.first_node()?)?.name != "set_config" {
        return None;
    }
    let arguments: Vec<Node<'_>> = call
        .child(K::ARG_LIST)?
        .children()
        .filter(|argument| argument.kind() == K::ARG)
        .collect();
    let [setting, value, local] = *arguments else {
        return None;
    };
    let values = string(value.text());
    // An empty text is a path without a schema, and not the usual one.
    let emptied = values.trim().is_empty() && value.text().starts_with('\'');
    Some(Operation::Set {
        name: string(setting.text()).to_lowercase(),
        values: values
            .split(',')
            .map(|part| fold(part.trim()))
            .filter(|part| emptied || !part.is_empty())
            .collect(),
        local: local.text().eq_ignore_ascii_case("true"),
    })
}
