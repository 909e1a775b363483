//! One instance: what an application does from its start to its end, in a process of its own.

use std::io::Read;
use std::time::Duration;

use migrate_core::Migrator;
use migrate_core::live::{Liveness, Registered};
use migrate_core::migrator::{Event, Stop};

use super::builds::Build;
use crate::database::{Client, Kind};
use crate::settings::{Random, tell};

/// How an instance ended; these are the codes of its process.
pub(super) mod ending {
    pub(crate) const ASKED: i32 = 0;
    /// Its build is too old for the database.
    pub(crate) const OLDER: i32 = 2;
    /// Its build needs data that is not moved.
    pub(crate) const NOT_READY: i32 = 3;
    /// The database was not to be had: a connection that was ended, a lock that was not free.
    pub(crate) const DISTURBED: i32 = 4;
    /// It learned that it has to stop serving.
    pub(crate) const OVERTAKEN: i32 = 5;
    /// It met what no build may meet.
    pub(crate) const VIOLATION: i32 = 66;
}

/// What an instance is to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role {
    pub(super) build: Build,
    pub(super) is_strict: bool,
    pub(super) task: Task,
    /// Its number, from which its keys follow.
    pub(super) number: u64,
    pub(super) settle_ms: u64,
    /// The window of its heartbeat; 0 for a lock.
    pub(super) window_ms: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    Serve,
    /// Serves, with a worker.
    ServeAndWork,
    /// Is there, and says nothing to the database.
    Idle,
    /// `run_to_completion()`, and no more.
    Job,
}

impl Task {
    const ALL: [(Task, &'static str); 4] = [
        (Task::Serve, "serve"),
        (Task::ServeAndWork, "work"),
        (Task::Idle, "idle"),
        (Task::Job, "job"),
    ];
}

impl Role {
    pub(super) fn encode(self) -> String {
        let task = Task::ALL.iter().find(|(task, _)| *task == self.task).unwrap().1;
        let Role {
            is_strict,
            number,
            settle_ms,
            window_ms,
            ..
        } = self;
        let build = self.build.name();
        format!("{build},{is_strict},{task},{number},{settle_ms},{window_ms}")
    }

    fn decode(text: &str) -> Self {
        let fields: Vec<&str> = text.split(',').collect();
        let number = |index: usize| fields[index].parse().unwrap();
        Self {
            build: Build::from_name(fields[0]),
            is_strict: fields[1] == "true",
            task: Task::ALL.iter().find(|(_, name)| *name == fields[2]).unwrap().0,
            number: number(3),
            settle_ms: number(4),
            window_ms: number(5),
        }
    }

    pub(super) fn migrator(self, client: &Client) -> Migrator {
        let mut builder = client
            .migrator(self.build.set(client, self.is_strict))
            .instance(format!("{} {}", self.build.name(), self.number))
            .settle(Duration::from_millis(self.settle_ms))
            .ignore_application("test")
            // The testkit's own connections.
            .ignore_application("user postgres")
            .without_approval()
            .lock_wait(Duration::from_secs(20))
            .lease(Duration::from_millis(400))
            .observer(|event: &Event| tell(event));
        if self.window_ms > 0 {
            // A heartbeat is of no connection: which application tells it is not seen.
            builder = builder.ignore_application("shop").liveness(Liveness::Heartbeat {
                every: Duration::from_millis(100),
                window: Duration::from_millis(self.window_ms),
            });
        }
        builder.build()
    }
}

/// What an instance does. Gives back how it ended.
pub(crate) async fn serve(kind: Kind, url: &str, role: &str) -> i32 {
    let role = Role::decode(role);
    let stop = Stop::new();
    let asked = stop.clone();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        asked.stop();
    });
    let Ok(client) = Client::try_connect(kind, url, 2).await else {
        return ending::DISTURBED;
    };
    let migrator = role.migrator(&client);
    if role.task == Task::Job {
        return match migrator.run_to_completion().await {
            Ok(report) => {
                tell(report);
                ending::ASKED
            }
            Err(error) => ending_of(&error),
        };
    }
    let worker = (role.task == Task::ServeAndWork).then(|| migrator.spawn_worker());
    loop {
        match migrator.run().await {
            Ok(_) => break,
            Err(error) if error.is_not_ready() && worker.is_some() && !stop.is_asked() => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(error) => return ending_of(&error),
        }
    }
    tell(format!("{role:?} serves"));
    eprintln!("serves");
    let mut application = Application {
        client,
        role,
        next: role.number * 10_000,
        random: Random::new(role.number),
    };
    while !stop.is_asked() {
        if let Registered::Overtaken { reason } = migrator.registered() {
            eprintln!("{reason}");
            return ending::OVERTAKEN;
        }
        if role.task != Task::Idle
            && let Err(violation) = application.step().await
        {
            eprintln!("{violation}");
            return ending::VIOLATION;
        }
        let rest = 20 + application.random.below(60);
        tokio::time::sleep(Duration::from_millis(rest)).await;
    }
    if let Some(worker) = worker
        && let Err(error) = worker.shutdown().await
    {
        return ending_of(&error);
    }
    ending::ASKED
}

fn ending_of(error: &migrate_core::Error) -> i32 {
    eprintln!("{error:?}");
    if error.is_older_build() {
        ending::OLDER
    } else if error.is_not_ready() {
        ending::NOT_READY
    } else if error.is_connection() || error.is_lock_timeout() || error.is_lock_lost() || error.is_history() {
        ending::DISTURBED
    } else {
        ending::VIOLATION
    }
}

struct Application {
    client: Client,
    role: Role,
    /// The key of the next row.
    next: u64,
    random: Random,
}

impl Application {
    /// One thing that the application does: none of its statements may ever be refused.
    async fn step(&mut self) -> Result<(), String> {
        let Role { build, is_strict, .. } = self.role;
        let first = self.role.number * 10_000;
        let one = first + self.random.below((self.next - first).max(1));
        match self.random.below(10) {
            0..=2 => {
                let id = self.next;
                self.next += 1;
                self.write(&build.insert(id)).await
            }
            3..=4 => self.write(&build.update(one)).await,
            5 => match build.unreadable(self.client.kind(), is_strict) {
                Some(sql) => match self.read(&sql).await? {
                    Some(count) if count != "0" => Err(format!("{sql}: {count} rows")),
                    _ => Ok(()),
                },
                None => Ok(()),
            },
            _ => {
                // Rows that others wrote are read as well.
                let id = if self.random.below(2) == 0 {
                    one
                } else {
                    self.random.below(200)
                };
                let sql = build.select(id, is_strict);
                let mut value = self.read(&sql).await?;
                if value.is_none() && build == Build::Middle && !is_strict {
                    value = self.read_old(id).await?;
                }
                match value {
                    Some(value) if value != format!("v{id}") && value != format!("w{id}") => {
                        Err(format!("{sql}: {value}"))
                    }
                    _ => Ok(()),
                }
            }
        }
    }

    async fn write(&self, sql: &str) -> Result<(), String> {
        match self.client.attempt(sql).await {
            Ok(_) => Ok(()),
            Err(error) => self.judge(sql, error).await,
        }
    }

    /// A row whose data is not moved yet is read from the old column, as long as there is one.
    async fn read_old(&self, id: u64) -> Result<Option<String>, String> {
        match self.client.first(&Build::Old.select(id, false)).await {
            Ok(value) => Ok(value),
            Err(_) => self.read(&Build::New.select(id, false)).await,
        }
    }

    async fn read(&self, sql: &str) -> Result<Option<String>, String> {
        match self.client.first(sql).await {
            Ok(value) => Ok(value),
            Err(error) => self.judge(sql, error).await.map(|()| None),
        }
    }

    /// What the application tries again, or had no answer to, says nothing of the schema.
    async fn judge(&self, sql: &str, error: sqlx::Error) -> Result<(), String> {
        if self.client.is_lost(&error) {
            return Ok(());
        }
        let sqlx::Error::Database(database) = &error else {
            return Ok(());
        };
        let passes = match &self.client {
            // A deadlock.
            Client::Postgres(_) => database.code().as_deref() == Some("40P01"),
            Client::Mysql(..) => {
                let number = database
                    .downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
                    .number();
                // MariaDB 10.11 that is told to KILL while it reads a trigger keeps the half of it for everybody.
                if number == 1602 {
                    self.client.try_execute("FLUSH TABLES people").await;
                }
                // A lock wait that is over, a deadlock, a table that was altered behind the snapshot.
                matches!(number, 1205 | 1213 | 1412 | 1602)
            }
            Client::Sqlite(..) => database.message().contains("locked"),
        };
        if passes {
            return Ok(());
        }
        Err(format!("{sql}: {error}"))
    }
}
