use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};

use super::connect_failed;
use crate::error::Error;
use crate::server::{Alone, postgres};

/// How long the two servers may take to do what they were told.
const DONE_WITHIN: Duration = Duration::from_secs(30);

/// A PostgreSQL primary and a hot standby that streams from it, both for one test alone.
///
/// For what depends on replication: lag, reads on a standby, a standby that goes away. Starting the two takes about a
/// second. They end about two seconds after this value is dropped, or after the process has ended, however that
/// was. They are started from the installed binaries even where `MIGRATE_TESTKIT_POSTGRES_URL` names a server, as
/// they are stopped, paused and reconfigured.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use migrate_testkit::PostgresPair;
///
/// let pair = PostgresPair::create().await?;
/// sqlx::query("CREATE TABLE account (id bigint)").execute(pair.primary()).await?;
/// pair.catch_up().await?;
/// sqlx::query("SELECT id FROM account").fetch_all(pair.standby()).await?;
/// pair.pause_replay().await?;
/// // The standby falls behind from here.
/// pair.resume_replay().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct PostgresPair {
    // The pools come first, so that they are closed before the servers end, and the standby before its primary.
    standby: PgPool,
    primary: PgPool,
    standby_options: PgConnectOptions,
    primary_options: PgConnectOptions,
    /// How the standby finds its primary.
    upstream: String,
    _standby: Alone,
    _primary: Alone,
}

impl PostgresPair {
    /// Starts the two servers, and waits until the standby streams.
    ///
    /// # Errors
    /// If PostgreSQL or its `pg_basebackup` is missing or does not start, or the user left this kind out
    /// ([`Error::is_skipped`]).
    ///
    /// # Cancellation
    /// The servers end if this future is dropped.
    pub async fn create() -> Result<Self, Error> {
        let (primary_server, standby_server) = postgres::pair().await?;
        let (primary_options, primary) = connect(&primary_server).await?;
        let (standby_options, standby) = connect(&standby_server).await?;
        let upstream = sqlx::query_scalar("SELECT current_setting('primary_conninfo')")
            .fetch_one(&standby)
            .await
            .map_err(|error| Error::caused("cannot ask the standby for its primary", error))?;
        let pair = Self {
            standby,
            primary,
            standby_options,
            primary_options,
            upstream,
            _standby: standby_server,
            _primary: primary_server,
        };
        pair.until_connected().await?;
        Ok(pair)
    }

    /// A pool of connections to the primary, as its superuser.
    pub fn primary(&self) -> &PgPool {
        &self.primary
    }

    /// Options for connections of your own to the primary.
    pub fn primary_options(&self) -> PgConnectOptions {
        self.primary_options.clone()
    }

    /// A pool of connections to the standby, which can only read.
    pub fn standby(&self) -> &PgPool {
        &self.standby
    }

    /// Options for connections of your own to the standby.
    pub fn standby_options(&self) -> PgConnectOptions {
        self.standby_options.clone()
    }

    /// Waits until the standby shows what was committed before this call.
    ///
    /// # Errors
    /// If that takes longer than 30 s, as while its replay is paused, or a server cannot be asked.
    pub async fn catch_up(&self) -> Result<(), Error> {
        // A record of its own, since the position right behind the newest one need not be one that replay reaches.
        let position: String = sqlx::query_scalar("SELECT pg_create_restore_point('catch_up')::text")
            .fetch_one(&self.primary)
            .await
            .map_err(|error| Error::caused("cannot mark the end of the primary's log", error))?;
        let reached = format!("SELECT pg_last_wal_replay_lsn() >= '{position}'");
        until("the standby catches up", &self.standby, &reached).await
    }

    /// Stops the replay: the standby goes on receiving, and shows nothing newer.
    ///
    /// # Errors
    /// If the standby does not do so within 30 s.
    pub async fn pause_replay(&self) -> Result<(), Error> {
        run(&self.standby, "SELECT pg_wal_replay_pause()").await?;
        // The function that tells when the request has come into force is there since version 14.
        let version = self.standby.acquire().await.map(|it| it.server_version_num());
        let version = version.map_err(|error| Error::caused("cannot ask the standby", error))?;
        let paused = match version {
            Some(version) if version < 140_000 => "SELECT pg_is_wal_replay_paused()",
            _ => "SELECT pg_get_wal_replay_pause_state() = 'paused'",
        };
        until("the replay pauses", &self.standby, paused).await
    }

    /// Lets the replay go on, and does not wait until the standby has caught up.
    ///
    /// # Errors
    /// If the standby cannot be asked.
    pub async fn resume_replay(&self) -> Result<(), Error> {
        run(&self.standby, "SELECT pg_wal_replay_resume()").await
    }

    /// Cuts the stream, as if the standby were down or out of reach: the primary does not know of it any more. It
    /// still answers queries.
    ///
    /// # Errors
    /// If that is not so within 30 s.
    pub async fn disconnect(&self) -> Result<(), Error> {
        self.stream_from("").await?;
        // While its replay is paused, the standby neither ends its stream by itself nor begins another one.
        let paused = sqlx::query_scalar("SELECT pg_is_wal_replay_paused()")
            .fetch_one(&self.standby)
            .await
            .map_err(|error| Error::caused("cannot ask the standby", error))?;
        if paused {
            run(
                &self.primary,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_replication",
            )
            .await?;
        }
        let gone = "SELECT count(*) = 0 FROM pg_stat_replication";
        until("the standby disconnects", &self.primary, gone).await
    }

    /// Lets the standby stream again after [`disconnect`](Self::disconnect).
    ///
    /// # Errors
    /// If it does not within 30 s, as while its replay is paused.
    pub async fn reconnect(&self) -> Result<(), Error> {
        self.stream_from(&self.upstream).await?;
        self.until_connected().await
    }

    async fn stream_from(&self, upstream: &str) -> Result<(), Error> {
        let quoted = upstream.replace('\'', "''");
        run(
            &self.standby,
            &format!("ALTER SYSTEM SET primary_conninfo = '{quoted}'"),
        )
        .await?;
        run(&self.standby, "SELECT pg_reload_conf()").await
    }

    async fn until_connected(&self) -> Result<(), Error> {
        let there = "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming' AND replay_lsn IS NOT NULL";
        until("the standby streams", &self.primary, there).await
    }
}

async fn connect(server: &Alone) -> Result<(PgConnectOptions, PgPool), Error> {
    let url = server.url();
    let failed = |error| connect_failed(url, error);
    let options = PgConnectOptions::from_str(url).map_err(failed)?;
    let pool = PgPoolOptions::new()
        .connect_with(options.clone())
        .await
        .map_err(failed)?;
    Ok((options, pool))
}

async fn run(pool: &PgPool, sql: &str) -> Result<(), Error> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await;
    done.map(drop)
        .map_err(|error| Error::caused(format!("the server refused `{sql}`"), error))
}

/// Asks until the answer is true.
async fn until(what: &str, pool: &PgPool, question: &str) -> Result<(), Error> {
    let deadline = tokio::time::Instant::now() + DONE_WITHIN;
    loop {
        let answer = sqlx::query_scalar::<_, bool>(AssertSqlSafe(question))
            .fetch_one(pool)
            .await;
        let answer = answer.map_err(|error| Error::caused(format!("cannot see whether {what}"), error))?;
        if answer {
            return Ok(());
        }
        if tokio::time::Instant::now() > deadline {
            return Err(Error::new(format!(
                "waited {} s in vain: {what}",
                DONE_WITHIN.as_secs()
            )));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
