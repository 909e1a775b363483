//! The thread that holds a process's connection as administrator, and creates and drops its databases.
//!
//! The connection holds a lock named after the process, which the server frees when the process ends. So
//! the next process knows which databases have lost their owner, on whichever machine that one ran.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};

use super::start::{self, Opened};
use super::{Admin, Engine};
use crate::error::Error;

pub(super) enum Request {
    Create {
        name: String,
        template: Option<String>,
        reply: oneshot::Sender<Result<(), Error>>,
    },
    Drop {
        name: String,
        reply: Sender<Result<(), Error>>,
    },
}

/// What a process knows of the server it shares.
pub(super) struct Address {
    pub(super) admin_url: String,
    pub(super) directory: Option<PathBuf>,
}

pub(super) fn run<E: Engine>(
    owner: &str,
    ready: oneshot::Sender<Result<Address, Error>>,
    inbox: mpsc::UnboundedReceiver<Request>,
) {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(Error::caused("cannot start a runtime", error)))),
    };
    let opened = start::open::<E>(&runtime).and_then(|mut opened| {
        let started = runtime.block_on(move_in(&mut opened.admin, owner));
        started
            .map_err(|error| Error::caused("cannot prepare the test server", error))
            .map(|()| opened)
    });
    // The place's lease keeps the server running until this function, or the process, ends.
    let Opened {
        admin_url,
        mut admin,
        place,
    } = match opened {
        Ok(opened) => opened,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let directory = place.as_ref().map(|place| place.path().to_owned());
    if ready.send(Ok(Address { admin_url, directory })).is_ok() {
        runtime.block_on(serve(&mut admin, inbox));
    }
}

async fn serve<A: Admin>(admin: &mut A, mut inbox: mpsc::UnboundedReceiver<Request>) {
    while let Some(request) = inbox.recv().await {
        match request {
            Request::Create {
                name,
                template,
                reply,
            } => {
                let created = admin.create(&name, template.as_deref()).await;
                let created = created.map_err(|error| failed("create", &name, error));
                if reply.send(created).is_err() {
                    // Whoever asked has been cancelled.
                    let _ = admin.drop(&name).await;
                }
            }
            Request::Drop { name, reply } => {
                let dropped = admin.drop(&name).await;
                let _ = reply.send(dropped.map_err(|error| failed("drop", &name, error)));
            }
        }
    }
}

fn failed(action: &str, name: &str, error: sqlx::Error) -> Error {
    Error::caused(
        format!("cannot {action} database {name}; if the test server is gone, run again"),
        error,
    )
}

/// Takes this process's lock, and drops what processes that are gone have left.
async fn move_in<A: Admin>(admin: &mut A, owner: &str) -> Result<(), sqlx::Error> {
    admin.claim(owner).await?;
    for name in admin.databases().await? {
        let Some((former, _)) = name.rsplit_once('_') else {
            continue;
        };
        if former != owner && admin.claim(former).await? {
            // Another process may be doing the same, and somebody may just be connecting.
            let _ = admin.drop(&name).await;
            admin.release(former).await?;
        }
    }
    Ok(())
}
