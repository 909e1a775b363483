//! What the expansion of `#[migrate_test]` calls.

use std::fmt::Debug;

use migrate_core::Set;

use crate::database::{TestDatabase, TestKind, migrated};
use crate::error::Error;

/// What a test function may return.
pub trait Outcome {
    /// The error as it is printed, if it is one.
    fn failure(self) -> Option<String>;
}

impl Outcome for () {
    fn failure(self) -> Option<String> {
        None
    }
}

impl<E: Debug> Outcome for Result<(), E> {
    fn failure(self) -> Option<String> {
        self.err()
            .map(|error| format!("the test returned an error: {error:?}"))
    }
}

/// Runs a test on an empty database.
#[track_caller]
pub fn test<D: TestDatabase, O: Outcome>(test: impl AsyncFnOnce(D) -> O) {
    finish(run(D::create, test));
}

/// Runs a test on a database to which the set was applied.
#[track_caller]
pub fn test_migrated<K, D, O>(set: Set<K>, test: impl AsyncFnOnce(D) -> O)
where
    K: TestKind<Database = D>,
    D: TestDatabase,
    O: Outcome,
{
    finish(run(|| migrated(set), test));
}

fn run<D, O: Outcome>(
    create: impl AsyncFnOnce() -> Result<D, Error>,
    test: impl AsyncFnOnce(D) -> O,
) -> Option<String> {
    let failure = block_on(async {
        match create().await {
            Ok(database) => test(database).await.failure(),
            Err(error) if error.is_skipped() => None,
            Err(error) => Some(format!("there is no database for the test: {error:#}")),
        }
    });
    failure.unwrap_or_else(Some)
}

/// Runs a test to its end; an error tells why there is no runtime for it.
pub(crate) fn block_on<T>(test: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => Ok(runtime.block_on(test)),
        Err(error) => Err(format!("the runtime of the test cannot be started: {error}")),
    }
}

/// Panics in the name of the test.
#[track_caller]
pub(crate) fn finish(failure: Option<String>) {
    if let Some(failure) = failure {
        panic!("{failure}");
    }
}
