//! Drift: what somebody changed in a live database by hand.

use migrate_core::facts::{Difference, Scope};
use migrate_core::migrator::StatusState;
use migrate_core::{Migration, Migrator, Version};

use super::Prove;
use super::chain::{Chain, TABLE_PREFIX};
use crate::database::{TestDatabase, TestKind};
use crate::error::Error;

pub(super) async fn find<K: TestKind>(
    prove: &Prove<K>,
    live: &<K::Database as TestDatabase>::Pool,
) -> Result<Difference, Error>
where
    <K::Database as TestDatabase>::Pool: Clone,
{
    let migrator = Migrator::new(live.clone(), prove.set.clone())
        .table_prefix(TABLE_PREFIX)
        .build();
    let status = migrator.status().await;
    let status =
        status.map_err(|error| Error::caused("cannot read the history of the live database", error))?;
    let mut applied = Vec::new();
    for line in &status.lines {
        if !matches!(line.state, StatusState::Recorded { .. }) {
            continue;
        }
        // What was squashed is there as what stands for it.
        let squashed = || prove.set.get(line.squashed_into?);
        match prove.set.get(line.version).or_else(squashed) {
            Some(migration)
                if applied
                    .last()
                    .is_some_and(|last: &Migration| last.version == migration.version) => {}
            Some(migration) => applied.push(migration.clone()),
            None => {
                let message = format!(
                    "the live database has migration {} {}, which this set does not have: compare with the build that has it",
                    line.version, line.name
                );
                return Err(Error::new(message));
            }
        }
    }
    let part = prove.set.with(applied.into());
    let newest = part.newest();
    let mut chain = Chain::open_for(prove, part).await?;
    if let Some(newest) = newest {
        chain.up_to(newest).await?;
    }
    between(&mut chain, live).await
}

/// The same for a database whose history is another tool's.
pub(super) async fn find_at<K: TestKind>(
    prove: &Prove<K>,
    live: &<K::Database as TestDatabase>::Pool,
    version: Version,
) -> Result<Difference, Error> {
    let mut chain = Chain::open(prove).await?;
    chain.up_to(version).await?;
    between(&mut chain, live).await
}

async fn between<K: TestKind>(
    chain: &mut Chain<K>,
    live: &<K::Database as TestDatabase>::Pool,
) -> Result<Difference, Error> {
    let scope = Scope {
        exclude_prefix: TABLE_PREFIX,
        names: None,
    };
    let found = K::Database::facts_of(live, &scope).await?;
    Ok(chain.facts().await?.compare(&found))
}
