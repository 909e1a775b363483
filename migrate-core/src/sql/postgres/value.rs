//! Values as written, as far as their types can be told.

use squawk_parser::SyntaxKind as K;

use super::expression::{cast_value, is_grammar, nodes};
use super::names::{fold, name, string};
use super::tree::Node;
use super::types::child_type;
use crate::sql::{Span, Term, Value};

/// Deeper values than this are not looked into.
const DEEPEST: usize = 60;

pub(super) fn value(node: Node<'_>) -> Value {
    read(node, 0)
}

fn read(node: Node<'_>, depth: usize) -> Value {
    let term = match depth > DEEPEST {
        true => None,
        false => term(node, depth + 1),
    };
    Value {
        span: node.span(),
        term: term.unwrap_or(Term::Other),
    }
}

fn term(node: Node<'_>, depth: usize) -> Option<Term> {
    let inner = |node: Node<'_>| read(node, depth);
    Some(match node.kind() {
        K::PAREN_EXPR | K::SET_EXPR | K::ARG => {
            if node.has(K::DEFAULT_KW) {
                return Some(Term::Default);
            }
            let mut parts = node.children().filter(|child| !child.is_token());
            match (parts.next(), parts.next()) {
                (Some(only), None) if !matches!(only.kind(), K::SELECT | K::COMPOUND_SELECT | K::VALUES) => {
                    return term(only, depth);
                }
                _ => return None,
            }
        }
        K::LITERAL => literal(node)?,
        K::PREFIX_EXPR => {
            let operand = node.first_node()?;
            if node.has(K::NOT_KW) {
                return Some(Term::Logic(vec![inner(operand)]));
            }
            if !node.has(K::MINUS) && !node.has(K::PLUS) {
                return None;
            }
            match term(operand, depth)? {
                Term::Number(text) => Term::Number(match node.has(K::MINUS) {
                    true => format!("-{text}"),
                    false => text,
                }),
                _ => return None,
            }
        }
        K::NAME_REF => {
            let token = node.tokens().next()?;
            keyword(token.text()).unwrap_or_else(|| Term::Column(None, fold(token.text())))
        }
        K::FIELD_EXPR => {
            let parts: Vec<Node<'_>> = nodes(node);
            match *parts {
                [of, column] if of.kind() == K::NAME_REF && column.kind() == K::NAME_REF => Term::Column(
                    Some(fold(of.tokens().next()?.text())),
                    fold(column.tokens().next()?.text()),
                ),
                _ => return None,
            }
        }
        K::CAST_EXPR => Term::Cast(Box::new(inner(cast_value(node)?)), child_type(node)?),
        K::CALL_EXPR => call(node, depth)?,
        K::ARRAY_EXPR => {
            let items = nodes(node);
            if items.iter().any(|item| item.kind() == K::SELECT) {
                return None;
            }
            Term::Array(items.into_iter().map(inner).collect())
        }
        K::BETWEEN_EXPR => {
            // The parser takes what is joined behind it for its upper limit.
            let parts = nodes(node);
            if parts.last().is_some_and(|high| high.kind() == K::BIN_EXPR) {
                return Some(Term::Truth(Vec::new()));
            }
            let values: Vec<Value> = parts.into_iter().map(inner).collect();
            let [of, low, high] = <[Value; 3]>::try_from(values).ok()?;
            let side = |operator: &str, limit: Value| Value {
                span: node.span(),
                term: Term::Operation(Box::new(of.clone()), operator.to_owned(), Box::new(limit)),
            };
            Term::Logic(vec![side(">=", low), side("<=", high)])
        }
        K::POSTFIX_EXPR if node.has(K::NOTNULL_KW) || node.has(K::ISNULL_KW) => {
            Term::Truth(nodes(node).into_iter().map(inner).collect())
        }
        K::BIN_EXPR => binary(node, depth)?,
        K::CASE_EXPR => {
            let results = node
                .descendants()
                .filter(|child| matches!(child.kind(), K::WHEN_CLAUSE | K::ELSE_CLAUSE));
            // A CASE within it has results of its own.
            if node.find(K::CASE_EXPR).is_some() {
                return None;
            }
            Term::Either(results.filter_map(Node::last_node).map(inner).collect())
        }
        _ => return None,
    })
}

fn literal(node: Node<'_>) -> Option<Term> {
    let token = node.tokens().next()?;
    let text = token.text();
    Some(match text.chars().next()? {
        '\'' => Term::Text(string(text)),
        '$' if text.len() > 2 => Term::Text(string(text)),
        'e' | 'E' if text.get(1..2) == Some("'") => match text.contains('\\') {
            true => return None,
            false => Term::Text(string(text)),
        },
        first if first.is_ascii_digit() || first == '.' => Term::Number(text.to_owned()),
        _ if text.eq_ignore_ascii_case("null") => Term::Null,
        _ if text.eq_ignore_ascii_case("default") => Term::Default,
        _ if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
            Term::Truth(Vec::new())
        }
        _ => return None,
    })
}

/// What looks like a column and is a value of its own.
fn keyword(text: &str) -> Option<Term> {
    let kinds = [
        ("current_date", "date"),
        ("current_time", "timetz"),
        ("current_timestamp", "timestamptz"),
        ("localtime", "time"),
        ("localtimestamp", "timestamp"),
        ("current_user", "name"),
        ("session_user", "name"),
        ("current_role", "name"),
        ("current_catalog", "name"),
        ("current_schema", "name"),
    ];
    if text.eq_ignore_ascii_case("default") {
        return Some(Term::Default);
    }
    let words = ["document", "content"];
    if is_grammar(text) || words.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Some(Term::Other);
    }
    if text.eq_ignore_ascii_case("value") {
        return Some(Term::Domain);
    }
    if text.eq_ignore_ascii_case("user") || text.eq_ignore_ascii_case("system_user") {
        return Some(Term::Other);
    }
    let found = kinds.iter().find(|(word, _)| text.eq_ignore_ascii_case(word))?;
    Some(Term::Of(found.1))
}

fn call(node: Node<'_>, depth: usize) -> Option<Term> {
    let called = node.first_node()?;
    match called.kind() {
        K::NAME_REF | K::FIELD_EXPR => {}
        K::EXISTS_FN => return Some(Term::Truth(Vec::new())),
        K::EXTRACT_FN => return Some(Term::Of("numeric")),
        _ => return None,
    }
    let list = node.child(K::ARG_LIST)?;
    // What `*`, DISTINCT, ORDER BY, VARIADIC and names of arguments say is not looked into.
    let plain = list
        .children()
        .all(|part| part.kind() == K::ARG || matches!(part.kind(), K::L_PAREN | K::R_PAREN | K::COMMA));
    let arguments: Vec<Node<'_>> = list.children().filter(|part| part.kind() == K::ARG).collect();
    let simple = |part: &Node<'_>| part.children().count() == 1;
    let of = name(called)?;
    if !plain || !arguments.iter().all(simple) {
        return match &*of.name {
            "count" => Some(Term::Of("bigint")),
            _ => None,
        };
    }
    let values = arguments.into_iter().map(|part| read(part, depth)).collect();
    Some(match (&of.schema, &*of.name) {
        (None, "coalesce" | "greatest" | "least") => Term::Either(values),
        _ => Term::Call(of, values),
    })
}

fn binary(node: Node<'_>, depth: usize) -> Option<Term> {
    let inner = |node: Node<'_>| read(node, depth);
    let parts: Vec<Node<'_>> = nodes(node);
    let (left, right) = (*parts.first()?, *parts.last()?);
    if node.has(K::AND_KW) || node.has(K::OR_KW) {
        return Some(Term::Logic(vec![inner(left), inner(right)]));
    }
    // The parser does not join what stands in a row of operators from the left, as the server does.
    if node.has(K::CUSTOM_OP) && right.kind() == K::BIN_EXPR {
        return None;
    }
    let operator = operator(node, left, right);
    if operator == "is" || operator.starts_with("is ") {
        return Some(Term::Truth(vec![inner(left)]));
    }
    let many = |list: Node<'_>| -> Option<Term> {
        let items = nodes(list);
        if items
            .iter()
            .any(|item| matches!(item.kind(), K::SELECT | K::COMPOUND_SELECT | K::VALUES))
        {
            return Some(Term::Truth(vec![inner(left)]));
        }
        let of = inner(left);
        let compared = items.into_iter().map(|item| Value {
            span: item.span(),
            term: Term::Operation(Box::new(of.clone()), "=".to_owned(), Box::new(inner(item))),
        });
        Some(Term::Logic(compared.collect()))
    };
    match &*operator {
        "in" | "not in" if left.kind() != K::TUPLE_EXPR => many(right),
        "in" | "not in" => Some(Term::Truth(Vec::new())),
        "=" | "<>" | "!=" | "<" | "<=" | ">" | ">="
            if right.kind() == K::CALL_EXPR
                && right
                    .first_node()
                    .is_some_and(|of| matches!(of.kind(), K::ANY_FN | K::ALL_FN | K::SOME_FN)) =>
        {
            Some(Term::Truth(vec![inner(left)]))
        }
        "" => None,
        _ if operator.starts_with("operator")
            || operator.contains("zone")
            || operator.contains("collate") =>
        {
            None
        }
        _ => Some(Term::Operation(
            Box::new(inner(left)),
            operator,
            Box::new(inner(right)),
        )),
    }
}

/// What stands between two values, in small letters with single spaces.
fn operator(node: Node<'_>, left: Node<'_>, right: Node<'_>) -> String {
    let start = node.span().start;
    let between = Span {
        start: left.span().end.saturating_sub(start),
        end: right.span().start.saturating_sub(start),
    };
    let text = between.of(node.text()).to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
