//! The columns that an expression or a query names. Anything that may be something else is left out.

use super::expression::OPERATORS;
use super::tokens::Token;
use crate::script::lex::TokenKind;
use crate::sql::Word;

/// The words with which a query in parentheses starts.
pub(super) const QUERIES: &[&str] = &["select", "with", "values", "table"];

/// The words behind which a value stands.
const BEFORE_VALUES: &[&str] = &[
    "and", "or", "not", "xor", "in", "like", "between", "regexp", "rlike", "div", "mod", "binary",
    "interval", "case", "when", "then", "else", "select", "distinct", "where", "on", "having", "by", "set",
];

/// The words beside [`OPERATORS`] that are no columns where a value can stand: units, types, modes, moments.
const WORDS: &[&str] = &[
    "all",
    "any",
    "boolean",
    "both",
    "by",
    "current",
    "current_role",
    "current_user",
    "day_hour",
    "day_microsecond",
    "day_minute",
    "day_second",
    "delete",
    "default",
    "distinctrow",
    "double",
    "float",
    "from",
    "high_priority",
    "hour_microsecond",
    "hour_minute",
    "hour_second",
    "inet6",
    "integer",
    "leading",
    "localtime",
    "localtimestamp",
    "microsecond",
    "minute_microsecond",
    "minute_second",
    "natural",
    "nchar",
    "next",
    "order",
    "partition",
    "previous",
    "quarter",
    "real",
    "row_end",
    "row_start",
    "rownum",
    "second_microsecond",
    "select",
    "separator",
    "share",
    "some",
    "sql_big_result",
    "sql_buffer_result",
    "sql_calc_found_rows",
    "sql_cache",
    "sql_no_cache",
    "sql_small_result",
    "straight_join",
    "trailing",
    "unbounded",
    "unknown",
    "update",
    "utc_date",
    "utc_time",
    "utc_timestamp",
    "uuid",
    "value",
    "values",
    "week",
    "where",
    "year_month",
];

/// Units and types whose names columns may have as well, without quotes.
const UNRESERVED: &[&str] = &[
    "date",
    "datetime",
    "day",
    "hour",
    "microsecond",
    "minute",
    "month",
    "quarter",
    "second",
    "time",
    "week",
    "year",
];

/// Functions whose first argument is a unit or a type.
const UNIT_FIRST: &[&str] = &["extract", "get_format", "timestampadd", "timestampdiff"];

/// A column as it is written.
pub(super) struct Named {
    /// The table or the alias before it, in small letters.
    pub(super) table: Option<String>,
    pub(super) column: Word,
}

/// What stands in place of values among some tokens.
#[derive(Default)]
pub(super) struct Names {
    pub(super) columns: Vec<Named>,
    /// What values and tables are called here.
    pub(super) aliases: Vec<String>,
}

/// The names among these tokens, without those of queries in parentheses.
pub(super) fn names(tokens: &[Token<'_>]) -> Names {
    let mut found = Names::default();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let next = tokens.get(at + 1);
        if token.punct("(") && is_apart(before, next) {
            at += group(&tokens[at..]);
            continue;
        }
        if !token.is_name() {
            at += 1;
            continue;
        }
        let mut parts = vec![token];
        let mut end = at + 1;
        while let (Some(dot), Some(part)) = (tokens.get(end), tokens.get(end + 1))
            && dot.punct(".")
            && part.is_name()
        {
            parts.push(part);
            end += 2;
        }
        let behind = tokens.get(end);
        // A call, all columns of a table, and a text that says what it is.
        let other = behind
            .is_some_and(|behind| behind.punct("(") || behind.punct(".") || behind.kind == TokenKind::String);
        let word = |token: &Token<'_>| Word {
            text: token.value().to_lowercase(),
            span: token.span,
        };
        match *parts {
            _ if before.is_some_and(|before| before.is("as") || !leads_to_value(before)) => {
                found.aliases.push(word(token).text);
            }
            _ if other => {}
            [one] if one.kind == TokenKind::Quoted || !is_word(one) || is_column(tokens, at) => {
                found.columns.push(Named {
                    table: None,
                    column: word(one),
                });
            }
            [table, column] => found.columns.push(Named {
                table: Some(word(table).text),
                column: word(column),
            }),
            _ => {}
        }
        at = end;
    }
    found
}

/// Whether it is a word of the language where a value can stand.
fn is_word(token: &Token<'_>) -> bool {
    token.is_any(OPERATORS) || token.is_any(WORDS)
}

/// Whether a word that may be a unit or a type is none where it stands: `INTERVAL 1 DAY` has the unit behind its number,
/// `EXTRACT(DAY FROM …)` and `TIMESTAMPDIFF(DAY, …)` have it first, `CONVERT(…, DATE)` the type last.
fn is_column(tokens: &[Token<'_>], at: usize) -> bool {
    let behind = tokens.get(at + 1);
    if !tokens[at].is_any(UNRESERVED) || behind.is_some_and(|behind| behind.is("from")) {
        return false;
    }
    let mut depth = 0_i32;
    let open = tokens[..at].iter().rposition(|token| {
        depth += i32::from(token.punct(")")) - i32::from(token.punct("("));
        depth < 0
    });
    let called = open.and_then(|open| Some((open, tokens.get(open.checked_sub(1)?)?)));
    called.is_none_or(|(open, function)| {
        let first = open + 1 == at && function.is_any(UNIT_FIRST);
        let last = open + 1 < at && function.is("convert") && behind.is_some_and(|behind| behind.punct(")"));
        !(first || last)
    })
}

fn leads_to_value(before: &Token<'_>) -> bool {
    match before.kind {
        TokenKind::Punct => !matches!(before.text, ")" | "."),
        TokenKind::Word => before.is_any(BEFORE_VALUES),
        _ => false,
    }
}

/// Whether parentheses hold a query, or what is no value.
fn is_apart(before: Option<&Token<'_>>, next: Option<&Token<'_>>) -> bool {
    next.is_some_and(|next| next.is_any(QUERIES))
        || before.is_some_and(|before| before.is_any(&["index", "key", "partition", "using"]))
        // What these are asked of is a sequence.
        || before.is_some_and(|before| before.is_any(&["nextval", "lastval", "setval"]))
}

/// How many tokens a pair of parentheses and what is in it are.
pub(super) fn group(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_u32;
    for (index, token) in tokens.iter().enumerate() {
        if token.punct("(") {
            depth += 1;
        } else if token.punct(")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return index + 1;
            }
        }
    }
    tokens.len()
}
