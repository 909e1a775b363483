//! PostgreSQL: squawk's parser, lowered.

mod alter;
mod data;
mod expression;
mod names;
mod other;
mod table;
mod tree;

use squawk_parser::SyntaxKind;

use super::{Operation, Parsed, SyntaxFault};
use crate::model::Dialect;
use tree::{Node, Tree};

/// Deeper nesting than this is not parsed: the parser recurses, and a stack that overflows cannot be caught.
const DEEPEST: u32 = 120;

/// The longest statement that is parsed; what is longer holds data, not structure.
const LONGEST: usize = 1 << 20;

/// Reads one statement.
pub(super) fn parse(statement: &str) -> Parsed {
    let opaque = |fault| Parsed {
        operation: super::opaque(statement, Dialect::Postgres),
        fault,
    };
    if too_deep(statement) || statement.len() > LONGEST {
        return opaque(None);
    }
    let tree = Tree::parse(statement);
    let Some(node) = tree.statement() else {
        return opaque(fault(&tree, statement));
    };
    if tree.error.is_some() {
        return opaque(fault(&tree, statement));
    }
    let operation = lower(node, &tree).unwrap_or_else(|| super::opaque(statement, Dialect::Postgres));
    Parsed {
        operation,
        fault: None,
    }
}

/// The parser knows less than the server in some corners; a fault is only reported where it is known to be right.
fn fault(tree: &Tree<'_>, statement: &str) -> Option<SyntaxFault> {
    let (message, at) = tree.error.as_ref()?;
    let words = crate::script::words::Words::new(statement, Dialect::Postgres);
    let first = words.peek()?;
    let trusted = first.is_any(&[
        "create", "alter", "drop", "update", "delete", "insert", "select", "truncate", "with",
    ]) && !statement.contains(['\\', ':']);
    trusted.then(|| SyntaxFault {
        message: message.clone(),
        at: *at,
    })
}

/// Whether brackets, or what else the parser descends into, are nested too deep.
fn too_deep(statement: &str) -> bool {
    let (mut depth, mut deepest) = (0_u32, 0);
    let mut run = 0_u32;
    let mut longest_run = 0;
    for byte in statement.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        run = if matches!(byte, b'-' | b'+' | b'~' | b'!' | b'@') {
            run + 1
        } else {
            0
        };
        longest_run = longest_run.max(run);
        deepest = deepest.max(depth);
    }
    let words = |word: &str| statement.to_ascii_lowercase().matches(word).count();
    deepest > DEEPEST
        || (statement.len() > 4_000 && (words("not ") > 400 || words("case ") > 400) && longest_run < 1)
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
        | K::ALTER_TRIGGER => alter::alter(node)?,
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
            let elements = tree
                .statements()
                .skip(1)
                .filter_map(|node| lower(node, tree))
                .collect();
            other::create_schema(node, elements)?
        }
        _ => other::other(node)?,
    })
}
