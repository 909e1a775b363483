//! Reading and writing rows.

use super::expression::{expr, filter, only_joins_tables};
use super::joined::{narrows, of_with, with};
use super::reads::{of_delete, of_query, of_update};
use super::tokens::{Cursor, Token};
use super::values::{asks, assigned_value, is_default, listed_values, on_duplicate, only_source};
use crate::sql::{Filter, Name, Operation, Reads, Span, Word, Write, WriteKind, counted, uncounted};

/// The words that go between a verb and its table.
pub(super) const MODIFIERS: &[&str] = &[
    "low_priority",
    "delayed",
    "high_priority",
    "ignore",
    "quick",
    "concurrent",
];

/// A statement about rows; none where it is another one.
pub(super) fn data(c: &mut Cursor<'_, '_>) -> Option<Operation> {
    let whole = *c;
    let named = with(c);
    let start = c.start();
    let verb = c.peek()?;
    let writes = if verb.is_any(&["insert", "replace"]) {
        let replaces = verb.is("replace");
        c.next();
        vec![insert(c, start, replaces)?]
    } else if verb.is("update") {
        c.next();
        update(c, start, &named)?
    } else if verb.is("delete") {
        c.next();
        delete(c, start, &named)?
    } else if verb.is("load") {
        vec![load(c, start)?]
    } else if verb.is_any(&["select", "values", "table", "do"]) || verb.punct("(") {
        Vec::new()
    } else {
        return None;
    };
    // The values of a long INSERT call little, and looking through them takes its time.
    let calls = match whole.rest.len() {
        0..2_000 => expr(whole).calls,
        _ => Vec::new(),
    };
    let reads = match whole.rest.len() {
        0..2_000 if !whole.at("with") => read(whole),
        _ => Reads::default(),
    };
    Some(Operation::Data {
        writes,
        calls,
        literals: Vec::new(),
        reads,
    })
}

/// What a statement about rows reads.
fn read(mut c: Cursor<'_, '_>) -> Reads {
    if c.eat_any(&["insert", "replace"]) {
        until(&mut c, &["select", "values", "value", "set", "table"]);
        return of_query(until_duplicate(c));
    }
    match () {
        () if c.at("update") => of_update(c),
        () if c.at("delete") => of_delete(c),
        () => of_query(c),
    }
}

/// The query of an INSERT, without what it does with rows that are there.
pub(super) fn until_duplicate<'a, 's>(mut c: Cursor<'a, 's>) -> Cursor<'a, 's> {
    let from = c;
    while !c.done() && !c.clone().eat_all(&["on", "duplicate"]) {
        c.skip();
    }
    Cursor {
        rest: &from.rest[..from.rest.len() - c.rest.len()],
        ..from
    }
}

fn insert(c: &mut Cursor<'_, '_>, start: u32, replaces: bool) -> Option<Write> {
    let lenient = modifiers(c);
    c.eat("into");
    let table = c.name()?;
    if c.eat("partition") {
        c.group();
    }
    let mut columns = Vec::new();
    let in_parentheses = c.rest.get(1);
    if c.at_punct("(")
        && !in_parentheses.is_some_and(|token| token.is_any(&["select", "with", "values", "table"]))
    {
        columns = c
            .group()?
            .items()
            .into_iter()
            .filter_map(|mut item| item.column())
            .collect();
    }
    let bulk = c.at_any(&["select", "with", "table"]) || c.at_punct("(");
    let mut widths = listed(*c);
    let bare = columns.is_empty() && widths.is_empty() && c.at_any(&["values", "value"]);
    // Columns that a query gives one by one are counted like values.
    let query = c.at("select").then(|| super::reads::given(until_duplicate(*c)));
    let query = query.flatten().filter(|_| widths.is_empty());
    widths.extend(counted(query.clone()));
    let all = uncounted(query);
    let mut given = given(*c, &columns);
    let mut values = listed_values(*c);
    let read = on_duplicate(*c);
    let again = only_source(until_duplicate(*c)).filter(|_| replaces || !read.is_empty());
    if c.eat("set") {
        let items = until_duplicate(*c).items();
        values = items.iter().filter_map(|item| assigned_value(*item)).collect();
        let named = |item: &Cursor<'_, '_>| item.clone().column();
        columns = items.iter().filter_map(named).collect();
        given = items
            .iter()
            .filter(|item| !is_default(item))
            .filter_map(named)
            .collect();
        widths = vec![columns.len()];
    }
    let twice = Word::twice(columns.iter().cloned());
    Some(Write {
        table,
        kind: WriteKind::Insert,
        filter: Filter::Some,
        bulk,
        given,
        columns,
        widths,
        all,
        bare,
        twice,
        read,
        values,
        lenient,
        again,
        span: Span {
            start,
            end: c.span().end.max(c.last),
        },
        ..Write::default()
    })
}

/// Moves past the words between a verb and its table. Whether one of them is IGNORE.
fn modifiers(c: &mut Cursor<'_, '_>) -> bool {
    let mut lenient = false;
    loop {
        lenient |= c.at("ignore");
        if !c.eat_any(MODIFIERS) {
            return lenient;
        }
    }
}

/// The columns to which a row gives another value than DEFAULT.
fn given(mut c: Cursor<'_, '_>, columns: &[Word]) -> Vec<Word> {
    if columns.is_empty() || !c.eat_any(&["values", "value"]) {
        return columns.to_vec();
    }
    // The rows of a long list are alike.
    c.eat("row");
    let Some(row) = c.group() else { return Vec::new() };
    let values = row.items().into_iter().zip(columns);
    let given = values.filter(|(value, _)| !is_default(value));
    given.map(|(_, column)| column.clone()).collect()
}

/// How many values the rows behind VALUES have; a row without any has those of all columns.
fn listed(mut c: Cursor<'_, '_>) -> Vec<usize> {
    let mut widths = Vec::new();
    if !c.eat_any(&["values", "value"]) {
        return widths;
    }
    loop {
        c.eat("row");
        let Some(row) = c.group() else { break };
        let width = row.items().len();
        if width > 0 && !widths.contains(&width) {
            widths.push(width);
        }
        if !c.eat_punct(",") {
            break;
        }
    }
    widths
}

/// Moves past `FOR PORTION OF period FROM … TO …`, which limits a write to rows of that time.
fn portion(c: &mut Cursor<'_, '_>) -> bool {
    let found = c.eat_all(&["for", "portion", "of"]);
    if found {
        until(c, &["set", "where", "order", "limit", "returning"]);
    }
    found
}

/// A table of a FROM or an UPDATE, and what it is called there.
pub(super) struct Source {
    pub(super) name: Name,
    pub(super) alias: String,
}

/// The tables that stand outside parentheses among these tokens.
pub(super) fn sources(c: Cursor<'_, '_>) -> Vec<Source> {
    sources_within(c, 16)
}

fn sources_within(mut c: Cursor<'_, '_>, depth: u32) -> Vec<Source> {
    let mut found: Vec<Source> = Vec::new();
    let mut expected = true;
    while !c.done() {
        if c.eat_punct(",") || c.eat_any(&["join", "straight_join"]) {
            expected = true;
        } else if expected && c.peek().is_some_and(Token::is_name) && !c.at("lateral") {
            expected = false;
            let Some(name) = c.name() else { return found };
            if c.eat("partition") {
                c.group();
            }
            c.eat("as");
            let joins = [
                "join",
                "left",
                "right",
                "inner",
                "cross",
                "natural",
                "straight_join",
                "on",
                "using",
                "use",
                "force",
                "ignore",
                "set",
            ];
            let alias = match c.at_any(&joins) {
                true => None,
                false => c.word(),
            };
            let alias = alias.map_or_else(|| name.name.to_lowercase(), |word| word.text);
            found.push(Source { name, alias });
        } else if c.at_punct("(") && expected {
            expected = false;
            let inner = c.group();
            // A join in parentheses; a derived table is none of ours.
            if let Some(inner) =
                inner.filter(|inner| depth > 0 && !inner.at_any(&["select", "with", "values"]))
            {
                found.extend(sources_within(inner, depth - 1));
            }
        } else {
            c.skip();
        }
    }
    found
}

/// The tokens up to one of these words outside parentheses.
pub(super) fn until<'a, 's>(c: &mut Cursor<'a, 's>, words: &[&str]) -> Cursor<'a, 's> {
    let from = *c;
    while !c.done() && !c.at_any(words) {
        c.skip();
    }
    Cursor {
        rest: &from.rest[..from.rest.len() - c.rest.len()],
        ..from
    }
}

/// The condition, where ORDER BY and LIMIT have not narrowed it.
pub(super) fn condition(c: &mut Cursor<'_, '_>) -> Filter {
    let mut left = Filter::Missing;
    if c.eat("where") {
        let condition = until(c, &["order", "limit", "returning"]);
        left = filter(condition.rest);
    }
    until(c, &["limit", "returning"]);
    if c.at("limit") {
        left = Filter::Some;
    }
    left
}

/// Of several tables a WHERE that only says which of their rows go together is the condition of their join. An outer join
/// and one without a condition leave out nothing.
fn joined_by(mut c: Cursor<'_, '_>, list: Cursor<'_, '_>, tables: &[Source], filter: Filter) -> Filter {
    if tables.len() < 2 {
        return filter;
    }
    let joined = |by_where| Filter::Joined {
        tables: tables.iter().map(|source| source.name.clone()).collect(),
        by_where,
    };
    if filter == Filter::Missing {
        let has = |words: &[&str]| list.rest.iter().any(|token| token.is_any(words));
        return match has(&["on", "using"]) && !has(&["left", "right", "cross", "natural"]) {
            true => joined(false),
            false => filter,
        };
    }
    if filter != Filter::Some || !c.eat("where") {
        return filter;
    }
    let asked = until(&mut c, &["order", "limit", "returning"]);
    match c.at("limit") || c.at("order") || !only_joins_tables(asked.rest) {
        true => filter,
        false => joined(true),
    }
}

fn update(c: &mut Cursor<'_, '_>, start: u32, queries: &[String]) -> Option<Vec<Write>> {
    let lenient = modifiers(c);
    let list = until(c, &["set", "for"]);
    let tables = sources(list);
    let limited = portion(c) || narrows(list) || of_with(&tables, queries);
    if !c.eat("set") {
        return None;
    }
    let assignments = until(c, &["where", "order", "limit"]);
    let asked = *c;
    let filter = Some(joined_by(asked, list, &tables, condition(c)))
        .filter(|_| !limited)
        .unwrap_or(Filter::Some);
    let span = Span { start, end: c.last };
    let mut writes: Vec<Write> = Vec::new();
    for mut item in assignments.items() {
        let value = assigned_value(item);
        let defaulted = is_default(&item);
        let mut parts = Vec::new();
        while let Some(word) = item.word() {
            parts.push(word);
            if !item.eat_punct(".") {
                break;
            }
        }
        let column = parts.pop()?;
        let qualifier = parts.pop();
        // Whose an unqualified column of a join is cannot be told.
        let sure = tables.len() == 1 || qualifier.is_some();
        let target = match qualifier {
            Some(table) => tables.iter().find(|source| source.alias == table.text),
            None => tables.first(),
        };
        let Some(target) = target else { continue };
        let columns: Vec<Word> = sure.then_some(column).into_iter().collect();
        let given = columns.first().filter(|_| !defaulted).cloned();
        let value = value.filter(|_| sure);
        match writes.iter_mut().find(|write| write.table == target.name) {
            Some(write) => {
                write.columns.extend(columns);
                write.given.extend(given);
                write.values.extend(value);
            }
            None => writes.push(Write {
                table: target.name.clone(),
                kind: WriteKind::Update,
                filter: filter.clone(),
                bulk: true,
                given: given.into_iter().collect(),
                columns,
                values: value.into_iter().collect(),
                lenient,
                own: asks(assignments, &target.name).or_else(|| asks(asked, &target.name)),
                span,
                ..Write::default()
            }),
        }
    }
    Some(writes)
}

fn delete(c: &mut Cursor<'_, '_>, start: u32, queries: &[String]) -> Option<Vec<Write>> {
    while c.eat_any(MODIFIERS) {}
    // What system versioning kept of earlier rows, of all times where none is named.
    if c.eat_all(&["history", "from"]) {
        let table = c.name()?;
        let filter = match c.eat_all(&["before", "system_time"]) {
            true => Filter::Some,
            false => Filter::Missing,
        };
        return Some(vec![Write {
            table,
            kind: WriteKind::Delete,
            filter,
            bulk: true,
            span: c.since(start),
            ..Write::default()
        }]);
    }
    let mut named = Vec::new();
    let from_first = c.eat("from");
    let mut list = *c;
    loop {
        named.push(target(&mut list)?);
        if !list.eat_punct(",") {
            break;
        }
    }
    let several = (!from_first && list.eat("from")) || list.eat("using");
    let mut joined = false;
    let tables = if several {
        *c = list;
        list = until(c, &["where", "order", "limit", "returning"]);
        joined = narrows(list);
        sources(list)
    } else {
        let tables = sources(until(c, &["where", "order", "limit", "returning", "for"]));
        named.clear();
        named.extend(tables.first().map(|source| source.name.clone()));
        tables
    };
    let limited = portion(c) || joined || of_with(&tables, queries);
    let asked = *c;
    let filter = Some(joined_by(asked, list, &tables, condition(c)))
        .filter(|_| !limited)
        .unwrap_or(Filter::Some);
    let span = Span { start, end: c.last };
    let writes = named.into_iter().map(|name| {
        let alias = name.name.to_lowercase();
        let table = tables
            .iter()
            .find(|source| source.alias == alias && name.schema.is_none());
        let table = table.map_or(name, |source| source.name.clone());
        Write {
            own: asks(asked, &table),
            table,
            kind: WriteKind::Delete,
            filter: filter.clone(),
            bulk: true,
            span,
            ..Write::default()
        }
    });
    Some(writes.collect())
}

/// A table that DELETE names, which may have `.*` behind it.
fn target(c: &mut Cursor<'_, '_>) -> Option<Name> {
    let [first, dot, star, ..] = c.rest else {
        return c.name();
    };
    if !(first.is_name() && dot.punct(".") && star.punct("*")) {
        let name = c.name()?;
        if matches!(c.rest, [dot, star, ..] if dot.punct(".") && star.punct("*")) {
            c.next();
            c.next();
        }
        return Some(name);
    }
    let mut short = Cursor {
        rest: &c.rest[..1],
        ..*c
    };
    let name = short.name()?;
    for _ in 0..3 {
        c.next();
    }
    Some(name)
}

fn load(c: &mut Cursor<'_, '_>, start: u32) -> Option<Write> {
    until(c, &["into"]);
    if !c.eat_all(&["into", "table"]) {
        return None;
    }
    let table = c.name()?;
    Some(Write {
        table,
        kind: WriteKind::Copy,
        filter: Filter::Some,
        bulk: true,
        span: c.since(start),
        ..Write::default()
    })
}
