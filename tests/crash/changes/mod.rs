//! A change through its whole life while three builds of an application run at once: started, killed, stopped and let go
//! on, with connections that the server ends. No statement of a build is ever refused that was told that it may serve;
//! what is too old is refused at its start; and once the old builds are gone, the change comes to its end.

mod builds;
mod instance;
mod yard;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use migrate_core::change::ChangeState;
use tokio::sync::RwLock;

use self::builds::{Build, CONTRACT};
use self::instance::{Role, Task, ending};
use self::yard::{Stage, Yard};
use crate::backfill::{Tally, disconnect_one, pause};
use crate::child;
use crate::database::{Client, Kind, SOON, Scratch};
use crate::settings::{Random, Repeat, rounds, seed, tell};

pub(crate) use self::instance::serve;

/// How many instances there are on a server, and on a file that one writes at a time.
const INSTANCES: (u64, u64) = (20, 6);

/// How long a change that could move may stay where it is. All places go on starting processes meanwhile, on a machine that
/// may be busy.
const LONGEST: Duration = Duration::from_secs(300);

pub(crate) async fn check(test: &'static str, kind: Kind) {
    let (started, rounds, tally) = (Instant::now(), rounds(2, 200), Arc::new(Tally::default()));
    for round in 0..rounds {
        let seed = seed() + round;
        let _repeat = Repeat { test, seed };
        let Some(scratch) = Scratch::create(kind).await else {
            return;
        };
        let told = one_round(&scratch, seed, &tally).await;
        eprintln!("{test}: seed {seed}: {told}");
    }
    eprintln!(
        "{test}: {rounds} rounds from seed {} on, in {:.1?}: {}",
        self::seed(),
        started.elapsed(),
        tally.told()
    );
}

/// The address for the instances, and the one for the test: applications are known by their names where there are any.
fn urls(scratch: &Scratch) -> (String, String) {
    let named = |name: &str| match scratch.kind() {
        Kind::Postgres => format!("{}&application_name={name}", scratch.url()),
        _ => scratch.url().to_owned(),
    };
    (named("shop"), named("test"))
}

/// The application before the change, with data.
async fn prepare(client: &Client, is_strict: bool) {
    let role = Role {
        build: Build::Old,
        is_strict,
        task: Task::Job,
        number: 0,
        settle_ms: 0,
        window_ms: 0,
    };
    let first = role.migrator(client);
    first.run().await.unwrap();
    first.leave().await;
    let rows: Vec<String> = (0..200).map(|id| format!("({id}, 'v{id}')")).collect();
    let insert = format!("INSERT INTO people (id, name) VALUES {}", rows.join(", "));
    client.execute(&insert).await;
}

/// Whether the contract is applied. A connection that was ended says nothing of it.
async fn is_contracted(client: &Client) -> bool {
    let applied =
        format!("SELECT state FROM _migrate_history WHERE version = {CONTRACT} AND state = 'applied'");
    matches!(client.first(&applied).await, Ok(Some(_)))
}

async fn one_round(scratch: &Scratch, seed: u64, tally: &Arc<Tally>) -> String {
    let started = Instant::now();
    let mut random = Random::new(seed);
    let kind = scratch.kind();
    let (url, own_url) = urls(scratch);
    let client = Client::connect(kind, &own_url, 3).await;
    let is_strict = random.below(2) == 0;
    let is_disconnected = kind != Kind::Sqlite && random.below(2) == 0;
    // What is seen by its lock alone need not be seen for long; a connection that broke has to be made again meanwhile.
    let settle_ms = match is_disconnected {
        true => 3_000,
        false => [0, 400][random.below(2) as usize],
    };
    prepare(&client, is_strict).await;
    let yard = Arc::new(Yard {
        kind,
        url,
        is_strict,
        settle_ms,
        stage: AtomicU8::new(0),
        done: AtomicBool::new(false),
        next: AtomicU64::new(1),
        stopping: RwLock::new(()),
        tally: Arc::clone(tally),
    });
    let places = if kind == Kind::Sqlite {
        INSTANCES.1
    } else {
        INSTANCES.0
    };
    let mut living = tokio::task::JoinSet::new();
    for place in 0..places {
        let yard = Arc::clone(&yard);
        living.spawn(async move { yard.keep_one(Random::new(seed * 1_000 + place)).await });
    }
    let disturbing = is_disconnected.then(|| {
        let (yard, client) = (Arc::clone(&yard), client.clone());
        let random = Random::new(seed * 3_000);
        tokio::spawn(async move { disconnect(&yard, &client, random).await })
    });
    let mixed = Duration::from_millis(1_000 + random.below(3_000));
    let chaos = mixed + Duration::from_millis(settle_ms + 2_500 + random.below(2_500));
    let mut at = String::new();
    while started.elapsed() < chaos {
        pause(&mut random, 50, 50).await;
        if started.elapsed() > mixed {
            yard.enter(Stage::Quiet);
        }
        if yard.stage() != Stage::Contracted && is_contracted(&client).await {
            yard.enter(Stage::Contracted);
            at = "during the chaos".to_owned();
        }
        if let Some(ended) = living.try_join_next() {
            fail(ended.expect("a place"));
        }
    }
    yard.enter(Stage::Calm);
    tell("calm");
    if let Some(disturbing) = disturbing {
        disturbing.await.unwrap();
    }
    let last = Role {
        build: Build::New,
        is_strict,
        task: Task::Job,
        number: 0,
        settle_ms,
        window_ms: 0,
    };
    let migrator = last.migrator(&client);
    let calm = Instant::now();
    while !is_contracted(&client).await {
        if let Some(ended) = living.try_join_next() {
            fail(ended.expect("a place"));
        }
        if calm.elapsed() > LONGEST {
            let changes = migrator.changes().await.unwrap();
            let instances = migrator.instances().await.unwrap();
            panic!("it could move, and does not: {changes:#?} {instances:#?}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    if yard.stage() == Stage::Calm {
        yard.enter(Stage::Contracted);
        at = format!("{:.1?} behind it", calm.elapsed());
        pause(&mut random, 1_000, 1_000).await;
        tally.count("contracts behind the chaos");
    } else {
        tally.count("contracts during the chaos");
    }
    yard.done.store(true, Ordering::SeqCst);
    while let Some(ended) = living.join_next().await {
        fail(ended.expect("a place"));
    }
    check_end(&client, &migrator, is_strict).await;
    client.close().await;
    let strict = if is_strict { "strict" } else { "lenient" };
    let connections = if is_disconnected {
        ", connections ended"
    } else {
        ""
    };
    format!(
        "{strict}{connections}, settle time {settle_ms} ms, contracted {at}, {:.1?}",
        started.elapsed()
    )
}

fn fail(ended: Result<(), String>) {
    if let Err(error) = ended {
        panic!("{error}");
    }
}

/// Ends connections at the server. Processes are not stopped meanwhile, nor until they had time to connect again.
async fn disconnect(yard: &Yard, client: &Client, mut random: Random) {
    while yard.stage() < Stage::Calm {
        pause(&mut random, 200, 1_200).await;
        let _held = yard.stopping.write().await;
        for _ in 0..1 + random.below(8) {
            if disconnect_one(client, "people", &mut random).await {
                yard.tally.count("connections ended");
            }
        }
        tokio::time::sleep(Duration::from_millis(1_000)).await;
    }
}

async fn check_end(client: &Client, migrator: &migrate_core::Migrator, is_strict: bool) {
    migrator.run_to_completion().await.unwrap();
    let changes = migrator.changes().await.unwrap();
    let change = changes.iter().find(|change| change.name == "nick").unwrap();
    assert_eq!(change.state, ChangeState::Contracted, "{change:?}");
    let wrong = "SELECT nick FROM people WHERE nick IS NULL";
    assert_eq!(client.texts(wrong).await, Vec::<String>::new());
    assert!(
        !client.try_execute("SELECT name FROM people").await,
        "the old column is there"
    );
    let old = Role {
        build: if is_strict { Build::Middle } else { Build::Old },
        is_strict,
        task: Task::Serve,
        number: 0,
        settle_ms: 0,
        window_ms: 0,
    };
    let error = old.migrator(client).run().await.unwrap_err();
    assert!(error.is_older_build(), "{error:?}");
}

/// The weaker mode: who is stopped for less than its window counts as there, who is for longer does not, and learns so.
pub(crate) async fn heartbeat(kind: Kind) {
    const WINDOW: Duration = Duration::from_secs(4);
    let Some(scratch) = Scratch::create(kind).await else {
        return;
    };
    let (url, own_url) = urls(&scratch);
    let client = Client::connect(kind, &own_url, 3).await;
    prepare(&client, true).await;
    let role = |build, task, number| Role {
        build,
        is_strict: true,
        task,
        number,
        settle_ms: 400,
        window_ms: WINDOW.as_millis() as u64,
    };
    let first = role(Build::Middle, Task::Job, 0).migrator(&client);
    first.run_to_completion().await.unwrap();
    let job = role(Build::New, Task::Job, 0).migrator(&client);
    let start = |role: Role| child::start_instance(kind, &url, &role.encode());
    let mut serving = start(role(Build::Middle, Task::Serve, 1));
    let mut idle = start(role(Build::Middle, Task::Idle, 2));
    let registered = async |count: usize| {
        let deadline = Instant::now() + SOON;
        while job.instances().await.unwrap().instances.len() != count {
            assert!(Instant::now() < deadline, "there are not {count} instances");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    registered(2).await;
    let signal = async |signal: &str, child: &tokio::process::Child| {
        let process = child.id().expect("a process").to_string();
        let sent = tokio::process::Command::new("kill")
            .args([signal, &process])
            .status()
            .await;
        assert!(sent.unwrap().success());
    };
    for _ in 0..2 {
        for child in [&serving, &idle] {
            signal("-STOP", child).await;
        }
        job.run_to_completion().await.unwrap();
        assert!(!is_contracted(&client).await, "it is within its window");
        for child in [&serving, &idle] {
            signal("-CONT", child).await;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    drop(serving.stdin.take());
    let (status, said) = child::outcome(serving).await;
    assert_eq!(status.code(), Some(ending::ASKED), "{said}");
    signal("-STOP", &idle).await;
    let deadline = Instant::now() + SOON;
    while !is_contracted(&client).await {
        assert!(
            Instant::now() < deadline,
            "it counts as there for longer than its window"
        );
        job.run_to_completion().await.unwrap();
    }
    signal("-CONT", &idle).await;
    // By itself: it is not asked to end.
    let deadline = Instant::now() + SOON;
    while let Ok(None) = idle.try_wait() {
        assert!(Instant::now() < deadline, "it does not learn what happened");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (status, said) = child::outcome(idle).await;
    assert_eq!(status.code(), Some(ending::OVERTAKEN), "{said}");
    assert!(
        said.contains("the contract 20260101000004 removed what it uses"),
        "{said}"
    );
    client.close().await;
}
