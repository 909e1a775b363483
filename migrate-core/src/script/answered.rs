//! What a query answers, as far as its text says it.

use super::backfill::Reader;
use super::lex::TokenKind;
use super::words::Words;
use crate::model::Dialect;
use crate::sql::Span;

/// What a query answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    /// So many columns, more than one.
    Columns(usize),
    /// A literal, whatever the rows are: its text.
    Literal(String),
    /// A number of rows.
    Count,
    /// A column of the one table that it reads: the parts of the table's name, and the column.
    Column(Vec<String>, String),
}

/// What ends the list of a SELECT.
const AFTER_LIST: &[&str] = &[
    "from", "where", "group", "having", "order", "limit", "offset", "fetch", "for", "window", "into",
];

/// What a SELECT answers, and where that stands; `None` where its text does not tell.
pub(crate) fn answered(sql: &str, dialect: Dialect) -> Option<(Answered, Span)> {
    let mut reader = Reader::new(sql, "", dialect);
    let select = match reader.is(0, "with") {
        true => reader.find(0, &["select"]),
        false => 0,
    };
    let several = &["union", "intersect", "except", "into"];
    if !reader.is(select, "select") || reader.find(select, several) != reader.top.len() {
        return None;
    }
    let mut start = select + 1;
    while reader.is_any(start, &["all", "distinct"]) {
        start += 1;
    }
    let list_end = reader.find(start, AFTER_LIST);
    let whole = Span {
        start: reader.start(start) as u32,
        end: reader.end(list_end) as u32,
    };
    if start == list_end || reader.is(start, "on") {
        return None;
    }
    let mut columns = 1;
    let mut comma = reader.comma(start, list_end);
    while comma < list_end {
        columns += 1;
        comma = reader.comma(comma + 1, list_end);
    }
    if columns > 1 {
        return Some((Answered::Columns(columns), whole));
    }
    let end = without_alias(&reader, start, list_end);
    let place = Span {
        end: reader.end(end) as u32,
        ..whole
    };
    let kind = |at: usize| reader.top.get(at).map(|token| token.kind);
    let is_call = end == start + 3 && reader.text(start + 1) == "(" && reader.text(start + 2) == ")";
    let what = match (end - start, kind(start)?) {
        (1, TokenKind::Number) => Answered::Literal(reader.text(start).to_owned()),
        (1, TokenKind::String) => Answered::Literal(unquoted(reader.text(start))?),
        _ if is_call && reader.is(start, "count") => Answered::Count,
        (length, TokenKind::Word | TokenKind::Quoted) if length % 2 == 1 && !is_call => {
            let parts = Words::new(reader.between(start, end), dialect).qualified_name()?;
            // A name of as many parts as the item has is all of it.
            let column = (parts.len() == length.div_ceil(2)).then_some(parts)?.pop()?;
            Answered::Column(one_table(&mut reader, list_end, dialect)?, column)
        }
        _ => return None,
    };
    Some((what, place))
}

/// Where the item that begins there ends, without what it is called.
fn without_alias(reader: &Reader<'_>, start: usize, end: usize) -> usize {
    let is_name = |at: usize| {
        let token = reader.top.get(at);
        token.is_some_and(|token| matches!(token.kind, TokenKind::Word | TokenKind::Quoted))
    };
    let is_over = |at: usize| reader.text(at) == ")" || !matches!(reader.top[at].kind, TokenKind::Punct);
    // A word that begins an expression has no name behind it.
    let begins = reader.is_any(start, &["not", "exists", "row", "array", "interval", "binary"]);
    match end - start {
        _ if begins => end,
        length if length > 2 && reader.is(end - 2, "as") => end - 2,
        length if length > 1 && is_name(end - 1) && is_over(end - 2) => end - 1,
        _ => end,
    }
}

/// The text of a plain literal.
fn unquoted(literal: &str) -> Option<String> {
    let quote = literal
        .chars()
        .next()
        .filter(|quote| matches!(quote, '\'' | '"'))?;
    let inner = literal.strip_prefix(quote)?.strip_suffix(quote)?;
    (!inner.contains('\\')).then(|| inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
}

/// The table behind FROM, where it is the only one.
fn one_table(reader: &mut Reader<'_>, from: usize, dialect: Dialect) -> Option<Vec<String>> {
    if !reader.is(from, "from") {
        return None;
    }
    let ends = &[
        "where", "group", "having", "order", "limit", "offset", "fetch", "for", "window",
    ];
    let end = reader.find(from, ends);
    let joins = &["join", "tablesample", "lateral", "only"];
    if reader.find(from, joins) < end || reader.comma(from, end) < end {
        return None;
    }
    reader.at = from + 1;
    let name = reader.name()?;
    if reader.text(reader.at) == "(" {
        return None;
    }
    Words::new(name, dialect).qualified_name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_where_they_are_sure() {
        let column = |name: &str| Some(Answered::Column(vec!["t".to_owned()], name.to_owned()));
        let literal = |text: &str| Some(Answered::Literal(text.to_owned()));
        for (sql, expected) in [
            (
                "SELECT count(*) FROM t WHERE a IS DISTINCT FROM b",
                Some(Answered::Count),
            ),
            ("SELECT count(*) AS wrong FROM t", Some(Answered::Count)),
            (
                "WITH x AS (SELECT 1) SELECT count(a) n FROM x",
                Some(Answered::Count),
            ),
            ("SELECT count(*) - 1 FROM t", None),
            ("SELECT count(*) FILTER (WHERE a) FROM t", None),
            ("SELECT 'ma''ny'", literal("ma'ny")),
            ("SELECT 1 FROM t LIMIT 1", literal("1")),
            ("SELECT -1", None),
            ("SELECT 'many'::text", None),
            ("SELECT name FROM t", column("name")),
            (
                "SELECT DISTINCT u.name AS n FROM t AS u WHERE u.id = 1",
                column("name"),
            ),
            ("SELECT name n FROM t", column("name")),
            ("SELECT name FROM t JOIN u USING (id)", None),
            ("SELECT name FROM t, u", None),
            ("SELECT name FROM f(1)", None),
            ("SELECT name FROM (SELECT 1) t", None),
            ("SELECT NOT done FROM t", None),
            ("SELECT a, b FROM t", Some(Answered::Columns(2))),
            ("SELECT coalesce(a, b) FROM t", None),
            ("SELECT a + b FROM t", None),
            ("SELECT count(*) FROM t UNION SELECT 'x'", None),
            ("SELECT * FROM t", None),
            ("VALUES (1)", None),
        ] {
            let found = answered(sql, Dialect::Postgres).map(|(found, _)| found);
            assert_eq!(found, expected, "{sql}");
        }
    }
}
