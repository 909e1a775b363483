//! Expressions, through SQLite's own tree of them.

use sqlite3_parser::ast::{
    Cmd, Expr as Tree, FromClause, Literal, OneSelect, Operator, ResultColumn, Select, SelectTable, Stmt,
    UnaryOperator,
};
use sqlite3_parser::lexer::sql::Parser;
use sqlite3_parser::{Bump, FallibleIterator};

use super::cursor::{Cursor, unquoted};
use crate::sql::{Conjunct, Expr, Filter, Name, Shape, Type};

/// Deeper trees are not followed: the walk recurses.
const DEEPEST: u32 = 200;

/// The expression of a range of tokens.
pub(super) fn expr(cursor: Cursor<'_>) -> Expr {
    let mut found = Expr {
        text: cursor.source().to_owned(),
        span: cursor.span(),
        ..Expr::default()
    };
    with_tree(cursor.source(), |tree| {
        found.shape = shape(tree);
        let mut walk = Walk::default();
        walk.expr(tree, 0);
        found.calls = walk.calls;
        found.columns = walk.columns;
        found.query = walk.query;
        conjuncts(tree, &mut found.conjuncts, 0);
    });
    found
}

/// Which rows a condition leaves.
pub(super) fn filter(cursor: Cursor<'_>) -> Filter {
    let mut found = Filter::Some;
    with_tree(cursor.source(), |tree| found = holds(tree, 0));
    found
}

pub(super) fn with_tree(source: &str, look: impl FnOnce(&Tree<'_>)) {
    let bump = Bump::new();
    let text = format!("SELECT {source}");
    let mut parser = Parser::new(&bump, text.as_bytes());
    let Ok(Some(Cmd::Stmt(Stmt::Select(select)))) = parser.next() else {
        return;
    };
    if let OneSelect::Select { columns, .. } = &select.body.select
        && let [ResultColumn::Expr(tree, None)] = columns
    {
        look(tree);
    }
}

pub(super) fn bare<'t, 'b>(mut tree: &'t Tree<'b>) -> &'t Tree<'b> {
    while let Tree::Parenthesized(inner) = tree
        && let [only] = inner.as_slice()
    {
        tree = only;
    }
    tree
}

fn shape(tree: &Tree<'_>) -> Shape {
    match bare(tree) {
        Tree::Literal(Literal::Null) => Shape::Null,
        Tree::Literal(Literal::CurrentDate | Literal::CurrentTime | Literal::CurrentTimestamp) => {
            Shape::Other
        }
        Tree::Literal(_) => Shape::Literal,
        Tree::Unary(UnaryOperator::Negative | UnaryOperator::Positive, inner) => match shape(inner) {
            Shape::Literal => Shape::Literal,
            _ => Shape::Other,
        },
        Tree::Id(id) => match unquoted(id.0).as_str() {
            "true" | "false" if !id.0.starts_with(['"', '`', '[']) => Shape::Literal,
            name => Shape::Column(name.to_owned()),
        },
        Tree::Name(name) | Tree::Qualified(_, name) | Tree::DoublyQualified(_, _, name) => {
            Shape::Column(unquoted(name.0))
        }
        Tree::Cast { expr, type_name } => match shape(expr) {
            Shape::Column(name) => Shape::Cast(
                name,
                Box::new(Type {
                    name: type_name
                        .as_ref()
                        .map_or_else(String::new, |ty| ty.name.to_ascii_lowercase()),
                    ..Type::default()
                }),
            ),
            other => other,
        },
        _ => Shape::Other,
    }
}

fn column(tree: &Tree<'_>) -> Option<String> {
    match shape(tree) {
        Shape::Column(name) => Some(name),
        _ => None,
    }
}

fn conjuncts(tree: &Tree<'_>, found: &mut Vec<Conjunct>, depth: u32) {
    let tree = bare(tree);
    match tree {
        Tree::Binary(left, Operator::And, right) if depth < DEEPEST => {
            conjuncts(left, found, depth + 1);
            conjuncts(right, found, depth + 1);
        }
        _ => found.push(match not_null(tree) {
            Some(name) => Conjunct::NotNull(name),
            None => Conjunct::Other,
        }),
    }
}

/// The column of which the expression says that it is not null.
fn not_null(tree: &Tree<'_>) -> Option<String> {
    match bare(tree) {
        Tree::NotNull(inner) => column(inner),
        Tree::Binary(left, Operator::IsNot, right) if matches!(bare(right), Tree::Literal(Literal::Null)) => {
            column(left)
        }
        Tree::Unary(UnaryOperator::Not, inner) => match bare(inner) {
            Tree::IsNull(inner) => column(inner),
            Tree::Binary(left, Operator::Is, right)
                if matches!(bare(right), Tree::Literal(Literal::Null)) =>
            {
                column(left)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The column of which the expression says that it is null.
fn null(tree: &Tree<'_>) -> Option<String> {
    match bare(tree) {
        Tree::IsNull(inner) => column(inner),
        Tree::Binary(left, Operator::Is, right) if matches!(bare(right), Tree::Literal(Literal::Null)) => {
            column(left)
        }
        _ => None,
    }
}

fn number(tree: &Tree<'_>) -> Option<f64> {
    match bare(tree) {
        Tree::Literal(Literal::Numeric(number)) => number.parse().ok(),
        _ => None,
    }
}

fn holds(tree: &Tree<'_>, depth: u32) -> Filter {
    if depth > DEEPEST {
        return Filter::Some;
    }
    let tree = bare(tree);
    if let Some(name) = not_null(tree) {
        return Filter::NotNull(vec![name]);
    }
    match tree {
        Tree::Literal(Literal::Numeric(number)) => match number.parse::<f64>() {
            Ok(number) if number != 0.0 => Filter::Always,
            _ => Filter::Some,
        },
        Tree::Id(id) if id.0.eq_ignore_ascii_case("true") => Filter::Always,
        Tree::Unary(UnaryOperator::Not, inner) => match bare(inner) {
            Tree::Id(id) if id.0.eq_ignore_ascii_case("false") => Filter::Always,
            inner if number(inner) == Some(0.0) => Filter::Always,
            _ => Filter::Some,
        },
        // The first one is what it is, if it is not NULL.
        Tree::FunctionCall {
            name,
            args: Some([first, ..]),
            ..
        } if ["coalesce", "ifnull"]
            .iter()
            .any(|one| name.0.eq_ignore_ascii_case(one)) =>
        {
            match holds(first, depth + 1) {
                Filter::Always => Filter::Always,
                _ => Filter::Some,
            }
        }
        Tree::Binary(left, operator, right) => match operator {
            Operator::And => match (holds(left, depth + 1), holds(right, depth + 1)) {
                (Filter::Always, other) | (other, Filter::Always) => other,
                (Filter::NotNull(mut one), Filter::NotNull(two)) => {
                    one.extend(two);
                    Filter::NotNull(one)
                }
                _ => Filter::Some,
            },
            Operator::Or => match (holds(left, depth + 1), holds(right, depth + 1)) {
                (Filter::Always, _) | (_, Filter::Always) => Filter::Always,
                (Filter::NotNull(columns), _) if null(right).is_some_and(|name| columns == [name]) => {
                    Filter::Always
                }
                (_, Filter::NotNull(columns)) if null(left).is_some_and(|name| columns == [name]) => {
                    Filter::Always
                }
                // What else there is can only add rows.
                (Filter::NotNull(columns), _) | (_, Filter::NotNull(columns)) => Filter::NotNull(columns),
                _ => Filter::Some,
            },
            Operator::NotEquals | Operator::Less | Operator::Greater => match (number(left), number(right)) {
                (Some(one), Some(two)) if one < two && *operator != Operator::Greater => Filter::Always,
                (Some(one), Some(two)) if one > two && *operator != Operator::Less => Filter::Always,
                _ => Filter::Some,
            },
            Operator::Equals | Operator::Is | Operator::LessEquals | Operator::GreaterEquals => {
                same(left, right)
            }
            _ => Filter::Some,
        },
        _ => Filter::Some,
    }
}

/// What a comparison of two equal things leaves.
fn same(left: &Tree<'_>, right: &Tree<'_>) -> Filter {
    let (left, right) = (bare(left), bare(right));
    match (left, right) {
        (Tree::Literal(one), Tree::Literal(two)) if one == two && *one != Literal::Null => Filter::Always,
        _ => match (column(left), column(right)) {
            (Some(one), Some(two)) if one == two && !of_two_tables(left, right) => Filter::NotNull(vec![one]),
            _ => Filter::Some,
        },
    }
}

/// Whether two columns are of two tables, as far as they say it.
fn of_two_tables(left: &Tree<'_>, right: &Tree<'_>) -> bool {
    let table = |tree: &Tree<'_>| match tree {
        Tree::Qualified(table, _) | Tree::DoublyQualified(_, table, _) => Some(unquoted(table.0)),
        _ => None,
    };
    matches!((table(left), table(right)), (Some(one), Some(two)) if one != two)
}

/// What stands anywhere in an expression.
#[derive(Default)]
struct Walk {
    calls: Vec<Name>,
    columns: Vec<String>,
    query: bool,
}

impl Walk {
    fn exprs(&mut self, trees: &[Tree<'_>], depth: u32) {
        for tree in trees {
            self.expr(tree, depth);
        }
    }

    fn expr(&mut self, tree: &Tree<'_>, depth: u32) {
        if depth > DEEPEST {
            self.query = true;
            return;
        }
        let depth = depth + 1;
        match tree {
            Tree::Between { lhs, start, end, .. } => {
                self.expr(lhs, depth);
                self.expr(start, depth);
                self.expr(end, depth);
            }
            Tree::Binary(left, _, right) => {
                self.expr(left, depth);
                self.expr(right, depth);
            }
            Tree::Case {
                base,
                when_then_pairs,
                else_expr,
            } => {
                for (when, then) in *when_then_pairs {
                    self.expr(when, depth);
                    self.expr(then, depth);
                }
                for one in base.iter().chain(else_expr) {
                    self.expr(one, depth);
                }
            }
            Tree::Cast { expr, .. }
            | Tree::Collate(expr, _)
            | Tree::IsNull(expr)
            | Tree::NotNull(expr)
            | Tree::Unary(_, expr) => self.expr(expr, depth),
            Tree::DoublyQualified(_, _, name) | Tree::Qualified(_, name) | Tree::Name(name) => {
                self.columns.push(unquoted(name.0));
            }
            Tree::Id(id) => match unquoted(id.0).as_str() {
                "true" | "false" => {}
                name => self.columns.push(name.to_owned()),
            },
            Tree::FunctionCall { name, args, .. } => {
                self.calls.push(Name::plain(unquoted(name.0)));
                self.exprs(args.unwrap_or_default(), depth);
            }
            Tree::FunctionCallStar { name, .. } => self.calls.push(Name::plain(unquoted(name.0))),
            Tree::InList { lhs, rhs, .. } => {
                self.expr(lhs, depth);
                self.exprs(rhs.unwrap_or_default(), depth);
            }
            Tree::InSelect { lhs, rhs, .. } => {
                self.expr(lhs, depth);
                self.select(rhs, depth);
            }
            Tree::InTable { lhs, .. } => {
                self.expr(lhs, depth);
                self.query = true;
            }
            Tree::Like { lhs, rhs, escape, .. } => {
                self.expr(lhs, depth);
                self.expr(rhs, depth);
                if let Some(escape) = escape {
                    self.expr(escape, depth);
                }
            }
            Tree::Parenthesized(inner) => self.exprs(inner, depth),
            Tree::Exists(select) | Tree::Subquery(select) => self.select(select, depth),
            Tree::Literal(_) | Tree::Variable(_) | Tree::Raise(..) => {}
        }
    }

    fn select(&mut self, select: &Select<'_>, depth: u32) {
        self.query = true;
        let others = select.body.compounds.iter().flatten().map(|one| &one.select);
        for one in std::iter::once(&select.body.select).chain(others) {
            match one {
                OneSelect::Select {
                    columns,
                    from,
                    where_clause,
                    ..
                } => {
                    for column in *columns {
                        if let ResultColumn::Expr(tree, _) = column {
                            self.expr(tree, depth);
                        }
                    }
                    if let Some(condition) = where_clause {
                        self.expr(condition, depth);
                    }
                    self.from(from.as_ref(), depth);
                }
                OneSelect::Values(rows) => {
                    for row in rows {
                        self.exprs(row, depth);
                    }
                }
            }
        }
    }

    fn from(&mut self, from: Option<&FromClause<'_>>, depth: u32) {
        let Some(from) = from.filter(|_| depth <= DEEPEST) else {
            return;
        };
        let joined = from.joins.iter().flatten().map(|join| &join.table);
        for table in from.select.into_iter().chain(joined) {
            match table {
                SelectTable::Select(select, _) => self.select(select, depth + 1),
                SelectTable::Sub(inner, _) => self.from(Some(inner), depth + 1),
                _ => {}
            }
        }
    }
}
