//! Up, down and up again, with a look at the catalog after each step.

mod fault;
mod report;

use std::time::Instant;

use migrate_core::facts::{Class, Facts};
use migrate_core::{Migration, Set, Version};

use crate::database::{TestDatabase, TestKind};
use crate::error::Error;
use crate::prove::{Prove, Steps, migrator, one_way};
use fault::{Cause, Fault, Stage};
pub use report::{RoundTrip, RoundTripStep, StepOutcome};

/// How many faults [`round_trip`] looks for.
const FAULTS: usize = 20;

/// Applies each migration of a set, takes it back and applies it again, on a fresh database of the set's kind.
///
/// After each step the catalog is compared: a down has to restore the schema from before its up, and the second up has
/// to make the schema that the first one made. A migration that declares that it is irreversible, one of a foreign
/// layout without a down, and a data migration that keeps its data are crossed once; the report names them. Where a
/// down is at fault, the migrations after it are looked at too, on another database.
///
/// ```no_run
/// # async fn example(set: migrate_core::Set<migrate_core::Sqlite>) -> Result<(), migrate_testkit::Error> {
/// println!("{}", migrate_testkit::round_trip(set).await?);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// All faults, as one error whose text names migrations, files, steps and what is different. Also if there is no
/// database ([`Error::is_skipped`]).
///
/// # Cancellation
/// The database is dropped if this future is.
pub async fn round_trip<K: TestKind>(set: Set<K>) -> Result<RoundTrip, Error> {
    Prove::new(set).round_trip().await
}

pub(crate) async fn check<K: TestKind>(prove: &Prove<K>) -> Result<RoundTrip, Error> {
    let started = Instant::now();
    let mut report = RoundTrip::new(&prove.set);
    let mut faults = Vec::new();
    let mut after = prove.after;
    loop {
        match walk(prove, after, &mut report).await {
            Ok(()) => break,
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::Fault(fault)) => {
                let (version, applies) = (fault.version, fault.stage != Stage::Up);
                faults.push(*fault);
                if !applies || faults.len() == FAULTS || prove.set.newest() == Some(version) {
                    break;
                }
                after = Some(version);
            }
        }
    }
    report.took = started.elapsed();
    fault::judge(report, &faults)
}

/// Why a walk through the chain ended early.
enum Stop {
    Fault(Box<Fault>),
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Error(error)
    }
}

/// Applies what is `after` or older, and tests the rest.
async fn walk<K: TestKind>(
    prove: &Prove<K>,
    after: Option<Version>,
    report: &mut RoundTrip,
) -> Result<(), Stop> {
    let database = K::Database::create().await?;
    if let Some(sql) = &prove.prepare {
        database.execute(sql).await?;
    }
    let steps = Steps::new(&database, migrator::<K>(&database, prove.set.clone())).await?;
    let mut walk = Walk::<K> {
        database: &database,
        steps,
        strict_order: prove.strict_order,
        before: Facts::default(),
    };
    if let Some(version) = after {
        let applied = walk.steps.up_to(version).await;
        applied.map_err(|error| {
            Error::caused(format!("the migrations up to {version} cannot be applied"), error)
        })?;
    }
    walk.before = walk.steps.facts().await?;
    let tested = prove
        .set
        .migrations
        .iter()
        .filter(|migration| after < Some(migration.version));
    for migration in tested {
        let step = walk.step(migration).await?;
        report.steps.push(step);
    }
    Ok(())
}

/// One database on its way through the chain.
struct Walk<'a, K: TestKind> {
    database: &'a K::Database,
    steps: Steps<K>,
    strict_order: bool,
    /// The catalog before the next migration.
    before: Facts,
}

impl<K: TestKind> Walk<'_, K> {
    async fn step(&mut self, migration: &Migration) -> Result<RoundTripStep, Stop> {
        let mut step = RoundTripStep::new(migration);
        self.up(migration, Stage::Up).await?;
        let after_up = self.steps.facts().await?;
        if let Some(reason) = one_way(migration) {
            step.outcome = StepOutcome::CrossedOnce(reason);
            self.before = after_up;
            return Ok(step);
        }
        if let Err(error) = self.steps.down().await {
            return Err(self.fault(migration, Stage::Down, Cause::Refused(error)));
        }
        let after_down = self.steps.facts().await?;
        self.compare(migration, Stage::Down, (&self.before, &after_down), &mut step)?;
        self.up(migration, Stage::UpAgain).await?;
        let after_again = self.steps.facts().await?;
        self.compare(migration, Stage::UpAgain, (&after_up, &after_again), &mut step)?;
        self.before = after_again;
        Ok(step)
    }

    async fn up(&mut self, migration: &Migration, stage: Stage) -> Result<(), Stop> {
        let applied = self.steps.up_to(migration.version).await;
        let report = applied.map_err(|error| self.fault(migration, stage, Cause::Refused(error)))?;
        let is_applied = report
            .applied
            .iter()
            .any(|applied| applied.version == migration.version);
        if is_applied {
            return Ok(());
        }
        let gates = report.waiting.iter().flat_map(|waiting| &waiting.gates);
        let waits: Vec<String> = gates.map(ToString::to_string).collect();
        Err(self.fault(migration, stage, Cause::NotApplied(waits)))
    }

    fn compare(
        &self,
        migration: &Migration,
        stage: Stage,
        (expected, found): (&Facts, &Facts),
        step: &mut RoundTripStep,
    ) -> Result<(), Stop> {
        let difference = expected.compare(found);
        if difference.changed() || (self.strict_order && !difference.is_empty()) {
            return Err(self.fault(migration, stage, Cause::Different(difference)));
        }
        let tables: Vec<&str> = difference
            .of_class(Class::Order)
            .map(|change| change.object.as_str())
            .collect();
        if !tables.is_empty() {
            let place = stage.place();
            step.notes.push(format!(
                "{place}, the columns stand in another order: {}",
                tables.join(", ")
            ));
        }
        Ok(())
    }

    fn fault(&self, migration: &Migration, stage: Stage, cause: Cause) -> Stop {
        Stop::Fault(Box::new(Fault::new(
            migration,
            stage,
            cause,
            self.database.client(),
        )))
    }
}
