//! The application's own say in how fast data is moved.

use std::error::Error;
use std::pin::Pin;

/// What a [`Throttle`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Go,
    /// Pause, and go on with small batches, for this reason.
    Pause(String),
    /// Stop until a person resumes it, for this reason.
    Stop(String),
}

/// A measure that only the application has: the latency of its requests, the length of a queue, the lag of a replica
/// that the database does not know.
///
/// ```
/// use migrate_core::backfill::{Throttle, Verdict};
///
/// struct Queue;
///
/// impl Throttle for Queue {
///     async fn look(&self) -> Result<Verdict, Box<dyn std::error::Error + Send + Sync>> {
///         let waiting = 12; // ask the queue
///         Ok(if waiting > 1_000 { Verdict::Pause(format!("{waiting} jobs wait")) } else { Verdict::Go })
///     }
/// }
/// ```
pub trait Throttle: Send + Sync + 'static {
    /// Asked about twice a second while data is moved. An error, and no answer within 10 s, count as [`Verdict::Stop`]:
    /// who cannot see should not drive.
    ///
    /// # Cancellation
    ///
    /// Dropped when it is late, and when the worker is asked to stop.
    fn look(&self) -> impl Future<Output = Result<Verdict, Box<dyn Error + Send + Sync>>> + Send;
}

type Asked<'a> = Pin<Box<dyn Future<Output = Result<Verdict, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// A [`Throttle`] of any type.
pub(crate) trait AnyThrottle: Send + Sync {
    fn ask(&self) -> Asked<'_>;
}

impl<T: Throttle> AnyThrottle for T {
    fn ask(&self) -> Asked<'_> {
        Box::pin(self.look())
    }
}
