//! The triggers as a part of the sections that install and remove them.
//!
//! They are statements like those of the file: shown in the plan, kept in the history, applied in the same
//! transaction or by the same cursor, and taken back from the history by a build that does not have the file.

use std::borrow::Cow;

use super::{Kept, install, remove};
use crate::error::{Error, Kind};
use crate::model::directives::Sync;
use crate::model::{Dialect, Migration, Section, Statement};

/// The migration with the statements of its triggers: `up` installs those of `sync` last and removes those of
/// `unsync` first, `down` the other way round.
///
/// # Errors
///
/// [`Error::is_sync`] for a sync that makes no sense.
pub(crate) fn with_triggers<'a>(
    migration: &'a Migration,
    set: &str,
    dialect: Dialect,
) -> Result<Cow<'a, Migration>, Error> {
    if migration.sync.is_empty() && migration.unsync.is_empty() {
        return Ok(Cow::Borrowed(migration));
    }
    let sync = pairs(migration, &migration.sync, set, dialect)?;
    let unsync = pairs(migration, &migration.unsync, set, dialect)?;
    let mut migration = migration.clone();
    append(&mut migration.up, &sync, dialect);
    prepend(&mut migration.up, &unsync);
    if let Some(down) = &mut migration.down {
        append(down, &unsync, dialect);
        prepend(down, &sync);
    }
    Ok(Cow::Owned(migration))
}

/// What a migration's `sync` or `unsync` keep equal.
pub(crate) fn pairs(
    migration: &Migration,
    syncs: &[Sync],
    set: &str,
    dialect: Dialect,
) -> Result<Vec<Kept>, Error> {
    let change = migration.change_name();
    let pair = |sync: &Sync| {
        Kept::new(sync, dialect, set, &change).map_err(|fault| {
            let message = format!("migration {migration} cannot keep `{sync}` equal: {fault}");
            Error::new(Kind::Sync, message).migration(migration)
        })
    };
    let kept: Vec<Kept> = syncs.iter().map(pair).collect::<Result<_, _>>()?;
    let tables: Vec<_> = kept
        .iter()
        .filter_map(|kept| match kept {
            Kept::Tables(pair) => Some(pair),
            Kept::Row(_) => None,
        })
        .collect();
    for (index, pair) in tables.iter().enumerate() {
        if let Some(earlier) = tables[..index].iter().find(|earlier| earlier.makes_rows_of(pair)) {
            let message = format!(
                "migration {migration}: `{}` and `{}` make rows of one table",
                earlier.shown, pair.shown
            );
            return Err(Error::new(Kind::Sync, message)
                .migration(migration)
                .help("name all of its columns in one `sync`: a row that one makes lacks what the other one keeps equal"));
        }
    }
    Ok(kept)
}

fn append(section: &mut Section, pairs: &[Kept], dialect: Dialect) {
    let statements: Vec<String> = pairs.iter().flat_map(install).collect();
    if statements.is_empty() {
        return;
    }
    let mut text = section.text.to_string();
    let mut spans = section.statements.to_vec();
    if !text.is_empty() && !text.ends_with(';') {
        text.push_str("\n;");
    }
    let mysql = matches!(dialect, Dialect::Mysql | Dialect::MariaDb);
    if mysql && text.to_ascii_lowercase().contains("delimiter") {
        text.push_str("\nDELIMITER ;");
    }
    for statement in statements {
        text.push('\n');
        let line = section.line + text.matches('\n').count() as u32;
        let start = text.len() as u32;
        text.push_str(&statement);
        spans.push(Statement {
            start,
            end: text.len() as u32,
            line,
        });
        text.push(';');
    }
    section.text = text.into();
    section.statements = spans.into();
}

/// Everything stands on one line before the first one, so that the file's own statements keep their lines.
fn prepend(section: &mut Section, pairs: &[Kept]) {
    let statements: Vec<String> = pairs.iter().rev().flat_map(remove).collect();
    if statements.is_empty() {
        return;
    }
    section.line = section.line.saturating_sub(1).max(1);
    let mut text = String::new();
    let mut spans = Vec::new();
    for statement in statements {
        let start = text.len() as u32;
        text.push_str(&statement);
        spans.push(Statement {
            start,
            end: text.len() as u32,
            line: section.line,
        });
        text.push_str("; ");
    }
    text.pop();
    text.push('\n');
    let shift = text.len() as u32;
    spans.extend(section.statements.iter().map(|statement| Statement {
        start: statement.start + shift,
        end: statement.end + shift,
        line: statement.line,
    }));
    text.push_str(&section.text);
    section.text = text.into();
    section.statements = spans.into();
}
