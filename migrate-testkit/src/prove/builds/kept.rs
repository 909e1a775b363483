//! Whether what a build writes to its side of a sync is what the other build reads on the other side.

use migrate_core::Dialect;
use migrate_core::model::directives::{Sync, SyncSide};
use migrate_core::{Migration, Version};

use super::check::{Walk, words};
use crate::database::TestKind;
use crate::link::Link as _;
use crate::seed;

/// A sync that is in force, and how many rows have sides that are not equal.
pub(super) struct Kept {
    pub(super) migration: Version,
    pub(super) sync: Sync,
    pub(super) unequal: u64,
    /// Those of them that have something on the new side, which others get from the backfill only.
    pub(super) given: u64,
}

impl Kept {
    /// How many more rows there are since, of either kind.
    pub(super) fn more_than(&self, before: Option<&Kept>) -> u64 {
        let (unequal, given) = before.map_or((0, 0), |before| (before.unequal, before.given));
        let more = self.unequal.saturating_sub(unequal);
        more.max(self.given.saturating_sub(given))
    }
}

impl<K: TestKind> Walk<'_, K> {
    /// The syncs of which a build reads one side and that build writes the other one, as its transaction sees them.
    pub(super) async fn kept(&mut self, writer: usize) -> Result<Vec<Kept>, sqlx::Error> {
        let migrations = self.prove.set.migrations.clone();
        let applied = |migration: &&Migration| self.applied.contains(&migration.version);
        let ended = |sync: &Sync| {
            let mut unsynced = migrations.iter().filter(applied).flat_map(|one| &*one.unsync);
            unsynced.any(|other| other.same_pair(sync))
        };
        let pairs: Vec<(Version, Sync)> = migrations
            .iter()
            .filter(applied)
            .flat_map(|one| one.sync.iter().map(|sync| (one.version, sync.clone())))
            .filter(|(version, sync)| !ended(sync) && self.has_other_side(writer, *version))
            .collect();
        let mut kept = Vec::new();
        for (migration, sync) in pairs {
            let sql = count_unequal(&sync, K::DIALECT);
            let link = &mut self.links[writer];
            link.execute("SAVEPOINT before_count").await?;
            match link.rows(&sql).await {
                Ok(rows) => {
                    let row = rows.into_iter().next().unwrap_or_default();
                    let mut counts = row
                        .into_iter()
                        .map(|count| count.and_then(|count| count.parse().ok()));
                    let mut next = || counts.next().flatten().unwrap_or(0);
                    kept.push(Kept {
                        migration,
                        sync,
                        unequal: next(),
                        given: next(),
                    });
                }
                // Types that cannot be compared, or a name that two tables have.
                Err(error) => {
                    let why = crate::link::message(&error);
                    self.findings.gap(format!(
                        "whether `{sync}` keeps its sides equal was not asked: {why}"
                    ));
                    self.links[writer]
                        .execute("ROLLBACK TO SAVEPOINT before_count")
                        .await?;
                }
            }
        }
        Ok(kept)
    }

    /// Whether a build runs that is on the other side of what that migration keeps equal.
    fn has_other_side(&self, writer: usize, version: Version) -> bool {
        let is_new = |build: usize| self.newest(build) >= version;
        (0..self.builds.len()).any(|build| self.is_live(build) && is_new(build) != is_new(writer))
    }
}

impl Kept {
    /// Whether a query may be held to it: one that writes both sides chooses itself what they are.
    pub(super) fn judges(&self, sql: &str) -> bool {
        let named = words([sql].into_iter());
        let names = |side: &SyncSide| {
            let plain = |column: &str| column.trim_matches(['"', '`']).to_lowercase();
            side.columns.iter().any(|column| named.contains(&plain(column)))
        };
        !(names(&self.sync.old) && names(&self.sync.new))
    }
}

/// The query for the rows whose sides are not equal: neither is what the other one gives.
fn count_unequal(sync: &Sync, dialect: Dialect) -> String {
    let two_tables = sync.on.is_some();
    let list = |side: &SyncSide| -> String {
        let name = |column: &&str| match two_tables {
            true => format!("{}.{column}", side.table),
            false => (*column).to_owned(),
        };
        let columns: Vec<&str> = side.columns.iter().map(|column| &**column).collect();
        columns.iter().map(name).collect::<Vec<_>>().join(", ")
    };
    let differ = |side: &SyncSide, from: &SyncSide, by: Option<&str>| {
        let (is, given) = (list(side), by.map_or_else(|| list(from), str::to_owned));
        match (dialect, side.columns.len()) {
            (Dialect::Postgres, 1) => format!("({is}) IS DISTINCT FROM ({given})"),
            (Dialect::Postgres, _) => format!("ROW({is}) IS DISTINCT FROM ROW({given})"),
            (Dialect::Sqlite, _) => format!("({is}) IS NOT ({given})"),
            _ => format!("NOT (({is}) <=> ({given}))"),
        }
    };
    let forward = differ(&sync.new, &sync.old, sync.forward.as_deref());
    let unequal = if sync.both_ways {
        format!(
            "{forward} AND {}",
            differ(&sync.old, &sync.new, sync.backward.as_deref())
        )
    } else {
        forward
    };
    let tables = match &sync.on {
        Some(on) => format!("{} JOIN {} ON {on}", sync.old.table, sync.new.table),
        None => sync.old.table.to_string(),
    };
    let empty = sync.new.columns.iter().map(|column| match two_tables {
        true => format!("{}.{column} IS NULL", sync.new.table),
        false => format!("{column} IS NULL"),
    });
    let empty = empty.collect::<Vec<_>>().join(" AND ");
    format!(
        "SELECT {}, {} FROM {tables} WHERE {unequal}",
        seed::as_text(dialect, "count(*)"),
        seed::as_text(dialect, &format!("count(CASE WHEN {empty} THEN NULL ELSE 1 END)"))
    )
}
