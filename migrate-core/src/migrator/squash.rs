//! Files that stand for others: what a database says of them, and what is written when one takes their place.

use super::Migrator;
use crate::change::{LogEntry, Occurrence};
use crate::database::Session;
use crate::error::{Error, Kind};
use crate::history::{History, Row};
use crate::model::{Migration, Version};

/// The name of the figure that holds the versions.
const VERSIONS: &str = "versions";

/// A migration in the history that stands for others.
pub(super) struct Squash {
    pub(super) version: Version,
    pub(super) members: Vec<Version>,
}

impl Migrator {
    /// What the log says where a file takes the place of what it stands for: of itself, and of each change that goes with it.
    pub(super) fn squash_entries(&self, migration: &Migration) -> Vec<LogEntry> {
        if migration.squash.is_empty() {
            return Vec::new();
        }
        let versions = migration.squash.iter().map(|member| member.version.to_string());
        let versions = versions.collect::<Vec<_>>().join(" ");
        let figures = vec![(VERSIONS.to_owned(), versions)];
        let (own, version) = (migration.change_name(), Some(migration.version));
        let mut entries = vec![self.entry(&own, version, Occurrence::Squashed, figures)];
        let mut changes: Vec<&str> = migration
            .squash
            .iter()
            .filter_map(|one| one.change.as_deref())
            .collect();
        changes.sort_unstable();
        changes.dedup();
        for change in changes {
            let into = vec![("into".to_owned(), migration.to_string())];
            entries.push(self.entry(change, None, Occurrence::Squashed, into));
        }
        entries
    }

    /// The migrations in the history that stand for others: by this build, and by the log, which knows those of other
    /// builds.
    pub(super) async fn squashes(
        &self,
        session: &mut dyn Session,
        history: &History,
    ) -> Result<Vec<Squash>, Error> {
        let mut found: Vec<Squash> = Vec::new();
        let mut add = |version: Version, members: Vec<Version>| {
            let is_new = !found.iter().any(|other| other.version == version);
            if is_new && history.get(version).is_some() && !members.is_empty() {
                found.push(Squash { version, members });
            }
        };
        for migration in self.set.migrations.iter() {
            let members = migration.squash.iter().map(|member| member.version);
            add(migration.version, members.collect());
        }
        for entry in session.read_log().await? {
            if let (Occurrence::Squashed, Some(version), Some(versions)) =
                (entry.what, entry.version, entry.figure(VERSIONS))
            {
                let members = versions.split_whitespace().filter_map(|one| one.parse().ok());
                add(version, members.collect());
            }
        }
        Ok(found)
    }
}

impl Squash {
    /// Whether taking this back takes that back: it stands for it, or for all that it stands for.
    fn takes(&self, other: Version, squashes: &[Squash]) -> bool {
        let mut inner = squashes
            .iter()
            .filter(|one| one.version == other && other < self.version);
        self.members.contains(&other)
            || inner.any(|inner| inner.members.iter().all(|member| self.members.contains(member)))
    }
}

/// The rows to take back, each with those that go with it: what a migration stands for is taken back by it. `kept` is
/// the last version that stays, where one is named.
///
/// # Errors
///
/// Where a part of that would stay, and where this build does not have the file.
pub(super) fn together<'a>(
    migrator: &Migrator,
    history: &'a History,
    rows: &'a [Row],
    kept: Option<Version>,
    squashes: &[Squash],
) -> Result<Vec<(&'a Row, Vec<&'a Row>)>, Error> {
    let is_named = |version: Version| rows.iter().any(|row| row.version == version);
    let named = squashes.iter().filter(|squash| is_named(squash.version));
    let mut found = Vec::new();
    for row in rows {
        if named.clone().any(|squash| squash.takes(row.version, squashes)) {
            continue;
        }
        let Some(squash) = named.clone().find(|squash| squash.version == row.version) else {
            found.push((row, Vec::new()));
            continue;
        };
        let with: Vec<&Row> = history
            .rows
            .iter()
            .filter(|other| squash.takes(other.version, squashes))
            .collect();
        let refused = |why: String| {
            let message = format!("migration {} {} is not taken back: {why}", row.version, row.name);
            Error::new(Kind::RollbackRefused, message).version_is(row.version)
        };
        if migrator.embedded(row).is_none() {
            let why = format!(
                "it stands for {} others, and this build does not have its file",
                with.len()
            );
            return Err(refused(why).help("take it back with a build that has it"));
        }
        if let Some(stays) = with.iter().find(|other| Some(other.version) <= kept) {
            let why = format!(
                "it stands for {} {} as well, which was to stay",
                stays.version, stays.name
            );
            return Err(refused(why).help("take back all that it stands for, or nothing of it"));
        }
        found.push((row, with));
    }
    Ok(found)
}
