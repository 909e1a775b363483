//! PostgreSQL: which schema the history is in, whatever the search path becomes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use migrate_core::live::{Liveness, Registered};
use migrate_core::migrator::Event;
use migrate_core::{Error, Migrator};
use migrate_testkit::PostgresDatabase;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

use crate::kind::{Kind, versions};

/// Makes the first schema of the search path, as `CREATE SCHEMA app` does for a role `app`.
const FIRST: (&str, &str) = (
    "20260101000000_first",
    "-- migrate:up\nCREATE SCHEMA app;\nCREATE TABLE public.one (id INTEGER);\n\
     -- migrate:down\nDROP TABLE public.one;\nDROP SCHEMA app;\n",
);
const SECOND: (&str, &str) = (
    "20260102000000_second",
    "-- migrate:up\nCREATE TABLE public.two (id INTEGER);\n-- migrate:down\nDROP TABLE public.two;\n",
);

const PLACES: &str = "SELECT string_agg(nspname, ' ' ORDER BY nspname) FROM pg_class c \
                      JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = '_migrate_history'";

async fn searching(db: &PostgresDatabase, path: &'static str) -> PgPool {
    let options = db.options().options([("search_path", path)]);
    PgPoolOptions::new().connect_with(options).await.expect("a pool")
}

fn migrator(pool: &PgPool, db: &PostgresDatabase, files: &[(&str, &str)]) -> Migrator {
    Migrator::new(pool.clone(), db.set(files)).build()
}

#[test]
fn the_history_stays_where_it_is_when_a_schema_comes_before_it() {
    crate::run(async {
        for liveness in [
            Liveness::default(),
            Liveness::Heartbeat {
                every: Duration::from_millis(100),
                window: Duration::from_secs(5),
            },
        ] {
            let db = <PostgresDatabase as Kind>::create().await;
            let pool = searching(&db, "app,public").await;
            let build = |files: &[(&str, &str)]| {
                Migrator::new(pool.clone(), db.set(files))
                    .liveness(liveness)
                    .build()
            };
            let first = build(&[FIRST]);
            first.run().await.expect("the first release");
            let second = build(&[FIRST, SECOND]);
            let plan = second.plan().await.expect("a plan");
            assert_eq!(plan.steps.len(), 1, "{plan}");
            let status = second.status().await.expect("a status");
            assert!(!status.may_serve, "{status}");
            let report = second.run().await.expect("the second release");
            assert_eq!(versions(&report), [20260102000000], "{report}");
            assert!(second.run().await.expect("a start").applied.is_empty());
            assert!(second.status().await.expect("a status").may_serve);
            let live = second.instances().await.expect("the instances");
            assert_eq!(live.instances.len(), 2, "{live:?}");
            assert!(live.instances.iter().all(|one| one.build.is_some()), "{live:?}");
            assert_eq!(db.value(PLACES).await, "public");
            first.leave().await;
            second.leave().await;
        }
    });
}

#[test]
fn a_history_in_two_schemas_is_told() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let pool = searching(&db, "app,public").await;
        migrator(&pool, &db, &[FIRST]).run().await.expect("a start");
        db.execute("CREATE TABLE app._migrate_sets AS TABLE public._migrate_sets")
            .await;
        db.execute("CREATE TABLE app._migrate_history AS TABLE public._migrate_history")
            .await;
        let told = |error: Error| {
            let text = error.to_string();
            assert!(error.is_history(), "{text}");
            assert!(
                text.contains("in 2 schemas of the search path: app, public")
                    || text.contains("in 2 schemas of the search path: public, app"),
                "{text}"
            );
            assert!(text.contains("--schema"), "{text}");
        };
        for files in [&[FIRST][..], &[FIRST, SECOND]] {
            let build = migrator(&pool, &db, files);
            told(build.run().await.expect_err("two histories"));
            told(build.plan().await.expect_err("two histories"));
            told(build.status().await.expect_err("two histories"));
            told(build.run_to_completion().await.expect_err("two histories"));
        }
        // Which one is right can be said.
        let build = Migrator::new(pool, db.set(&[FIRST, SECOND]))
            .schema("public")
            .build();
        let report = build.run().await.expect("one history");
        assert_eq!(versions(&report), [20260102000000], "{report}");
    });
}

/// Takes the function away: as a built-in one it cannot be made to refuse.
const WITHOUT_XML: &str =
    "ALTER FUNCTION pg_catalog.query_to_xml(text, boolean, boolean, text) RENAME TO no_xml";

#[test]
fn a_server_without_xml_is_asked_otherwise() {
    crate::run(async {
        for path in ["public", "app,public"] {
            let db = <PostgresDatabase as Kind>::create().await;
            db.execute(WITHOUT_XML).await;
            let pool = searching(&db, path).await;
            let first = migrator(&pool, &db, &[FIRST]);
            first.run().await.expect("the first release");
            assert!(first.run().await.expect("a start").applied.is_empty());
            let second = migrator(&pool, &db, &[FIRST, SECOND]);
            let report = second.run().await.expect("the second release");
            assert_eq!(versions(&report), [20260102000000], "{path}: {report}");
            assert_eq!(
                second.instances().await.expect("the instances").instances.len(),
                2,
                "{path}"
            );
            assert!(first.status().await.expect("a status").may_serve);
            first.leave().await;
            second.leave().await;
        }
    });
}

#[test]
fn a_schema_may_be_called_anything() {
    crate::run(async {
        for schema in ["r&d", "<row>", "a/b", "it's", "a\"b"] {
            let db = <PostgresDatabase as Kind>::create().await;
            let name = format!("\"{}\"", schema.replace('"', "\"\""));
            db.execute(&format!("CREATE SCHEMA {name}")).await;
            for path in [name.clone(), format!("{name},public")] {
                let options = db.options().options([("search_path", &*path)]);
                let pool = PgPoolOptions::new().connect_with(options).await.expect("a pool");
                for files in [&[FIRST][..], &[FIRST, SECOND]] {
                    let build = migrator(&pool, &db, files);
                    build.run().await.expect("a release");
                    assert!(build.run().await.expect("a start").applied.is_empty(), "{path}");
                    build.leave().await;
                }
            }
            assert_eq!(db.value(PLACES).await, schema);
        }
    });
}

#[test]
fn a_set_of_another_schema_is_left_alone() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        let shared = |pool: &PgPool| {
            Migrator::new(pool.clone(), db.set(&[SECOND]))
                .set_name("shared")
                .build()
        };
        shared(&searching(&db, "public").await)
            .run()
            .await
            .expect("the shared tables");
        db.execute("CREATE SCHEMA tenant").await;
        let pool = searching(&db, "tenant,public").await;
        let own = (
            "20260101000000_own",
            "-- migrate:up\nCREATE TABLE own (id INTEGER);\n-- migrate:down\nDROP TABLE own;\n",
        );
        let tenant = migrator(&pool, &db, &[own]);
        assert_eq!(versions(&tenant.run().await.expect("a start")), [20260101000000]);
        assert!(tenant.run().await.expect("a start").applied.is_empty());
        assert_eq!(db.value(PLACES).await, "public tenant");
        // Over the tenant's connections the shared set is the one that it was.
        let again = shared(&pool);
        assert!(again.plan().await.expect("a plan").steps.is_empty());
        assert!(again.run().await.expect("a start").applied.is_empty());
        assert!(again.status().await.expect("a status").may_serve);
    });
}

/// What the pool does to its connections is not done to one that is made anew.
#[test]
fn an_instance_registers_again_where_the_pool_sets_the_search_path() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.execute("CREATE SCHEMA tenant").await;
        let pool = PgPoolOptions::new()
            .after_connect(|connection, _| {
                Box::pin(async move {
                    let set = sqlx::raw_sql("SET search_path = tenant");
                    set.execute(connection).await.map(drop)
                })
            })
            .connect_with(db.options())
            .await
            .expect("a pool");
        let own = (
            "20260101000000_own",
            "-- migrate:up\nCREATE TABLE own (id INTEGER);\n-- migrate:down\nDROP TABLE own;\n",
        );
        // One that meets the history, and the one that made it.
        for _ in 0..2 {
            let heard = Arc::new(Mutex::new(Vec::new()));
            let told = Arc::clone(&heard);
            let first = Migrator::new(pool.clone(), db.set(&[own]))
                .observer(move |event: &Event| told.lock().expect("a list").push(event.clone()))
                .build();
            first.run().await.expect("a start");
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            )
            .await;
            let is_again = |event: &Event| matches!(event, Event::RegisteredAgain);
            for turn in 0.. {
                if heard.lock().expect("a list").iter().any(is_again) {
                    break;
                }
                assert!(turn < 400, "{:?}", heard.lock().expect("a list"));
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert_eq!(first.registered(), Registered::Yes);
            let live = first.instances().await.expect("the instances");
            assert_eq!(live.instances.len(), 1, "{live:?}");
            assert!(live.instances[0].build.is_some(), "{live:?}");
            first.leave().await;
        }
    });
}

/// One names the schema, the other has it on its search path: they are instances of one set.
#[test]
fn who_names_the_schema_and_who_searches_it_share_lock_and_register() {
    crate::run(async {
        for (fresh, path) in [(true, "public"), (false, "public"), (false, "app,public")] {
            let db = <PostgresDatabase as Kind>::create().await;
            let pool = searching(&db, path).await;
            if !fresh {
                let before = migrator(&pool, &db, &[FIRST]);
                before.run().await.expect("a start");
                before.leave().await;
            }
            let slow = (
                "20260103000000_slow",
                "-- migrate:irreversible \"x\"\n-- migrate:up\nSELECT pg_sleep(2);\n",
            );
            let files = [FIRST, SECOND, slow];
            let build = |named: bool| {
                let build = Migrator::new(pool.clone(), db.set(&files)).lock_wait(Duration::from_millis(300));
                match named {
                    true => build.schema("public").build(),
                    false => build.build(),
                }
            };
            for named in [true, false] {
                let (first, second) = (build(named), build(!named));
                let running = tokio::spawn({
                    let first = first.clone();
                    async move { first.run().await }
                });
                tokio::time::sleep(Duration::from_millis(700)).await;
                let error = second.run().await.expect_err("the lock is taken");
                assert!(error.is_lock_timeout(), "{path} {named}: {error}");
                running.await.expect("no panic").expect("a run");
                second.run().await.expect("a start");
                for one in [&first, &second] {
                    let live = one.instances().await.expect("the instances");
                    assert_eq!(live.instances.len(), 2, "{path} {named}: {live:?}");
                    assert!(live.instances.iter().all(|one| one.build.is_some()), "{live:?}");
                }
                first.leave().await;
                second.leave().await;
                first.down().await.expect_err("it is irreversible");
                for table in ["_migrate_history", "_migrate_sql"] {
                    db.execute(&format!(
                        "DELETE FROM public.{table} WHERE version = 20260103000000"
                    ))
                    .await;
                }
            }
        }
    });
}
