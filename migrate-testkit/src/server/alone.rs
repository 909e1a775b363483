//! A server that belongs to one test.

use std::path::{Path, PathBuf};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::{Place, announce_kept, is_kept, keep};
use crate::error::Error;

/// A running server that nobody else uses. It ends, and its directory with it, about two seconds after this value is
/// dropped or the process has ended.
#[derive(Debug)]
pub(crate) struct Alone {
    url: String,
    run: PathBuf,
    place: Place,
    keep: bool,
}

impl Alone {
    pub(super) fn new(url: String, run: PathBuf, place: Place) -> Result<Self, Error> {
        let keep_it = is_kept();
        if keep_it {
            keep(place.path())?;
        }
        Ok(Self {
            url,
            run,
            place,
            keep: keep_it,
        })
    }

    /// The URL of a database that always exists.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Where its socket and its data are.
    pub(super) fn run(&self) -> &Path {
        &self.run
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        if self.keep {
            announce_kept(&self.url, Some(self.place.path()));
        }
    }
}

/// Starts servers on a thread of their own, as locks and file copies block. Should whoever waits be gone, they end
/// with the answer that nobody takes.
pub(super) async fn start<T: Send + 'static>(
    work: impl FnOnce(&Runtime) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (reply, started) = oneshot::channel();
    std::thread::Builder::new()
        .name("testkit-start".to_owned())
        .spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            let result = runtime
                .map_err(|error| Error::caused("cannot start a runtime", error))
                .and_then(|runtime| work(&runtime));
            drop(reply.send(result));
        })
        .map_err(|error| Error::caused("cannot start a thread", error))?;
    started
        .await
        .map_err(|error| Error::caused("the testkit's thread ended", error))?
}
