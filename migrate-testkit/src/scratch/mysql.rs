use std::str::FromStr;

use sqlx::MySqlPool;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};

use super::{build_failed, connect_failed};
use crate::error::{BoxError, Error};
use crate::server::{Lodging, mysql};

/// A MariaDB or MySQL database of its own for one test, dropped with this value, also when the test panics.
///
/// Character set utf8mb4, time zone UTC; the user is root. Dropping it waits for the server and disconnects
/// whoever still uses the database.
#[derive(Debug)]
pub struct MysqlDatabase {
    // The pool comes first, so that it is closed before the database is dropped.
    pool: MySqlPool,
    url: String,
    options: MySqlConnectOptions,
    _lodging: Lodging,
}

impl MysqlDatabase {
    /// An empty database.
    ///
    /// # Errors
    /// If there is no server and none can be started, or the user left this kind out
    /// ([`Error::is_skipped`]).
    ///
    /// # Cancellation
    /// The database is dropped if this future is.
    pub async fn create() -> Result<Self, Error> {
        let lodging = mysql::server().await?.create(None).await?;
        let url = lodging.url();
        let options = MySqlConnectOptions::from_str(&url).map_err(|error| connect_failed(&url, error))?;
        let pool = MySqlPoolOptions::new().connect_with(options.clone()).await;
        let pool = pool.map_err(|error| connect_failed(&url, error))?;
        Ok(Self {
            pool,
            url,
            options,
            _lodging: lodging,
        })
    }

    /// A database that `build` has filled. These servers cannot copy a database, so `build` runs each time,
    /// and the key is there only to match the other kinds.
    ///
    /// # Errors
    /// As for [`create`](Self::create), and if `build` fails.
    ///
    /// # Cancellation
    /// The database is dropped if this future is.
    pub async fn from_template(
        _key: &str,
        build: impl AsyncFnOnce(MySqlPool) -> Result<(), BoxError>,
    ) -> Result<Self, Error> {
        let database = Self::create().await?;
        build(database.pool.clone()).await.map_err(build_failed)?;
        Ok(database)
    }

    /// The database's URL, which other processes can use as well.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Options for connections of your own.
    pub fn options(&self) -> MySqlConnectOptions {
        self.options.clone()
    }

    /// A pool of connections to the database.
    pub fn pool(&self) -> &MySqlPool {
        &self.pool
    }

    /// Closes the pool once its connections have come back, then drops the database.
    pub async fn close(self) {
        self.pool.close().await;
    }
}
