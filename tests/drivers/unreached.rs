//! A pool that gives no connection: whether nobody answers, or others hold all it has.

use std::time::Duration;

use migrate_core::{Dialect, Migrator, Set};
use sqlx::pool::PoolOptions;

use crate::kind::{Kind, read};

const FILES: [(&str, &str); 1] = [(
    "20260101120000_a",
    "-- migrate:irreversible \"none\"\n-- migrate:up\nCREATE TABLE a (id INTEGER PRIMARY KEY);\n",
)];

/// How long the pools of these tests wait.
const SHORT: Duration = Duration::from_millis(300);

/// What every call of a migrator says that gets no connection.
async fn told(migrator: &Migrator) -> Vec<String> {
    let errors = [
        migrator.run().await.unwrap_err(),
        migrator.run_to_completion().await.unwrap_err(),
        migrator.status().await.unwrap_err(),
        migrator.plan().await.unwrap_err(),
    ];
    let texts = errors.iter().map(|error| {
        assert!(error.is_connection(), "{error}");
        format!("{error:?}")
    });
    texts.collect()
}

macro_rules! where_nobody_listens {
    ($name:ident: $url:literal, $database:ident, $pool:ty) => {
        #[test]
        fn $name() {
            crate::run(async {
                // sqlx tries again while a connection is refused, until the time of the pool is over.
                let pool = <$pool>::new()
                    .acquire_timeout(SHORT)
                    .connect_lazy($url)
                    .unwrap();
                let set = Set::<migrate_core::$database>::typed(read(Dialect::$database, &FILES)).unwrap();
                for text in told(&Migrator::new(pool, set).build()).await {
                    assert!(text.contains("localhost:1 cannot be reached"), "{text}");
                    assert!(
                        text.contains("refused") && !text.contains("timed out"),
                        "{text}"
                    );
                    assert!(!text.contains("scott") && !text.contains("tiger"), "{text}");
                }
            });
        }
    };
}
where_nobody_listens!(nobody_listens_on_postgres: "postgres://scott:tiger@localhost:1/app", Postgres, PoolOptions<sqlx::Postgres>);
where_nobody_listens!(nobody_listens_on_mariadb: "mysql://scott:tiger@localhost:1/app", MariaDb, PoolOptions<sqlx::MySql>);

const REFUSES: &str = "refuses the connection";
/// MySQL asks for a password over RSA where there is no TLS, which sqlx is built without here. Of a user that it does not know
/// it hides that, and asks in the way of some user that it has.
const DENIED: &[(&str, &str)] = if cfg!(feature = "mysql-server") {
    &[
        ("cannot be logged in to", "enable feature `mysql-rsa`"),
        (REFUSES, "Access denied"),
    ]
} else {
    &[(REFUSES, "Access denied")]
};

macro_rules! where_the_server_refuses {
    ($name:ident: $database:ident, $server:literal, [$($options:expr => $told:expr),+]) => {
        #[test]
        fn $name() {
            crate::run(async {
                let db = migrate_testkit::$database::create().await.unwrap();
                $({
                    let options = $options(db.options());
                    // A refusal comes at once, however long the pool would wait; a busy machine needs its time.
                    let pool = PoolOptions::new().acquire_timeout(SHORT * 100).connect_lazy_with(options);
                    let migrator = Migrator::new(pool, db.set(&FILES)).build();
                    for error in [migrator.run().await.unwrap_err(), migrator.status().await.unwrap_err()] {
                        let text = error.to_string();
                        let says = |(what, why): &(&str, &str)| text.contains(&format!(" {what}: ")) && text.contains(why);
                        let told: &[(&str, &str)] = $told;
                        assert!(text.starts_with($server) && told.iter().any(says), "{text}");
                        assert!(!text.contains("reached"), "{text}");
                    }
                })+
            });
        }
    };
}
where_the_server_refuses!(postgres_refuses: PostgresDatabase, "PostgreSQL at ", [
    |options: sqlx::postgres::PgConnectOptions| options.username("nobody2") => &[(REFUSES, "role \"nobody2\" does not exist")],
    |options: sqlx::postgres::PgConnectOptions| options.database("nodb") => &[(REFUSES, "database \"nodb\" does not exist")]
]);
where_the_server_refuses!(mariadb_refuses: MysqlDatabase, "the MySQL or MariaDB server at ", [
    |options: sqlx::mysql::MySqlConnectOptions| options.username("nobody2").password("x") => DENIED,
    |options: sqlx::mysql::MySqlConnectOptions| options.database("nodb") => &[(REFUSES, "Unknown database")]
]);

macro_rules! where_all_are_in_use {
    ($name:ident: $database:ident, $most:literal, $told:literal) => {
        #[test]
        fn $name() {
            crate::run(async {
                let db = migrate_testkit::$database::create().await.unwrap();
                let options = db.pool().connect_options().as_ref().clone();
                let pool = PoolOptions::new()
                    .max_connections($most)
                    .acquire_timeout(SHORT)
                    .connect_with(options)
                    .await
                    .unwrap();
                let mut held = Vec::new();
                for _ in 0..$most {
                    held.push(pool.acquire().await.unwrap());
                }
                let migrator = Migrator::new(pool, db.set(&FILES)).build();
                for text in told(&migrator).await {
                    assert!(
                        text.starts_with($told) && text.contains("none came back"),
                        "{text}"
                    );
                    assert!(text.contains("`max_connections`"), "{text}");
                }
                drop(held);
                migrator.run().await.unwrap();
            });
        }
    };
}
where_all_are_in_use!(all_are_in_use_on_postgres: PostgresDatabase, 2, "all 2 connections of the pool are in use");
where_all_are_in_use!(all_are_in_use_on_sqlite: SqliteDatabase, 1, "the only connection of the pool is in use");
where_all_are_in_use!(all_are_in_use_on_mariadb: MysqlDatabase, 2, "all 2 connections of the pool are in use");
