//! The text that the history keeps of what ran.

use super::connection_error;
use super::ledger::RowKey;
use super::session::SqlSession;
use crate::error::{Error, Kind};
use crate::history::Row;
use crate::model::{Phase, Section, TransactionMode};
use crate::script::section::stored;

/// The section of a migration that has nothing to take back.
pub(super) fn nothing(name: &str) -> Section {
    Section {
        path: name.to_owned().into(),
        text: Default::default(),
        line: 1,
        statements: Default::default(),
        transaction: TransactionMode::One,
    }
}

impl SqlSession {
    /// The down that the history keeps of a row.
    pub(super) async fn stored_down(
        &mut self,
        row: &Row,
        key: RowKey,
        name: &str,
    ) -> Result<Option<Section>, Error> {
        let dialect = self.backend.dialect();
        let (ledger, backend) = self.ledger();
        let text = ledger.text(backend, key).await;
        let text = text.map_err(|error| connection_error("the history cannot be read", error))?;
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
}
