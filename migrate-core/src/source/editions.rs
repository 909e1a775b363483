//! Two sets of one application, written for two databases.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Migration, MigrationSet, Version};

/// Where two editions of an application's migrations, one for each database it runs on, do not say the same: a version
/// that only one of them has, or that is of another change or phase, or requires other versions. `shown` is how the
/// folder of `other` is called in messages; what stands in files is not compared.
///
/// Both have a file for each version, because an instance tells by its versions what it needs, whichever database it runs
/// on. Where one database has nothing to do, its file says `SELECT 1`.
///
/// The derive does this for `same_as(…)`; this is for sets that are read at run time, and for tests:
///
/// ```
/// use migrate_core::source::{Options, SourceFile, editions};
/// use migrate_core::Dialect;
///
/// let read = |dialect: Dialect, name: &str| {
///     let text = "-- migrate:up\nCREATE TABLE users (id int);\n-- migrate:down\nDROP TABLE users;\n";
///     let file = SourceFile { path: name.to_owned(), content: Ok(text.into()) };
///     Options::new(dialect).read(vec![file]).into_result().unwrap()
/// };
/// let postgres = read(Dialect::Postgres, "20260101120000_users.sql");
/// assert!(editions(&postgres, &read(Dialect::Sqlite, "20260101120000_users.sql"), "sqlite").is_empty());
/// let late = read(Dialect::Sqlite, "20260101120001_users.sql");
/// assert_eq!(editions(&postgres, &late, "sqlite").len(), 2);
/// ```
pub fn editions(set: &MigrationSet, other: &MigrationSet, shown: &str) -> Vec<Diagnostic> {
    let mut differences = Vec::new();
    for migration in set.migrations.iter() {
        match other.get(migration.version) {
            Some(counterpart) => same(migration, counterpart, &mut differences),
            None => {
                let message = format!(
                    "the edition in `{shown}` has no file of the version {}",
                    migration.version
                );
                differences.push(missing(migration, other, &message));
            }
        }
    }
    for counterpart in other.migrations.iter() {
        if set.get(counterpart.version).is_none() {
            let message = format!(
                "only this edition has a file of the version {}",
                counterpart.version
            );
            differences.push(missing(counterpart, set, &message));
        }
    }
    differences
}

/// A migration that `without` has not.
fn missing(migration: &Migration, without: &MigrationSet, message: &str) -> Diagnostic {
    let version = migration.version;
    let diagnostic = Diagnostic::error(&codes::EDITIONS_DIFFER, &*migration.path, message);
    let gone = without.tombstones.contains(&version) || without.squashed_into(version).is_some();
    match gone {
        true => diagnostic.help("it was squashed or withdrawn there: do the same here, with the same files"),
        false => diagnostic.help(format!(
            "add a `{version}_{}.sql` to the other one; where that database needs nothing, `SELECT 1` does",
            migration.name
        )),
    }
}

fn same(migration: &Migration, counterpart: &Migration, differences: &mut Vec<Diagnostic>) {
    let mut differs = |what: &str, here: &str, there: &str| {
        let message = format!("{what} of this file is {here}, and that of its other edition is {there}");
        let diagnostic = Diagnostic::error(&codes::EDITIONS_DIFFER, &*migration.path, message);
        differences.push(diagnostic.note(format!("the other edition is `{}`", counterpart.path)));
    };
    let (here, there) = (migration.change_name(), counterpart.change_name());
    if here != there {
        differs("the change", &format!("`{here}`"), &format!("`{there}`"));
    }
    if migration.phase != counterpart.phase {
        differs("the phase", migration.phase.name(), counterpart.phase.name());
    }
    if migration.requires != counterpart.requires {
        let list = |one: &Migration| {
            let versions: Vec<String> = one.requires.iter().map(Version::to_string).collect();
            versions.join(" ")
        };
        differs("`requires`", &list(migration), &list(counterpart));
    }
}
