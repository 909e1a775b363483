//! The plan document, and the documentation of the schema: what the database says, read and changing nothing.

use std::time::Duration;

use super::Migrator;
use crate::backfill::{BackfillRate, BackfillStatus};
use crate::database::{Server, Session};
use crate::document::{
    Assessments, Document, Footprint, Known, Limits, MoveRate, SchemaDocument, Seen, TableName, compose,
    grouped, marks, shown, touched,
};
use crate::error::Error;
use crate::history::History;
use crate::model::{Migration, Version};
use crate::plan::{Mode, Plan};
use crate::rules;
use crate::sync::with_triggers;

/// What one session saw.
struct Looked {
    plan: Plan,
    history: History,
    server: Server,
    records: Vec<(String, crate::change::Record)>,
    live: crate::live::Live,
    pending: Vec<Migration>,
    footprints: Vec<(Version, Vec<Footprint>)>,
    assessments: Assessments,
}

impl Migrator {
    /// The document that a team reads and signs before it goes to production: the [plan](Self::plan) with what the database
    /// says of the tables it touches, and estimates from what was measured there. With [`Mode::StartUp`] it is
    /// about what [`run`](Self::run) would do now, as [`dry_run`](Self::dry_run).
    ///
    /// It is a call of its own because it costs what a plan must not cost: some ten queries of the catalog for each table,
    /// and up to 100,000 rows of each table read once, for two seconds at most, to see how fast that goes. It
    /// takes no migration lock and writes nothing, so it also works on a read-only replica.
    ///
    /// # Errors
    ///
    /// As [`plan`](Self::plan). What a database does not tell stands in the document as not known.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn document(&self, mode: Mode) -> Result<Document, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let looked = self.look_for_document(&mut *session, mode).await;
        session.close().await?;
        let mut looked = looked?;
        let (backfills, rates) = self.backfills_for(&mut looked).await?;
        let seen = Seen {
            set: &self.set,
            set_name: &self.namespace.set,
            history: &looked.history,
            mode,
            plan: &looked.plan,
            pending: &looked.pending,
            footprints: &looked.footprints,
            assessments: &looked.assessments,
            records: &looked.records,
            backfills: &backfills,
            rates: &rates,
            live: &looked.live,
            server: &looked.server,
            at_ms: self.now_ms(),
            limits: self.limits(),
        };
        Ok(compose(&seen))
    }

    fn limits(&self) -> Limits {
        Limits {
            lock_timeout: self.session.lock_timeout,
            lock_retry: self.session.lock_retry,
            soft_lag: self.work.soft_lag,
            hard_lag: self.work.hard_lag,
            batch_timeout: self.work.batch_timeout,
            start_up: self.start_up_limit,
            thresholds: self.work.thresholds,
            is_monitored: self.work.monitor.is_some(),
        }
    }

    async fn look_for_document(&self, session: &mut dyn Session, mode: Mode) -> Result<Looked, Error> {
        let mut plan = self.preview_in(session, mode).await?;
        let recorded = plan.steps.iter().filter(|step| !step.squashes.is_empty());
        let recorded = recorded.map(|step| {
            let (version, name, count) = (step.version, &step.name, step.squashes.len());
            format!("{version} {name} is recorded and does not run: the {count} migrations it stands for are applied")
        });
        let recorded: Vec<String> = recorded.collect();
        plan.notes.extend(recorded);
        let history = session.read_history().await?;
        let records = match history.present {
            true => self.look(session, &history).await?.facts.records,
            false => Vec::new(),
        };
        let live = session.look_around().await?;
        let server = session.server().clone();
        let pending = self.pending_in(&plan, mode)?;
        let footprints = rules::footprints(&self.set, &pending, server.version);
        let tables = touched(&pending, &footprints);
        let assessments = session.assess(&tables).await?;
        Ok(Looked {
            plan,
            history,
            server,
            records,
            live,
            pending,
            footprints,
            assessments,
        })
    }

    /// The migrations that a document is about, in the order of their versions, with the statements of their syncs.
    fn pending_in(&self, plan: &Plan, mode: Mode) -> Result<Vec<Migration>, Error> {
        let running = plan.steps.iter().filter(|step| step.squashes.is_empty());
        let mut versions: Vec<Version> = running.map(|step| step.version).collect();
        if mode == Mode::Completion {
            versions.extend(plan.waiting.iter().map(|waiting| waiting.version));
        }
        versions.sort_unstable();
        let migrations = versions.into_iter().filter_map(|version| self.set.get(version));
        let whole =
            |migration| Ok(with_triggers(migration, &self.namespace.set, self.set.dialect)?.into_owned());
        migrations.map(whole).collect()
    }

    /// How far the backfills of this set are, and how fast rows were moved here, which also tells how fast each of them is.
    async fn backfills_for(
        &self,
        looked: &mut Looked,
    ) -> Result<(Vec<BackfillStatus>, Vec<(Version, MoveRate)>), Error> {
        let moving = || self.set.migrations.iter().filter(|one| one.backfill.is_some());
        let mut found = (Vec::new(), Vec::new());
        if !looked.history.present || looked.history.fresh || moving().next().is_none() {
            return Ok(found);
        }
        let mut mover = self.mover(&self.session).await?;
        let rates = mover.rates(RATES).await?;
        for migration in moving() {
            let row = looked.history.get(migration.version);
            let attempt = row.map_or_else(
                || looked.history.next_attempt(migration.version),
                |row| row.attempt,
            );
            let status = mover.status(migration.version, attempt).await?;
            let Some(status) = status else { continue };
            let own = Pace::newest(&rates, |rate| rate.version == migration.version);
            found
                .1
                .extend(own.map(|pace| (migration.version, pace.of_itself())));
            if let Some(backfill) = &migration.backfill
                && status.rate() > 0.0
            {
                let table = TableName::written(&backfill.table);
                let moves = MoveRate {
                    rows_per_second: status.rate(),
                    source: format!(
                        "as the backfill {migration} moved {} rows of it here from beginning to end, pauses included",
                        grouped(status.visited)
                    ),
                };
                let tables = &mut looked.assessments.tables;
                // The latest one counts: it is the table as it is now.
                tables
                    .iter_mut()
                    .filter(|one| one.table == table)
                    .for_each(|one| one.moves = Known::Is(moves.clone()));
            }
            found.0.push(status);
        }
        mover.close().await?;
        for one in &mut looked.assessments.tables {
            // What was measured from batch to batch leaves out the time in which nobody worked.
            let of_table = Pace::newest(&rates, |rate| TableName::written(&rate.table) == one.table);
            if let Some(pace) = of_table {
                let by = self.set.get(pace.version);
                let by = by.map_or_else(|| pace.version.to_string(), ToString::to_string);
                one.moves = Known::Is(pace.of_table(&by));
            }
        }
        Ok(found)
    }

    /// The schema as it is in the database, with what changes have added and what their contracts will remove. Changes
    /// nothing and takes no lock.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn schema_document(&self) -> Result<SchemaDocument, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let read = async {
            let history = session.read_history().await?;
            let facts = session.facts().await?;
            let foreign_keys = session.foreign_keys().await?;
            Ok(SchemaDocument {
                set: self.namespace.set.clone(),
                server: format!(
                    "{} {}",
                    session.server().dialect.title(),
                    session.server().version
                ),
                marks: marks(&self.set, &history),
                facts,
                foreign_keys,
            })
        }
        .await;
        session.close().await?;
        read
    }
}

/// How many of the newest figures are looked at, and how many of one backfill count: the last ten minutes of it.
const RATES: u32 = 1_000;
const NEWEST: usize = 60;

/// How fast a backfill went while workers were at it, by the newest figures of it.
struct Pace {
    version: Version,
    visited: u64,
    span: Duration,
}

impl Pace {
    /// Of the newest backfill among those that are asked for; `rates` begins with the newest.
    fn newest(rates: &[BackfillRate], asked_for: impl Fn(&BackfillRate) -> bool) -> Option<Self> {
        let newest = rates
            .iter()
            .find(|rate| asked_for(rate) && rate.per_second() > 0.0)?;
        let of_it = rates
            .iter()
            .filter(|rate| (rate.version, rate.attempt) == (newest.version, newest.attempt))
            .take(NEWEST);
        let mut pace = Self {
            version: newest.version,
            visited: 0,
            span: Duration::ZERO,
        };
        for rate in of_it {
            pace.visited += rate.visited;
            pace.span += rate.span;
        }
        Some(pace)
    }

    fn rate(&self, source: String) -> MoveRate {
        MoveRate {
            rows_per_second: self.visited as f64 / self.span.as_secs_f64(),
            source,
        }
    }

    fn of_itself(&self) -> MoveRate {
        let (rows, time) = (grouped(self.visited), shown(self.span));
        self.rate(format!(
            "as it went here itself, by its last {rows} rows in {time}"
        ))
    }

    fn of_table(&self, by: &str) -> MoveRate {
        let (rows, time) = (grouped(self.visited), shown(self.span));
        self.rate(format!(
            "as the backfill {by} went on this table, by its last {rows} rows in {time}"
        ))
    }
}
