//! What a copy into a table has to say where a `sync` fills that table as well.

use super::analysis::position;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Dialect, Migration, MigrationSet, Phase};
use crate::script::copied::copied;
use crate::script::words::Words;
use crate::sql::Span;
use crate::sync::{Kept, TablePair};

/// Judges the INSERT of a backfill by the two tables that its change keeps equal.
pub(super) fn check(migration: &Migration, set: &MigrationSet) -> Option<Diagnostic> {
    let backfill = migration.backfill.as_ref()?;
    backfill.batched.as_ref().filter(|batched| batched.inserts)?;
    let statement = migration.up.statements.first()?;
    let sql = migration.up.sql(statement);
    let copy = copied(sql, &backfill.table, set.dialect).filter(|copy| !copy.upserts)?;
    let pair = pair(migration, set, &backfill.table, &copy.target)?;
    let key = pair.new.keys.join(", ");
    let help = match set.dialect {
        Dialect::Postgres => format!("end it with `ON CONFLICT ({key}) DO NOTHING`"),
        // Without a WHERE, SQLite takes ON for the condition of a join.
        Dialect::Sqlite if copy.condition.is_none() => {
            format!("end it with `WHERE true ON CONFLICT ({key}) DO NOTHING`")
        }
        Dialect::Sqlite => format!("end it with `ON CONFLICT ({key}) DO NOTHING`"),
        Dialect::Mysql | Dialect::MariaDb => format!("begin it with `INSERT IGNORE INTO {}`", copy.target),
    };
    let message = format!(
        "the copy does not pass over rows of `{}` that the triggers of `{}` made before it came to them",
        pair.new.table, pair.shown
    );
    let mut diagnostic = Diagnostic::error(&codes::COPY_BESIDE_SYNC, &*migration.path, message)
        .note("who writes to a row that is not copied yet has its counterpart made, and the batch with that row is refused then")
        .help(help);
    let whole = Span {
        start: 0,
        end: statement.end - statement.start,
    };
    diagnostic.position = Some(position(&migration.up, statement, whole));
    Some(diagnostic)
}

/// The two tables that the change of a migration keeps equal, where these are they.
fn pair(migration: &Migration, set: &MigrationSet, visited: &str, target: &str) -> Option<TablePair> {
    let named = |written: &str| Words::new(written, set.dialect).qualified_name()?.pop();
    let (visited, target) = (named(visited)?, named(target)?);
    let same = |one: &str, other: &str| match set.dialect {
        Dialect::Postgres => one == other,
        _ => one.eq_ignore_ascii_case(other),
    };
    let of_change = set.migrations.iter().filter(|other| {
        other.phase == Phase::Expand && other.change.is_some() && other.change == migration.change
    });
    let syncs = of_change.flat_map(|other| other.sync.iter());
    let mut pairs =
        syncs.filter_map(
            |sync| match Kept::new(sync, set.dialect, &set.name, &migration.change_name()) {
                Ok(Kept::Tables(pair)) => Some(pair),
                _ => None,
            },
        );
    pairs.find(|pair| same(&pair.old.table, &visited) && same(&pair.new.table, &target))
}
