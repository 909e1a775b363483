//! The SQL of a section: its statements, and what follows from them for the whole migration.

use super::demand::{Demand, transaction_demand};
use super::scan::{File, unterminated};
use super::semantic::semantic_tokens;
use super::split::split;
use super::words::{Words, created_tables};
use crate::diagnostic::{Code, Diagnostic, Position, Severity, codes};
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

fn foreign_keys_pragma(sql: &str, dialect: Dialect) -> bool {
    if dialect != Dialect::Sqlite {
        return false;
    }
    let mut words = Words::new(sql, dialect);
    words.eat("pragma")
        && words.schema_and_name().is_some_and(|(_, name)| {
            ["foreign_keys", "defer_foreign_keys"]
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        })
}

/// Whether it is such a pragma, and not one that only sees to it that foreign keys are enforced, as they are anyway: what
/// is deleted under that one is deleted with all that refers to it.
fn lets_foreign_keys_rest(sql: &str, dialect: Dialect) -> bool {
    let value = sql.trim_end_matches(|c: char| c.is_whitespace() || c == ';' || c == ')');
    let value = value
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or(value);
    let enforces = ["on", "1", "true", "yes"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word));
    let defers = sql.to_lowercase().contains("defer_foreign_keys");
    foreign_keys_pragma(sql, dialect) && (defers || !enforces)
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

/// Whether a table is dropped and another one renamed to take its place: the way to change a table in SQLite.
pub(crate) fn rebuilds(section: &Section, dialect: Dialect) -> bool {
    let mut dropped = Vec::new();
    let mut taken = Vec::new();
    for (_, sql) in section.iter() {
        let mut words = Words::new(sql, dialect);
        if words.eat_all(&["drop", "table"]) {
            words.eat_all(&["if", "exists"]);
            dropped.extend(words.schema_and_name().map(|(_, name)| name.to_lowercase()));
        } else if words.eat_all(&["alter", "table"])
            && words.schema_and_name().is_some()
            && words.eat_all(&["rename", "to"])
        {
            taken.extend(words.schema_and_name().map(|(_, name)| name.to_lowercase()));
        }
    }
    dropped.iter().any(|name| taken.contains(name))
}

/// Decides whether the section can be one transaction, and refuses what fits neither way.
fn transactions(
    section: &mut Section,
    dialect: Dialect,
    layout: Layout,
    runner: Runner,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let demands: Vec<Demand> = section
        .iter()
        .map(|(_, sql)| transaction_demand(sql, dialect))
        .collect();
    for (index, demand) in demands.iter().enumerate() {
        let statement = section.statements[index];
        if *demand == Demand::Control && layout == Layout::Native {
            let message = "this statement controls the transaction that the file runs in";
            diagnostics.push(at_statement(
                &codes::TRANSACTION_CONTROL,
                section,
                &statement,
                message,
            ));
        }
        if let Some(message) = client_command(section.sql(&statement), dialect) {
            diagnostics.push(at_statement(&codes::CLIENT_COMMAND, section, &statement, message));
        }
        // An index that a build of another tool left INVALID is not for the library to find.
        let ours = layout == Layout::Native || runner == Runner::Library;
        let mut words = Words::new(section.sql(&statement), dialect);
        if ours && words.eat("create") && {
            words.eat("unique");
            words.eat_all(&["index", "concurrently", "on"])
        } {
            let message = "this index has no name";
            diagnostics.push(at_statement(
                &codes::UNNAMED_CONCURRENT_INDEX,
                section,
                &statement,
                message,
            ));
        }
    }
    // These tools send a file that is not to be a transaction as one query, and PostgreSQL runs the statements of one
    // query as one transaction.
    let as_one_query = runner == Runner::Tool
        && dialect == Dialect::Postgres
        && matches!(layout, Layout::Sqlx | Layout::Diesel | Layout::Dbmate)
        && section.transaction == TransactionMode::PerStatement
        && section.statements.len() > 1;
    if as_one_query {
        section.transaction = TransactionMode::One;
    }
    if section.transaction == TransactionMode::PerStatement {
        return;
    }
    let is_outside = |demand: &Demand| matches!(demand, Demand::Outside(_));
    let Some(first) = demands.iter().position(is_outside) else {
        return;
    };
    let alone = demands
        .iter()
        .enumerate()
        .all(|(index, demand)| index == first || *demand == Demand::SessionSetting);
    if runner == Runner::Tool && !matches!(layout, Layout::Native | Layout::Plain) {
        // The tool opens its transaction whatever the statements.
        for (statement, demand) in section.statements.iter().zip(&demands) {
            if let Demand::Outside(why) = demand
                && !told_by_a_rule(section.sql(statement), dialect)
            {
                let (message, help) = match as_one_query {
                    true => (
                        format!(
                            "{layout} sends the file as one query, which the server runs as one transaction"
                        ),
                        "move it to a file of its own",
                    ),
                    false => (
                        format!("this statement cannot run in the transaction that {layout} opens"),
                        outside(layout),
                    ),
                };
                let fault = at_statement(&codes::MIXED_TRANSACTION, section, statement, &message);
                diagnostics.push(fault.note(*why).help(help));
            }
        }
        return;
    }
    if alone {
        section.transaction = TransactionMode::PerStatement;
        return;
    }
    // A rule says more of a pragma, and of the statements beside it.
    let is_told = |index: &usize| {
        let statement = &section.statements[*index];
        let judged = match layout {
            Layout::Native => dialect == Dialect::Sqlite,
            _ => runner == Runner::Tool,
        };
        judged && told_by_a_rule(section.sql(statement), dialect)
    };
    let mut outside_of = (first..demands.len()).filter(|index| is_outside(&demands[*index]));
    let Some(first) = outside_of.find(|index| !is_told(index)) else {
        return;
    };
    if let Demand::Outside(why) = demands[first] {
        let statement = section.statements[first];
        let message = "this statement cannot run in a transaction and stands beside others";
        let mut diagnostic = at_statement(&codes::MIXED_TRANSACTION, section, &statement, message).note(why);
        if layout == Layout::Native {
            diagnostic = diagnostic.help(split_proposal(section, &demands));
        } else if runner == Runner::Tool {
            diagnostic = diagnostic.help(outside(layout));
        } else {
            // Released files of other tools stay as they are; a down that never ran is where this is found.
            section.transaction = TransactionMode::PerStatement;
            diagnostic = diagnostic.help("each statement of this file will commit by itself");
            diagnostic.severity = Severity::Warning;
        }
        diagnostics.push(diagnostic);
    }
}

/// What is left to a rule, where no rule is asked: a pragma that does nothing, before a rebuild that relies on it.
pub(crate) fn untold(section: &Section, dialect: Dialect) -> Option<Diagnostic> {
    if dialect != Dialect::Sqlite || section.transaction != TransactionMode::One {
        return None;
    }
    let told = |(_, sql): &(&Statement, &str)| told_by_a_rule(sql, dialect);
    let (statement, _) = section.iter().find(told)?;
    let message = "this statement does nothing in a transaction and stands beside others";
    let diagnostic = at_statement(&codes::MIXED_TRANSACTION, section, statement, message);
    Some(diagnostic.help(
        "remove it: where a file rebuilds a table, foreign keys rest around its transaction and are checked at its end",
    ))
}

/// Whether `concurrently-in-transaction` or `sqlite-foreign-keys-pragma-in-transaction` says it, and better.
fn told_by_a_rule(sql: &str, dialect: Dialect) -> bool {
    let concurrently = |word: &str| word.eq_ignore_ascii_case("concurrently");
    crate::sql::supports(dialect)
        && match dialect {
            Dialect::Postgres => semantic_tokens(sql, dialect).any(concurrently),
            Dialect::Sqlite => foreign_keys_pragma(sql, dialect),
            Dialect::Mysql | Dialect::MariaDb => false,
        }
}

/// How a tool is told not to open a transaction.
pub(crate) fn outside(layout: Layout) -> &'static str {
    match layout {
        Layout::Sqlx => "make `-- no-transaction` the first line of its file",
        Layout::Diesel => "write `run_in_transaction = false` into a `metadata.toml` beside it",
        Layout::Dbmate => "write `transaction:false` behind `-- migrate:up`",
        Layout::Refinery => "refinery has no way to run it",
        Layout::Native | Layout::Plain => "move it to a file of its own",
    }
}

/// What `psql`, `sqlite3` and `mysql` do themselves and no server understands.
fn client_command(sql: &str, dialect: Dialect) -> Option<&'static str> {
    match dialect {
        Dialect::Postgres if sql.starts_with('\\') => Some("this is a command of psql, not SQL"),
        Dialect::Postgres if copies_from_client(sql, dialect) => {
            Some("`COPY … FROM stdin` reads rows that only psql sends")
        }
        Dialect::Sqlite if sql.starts_with('.') => Some("this is a command of the sqlite3 shell, not SQL"),
        Dialect::Mysql | Dialect::MariaDb
            if sql.starts_with('\\') || Words::new(sql, dialect).eat("source") =>
        {
            Some("this is a command of the mysql client, not SQL")
        }
        _ => None,
    }
}

fn copies_from_client(sql: &str, dialect: Dialect) -> bool {
    let mut words = semantic_tokens(sql, dialect);
    words
        .next()
        .is_some_and(|first| first.eq_ignore_ascii_case("copy"))
        && words
            .skip_while(|word| !word.eq_ignore_ascii_case("from"))
            .nth(1)
            .is_some_and(|source| source.eq_ignore_ascii_case("stdin"))
}

/// The section, split so that each part can run.
fn split_proposal(section: &Section, demands: &[Demand]) -> String {
    let mut parts: Vec<Vec<&str>> = Vec::new();
    let mut together = false;
    for ((_, sql), demand) in section.iter().zip(demands) {
        let outside = matches!(demand, Demand::Outside(_));
        match parts.last_mut() {
            Some(part) if together && !outside => part.push(sql),
            _ => parts.push(vec![sql]),
        }
        together = !outside;
    }
    let mut text = format!("split it into {} files, in this order:", parts.len());
    for (index, part) in parts.iter().enumerate() {
        text.push_str(&format!("\n-- file {}\n", index + 1));
        text.push_str(&part.join(";\n"));
        text.push(';');
    }
    text.push_str(
        "\nor write `-- migrate:transaction off` in the header: then each statement commits by itself",
    );
    text
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
