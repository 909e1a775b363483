//! What the library prints for a person to fill in, and nobody did.

use super::analysis::{DirectivePlaces, position};
use crate::diagnostic::{Diagnostic, Position, codes};
use crate::model::{Dialect, Migration, Section};
use crate::script::lex::{Lexer, TokenKind};
use crate::sql::Span;

/// Stands for the reason of a contract without a way back.
pub(super) const LOSS: &str = "say what is lost, or write a down section instead of this line";
/// Stands for the reason of another file without a way back.
pub(super) const WAY_BACK: &str =
    "say why there is no way back, or write a down section instead of this line";

/// The mark of a place to fill in.
const MARK: char = '…';

/// Reports what still stands for something else in a draft.
pub(super) fn check(
    migration: &Migration,
    dialect: Dialect,
    places: &DirectivePlaces,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let sections = [Some(&migration.up), migration.down.as_ref()];
    let queries = migration.verify.iter().map(|verify| &verify.query);
    for section in sections.into_iter().flatten().chain(queries) {
        diagnostics.extend(in_sql(section, dialect));
    }
    let mut told = |place: Option<&Position>, what: String, help: &str| {
        let mut diagnostic = Diagnostic::error(&codes::PLACEHOLDER, &*migration.path, what).help(help);
        diagnostic.position = place.map(within);
        diagnostics.push(diagnostic);
    };
    let words = |text: &str| {
        let text = text.trim();
        text.starts_with(MARK) || text == LOSS || text == WAY_BACK
    };
    if migration.irreversible.as_deref().is_some_and(words) {
        told(
            places.of("irreversible"),
            "`irreversible` has the words that ask for a reason, and no reason".to_owned(),
            "say what is lost and why nobody needs it, or write a `-- migrate:down` section instead",
        );
    }
    let note = migration
        .rollback
        .as_ref()
        .and_then(|note| note.data_loss.as_deref());
    if note.is_some_and(words) {
        told(
            places.of("rollback"),
            "`rollback` does not say what is lost".to_owned(),
            "say which values a rollback loses, for whoever decides on one",
        );
    }
    if let Some(backfill) = &migration.backfill
        && (backfill.table.contains(MARK) || backfill.key.iter().any(|column| column.contains(MARK)))
    {
        told(
            places.of("backfill"),
            "`backfill` has a `…` where its table or key belongs".to_owned(),
            "name a unique key whose columns are NOT NULL: the primary key, if there is one",
        );
    }
    for (index, sync) in migration.sync.iter().enumerate() {
        let given = [&sync.forward, &sync.backward, &sync.on];
        if given.into_iter().flatten().any(|text| is_open(text, dialect)) {
            told(
                places.syncs.get(index),
                format!("the sync `{sync}` has a `…` where an expression belongs"),
                "write the expression that gives one side from the other",
            );
        }
    }
}

/// Where in a directive the mark stands, or the words that ask for others.
fn within(directive: &Position) -> Position {
    let text = &directive.text;
    let from = text.char_indices().nth(directive.column as usize - 1);
    let from = from.map_or(text.len(), |(at, _)| at);
    let mark = MARK.to_string();
    let open = [mark.as_str(), LOSS, WAY_BACK].into_iter().find_map(|open| {
        let at = from + text[from..].find(open)?;
        Some(Position::of(text, at, at + open.len()))
    });
    match open {
        Some(open) => Position {
            line: directive.line,
            ..open
        },
        None => directive.clone(),
    }
}

/// Whether the mark stands in SQL where it is no text, no comment and no quoted name.
fn is_open(sql: &str, dialect: Dialect) -> bool {
    marks(sql, dialect).next().is_some()
}

fn marks(sql: &str, dialect: Dialect) -> impl Iterator<Item = usize> {
    // Most texts have none, and need not be read for it.
    let read = if sql.contains(MARK) { sql } else { "" };
    let tokens = Lexer::new(read, dialect).map_while(Result::ok);
    tokens
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Punct | TokenKind::Number))
        .filter_map(|token| Some(token.start + token.text(read).find(MARK)?))
}

fn in_sql(section: &Section, dialect: Dialect) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (statement, sql) in section.iter() {
        // One place tells enough of a statement.
        let Some(at) = marks(sql, dialect).next() else {
            continue;
        };
        let span = Span {
            start: at as u32,
            end: (at + MARK.len_utf8()) as u32,
        };
        let message = "a `…` stands where something has to be filled in";
        let diagnostic = Diagnostic::error(&codes::PLACEHOLDER, &*section.path, message);
        found.push(diagnostic.at(position(section, statement, span)));
    }
    found
}
