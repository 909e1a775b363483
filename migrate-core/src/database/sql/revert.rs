//! Taking a migration back: with the down of this build, or the one that the history keeps.

use super::attempts::Failure;
use super::connection_error;
use super::cursor::{Direction, Run};
use super::ledger::{RowKey, StoredText};
use super::session::SqlSession;
use super::sync::Install;
use crate::database::{Applied, shown};
use crate::error::{Error, Kind};
use crate::gates::section_loses_data;
use crate::history::{Row, State};
use crate::model::{Digest, Migration, Phase, Section, TransactionMode};
use crate::script::section::{statements_digest, stored};
use crate::sync::with_triggers;

impl SqlSession {
    /// Takes a migration back, so that its row ends in `state`. Where a row did nothing, only the row changes.
    pub(super) async fn take_back(
        &mut self,
        row: &Row,
        embedded: Option<&Migration>,
        state: State,
    ) -> Result<Applied, Error> {
        let key = RowKey::of(row);
        if row.did_nothing() {
            self.forget_begun(key, state).await?;
            return Ok(Applied::Now);
        }
        let name = shown(row.version, &row.name);
        let dialect = self.backend.dialect();
        let set = &self.namespace.set;
        let whole = embedded
            .map(|migration| with_triggers(migration, set, dialect))
            .transpose()?;
        let embedded = whole.as_deref();
        let down = embedded.and_then(|migration| Some((migration, migration.down.as_ref()?)));
        self.install = match down {
            Some((migration, down)) => Install::of(migration, &migration.unsync, down, set, dialect)?,
            None => None,
        };
        let section = match embedded {
            Some(migration) => migration.down.clone(),
            None => self.kept_down(row).await?,
        };
        let reset = self.backend.reset().await;
        reset.map_err(|error| connection_error("the session cannot be reset", error))?;
        let section = section.unwrap_or_else(|| nothing(&name));
        self.check_history_is_reached(&section, &name, row.version)?;
        let result = if row.state == State::Applied && self.is_one_transaction(&section) {
            self.revert_transaction(&section, key, state).await
        } else {
            let run = Run {
                name: name.clone(),
                migration: None,
                section: &section,
                key,
                direction: Direction::Down(state),
                resume: (row.state == State::Reverting).then(|| (row.done, row.catalog.clone())),
            };
            self.run_by_cursor(&run).await
        };
        match result {
            Ok(()) => Ok(Applied::Now),
            Err(Failure::ByAnother) => Ok(Applied::ByAnother),
            Err(failure) => Err(self.error_of(&name, embedded, &section, failure)),
        }
    }

    /// Whether a migration loses data, as far as the text tells that the history keeps of it.
    pub(super) async fn kept_loses_data(&mut self, row: &Row) -> Result<bool, Error> {
        let dialect = self.backend.dialect();
        let text = self.kept_text(row).await?;
        Ok(text.is_none_or(|text| {
            let up = stored(&text.up, &row.name, dialect, text.up_transaction);
            text.irreversible.is_some() || up.is_none_or(|up| section_loses_data(&up, dialect))
        }))
    }

    /// The digest of the first statements of the text that the history keeps.
    pub(super) async fn kept_digest(&mut self, row: &Row, count: u32) -> Result<Option<Digest>, Error> {
        let dialect = self.backend.dialect();
        let text = self.kept_text(row).await?;
        Ok(text.and_then(|text| {
            let section = stored(&text.up, "history", dialect, text.up_transaction)?;
            let done = section.iter().take(count as usize).map(|(_, sql)| sql);
            Some(statements_digest(done, dialect))
        }))
    }

    /// The down that the history keeps of a row.
    pub(super) async fn kept_down(&mut self, row: &Row) -> Result<Option<Section>, Error> {
        let dialect = self.backend.dialect();
        let name = shown(row.version, &row.name);
        let text = self.kept_text(row).await?;
        let irreversible = |why: &str| {
            Err(Error::new(
                Kind::Irreversible,
                format!("migration {name} cannot be taken back: {why}"),
            )
            .version_is(row.version))
        };
        match text {
            None => irreversible("the history has no text of it"),
            Some(text) => match (text.down, text.irreversible) {
                (_, Some(reason)) => irreversible(&reason),
                (None, None) if row.phase == Phase::Migrate => Ok(None),
                (None, None) => irreversible("it has no down"),
                (Some(down), None) => {
                    let path = format!("history of {name}");
                    match stored(&down, &path, dialect, text.down_transaction) {
                        Some(section) => Ok(Some(section)),
                        None => irreversible("the text that the history keeps of it cannot be read"),
                    }
                }
            },
        }
    }

    async fn kept_text(&mut self, row: &Row) -> Result<Option<StoredText>, Error> {
        let (ledger, backend) = self.ledger();
        let text = ledger.text(backend, RowKey::of(row)).await;
        text.map_err(|error| connection_error("the history cannot be read", error))
    }
}

/// The section of a migration that has nothing to take back.
fn nothing(name: &str) -> Section {
    Section {
        path: name.to_owned().into(),
        text: Default::default(),
        line: 1,
        statements: Default::default(),
        transaction: TransactionMode::One,
    }
}
