//! How a backfill begins: its tables, its row of the state, and how many rows there are.

use super::key::encoded;
use super::tables::{for_workers, now_ms};
use super::{SqlMover, stumbled, told};
use crate::backfill::BackfillState;
use crate::database::mover::{Job, Stumble};
use crate::database::sql::backend::DatabaseError;
use crate::database::sql::making::{OwnTable, missing};
use crate::database::sql::verify::text_of;
use crate::model::{Dialect, Digest, Section};

/// The number of the next part of a backfill that was refused, or told something by a person, before it began: nothing of
/// it is known but why, and what was set.
pub(super) const NEVER_BEGAN: &str = "0";

/// What there is of the state of a backfill.
enum Enlisted {
    NoTables,
    Not,
    /// It was refused or held before it began, and a person let it go on, or its file is another one by now; or something
    /// was set for it.
    LetBegin,
    Yes,
}

impl SqlMover {
    /// Makes the tables, where another instance does not at this moment.
    pub(super) async fn make_tables(&mut self) -> Result<(), Stumble> {
        let tables = for_workers(&self.session.tables, &*self.session.backend);
        let lacking = match missing(&mut *self.session.backend, tables).await {
            Ok(lacking) => lacking,
            Err(error) => return Err(self.stumbled_at_ours("look for its tables", error, &[]).await),
        };
        for (_, statement) in &lacking {
            match self.session.backend.run(statement).await {
                Err(error) if !error.is_there => {
                    return Err(self
                        .stumbled_at_ours("making of its tables", error, &lacking)
                        .await);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What the database said of our own tables; where the role may not, with what has to be granted.
    pub(super) async fn stumbled_at_ours(
        &mut self,
        what: &str,
        error: DatabaseError,
        missing: &[OwnTable],
    ) -> Stumble {
        let is_denied = error.is_denied();
        match stumbled(what, error) {
            Stumble::Fatal(error) if is_denied => {
                Stumble::Fatal(error.help(self.session.wanted_of_workers(missing).await))
            }
            stumble => stumble,
        }
    }

    async fn enlisted(&mut self, job: &Job<'_>) -> Result<Enlisted, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let sql = format!(
            "SELECT state, next_part, values_before, moved_by FROM {} WHERE {is_job}",
            self.session.tables.backfills
        );
        let rows = match self.ask(&sql).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => return Ok(Enlisted::NoTables),
            Err(error) => return Err(self.stumbled_at_ours("look at its state", error, &[]).await),
        };
        let Some(row) = rows.into_iter().next() else {
            return Ok(Enlisted::Not);
        };
        let is = |column: usize, value: &str| row.get(column).and_then(Option::as_deref) == Some(value);
        let exact = job.migration.exact.to_string();
        let refused = row.get(2).and_then(Option::as_deref).unwrap_or_default();
        let of_another_file =
            is(0, BackfillState::Blocked.name()) && !refused.split(' ').any(|refused| refused == exact);
        let may_begin = is(0, BackfillState::Moving.name()) || of_another_file;
        let is_own = matches!(row.get(3), Some(None)) || is(3, &job.migration.moves().to_string());
        Ok(match is(1, NEVER_BEGAN) && may_begin && is_own {
            true => Enlisted::LetBegin,
            false => Enlisted::Yes,
        })
    }

    pub(super) async fn enlist_job(&mut self, job: &Job<'_>) -> Result<(), Stumble> {
        let enlisted = self.enlisted(job).await?;
        match enlisted {
            Enlisted::Yes => return Ok(()),
            Enlisted::Not | Enlisted::LetBegin => {}
            Enlisted::NoTables => self.make_tables().await?,
        }
        // Taken after dual write is in force: what is inserted later is right from the beginning.
        let last = self.last_key(job).await?;
        let estimate = self
            .estimate(job)
            .await
            .map_err(|error| stumbled("look at the table", error))?;
        self.hurry(false).await?;
        let before = self.session.values_before(job.migration).await.map_err(told);
        self.hurry(true).await?;
        let before = before?;
        let queries = job.migration.verify.iter().map(|verify| of_query(&verify.query));
        let before: Vec<String> = queries
            .zip(before)
            .map(|(query, value)| value.map_or(query.clone(), |value| format!("{query}={value}")))
            .collect();
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let last_key = binder.text_or_null(last.as_deref());
        let values = binder.text(&encoded(&before));
        let moves = job.migration.moves();
        let (backfills, exhausted) = (&self.session.tables.backfills, u8::from(last.is_none()));
        let sql = match enlisted {
            Enlisted::LetBegin => format!(
                "UPDATE {backfills} SET state = 'moving', reason = NULL, last_key = {last_key}, \
                 exhausted = {exhausted}, next_part = 1, estimate = {estimate}, values_before = {values}, \
                 moved_by = '{moves}', started_ms = {now}, changed_ms = {now} \
                 WHERE {} AND state IN ('moving', 'blocked') AND next_part = {NEVER_BEGAN} AND {}",
                self.is_job(job.migration.version, job.attempt),
                Self::is_own_text(job)
            ),
            _ => {
                let (start, end) = self.insert_where_none();
                format!(
                    "{start} INTO {backfills} (set_name, version, attempt, state, last_key, exhausted, next_part, estimate, \
                     visited, changed, batches, values_before, moved_by, started_ms, changed_ms) VALUES ('{}', {}, {}, \
                     'moving', {last_key}, {exhausted}, 1, {estimate}, 0, 0, 0, {values}, '{moves}', {now}, {now}){end}",
                    self.session.namespace.set, job.migration.version.0, job.attempt,
                )
            }
        };
        match self.execute(&sql, &binder).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.stumbled_at_ours("write of its state", error, &[]).await),
        }
    }

    /// How an INSERT begins and ends that does nothing where the row is there.
    pub(super) fn insert_where_none(&self) -> (&'static str, &'static str) {
        match self.session.backend.dialect() {
            Dialect::Mysql | Dialect::MariaDb => ("INSERT IGNORE", ""),
            _ => ("INSERT", " ON CONFLICT DO NOTHING"),
        }
    }

    /// Writes down why a backfill could not begin, and with which file, where it did not begin meanwhile.
    pub(super) async fn refuse_job(&mut self, job: &Job<'_>, reason: &str) -> Result<bool, Stumble> {
        let now = now_ms(&*self.session.backend);
        let (start, end) = self.insert_where_none();
        let exact = job.migration.exact;
        let mut binder = self.binder();
        let is_job = self.is_job(job.migration.version, job.attempt);
        // A file that was refused before does not begin by itself in its turn, once another one was refused as well.
        let before = format!(
            "SELECT values_before FROM {} WHERE {is_job} AND next_part = {NEVER_BEGAN}",
            self.session.tables.backfills
        );
        let before = match self.ask(&before).await {
            Ok(rows) => rows.into_iter().flatten().flatten().next().unwrap_or_default(),
            Err(error) if error.is_missing_table => String::new(),
            Err(error) => return Err(stumbled("look at its state", error)),
        };
        let mut refused: Vec<&str> = before.split_whitespace().collect();
        let exact = exact.to_string();
        if !refused.contains(&&*exact) {
            refused.push(&exact);
        }
        let again = format!(
            "UPDATE {} SET state = 'blocked', reason = {}, values_before = '{}', moved_by = NULL, changed_ms = {now} \
             WHERE {is_job} AND state IN ('moving', 'blocked') AND next_part = {NEVER_BEGAN} AND {}",
            self.session.tables.backfills,
            binder.text(reason),
            refused.join(" "),
            Self::is_own_text(job)
        );
        if self.write_state(&again, &binder).await? > 0 {
            return Ok(true);
        }
        let mut binder = self.binder();
        let reason = binder.text(reason);
        let sql = format!(
            "{start} INTO {} (set_name, version, attempt, state, reason, exhausted, next_part, estimate, visited, \
             changed, batches, values_before, started_ms, changed_ms) VALUES ('{}', {}, {}, 'blocked', {reason}, 0, \
             {NEVER_BEGAN}, 0, 0, 0, 0, '{exact}', {now}, {now}){end}",
            self.session.tables.backfills, self.session.namespace.set, job.migration.version.0, job.attempt,
        );
        Ok(self.write_state(&sql, &binder).await? > 0)
    }

    /// The highest key that there is now.
    pub(super) async fn last_key(&mut self, job: &Job<'_>) -> Result<Option<String>, Stumble> {
        self.prepare(job).await?;
        let last = self.known(job)?.last();
        let binder = self.binder();
        let last = self.key_of(&last, &binder).await;
        last.map_err(|error| stumbled("look at the table", error))
    }

    /// About how many rows the table has; 0 where that is not known.
    async fn estimate(&mut self, job: &Job<'_>) -> Result<u64, DatabaseError> {
        let Some(backfill) = &job.migration.backfill else {
            return Ok(0);
        };
        let dialect = self.session.backend.dialect();
        let (table, schema, name) = super::statement::named_table(&backfill.table, dialect);
        let mut binder = self.binder();
        let sql = match dialect {
            Dialect::Postgres => format!(
                "SELECT greatest(reltuples, 0)::bigint::text FROM pg_catalog.pg_class \
                 WHERE oid = pg_catalog.to_regclass({})",
                binder.text(&table)
            ),
            Dialect::Sqlite => format!("SELECT CAST(count(*) AS TEXT) FROM {table}"),
            Dialect::Mysql | Dialect::MariaDb => format!(
                "SELECT CAST(table_rows AS CHAR) FROM information_schema.tables \
                 WHERE table_schema = COALESCE({}, DATABASE()) AND table_name = {}",
                binder.text_or_null(schema.as_deref()),
                binder.text(&name)
            ),
        };
        let rows = self.rows(&sql, &binder).await?;
        let rows = rows.into_iter().flatten().flatten().next();
        Ok(rows.and_then(|rows| rows.parse().ok()).unwrap_or(0))
    }
}

/// By what a verify query is known when it is asked again.
pub(super) fn of_query(query: &Section) -> String {
    let mut digest = Digest::of_fields([text_of(query)]).to_string();
    digest.truncate(32);
    digest
}
