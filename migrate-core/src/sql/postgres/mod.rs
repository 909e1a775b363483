//! PostgreSQL: squawk's parser, lowered.

mod alter;
mod attached;
mod checks;
mod data;
mod expression;
mod filter;
mod function;
mod names;
mod other;
mod reads;
mod reserved;
mod table;
mod tree;
mod twice;
mod types;
mod unheard;
mod value;
mod versions;
mod view;

pub(super) use function::body_of;
pub(super) use unheard::unheard;
pub(super) use versions::demands;

use squawk_parser::SyntaxKind;

use super::{Action, Operation, Parsed, SyntaxFault};
use crate::model::Dialect;
use tree::{Node, Tree};

/// Deeper nesting than this is not parsed: the parser recurses, and a stack that overflows cannot be caught.
const DEEPEST: u32 = 64;

/// Deeper trees than this are not lowered, for the same reason: a thousand conditions joined by AND are one.
const DEEPEST_TREE: usize = 400;

/// The longest statement that is parsed; what is longer holds data, not structure.
const LONGEST: usize = 1 << 20;

/// As many clauses are taken out of a statement that the parser does not know.
const MOST_CLAUSES: usize = 32;

/// Reads one statement.
pub(super) fn parse(statement: &str) -> Parsed {
    let mut taken: Option<String> = None;
    for _ in 0..MOST_CLAUSES {
        let text = taken.as_deref().unwrap_or(statement);
        let (parsed, error) = parse_once(text);
        match error.and_then(|at| without_storage(text, at).or_else(|| without_class(text, at))) {
            Some(text) => taken = Some(text),
            None => return parsed,
        }
    }
    Parsed {
        operation: super::opaque(statement, Dialect::Postgres),
        fault: None,
        checks: Vec::new(),
    }
}

/// The statement with blanks for `STORAGE x` or `COMPRESSION x`, which the parser does not know behind ADD COLUMN.
fn without_storage(statement: &str, at: u32) -> Option<String> {
    let (before, rest) = statement.split_at_checked(at as usize)?;
    let word = |text: &str| {
        text.find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len())
    };
    let (keyword, tail) = rest.split_at(word(rest));
    if !keyword.eq_ignore_ascii_case("storage") && !keyword.eq_ignore_ascii_case("compression") {
        return None;
    }
    let value = tail.trim_start();
    let after = value
        .get(word(value)..)
        .filter(|after| after.len() < value.len())?;
    let blanks = " ".repeat(rest.len() - after.len());
    Some(format!("{before}{blanks}{after}"))
}

/// The statement with blanks for what follows a column of an exclusion constraint up to WITH: its operator class with
/// parameters and its order, which the parser does not know there.
fn without_class(statement: &str, at: u32) -> Option<String> {
    let (before, rest) = statement.split_at_checked(at as usize)?;
    let word = crate::script::words::Words::new(before, Dialect::Postgres).any(|word| word.is("exclude"));
    let with = rest
        .to_ascii_lowercase()
        .match_indices("with")
        .map(|(at, _)| at)
        .find(|at| rest[..*at].ends_with(char::is_whitespace))?;
    let class = &rest[..with];
    let plain = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_.\"()='".contains(c);
    (word && !class.is_empty() && class.chars().all(plain))
        .then(|| format!("{before}{}{}", " ".repeat(class.len()), &rest[with..]))
}

/// What the statement does, and where the parser stopped if it did.
fn parse_once(statement: &str) -> (Parsed, Option<u32>) {
    let opaque = |fault| Parsed {
        operation: super::opaque(statement, Dialect::Postgres),
        fault,
        checks: Vec::new(),
    };
    if too_deep(statement) || statement.len() > LONGEST {
        return (opaque(None), None);
    }
    let tree = Tree::parse(statement);
    let error = tree.error.as_ref().map(|(_, at)| *at);
    let Some(node) = tree.statement().filter(|_| error.is_none()) else {
        return (opaque(fault(&tree, statement)), error);
    };
    if tree.depth > DEEPEST_TREE {
        return (opaque(None), None);
    }
    // The text ends where a statement does, so what the parser reads as two lacks what separates them.
    if let Some(second) = tree.second() {
        let message = super::SECOND.to_owned();
        return (opaque(Some(SyntaxFault { message, at: second })), None);
    }
    let operation = lower(node, &tree).unwrap_or_else(|| super::opaque(statement, Dialect::Postgres));
    let parsed = Parsed {
        checks: match operation {
            Operation::Opaque { .. } => Vec::new(),
            _ => checks::checks(node),
        },
        operation,
        fault: None,
    };
    if let Some(fault) = reserved::reserved(node) {
        return (opaque(Some(fault)), None);
    }
    if let Some((message, at)) = alone(&parsed.operation) {
        let message = message.to_owned();
        return (opaque(Some(SyntaxFault { message, at })), None);
    }
    (parsed, None)
}

/// What ALTER TABLE does only by itself, where it stands beside something else.
fn alone(operation: &Operation) -> Option<(&'static str, u32)> {
    let Operation::Alter { actions, .. } = operation else {
        return None;
    };
    let alone = |action: &Action| match action {
        Action::RenameTo(to) => Some(("RENAME stands alone in its ALTER TABLE", to.span.start)),
        Action::RenameColumn(from, _, _) | Action::RenameConstraint(from, _) => {
            Some(("RENAME stands alone in its ALTER TABLE", from.span.start))
        }
        Action::SetSchema(schema) => Some(("SET SCHEMA stands alone in its ALTER TABLE", schema.span.start)),
        Action::AttachPartition(child, _) | Action::DetachPartition { child, .. } => Some((
            "a partition is attached or detached by an ALTER TABLE of its own",
            child.span.start,
        )),
        _ => None,
    };
    let told = |action: &&Action| !matches!(action, Action::Takes(_));
    let several = actions.iter().filter(told).count() > 1;
    actions.iter().filter(|_| several).find_map(alone)
}

/// The parser knows less than the server in some corners; a fault is only reported where it is known to be right.
fn fault(tree: &Tree<'_>, statement: &str) -> Option<SyntaxFault> {
    let (message, at) = tree.error.as_ref()?;
    let words = crate::script::words::Words::new(statement, Dialect::Postgres);
    let first = words.peek()?;
    let trusted = first.is_any(&[
        "create", "alter", "drop", "update", "delete", "insert", "select", "truncate", "with",
    ]) && !statement.contains(['\\', ':']);
    // A command that it does not know may be one that the server does.
    let trusted = trusted
        && !(*at == 0 && message.starts_with("expected command"))
        && !words.starts_with(&["create", "schema"])
        // Nor does it know the operator class of a column of an exclusion constraint.
        && message != "expected WITH_KW"
        && !misread(&words, statement, message, *at as usize);
    trusted.then(|| SyntaxFault {
        message: message.clone(),
        at: *at,
    })
}

/// Whether the parser stops at what the server reads: SET STATISTICS of extended statistics, and columns that are called
/// `exclude` or `period`.
fn misread(words: &crate::script::words::Words<'_>, statement: &str, message: &str, at: usize) -> bool {
    let before = statement.get(..at).unwrap_or_default().trim_end();
    let column = ["exclude", "period"].iter().any(|name| {
        before.len() >= name.len()
            && before
                .get(before.len() - name.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(name))
    });
    words.starts_with(&["alter", "statistics"]) || column || message.starts_with("PERIOD is")
}

/// Whether anything that the parser descends into is nested too deep: brackets, CASE, runs of NOT and signs.
fn too_deep(statement: &str) -> bool {
    let (mut brackets, mut cases, mut run, mut deepest) = (0_u32, 0_u32, 0_u32, 0);
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        let skipped = |end: &str| {
            rest.get(1..)
                .and_then(|inner| inner.find(end))
                .map_or(rest.len(), |at| at + 1 + end.len())
        };
        let length = match first {
            '-' if rest.starts_with("--") => skipped("\n"),
            '/' if rest.starts_with("/*") => skipped("*/"),
            '\'' => skipped("'"),
            'a'..='z' | 'A'..='Z' => rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len()),
            other => other.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        match first {
            '-' | '/' if piece.len() > 1 => {}
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            '-' | '+' | '~' | '!' | '@' | '#' | '|' => run += 1,
            c if c.is_whitespace() => {}
            _ if piece.eq_ignore_ascii_case("not") => run += 1,
            _ if piece.eq_ignore_ascii_case("case") => cases += 1,
            _ if piece.eq_ignore_ascii_case("end") => cases = cases.saturating_sub(1),
            _ => run = 0,
        }
        deepest = deepest.max(brackets + cases + run);
    }
    deepest > DEEPEST
}

/// The first of the queries that UNION and its like put together.
fn first_query(node: Node<'_>) -> Node<'_> {
    match node.first_node() {
        Some(first) if node.kind() == SyntaxKind::COMPOUND_SELECT => first_query(first),
        _ => node,
    }
}

fn lower(node: Node<'_>, tree: &Tree<'_>) -> Option<Operation> {
    use SyntaxKind as K;
    Some(match node.kind() {
        K::CREATE_TABLE | K::CREATE_TABLE_AS | K::CREATE_FOREIGN_TABLE | K::SELECT_INTO => {
            table::create(node)?
        }
        K::ALTER_TABLE
        | K::ALTER_FOREIGN_TABLE
        | K::ALTER_INDEX
        | K::ALTER_VIEW
        | K::ALTER_MATERIALIZED_VIEW
        | K::ALTER_SEQUENCE
        | K::ALTER_TYPE
        | K::ALTER_DOMAIN
        | K::ALTER_FUNCTION
        | K::ALTER_PROCEDURE
        | K::ALTER_ROUTINE
        | K::ALTER_AGGREGATE
        | K::ALTER_SCHEMA
        | K::ALTER_TRIGGER
        | K::ALTER_POLICY => alter::alter(node)?,
        // The first query of a UNION says where the rows of all of them go.
        K::COMPOUND_SELECT if first_query(node).kind() == K::SELECT_INTO => table::create(first_query(node))?,
        K::SELECT
        | K::COMPOUND_SELECT
        | K::PAREN_SELECT
        | K::VALUES
        | K::TABLE
        | K::INSERT
        | K::UPDATE
        | K::DELETE
        | K::MERGE
        | K::COPY
        | K::CALL => data::data(node),
        K::CREATE_SCHEMA => {
            let inside = |node: &Node<'_>| {
                matches!(
                    node.kind(),
                    K::CREATE_TABLE
                        | K::CREATE_VIEW
                        | K::CREATE_INDEX
                        | K::CREATE_SEQUENCE
                        | K::CREATE_TRIGGER
                )
            };
            let elements = tree
                .nodes()
                .filter(inside)
                .filter_map(|node| lower(node, tree))
                .collect();
            other::create_schema(node, elements)?
        }
        // EXPLAIN ANALYZE runs what it explains.
        K::EXPLAIN => {
            let inner = node.last_node()?;
            let head = (inner.span().start - node.span().start) as usize;
            let head = node.text().get(..head).unwrap_or("").to_lowercase();
            match head.contains("analyze") || head.contains("analyse") {
                true => lower(inner, tree)?,
                false => Operation::Harmless,
            }
        }
        _ => other::other(node)?,
    })
}
