//! Looking again whether moved data is right.

mod check;
mod walk;

use super::Migrator;
use super::worker::{Stop, way_on};
use crate::database::mover::{Job, Mover, Stumble};
use crate::error::{Error, Kind};
use crate::history::History;
use crate::model::directives::Sync;
use crate::model::{Migration, Phase, Version};

pub use check::{Check, CheckKind, Verification};
pub(super) use walk::{Walk, queries, unexpected};

impl Migrator {
    /// Looks at the data of a backfill once more, in each way that its shape allows, and asks its verify queries: at any
    /// time until its contract removes the old shape. Writes nothing and takes no lock.
    ///
    /// Rows that are written meanwhile are looked at several times. Where the database does not keep both sides equal, rows
    /// that builds wrote after they were moved differ.
    ///
    /// # Errors
    ///
    /// [`Error::is_backfill`] where nothing was moved, or the contract is applied; and if the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn verify(&self, version: Version) -> Result<Verification, Error> {
        self.check_names()?;
        self.check_known(version)?;
        let history = self.driver.read_history(&self.namespace).await?;
        let Some(migration) = self.set.get(version) else {
            return Ok(Verification::default());
        };
        self.check_both_shapes(migration, &history)?;
        let attempt = history
            .get(version)
            .map_or_else(|| history.next_attempt(version), |row| row.attempt);
        let syncs = self.syncs_of(migration);
        let job = self.job(migration, attempt, &syncs, &self.session.instance)?;
        let mut mover = self.mover(&self.session).await?;
        let verified = match mover.stand_alone().await {
            Ok(()) => look(&mut *mover, &job).await.map_err(Error::from),
            Err(error) => Err(error),
        };
        mover.close().await?;
        verified.map(|mut verified| {
            verified.help = (!verified.is_right()).then(|| way_on(migration, self.set.dialect));
            verified
        })
    }

    /// What the database keeps equal while the data of a migration is moved.
    pub(super) fn syncs_of(&self, migration: &Migration) -> Vec<Sync> {
        let of_change = self.set.migrations.iter().filter(|other| {
            other.phase == Phase::Expand && other.change.is_some() && other.change == migration.change
        });
        of_change.flat_map(|other| other.sync.iter().cloned()).collect()
    }

    /// The job of moving the data of a migration, or of looking at it.
    pub(super) fn job<'a>(
        &'a self,
        migration: &'a Migration,
        attempt: u32,
        syncs: &'a [Sync],
        worker: &'a str,
    ) -> Result<Job<'a>, Error> {
        Ok(Job {
            migration,
            attempt,
            syncs,
            code: self.code_of(migration)?,
            worker,
            lease: self.work.lease,
            shared: crate::script::shares_target(&self.set, migration),
        })
    }

    /// Only what was moved here, and has both shapes still, can be compared.
    pub(super) fn check_both_shapes(&self, migration: &Migration, history: &History) -> Result<(), Error> {
        let refused = |why: String| Err(Error::new(Kind::Backfill, why).migration(migration));
        if migration.backfill.is_none() {
            return refused(format!("{migration} moves no data in batches"));
        }
        let contract = self.set.migrations.iter().find(|other| {
            other.phase == Phase::Contract
                && other.change.is_some()
                && other.change == migration.change
                && history.get(other.version).is_some()
        });
        match contract {
            Some(contract) => refused(format!(
                "the data of {migration} cannot be compared any more: the contract {contract} removed the old shape"
            )),
            None => Ok(()),
        }
    }
}

async fn look(mover: &mut dyn Mover, job: &Job<'_>) -> Result<Verification, Stumble> {
    let status = mover.status(job.migration.version, job.attempt).await?;
    if !status.is_some_and(|status| status.has_begun) {
        let error = Error::new(
            Kind::Backfill,
            format!(
                "no data of {} was moved in batches on this database",
                job.migration
            ),
        );
        return Err(Stumble::Fatal(error.migration(job.migration)));
    }
    let stop = Stop::new();
    let mut walk = Walk::new();
    while walk.step(mover, job, &stop).await? {}
    let mut verification = walk.end(mover, job, &stop).await?;
    match queries(mover, job, &stop).await? {
        Ok(check) => verification.checks.extend(check),
        Err(error) if error.is_verification() => verification.checks.push(unexpected(&error, job)),
        Err(error) => return Err(Stumble::Fatal(error)),
    }
    Ok(verification)
}
