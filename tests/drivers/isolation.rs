//! Pools of PostgreSQL whose connections ask for more isolation than the default.

use std::time::Duration;

use migrate_core::live::Liveness;
use migrate_core::{Migrator, migrator::MigratorBuilder};
use migrate_testkit::PostgresDatabase;
use sqlx::postgres::PgPoolOptions;

use crate::applying::{EMAIL, USERS};
use crate::backfill::{EXPAND, FILL, PEOPLE, rows, wrong};
use crate::changes::{CONTRACT, approval};
use crate::kind::{Held, Kind, version, versions};

const LEVELS: [&str; 2] = ["repeatable read", "serializable"];

/// A pool of that isolation.
async fn pool(db: &PostgresDatabase, level: &'static str) -> sqlx::PgPool {
    let set = format!("SET default_transaction_isolation = '{level}'");
    let options = PgPoolOptions::new()
        .max_connections(8)
        .after_connect(move |connection, _| {
            let set = set.clone();
            Box::pin(async move {
                let set = sqlx::raw_sql(sqlx::AssertSqlSafe(set));
                set.execute(connection).await.map(drop)
            })
        });
    options.connect_with(db.options()).await.expect("a pool")
}

fn migrator(db: &PostgresDatabase, pool: &sqlx::PgPool, files: &[(&str, &str)]) -> MigratorBuilder {
    Migrator::new(pool.clone(), db.set(files))
        .settle(Duration::ZERO)
        .ignore_application("*")
}

#[test]
fn instances_that_start_together_apply_each_file_once() {
    crate::run(async {
        for level in LEVELS {
            let db = <PostgresDatabase as Kind>::create().await;
            let pool = pool(&db, level).await;
            for files in [&[USERS][..], &[USERS, EMAIL]] {
                let starts = (0..6).map(|_| {
                    let migrator = migrator(&db, &pool, files).build();
                    async move {
                        let report = migrator.run().await;
                        let report = report.unwrap_or_else(|error| panic!("{level}: {error:?}"));
                        migrator.leave().await;
                        report.applied.len()
                    }
                });
                let starts: Vec<_> = starts.map(tokio::spawn).collect();
                let mut applied = 0;
                for start in starts {
                    applied += start.await.expect("a start");
                }
                assert_eq!(applied, 1, "{level}");
            }
        }
    });
}

#[test]
fn a_contract_waits_for_builds_that_live() {
    crate::run(async {
        let heartbeat = Liveness::Heartbeat {
            every: Duration::from_millis(100),
            window: Duration::from_secs(30),
        };
        for (level, liveness) in LEVELS
            .into_iter()
            .flat_map(|level| [(level, Liveness::Session), (level, heartbeat)])
        {
            let db = <PostgresDatabase as Kind>::create().await;
            let pool = pool(&db, level).await;
            let with = |files: &[(&str, &str)]| migrator(&db, &pool, files).liveness(liveness);
            let first = with(&[PEOPLE]).build();
            first.run().await.expect("the first build");
            first.leave().await;
            db.execute(&rows(1, 50)).await;
            let old = with(&[PEOPLE, EXPAND]).build();
            old.run().await.expect("the expand");
            let contract = CONTRACT
                .1
                .replace("-- migrate:up", "-- migrate:soak 0s\n-- migrate:up");
            let new = with(&[PEOPLE, EXPAND, FILL, (CONTRACT.0, &contract)]).build();
            // It registers again and again while others write the same tables.
            let beats = async {
                for _ in 0..20 {
                    new.instances().await.expect("the instances");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            let (moved, ()) = tokio::join!(new.run_to_completion(), beats);
            assert_eq!(
                versions(&moved.expect("the data")),
                [20260103000000],
                "{level} {liveness:?}"
            );
            new.approve("nick", &approval()).await.expect("an approval");
            let report = new.run_to_completion().await.expect("what may be done");
            assert!(report.applied.is_empty(), "{level} {liveness:?}: {report}");
            let live = new.instances().await.expect("the instances");
            assert!(!live.instances.is_empty(), "{live:?}");
            old.leave().await;
            // A connection that is closed is gone a moment later.
            let mut report = new.run_to_completion().await.expect("what may be done");
            for _ in 0..100 {
                if !report.applied.is_empty() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
                report = new.run_to_completion().await.expect("what may be done");
            }
            assert_eq!(
                versions(&report),
                [20260104000000],
                "{level} {liveness:?}: {report}"
            );
            assert!(
                old.run().await.unwrap_err().is_older_build(),
                "{level} {liveness:?}"
            );
        }
    });
}

/// The history is read as it is behind the registration. An instance that waits in the middle of registering must not go
/// by what was there when it began to.
#[test]
fn a_start_sees_what_was_done_before_it_registered() {
    crate::run(async {
        for level in LEVELS {
            let db = <PostgresDatabase as Kind>::create().await;
            migrator(&db, db.pool(), &[USERS])
                .build()
                .run()
                .await
                .expect("a build");
            let pool = pool(&db, level).await;
            let mut held: Held = db
                .hold("LOCK TABLE _migrate_instances IN ACCESS EXCLUSIVE MODE")
                .await;
            let late = migrator(&db, &pool, &[USERS])
                .liveness(Liveness::Heartbeat {
                    every: Duration::from_secs(5),
                    window: Duration::from_secs(30),
                })
                .build();
            let late = tokio::spawn(async move { late.run().await });
            let waits = "SELECT count(*)::text FROM pg_locks WHERE NOT granted";
            while db.value(waits).await == "0" {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            // A contract that nobody waits for any more.
            held.execute(
                "INSERT INTO _migrate_history SELECT set_name, 20260109000000, 1, state, semantic_digest, '20260109000000', \
                 exact_digest, 'contract', 'gone', 'gone', reason, 0, NULL, instance, library, started_at, changed_at \
                 FROM _migrate_history",
            )
            .await;
            held.commit().await;
            let started = late.await.expect("a start");
            assert!(
                started.as_ref().is_err_and(migrate_core::Error::is_older_build),
                "{level}: {started:?}"
            );
        }
    });
}

#[test]
fn workers_move_what_others_write() {
    crate::run(async {
        for level in LEVELS {
            let db = <PostgresDatabase as Kind>::create().await;
            let pool = pool(&db, level).await;
            migrator(&db, &pool, &[PEOPLE])
                .build()
                .run()
                .await
                .expect("the first build");
            db.execute(&rows(1, 2_000)).await;
            migrator(&db, &pool, &[PEOPLE, EXPAND])
                .build()
                .run()
                .await
                .expect("the expand");
            let workers = [0, 1].map(|_| {
                migrator(&db, &pool, &[PEOPLE, EXPAND, FILL])
                    .build()
                    .spawn_worker()
            });
            let looking = migrator(&db, &pool, &[PEOPLE, EXPAND, FILL]).build();
            let mut conflicts = 0;
            let mut verified = false;
            for written in 0..5_000_u32 {
                let id = written * 7 % 2_000 + 1;
                let update = format!(
                    "UPDATE people SET name = 'old {written}' WHERE id IN ({id}, {})",
                    id / 2 + 1
                );
                let done = sqlx::raw_sql(sqlx::AssertSqlSafe(update)).execute(&pool).await;
                match done {
                    Ok(_) => {}
                    Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("40001") => {
                        conflicts += 1
                    }
                    Err(error) => panic!("{level}: {error}"),
                }
                if written.is_multiple_of(20) {
                    let status = looking.backfill(version(20260103000000)).await.expect("a status");
                    verified = status.is_some_and(|status| {
                        status.state == migrate_core::backfill::BackfillState::Verified
                    });
                    if verified {
                        break;
                    }
                }
            }
            for worker in workers {
                worker.shutdown().await.expect("a worker that ended well");
            }
            assert!(verified, "{level}, {conflicts} conflicts");
            assert_eq!(wrong(&db).await, "0", "{level}");
        }
    });
}
