//! Why files are not squashed.

use super::{one_by_one, session};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::directives::{Sync, Text};
use crate::model::{Dialect, Migration, Phase};
use crate::script::section::at_statement;
use crate::script::words::Words;

/// Every reason why `members` cannot become one file; `rest` are the files behind them.
pub(super) fn refusals(members: &[Migration], rest: &[Migration], dialect: Dialect) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for member in members {
        if !member.released {
            let message = format!("{member} is a draft: databases of others may run it in another form");
            faults.push(
                refused(member, message)
                    .help("release it first, with `migrate lock`; or squash up to the file before it"),
            );
        }
        if let Some(code) = &member.rust {
            let message = format!("the data of {member} is moved by the Rust code `{code}`, which is no SQL");
            faults.push(refused(member, message).help("squash up to the file before its change"));
        }
        for (section, statement) in session::leaving(member, dialect) {
            let message = "this changes the session, and in one file would hold for what comes behind it";
            let fault = at_statement(&codes::NOT_SQUASHABLE, section, &statement, message);
            faults.push(fault.help("squash up to the file before this one; or write the squashed file by hand, with what gives the setting back"));
        }
    }
    parts(members, rest, &mut faults);
    for (sync, begun, ended) in syncs(members, rest, &mut faults) {
        writes(members, sync, (begun, ended), dialect, &mut faults);
    }
    // A rebuild needs the transaction in which foreign keys rest.
    let rebuilt = members.iter().find(|member| member.rebuild);
    let by_itself = members.iter().find(|member| one_by_one(member, dialect));
    if let (Some(rebuilt), Some(by_itself)) = (rebuilt, by_itself) {
        let message =
            format!("{by_itself} runs outside a transaction, and {rebuilt} rebuilds a table in one");
        faults
            .push(refused(by_itself, message).help("squash up to the file before the later one of the two"));
    }
    faults
}

fn refused(migration: &Migration, message: String) -> Diagnostic {
    Diagnostic::error(&codes::NOT_SQUASHABLE, &*migration.path, message)
}

/// Changes of which a part would stay.
fn parts(members: &[Migration], rest: &[Migration], faults: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&Text> = Vec::new();
    for later in rest {
        let Some(change) = later.change.as_ref().filter(|change| !seen.contains(change)) else {
            continue;
        };
        seen.push(change);
        let of_change = |one: &&Migration| one.change.as_ref() == Some(change);
        let Some(first) = members.iter().find(of_change) else {
            continue;
        };
        let last = rest.iter().rfind(of_change).unwrap_or(later);
        let message =
            format!("the change `{change}` would be squashed in part: it begins here and ends with {last}");
        faults.push(refused(first, message).help(format!(
            "squash through {} or later, once it is released; or up to the file before {}",
            last.version, first.version
        )));
    }
}

/// The syncs with the places at which they begin and end. Those that never end are faults; of those that end later it was
/// said that their change would be squashed in part.
fn syncs<'a>(
    members: &'a [Migration],
    rest: &[Migration],
    faults: &mut Vec<Diagnostic>,
) -> Vec<(&'a Sync, usize, usize)> {
    let mut found = Vec::new();
    for (begun, member) in members.iter().enumerate() {
        for sync in member.sync.iter() {
            let ends = |other: &Migration| {
                other.change == member.change && other.unsync.iter().any(|unsync| unsync.same_pair(sync))
            };
            match members.iter().position(ends) {
                Some(ended) => found.push((sync, begun, ended)),
                None if rest.iter().any(ends) => {}
                None => {
                    let message = format!(
                        "the change `{}` is not finished: no file ends the sync {sync}",
                        member.change_name()
                    );
                    let help = "write its contract and release it; or squash up to the file before this one";
                    faults.push(refused(member, message).help(help));
                }
            }
        }
    }
    found
}

/// Rows that other files write while triggers keep two sides equal: without the triggers one side of them would stay empty.
fn writes(
    members: &[Migration],
    sync: &Sync,
    (begun, ended): (usize, usize),
    dialect: Dialect,
    faults: &mut Vec<Diagnostic>,
) {
    let of_change = &members[begun].change;
    let between = members.get(begun + 1..ended).unwrap_or_default();
    let others = between
        .iter()
        .filter(|member| member.phase != Phase::Migrate || member.change != *of_change);
    for member in others {
        for (statement, sql) in member.up.iter() {
            let tables = [&sync.old.table, &sync.new.table];
            if !defines(sql, dialect) && tables.iter().any(|table| names(sql, table, dialect)) {
                let message = format!(
                    "this writes what the triggers of the sync {sync} keep equal, and they are left out"
                );
                let fault = at_statement(&codes::NOT_SQUASHABLE, &member.up, statement, &message);
                faults.push(fault.help("squash up to the file before the sync; or write a squashed file by hand that gives both sides"));
            }
        }
    }
}

/// Whether a statement changes the schema and no rows.
fn defines(sql: &str, dialect: Dialect) -> bool {
    Words::new(sql, dialect).eat_any(&[
        "create", "alter", "drop", "rename", "comment", "grant", "revoke", "analyze", "reindex", "vacuum",
    ])
}

/// Whether a statement names that table, whatever its schema.
fn names(sql: &str, table: &str, dialect: Dialect) -> bool {
    let plain = |text: &str| text.trim_matches(['"', '`', '[', ']']).to_lowercase();
    let table = plain(table.rsplit('.').next().unwrap_or(table));
    Words::new(sql, dialect).any(|word| plain(word.text) == table)
}
