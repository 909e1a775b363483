//! Taking over from another tool: what its own table says is applied goes into our history, and nothing runs.

mod checksum;
mod matching;
mod newcomer;
mod tool;

use core::fmt;
use std::time::{Duration, Instant};

use futures_timer::Delay;

use self::matching::{Matched, matched};
use super::work::Locked;
use super::{Event, Migrator, Report};
use crate::change::LogEntry;
use crate::database::{Applied, Session, ToolRow};
use crate::error::{Error, Kind};
use crate::history::{History, Reason};
use crate::model::{Migration, Version};

pub(super) use newcomer::Newcomer;
pub use tool::{Adoption, Tool};

/// How long it is waited between two looks at the lock of the other tool.
const PAUSE: Duration = Duration::from_millis(200);

/// How often it is begun again where the other tool's table changes meanwhile.
const TRIES: u32 = 5;

impl Migrator {
    /// Records what another tool applied, by that tool's own table, so that [`run`](Self::run) goes on from there.
    ///
    /// Takes our migration lock, and the other tool's where it has one; matches versions, compares checksums where the
    /// tool keeps them, and records everything in one transaction or nothing. Nothing of a migration runs, and the tool's
    /// table stays as it is. Where the history has everything already, nothing is done, so that a service can call this
    /// before every `run`.
    ///
    /// ```no_run
    /// # async fn example(migrator: migrate_core::Migrator) -> Result<(), migrate_core::Error> {
    /// use migrate_core::Tool;
    ///
    /// println!("{}", migrator.adopt_plan(Tool::Sqlx).await?);
    /// migrator.adopt(Tool::Sqlx).await?;
    /// migrator.run().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_history`] if the tool's table is not there, or is not that tool's; [`Error::is_dirty`] if the tool did
    /// not end a migration that it began; [`Error::is_unknown_version`] if it applied what the set does not have;
    /// [`Error::is_digest_mismatch`] if a file is not what it applied. Then nothing is touched.
    ///
    /// # Cancellation
    ///
    /// As for [`run`](Self::run): everything is recorded, or nothing.
    pub async fn adopt(&self, adoption: impl Into<Adoption>) -> Result<Report, Error> {
        let adoption = adoption.into();
        self.check_adoption(&adoption)?;
        let started = Instant::now();
        let mut report = Report {
            set: self.namespace.set.clone(),
            ..Report::default()
        };
        if let Locked::Session(mut session) = self.lock(false).await? {
            let result = self.adopt_locked(&mut *session, &adoption, &mut report).await;
            let closed = session.close().await;
            result?;
            closed?;
        }
        report.took = started.elapsed();
        Ok(report)
    }

    /// What [`adopt`](Self::adopt) would record. Takes no lock and changes nothing.
    ///
    /// # Errors
    ///
    /// As [`adopt`](Self::adopt).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn adopt_plan(&self, adoption: impl Into<Adoption>) -> Result<AdoptPlan, Error> {
        let adoption = adoption.into();
        self.check_adoption(&adoption)?;
        let mut session = self.open().await?;
        let result = self.look_at_tool(&mut *session, &adoption).await;
        let closed = session.close().await;
        let (rows, _, matched) = result?;
        closed?;
        let named = |migrations: Vec<&Migration>| {
            let named = migrations.iter().map(|one| (one.version, one.name.to_string()));
            named.collect()
        };
        Ok(AdoptPlan {
            tool: adoption.tool,
            table: adoption.table,
            rows: rows.len(),
            record: named(matched.record),
            known: matched.known,
            pending: named(matched.pending),
            notes: matched.notes,
        })
    }

    fn check_adoption(&self, adoption: &Adoption) -> Result<(), Error> {
        self.check_names()?;
        match adoption.baseline {
            Some(version) => self.check_known(version),
            None => Ok(()),
        }
    }

    async fn adopt_locked(
        &self,
        session: &mut dyn Session,
        adoption: &Adoption,
        report: &mut Report,
    ) -> Result<(), Error> {
        self.wait_for_tool(session, adoption.tool).await?;
        let result = self.record_matched(session, adoption, report).await;
        // Where it cannot be freed, it goes with the connection.
        let _ = session.lock_tool(adoption.tool, false).await;
        result
    }

    async fn wait_for_tool(&self, session: &mut dyn Session, tool: Tool) -> Result<(), Error> {
        let started = Instant::now();
        let mut told = Duration::ZERO;
        while !session.lock_tool(tool, true).await? {
            let waited = started.elapsed();
            if waited >= self.lock_wait {
                let message = format!("{tool} is migrating this database for more than {waited:.1?}");
                return Err(Error::new(Kind::LockTimeout, message)
                    .help("wait for it; `MigratorBuilder::lock_wait` sets how long"));
            }
            if waited >= told {
                self.session
                    .observer
                    .event(&Event::WaitingForLock { waited, holder: None });
                told = waited + Duration::from_secs(5);
            }
            Delay::new(PAUSE.min(self.lock_wait - waited)).await;
        }
        Ok(())
    }

    async fn record_matched(
        &self,
        session: &mut dyn Session,
        adoption: &Adoption,
        report: &mut Report,
    ) -> Result<(), Error> {
        for _ in 0..TRIES {
            let (rows, history, matched) = self.look_at_tool(session, adoption).await?;
            if !matched.record.is_empty() {
                session.prepare().await?;
                let source = (adoption.tool, &*adoption.table, &*rows);
                let said = self.said_of_adopting(adoption, &matched.record);
                match session
                    .record_adopted(&matched.record, &history, source, &said)
                    .await?
                {
                    Applied::Now => session.settle().await?,
                    Applied::ByAnother => continue,
                }
            }
            let recorded = matched.record.iter();
            report.recorded = recorded.map(|one| (one.version, one.name.to_string())).collect();
            report.notes = matched.notes;
            return Ok(());
        }
        let tool = adoption.tool;
        Err(Error::new(
            Kind::History,
            format!("the table of {tool} changed each time while it was taken over"),
        )
        .help(format!("stop what still migrates this database with {tool}")))
    }

    fn said_of_adopting(&self, adoption: &Adoption, migrations: &[&Migration]) -> Vec<LogEntry> {
        let figures = [
            ("tool", adoption.tool.name().to_owned()),
            ("table", adoption.table.clone()),
        ];
        let figures = figures.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let said = migrations.iter().flat_map(|migration| {
            let recorded = self.said_of_recording(migration, Reason::Adopted, figures.clone());
            [recorded]
                .into_iter()
                .chain(self.squash_entries(migration))
                .collect::<Vec<_>>()
        });
        said.collect()
    }

    /// Reads both histories and says what follows.
    async fn look_at_tool(
        &self,
        session: &mut dyn Session,
        adoption: &Adoption,
    ) -> Result<(Vec<ToolRow>, History, Matched<'_>), Error> {
        let Some(rows) = session.read_tool(adoption.tool, &adoption.table).await? else {
            return Err(not_there(session, adoption).await?);
        };
        let history = session.read_history().await?;
        if history.fresh {
            let message = "a run on this database was begun when it was fresh, and did not end";
            return Err(Error::new(Kind::Dirty, message)
                .help("finish it first: `run` (`migrate up`) goes on with it"));
        }
        let mut matched = matched(&self.set, adoption, &rows, &history)?;
        if rows.is_empty() {
            let Adoption { tool, table, .. } = adoption;
            matched
                .notes
                .push(format!("the table {table} of {tool} is empty"));
        }
        Ok((rows, history, matched))
    }
}

/// Says which tools have a table here instead.
async fn not_there(session: &mut dyn Session, adoption: &Adoption) -> Result<Error, Error> {
    let Adoption { tool, table, .. } = adoption;
    let error = Error::new(
        Kind::History,
        format!("there is no table {table} of {tool} in this database"),
    );
    let tables = Tool::ALL.map(Tool::table);
    let existing = session.existing_tables(&tables).await?;
    let mut found = Vec::new();
    for other in Tool::ALL {
        if existing
            .iter()
            .any(|name| name.eq_ignore_ascii_case(other.table()))
        {
            found.push(format!("{}, which {other} makes", other.table()));
        }
    }
    Ok(if found.is_empty() {
        error.help(
            "is it the right database and schema? `Adoption::table` (`--table`) names a table that is called otherwise, and \
             `baseline` records a schema that no tool made",
        )
    } else {
        error.help(format!("there is {}: adopt from there", found.join(", and ")))
    })
}

/// What [`Migrator::adopt`] would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptPlan {
    /// The other tool.
    pub tool: Tool,
    /// Its table.
    pub table: String,
    /// How many rows that has.
    pub rows: usize,
    /// What would be recorded, in order.
    pub record: Vec<(Version, String)>,
    /// How many of the tool's migrations our history has already.
    pub known: usize,
    /// What is applied by neither; the next run applies it.
    pub pending: Vec<(Version, String)>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

impl fmt::Display for AdoptPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} of {}: {} rows, {} to record, {} recorded already, {} pending",
            self.table,
            self.tool,
            self.rows,
            self.record.len(),
            self.known,
            self.pending.len()
        )?;
        for (version, name) in &self.record {
            write!(f, "\n  = {version} {name}")?;
        }
        for (version, name) in &self.pending {
            write!(f, "\n  pending: {version} {name}")?;
        }
        for note in &self.notes {
            write!(f, "\n  note: {note}")?;
        }
        Ok(())
    }
}
