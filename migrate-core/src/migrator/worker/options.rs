//! How workers behave.

use std::sync::Arc;
use std::time::Duration;

use crate::backfill::AnyThrottle;
use crate::monitor::{Monitor, Thresholds};

/// How workers behave; set on the builder.
#[derive(Clone)]
pub struct WorkOptions {
    /// The replica lag above which it pauses, where neither the file nor a setting says.
    pub(crate) soft_lag: Duration,
    /// The replica lag above which it stops.
    pub(crate) hard_lag: Duration,
    /// How long a batch may run.
    pub(crate) batch_timeout: Duration,
    /// How long a part stays a worker's that is not heard of.
    pub(crate) lease: Duration,
    /// How often moved data is looked at again.
    pub(crate) again: Duration,
    /// The application's own measure.
    pub(crate) throttle: Option<Arc<dyn AnyThrottle>>,
    /// How the application does.
    pub(crate) monitor: Option<Arc<dyn Monitor>>,
    /// What of that stops a change.
    pub(crate) thresholds: Thresholds,
}

impl Default for WorkOptions {
    fn default() -> Self {
        Self {
            soft_lag: Duration::from_secs(5),
            hard_lag: Duration::from_secs(30),
            batch_timeout: Duration::from_secs(10),
            lease: Duration::from_secs(30),
            again: Duration::from_secs(3600),
            throttle: None,
            monitor: None,
            thresholds: Thresholds::default(),
        }
    }
}
