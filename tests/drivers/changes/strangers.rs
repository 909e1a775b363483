//! Who is connected without being registered, told apart from the connections of registered instances.

use migrate_core::live::Live;
use migrate_core::{Dialect, Postgres, Set};
use migrate_testkit::{MysqlDatabase, PostgresDatabase};
use sqlx::Connection as _;

use super::*;
use crate::kind::read;

/// Who is told to be there without a name, as `NAME: connections`.
fn others(live: &Live) -> Vec<String> {
    let others = live.others.iter();
    others
        .map(|one| format!("{}: {}", one.name, one.connections))
        .collect()
}

const TIGHT: (&str, &str) = (
    "20260105000000_tight",
    "-- migrate:change tight\n-- migrate:phase contract\n-- migrate:up\n\
     CREATE INDEX people_name ON people (name);\n-- migrate:down\nDROP INDEX people_name;\n",
);

fn postgres(pool: &sqlx::PgPool, files: &[(&str, &str)]) -> MigratorBuilder {
    let set: Set<Postgres> = Set::typed(read(Dialect::Postgres, files)).expect("the dialect fits");
    Migrator::new(pool.clone(), set).settle(Duration::ZERO)
}

/// Waits until it is seen so who lives.
async fn seen(looks: &Migrator, is_so: impl Fn(&Live) -> bool) {
    let mut live = Live::default();
    for _ in 0..400 {
        live = looks.instances().await.expect("the instances");
        if is_so(&live) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it stays so: {live:?}");
}

/// A pool whose user gave it no name, as most are made.
async fn nameless(db: &PostgresDatabase) -> sqlx::PgPool {
    let options = sqlx::postgres::PgPoolOptions::new().max_connections(6);
    options.connect_with(db.options()).await.expect("a pool")
}

/// Takes some connections at once, and gives them back; what is given back is idle a moment later.
async fn warm(pool: &sqlx::PgPool) {
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(pool.acquire().await.expect("a connection"));
    }
    drop(held);
    for _ in 0..2_000 {
        if pool.num_idle() >= pool.size() as usize {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{} of {} are idle", pool.num_idle(), pool.size());
}

#[test]
fn the_connections_of_an_instance_without_a_name_are_known() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.pool().close().await;
        let pool = nameless(&db).await;
        warm(&pool).await;
        let first = postgres(&pool, &[PEOPLE]).build();
        first.run().await.expect("a build");
        warm(&pool).await;
        // Another instance, whose pool was used before as well, looks from a connection of its own.
        let other_pool = nameless(&db).await;
        warm(&other_pool).await;
        let other = postgres(&other_pool, &[PEOPLE, TIGHT]).build();
        other.run().await.expect("a build");
        warm(&other_pool).await;
        for migrator in [&first, &other] {
            let live = migrator.instances().await.expect("the instances");
            assert_eq!(others(&live), [""; 0], "{live:?}");
            assert_eq!(live.instances.len(), 2, "{live:?}");
        }
        // Of its own name is the pool whose user gave it one.
        let name = "SELECT current_setting('application_name')";
        let own: String = sqlx::query_scalar(name)
            .fetch_one(&other_pool)
            .await
            .expect("a name");
        assert!(own.starts_with("migrate-core:"), "{own}");
        let options = db.options().application_name("shop");
        let named = sqlx::PgPool::connect_with(options).await.expect("a pool");
        let _ = postgres(&named, &[PEOPLE]).build();
        let own: String = sqlx::query_scalar(name).fetch_one(&named).await.expect("a name");
        assert_eq!(own, "shop");
    });
}

/// A connection that was in use when the pool got its name is named once it is given back, whoever was named before.
#[test]
fn a_connection_that_was_in_use_is_known_once_it_is_given_back() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.pool().close().await;
        let pool = nameless(&db).await;
        warm(&pool).await;
        let busy = pool.acquire().await.expect("a connection");
        let first = postgres(&pool, &[PEOPLE]).build();
        // Whoever looks before names what is idle then, more than once.
        first.status().await.expect("a status");
        first.status().await.expect("a status");
        first.run().await.expect("a build");
        first.status().await.expect("a status");
        let other = sqlx::PgPool::connect_lazy_with(db.options().application_name("job"));
        let looks = postgres(&other, &[PEOPLE]).build();
        let live = looks.instances().await.expect("the instances");
        assert_eq!(live.others.len(), 1, "{live:?}");
        assert!(
            !live.others[0].named && live.others[0].connections == 1,
            "{live:?}"
        );
        drop(busy);
        seen(&looks, |live| live.others.is_empty()).await;
        // The instance goes with its pool all the same, and its name is looked after no more.
        drop((first, pool));
        seen(&looks, |live| live.instances.is_empty()).await;
    });
}

/// What the pool made behind its name is not taken for one that was made before.
#[test]
fn a_new_connection_does_not_stand_for_one_that_was_in_use() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.pool().close().await;
        let pool = nameless(&db).await;
        let busy = pool.acquire().await.expect("a connection");
        let first = postgres(&pool, &[PEOPLE]).build();
        drop(pool.acquire().await.expect("a connection with a name"));
        for _ in 0..2_000 {
            if pool.num_idle() > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        first.run().await.expect("a build");
        drop(busy);
        let other = sqlx::PgPool::connect_lazy_with(db.options().application_name("job"));
        let looks = postgres(&other, &[PEOPLE]).build();
        seen(&looks, |live| live.others.is_empty()).await;
    });
}

/// An instance goes with its pool also while one of its connections has no name yet.
#[test]
fn a_pool_that_is_dropped_is_not_kept_for_its_name() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.pool().close().await;
        let pool = nameless(&db).await;
        warm(&pool).await;
        let busy = pool.acquire().await.expect("a connection");
        let first = postgres(&pool, &[PEOPLE]).build();
        first.run().await.expect("a build");
        drop((busy, first, pool));
        let other = sqlx::PgPool::connect_lazy_with(db.options().application_name("job"));
        let looks = postgres(&other, &[PEOPLE]).build();
        seen(&looks, |live| live.instances.is_empty() && live.others.is_empty()).await;
    });
}

/// The user, the address and the missing name are those of the registered instance, and nothing says that it is one.
#[test]
fn a_connection_without_a_name_beside_a_registered_instance_is_not_known() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.pool().close().await;
        let pool = nameless(&db).await;
        let before = postgres(&pool, &[PEOPLE]).build();
        before.run().await.expect("a build");
        before.leave().await;
        let first = postgres(&pool, &[PEOPLE, TIGHT]).build();
        first.run().await.expect("a build");
        let stranger = sqlx::PgConnection::connect_with(&db.options())
            .await
            .expect("a connection");
        // A service that has the library, and did not register: its name is nobody's.
        let idle_pool = nameless(&db).await;
        let _idle = postgres(&idle_pool, &[PEOPLE]).build();
        warm(&idle_pool).await;
        let report = first.run_to_completion().await.expect("the job");
        let said = waits(&report);
        assert!(
            said.contains("unknown-applications: connected, and not registered: `user postgres` from ")
                && said.contains("give its pool an `application_name`"),
            "{said}"
        );
        let live = first.instances().await.expect("the instances");
        assert_eq!(live.others.len(), 1, "{live:?}");
        let (name, from) = (live.others[0].name.clone(), live.others[0].from.clone());
        // It may be left aside by its name, and by its name at one address.
        for ignored in [name.clone(), format!("{name} from {from}")] {
            let told = postgres(&pool, &[PEOPLE, TIGHT])
                .ignore_application(ignored)
                .build();
            assert_eq!(closed(&change(&told, "tight").await), [""; 0]);
        }
        let told = postgres(&pool, &[PEOPLE, TIGHT])
            .ignore_application(format!("{name} from 10.9.8.7"))
            .build();
        assert_eq!(closed(&change(&told, "tight").await), ["unknown-applications"]);
        stranger.close().await.expect("an end");
        idle_pool.close().await;
        for _ in 0..100 {
            if first.instances().await.expect("the instances").others.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let report = first.run_to_completion().await.expect("the job");
        assert_eq!(versions(&report), [20260105000000], "{report}");
    });
}

/// An application of the same name counts beside a registered instance, and not without one.
#[test]
fn a_name_counts_where_an_instance_of_it_is_registered() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.pool().close().await;
        let pool = |name: &str| sqlx::PgPool::connect_lazy_with(db.options().application_name(name));
        let (shop, job) = (pool("shop"), pool("job"));
        warm(&shop).await;
        let looks = postgres(&job, &[PEOPLE]).build();
        looks.run_to_completion().await.expect("a job");
        assert_eq!(
            others(&looks.instances().await.expect("the instances")),
            ["shop: 4"]
        );
        let instance = postgres(&shop, &[PEOPLE]).build();
        instance.run().await.expect("a build");
        assert_eq!(others(&looks.instances().await.expect("the instances")), [""; 0]);
    });
}

/// What a job or a command does on another machine is the library's own work, and no application.
#[test]
fn a_session_of_the_library_is_no_application() {
    crate::run(async {
        let db = <PostgresDatabase as Kind>::create().await;
        db.pool().close().await;
        let shop = sqlx::PgPool::connect_lazy_with(db.options().application_name("shop"));
        let job = sqlx::PgPool::connect_lazy_with(db.options().application_name("job"));
        let instance = postgres(&shop, &[PEOPLE]).build();
        instance.run().await.expect("a build");
        let file = (
            "20260102000000_slow",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nSELECT pg_sleep(1);\n",
        );
        let slow = postgres(&job, &[PEOPLE, file]).build();
        let running = tokio::spawn(async move { slow.run_to_completion().await });
        tokio::time::sleep(Duration::from_millis(400)).await;
        let live = instance.instances().await.expect("the instances");
        assert_eq!(others(&live), [""; 0], "{live:?}");
        running.await.expect("no panic").expect("the job");
    });
}

/// There only users and addresses are known.
#[test]
fn the_user_and_the_address_tell_on_mariadb() {
    crate::run(async {
        let db = <MysqlDatabase as Kind>::create().await;
        let set = db.set(&[PEOPLE]);
        let first = Migrator::new(Kind::pool(&db), set).build();
        first.run().await.expect("a build");
        assert_eq!(others(&first.instances().await.expect("the instances")), [""; 0]);
        // Over a socket sqlx does not get past MySQL's check of a password.
        db.execute("CREATE USER IF NOT EXISTS onlooker@'%'").await;
        db.execute("GRANT ALL ON *.* TO onlooker@'%'").await;
        let options = db.options().username("onlooker");
        let reporter = sqlx::MySqlConnection::connect_with(&options)
            .await
            .expect("a connection");
        let live = first.instances().await.expect("the instances");
        assert_eq!(others(&live), ["onlooker: 1"], "{live:?}");
        reporter.close().await.expect("an end");
    });
}

/// An application that was not there when the soak began begins it anew, and the log tells which one.
#[test]
fn an_unknown_application_interrupts_the_soak() {
    crate::run(async {
        let clock = TestClock::default();
        let db: PostgresDatabase = verified(&clock).await;
        let next = builder(&db, &[PEOPLE, EXPAND, FILL, CONTRACT], &clock).build();
        let set: Set<Postgres> = db.set(&[PEOPLE, EXPAND, FILL, CONTRACT]);
        let at = clock.clone();
        let strict = Migrator::new(Kind::pool(&db), set)
            .settle(Duration::ZERO)
            // The testkit's own connection was made before the pool had a name.
            .ignore_application("user postgres")
            .clock(move || at.now())
            .build();
        strict.run_to_completion().await.expect("the job");
        assert_eq!(change(&strict, "nick").await.state, ChangeState::Soaking);
        clock.forward(Duration::from_secs(7200));
        let options = db.options().application_name("report");
        let report = sqlx::PgConnection::connect_with(&options)
            .await
            .expect("a connection");
        strict.run_to_completion().await.expect("the job");
        report.close().await.expect("an end");
        let log = next.events().await.expect("the log");
        let ended: Vec<_> = log
            .iter()
            .filter(|entry| entry.what == Occurrence::InUseEnded)
            .collect();
        assert_eq!(ended.len(), 1, "{log:?}");
        assert_eq!(ended[0].figure("lasted"), Some("2 h 0 min"));
        assert!(
            ended[0]
                .figure("because")
                .is_some_and(|because| because.contains("`report` from ")),
            "{ended:?}"
        );
    });
}
