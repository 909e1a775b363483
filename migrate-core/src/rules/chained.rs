//! Two syncs of one column, in files that are both there: the second one's triggers are refused when it runs.

use crate::diagnostic::{Diagnostic, Position, codes};
use crate::model::directives::Sync;
use crate::model::{Migration, MigrationSet};
use crate::sync::Kept;

/// What a sync keeps equal of a table: its schema, its name, and its columns.
type Part<'a> = (Option<&'a str>, &'a str, Vec<&'a String>);

fn parts(kept: &Kept) -> Vec<Part<'_>> {
    match kept {
        Kept::Row(pair) => {
            let columns = pair.old.iter().chain(&pair.new).collect();
            vec![(pair.schema.as_deref(), &pair.table, columns)]
        }
        Kept::Tables(pair) => [&pair.old, &pair.new]
            .map(|side| {
                (
                    side.schema.as_deref(),
                    &*side.table,
                    side.columns.iter().collect(),
                )
            })
            .into(),
    }
}

fn name(kept: &Kept) -> &str {
    match kept {
        Kept::Row(pair) => &pair.name,
        Kept::Tables(pair) => &pair.name,
    }
}

/// Whether a column belongs to a sync that is in force when the file runs.
pub(super) fn check(
    set: &MigrationSet,
    migration: &Migration,
    sync: &Sync,
    place: Option<&Position>,
) -> Option<Diagnostic> {
    let kept = |of: &Migration, sync: &Sync| Kept::new(sync, set.dialect, &set.name, &of.change_name()).ok();
    let own = kept(migration, sync)?;
    let mut in_force: Vec<(&Migration, Kept)> = Vec::new();
    for before in set
        .migrations
        .iter()
        .take_while(|one| one.version <= migration.version)
    {
        let ended: Vec<Kept> = before
            .unsync
            .iter()
            .filter_map(|sync| kept(before, sync))
            .collect();
        in_force.retain(|(_, other)| !ended.iter().any(|ended| name(ended) == name(other)));
        // A table that is made anew has no triggers.
        in_force.retain(|(_, other)| {
            let is_made = |table: &str| before.creates.iter().any(|made| made.eq_ignore_ascii_case(table));
            !parts(other).iter().any(|(_, table, _)| is_made(table))
        });
        let until = before.sync.iter().take_while(|other| !std::ptr::eq(*other, sync));
        in_force.extend(until.filter_map(|sync| kept(before, sync).map(|kept| (before, kept))));
    }
    let (before, column) = in_force.iter().find_map(|(before, other)| {
        if name(other) == name(&own) {
            return None;
        }
        let (ours, theirs) = (parts(&own), parts(other));
        let shared = ours.iter().find_map(|(schema, table, columns)| {
            let same = theirs.iter().filter(|(other_schema, other, _)| {
                schema == other_schema && table.eq_ignore_ascii_case(other)
            });
            let mut theirs = same.flat_map(|(.., columns)| columns);
            theirs
                .find(|column| columns.contains(column))
                .map(|column| column.to_string())
        });
        shared.map(|column| (*before, column))
    })?;
    let message = format!(
        "`{column}` belongs to the sync of `{}` already, which {before} begins: a write would stop half-way",
        before.change_name()
    );
    let mut told = Diagnostic::error(&codes::SYNC_CHAIN, &*migration.path, message)
        .note("no start makes the triggers while that sync is in force");
    told.position = place.cloned();
    Some(told)
}
