//! What others do on the same database meanwhile: another set, a server that ends idle connections, a reader.

use std::time::Duration;

use sqlx::Connection;

use crate::database::{Client, Kind, Scratch};
use crate::settings::{rounds, seed};

/// Two sets have a lock each, and make the same tables.
pub(crate) async fn two_sets(kind: Kind) {
    for round in 0..rounds(5, 50) {
        let Some(scratch) = Scratch::create(kind).await else {
            return;
        };
        let schema = (kind == Kind::Postgres && (seed() + round).is_multiple_of(2)).then_some("history");
        let mut runs = tokio::task::JoinSet::new();
        for number in 0..10 {
            let name = if number % 2 == 0 { "one" } else { "two" };
            let client = scratch.client(2).await;
            runs.spawn(async move {
                let text = format!(
                    "-- migrate:up\nCREATE TABLE t_{name} (id int);\nINSERT INTO audit VALUES ('{name}');\n\
                     -- migrate:down\nDROP TABLE t_{name};"
                );
                let mut migrator = client.migrator(client.set_of(name, &[&text]));
                if let Some(schema) = schema {
                    migrator = migrator.schema(schema);
                }
                migrator
                    .build()
                    .run()
                    .await
                    .unwrap_or_else(|error| panic!("{error:?}"));
                client.close().await;
            });
        }
        runs.join_all().await;
        let client = scratch.client(1).await;
        assert_eq!(
            client.texts("SELECT line FROM audit ORDER BY 1").await,
            ["one", "two"]
        );
        client.close().await;
    }
}

/// The server, or a firewall, ended the pool's idle connections.
pub(crate) async fn idle_connections(kind: Kind) {
    let Some(scratch) = Scratch::create(kind).await else {
        return;
    };
    let (looking, working) = (scratch.client(1).await, scratch.client(3).await);
    let migrator = working.migrator(working.set()).build();
    migrator.run().await.unwrap();
    // The run took its connection out of the pool.
    migrator.status().await.unwrap();
    looking.disconnect_others().await;
    migrator.run().await.unwrap_or_else(|error| panic!("{error:?}"));
    looking.disconnect_others().await;
    migrator
        .status()
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    looking.disconnect_others().await;
    migrator.down().await.unwrap_or_else(|error| panic!("{error:?}"));
    working.close().await;
    looking.close().await;
}

/// A reader keeps SQLite from committing for longer than its connection waits.
pub(crate) async fn slow_reader() {
    let Some(scratch) = Scratch::create(Kind::Sqlite).await else {
        return;
    };
    let Scratch::Sqlite(database, _) = &scratch else {
        unreachable!("the kind was SQLite");
    };
    let options = database.options().busy_timeout(Duration::from_millis(20));
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options.clone()).await.unwrap();
    let working = Client::Sqlite(pool, Kind::Sqlite);
    for number in 1..=3 {
        let text = |number: u32| {
            let header = if number == 3 {
                "-- migrate:transaction off\n"
            } else {
                ""
            };
            format!(
                "{header}-- migrate:up\nINSERT INTO audit VALUES ('{number}');\nCREATE TABLE t{number} (id int);\n\
                 -- migrate:down\nDROP TABLE t{number};"
            )
        };
        let texts: Vec<String> = (1..=number).map(text).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let migrator = working.migrator(working.set_of("main", &texts)).build();
        let mut reader = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let read = "BEGIN; SELECT count(*) FROM audit";
        sqlx::raw_sql(read).execute(&mut reader).await.unwrap();
        let run = tokio::spawn(async move { migrator.run().await });
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert!(!run.is_finished(), "SQLite commits while somebody reads");
        reader.close().await.unwrap();
        run.await.unwrap().unwrap_or_else(|error| panic!("{error:?}"));
    }
    let looking = scratch.client(1).await;
    assert_eq!(
        looking.texts("SELECT line FROM audit ORDER BY 1").await,
        ["1", "2", "3"]
    );
    looking.close().await;
    working.close().await;
}

/// A writer is in the way of each write for longer than its connection waits, those outside a transaction too.
pub(crate) async fn busy_writer() {
    let Some(scratch) = Scratch::create(Kind::Sqlite).await else {
        return;
    };
    let Scratch::Sqlite(database, _) = &scratch else {
        unreachable!("the kind was SQLite");
    };
    let options = database.options().busy_timeout(Duration::from_millis(1));
    let pool = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = pool.connect_with(options.clone()).await.unwrap();
    let working = Client::Sqlite(pool, Kind::Sqlite);
    let writes = tokio::spawn(async move {
        let mut writer = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        loop {
            // Whoever else writes is waited for by asking again.
            if sqlx::raw_sql("BEGIN IMMEDIATE")
                .execute(&mut writer)
                .await
                .is_ok()
            {
                tokio::time::sleep(Duration::from_millis(60)).await;
                sqlx::raw_sql("COMMIT").execute(&mut writer).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    });
    let text = "-- migrate:transaction off\n-- migrate:up\nVACUUM;\nINSERT INTO audit VALUES ('1');\nVACUUM;\nVACUUM;\n\
                -- migrate:down\nVACUUM;\nDELETE FROM audit;\nVACUUM;\n";
    let migrator = working.migrator(working.set_of("main", &[text])).build();
    for _ in 0..3 {
        migrator.run().await.unwrap_or_else(|error| panic!("{error:?}"));
        migrator.down().await.unwrap_or_else(|error| panic!("{error:?}"));
    }
    writes.abort();
    let looking = scratch.client(1).await;
    assert_eq!(looking.texts("SELECT line FROM audit").await, [""; 0]);
    looking.close().await;
    working.close().await;
}
