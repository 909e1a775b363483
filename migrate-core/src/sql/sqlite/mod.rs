//! SQLite: SQLite's own grammar decides what is SQL, and its trees say what an expression does; where the parts of a
//! statement stand is read from the tokens, because the trees do not know.

mod alter;
mod copy;
mod cursor;
mod data;
mod evaluate;
mod expression;
mod given;
mod moment;
mod other;
mod pattern;
mod reads;
mod table;
mod unheard;
mod versions;

use sqlite3_parser::lexer::sql::{Error, Parser, ParserError};
use sqlite3_parser::{Bump, FallibleIterator};

use super::{
    Action, Check, ColumnDef, Constraint, ConstraintKind, Expr, Generated, Operation, Parsed, Span,
    SyntaxFault, TableSource,
};
use crate::model::Dialect;
use cursor::Cursor;

pub(super) use copy::copied;
pub(super) use versions::demands;

/// Deeper brackets than this are not parsed. SQLite's own limit is 1000 and was 100 for long.
const DEEPEST: usize = 100;

/// The longest statement that is parsed; what is longer holds data, not structure.
const LONGEST: usize = 1 << 20;

/// Reads one statement.
pub(super) fn parse(statement: &str) -> Parsed {
    let opaque = |fault| Parsed {
        operation: super::opaque(statement, Dialect::Sqlite),
        fault,
        checks: Vec::new(),
    };
    if statement.len() > LONGEST {
        return opaque(None);
    }
    let Some(tokens) = cursor::tokens(statement) else {
        return opaque(None);
    };
    let cursor = Cursor::new(statement, &tokens);
    if cursor.depth() > DEEPEST {
        return opaque(None);
    }
    if let Some(fault) = unheard::comment(cursor) {
        return opaque(Some(fault));
    }
    if let Some(fault) = refused(statement) {
        let trusted = trusted(&cursor);
        return opaque(unheard::unheard(cursor, &fault).or_else(|| trusted.then_some(fault)));
    }
    let operation = lower(cursor).unwrap_or_else(|| super::opaque(statement, Dialect::Sqlite));
    let refused = impossible(&operation).or_else(|| downward(cursor));
    let refused = refused.map(|fault| {
        let span = Span {
            start: fault.at,
            end: fault.at + 1,
        };
        Check::Refused(span, fault.message)
    });
    Parsed {
        operation,
        fault: reads::taken_for_a_join(cursor),
        checks: refused.into_iter().collect(),
    }
}

/// What the grammar lets pass and SQLite refuses whatever the database holds.
fn impossible(operation: &Operation) -> Option<SyntaxFault> {
    let table = match operation {
        Operation::CreateTable(table) => table,
        Operation::CreateIndex(index) => return index_over(index),
        Operation::Alter { actions, .. } => {
            // That a key or such a default cannot be added is a rule's to say.
            let told = |column: &ColumnDef| match value_of(column) {
                Some(_) => column.constraints.iter().any(is_key),
                None => true,
            };
            return actions.iter().find_map(|action| match action {
                Action::AddColumn { column, .. } if !told(column) => computed(column),
                Action::AddColumn { column, .. } => asking(column.constraints.iter()),
                _ => None,
            });
        }
        _ => return None,
    };
    if table.name.name.to_ascii_lowercase().starts_with("sqlite_") {
        return Some(SyntaxFault {
            message: "a name that starts with sqlite_ is SQLite's own".to_owned(),
            at: table.name.span.start,
        });
    }
    let from_elsewhere = !matches!(table.source, TableSource::None);
    if from_elsewhere || table.columns.is_empty() {
        return None;
    }
    let bare = |ty: &str| ty.trim_matches(['"', '\'', '`', '[', ']']).to_lowercase();
    let allowed = ["int", "integer", "real", "text", "blob", "any"];
    if table.strict.is_some()
        && let Some(column) = table
            .columns
            .iter()
            .find(|column| !allowed.contains(&bare(&column.ty.text).as_str()))
    {
        return Some(SyntaxFault {
            message: match column.ty.text.as_str() {
                "" => format!(
                    "a STRICT table has a type for each column, and `{}` has none",
                    column.name
                ),
                ty => {
                    format!("a STRICT table has the types INT, INTEGER, REAL, TEXT, BLOB and ANY, not `{ty}`")
                }
            },
            at: column.span.start,
        });
    }
    let counts = |column: &&ColumnDef| matches!(column.generated, Some(Generated::Identity { .. }));
    if let Some(column) = table.columns.iter().find(counts) {
        let integer = bare(&column.ty.text) == "integer";
        if !integer || table.without_rowid {
            let why = match integer {
                false => "AUTOINCREMENT is for an INTEGER PRIMARY KEY only",
                true => "a table WITHOUT ROWID has no AUTOINCREMENT",
            };
            return Some(SyntaxFault {
                message: why.to_owned(),
                at: column.span.start,
            });
        }
    }
    if let Some(fault) = table.columns.iter().find_map(computed) {
        return Some(fault);
    }
    if table.columns.iter().all(|column| value_of(column).is_some()) {
        return Some(SyntaxFault {
            message: "a table has a column that is not computed".to_owned(),
            at: table.name.span.start,
        });
    }
    let all = table.columns.iter().flat_map(|column| &column.constraints);
    if let Some(fault) = asking(all.chain(&table.constraints)) {
        return Some(fault);
    }
    let mut constraints = table
        .columns
        .iter()
        .flat_map(|column| &column.constraints)
        .chain(&table.constraints);
    (table.without_rowid && !constraints.any(is_key)).then(|| SyntaxFault {
        message: "a table WITHOUT ROWID needs a PRIMARY KEY".to_owned(),
        at: table.name.span.start,
    })
}

/// A CHECK with a query in it.
fn asking<'a>(mut constraints: impl Iterator<Item = &'a Constraint>) -> Option<SyntaxFault> {
    constraints.find_map(|one| {
        let why = match &one.kind {
            ConstraintKind::Check(check) if check.query => "a CHECK has no query",
            ConstraintKind::Check(check) if moment::dates_now(&check.text) => {
                "a CHECK knows no present moment, so every write would fail"
            }
            _ => return None,
        };
        Some(SyntaxFault {
            message: why.to_owned(),
            at: one.span.start,
        })
    })
}

/// An AUTOINCREMENT of a key that runs downwards.
fn downward(cursor: Cursor<'_>) -> Option<SyntaxFault> {
    if !cursor.is("create") {
        return None;
    }
    let counts = |at: &usize| {
        cursor.is_at(*at, "autoincrement")
            && cursor.is_at(at.wrapping_sub(1), "desc")
            && cursor.is_at(at.wrapping_sub(2), "key")
    };
    let at = (0..cursor.len()).find(counts)?;
    Some(SyntaxFault {
        message: "AUTOINCREMENT is for an INTEGER PRIMARY KEY that runs upwards".to_owned(),
        at: cursor.span_at(at - 1).start,
    })
}

fn is_key(one: &Constraint) -> bool {
    matches!(one.kind, ConstraintKind::PrimaryKey { .. })
}

/// What a column is computed from.
fn value_of(column: &ColumnDef) -> Option<&Expr> {
    match &column.generated {
        Some(Generated::Stored(value) | Generated::Virtual(value)) => Some(value),
        _ => None,
    }
}

/// What a column cannot be computed from, or start as.
fn computed(column: &ColumnDef) -> Option<SyntaxFault> {
    let default = column.default.as_ref();
    let why = match value_of(column) {
        Some(_) if default.is_some() => "a generated column has no default",
        Some(_) if column.constraints.iter().any(is_key) => "a generated column cannot be the primary key",
        Some(value) if value.query => "a generated column is computed from its row, without a query",
        Some(value)
            if value.calls.iter().any(differs)
                || moment::dates_now(&value.text)
                || moment::names_now(&value.text) =>
        {
            "a generated column has the same value each time"
        }
        None if default.is_some_and(|value| {
            value.text.starts_with('(') && !value.columns.is_empty() && !value.text.contains('"')
        }) =>
        {
            "a default names no column"
        }
        _ => return None,
    };
    Some(SyntaxFault {
        message: why.to_owned(),
        at: column.span.start,
    })
}

/// Functions that give another value each time.
fn differs(call: &super::Name) -> bool {
    matches!(
        &*call.name,
        "random" | "randomblob" | "last_insert_rowid" | "changes" | "total_changes"
    )
}

/// What an index cannot be over or be limited by.
fn index_over(index: &super::Index) -> Option<SyntaxFault> {
    let own = |name: &super::Name| name.name.to_ascii_lowercase().starts_with("sqlite_");
    let limit = index.predicate.as_ref();
    let why = match () {
        () if index.name.as_ref().is_some_and(own) => "a name that starts with sqlite_ is SQLite's own",
        () if index.definition.to_ascii_lowercase().contains("random(") => {
            "an index has the same value each time"
        }
        () if has_nulls_order(&index.definition) => "an index has no NULLS FIRST and no NULLS LAST",
        () if index.expressions.iter().any(|value| value.query) => "an index has no query",
        () if limit.is_some_and(|limit| limit.query) => "the condition of an index has no query",
        () if moment::dates_now(&index.definition) || moment::names_now(&index.definition) => {
            "an index has the same value each time"
        }
        () if limit.is_some_and(|limit| {
            limit.calls.iter().any(differs)
                || moment::dates_now(&limit.text)
                || moment::names_now(&limit.text)
        }) =>
        {
            "the condition of an index is the same each time"
        }
        () => return None,
    };
    Some(SyntaxFault {
        message: why.to_owned(),
        at: index.table.span.start,
    })
}

/// Whether an index says where NULL stands, which only ORDER BY of a query may.
fn has_nulls_order(definition: &str) -> bool {
    let Some(tokens) = cursor::tokens(definition) else {
        return false;
    };
    let cursor = Cursor::new(definition, &tokens);
    let places = (1..cursor.len()).filter(|at| cursor.is_at(*at, "first") || cursor.is_at(*at, "last"));
    places.into_iter().any(|at| cursor.is_at(at - 1, "nulls"))
}

/// What SQLite's grammar says against the statement.
fn refused(statement: &str) -> Option<SyntaxFault> {
    let bump = Bump::new();
    let mut parser = Parser::new(&bump, statement.as_bytes());
    match parser.next() {
        Err(Error::ParserError(ParserError::SyntaxError(near), at)) => {
            let message = format!("it is not understood from `{near}` on");
            let at = at.map_or(0, |at| offset(statement, at.line, at.column));
            // The position is that of the token behind the one that does not fit, where one follows.
            let from = statement.get(..at as usize + near.len()).unwrap_or(statement);
            let at = from.rfind(&near).map_or(at, |start| start as u32);
            Some(SyntaxFault { message, at })
        }
        Err(Error::ParserError(ParserError::UnexpectedEof, _)) => Some(SyntaxFault {
            message: "it ends too early".to_owned(),
            at: statement.len() as u32,
        }),
        // What else it says against a statement is told where the model knows more of it.
        Err(Error::ParserError(ParserError::Custom(message), _))
            if message.starts_with("unknown table option") =>
        {
            let option = message.rsplit(' ').next().unwrap_or_default();
            let at = statement.rfind(option).map_or(0, |at| at as u32);
            Some(SyntaxFault {
                message: format!("a table has no option `{option}`"),
                at,
            })
        }
        _ => None,
    }
}

fn offset(text: &str, line: usize, column: usize) -> u32 {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start + column.saturating_sub(1)).min(text.len()) as u32
}

/// Whether a refusal is SQLite's own: options that a build may have been compiled with add to the grammar.
fn trusted(cursor: &Cursor<'_>) -> bool {
    cursor.is_any(&[
        "create", "alter", "drop", "update", "delete", "insert", "select", "with", "replace", "reindex",
        "analyze", "truncate", "grant", "revoke", "comment", "merge", "rename",
    ]) && !cursor.mentions("within")
        && !cursor.has_parameter()
}

fn lower(cursor: Cursor<'_>) -> Option<Operation> {
    let first = cursor.word_at(0)?.to_ascii_lowercase();
    Some(match first.as_str() {
        "create" => other::create(cursor)?,
        "alter" => alter::alter(cursor)?,
        "drop" => other::drop(cursor)?,
        "insert" | "replace" | "update" | "delete" | "select" | "values" | "with" => data::data(cursor),
        "begin" => Operation::Begin,
        "commit" | "end" => Operation::Commit { chain: false },
        "rollback" if cursor.mentions("to") => Operation::RollbackTo,
        "rollback" => Operation::Rollback { chain: false },
        "pragma" => other::pragma(cursor)?,
        "vacuum" => other::vacuum(cursor),
        "reindex" => other::reindex(cursor),
        "savepoint" | "release" | "analyze" | "attach" | "detach" | "explain" => Operation::Harmless,
        _ => return None,
    })
}
