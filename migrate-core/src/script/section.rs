//! The SQL of a section: its statements, and what follows from them for the whole migration.

use super::outside::{foreign_keys_pragma, lets_foreign_keys_rest, rebuilds, transactions};
use super::scan::{File, unterminated};
use super::semantic::semantic_tokens;
use super::split::split;
use super::words::{Words, created_tables};
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::model::directives::{SyncRows, Text};
use crate::model::{Dialect, Digest, Layout, Migration, Section, Statement, TransactionMode};
use crate::source::Runner;

/// The section between a section directive and the next one. `start` is on the directive's line, `line` is that
/// line's number. `None` after its fault was reported.
pub(crate) fn section(
    file: &File<'_>,
    start: usize,
    end: usize,
    line: u32,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Section> {
    let body = file.text[start..end].find('\n').map_or(end, |at| start + at + 1);
    let end = body + file.text[body..end].trim_end().len();
    build(file, body, end, line + 1, diagnostics)
}

/// The section that is a whole file, to its last byte: other tools keep a checksum of that.
pub(crate) fn whole(file: &File<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Section> {
    build(file, 0, file.text.len(), 1, diagnostics)
}

fn build(
    file: &File<'_>,
    start: usize,
    end: usize,
    line: u32,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Section> {
    let text = &file.text[start..end];
    let spans = match split(text, file.dialect) {
        Ok(spans) => spans,
        Err(mut error) => {
            error.start += start;
            error.end += start;
            diagnostics.push(unterminated(file, &error));
            return None;
        }
    };
    let statements: Vec<Statement> = spans
        .iter()
        .map(|span| Statement {
            start: span.start as u32,
            end: span.end as u32,
            line: line + span.line - 1,
        })
        .collect();
    Some(Section {
        path: file.path.to_owned().into(),
        text: text.to_owned().into(),
        line,
        statements: statements.into(),
        transaction: TransactionMode::One,
    })
}

#[cfg(feature = "sql")]
/// Splits SQL that comes from the history instead of a file.
pub(crate) fn stored(
    text: &str,
    path: &str,
    dialect: Dialect,
    transaction: TransactionMode,
) -> Option<Section> {
    let file = File { path, text, dialect };
    let mut section = whole(&file, &mut Vec::new())?;
    section.transaction = transaction;
    Some(section)
}

/// What a section of another tool holds beside migrations: a transaction around the whole, which we open ourselves,
/// and pragmas of a table rebuild, which are the library's business.
pub(crate) fn take_over(migration: &mut Migration, dialect: Dialect) {
    let down = migration.down.as_mut();
    for section in std::iter::once(&mut migration.up).chain(down) {
        if section.transaction == TransactionMode::PerStatement {
            continue;
        }
        let mut kept = section.statements.to_vec();
        let text = &section.text;
        let sql = |statement: &Statement| &text[statement.start as usize..statement.end as usize];
        if kept
            .iter()
            .any(|statement| lets_foreign_keys_rest(sql(statement), dialect))
        {
            migration.rebuild = true;
        }
        let begins = |statement: &Statement| control(sql(statement), dialect) == Some(true);
        let commits = |statement: &Statement| control(sql(statement), dialect) == Some(false);
        let opened = kept.iter().filter(|statement| begins(statement)).count();
        let closed = kept.iter().filter(|statement| commits(statement)).count();
        let balanced = opened == closed;
        kept.retain(|statement| {
            !foreign_keys_pragma(sql(statement), dialect)
                && !(balanced && (begins(statement) || commits(statement)))
        });
        section.statements = kept.into();
    }
}

/// The pragmas that were taken out of a section and that its own tool runs inside a transaction.
///
/// A file that begins its own transaction is not run in another one: what stands before its BEGIN is outside.
pub(crate) fn taken_over(section: &Section, dialect: Dialect) -> Vec<Statement> {
    let text = &*section.text;
    let Ok(spans) = split(text, dialect) else {
        return Vec::new();
    };
    let statements: Vec<Statement> = spans
        .iter()
        .map(|span| Statement {
            start: span.start as u32,
            end: span.end as u32,
            line: section.line + span.line - 1,
        })
        .collect();
    let sql = |statement: &Statement| &text[statement.start as usize..statement.end as usize];
    let word = |statement: &Statement, words: &[&str]| Words::new(sql(statement), dialect).eat_any(words);
    let mut begun = !statements.iter().any(|statement| word(statement, &["begin"]));
    let mut found = Vec::new();
    for statement in statements {
        if word(&statement, &["begin"]) {
            begun = true;
        } else if word(&statement, &["commit", "end"]) {
            begun = false;
        } else if begun
            && foreign_keys_pragma(sql(&statement), dialect)
            && !section
                .statements
                .iter()
                .any(|kept| kept.start == statement.start)
        {
            found.push(statement);
        }
    }
    found
}

/// Leaves the sections as the tool of the layout runs them: a file is one transaction, unless it has transactions of
/// its own. One of those around the whole changes nothing.
pub(crate) fn keep(migration: &mut Migration, layout: Layout, dialect: Dialect) {
    let down = migration.down.as_mut();
    for section in std::iter::once(&mut migration.up).chain(down) {
        let controls: Vec<Option<bool>> = section.iter().map(|(_, sql)| control(sql, dialect)).collect();
        let opened = controls.iter().filter(|control| **control == Some(true)).count();
        let closed = controls.iter().filter(|control| **control == Some(false)).count();
        if opened == 0 || opened != closed || section.transaction == TransactionMode::PerStatement {
            continue;
        }
        if layout == Layout::Plain || opened > 1 {
            section.transaction = TransactionMode::PerStatement;
        } else {
            let statements = section.statements.iter().zip(&controls);
            let kept = statements.filter(|(_, control)| control.is_none());
            section.statements = kept.map(|(statement, _)| *statement).collect::<Vec<_>>().into();
        }
    }
}

/// Makes each statement a transaction of its own.
pub(crate) fn one_by_one(migration: &mut Migration) {
    migration.up.transaction = TransactionMode::PerStatement;
    if let Some(down) = &mut migration.down {
        down.transaction = TransactionMode::PerStatement;
    }
}

/// Whether a statement begins a transaction, or commits one.
fn control(sql: &str, dialect: Dialect) -> Option<bool> {
    let words = Words::new(sql, dialect);
    if words.starts_with(&["begin"]) || words.starts_with(&["start", "transaction"]) {
        Some(true)
    } else if words.starts_with(&["commit"]) || words.starts_with(&["end"]) {
        Some(false)
    } else {
        None
    }
}

/// Fills in what follows from the statements, and reports statements that cannot run as the file asks.
pub(crate) fn finish(
    migration: &mut Migration,
    layout: Layout,
    runner: Runner,
    dialect: Dialect,
    diagnostics: &mut Vec<Diagnostic>,
) {
    migration.semantic = semantic_digest(migration, dialect);
    let creates = migration
        .up
        .iter()
        .filter_map(|(_, sql)| created_tables(sql, dialect));
    migration.creates = creates.map(Text::Owned).collect::<Vec<_>>().into();
    migration.rebuild |= dialect == Dialect::Sqlite && rebuilds(&migration.up, dialect);
    let down = migration.down.as_mut();
    for section in std::iter::once(&mut migration.up).chain(down) {
        transactions(section, dialect, layout, runner, diagnostics);
    }
}

/// The digest of the tokens of all sections, each under its name.
fn semantic_digest(migration: &Migration, dialect: Dialect) -> Digest {
    let down = migration.down.iter().map(|section| ("down", section));
    let verify = migration.verify.iter().map(|verify| ("verify", &verify.query));
    let sections = std::iter::once(("up", &migration.up)).chain(down).chain(verify);
    let mut tokens = Vec::new();
    for (name, section) in sections {
        tokens.push("-- migrate:");
        tokens.push(name);
        for (_, sql) in section.iter() {
            tokens.extend(semantic_tokens(sql, dialect));
            tokens.push(";");
        }
    }
    // Triggers run as well, though what they are made of stands in comments.
    let syncs: Vec<String> = migration
        .sync
        .iter()
        .map(|sync| ("sync", sync))
        .chain(migration.unsync.iter().map(|sync| ("unsync", sync)))
        .map(|(name, sync)| {
            let texts = [&sync.forward, &sync.backward, &sync.on].map(|text| text.as_deref().unwrap_or("-"));
            let rows = match sync.rows {
                SyncRows::New => "",
                SyncRows::Old => " rows old",
                SyncRows::Both => " rows both",
            };
            format!("{name} {sync} {}{rows}", texts.join(" "))
        })
        .collect();
    tokens.extend(syncs.iter().map(String::as_str));
    Digest::of_fields(tokens)
}

/// The digest of the tokens of single statements, to see whether what already ran was edited.
pub(crate) fn statements_digest<'a>(
    statements: impl IntoIterator<Item = &'a str>,
    dialect: Dialect,
) -> Digest {
    let mut tokens = Vec::new();
    for sql in statements {
        tokens.extend(semantic_tokens(sql, dialect));
        tokens.push(";");
    }
    Digest::of_fields(tokens)
}

/// A finding at a statement of a section.
pub(crate) fn at_statement(
    code: &'static Code,
    section: &Section,
    statement: &Statement,
    message: &str,
) -> Diagnostic {
    let from = section.text[..statement.start as usize]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let (start, end) = (statement.start as usize - from, statement.end as usize - from);
    let mut position = Position::of(&section.text[from..], start, end);
    position.line = statement.line;
    Diagnostic::error(code, &*section.path, message).at(position)
}
