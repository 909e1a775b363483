//! CREATE VIEW.

use squawk_parser::SyntaxKind as K;

use super::expression::expr;
use super::names::{child_name, fold, name, word};
use super::reads::reads;
use super::tree::Node;
use super::twice::{named, shown};
use crate::sql::expression::normal;
use crate::sql::{Name, Operation, View};

pub(super) fn view(node: Node<'_>) -> Option<Operation> {
    let query = node.children().find(|child| {
        matches!(
            child.kind(),
            K::SELECT | K::COMPOUND_SELECT | K::VALUES | K::TABLE
        )
    });
    let plain = query.filter(|query| {
        query.kind() == K::SELECT
            && query
                .children()
                .all(|part| matches!(part.kind(), K::SELECT_CLAUSE | K::FROM_CLAUSE | K::WHERE_CLAUSE))
            && query.find(K::DISTINCT_CLAUSE).is_none()
    });
    let (mut updatable, mut targets, mut computes) = (None, Vec::new(), false);
    if let Some(query) = plain {
        let from = query.child(K::FROM_CLAUSE);
        let tables: Vec<Name> = from
            .into_iter()
            .flat_map(Node::descendants)
            .filter(|child| child.kind() == K::RELATION_NAME_REF)
            .filter_map(name)
            .collect();
        // What is joined or computed beside the table has columns of its own, and so has what an alias renames.
        let item = from
            .filter(|from| from.children().filter(|child| !child.is_token()).count() == 1)
            .and_then(Node::first_node)
            .filter(|item| item.kind() == K::RELATION_FROM_ITEM && item.find(K::COLUMN_LIST).is_none());
        if let ([table], Some(_)) = (&*tables, item) {
            updatable = Some(table.clone());
        }
        let alias = item
            .and_then(|item| item.find(K::TABLE_ALIAS))
            .and_then(|alias| alias.tokens().last())
            .map(|token| fold(token.text()));
        let clause = query.child(K::SELECT_CLAUSE);
        let list = clause.and_then(|clause| clause.find(K::TARGET_LIST));
        let items = list.into_iter().flat_map(Node::children);
        for target in items.filter(|child| child.kind() == K::TARGET) {
            let of_alias = || target.text().trim_end().ends_with(".*");
            if target.has(K::STAR) || of_alias() {
                targets.push((String::new(), String::new()));
                continue;
            }
            let value = target.first_node().map(expr);
            let shown = target
                .find(K::AS_NAME)
                .and_then(|name| name.tokens().last())
                .map(|token| fold(token.text()));
            let column = value.and_then(|value| match value.shape {
                crate::sql::Shape::Column(column) => Some(column),
                _ => value
                    .columns
                    .first()
                    .filter(|_| {
                        let plain = value.calls.is_empty() && !value.query && !value.text.contains('(');
                        plain && value.text.contains('.')
                    })
                    .cloned(),
            });
            match column.filter(|column| alias.as_ref() != Some(column)) {
                Some(column) => targets.push((shown.unwrap_or_else(|| column.clone()), column)),
                None => computes = true,
            }
        }
        if let Some(list) = node.child(K::COLUMN_LIST) {
            let names = list
                .children()
                .filter(|child| child.kind() == K::COLUMN_NAME)
                .filter_map(word);
            for (target, name) in targets.iter_mut().zip(names) {
                target.0 = name.text;
            }
        }
    }
    Some(Operation::CreateView(Box::new(View {
        gives: Vec::new(),
        name: child_name(node, K::VIEW)?,
        materialized: node.kind() == K::CREATE_MATERIALIZED_VIEW,
        temporary: node.has(K::TEMP),
        or_replace: node.has(K::OR_REPLACE),
        if_not_exists: node.has(K::IF_NOT_EXISTS),
        updatable,
        targets,
        computes,
        query: query.map(|query| normal(query.text())).unwrap_or_default(),
        reads: query.map(reads).unwrap_or_default(),
        counts: None,
        twice: match node.child(K::COLUMN_LIST) {
            Some(list) => named(list),
            None => query.and_then(shown),
        },
    })))
}
