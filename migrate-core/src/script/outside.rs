//! What cannot run in the transaction of its file, or in none.

use super::demand::{Demand, transaction_demand};
use super::section::at_statement;
use super::semantic::semantic_tokens;
use super::words::Words;
use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::model::{Dialect, Layout, Section, Statement, TransactionMode};
use crate::source::Runner;

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

/// The first statement beside a rebuild that no transaction may hold, and why; a pragma of foreign keys only does
/// nothing in one.
pub(crate) fn beside_rebuild(section: &Section, dialect: Dialect) -> Option<(&Statement, &'static str)> {
    if dialect != Dialect::Sqlite || !rebuilds(section, dialect) {
        return None;
    }
    section
        .iter()
        .find_map(|(statement, sql)| match transaction_demand(sql, dialect) {
            Demand::Outside(why) if !foreign_keys_pragma(sql, dialect) => Some((statement, why)),
            _ => None,
        })
}

pub(crate) fn foreign_keys_pragma(sql: &str, dialect: Dialect) -> bool {
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
pub(super) fn lets_foreign_keys_rest(sql: &str, dialect: Dialect) -> bool {
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

/// Decides whether the section can be one transaction, and refuses what fits neither way.
pub(super) fn transactions(
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
        if runner == Runner::Library
            && let Some((statement, why)) = beside_rebuild(section, dialect)
        {
            let message =
                "this statement cannot run in a transaction and stands beside a rebuild, which is one";
            let mut fault = at_statement(&codes::MIXED_TRANSACTION, section, statement, message).note(why);
            fault = fault.help("move it to a file of its own");
            if layout != Layout::Native {
                // Released files of other tools stay as they are; foreign keys rest for each of its statements.
                fault.severity = Severity::Warning;
            }
            diagnostics.push(fault);
        }
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
