//! Which tables and columns a query reads, as far as its text tells for sure.

use super::cursor::Cursor;
use super::expression::expr;
use crate::sql::{Name, Reads, SyntaxFault, Word};

/// The words that begin a further query.
const SETS: &[&str] = &["union", "intersect", "except"];

/// The words behind a FROM.
const CLAUSES: &[&str] = &[
    "where",
    "group",
    "having",
    "window",
    "order",
    "limit",
    "returning",
];

/// What a query reads. What WITH names hides tables, so nothing is sure of a query with one.
pub(super) fn of_query(cursor: Cursor<'_>) -> Reads {
    let mut found = Reads::default();
    let mut rest = cursor.take(upsert(&cursor).unwrap_or(cursor.len()));
    loop {
        let end = rest.find(|cursor, index| SETS.iter().any(|word| cursor.is_at(index, word)));
        let part = rest.take(end.unwrap_or(rest.len()));
        select(part, &mut found);
        let Some(end) = end else { return found };
        rest.skip(end + 1);
        rest.eat("all");
    }
}

fn select(mut cursor: Cursor<'_>, found: &mut Reads) {
    if !cursor.eat("select") {
        return;
    }
    _ = cursor.eat("distinct") || cursor.eat("all");
    let Some(from) = cursor.find(|cursor, index| cursor.is_at(index, "from")) else {
        return;
    };
    let list = cursor.take(from);
    cursor.skip(from + 1);
    let end = cursor.find(|cursor, index| CLAUSES.iter().any(|word| cursor.is_at(index, word)));
    let tables = cursor.take(end.unwrap_or(cursor.len()));
    cursor.skip(tables.len());
    let sources = sources(tables);
    found
        .tables
        .extend(sources.iter().flatten().map(|(name, _)| name.clone()));
    let [Some((table, alias))] = sources.as_slice() else {
        return;
    };
    let mut aliases = Vec::new();
    let mut named = |part: Cursor<'_>| named(part, table, alias, &[], found);
    for item in list.split_commas() {
        let value = match item.find(|cursor, index| cursor.is_at(index, "as")) {
            Some(at) if at + 2 == item.len() => {
                let mut called = item;
                called.skip(at + 1);
                aliases.extend(called.word().map(|word| word.text));
                item.take(at)
            }
            _ => item,
        };
        named(value);
    }
    if cursor.eat("where") {
        let end = cursor.find(|cursor, index| CLAUSES.iter().any(|word| cursor.is_at(index, word)));
        let condition = cursor.take(end.unwrap_or(cursor.len()));
        self::named(condition, table, alias, &aliases, found);
    }
}

/// The columns of its only table that an expression names. A name in double quotes may be a text.
fn named(part: Cursor<'_>, table: &Name, alias: &str, aliases: &[String], found: &mut Reads) {
    let value = expr(part);
    if value.query || value.text.contains('"') {
        return;
    }
    // What stands before a point is a table here.
    let of_others = (1..part.len()).any(|at| {
        let mut before = part;
        before.skip(at - 1);
        part.text_at(at) == "." && before.word().is_some_and(|word| word.text != alias)
    });
    let columns = value
        .columns
        .into_iter()
        .filter(|column| !aliases.contains(column));
    for text in columns.filter(|column| !of_others && column != alias && *column != table.name) {
        let span = value.span;
        found.columns.push((table.clone(), Word { text, span }));
    }
}

/// The tables of a FROM and what they are called there; none for what is no table.
fn sources(mut cursor: Cursor<'_>) -> Vec<Option<(Name, String)>> {
    let mut found = Vec::new();
    loop {
        found.push(source(&mut cursor));
        let next = cursor.find(|cursor, index| cursor.text_at(index) == "," || cursor.is_at(index, "join"));
        match next {
            Some(at) => cursor.skip(at + 1),
            None => return found,
        }
    }
}

fn source(cursor: &mut Cursor<'_>) -> Option<(Name, String)> {
    if cursor.text_at(0) == "(" {
        return None;
    }
    let name = cursor.name()?;
    if cursor.text_at(0) == "(" {
        return None;
    }
    cursor.eat("as");
    let joins = [
        "join", "left", "right", "inner", "cross", "natural", "full", "on", "using", "indexed", "not",
    ];
    let alias = match joins.iter().any(|word| cursor.is(word)) || cursor.text_at(0) == "," {
        true => None,
        false => cursor.word(),
    };
    let alias = alias.map_or_else(|| name.name.clone(), |word| word.text);
    Some((name, alias))
}

/// The columns that ON CONFLICT … DO UPDATE sets.
pub(super) fn updated(mut cursor: Cursor<'_>) -> Vec<Word> {
    let stands = |cursor: &Cursor<'_>, index: usize| {
        cursor.is_at(index, "do") && cursor.is_at(index + 1, "update") && cursor.is_at(index + 2, "set")
    };
    let Some(at) = cursor.find(stands) else {
        return Vec::new();
    };
    cursor.skip(at + 3);
    let ends = ["where", "on", "returning"];
    if let Some(end) = cursor.find(|cursor, index| ends.iter().any(|word| cursor.is_at(index, word))) {
        cursor = cursor.take(end);
    }
    let named = |mut part: Cursor<'_>| part.word().filter(|_| part.text_at(0) == "=");
    cursor.split_commas().into_iter().filter_map(named).collect()
}

/// Where ON CONFLICT stands.
pub(super) fn upsert(cursor: &Cursor<'_>) -> Option<usize> {
    cursor.find(|cursor, index| cursor.is_at(index, "on") && cursor.is_at(index + 1, "conflict"))
}

/// An ON CONFLICT that SQLite takes for the ON of a join, because nothing ends the FROM before it.
pub(super) fn taken_for_a_join(cursor: Cursor<'_>) -> Option<SyntaxFault> {
    if !(cursor.is("insert") || cursor.is("replace")) {
        return None;
    }
    let at = upsert(&cursor)?;
    let before = cursor.take(at);
    let select = before.find(|cursor, index| cursor.is_at(index, "select"))?;
    let mut query = before;
    query.skip(select);
    while let Some(next) = query.find(|cursor, index| SETS.iter().any(|word| cursor.is_at(index, word))) {
        query.skip(next + 1);
    }
    let from = query.find(|cursor, index| cursor.is_at(index, "from"))?;
    query.skip(from + 1);
    let ends = CLAUSES.iter().chain(&["on", "using"]);
    let ended = ends
        .into_iter()
        .any(|word| query.find(|cursor, index| cursor.is_at(index, word)).is_some());
    (!ended).then(|| SyntaxFault {
        message: "SQLite takes this ON for that of a join; write WHERE true before ON CONFLICT".to_owned(),
        at: cursor.span_at(at).start,
    })
}

/// The columns that RETURNING names, of the table that is written.
pub(super) fn returned(mut cursor: Cursor<'_>, table: &Name) -> Vec<Word> {
    let Some(at) = cursor.find(|cursor, index| cursor.is_at(index, "returning")) else {
        return Vec::new();
    };
    cursor.skip(at + 1);
    let mut found = Reads::default();
    for item in cursor.split_commas() {
        let value = match item.find(|cursor, index| cursor.is_at(index, "as")) {
            Some(at) if at + 2 == item.len() => item.take(at),
            _ => item,
        };
        named(value, table, &table.name, &[], &mut found);
    }
    found.columns.into_iter().map(|(_, column)| column).collect()
}
