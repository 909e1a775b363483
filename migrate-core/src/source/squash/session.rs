//! Statements that change the session, which would hold for the files behind theirs.

use crate::model::{Dialect, Migration, Section, Statement};
use crate::script::semantic::semantic_tokens;

/// Settings that only say how long to wait.
const TIME_OUTS: [&str; 9] = [
    "lock_timeout",
    "statement_timeout",
    "transaction_timeout",
    "idle_in_transaction_session_timeout",
    "lock_wait_timeout",
    "innodb_lock_wait_timeout",
    "max_statement_time",
    "max_execution_time",
    "busy_timeout",
];

/// What a statement does to a setting of the session.
struct Setting {
    name: String,
    /// Whether it gives the setting back.
    rests: bool,
}

fn setting(sql: &str, dialect: Dialect) -> Option<Setting> {
    let tokens: Vec<String> = semantic_tokens(sql, dialect).map(str::to_lowercase).collect();
    let (first, rest) = tokens.split_first()?;
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let scopes = usize::from(matches!(rest.first(), Some(&("session" | "local"))) && rest.len() > 2);
    let ends = |token: &&str| matches!(*token, "=" | "to" | ":=" | "(");
    let assigned = rest.iter().position(ends);
    let name = match assigned {
        Some(end) => rest.get(scopes..end)?.concat(),
        None => (*rest.get(scopes)?).to_owned(),
    };
    let value = rest
        .iter()
        .rfind(|token| **token != ")")
        .copied()
        .unwrap_or_default();
    match (&**first, dialect) {
        ("reset", Dialect::Postgres) => Some(Setting { name, rests: true }),
        // A variable of the user's is none of the session's settings.
        ("set", _) if name.starts_with('@') && !name.starts_with("@@") => None,
        ("set", _) => {
            let checks = name.ends_with("_checks") && matches!(value, "1" | "on");
            let rests = value == "default" || checks || rest.concat().contains("=@old");
            Some(Setting { name, rests })
        }
        ("pragma", Dialect::Sqlite) => assigned.map(|_| Setting {
            name,
            rests: matches!(value, "0" | "off" | "false"),
        }),
        _ => None,
    }
}

/// Whether a statement only says how long to wait: where nobody writes yet, nothing is waited for.
pub(super) fn is_time_out(sql: &str, dialect: Dialect) -> bool {
    let setting = setting(sql, dialect);
    setting.is_some_and(|setting| TIME_OUTS.contains(&&*setting.name))
}

/// The statements of a migration that leave the session changed.
pub(super) fn leaving(migration: &Migration, dialect: Dialect) -> Vec<(&Section, Statement)> {
    let mut found = Vec::new();
    for section in std::iter::once(&migration.up).chain(&migration.down) {
        let mut open: Vec<(String, Statement)> = Vec::new();
        for (statement, sql) in section.iter() {
            let by_call = semantic_tokens(sql, dialect).any(|token| token.eq_ignore_ascii_case("set_config"));
            if dialect == Dialect::Postgres && by_call {
                open.push((String::new(), *statement));
            }
            let Some(setting) = setting(sql, dialect) else {
                continue;
            };
            open.retain(|(name, _)| *name != setting.name);
            if !setting.rests && !TIME_OUTS.contains(&&*setting.name) {
                open.push((setting.name, *statement));
            }
        }
        found.extend(open.into_iter().map(|(_, statement)| (section, statement)));
    }
    found
}
