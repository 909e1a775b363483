//! Finding the running server, or starting it.

use std::fs::{self, DirBuilder, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::runtime::Runtime;

use super::place::Place;
use super::{Admin, Alone, Engine, cache, supervisor};
use crate::error::{Error, IoContext};

const READY_WITHIN: Duration = Duration::from_secs(60);
/// Of the 108 bytes of a socket's address on Linux, 104 elsewhere.
const LONGEST_SOCKET: usize = 103;

/// A server that answers, and the administrator's connection to it.
pub(super) struct Opened<A> {
    pub(super) admin_url: String,
    pub(super) admin: A,
    pub(super) place: Option<Place>,
}

pub(super) fn open<E: Engine>(runtime: &Runtime) -> Result<Opened<E::Admin>, Error> {
    match std::env::var(E::URL_VARIABLE) {
        Ok(url) if !url.is_empty() => {
            let admin = runtime
                .block_on(async { tokio::time::timeout(READY_WITHIN, E::Admin::connect(&url)).await })
                .map_err(|error| {
                    Error::caused(format!("no answer from the server in {}", E::URL_VARIABLE), error)
                })?
                .map_err(|error| {
                    Error::caused(
                        format!("cannot connect to the server in {}", E::URL_VARIABLE),
                        error,
                    )
                })?;
            Ok(Opened {
                admin_url: url,
                admin,
                place: None,
            })
        }
        _ => match std::env::var(E::IMAGE_VARIABLE) {
            Ok(image) if !image.is_empty() => open_container::<E>(runtime, &image),
            _ => open_private::<E>(runtime),
        },
    }
}

#[cfg(feature = "testcontainers")]
fn open_container<E: Engine>(runtime: &Runtime, image: &str) -> Result<Opened<E::Admin>, Error> {
    let (admin_url, admin) = runtime.block_on(super::container::open::<E>(image))?;
    Ok(Opened {
        admin_url,
        admin,
        place: None,
    })
}

#[cfg(not(feature = "testcontainers"))]
fn open_container<E: Engine>(_: &Runtime, image: &str) -> Result<Opened<E::Admin>, Error> {
    Err(Error::new(format!(
        "{} names the container image {image}, and migrate-testkit is built without the feature `testcontainers`",
        E::IMAGE_VARIABLE
    )))
}

fn open_private<E: Engine>(runtime: &Runtime) -> Result<Opened<E::Admin>, Error> {
    let engine = E::find()?;
    let place = Place::enter(&format!("{}-{:08x}", E::KIND, key(&engine, true)? as u32))?;
    let _start = place.lock_start()?;
    loop {
        let claim = place.claim()?;
        let is_ours = claim.is_some();
        if let Some(claim) = claim {
            launch(&engine, &place, claim)?;
        }
        let admin_url = E::admin_url(&current_run(&place)?);
        match wait_until_ready::<E>(runtime, &place, &admin_url)? {
            Ok(admin) => {
                return Ok(Opened {
                    admin_url,
                    admin,
                    place: Some(place),
                });
            }
            // The server that was there has just ended; the second time round it is started.
            Err(_) if !is_ours => {}
            Err(error) => return Err(did_not_start(&engine, &place, error)),
        }
    }
}

/// Starts a server that nobody else uses, in the first place that is free. The places are numbered, so that the
/// next run finds and clears what was left if even the processes that watch over a place were killed.
pub(super) fn open_alone<E: Engine>(runtime: &Runtime, engine: &E, name: &str) -> Result<Alone, Error> {
    let mut number = 1;
    let (place, claim) = loop {
        let place = Place::enter(&format!("{name}-{number}"))?;
        if let Some(claim) = place.claim()? {
            break (place, claim);
        }
        number += 1;
    };
    let run = launch(engine, &place, claim)?;
    let url = E::admin_url(&run);
    match wait_until_ready::<E>(runtime, &place, &url)? {
        Ok(_admin) => Alone::new(url, run, place),
        Err(error) => Err(did_not_start(engine, &place, error)),
    }
}

/// Starts the server of a place whose supervisor's lock, `claim`, the caller holds.
fn launch<E: Engine>(engine: &E, place: &Place, claim: File) -> Result<PathBuf, Error> {
    let life = supervisor::start_reaper(place)?;
    place.clear()?;
    let run = prepare(engine, place)?;
    supervisor::start(place, claim, life, Some(&engine.command(&run)))?;
    Ok(run)
}

fn did_not_start<E: Engine>(engine: &E, place: &Place, error: sqlx::Error) -> Error {
    let program = engine.binary().display();
    let log = supervisor::log_tail(place.path());
    Error::caused(format!("{program} did not start; its log ends:\n{log}\n"), error)
}

/// The inner error is for a server that has ended.
fn wait_until_ready<E: Engine>(
    runtime: &Runtime,
    place: &Place,
    admin_url: &str,
) -> Result<Result<E::Admin, sqlx::Error>, Error> {
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        match runtime.block_on(E::Admin::connect(admin_url)) {
            Ok(admin) => return Ok(Ok(admin)),
            Err(error) if place.claim()?.is_some() => return Ok(Err(error)),
            Err(error) if Instant::now() > deadline => {
                let log = supervisor::log_tail(place.path());
                let message =
                    format!("no answer from the test server at {admin_url}; its log ends:\n{log}\n");
                return Err(Error::caused(message, error));
            }
            Err(_) => thread::sleep(Duration::from_millis(3)),
        }
    }
}

/// A fresh directory for socket and data. It has a name of its own, so that a server that is just dying
/// removes its own socket and not its successor's.
fn prepare<E: Engine>(engine: &E, place: &Place) -> Result<PathBuf, Error> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let name = format!("r{:07x}", now.as_micros() & 0xfff_ffff);
    let run = place.path().join(&name);
    let socket = E::socket(&run);
    if socket.as_os_str().len() > LONGEST_SOCKET {
        let message = format!(
            "the socket's path {} is too long; name a shorter directory in MIGRATE_TESTKIT_DIR",
            socket.display()
        );
        return Err(Error::new(message));
    }
    DirBuilder::new().mode(0o700).create(&run).doing("create", &run)?;
    if let Some(account) = engine.account() {
        chown(&run, Some(account.uid), Some(account.gid)).doing("hand over", &run)?;
    }
    let data = run.join("data");
    if engine.is_cached() {
        cache::fill(E::KIND, key(engine, false)?, &data, engine.account(), |data| {
            engine.initialise(data)
        })?;
    } else {
        cache::run(engine.initialise(&data), &data, engine.account())?;
    }
    let current = current_file(place);
    fs::write(&current, name).doing("write", &current)?;
    Ok(run)
}

fn current_run(place: &Place) -> Result<PathBuf, Error> {
    let current = current_file(place);
    Ok(place
        .path()
        .join(fs::read_to_string(&current).doing("read", &current)?))
}

fn current_file(place: &Place) -> PathBuf {
    place.path().join("current")
}

/// Tells apart what must not share an initialised directory or, with `running`, a server: another program,
/// also after an upgrade in place, other flags, another release of this crate.
fn key<E: Engine>(engine: &E, running: bool) -> Result<u64, Error> {
    let mut hasher = DefaultHasher::new();
    let binary = engine.binary();
    let found = fs::metadata(binary).doing("read", binary)?;
    (
        env!("CARGO_PKG_VERSION"),
        binary,
        found.len(),
        found.mtime(),
        found.mtime_nsec(),
    )
        .hash(&mut hasher);
    let nowhere = Path::new("");
    arguments(&engine.initialise(nowhere)).hash(&mut hasher);
    if running {
        engine.command(nowhere).arguments.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn arguments(command: &Command) -> Vec<&std::ffi::OsStr> {
    command.get_args().collect()
}

/// A directory that is removed when the last test process has ended, like a server's, but without one.
pub(crate) fn open_directory(kind: &str) -> Result<Place, Error> {
    let place = Place::enter(kind)?;
    let start = place.lock_start()?;
    if let Some(claim) = place.claim()? {
        let life = supervisor::start_reaper(&place)?;
        place.clear()?;
        supervisor::start(&place, claim, life, None)?;
    }
    drop(start);
    Ok(place)
}
