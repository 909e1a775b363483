//! Backfills on a primary whose standby is behind. PostgreSQL only: the others do not know of their replicas.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use migrate_core::Postgres;
use migrate_core::backfill::{BackfillSettings, BackfillStatus, Progress, Throttled};
use migrate_testkit::PostgresPair;
use sqlx::AssertSqlSafe;

use super::*;

const SOFT: Duration = Duration::from_millis(300);
/// Longer than any test.
const NEVER: Duration = Duration::from_secs(600);
const ROWS: u32 = 5_000;

/// A worker for a pair, and what it tells.
struct Case {
    pair: PostgresPair,
    migrator: Migrator,
    events: Arc<Mutex<Vec<Event>>>,
}

/// Batches with pauses, so that somebody can step in.
fn slow() -> String {
    FILL.1.replace("batch=100 pause=0ms", "batch=10 pause=200ms")
}

impl Case {
    async fn new(hard: Duration) -> Self {
        let pair: PostgresPair = in_use(ROWS).await;
        pair.catch_up().await.expect("a standby that follows");
        Self::on(pair, hard)
    }

    fn on(pair: PostgresPair, hard: Duration) -> Self {
        let events = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&events);
        let fill = slow();
        let migrator = Migrator::new(pair.pool(), pair.set(&[PEOPLE, EXPAND, (FILL.0, &fill)]))
            .replica_lag(SOFT, hard)
            .observer(move |event: &Event| kept.lock().expect("the events").push(event.clone()))
            .build();
        Self {
            pair,
            migrator,
            events,
        }
    }

    fn progress(&self) -> Vec<Progress> {
        let events = self.events.lock().expect("the events");
        let progress = events.iter().filter_map(|event| match event {
            Event::Progress(progress) => Some(progress.clone()),
            _ => None,
        });
        progress.collect()
    }

    /// Waits until the worker has told that it pauses; how much it had told by then.
    async fn throttled(&self) -> usize {
        let started = Instant::now();
        while started.elapsed() < Duration::from_secs(20) {
            let told = self.progress();
            let paused = told.iter().position(|progress| lag(progress).is_some());
            if let Some(paused) = paused {
                return paused;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the worker does not pause");
    }

    async fn status(&self) -> BackfillStatus {
        let status = self.migrator.backfill(version(FILLED)).await.expect("a status");
        status.expect("a backfill")
    }

    async fn finish(&self) {
        self.migrator
            .run_to_completion()
            .await
            .expect("the data is moved");
        assert_eq!(wrong(&self.pair).await, "0");
    }

    /// Runs until it is held; the reason.
    async fn held(&self) -> String {
        let error = self.migrator.run_to_completion().await.expect_err("it is held");
        assert!(error.is_backfill(), "{error}");
        let status = self.status().await;
        assert_eq!(status.state, BackfillState::Blocked);
        assert!(status.workers.is_empty(), "{:?} hold parts", status.workers);
        let reason = status.reason.expect("a reason");
        assert!(
            error.to_string().contains(&format!("blocked: {reason}")),
            "{error}"
        );
        reason
    }
}

fn lag(progress: &Progress) -> Option<(Duration, Duration)> {
    match progress.throttled {
        Some(Throttled::Lag { lag, limit }) => Some((lag, limit)),
        _ => None,
    }
}

#[test]
fn above_the_soft_limit_it_pauses_until_the_replica_has_caught_up() {
    crate::run(async {
        let case = Case::new(NEVER).await;
        case.pair.pause_replay().await.expect("a pause");
        let script = async {
            let paused = case.throttled().await;
            tokio::time::sleep(Duration::from_millis(1_500)).await;
            let told = case.progress();
            assert!(
                told[paused..].iter().all(|progress| progress.batch == 0),
                "no batch while it pauses: {told:?}"
            );
            let lags: Vec<_> = told.iter().filter_map(lag).collect();
            assert!(lags.len() >= 3, "it looks again and again: {lags:?}");
            assert!(
                lags.iter().all(|(lag, limit)| lag > limit && *limit == SOFT),
                "{lags:?}"
            );
            assert!(lags.is_sorted(), "nothing is replayed, so it grows: {lags:?}");
            assert_eq!(case.status().await.state, BackfillState::Moving);
            case.pair.resume_replay().await.expect("to go on");
            told.len()
        };
        let ((), told) = tokio::join!(case.finish(), script);
        let after = case.progress();
        let first = after[told..].iter().find(|progress| progress.batch > 0);
        let first = first.expect("batches when the replica has caught up");
        assert_eq!(first.batch, 10, "it goes on with a small batch");
        assert!(first.throttled.is_none());
    });
}

#[test]
fn above_the_hard_limit_it_is_blocked_until_somebody_resumes_it() {
    crate::run(async {
        let case = Case::new(Duration::from_secs(1)).await;
        case.pair.pause_replay().await.expect("a pause");
        let reason = case.held().await;
        let figures = reason
            .strip_prefix("a replica is ")
            .and_then(|rest| rest.strip_suffix(" s behind (limit 1.0 s)"));
        let lag: f64 = figures.and_then(|lag| lag.parse().ok()).expect(&reason);
        assert!(lag > 0.9, "{reason}");
        let moved = case.status().await.visited;
        assert!(moved < u64::from(ROWS), "it stopped before the end");

        // Nothing has changed, and it knows at once.
        case.migrator.resume(version(FILLED)).await.expect("to go on");
        case.held().await;
        assert_eq!(case.status().await.visited, moved);

        let log = case.migrator.events().await.expect("the log");
        let fired = log
            .iter()
            .filter(|entry| entry.figure("trigger") == Some("replica-lag"));
        let fired: Vec<_> = fired
            .map(|entry| (entry.figure("lag"), entry.figure("limit")))
            .collect();
        assert_eq!(fired.len(), 2, "each time: {log:?}");
        assert_eq!(fired[0], (Some(&*format!("{lag:.1} s")), Some("1.0 s")));

        case.pair.resume_replay().await.expect("to go on");
        case.pair.catch_up().await.expect("a standby that follows");
        case.migrator.resume(version(FILLED)).await.expect("to go on");
        case.finish().await;
    });
}

#[test]
fn who_may_not_see_the_lag_is_told_what_to_grant() {
    crate::run(async {
        let pair = PostgresPair::create().await.expect("two servers");
        pair.execute("CREATE ROLE app LOGIN; GRANT CREATE ON SCHEMA public TO app")
            .await;
        let app = sqlx::PgPool::connect_with(pair.primary_options().username("app"))
            .await
            .expect("a connection");
        let build = |files: &[(&str, &str)]| {
            let set: migrate_core::Set<Postgres> = pair.set(files);
            Migrator::new(app.clone(), set).build()
        };
        build(&[PEOPLE]).run().await.expect("the first build");
        let mut writer = app.acquire().await.expect("a connection");
        sqlx::raw_sql(AssertSqlSafe(rows(1, 100)))
            .execute(&mut *writer)
            .await
            .expect("rows");
        drop(writer);
        let migrator = build(&[PEOPLE, EXPAND, FILL]);
        let error = migrator.run_to_completion().await.expect_err("it is held");
        assert!(
            error
                .to_string()
                .contains("blocked: the lag of replicas cannot be read: the role needs `GRANT pg_monitor`"),
            "{error}"
        );
        assert_eq!(wrong(&pair).await, "100");
        pair.execute("GRANT pg_monitor TO app").await;
        migrator.resume(version(FILLED)).await.expect("to go on");
        migrator.run_to_completion().await.expect("the data is moved");
        assert_eq!(wrong(&pair).await, "0");
    });
}

#[test]
fn a_standby_that_is_away_does_not_count() {
    crate::run(async {
        let case = Case::new(NEVER).await;
        case.pair.pause_replay().await.expect("a pause");
        let script = async {
            case.throttled().await;
            case.pair.disconnect().await.expect("a standby that is away");
        };
        tokio::join!(case.finish(), script);
        case.pair.resume_replay().await.expect("to go on");
        case.pair.reconnect().await.expect("a standby that is back");
        case.pair.catch_up().await.expect("nothing that it needs is gone");
    });
}

#[test]
fn the_limit_is_changed_while_it_pauses() {
    crate::run(async {
        let case = Case::new(Duration::from_secs(60)).await;
        case.pair.pause_replay().await.expect("a pause");
        let script = async {
            case.throttled().await;
            let patient = BackfillSettings {
                max_lag: Some(NEVER),
                ..BackfillSettings::default()
            };
            let set = case.migrator.configure(version(FILLED), patient).await;
            set.expect("settings");
        };
        tokio::join!(case.finish(), script);
        let behind: bool = sqlx::query_scalar("SELECT replay_lsn < sent_lsn FROM pg_stat_replication")
            .fetch_one(case.pair.primary())
            .await
            .expect("a standby");
        assert!(behind, "it went on although the replica did not");
    });
}

/// A client of the replication protocol that stores the log, as backups do.
struct Receiver(Child);

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn who_only_stores_the_log_is_no_replica() {
    crate::run(async {
        let pair: PostgresPair = in_use(ROWS).await;
        let folder = tempfile::tempdir().expect("a folder");
        let programs = pair
            .value("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
            .await;
        let host = pair
            .value("SELECT current_setting('unix_socket_directories')")
            .await;
        let receiver = Command::new(format!("{programs}/pg_receivewal"))
            .args(["-h", &host, "-U", "postgres", "-D"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .spawn();
        let _receiver = Receiver(receiver.expect("pg_receivewal"));
        let streaming = "SELECT count(*)::text FROM pg_stat_replication \
                         WHERE application_name = 'pg_receivewal' AND state = 'streaming'";
        while pair.value(streaming).await != "1" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let case = Case::on(pair, NEVER);
        case.finish().await;
    });
}
