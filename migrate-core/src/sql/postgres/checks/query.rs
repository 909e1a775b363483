//! Queries: whose columns they name, what they give, and what each part of them can be.

use squawk_parser::SyntaxKind as K;

use super::{child_name, kinds, name, refuse, twice, value, word};
use crate::sql::postgres::names::fold;
use crate::sql::postgres::tree::Node;
use crate::sql::{Check, Shown, Source, Value, Word};

/// Functions that are computed over a window.
const WINDOW: &[&str] = &[
    "cume_dist",
    "dense_rank",
    "first_value",
    "lag",
    "last_value",
    "lead",
    "nth_value",
    "ntile",
    "percent_rank",
    "rank",
    "row_number",
];

pub(super) fn view(node: Node<'_>, out: &mut Vec<Check>) {
    let query = node
        .children()
        .find(|child| matches!(child.kind(), K::SELECT | K::COMPOUND_SELECT | K::VALUES));
    let Some(query) = query else { return };
    if let Some(list) = node.child(K::COLUMN_LIST) {
        let named: Vec<Node<'_>> = list
            .children()
            .filter(|child| matches!(child.kind(), K::COLUMN | K::COLUMN_NAME))
            .collect();
        if let Some((name, span)) = twice(named.iter().copied()) {
            out.push(Check::Refused(
                span,
                format!("the view would show `{name}` twice"),
            ));
        }
        if let Some(given) = width(query).filter(|given| *given < named.len()) {
            let message = format!(
                "the view names {} columns, and its query gives {given}",
                named.len()
            );
            refuse(out, list, message);
        }
    } else {
        out.extend(shown(query));
        out.extend(replaced(node, query));
    }
    queries(query, out);
}

/// What a view shows that may be put in the place of another one.
fn replaced(node: Node<'_>, query: Node<'_>) -> Option<Check> {
    let view = child_name(node, K::VIEW)?;
    let list = query.child(K::SELECT_CLAUSE)?.child(K::TARGET_LIST)?;
    let columns: Option<Vec<(String, Value)>> = kinds(list, K::TARGET)
        .map(|target| Some((shown_name(target)?, value(shown_value(target)?))))
        .collect();
    Some(Check::Replaced {
        view,
        columns: columns?,
        scope: scope(query, query),
    })
}

/// CREATE TABLE AS and SELECT INTO.
pub(super) fn given(node: Node<'_>, out: &mut Vec<Check>) {
    let query = match node.kind() {
        K::SELECT_INTO => Some(node),
        _ => node.child(K::SELECT),
    };
    if !node.has(K::COLUMN_LIST) && !node.has(K::TABLE_ARG_LIST) {
        out.extend(query.and_then(shown));
    }
    let listed = node
        .child(K::TABLE_ARG_LIST)
        .map(|list| kinds(list, K::COLUMN).count());
    if let (Some(listed), Some(given)) = (listed, query.and_then(width))
        && listed > given
    {
        refuse(
            out,
            node,
            format!("{listed} columns are named, and the query gives {given}"),
        );
    }
    if let Some(query) = query {
        queries(query, out);
    }
}

/// The columns that a query gives, as far as each has a name or stands for all of a table.
fn shown(query: Node<'_>) -> Option<Check> {
    let list = query.child(K::SELECT_CLAUSE)?.child(K::TARGET_LIST)?;
    let scope = scope(query, query);
    let joined = query.child(K::FROM_CLAUSE).is_some_and(|clause| {
        clause.find(K::JOIN_USING_CLAUSE).is_some() || clause.text().to_lowercase().contains("natural")
    });
    let mut found = Vec::new();
    for target in kinds(list, K::TARGET) {
        let span = target.span();
        if shown_value(target).is_some() {
            let text = shown_name(target);
            found.extend(text.map(|text| Shown::One(Word { text, span })));
            continue;
        }
        let qualifier = target.find(K::NAME_REF).and_then(word).map(|word| word.text);
        match qualifier {
            Some(called) => {
                let of = scope.iter().find(|source| source.called == called);
                found.extend(
                    of.and_then(|of| of.table.clone())
                        .map(|table| Shown::All(table, span)),
                );
            }
            None if !joined => {
                let tables = scope.iter().filter_map(|source| source.table.clone());
                found.extend(tables.map(|table| Shown::All(table, span)));
            }
            None => {}
        }
    }
    Some(Check::Shown(found))
}

/// The name that a column of a query has; none where it is not sure.
pub(super) fn shown_name(target: Node<'_>) -> Option<String> {
    if let Some(alias) = target.child(K::AS_NAME) {
        return alias.tokens().last().map(|token| fold(token.text()));
    }
    value_name(target.first_node()?)
}

/// What a value is called that has no name of its own; none where its type would be.
fn value_name(value: Node<'_>) -> Option<String> {
    match value.kind() {
        K::CAST_EXPR => value_name(value.first_node()?),
        K::NAME_REF => word(value).map(|word| word.text),
        K::FIELD_EXPR => value.tokens().last().map(|token| fold(token.text())),
        K::CALL_EXPR => value
            .first_node()
            .filter(|called| matches!(called.kind(), K::NAME_REF | K::FIELD_EXPR))
            .and_then(name)
            .map(|name| name.name),
        _ => None,
    }
}

/// The value that a column of a query has; none where it stands for several.
pub(super) fn shown_value(target: Node<'_>) -> Option<Node<'_>> {
    let star = target.tokens().last().is_some_and(|token| token.text() == "*");
    target.first_node().filter(|_| !star && !target.has(K::STAR))
}

/// How many columns a query gives, where that can be told without its tables.
fn width(query: Node<'_>) -> Option<usize> {
    match query.kind() {
        K::SELECT => {
            let list = query.child(K::SELECT_CLAUSE)?.child(K::TARGET_LIST)?;
            let values: Option<Vec<Node<'_>>> = kinds(list, K::TARGET).map(shown_value).collect();
            values.map(|values| values.len())
        }
        K::COMPOUND_SELECT => width(query.first_node()?),
        K::PAREN_SELECT => query.children().find(|child| !child.is_token()).and_then(width),
        _ => None,
    }
}

/// What stands in a FROM.
pub(super) fn from(clause: Node<'_>, sources: &mut Vec<Source>) {
    for item in items(clause) {
        match item {
            Some(item) => sources.extend(source(item)),
            None => sources.push(Source {
                called: String::new(),
                table: None,
            }),
        }
    }
}

/// The items of a FROM in their order, those of its joins too; none for something that may have columns of any name.
pub(super) fn items(clause: Node<'_>) -> Vec<Option<Node<'_>>> {
    let mut found = Vec::new();
    for item in clause.children().filter(|child| !child.is_token()) {
        match item.kind() {
            K::JOIN_EXPR | K::JOIN | K::PAREN_FROM_ITEM
                if item.find(K::FROM_ALIAS).is_none() || item.kind() != K::PAREN_FROM_ITEM =>
            {
                found.extend(items(item));
            }
            K::RELATION_FROM_ITEM | K::FUNCTION_FROM_ITEM | K::PAREN_FROM_ITEM => found.push(Some(item)),
            K::ON_CLAUSE
            | K::JOIN_USING_CLAUSE
            | K::JOIN_INNER
            | K::JOIN_LEFT
            | K::JOIN_RIGHT
            | K::JOIN_FULL
            | K::JOIN_CROSS => {}
            _ => found.push(None),
        }
    }
    found
}

pub(super) fn source(item: Node<'_>) -> Option<Source> {
    let alias = item.child(K::FROM_ALIAS);
    let called = alias.and_then(|alias| alias.find(K::TABLE_ALIAS)).and_then(word);
    let renamed = alias.is_some_and(|alias| alias.find(K::COLUMN_LIST).is_some());
    let table = match item.kind() {
        K::RELATION_FROM_ITEM => child_name(item, K::RELATION_NAME_REF),
        _ => None,
    };
    let called = match (called, &table) {
        (Some(called), _) => called.text,
        (None, Some(table)) => table.name.clone(),
        (None, None) => {
            item.find(K::CALL_EXPR)
                .and_then(Node::first_node)
                .and_then(name)?
                .name
        }
    };
    Some(Source {
        called,
        table: table.filter(|_| !renamed),
    })
}

/// Queries of WITH have names like tables.
pub(super) fn without_ctes(statement: Node<'_>, sources: &mut [Source]) {
    let itself = std::iter::once(statement).chain(statement.descendants());
    let named: Vec<String> = itself
        .filter(|child| child.kind() == K::CTE_NAME)
        .filter_map(word)
        .map(|word| word.text)
        .collect();
    for source in sources {
        let is_query = |table: &crate::sql::Name| table.schema.is_none() && named.contains(&table.name);
        source.table = source.table.take().filter(|table| !is_query(table));
    }
}

/// Whose columns a SELECT may name by itself.
pub(super) fn scope(select: Node<'_>, statement: Node<'_>) -> Vec<Source> {
    let mut sources = Vec::new();
    if let Some(clause) = select.child(K::FROM_CLAUSE) {
        from(clause, &mut sources);
    }
    without_ctes(statement, &mut sources);
    sources
}

/// Everything in a statement that is a query.
pub(super) fn queries(node: Node<'_>, out: &mut Vec<Check>) {
    let itself = || {
        std::iter::once(node)
            .chain(node.descendants())
            .filter(|child| !child.is_token())
    };
    for child in itself() {
        match child.kind() {
            K::SELECT | K::SELECT_INTO => select(child, node, out),
            K::VALUES => {
                let rows = child.child(K::ROW_LIST).into_iter();
                let widths = rows
                    .flat_map(|rows| kinds(rows, K::ROW))
                    .filter(|row| !row.text().contains('*'))
                    .map(|row| row.children().filter(|cell| !cell.is_token()).count());
                let mut widths: Vec<usize> = widths.collect();
                widths.dedup();
                if widths.len() > 1 && child.span().start == node.span().start {
                    refuse(out, child, "the rows of VALUES have one length");
                }
            }
            K::COMPOUND_SELECT => {
                let sides: Vec<usize> = child
                    .children()
                    .filter(|side| matches!(side.kind(), K::SELECT | K::COMPOUND_SELECT | K::PAREN_SELECT))
                    .filter_map(width)
                    .collect();
                if let [one, other] = *sides
                    && one != other
                {
                    refuse(
                        out,
                        child,
                        format!("one query gives {one} columns and the other {other}"),
                    );
                } else {
                    out.extend(matched(child, node).into_iter().flatten());
                }
            }
            K::CALL_EXPR => {
                let called = child.first_node().and_then(name);
                let over =
                    child.find(K::OVER_CLAUSE).is_some() || child.text().to_lowercase().contains("within");
                if let Some(called) = called
                    .filter(|called| called.schema.is_none() && WINDOW.contains(&&*called.name) && !over)
                {
                    refuse(
                        out,
                        child,
                        format!("`{}` is computed over a window, and OVER says which", called.name),
                    );
                }
            }
            _ => {}
        }
    }
    super::named::unnamed(node, out);
    super::named::derived(node, out);
}

/// The values that two queries give to one column each.
fn matched(compound: Node<'_>, statement: Node<'_>) -> Option<Vec<Check>> {
    let sides: Vec<Node<'_>> = kinds(compound, K::SELECT).collect();
    let [one, other] = *sides else { return None };
    let values = |query: Node<'_>| -> Option<Vec<(Value, Vec<Source>)>> {
        let list = query.child(K::SELECT_CLAUSE)?.child(K::TARGET_LIST)?;
        let scope = scope(query, statement);
        let all = kinds(list, K::TARGET).map(|target| Some((value(shown_value(target)?), scope.clone())));
        all.collect()
    };
    let pairs = values(one)?.into_iter().zip(values(other)?);
    Some(
        pairs
            .map(|(first, second)| Check::Matched { first, second })
            .collect(),
    )
}

fn select(select: Node<'_>, statement: Node<'_>, out: &mut Vec<Check>) {
    let scope = scope(select, statement);
    let clause = select.child(K::FROM_CLAUSE);
    let merged = clause.is_some_and(|clause| {
        clause.find(K::JOIN_USING_CLAUSE).is_some() || clause.text().to_lowercase().contains("natural")
    });
    let direct = statement.kind() == K::INSERT
        && statement
            .children()
            .any(|part| part.kind() == K::SELECT && part.span() == select.span());
    let outer = select.span() == statement.span() || direct;
    let outermost = outer && !merged;
    let compute = match outermost {
        true => super::closed,
        false => super::computed,
    };
    for (kind, what) in [(K::WHERE_CLAUSE, "WHERE"), (K::HAVING_CLAUSE, "HAVING")] {
        if let Some(condition) = select.child(kind).and_then(Node::first_node) {
            compute(out, &scope, condition, Some(what));
            // A query within may mean the sums of the one around it.
            if kind == K::WHERE_CLAUSE && outer {
                super::index::over_one(condition, "WHERE", out);
            }
        }
    }
    let joins = clause
        .into_iter()
        .flat_map(Node::descendants)
        .filter(|part| part.kind() == K::ON_CLAUSE);
    for condition in joins.filter_map(Node::first_node) {
        super::computed(out, &scope, condition, Some("ON"));
    }
    let filters = select
        .child(K::SELECT_CLAUSE)
        .into_iter()
        .flat_map(Node::descendants);
    for filter in filters.filter(|part| part.kind() == K::FILTER_CLAUSE) {
        if let Some(condition) = filter.children().find(|part| !part.is_token()) {
            super::computed(out, &scope, condition, Some("FILTER"));
        }
    }
    let clause = select.child(K::SELECT_CLAUSE);
    let list = clause.and_then(|clause| clause.child(K::TARGET_LIST));
    let targets: Vec<Node<'_>> = list.into_iter().flat_map(|list| kinds(list, K::TARGET)).collect();
    for target in targets.iter().filter_map(|target| shown_value(*target)) {
        if target.kind() != K::LITERAL {
            compute(out, &scope, target, None);
        }
    }
    grouped(select, &scope, &targets, out);
}

/// Columns that are shown beside what is computed over many rows.
fn grouped(select: Node<'_>, scope: &[Source], targets: &[Node<'_>], out: &mut Vec<Check>) {
    let [
        Source {
            table: Some(table), ..
        },
    ] = scope
    else {
        return;
    };
    let by = select
        .child(K::GROUP_BY_CLAUSE)
        .and_then(|clause| clause.child(K::GROUP_BY_LIST));
    let listed: Vec<Node<'_>> = by
        .into_iter()
        .flat_map(Node::children)
        .filter(|item| !item.is_token())
        .collect();
    if listed.iter().any(|item| item.kind() != K::GROUPING_EXPR) {
        return;
    }
    let column = |node: Node<'_>| match node.kind() {
        K::NAME_REF => word(node),
        K::FIELD_EXPR => node.tokens().last().and_then(word),
        _ => None,
    };
    let over_rows = |target: &&Node<'_>| {
        let call = target
            .first_node()
            .filter(|value| value.kind() == K::CALL_EXPR && !value.has(K::OVER_CLAUSE));
        let called = call.and_then(Node::first_node).and_then(name);
        called.is_some_and(|called| {
            called.schema.is_none() && ["avg", "count", "max", "min", "sum"].contains(&&*called.name)
        })
    };
    if by.is_none() && !targets.iter().any(|target| over_rows(&target)) {
        return;
    }
    let mut names = Vec::new();
    for item in listed {
        // Numbers and expressions may mean any of what is shown.
        match item.first_node().and_then(column) {
            Some(word) => names.push(word.text),
            None => return,
        }
    }
    let shown = targets
        .iter()
        .filter(|target| {
            target.child(K::AS_NAME).is_none_or(|alias| {
                alias
                    .tokens()
                    .last()
                    .is_none_or(|token| !names.contains(&fold(token.text())))
            })
        })
        .filter_map(|target| shown_value(*target))
        .filter_map(column)
        .filter(|column| !names.contains(&column.text));
    let shown: Vec<Word> = shown.collect();
    if !shown.is_empty() {
        out.push(Check::Grouped {
            table: table.clone(),
            by: names,
            shown,
        });
    }
}
