//! What the database's schema is.

use super::Migrator;
use crate::error::Error;
use crate::facts::Facts;

impl Migrator {
    /// What the catalog says of the schema, without the library's own tables. Changes nothing and takes no lock.
    ///
    /// Its [rendering](Facts::render) is what `drift` compares with a file.
    ///
    /// # Errors
    ///
    /// If the catalog cannot be read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves nothing to undo: nothing is written.
    pub async fn facts(&self) -> Result<Facts, Error> {
        self.check_names()?;
        let mut session = self.open().await?;
        let facts = session.facts().await;
        session.close().await?;
        facts
    }
}
