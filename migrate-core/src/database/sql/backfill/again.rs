//! Who looks again at data that was right, and when that was done last.

use std::time::Duration;

use super::tables::now_ms;
use super::{SqlMover, stumbled};
use crate::database::mover::{Job, Stumble};

impl SqlMover {
    pub(super) async fn begin_looking_again(
        &mut self,
        job: &Job<'_>,
        every: Duration,
    ) -> Result<bool, Stumble> {
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let (owner, own) = (binder.text(job.worker), binder.text(job.worker));
        let set = format!(
            "owner = {owner}, lease_until_ms = {now} + {}",
            job.lease.as_millis()
        );
        let due = format!(
            "COALESCE(verified_ms, 0) + {} <= {now} AND (owner IS NULL OR owner = {own} \
             OR COALESCE(lease_until_ms, 0) < {now})",
            every.as_millis()
        );
        self.change_again(job, &set, &due, binder).await
    }

    pub(super) async fn hold_looking_again(&mut self, job: &Job<'_>) -> Result<bool, Stumble> {
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let own = binder.text(job.worker);
        let set = format!("lease_until_ms = {now} + {}", job.lease.as_millis());
        self.change_again(job, &set, &format!("owner = {own}"), binder)
            .await
    }

    pub(super) async fn end_looking_again(&mut self, job: &Job<'_>, report: &str) -> Result<bool, Stumble> {
        let now = now_ms(&*self.session.backend);
        let mut binder = self.binder();
        let (report, own) = (binder.text(report), binder.text(job.worker));
        let set = format!("report = {report}, verified_ms = {now}, owner = NULL, lease_until_ms = NULL");
        self.change_again(job, &set, &format!("owner = {own}"), binder)
            .await
    }

    async fn change_again(
        &mut self,
        job: &Job<'_>,
        set: &str,
        condition: &str,
        binder: super::key::Binder,
    ) -> Result<bool, Stumble> {
        let is_job = self.is_job(job.migration.version, job.attempt);
        let sql = format!(
            "UPDATE {} SET {set} WHERE {is_job} AND state = 'verified' AND {condition}",
            self.session.tables.backfills
        );
        let changed = self.execute(&sql, &binder).await;
        changed
            .map(|rows| rows > 0)
            .map_err(|error| stumbled("write of its state", error))
    }
}
