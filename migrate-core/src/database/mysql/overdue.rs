//! Ends a write for its time where the server does not: `max_execution_time` of MySQL is for what reads only.
//!
//! A connection is made beside for the moment in which it is needed, and `KILL QUERY` said over it. Nothing else is sent
//! before both have an answer, so it is this statement that is meant.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_timer::Delay;
use futures_util::future::{Either, join, select};
use sqlx::Connection as _;
use sqlx::mysql::MySqlConnectOptions;

use super::{beside, raw_rows};

/// What came of a statement, and whether it was ended for its time.
pub(super) struct Ended<T> {
    pub(super) result: T,
    pub(super) overdue: bool,
}

/// Waits for a statement of the connection `id`, and ends it where it runs for longer than `limit`.
pub(super) async fn within<T>(
    limit: Option<Duration>,
    connect: &Arc<MySqlConnectOptions>,
    id: u64,
    statement: impl Future<Output = T>,
) -> Ended<T> {
    let Some(limit) = limit else {
        let (result, overdue) = (statement.await, false);
        return Ended { result, overdue };
    };
    match select(pin!(statement), Delay::new(limit)).await {
        Either::Left((result, _)) => Ended {
            result,
            overdue: false,
        },
        Either::Right(((), running)) => {
            let (result, overdue) = join(running, end(connect, id)).await;
            Ended { result, overdue }
        }
    }
}

/// Ends what runs. Where no other connection can be made, the statement comes to its own end.
async fn end(connect: &MySqlConnectOptions, id: u64) -> bool {
    let Ok(mut other) = beside(connect).await else {
        return false;
    };
    let killed = raw_rows(&mut other, &format!("KILL QUERY {id}")).await.is_ok();
    let _ = other.close().await;
    killed
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use migrate_testkit::{MysqlDatabase, TestDatabase as _};

    use super::super::backend::MysqlBackend;
    use super::*;
    use crate::database::sql::Backend as _;
    use crate::database::{Namespace, SessionOptions};
    use crate::migrator::Silent;

    /// MariaDB stands for MySQL: it has a time of its own, which is not set here.
    #[tokio::test]
    async fn a_write_is_ended_for_its_time_and_the_connection_goes_on() {
        let database = MysqlDatabase::create().await.unwrap();
        database
            .execute("CREATE TABLE rows_of (id INTEGER PRIMARY KEY, n INTEGER NOT NULL)")
            .await
            .unwrap();
        database
            .execute("INSERT INTO rows_of VALUES (1, 1)")
            .await
            .unwrap();
        let connect = Arc::new(database.options());
        let connection = sqlx::MySqlConnection::connect_with(&connect).await.unwrap();
        let namespace = Namespace {
            set: "main".to_owned(),
            prefix: "_migrate_".to_owned(),
            schema: None,
        };
        let options = SessionOptions {
            lock_timeout: Duration::from_secs(1),
            long_lock_timeout: Duration::from_secs(1),
            lock_retry: Duration::from_secs(1),
            statement_timeout: None,
            instance: "it".to_owned(),
            observer: Arc::new(Silent),
        };
        let mut backend = MysqlBackend::open(connection, connect, &namespace, options)
            .await
            .unwrap();
        let slow = "UPDATE rows_of SET n = n + 1 + SLEEP(20)";
        let quick = "UPDATE rows_of SET n = n + 10";
        for _ in 0..3 {
            backend.limit_writes(Some(Duration::from_millis(300)));
            let started = Instant::now();
            let error = backend.execute(slow, &[]).await.expect_err("its time is over");
            assert!(error.is_timeout && !error.is_connection, "{error:?}");
            let elapsed = started.elapsed();
            assert!(
                elapsed >= Duration::from_millis(300) && elapsed < Duration::from_secs(10),
                "{elapsed:?}"
            );
            // What follows is not hit, and what was ended is undone.
            assert_eq!(backend.execute(quick, &[]).await.expect("in time"), 1);
        }
        // A fault of its own stays one.
        let error = backend.execute("INSERT INTO rows_of VALUES (1, 1)", &[]).await;
        assert!(!error.expect_err("it is there").is_timeout);
        backend.limit_writes(None);
        let short = slow.replace("SLEEP(20)", "SLEEP(1)");
        assert_eq!(backend.execute(&short, &[]).await.expect("without end"), 1);
        let rows = backend
            .rows("SELECT CAST(n AS CHAR) FROM rows_of", &[])
            .await
            .unwrap();
        assert_eq!(rows, [[Some("32".to_owned())]]);
        Box::new(backend).close().await.unwrap();
    }
}
