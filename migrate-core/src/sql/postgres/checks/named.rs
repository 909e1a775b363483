//! Columns with a name before them: whether something in the query is called so and has the column.

use squawk_parser::SyntaxKind as K;

use super::query::{shown_name, shown_value};
use super::{child_name, kinds, name, word};
use crate::sql::Check;
use crate::sql::postgres::tree::Node;

/// What is written `name.column` where nothing has that name.
pub(super) fn unnamed(statement: Node<'_>, out: &mut Vec<Check>) {
    let itself = || std::iter::once(statement).chain(statement.descendants());
    let mut called: Vec<String> = ["excluded", "new", "old"].map(str::to_owned).to_vec();
    for child in itself().filter(|child| !child.is_token()) {
        match child.kind() {
            K::TABLE_ALIAS | K::CTE_NAME => called.extend(word(child).map(|word| word.text)),
            // What has an alias is called by that alone.
            K::RELATION_FROM_ITEM if child.child(K::FROM_ALIAS).is_none() => {
                called.extend(child_name(child, K::RELATION_NAME_REF).map(|name| name.name));
            }
            K::RELATION_FROM_ITEM => {}
            K::FUNCTION_FROM_ITEM => {
                called.extend(
                    child
                        .find(K::CALL_EXPR)
                        .and_then(Node::first_node)
                        .and_then(name)
                        .map(|name| name.name),
                );
            }
            K::INSERT | K::UPDATE | K::DELETE
                if child.has(K::REQUIRED_AS_ALIAS) || child.has(K::OPTIONAL_AS_ALIAS) => {}
            K::INSERT | K::UPDATE | K::DELETE | K::MERGE => {
                let written = [K::RELATION_NAME, K::RELATION_NAME_REF, K::TABLE_RELATION_NAME];
                let tables = child.children().filter(|part| written.contains(&part.kind()));
                let named = |part: Node<'_>| match part.kind() {
                    K::RELATION_NAME_REF => name(part),
                    _ => super::relation(part),
                };
                called.extend(tables.filter_map(named).map(|table| table.name));
            }
            K::JOIN_USING_CLAUSE | K::GRAPH_TABLE_FN => return,
            _ => {}
        }
    }
    let mut functions = Vec::new();
    for part in itself() {
        match part.kind() {
            K::CALL_EXPR => functions.extend(part.first_node().map(Node::span)),
            K::FIELD_EXPR if !functions.contains(&part.span()) => {
                let names: Vec<Node<'_>> = part.children().collect();
                if let [of, dot, column] = *names
                    && of.kind() == K::NAME_REF
                    && dot.kind() == K::DOT
                    && column.kind() == K::NAME_REF
                    && let Some(of) = word(of)
                    && !called.contains(&of.text)
                    && !within_field(part, statement)
                {
                    let message = format!("nothing in FROM is called `{of}`");
                    out.push(Check::Refused(of.span, message));
                    return;
                }
            }
            _ => {}
        }
    }
}

/// Whether a `schema.table` stands before another dot.
fn within_field(part: Node<'_>, statement: Node<'_>) -> bool {
    statement
        .descendants()
        .filter(|other| matches!(other.kind(), K::FIELD_EXPR | K::CALL_EXPR))
        .any(|other| {
            other.span() != part.span()
                && other
                    .first_node()
                    .is_some_and(|first| first.span() == part.span())
        })
}

/// The columns of a query in FROM or WITH that it is sure to have, and one that is named and not among them.
pub(super) fn derived(statement: Node<'_>, out: &mut Vec<Check>) {
    let itself = || {
        std::iter::once(statement)
            .chain(statement.descendants())
            .filter(|child| !child.is_token())
    };
    let mut known: Vec<(String, Option<Vec<String>>)> = Vec::new();
    let named_by = |query: Node<'_>| -> Option<Vec<String>> {
        let query = match query.kind() {
            K::PAREN_SELECT => query.children().find(|child| child.kind() == K::SELECT)?,
            K::SELECT => query,
            _ => return None,
        };
        let list = query.child(K::SELECT_CLAUSE)?.child(K::TARGET_LIST)?;
        kinds(list, K::TARGET)
            .map(|target| shown_value(target).and(shown_name(target)))
            .collect()
    };
    let mut ctes: Vec<(String, Option<Vec<String>>)> = Vec::new();
    for child in itself() {
        match child.kind() {
            K::WITH_TABLE => {
                let Some(of) = child.child(K::CTE_NAME).and_then(word) else {
                    continue;
                };
                let listed = child.child(K::COLUMN_LIST).map(|list| {
                    list.children()
                        .filter(|one| !one.is_token())
                        .filter_map(word)
                        .map(|word| word.text)
                        .collect()
                });
                let query = child.children().find(|one| one.kind() == K::SELECT);
                ctes.push((of.text, listed.or_else(|| query.and_then(named_by))));
            }
            K::RELATION_FROM_ITEM | K::PAREN_FROM_ITEM | K::FUNCTION_FROM_ITEM => {
                let alias = child.child(K::FROM_ALIAS);
                let called = alias
                    .and_then(|alias| alias.find(K::TABLE_ALIAS))
                    .and_then(word)
                    .map(|word| word.text);
                let renamed = alias.is_some_and(|alias| alias.find(K::COLUMN_LIST).is_some());
                match (child.kind(), child_name(child, K::RELATION_NAME_REF)) {
                    (K::RELATION_FROM_ITEM, Some(table)) => {
                        let called = called.unwrap_or_else(|| table.name.clone());
                        let mut of = ctes
                            .iter()
                            .filter(|(cte, _)| *cte == table.name && table.schema.is_none());
                        let columns = match (of.next(), of.next()) {
                            (Some((_, columns)), None) if !renamed => columns.clone(),
                            _ => None,
                        };
                        known.push((called, columns));
                    }
                    (K::PAREN_FROM_ITEM, _) => {
                        let query = child
                            .children()
                            .find(|one| matches!(one.kind(), K::PAREN_SELECT | K::SELECT));
                        let columns = query.filter(|_| !renamed).and_then(named_by);
                        known.extend(called.map(|called| (called, columns)));
                    }
                    _ => known.extend(called.map(|called| (called, None))),
                }
            }
            K::INSERT | K::UPDATE | K::DELETE | K::MERGE => return,
            _ => {}
        }
    }
    for part in itself().filter(|part| part.kind() == K::FIELD_EXPR) {
        let names: Vec<Node<'_>> = part
            .children()
            .filter(|child| child.kind() == K::NAME_REF)
            .collect();
        let [of, column] = *names else { continue };
        let (Some(of), Some(column)) = (word(of), word(column)) else {
            continue;
        };
        let mut found = known.iter().filter(|(called, _)| *called == of.text);
        if let (Some((_, Some(columns))), None) = (found.next(), found.next())
            && !columns.contains(&column.text)
            && !within_field(part, statement)
        {
            let message = format!("`{of}` has no column `{column}`");
            out.push(Check::Refused(column.span, message));
            return;
        }
    }
}
