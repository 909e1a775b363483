//! What a person says to changes: approving their contracts, and letting them go on.

use super::Migrator;
use crate::change::{Approval, Occurrence};
use crate::error::{Error, Kind};
use crate::model::{Migration, Version};

impl Migrator {
    /// Approves the contracts of a change that lose data. Each stays approved for as long as its statements stay the same,
    /// and what its header says of its gates and of the way back.
    ///
    /// ```no_run
    /// # async fn example(migrator: migrate_core::Migrator) -> Result<(), migrate_core::Error> {
    /// use migrate_core::change::Approval;
    ///
    /// let approval = Approval {
    ///     by: "r.okafor".to_owned(),
    ///     backup: "pg-base-2026-11-20".to_owned(),
    ///     restore_tested: "2026-11-18".to_owned(),
    ///     owner: "accounts team".to_owned(),
    /// };
    /// migrator.approve("rename_username", &approval).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::is_unknown_version`] if this build has no contract of that change that is not applied, and
    /// [`Error::is_configuration`] if something of the approval is missing.
    ///
    /// # Cancellation
    ///
    /// Dropping the future approves all of the contracts or none of them.
    pub async fn approve(&self, change: &str, approval: &Approval) -> Result<Vec<Version>, Error> {
        self.check_names()?;
        self.check_approval(approval)?;
        self.check_change(change)?;
        let mut session = self.open().await?;
        let result = async {
            let history = session.read_history().await?;
            let contracts: Vec<&Migration> = self
                .pending_contracts(&history)
                .filter(|migration| migration.change_name() == change)
                .collect();
            if contracts.is_empty() {
                let message = format!("the change `{change}` has no contract that waits");
                return Err(Error::new(Kind::UnknownVersion, message)
                    .help("`status` shows what waits; a contract that is applied needs no approval"));
            }
            session.prepare().await?;
            let entry = |migration: &&Migration| {
                let figures = [
                    ("by", &*approval.by),
                    ("backup", &*approval.backup),
                    ("restore-tested", &*approval.restore_tested),
                    ("owner", &*approval.owner),
                    ("digest", &*migration.approvable().to_string()),
                ]
                .map(|(name, value)| (name.to_owned(), value.to_owned()));
                self.entry(
                    change,
                    Some(migration.version),
                    Occurrence::Approved,
                    figures.to_vec(),
                )
            };
            let entries: Vec<_> = contracts.iter().map(entry).collect();
            session.write_log(&entries).await?;
            Ok(contracts.iter().map(|migration| migration.version).collect())
        }
        .await;
        let closed = session.close().await;
        let versions = result?;
        closed?;
        Ok(versions)
    }

    fn check_approval(&self, approval: &Approval) -> Result<(), Error> {
        let fault = |message: String| Err(Error::new(Kind::Configuration, message));
        for (what, said) in [
            ("who approves", &approval.by),
            ("the backup", &approval.backup),
            ("who owns the data", &approval.owner),
        ] {
            if said.trim().is_empty() {
                return fault(format!("the approval does not say {what}"));
            }
        }
        let digits: String = approval.restore_tested.split('-').collect();
        let is_day = approval.restore_tested.len() == 10 && digits.len() == 8;
        let Some(tested) = is_day
            .then(|| format!("{digits}000000").parse::<Version>().ok())
            .flatten()
            .and_then(Version::unix_seconds)
        else {
            return fault(format!(
                "`{}` is not the day on which a restore was tested, such as 2026-11-18",
                approval.restore_tested
            ));
        };
        if tested > self.now_ms() / 1000 {
            return fault(format!(
                "the restore was not tested yet: {} is to come",
                approval.restore_tested
            ));
        }
        Ok(())
    }

    /// The change has to be one of this build.
    pub(super) fn check_change(&self, change: &str) -> Result<(), Error> {
        let names: Vec<String> = self
            .set
            .migrations
            .iter()
            .map(|migration| migration.change_name().into_owned())
            .collect();
        if names.iter().any(|name| name == change) {
            return Ok(());
        }
        let nearest = crate::diagnostic::nearest(change, names.iter().map(String::as_str));
        let hint = nearest.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        let message = format!("this build has no change `{change}`{hint}");
        Err(Error::new(Kind::UnknownVersion, message))
    }
}
