//! The columns that a query gives to the table that it makes, those of queries within it and of WITH looked through.

use squawk_parser::SyntaxKind as K;

use super::query::{items, shown_name, shown_value, source};
use super::{child_word, kinds, relation, value, word};
use crate::sql::postgres::tree::Node;
use crate::sql::{Given, Name, Term};

/// Queries within queries are followed so far.
const DEEPEST: usize = 12;

/// What a query of WITH is called and gives.
type Called = (String, Option<Vec<Given>>);

/// Something in a FROM, and whose columns it has.
struct From {
    called: String,
    columns: Columns,
}

enum Columns {
    /// Those of a table.
    Of(Name),
    /// Those that a query gives.
    Given(Vec<Given>),
    Unknown,
}

/// The columns that a query gives, and which column of a table each is; none where that is not sure of all.
pub(in crate::sql::postgres) fn columns(query: Node<'_>) -> Option<Vec<Given>> {
    of_query(query, &[], 0)
}

fn of_query(query: Node<'_>, around: &[Called], depth: usize) -> Option<Vec<Given>> {
    if depth > DEEPEST {
        return None;
    }
    let mut with = around.to_vec();
    for named in query
        .child(K::WITH_CLAUSE)
        .into_iter()
        .flat_map(|clause| kinds(clause, K::WITH_TABLE))
    {
        let given = named
            .children()
            .find(|child| is_query(*child))
            .and_then(|query| of_query(query, &with, depth + 1));
        let given = given.and_then(|given| called(given, named.child(K::COLUMN_LIST)));
        with.push((child_word(named, K::CTE_NAME)?.text, given));
    }
    let inner = || query.children().find(|child| is_query(*child));
    match query.kind() {
        K::SELECT | K::SELECT_INTO => of_select(query, &with, depth),
        K::PAREN_SELECT => of_query(inner()?, &with, depth + 1),
        // The first query gives the names, and all of them the types.
        K::COMPOUND_SELECT => {
            let given = of_query(inner()?, &with, depth + 1)?;
            let named = given.into_iter().map(|one| match one {
                Given::One { name, .. } => Some(Given::One { name, of: None }),
                Given::All(_) => None,
            });
            named.collect()
        }
        K::TABLE => {
            let table = relation(query)?;
            match with.iter().rev().find(|(name, _)| *name == table.name) {
                Some((_, given)) if table.schema.is_none() => given.clone(),
                _ => Some(vec![Given::All(table)]),
            }
        }
        K::VALUES => {
            let row = query.child(K::ROW_LIST)?.child(K::ROW)?;
            let cells = row.children().filter(|cell| !cell.is_token());
            let named = cells.enumerate().map(|(at, _)| Given::One {
                name: format!("column{}", at + 1),
                of: None,
            });
            Some(named.collect())
        }
        _ => None,
    }
}

fn is_query(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        K::SELECT | K::COMPOUND_SELECT | K::PAREN_SELECT | K::VALUES | K::TABLE
    )
}

fn of_select(query: Node<'_>, with: &[Called], depth: usize) -> Option<Vec<Given>> {
    let list = query.child(K::SELECT_CLAUSE)?.child(K::TARGET_LIST)?;
    let clause = query.child(K::FROM_CLAUSE);
    let sources: Vec<From> = clause
        .into_iter()
        .flat_map(items)
        .filter_map(|item| from(item, with, depth))
        .collect();
    // What is joined by columns of one name has them once.
    let merged = |clause: Node<'_>| {
        clause.find(K::JOIN_USING_CLAUSE).is_some() || clause.text().to_lowercase().contains("natural")
    };
    let merged = clause.is_some_and(merged);
    let mut found = Vec::new();
    for target in kinds(list, K::TARGET) {
        if let Some(shown) = shown_value(target) {
            let of = match value(shown).term {
                Term::Column(Some(called), column) => {
                    let meant = sources.iter().find(|source| source.called == called);
                    meant.and_then(|source| source.columns.copied(column))
                }
                Term::Column(None, column) => match &*sources {
                    [only] => only.columns.copied(column),
                    _ => None,
                },
                _ => None,
            };
            found.push(Given::One {
                name: shown_name(target)?,
                of,
            });
            continue;
        }
        let qualifier = target.find(K::NAME_REF).and_then(word).map(|word| word.text);
        let meant = |source: &&From| qualifier.as_ref().is_none_or(|of| source.called == *of);
        let meant: Vec<&From> = sources.iter().filter(meant).collect();
        if merged && qualifier.is_none() || meant.is_empty() {
            return None;
        }
        for source in meant {
            match &source.columns {
                Columns::Of(table) => found.push(Given::All(table.clone())),
                Columns::Given(given) => found.extend(given.iter().cloned()),
                Columns::Unknown => return None,
            }
        }
    }
    Some(found)
}

fn from(item: Option<Node<'_>>, with: &[Called], depth: usize) -> Option<From> {
    let unknown = From {
        called: String::new(),
        columns: Columns::Unknown,
    };
    let Some(item) = item else { return Some(unknown) };
    let list = item
        .child(K::FROM_ALIAS)
        .and_then(|alias| alias.find(K::COLUMN_LIST));
    let given = |given: Option<Vec<Given>>| match given.and_then(|given| called(given, list)) {
        Some(given) => Columns::Given(given),
        None => Columns::Unknown,
    };
    if item.kind() == K::PAREN_FROM_ITEM {
        let alias = item.child(K::FROM_ALIAS)?;
        let query = item.children().find(|child| is_query(*child));
        return Some(From {
            called: alias.find(K::TABLE_ALIAS).and_then(word)?.text,
            columns: given(query.and_then(|query| of_query(query, with, depth + 1))),
        });
    }
    let source = source(item)?;
    let table = match item.kind() {
        K::RELATION_FROM_ITEM => super::child_name(item, K::RELATION_NAME_REF),
        _ => None,
    };
    let of_with = table
        .filter(|table| table.schema.is_none())
        .and_then(|table| with.iter().rev().find(|(name, _)| *name == table.name));
    let columns = match (of_with, source.table) {
        (Some((_, columns)), _) => given(columns.clone()),
        (None, Some(table)) => Columns::Of(table),
        (None, None) => Columns::Unknown,
    };
    Some(From {
        called: source.called,
        columns,
    })
}

impl Columns {
    /// The column of a table that one of these is a copy of, where that is sure.
    fn copied(&self, column: String) -> Option<(Name, String)> {
        match self {
            Columns::Of(table) => Some((table.clone(), column)),
            Columns::Given(given) => {
                let named = given.iter().find_map(|one| match one {
                    Given::One { name, of } if *name == column => Some(of.clone()),
                    _ => None,
                });
                match (named, &**given) {
                    (Some(of), _) => of,
                    (None, [Given::All(table)]) => Some((table.clone(), column)),
                    (None, _) => None,
                }
            }
            Columns::Unknown => None,
        }
    }
}

/// What a query gives, by the names that are listed for the first of its columns.
pub(in crate::sql::postgres) fn called(mut given: Vec<Given>, list: Option<Node<'_>>) -> Option<Vec<Given>> {
    let Some(list) = list else {
        return Some(given);
    };
    let listed = list.descendants().filter(|child| child.kind() == K::COLUMN_NAME);
    let listed = listed.filter_map(word).map(|name| name.text);
    for (at, listed) in listed.enumerate() {
        // All columns of a table are as many as it has.
        if given.iter().take(at + 1).any(|one| matches!(one, Given::All(_))) {
            return None;
        }
        if let Given::One { name, .. } = given.get_mut(at)? {
            *name = listed;
        }
    }
    Some(given)
}
