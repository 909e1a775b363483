//! What a person says to a backfill: written in one transaction with the entry of the log that keeps what it replaces.

use std::time::Duration;

use super::enlist::NEVER_BEGAN;
use super::tables::now_ms;
use super::taken_over::{is_of_another, visits_alike};
use super::{SqlMover, stumbled, told};
use crate::backfill::{BackfillSettings, BackfillState, BackfillStatus};
use crate::change::LogEntry;
use crate::database::mover::{Ahead, Job, Stumble};
use crate::model::{Dialect, Digest, Version};

impl SqlMover {
    /// Begins a transaction in which the state of a backfill stays as it is read; `None`, and nothing begun, where none has
    /// begun.
    pub(super) async fn begin_steering(
        &mut self,
        version: Version,
        attempt: u32,
    ) -> Result<Option<BackfillStatus>, Stumble> {
        // A table that is not there would end the transaction.
        if self.read_status(version, attempt).await?.is_none() {
            return Ok(None);
        }
        self.begin().await?;
        let held = self.hold_state(version, attempt).await;
        match held {
            Ok(Some(status)) => Ok(Some(status)),
            Ok(None) => self.end(Ok(None)).await,
            Err(stumble) => self.end(Err(stumble)).await,
        }
    }

    async fn hold_state(
        &mut self,
        version: Version,
        attempt: u32,
    ) -> Result<Option<BackfillStatus>, Stumble> {
        // A transaction of SQLite that writes is alone already.
        if self.session.backend.dialect() != Dialect::Sqlite {
            let sql = format!(
                "SELECT state FROM {} WHERE {} FOR UPDATE",
                self.session.tables.backfills,
                self.is_job(version, attempt)
            );
            let held = self.ask(&sql).await;
            held.map_err(|error| stumbled("look at its state", error))?;
        }
        self.read_status(version, attempt).await
    }

    /// Turns the state, within the transaction that [`begin_steering`](Self::begin_steering) began.
    pub(super) async fn steer_state(
        &mut self,
        before: &BackfillStatus,
        from: &[BackfillState],
        (to, reason): (BackfillState, Option<&str>),
        moves: Option<Digest>,
        mut said: LogEntry,
    ) -> Result<bool, Stumble> {
        let (version, attempt) = (before.version, before.attempt);
        let is_taken_over = is_of_another(before, moves);
        let is_from = from.contains(&before.state) || is_taken_over && before.state.goes_on();
        let was = [before.state];
        if is_from {
            Self::check_visits(before, moves)?;
        }
        if !is_from || !self.turn_state(version, attempt, &was, to, reason).await? {
            return Ok(false);
        }
        if let Some(moves) = moves {
            self.count_text(before, moves).await?;
        }
        if is_taken_over {
            said.figures.push(taken_over());
        }
        said.figures.push(match before.state {
            BackfillState::Moving if !before.has_begun => figure("was", "not begun"),
            state => figure("was", state),
        });
        said.figures.push(figure("became", to));
        said.figures.extend(reason.map(|reason| figure("reason", reason)));
        said.figures.extend(seen(before));
        self.say(said).await
    }

    /// Begins again, within that transaction.
    pub(super) async fn steer_back(
        &mut self,
        before: &BackfillStatus,
        job: &Job<'_>,
        last: Option<String>,
        mut said: LogEntry,
    ) -> Result<bool, Stumble> {
        let moves = job.migration.moves();
        // Keys of another table, or other columns, say nothing of the rows that were set aside.
        let is_of_others = before.moved_by.is_some_and(|other| !visits_alike(moves, other));
        let aside = if is_of_others { 0 } else { before.failures };
        if !self.restart_job(job, last, is_of_others).await? {
            return Ok(false);
        }
        match aside {
            // All rows are visited once more.
            0 => self.count_only(before, moves).await?,
            _ => self.count_text(before, moves).await?,
        }
        if is_of_another(before, Some(moves)) {
            said.figures.push(taken_over());
        }
        said.figures.push(figure("was", before.state));
        said.figures.push(figure("became", BackfillState::Moving));
        said.figures.push(match aside {
            0 => figure("visits", "all rows"),
            failures => figure("tries", format!("{failures} rows set aside")),
        });
        said.figures.extend(seen(before));
        let report = before.report.as_ref();
        said.figures
            .extend(report.map(|report| figure("report-before", report)));
        self.say(said).await
    }

    /// Sets what holds over the file, within that transaction. What is set already is not told.
    pub(super) async fn steer_settings(
        &mut self,
        before: &BackfillStatus,
        settings: &BackfillSettings,
        mut said: LogEntry,
    ) -> Result<bool, Stumble> {
        if !self
            .write_settings(before.version, before.attempt, settings)
            .await?
        {
            return Ok(false);
        }
        let (old, new) = (shown(&before.settings), shown(settings));
        for ((name, old), (_, new)) in old.into_iter().zip(new).filter(|(old, new)| old != new) {
            said.figures.push((format!("{name}-before"), old));
            said.figures.push((name.to_owned(), new));
        }
        if before.settings == *settings {
            return Ok(true);
        }
        said.figures.push(figure("attempt", before.attempt));
        self.say(said).await
    }

    /// Writes down what a person says to a backfill that has not begun: a row that the first worker finds. `false`, and nothing
    /// is written, where one has begun meanwhile.
    pub(super) async fn say_ahead(
        &mut self,
        version: Version,
        attempt: u32,
        ahead: Ahead<'_>,
        said: LogEntry,
    ) -> Result<bool, Stumble> {
        let look = format!("SELECT 1 FROM {} WHERE 1 = 0", self.session.tables.backfills);
        match self.ask(&look).await {
            Ok(_) => {}
            Err(error) if error.is_missing_table => self.make_tables().await?,
            Err(error) => return Err(stumbled("look at its state", error)),
        }
        self.begin().await?;
        let said = self.write_ahead(version, attempt, ahead, said).await;
        self.end(said).await
    }

    async fn write_ahead(
        &mut self,
        version: Version,
        attempt: u32,
        ahead: Ahead<'_>,
        said: LogEntry,
    ) -> Result<bool, Stumble> {
        let (start, end) = self.insert_where_none();
        let now = now_ms(&*self.session.backend);
        let sql = format!(
            "{start} INTO {} (set_name, version, attempt, state, exhausted, next_part, estimate, visited, changed, \
             batches, started_ms, changed_ms) VALUES ('{}', {}, {attempt}, 'moving', 0, {NEVER_BEGAN}, 0, 0, 0, 0, {now}, \
             {now}){end}",
            self.session.tables.backfills, self.session.namespace.set, version.0,
        );
        let nothing = self.binder();
        if self.write_state(&sql, &nothing).await? == 0 {
            return Ok(false);
        }
        let Some(before) = self.read_status(version, attempt).await? else {
            return Ok(false);
        };
        match ahead {
            Ahead::Pause(reason) => {
                let becomes = (BackfillState::Paused, Some(reason));
                let from = [BackfillState::Moving];
                self.steer_state(&before, &from, becomes, None, said).await
            }
            Ahead::Set(settings) => self.steer_settings(&before, settings, said).await,
        }
    }

    async fn say(&mut self, said: LogEntry) -> Result<bool, Stumble> {
        self.session.add_to_log(&[said]).await.map_err(told)?;
        Ok(true)
    }
}

fn taken_over() -> (String, String) {
    figure("text", "taken over from another text of the file")
}

pub(super) fn figure(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}

/// How far it was, and what is overwritten of why it was held.
pub(super) fn seen(before: &BackfillStatus) -> Vec<(String, String)> {
    let mut figures = Vec::new();
    figures.extend(
        before
            .reason
            .as_ref()
            .map(|reason| figure("reason-before", reason)),
    );
    figures.push(figure("attempt", before.attempt));
    figures.push(figure("visited", before.visited));
    figures.push(figure("changed", before.changed));
    figures.push(figure("batches", before.batches));
    figures.push(figure("set-aside", before.failures));
    figures
}

/// The settings as texts, in the order of the command that sets them.
fn shown(settings: &BackfillSettings) -> [(&'static str, String); 4] {
    let or_file = |text: Option<String>| text.unwrap_or_else(|| "as the file says".to_owned());
    let rows = |rows: Option<u32>| or_file(rows.map(|rows| format!("{rows} rows")));
    let ms = |time: Option<Duration>| or_file(time.map(|time| format!("{} ms", time.as_millis())));
    [
        ("max-batch", rows(settings.max_batch)),
        ("pause", ms(settings.pause)),
        ("max-lag", ms(settings.max_lag)),
        ("failures", rows(settings.failures)),
    ]
}
