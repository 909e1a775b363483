//! The text of a squashed file.

use std::fmt::Write as _;

use super::{leaves, one_by_one, session};
use crate::model::directives::Squashed;
use crate::model::{Dialect, Migration, Phase, Section};

/// A statement, with the comments that stand before it.
pub(super) struct Kept<'a> {
    comments: Vec<&'a str>,
    pub(super) sql: &'a str,
}

/// The statements of a migration that a squashed file runs.
pub(super) fn ups(migration: &Migration, dialect: Dialect) -> Vec<Kept<'_>> {
    kept(&migration.up, dialect)
}

fn kept(section: &Section, dialect: Dialect) -> Vec<Kept<'_>> {
    let mut found = Vec::new();
    let mut behind = 0;
    for (statement, sql) in section.iter() {
        let gap = &section.text[behind..statement.start as usize];
        // What stands on the line of the statement before is about that one.
        let own = if behind == 0 {
            Some(gap)
        } else {
            gap.split_once('\n').map(|(_, own)| own)
        };
        let lines = own.unwrap_or_default().lines().map(str::trim);
        let comments = lines.filter(|line| line.starts_with("--") && !line.contains("migrate:"));
        behind = statement.end as usize;
        if !session::is_time_out(sql, dialect) {
            found.push(Kept {
                comments: comments.collect(),
                sql,
            });
        }
    }
    found
}

/// The whole file.
pub(super) fn file(members: &[Migration], dialect: Dialect) -> String {
    let mut text =
        "-- Stands for the migrations named here: where they are applied it is recorded and does not run.\n\
                    -- Written by `migrate squash`.\n"
            .to_owned();
    for squashed in members.iter().flat_map(leaves) {
        directive(&squashed, &mut text);
    }
    if members.iter().any(|member| one_by_one(member, dialect)) {
        text.push_str("-- migrate:transaction off\n");
    }
    let reasons = members.iter().filter_map(|member| member.irreversible.as_deref());
    let reasons: Vec<&str> = reasons.collect();
    if !reasons.is_empty() {
        let reasons = reasons.join("; ").replace('\\', "\\\\").replace('"', "\\\"");
        let _ = writeln!(text, "-- migrate:irreversible \"{reasons}\"");
    }
    text.push_str("-- migrate:up\n");
    for member in members {
        section(member, &member.up, dialect, &mut text);
    }
    if reasons.is_empty() {
        text.push_str("\n-- migrate:down\n");
        for member in members.iter().rev() {
            if let Some(down) = &member.down {
                section(member, down, dialect, &mut text);
            }
        }
    }
    text
}

fn directive(squashed: &Squashed, text: &mut String) {
    let Squashed {
        version,
        name,
        change,
        phase,
        requires,
        semantic,
    } = squashed;
    // Writing into a string does not fail.
    let _ = write!(text, "-- migrate:squash {version}_{name}");
    if let Some(change) = change {
        let _ = write!(text, " change={change}");
    }
    if *phase != Phase::Expand {
        let _ = write!(text, " phase={phase}");
    }
    if !requires.is_empty() && **requires != [*version] {
        let versions: Vec<String> = requires.iter().map(ToString::to_string).collect();
        let _ = write!(text, " requires={}", versions.join(","));
    }
    let _ = writeln!(text, " digest={semantic}");
}

/// The statements of one migration, under its name.
fn section(migration: &Migration, section: &Section, dialect: Dialect, text: &mut String) {
    let statements = kept(section, dialect);
    if statements.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n-- {migration}");
    for Kept { comments, sql } in statements {
        for comment in comments {
            let _ = writeln!(text, "{comment}");
        }
        // A comment at the end of a statement must not swallow the semicolon.
        let end = if sql
            .lines()
            .last()
            .is_some_and(|line| line.contains("--") || line.contains('#'))
        {
            "\n;"
        } else {
            ";"
        };
        let _ = writeln!(text, "{sql}{end}");
    }
}
