//! Looking again whether moved data is right.

use core::fmt;

use super::Migrator;
use crate::database::mover::{Job, Mover, Stumble};
use crate::error::{Error, Kind};
use crate::history::History;
use crate::model::{Migration, Phase, Version};

/// How many rows are compared at once.
const ROWS: u64 = 20_000;
/// How many keys of rows that differ are kept.
const KEPT: usize = 100;

/// What a comparison of moved data found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// How many rows were compared; `None` where the shape of the data does not say what is right.
    pub rows: Option<u64>,
    /// How many of them differ.
    pub differ: u64,
    /// The first of their keys, at most 100.
    pub keys: Vec<String>,
    /// How many verify queries answered as expected.
    pub queries: u32,
    /// What a verify query answered instead.
    pub fault: Option<String>,
}

impl Verification {
    /// Whether everything that was looked at is right.
    pub fn is_right(&self) -> bool {
        self.differ == 0 && self.fault.is_none()
    }
}

impl fmt::Display for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rows {
            Some(rows) => write!(f, "{rows} rows compared, {} differ", self.differ)?,
            None => f.write_str("not compared row by row")?,
        }
        if !self.keys.is_empty() {
            write!(f, " ({})", self.keys.join(", "))?;
        }
        if self.queries > 0 {
            let plural = if self.queries == 1 {
                "query answers"
            } else {
                "queries answer"
            };
            write!(f, "; {} verify {plural} as expected", self.queries)?;
        }
        self.fault.iter().try_for_each(|fault| write!(f, "; {fault}"))
    }
}

impl Migrator {
    /// Compares the data of a backfill once more, row by row, and asks its verify queries: at any time until its
    /// contract removes the old shape. Writes nothing and takes no lock.
    ///
    /// Rows that are written meanwhile are looked at twice. Where the database does not keep both sides equal, rows
    /// that builds wrote after they were moved differ.
    ///
    /// # Errors
    ///
    /// [`Error::is_backfill`] where nothing was moved, or the contract is applied; and if the database cannot be read.
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
        let of_change = self.set.migrations.iter().filter(|other| {
            other.phase == Phase::Expand && other.change.is_some() && other.change == migration.change
        });
        let syncs: Vec<_> = of_change.flat_map(|other| other.sync.iter().cloned()).collect();
        let job = Job {
            migration,
            attempt,
            code: self.code_of(migration)?,
            syncs: &syncs,
            worker: &self.session.instance,
            lease: self.work.lease,
        };
        let mut mover = self.driver.open_mover(&self.namespace, &self.session).await?;
        let verified = look(&mut *mover, &job).await;
        mover.close().await?;
        Ok(verified?)
    }

    /// Only what was moved here, and has both shapes still, can be compared.
    fn check_both_shapes(&self, migration: &Migration, history: &History) -> Result<(), Error> {
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
    let mut verification = Verification::default();
    if mover.status(job.migration.version, job.attempt).await?.is_none() {
        let error = Error::new(
            Kind::Backfill,
            format!(
                "no data of {} was moved in batches on this database",
                job.migration
            ),
        );
        return Err(Stumble::Fatal(error.migration(job.migration)));
    }
    let mut after = None;
    while let Some(compared) = mover.compare(job, after.as_deref(), ROWS).await? {
        *verification.rows.get_or_insert(0) += compared.rows;
        // What is written just now is seen in part.
        let differ = match compared.divergent.is_empty() {
            true => Vec::new(),
            false => mover.recheck(job, &compared.divergent).await?,
        };
        verification.differ += differ.len() as u64;
        let room = KEPT.saturating_sub(verification.keys.len());
        verification
            .keys
            .extend(differ.iter().take(room).map(|key| mover.shown(key)));
        after = compared.upto;
        if after.is_none() {
            break;
        }
    }
    match mover.ask_verify(job).await {
        Ok(queries) => verification.queries = queries,
        Err(Stumble::Fatal(error)) if error.is_verification() => verification.fault = Some(error.to_string()),
        Err(stumble) => return Err(stumble),
    }
    Ok(verification)
}
