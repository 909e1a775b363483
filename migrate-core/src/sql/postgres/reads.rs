//! Which tables and columns a query reads, as far as its text tells for sure.

use squawk_parser::SyntaxKind as K;

use super::expression::expr;
use super::names::{child_name, fold, name, relation, word};
use super::tree::Node;
use crate::sql::{Name, Reads, Word};

/// What stands in FROM, or is written, with the name by which its columns are called.
struct Source {
    called: String,
    /// None for what is no table: a query, a function, a query of WITH.
    table: Option<Name>,
    /// Whether its columns have other names here.
    renamed: bool,
}

/// What a statement reads. A column counts where its table is named before it, and only one thing has that name.
pub(super) fn reads(node: Node<'_>) -> Reads {
    let mut reads = Reads::default();
    let itself = || std::iter::once(node).chain(node.descendants().filter(|below| !below.is_token()));
    // Its conditions name two tables by rules of their own.
    if itself().any(|part| part.kind() == K::MERGE) {
        return reads;
    }
    let named: Vec<String> = itself()
        .filter(|part| part.kind() == K::CTE_NAME)
        .filter_map(word)
        .map(|name| name.text)
        .collect();
    let is_query = |table: &Name| table.schema.is_none() && named.contains(&table.name);
    let mut sources: Vec<Source> = itself().filter_map(source).collect();
    for source in &mut sources {
        source.table = source.table.take().filter(|table| !is_query(table));
    }
    let read = itself().filter(|part| part.kind() == K::RELATION_FROM_ITEM);
    let tables = read.filter_map(|item| child_name(item, K::RELATION_NAME_REF));
    reads.tables = tables.filter(|table| !is_query(table)).collect();
    for (called, column) in qualified(node) {
        let mut of_name = sources.iter().filter(|source| source.called == called);
        if let (Some(source), None) = (of_name.next(), of_name.next())
            && let (Some(table), false) = (&source.table, source.renamed)
        {
            reads.columns.push((table.clone(), column));
        }
    }
    alone(node, &sources, &mut reads);
    reads
}

/// The columns that are named without a table where there is one table and nothing else.
fn alone(node: Node<'_>, sources: &[Source], reads: &mut Reads) {
    let [
        Source {
            table: Some(table),
            called,
            renamed: false,
        },
    ] = sources
    else {
        return;
    };
    let queries = node
        .descendants()
        .filter(|part| matches!(part.kind(), K::SELECT | K::COMPOUND_SELECT | K::VALUES));
    if !matches!(node.kind(), K::SELECT | K::UPDATE | K::DELETE) || queries.count() > 0 {
        return;
    }
    // GROUP BY and ORDER BY may mean what the list of SELECT calls a value, and nothing else may.
    let shown: Vec<String> = node
        .descendants()
        .filter(|part| part.kind() == K::AS_NAME)
        .filter_map(|part| part.tokens().last())
        .map(|token| fold(token.text()))
        .collect();
    let parts = [
        K::SELECT_CLAUSE,
        K::WHERE_CLAUSE,
        K::GROUP_BY_CLAUSE,
        K::HAVING_CLAUSE,
        K::ORDER_BY_CLAUSE,
    ];
    for part in node.children().filter(|part| parts.contains(&part.kind())) {
        let value = expr(part);
        // `IS DOCUMENT` and `xmlparse(CONTENT …)` look like columns.
        let is_grammar = |column: &String| matches!(&**column, "document" | "content");
        let sorts = matches!(part.kind(), K::GROUP_BY_CLAUSE | K::ORDER_BY_CLAUSE);
        let other = |column: &String| sorts && shown.contains(column);
        let named = value
            .columns
            .into_iter()
            .filter(|column| column != called && !other(column) && !is_grammar(column));
        let span = part.span();
        reads
            .columns
            .extend(named.map(|text| (table.clone(), Word { text, span })));
    }
}

fn source(node: Node<'_>) -> Option<Source> {
    let alias = |kind: K| {
        node.child(kind)
            .and_then(|alias| alias.find(K::TABLE_ALIAS))
            .and_then(word)
    };
    let (table, alias, renamed) = match node.kind() {
        K::RELATION_FROM_ITEM => {
            let renamed = node
                .child(K::FROM_ALIAS)
                .is_some_and(|alias| alias.find(K::COLUMN_LIST).is_some());
            (
                child_name(node, K::RELATION_NAME_REF),
                alias(K::FROM_ALIAS),
                renamed,
            )
        }
        K::UPDATE | K::DELETE => {
            let table = node.child(K::RELATION_NAME).and_then(relation);
            (table, alias(K::OPTIONAL_AS_ALIAS), false)
        }
        K::INSERT => (
            child_name(node, K::RELATION_NAME_REF),
            alias(K::REQUIRED_AS_ALIAS),
            false,
        ),
        K::CTE_NAME => (None, word(node), false),
        K::FUNCTION_FROM_ITEM if !node.has(K::FROM_ALIAS) => {
            let called = node
                .find(K::CALL_EXPR)
                .and_then(Node::first_node)
                .and_then(name)?;
            return Some(Source {
                called: called.name,
                table: None,
                renamed: false,
            });
        }
        _ => (None, alias(K::FROM_ALIAS), false),
    };
    let called = match (alias, &table) {
        (Some(alias), _) => alias.text,
        (None, Some(table)) => table.name.clone(),
        (None, None) => return None,
    };
    Some(Source {
        called,
        table,
        renamed,
    })
}

/// What is written `name.column`.
fn qualified(node: Node<'_>) -> Vec<(String, Word)> {
    let mut found = Vec::new();
    // A function in a schema, and a table in one, look alike.
    let mut inner = Vec::new();
    for part in node.descendants() {
        match part.kind() {
            K::CALL_EXPR => inner.extend(part.first_node().map(Node::span)),
            K::FIELD_EXPR => {
                inner.extend(part.first_node().map(Node::span));
                if inner.contains(&part.span()) {
                    continue;
                }
                let names: Vec<_> = part
                    .children()
                    .filter(|child| child.kind() == K::NAME_REF)
                    .collect();
                if let [of, column] = *names
                    && let (Some(of), Some(column)) = (of.tokens().next(), column.tokens().next())
                {
                    let text = fold(column.text());
                    let span = column.span();
                    found.push((fold(of.text()), Word { text, span }));
                }
            }
            _ => {}
        }
    }
    found
}
