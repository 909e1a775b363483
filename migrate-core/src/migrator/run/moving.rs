//! The backfills of a run: data is moved to the end before what needs it is applied.

use std::time::Instant;

use crate::error::{Error, Kind};
use crate::migrator::worker::{Outcome, Patience, Stop, is_under_way};
use crate::migrator::{AppliedMigration, Event, Migrator, Report};
use crate::model::{Migration, Version};
use crate::script::in_place::in_place;

impl Migrator {
    pub(in crate::migrator) async fn move_to_the_end(
        &self,
        version: Version,
        report: &mut Report,
    ) -> Result<(), Error> {
        let Some(migration) = self.set.get(version) else {
            return Ok(());
        };
        let started = Instant::now();
        self.session.observer.event(&Event::Started {
            version,
            name: migration.name.to_string(),
        });
        if self.move_all(migration).await? {
            let applied = AppliedMigration {
                version,
                name: migration.name.to_string(),
                took: started.elapsed(),
            };
            self.session.observer.event(&Event::Applied {
                version,
                name: applied.name.clone(),
                took: applied.took,
            });
            report.applied.push(applied);
        }
        Ok(())
    }

    /// Moves what a person let begin again, or go on, of migrations that are applied.
    pub(super) async fn move_opened_again(&self) -> Result<(), Error> {
        let history = self.driver.read_history(&self.namespace).await?;
        let backfills = self.set.migrations.iter().any(|one| one.backfill.is_some());
        if !backfills || history.fresh {
            return Ok(());
        }
        let mut session = self.open().await?;
        let begun = session.moving().await;
        session.close().await?;
        for begun in begun? {
            if let Some(migration) = self.set.get(begun.version)
                && history.is_applied(begun.version)
                && is_under_way(begun.state)
            {
                self.move_all(migration).await?;
            }
        }
        Ok(())
    }

    /// Moves the data of a migration until it is verified; `false` where somebody else is to do that.
    async fn move_all(&self, migration: &Migration) -> Result<bool, Error> {
        match self
            .move_data(migration, &Stop::new(), Patience::ToTheEnd)
            .await?
        {
            Outcome::Verified => {
                self.write_down().await?;
                Ok(true)
            }
            Outcome::Blocked(error) => {
                self.write_down().await?;
                Err(error)
            }
            Outcome::Stopped | Outcome::Yielded | Outcome::Waiting => Ok(false),
            Outcome::Held(state, reason) => {
                self.write_down().await?;
                // A line that it quotes is the one of that time: the file may be another one by now.
                let reason = match reason {
                    Some(reason) if reason.contains("--> ") => {
                        format!(". What was told when that happened:\n{reason}")
                    }
                    Some(reason) => format!(": {reason}"),
                    None => String::new(),
                };
                let message = format!("the backfill of {migration} is {state}{reason}");
                let version = migration.version;
                let error = Error::new(Kind::Backfill, message).version_is(version);
                if is_under_way(state) {
                    // By another text of its file, and the reason says what can be done.
                    return Err(error);
                }
                let resume = format!("`resume` (`migrate backfill resume {version}`) lets it go on");
                let status = self.backfill(version).await?;
                if !status.is_some_and(|status| status.has_begun) {
                    // There is nothing yet that could begin again.
                    return Err(error.help(resume));
                }
                // Where a row may not be moved twice, beginning again is no way on.
                let batched = migration.backfill.as_ref().and_then(|one| one.batched.as_ref());
                let is_once = batched.is_some_and(|batched| in_place(batched, self.set.dialect).is_some());
                Err(error.help(match is_once {
                    true => resume,
                    false => format!("{resume}; `rerun` (`migrate backfill rerun {version}`) begins again from the first row"),
                }))
            }
        }
    }
}
