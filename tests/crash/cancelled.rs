//! A run that ends early inside a living process: its future is dropped in a long statement, an observer panics, a
//! statement is refused. Nothing of it stays behind at the server, and the next run works.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::Duration;

use migrate_core::migrator::{Event, Observer};
use sqlx::sqlite::SqlitePoolOptions;

use crate::database::{Client, Kind, SOON, Scratch};
use crate::settings::{Random, Repeat, rounds, seed};
use crate::snapshot::Snapshot;

/// A statement that lasts as long as the table `nap` says, and writes one line.
fn nap(kind: Kind, line: &str) -> String {
    match kind {
        Kind::Postgres => {
            format!("INSERT INTO audit SELECT '{line}' FROM nap, LATERAL pg_sleep(nap.length)")
        }
        Kind::Mysql => format!("INSERT INTO audit SELECT CONCAT('{line}', LEFT(SLEEP(length), 0)) FROM nap"),
        Kind::Sqlite | Kind::SqliteAtOnce => format!(
            "INSERT INTO audit WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
             WHERE i < (SELECT length * 1000000000 FROM nap)) SELECT '{line}' FROM n WHERE i > 0 \
             GROUP BY 1 HAVING count(*) > 0"
        ),
    }
}

/// Drops the future in the middle of a statement that would take an hour.
pub(crate) async fn long_statement(kind: Kind) {
    let Some(scratch) = Scratch::create(kind).await else {
        return;
    };
    let looking = scratch.client(2).await;
    looking.execute("CREATE TABLE nap (length int)").await;
    looking.execute("INSERT INTO nap VALUES (3600)").await;
    let one = format!(
        "-- migrate:up\n{};\n-- migrate:down\nDELETE FROM audit;",
        nap(kind, "one")
    );
    let off = format!(
        "-- migrate:transaction off\n-- migrate:up\nINSERT INTO audit VALUES ('before');\n{};\n\
         -- migrate:down\nDELETE FROM audit;",
        nap(kind, "off")
    );
    let mut texts = vec![one.as_str(), off.as_str()];
    let index = "-- migrate:up\nCREATE INDEX CONCURRENTLY audit_slow ON audit (slow(line));\n\
                 -- migrate:down\nDROP INDEX CONCURRENTLY audit_slow;";
    if kind == Kind::Postgres {
        texts.push(index);
        looking
            .execute(
                "CREATE FUNCTION slow(line text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ \
                 BEGIN PERFORM pg_sleep(length) FROM public.nap; RETURN line; END $$",
            )
            .await;
    }
    let working = scratch.client(1).await;
    for count in 1..=texts.len() {
        let set = working.set_of("main", &texts[..count]);
        looking.execute("UPDATE nap SET length = 3600").await;
        let migrator = working.migrator(set.clone()).build();
        let run = tokio::spawn(async move { migrator.run().await });
        wait_until_napping(&looking).await;
        run.abort();
        assert!(run.await.unwrap_err().is_cancelled());
        looking.wait_until_quiet().await;
        looking.execute("UPDATE nap SET length = 0").await;
        let report = working.migrator(set).build().run().await.unwrap();
        assert_eq!(report.applied.len(), 1, "{report}");
    }
    let lines = looking.texts("SELECT line FROM audit ORDER BY 1").await;
    assert_eq!(lines, ["before", "off", "one"]);
    let snapshot = Snapshot::take(&looking).await;
    snapshot.check_valid();
    working.close().await;
    looking.close().await;
}

/// Until a statement runs, and has run for a moment.
async fn wait_until_napping(looking: &Client) {
    let deadline = tokio::time::Instant::now() + SOON;
    for _ in 0..5 {
        while looking.busy().await == 0 {
            assert!(tokio::time::Instant::now() < deadline, "the run does not begin");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Panics at one event.
struct Panics(AtomicI64);

impl Observer for Panics {
    fn event(&self, event: &Event) {
        assert!(
            self.0.fetch_sub(1, Ordering::SeqCst) != 0,
            "the observer panics at: {event}"
        );
    }
}

pub(crate) async fn panicking_observer(kind: Kind) {
    let Some(reference) = Scratch::create(kind).await else {
        return;
    };
    let client = reference.client(2).await;
    let events = Arc::new(AtomicI64::new(0));
    let counter = Arc::clone(&events);
    let count = move |_: &Event| {
        counter.fetch_add(1, Ordering::SeqCst);
    };
    client
        .migrator(client.set())
        .observer(count)
        .build()
        .run()
        .await
        .unwrap();
    let expected = Snapshot::take(&client).await;
    client.close().await;
    let scratch = Scratch::create(kind).await.unwrap();
    let (looking, working) = (scratch.client(2).await, scratch.client(1).await);
    // Every run comes a little further than the one before.
    for step in (0..events.load(Ordering::SeqCst)).step_by(9) {
        let observer = Panics(AtomicI64::new(step % 11));
        let migrator = working.migrator(working.set()).observer(observer).build();
        match tokio::spawn(async move { migrator.run().await }).await {
            Ok(result) => drop(result.unwrap()),
            Err(error) => assert!(error.is_panic()),
        }
        looking.wait_until_quiet().await;
    }
    working.migrator(working.set()).build().run().await.unwrap();
    expected.check(&Snapshot::take(&looking).await);
    working.close().await;
    looking.close().await;
}

/// A statement is refused in a file that is one transaction, and in one that is not.
pub(crate) async fn refused_statement(kind: Kind) {
    let Some(scratch) = Scratch::create(kind).await else {
        return;
    };
    let (looking, working) = (scratch.client(2).await, scratch.client(1).await);
    looking.execute("CREATE TABLE gate (id int PRIMARY KEY)").await;
    let file = |number: u32, header: &str| {
        format!(
            "{header}-- migrate:up\nINSERT INTO audit VALUES ('{number} a');\nCREATE TABLE t{number} (id int);\n\
             INSERT INTO gate VALUES ({number});\nINSERT INTO audit VALUES ('{number} b');\n\
             -- migrate:down\nDROP TABLE t{number};"
        )
    };
    let texts = [file(1, ""), file(2, "-- migrate:transaction off\n"), file(3, "")];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let set = working.set_of("main", &texts);
    let migrator = working.migrator(set).build();
    for number in 1..=3 {
        looking
            .execute(&format!("INSERT INTO gate VALUES ({number})"))
            .await;
    }
    for number in 1..=3 {
        let error = migrator.run().await.unwrap_err();
        assert!(error.is_statement(), "{error:?}");
        assert_eq!(
            error.version().map(|version| version.0 % 10),
            Some(number),
            "{error:?}"
        );
        looking.wait_until_quiet().await;
        looking
            .execute(&format!("DELETE FROM gate WHERE id = {number}"))
            .await;
    }
    migrator.run().await.unwrap();
    let lines = looking.texts("SELECT line FROM audit ORDER BY 1").await;
    assert_eq!(lines, ["1 a", "1 b", "2 a", "2 b", "3 a", "3 b"]);
    working.close().await;
    looking.close().await;
}

/// Lets a future take some steps, then drops it.
async fn polled<F: Future>(future: F, mut steps: u64) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(move |context| {
        if steps == 0 {
            return Poll::Ready(None);
        }
        steps -= 1;
        let poll = future.as_mut().poll(context).map(Some);
        if steps == 0 {
            context.waker().wake_by_ref();
        }
        poll
    })
    .await
}

/// A database in memory ends with its only connection.
pub(crate) async fn in_memory(test: &'static str) {
    for round in 0..rounds(20, 200) {
        let _repeat = Repeat {
            test,
            seed: seed() + round,
        };
        let mut random = Random::new(seed() + round);
        let options = SqlitePoolOptions::new().max_connections(1);
        let pool = options.connect("sqlite::memory:").await.unwrap();
        let at_once = random.below(2) == 0;
        let client = Client::Sqlite(pool, if at_once { Kind::SqliteAtOnce } else { Kind::Sqlite });
        client.execute("CREATE TABLE audit (line text)").await;
        client.execute("INSERT INTO audit VALUES ('kept')").await;
        let set = client.set();
        for _ in 0..3 {
            let migrator = client.migrator(set.clone()).build();
            let delay = Duration::from_millis(500).mul_f64(random.fraction());
            let finished = if random.below(2) == 0 {
                tokio::time::timeout(delay, migrator.run()).await.ok()
            } else {
                // The first steps are short, so they are counted.
                polled(migrator.run(), random.below(40)).await
            };
            finished.map(Result::unwrap);
            let kept = client.texts("SELECT line FROM audit WHERE line = 'kept'").await;
            assert_eq!(kept, ["kept"]);
            assert_eq!(
                client
                    .texts("SELECT CAST(foreign_keys AS text) FROM pragma_foreign_keys")
                    .await,
                ["1"]
            );
            client.execute("BEGIN; ROLLBACK").await;
        }
        client.migrator(set).build().run().await.unwrap();
        let lines = client.texts("SELECT line FROM audit").await;
        let mut unique = lines.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), lines.len(), "{lines:?}");
        client.close().await;
    }
}

/// The future is dropped while SQLite waits for another writer, so nobody knows whether the BEGIN took effect.
pub(crate) async fn waiting_for_writer(test: &'static str) {
    for round in 0..rounds(6, 40) {
        let _repeat = Repeat {
            test,
            seed: seed() + round,
        };
        let mut random = Random::new(seed() + round);
        let Some(scratch) = Scratch::create(Kind::Sqlite).await else {
            return;
        };
        let (writing, working) = (scratch.client(1).await, scratch.client(1).await);
        writing.execute("BEGIN IMMEDIATE").await;
        let migrator = working.migrator(working.set()).build();
        let delay = Duration::from_millis(100 + random.below(300));
        assert!(tokio::time::timeout(delay, migrator.run()).await.is_err());
        tokio::time::sleep(Duration::from_millis(random.below(50))).await;
        writing.execute("ROLLBACK").await;
        // Waits for the connection of the run that was dropped.
        working.execute("BEGIN; ROLLBACK").await;
        writing.wait_until_quiet().await;
        migrator.run().await.unwrap();
        working.close().await;
        writing.close().await;
    }
}
