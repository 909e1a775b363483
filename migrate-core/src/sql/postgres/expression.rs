//! Expressions.

use squawk_parser::SyntaxKind as K;

use super::names::{fold, name};
use super::tree::Node;
use super::types::{child_type, is_type};
use super::value::value;
use crate::sql::{Arguments, Conjunct, Expr, Shape};

/// An expression.
pub(super) fn expr(node: Node<'_>) -> Expr {
    let mut expr = Expr {
        text: node.text().to_owned(),
        span: node.span(),
        shape: shape(node),
        ..Expr::default()
    };
    gather(node, &mut expr);
    conjuncts(node, &mut expr.conjuncts);
    expr
}

/// The expression that stands in parentheses among the children, or is the last node.
pub(super) fn child_expr(node: Node<'_>) -> Option<Expr> {
    let mut after_paren = node
        .children()
        .skip_while(|child| child.kind() != K::L_PAREN)
        .skip(1);
    let inner = after_paren.find(|child| !child.is_token());
    inner
        .or_else(|| node.children().filter(|child| !child.is_token()).last())
        .map(expr)
}

fn gather(node: Node<'_>, expr: &mut Expr) {
    match node.kind() {
        K::CALL_EXPR => {
            if let Some(called) = node.first_node()
                && matches!(called.kind(), K::NAME_REF | K::FIELD_EXPR)
            {
                if let Some(name) = name(called) {
                    expr.calls.push(name);
                    expr.given.push(given(node));
                }
                for child in node.children().filter(|child| child.span() != called.span()) {
                    gather(child, expr);
                }
                return;
            }
        }
        K::NAME_REF => {
            if let Some(token) = node.tokens().next()
                && (token.kind() == K::IDENT || !is_value_keyword(token.text()))
                && !is_grammar(token.text())
            {
                expr.columns.push(fold(token.text()));
            }
            return;
        }
        K::FIELD_EXPR => {
            let last = node.children().filter(|child| child.kind() == K::NAME_REF).last();
            if let Some(last) = last.filter(|_| !is_part(node)) {
                gather(last, expr);
            }
            for child in node
                .children()
                .filter(|child| !matches!(child.kind(), K::NAME_REF))
            {
                gather(child, expr);
            }
            return;
        }
        K::SELECT | K::COMPOUND_SELECT => expr.query = true,
        kind if is_type(kind) => return,
        _ => {}
    }
    for child in node.children().filter(|child| !child.is_token()) {
        gather(child, expr);
    }
}

/// What a call gives.
fn given(call: Node<'_>) -> Arguments {
    let list = call.child(K::ARG_LIST);
    let mut given = Arguments {
        open: list.is_none_or(|list| list.has(K::STAR)),
        ..Arguments::default()
    };
    let arguments = list.into_iter().flat_map(Node::children);
    for argument in arguments.filter(|part| part.kind() == K::ARG) {
        given.open |= argument.has(K::VARIADIC_KW);
        match argument.child(K::NAMED_ARG) {
            Some(named) => {
                let parameter = named
                    .child(K::PARAM_NAME_REF)
                    .and_then(|of| of.tokens().next())
                    .map(|of| fold(of.text()));
                given.open |= parameter.is_none();
                let said = named.last_node().map(value);
                given.values.extend(said.map(|said| (parameter, said)));
            }
            None => given.values.push((None, value(argument))),
        }
    }
    given
}

/// Whether it is a part of a composite value, `(address).zip`, and no column of a table.
fn is_part(node: Node<'_>) -> bool {
    node.first_node().is_some_and(|of| of.kind() == K::PAREN_EXPR)
}

/// Words that the parser takes for names: the form of `normalize(text, NFC)`, and what `IS UNKNOWN` tests for.
pub(super) fn is_grammar(text: &str) -> bool {
    let words = ["nfc", "nfd", "nfkc", "nfkd", "unknown"];
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_value_keyword(text: &str) -> bool {
    [
        "current_date",
        "current_time",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "current_user",
        "session_user",
        "system_user",
        "user",
        "current_role",
        "current_catalog",
        "current_schema",
        "value",
        "default",
    ]
    .iter()
    .any(|word| text.eq_ignore_ascii_case(word))
}

pub(super) fn shape(node: Node<'_>) -> Shape {
    match node.kind() {
        K::LITERAL if node.has(K::NULL_KW) => Shape::Null,
        K::LITERAL => Shape::Literal,
        K::PREFIX_EXPR if node.has(K::MINUS) || node.has(K::PLUS) => match node.first_node().map(shape) {
            Some(Shape::Literal) => Shape::Literal,
            _ => Shape::Other,
        },
        K::PAREN_EXPR => node.first_node().map_or(Shape::Other, shape),
        K::NAME_REF => match node.tokens().next() {
            Some(token) if !is_value_keyword(token.text()) => Shape::Column(fold(token.text())),
            _ => Shape::Other,
        },
        K::CAST_EXPR => match (cast_value(node).map(shape), child_type(node)) {
            (Some(literal @ (Shape::Null | Shape::Literal)), _) => literal,
            (Some(Shape::Column(column)), Some(ty)) => Shape::Cast(column, Box::new(ty)),
            _ => Shape::Other,
        },
        _ => Shape::Other,
    }
}

/// What is cast: the type stands before it in `date '2026-01-01'`.
pub(super) fn cast_value(node: Node<'_>) -> Option<Node<'_>> {
    node.children()
        .find(|child| !child.is_token() && !is_type(child.kind()))
}

fn is_null(node: Node<'_>) -> bool {
    node.kind() == K::LITERAL && node.has(K::NULL_KW)
}

pub(super) fn nodes<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    node.children().filter(|child| !child.is_token()).collect()
}

pub(super) fn column(node: Node<'_>) -> Option<String> {
    match shape(node) {
        Shape::Column(column) => Some(column),
        Shape::Cast(column, _) => Some(column),
        _ => None,
    }
}

/// The column a test for NULL is about, and whether it asks for a value.
pub(super) fn null_test(node: Node<'_>) -> Option<(String, bool)> {
    match node.kind() {
        K::PAREN_EXPR => null_test(node.first_node()?),
        K::PREFIX_EXPR if node.has(K::NOT_KW) => {
            null_test(node.first_node()?).map(|(column, wanted)| (column, !wanted))
        }
        K::BIN_EXPR => {
            let parts = nodes(node);
            let tested = strip(*parts.first()?);
            let right = *parts.last()?;
            if let Some(holds) = is_boolean(right).filter(|_| node.has(K::EQ)) {
                return null_test(tested).map(|(column, wanted)| (column, wanted == holds));
            }
            let column = tested_column(tested)?;
            let negated = node.has(K::IS_NOT) || node.has(K::IS_DISTINCT_FROM);
            let plain = node.has(K::IS_KW) || node.has(K::IS_NOT_DISTINCT_FROM);
            (is_null(right) && (negated || plain)).then_some((column, negated))
        }
        K::POSTFIX_EXPR => {
            let column = tested_column(strip(node.first_node()?))?;
            if node.has(K::NOTNULL_KW) {
                Some((column, true))
            } else if node.has(K::ISNULL_KW) {
                Some((column, false))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// The column that a node is, with or without its table.
pub(super) fn tested_column(node: Node<'_>) -> Option<String> {
    match node.kind() {
        K::FIELD_EXPR if is_part(node) => None,
        K::FIELD_EXPR => {
            let last = node
                .children()
                .filter(|child| child.kind() == K::NAME_REF)
                .last()?;
            Some(fold(last.tokens().next()?.text()))
        }
        _ => match shape(node) {
            Shape::Column(column) => Some(column),
            _ => None,
        },
    }
}

fn is_boolean(node: Node<'_>) -> Option<bool> {
    match node.kind() {
        K::LITERAL if node.has(K::TRUE_KW) => Some(true),
        K::LITERAL if node.has(K::FALSE_KW) => Some(false),
        _ => None,
    }
}

/// The parts of `NOT (x IS NULL OR y IS NULL)`, where that is what the node is.
fn none_of(node: Node<'_>) -> Option<Vec<String>> {
    if node.kind() != K::PREFIX_EXPR || !node.has(K::NOT_KW) {
        return None;
    }
    let mut found = Vec::new();
    let mut open = vec![strip(node.first_node()?)];
    while let Some(part) = open.pop() {
        if part.kind() == K::BIN_EXPR && part.has(K::OR_KW) {
            open.extend(nodes(part).into_iter().map(strip));
        } else if let Some((column, false)) = null_test(part) {
            found.push(column);
        }
    }
    Some(found)
}

/// The columns of `ROW(a, b) IS NOT NULL`, where that is what the node is.
fn row_test(node: Node<'_>) -> Option<Vec<String>> {
    let parts = nodes(node);
    let row = strip(*parts.first()?);
    let is_test = node.kind() == K::BIN_EXPR && node.has(K::IS_NOT) && is_null(*parts.last()?);
    let is_row = matches!(row.kind(), K::TUPLE_EXPR)
        || (row.kind() == K::CALL_EXPR && row.text().get(..3)?.eq_ignore_ascii_case("row"));
    (is_test && is_row).then(|| row.descendants().filter_map(tested_column).collect())
}

pub(super) fn strip(node: Node<'_>) -> Node<'_> {
    match node.first_node() {
        Some(inner) if node.kind() == K::PAREN_EXPR => strip(inner),
        _ => node,
    }
}

fn conjuncts(node: Node<'_>, out: &mut Vec<Conjunct>) {
    if let Some((column, wanted)) = null_test(node) {
        out.push(if wanted {
            Conjunct::NotNull(column)
        } else {
            Conjunct::Other
        });
        return;
    }
    if let Some(columns) = none_of(node)
        .or_else(|| row_test(node))
        .filter(|columns| !columns.is_empty())
    {
        out.extend(columns.into_iter().map(Conjunct::NotNull));
        return;
    }
    match node.kind() {
        K::PAREN_EXPR => {
            if let Some(inner) = node.first_node() {
                return conjuncts(inner, out);
            }
        }
        // `OR false` adds nothing.
        K::BIN_EXPR if node.has(K::OR_KW) => {
            if let [one, other] = *nodes(node) {
                match (is_boolean(one), is_boolean(other)) {
                    (Some(false), _) => return conjuncts(other, out),
                    (_, Some(false)) => return conjuncts(one, out),
                    _ => {}
                }
            }
        }
        K::BIN_EXPR if node.has(K::AND_KW) => {
            for part in nodes(node) {
                conjuncts(part, out);
            }
            return;
        }
        K::BIN_EXPR if node.has(K::IN_KW) => {
            if let [left, .., list] = *nodes(node)
                && let Some(column) = column(left)
                && matches!(list.kind(), K::TUPLE_EXPR | K::PAREN_EXPR)
            {
                let literals = nodes(list).into_iter().map(literal).collect();
                return out.push(Conjunct::In { column, literals });
            }
        }
        K::BIN_EXPR => {
            if let [left, right] = *nodes(node)
                .iter()
                .filter(|n| n.kind() != K::OP)
                .copied()
                .collect::<Vec<_>>()
            {
                let between = node.text().get(
                    (left.span().end - node.span().start) as usize
                        ..(right.span().start - node.span().start) as usize,
                );
                let operator = between.unwrap_or("").trim().to_owned();
                // What `IN` is printed as.
                if let (Some(column), "=") = (column(left), &*operator)
                    && right.first_node().is_some_and(|of| of.kind() == K::ANY_FN)
                    && let Some(array) = right.find(K::ARRAY_EXPR)
                {
                    let literals = nodes(array).into_iter().map(literal).collect();
                    return out.push(Conjunct::In { column, literals });
                }
                if let (Some(column), Shape::Literal) = (column(left), shape(strip(right))) {
                    return out.push(Conjunct::Compare {
                        column,
                        operator,
                        literal: literal(right),
                    });
                }
                if let (Shape::Literal, Some(column)) = (shape(strip(left)), column(right)) {
                    let operator = match &*operator {
                        "<" => ">".to_owned(),
                        "<=" => ">=".to_owned(),
                        ">" => "<".to_owned(),
                        ">=" => "<=".to_owned(),
                        _ => operator,
                    };
                    return out.push(Conjunct::Compare {
                        column,
                        operator,
                        literal: literal(left),
                    });
                }
            }
        }
        K::BETWEEN_EXPR => {
            if let [value, low, high] = *nodes(node)
                && let Some(column) = column(value)
                && !node.has(K::NOT_KW)
                && !node.has(K::SYMMETRIC)
            {
                let compare = |operator: &str, of: Node<'_>| Conjunct::Compare {
                    column: column.clone(),
                    operator: operator.to_owned(),
                    literal: literal(of),
                };
                out.push(compare(">=", low));
                return out.push(compare("<=", high));
            }
        }
        _ => {}
    }
    out.push(Conjunct::Other);
}

/// The text of a literal without casts and parentheses, so that `'a'` and `'a'::text` compare equal.
pub(super) fn literal(node: Node<'_>) -> String {
    match node.kind() {
        K::PAREN_EXPR => node.first_node().map_or_else(|| node.text().to_owned(), literal),
        K::CAST_EXPR => cast_value(node).map_or_else(|| node.text().to_owned(), literal),
        _ => node.text().to_owned(),
    }
}
