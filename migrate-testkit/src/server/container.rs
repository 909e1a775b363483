//! A server in a container, for those who have an engine that runs containers and no server installed.
//!
//! All test processes share one container of an image, also those of later runs: starting one takes seconds. It stays
//! until somebody removes it; databases in it are dropped like those of any server that was there already.

use std::fs::File;
use std::time::{Duration, Instant};

use testcontainers::core::IntoContainerPort as _;
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{GenericImage, ImageExt as _, ReuseDirective};

use super::{Admin as _, Engine};
use crate::error::{Error, IoContext as _};

/// An image may have to be fetched before, for which the engine takes its own time; this is for the server's start.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// How the images of a kind of server are run.
pub(crate) struct Container {
    pub(super) port: u16,
    pub(super) environment: &'static [(&'static str, &'static str)],
    pub(super) command: &'static [&'static str],
    /// The URL of a database that always exists.
    pub(super) address: fn(&str, u16) -> String,
}

/// Starts the container unless it runs, and connects to its server.
pub(super) async fn open<E: Engine>(image: &str) -> Result<(String, E::Admin), Error> {
    let (name, tag) = image.rsplit_once(':').unwrap_or((image, "latest"));
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let called = format!(
        "migrate-testkit-{}-{}",
        E::KIND,
        image.chars().map(plain).collect::<String>()
    );
    // Of many processes that start at once, one makes the container.
    let lock_path = std::env::temp_dir().join(format!("{called}.lock"));
    let lock = File::create(&lock_path).doing("create", &lock_path)?;
    lock.lock().doing("lock", &lock_path)?;
    let mut request = GenericImage::new(name, tag)
        .with_exposed_port(E::CONTAINER.port.tcp())
        .with_container_name(&called)
        .with_reuse(ReuseDirective::Always)
        .with_cmd(E::CONTAINER.command.iter().copied());
    for (variable, value) in E::CONTAINER.environment {
        request = request.with_env_var(*variable, *value);
    }
    let failed = |error| {
        Error::caused(
            format!(
                "{} names the container image {image}, and no container of it could be started. Start an engine \
                 (`docker info` has to answer; DOCKER_HOST names another one), and see whether `docker run {image}` works. \
                 Without an engine, install the server, or name a running one in {}",
                E::IMAGE_VARIABLE,
                E::URL_VARIABLE
            ),
            error,
        )
    };
    let container = request.start().await.map_err(failed)?;
    let host = container.get_host().await.map_err(failed)?.to_string();
    let port = container
        .get_host_port_ipv4(E::CONTAINER.port)
        .await
        .map_err(failed)?;
    let url = (E::CONTAINER.address)(&host, port);
    let started = Instant::now();
    loop {
        match E::Admin::connect(&url).await {
            Ok(admin) => return Ok((url, admin)),
            Err(error) if started.elapsed() > READY_WITHIN => {
                let message = format!(
                    "the server in the container {called} does not answer at {url}; `docker logs {called}` tells more, and \
                     `docker rm -f {called}` lets the next run begin anew"
                );
                return Err(Error::caused(message, error));
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}
