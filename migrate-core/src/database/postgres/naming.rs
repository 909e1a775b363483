//! The name of a pool whose user gave it none.
//!
//! A connection without a name may be of any program, so nothing would tell an instance's own from those of a build that
//! nobody registered. A pool without a name gets one that no other process has; the connection that holds the instance's
//! registration has the same, and so accounts for the others.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::PgPool;

use crate::database::sql::live::unique_id;

/// What names begin with that the library gave.
pub(super) const PREFIX: &str = "migrate-core:";

/// The name that the library gave a pool.
pub(super) struct OwnName {
    name: String,
    /// How many connections were made before, and may still be without it.
    unnamed: AtomicU32,
}

impl OwnName {
    /// Gives a pool a name that has none; `None` where its user did.
    pub(super) fn give(pool: &PgPool) -> Option<Self> {
        let options = pool.connect_options();
        let given = options.get_application_name().unwrap_or_default();
        if given.starts_with(PREFIX) {
            // A migrator before this one gave it.
            let (name, unnamed) = (given.to_owned(), AtomicU32::new(0));
            return Some(Self { name, unnamed });
        }
        if !given.is_empty() {
            return None;
        }
        let name = format!("{PREFIX}{}:{:.12}", std::process::id(), unique_id());
        pool.set_connect_options((*options).clone().application_name(&name));
        let unnamed = AtomicU32::new(pool.size());
        Some(Self { name, unnamed })
    }

    /// What gives the name to a connection that was made before, and says nothing to one that has a name of its own.
    fn statement(&self) -> String {
        format!(
            "DO $migrate_name$ BEGIN IF pg_catalog.current_setting('application_name') = '' THEN \
             PERFORM pg_catalog.set_config('application_name', '{}', false); END IF; END $migrate_name$",
            self.name
        )
    }

    /// The same in front of other statements of one text, and not undone with them.
    pub(super) fn in_front(&self) -> String {
        format!("BEGIN; {}; COMMIT; ", self.statement())
    }

    /// Names the connections of the pool that are idle and were made before it had a name. Those in use meanwhile stay
    /// without until the pool replaces them.
    pub(super) async fn name_idle(&self, pool: &PgPool) {
        if self.unnamed.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut idle = Vec::new();
        while let Some(connection) = pool.try_acquire() {
            idle.push(connection);
        }
        let sql = self.statement();
        for connection in &mut idle {
            // One that does not answer is noticed by whoever needs it.
            let _ = super::raw_rows(connection, &sql).await;
        }
        let named = u32::try_from(idle.len()).unwrap_or(u32::MAX);
        let less = |unnamed: u32| Some(unnamed.saturating_sub(named));
        let _ = self
            .unnamed
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    /// One that was made before is taken out of the pool.
    pub(super) fn taken(&self) {
        let less = |unnamed: u32| unnamed.checked_sub(1);
        let _ = self
            .unnamed
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}
