//! What is written of rows beside their migrations: that one ends of which nothing was done, and that one gets another text.

use super::backend::Transacted;
use super::connection_error;
use super::ledger::{RowKey, StoredText};
use super::session::SqlSession;
use crate::change::LogEntry;
use crate::error::Error;
use crate::history::{Row, State};
use crate::model::Migration;

impl SqlSession {
    /// Writes that a row ends of which nothing was done, and what is written beside that.
    pub(super) async fn forget_begun(&mut self, key: RowKey, state: State) -> Result<(), Error> {
        self.begin(Transacted::Ours).await?;
        let (ledger, backend) = self.ledger();
        let updated = ledger.update(backend, key, state, 0, None).await;
        let result = match updated {
            Ok(()) => self.write_beside(state).await,
            Err(error) => Err(connection_error("the history cannot be written", error)),
        };
        self.end_ours(result).await
    }

    /// Takes the digests and the text of a file over into a row; `said` tells what was there, and is written with it.
    pub(super) async fn take_text_over(
        &mut self,
        row: &Row,
        migration: &Migration,
        keep_marker: bool,
        mut said: LogEntry,
    ) -> Result<(), Error> {
        let key = RowKey::of(row);
        self.begin(Transacted::Ours).await?;
        let result = async {
            let cannot = |error| connection_error("the history cannot be written", error);
            let (ledger, backend) = self.ledger();
            let before = ledger.text(backend, key).await.map_err(cannot)?;
            ledger
                .adopt(backend, migration, key, keep_marker)
                .await
                .map_err(cannot)?;
            said.figures
                .extend(before.map(figures_of_text).unwrap_or_default());
            self.add_to_log(&[said]).await
        }
        .await;
        self.end_ours(result).await
    }
}

/// What a text was, for the log.
fn figures_of_text(text: StoredText) -> Vec<(String, String)> {
    let figure = |name: &str, value: Option<String>| value.map(|value| (name.to_owned(), value));
    let figures = [
        figure("up-before", Some(text.up)),
        figure("down-before", text.down),
        figure("irreversible-before", text.irreversible),
    ];
    figures.into_iter().flatten().collect()
}
