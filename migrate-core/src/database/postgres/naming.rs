//! The name of a pool whose user gave it none.
//!
//! A connection without a name may be of any program, so nothing would tell an instance's own from those of a build that
//! nobody registered. A pool without a name gets one that no other process has; the connection that holds the instance's
//! registration has the same, and so accounts for the others.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_timer::Delay;
use futures_util::future::{Either, select};
use sqlx::PgPool;

use crate::database::sql::live::unique_id;

/// What names begin with that the library gave.
pub(super) const PREFIX: &str = "migrate-core:";

/// How often it is looked for connections that were in use when the pool got its name.
const LOOK: Duration = Duration::from_secs(3);

/// For how long, where the pool does not say how long a connection lives.
const LOOKS: Duration = Duration::from_secs(30 * 60);

/// The name that the library gave a pool.
pub(super) struct OwnName {
    name: String,
    /// How many connections were made before, and may still be without it.
    unnamed: AtomicU32,
    /// Whether somebody looks after those that were in use then.
    watched: AtomicBool,
}

impl OwnName {
    /// Gives a pool a name that has none; `None` where its user did.
    pub(super) fn give(pool: &PgPool) -> Option<Self> {
        let options = pool.connect_options();
        let given = options.get_application_name().unwrap_or_default();
        if given.starts_with(PREFIX) {
            // A migrator before this one gave it.
            return Some(Self::new(given.to_owned(), 0));
        }
        if !given.is_empty() {
            return None;
        }
        let name = format!("{PREFIX}{}:{:.12}", std::process::id(), unique_id());
        pool.set_connect_options((*options).clone().application_name(&name));
        Some(Self::new(name, pool.size()))
    }

    fn new(name: String, unnamed: u32) -> Self {
        Self {
            name,
            unnamed: AtomicU32::new(unnamed),
            watched: AtomicBool::new(false),
        }
    }

    /// What tells the name of a connection that may have been made before, and gives it one where it has none: in front of
    /// other statements of one text, and not undone with them.
    pub(super) fn in_front(&self) -> String {
        format!("BEGIN; {}; COMMIT; ", self.query())
    }

    /// Names the connections of the pool that are idle and were made before it had a name.
    pub(super) async fn name_idle(&self, pool: &PgPool) {
        if self.unnamed.load(Ordering::Relaxed) == 0 {
            return;
        }
        let mut idle = Vec::new();
        while let Some(connection) = pool.try_acquire() {
            idle.push(connection);
        }
        // Where nobody uses any of them, none is left behind this.
        let is_all = idle.len() >= pool.size() as usize;
        let sql = self.query();
        let mut named = 0;
        for connection in &mut idle {
            // One that does not answer is noticed by whoever needs it.
            let before = super::raw_rows(connection, &sql).await.unwrap_or_default();
            let before = before.into_iter().flatten().flatten().next();
            named += u32::from(self.is_of_before(before.as_deref()));
        }
        self.less(if is_all { u32::MAX } else { named });
    }

    /// What tells the name of a connection, and gives it one where it has none.
    fn query(&self) -> String {
        format!(
            "SELECT name, CASE WHEN name = '' THEN pg_catalog.set_config('application_name', '{}', false) END \
             FROM (SELECT pg_catalog.current_setting('application_name') AS name OFFSET 0) s",
            self.name
        )
    }

    /// Looks after the connections that were in use when the others were named, until they are named too, or the pool has
    /// replaced them.
    pub(super) async fn name_the_busy(self: Arc<Self>, pool: PgPool) {
        let until = Instant::now() + pool.options().get_max_lifetime().unwrap_or(LOOKS);
        while self.unnamed.load(Ordering::Relaxed) > 0 && Instant::now() < until {
            let closed = pin!(pool.close_event());
            if let Either::Left(_) = select(closed, Delay::new(LOOK)).await {
                return;
            }
            self.name_idle(&pool).await;
        }
    }

    /// Whether some are to be looked after, and nobody does yet.
    pub(super) fn is_to_be_watched(&self) -> bool {
        self.unnamed.load(Ordering::Relaxed) > 0 && !self.watched.swap(true, Ordering::Relaxed)
    }

    /// One is taken out of the pool that was called so.
    pub(super) fn taken(&self, before: Option<&str>) {
        self.less(u32::from(self.is_of_before(before)));
    }

    /// Whether a connection that was called so was made before the pool had its name.
    fn is_of_before(&self, before: Option<&str>) -> bool {
        before.is_some_and(|before| before != self.name)
    }

    fn less(&self, named: u32) {
        let less = |unnamed: u32| Some(unnamed.saturating_sub(named));
        let _ = self
            .unnamed
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }
}
