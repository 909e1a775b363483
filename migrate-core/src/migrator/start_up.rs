//! What a start-up looks at first: whether its files are the embedded ones, and what it leaves to a job, because that
//! takes too long.

use std::time::Duration;

use super::{Event, Migrator};
use crate::database::Session;
use crate::document::{TableName, fits, online_build};
use crate::error::{Error, Kind};
use crate::model::Migration;
use crate::plan::Plan;

impl Migrator {
    /// Refuses a start-up that would wait for an online build for longer than it may, before anything is applied.
    ///
    /// Looks at tables only where such a build is pending, so a start without work costs what it did.
    pub(super) async fn check_start_up(&self, session: &mut dyn Session, plan: &Plan) -> Result<(), Error> {
        // A job waits as long as it takes, and whatever is known.
        if self.start_up_limit == Duration::MAX {
            return Ok(());
        }
        let dialect = self.set.dialect;
        let running = plan.steps.iter().filter(|step| step.squashes.is_empty());
        let pending = running.filter_map(|step| self.set.get(step.version));
        let builds: Vec<(&Migration, Vec<TableName>)> = pending
            .map(|migration| {
                let tables = migration
                    .up
                    .iter()
                    .filter_map(|(_, sql)| online_build(sql, dialect));
                (migration, tables.map(|(table, _)| table).collect::<Vec<_>>())
            })
            .filter(|(_, tables)| !tables.is_empty())
            .collect();
        if builds.is_empty() {
            return Ok(());
        }
        let mut tables: Vec<TableName> = builds.iter().flat_map(|(_, tables)| tables.clone()).collect();
        tables.sort();
        tables.dedup();
        let assessments = session.assess(&tables).await?;
        for (migration, _) in builds {
            if let Some((false, finding)) = fits(migration, dialect, &assessments, self.start_up_limit) {
                let message =
                    format!("this build may not serve yet: {migration} takes longer than a start-up may");
                return Err(Error::new(Kind::NotReady, message)
                    .migration(migration)
                    .note(finding)
                    .help(
                        "apply it first, in a job before the deployment: `migrate up`, or `run_to_completion`; \
                         or set another `start_up_limit`",
                    ));
            }
        }
        Ok(())
    }

    /// In debug builds: says so when the folder is not what is embedded, which happens without a `build.rs`.
    pub(super) fn tell_stale_embedding(&self) {
        let Some(folder) = self.set.folder else {
            return;
        };
        let Ok(files) = crate::source::files_in_folder(std::path::Path::new(folder)) else {
            return;
        };
        let embedded = |path: &str| {
            self.set.migrations.iter().any(|migration| {
                let down = migration.down.as_ref().map(|down| &down.path);
                migration.path.ends_with(path) || down.is_some_and(|down| down.ends_with(path))
            })
        };
        let files: Vec<String> = files
            .into_iter()
            .map(|file| file.path)
            .filter(|path| path.ends_with(".sql") && !embedded(path))
            .collect();
        if !files.is_empty() {
            self.session.observer.event(&Event::StaleEmbedding { files });
        }
    }
}
