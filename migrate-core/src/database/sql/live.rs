//! The register of builds and instances, and the log of changes.

use std::time::Duration;

use super::backend::{Backend, DatabaseError, Transacted, Value};
use super::connection_error;
use super::session::SqlSession;
use super::tables::Tables;
use crate::backfill::BackfillState;
use crate::change::{LogEntry, Occurrence, figures_of, text_of};
use crate::database::Begun;
use crate::error::Error;
use crate::history::State;
use crate::live::{Arrived, Build, Instance, Live, Proof, Unregistered};
use crate::model::{Dialect, Version};
use crate::plan::Policy;

/// How many entries are written with one statement.
const TOGETHER: usize = 50;

impl Tables {
    /// The statements that make the tables of builds, instances and the log where they are missing.
    pub(super) fn create_register(&self, backend: &dyn Backend) -> [String; 4] {
        let [word, text, _] = backend.types();
        let suffix = backend.table_suffix();
        let id = match backend.dialect() {
            Dialect::Postgres => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            Dialect::Sqlite => "INTEGER PRIMARY KEY",
            Dialect::Mysql | Dialect::MariaDb => "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY",
        };
        [
            // One row per build that was ever seen: what it embeds, so that an instance need only say which one it is.
            format!(
                "CREATE TABLE IF NOT EXISTS {} (set_name {word} NOT NULL, build {word} NOT NULL, \
                 versions {text} NOT NULL, first_ms BIGINT NOT NULL, PRIMARY KEY (set_name, build)){suffix}",
                self.builds
            ),
            // One row per instance that shows by the time that it lives.
            format!(
                "CREATE TABLE IF NOT EXISTS {} (set_name {word} NOT NULL, id {word} NOT NULL, build {word} NOT NULL, \
                 instance {text} NOT NULL, beat_ms BIGINT NOT NULL, window_ms BIGINT NOT NULL, \
                 PRIMARY KEY (set_name, id)){suffix}",
                self.instances
            ),
            // One row per build of which an instance ever ran: whoever looks is not there all the time.
            format!(
                "CREATE TABLE IF NOT EXISTS {} (set_name {word} NOT NULL, build {word} NOT NULL, first_ms BIGINT NOT NULL, \
                 last_ms BIGINT NOT NULL, instance {text} NOT NULL, PRIMARY KEY (set_name, build)){suffix}",
                self.arrivals
            ),
            // What happened to changes. Rows are only added.
            format!(
                "CREATE TABLE IF NOT EXISTS {} (id {id}, set_name {word} NOT NULL, at_ms BIGINT NOT NULL, \
                 change_name {word} NOT NULL, version BIGINT, what {word} NOT NULL, instance {text} NOT NULL, \
                 build {word} NOT NULL, figures {text} NOT NULL){suffix}",
                self.log
            ),
        ]
    }

    /// The query of the builds of a set, the latest last. The name of a set is plain.
    pub(in crate::database) fn select_builds(&self, set: &str) -> String {
        format!(
            "SELECT build, versions, first_ms FROM {} WHERE set_name = '{set}' ORDER BY first_ms, build",
            self.builds
        )
    }
}

/// The versions of a build as they are stored; in front of them its policy, where that is not the usual one. A library
/// that does not know it cannot read them, and takes the build for an unknown one.
pub(in crate::database) fn versions_text(build: &Build) -> String {
    let policy = Some(build.policy).filter(|policy| *policy != Policy::default());
    let policy = policy.map(|policy| policy.name().to_owned());
    let versions = build.versions.iter().map(Version::to_string);
    policy.into_iter().chain(versions).collect::<Vec<_>>().join(" ")
}

/// The build of such a text; `None` where it cannot be read.
pub(in crate::database) fn build_of(id: &str, versions: &str) -> Option<Build> {
    let mut words = versions.split_whitespace().peekable();
    let policy = words.peek().and_then(|word| Policy::from_name(word));
    if policy.is_some() {
        words.next();
    }
    let versions: Option<Vec<Version>> = words.map(|version| version.parse().ok()).collect();
    Some(Build {
        id: id.to_owned(),
        versions: versions?,
        policy: policy.unwrap_or_default(),
    })
}

/// Who was seen to hold a registration, before it is known what its build embeds.
pub(in crate::database) struct Seen {
    pub(in crate::database) name: String,
    pub(in crate::database) build: SeenBuild,
}

/// What was seen of a build.
pub(in crate::database) enum SeenBuild {
    Unknown,
    /// The id of one that is written down.
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        expect(dead_code, reason = "SQLite has files")
    )]
    Known(String),
    /// All of it.
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "servers keep no files"))]
    Whole(Build),
}

/// Who a database says is there.
#[derive(Default)]
pub(in crate::database) struct Around {
    pub(in crate::database) seen: Vec<Seen>,
    pub(in crate::database) others: Vec<Unregistered>,
    pub(in crate::database) blind: Vec<String>,
    pub(in crate::database) up: Option<Duration>,
}

/// A connection that nothing accounts for.
#[cfg(any(feature = "postgres", feature = "mysql"))]
#[derive(Clone, Debug)]
pub(in crate::database) struct Stranger {
    /// Its number at the server.
    pub(in crate::database) id: u64,
    pub(in crate::database) name: String,
    pub(in crate::database) from: String,
    pub(in crate::database) named: bool,
}

/// Strangers as they are told: those of one name and address together, by name.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::database) fn told(strangers: &[Stranger]) -> Vec<Unregistered> {
    let mut told: Vec<Unregistered> = Vec::new();
    for one in strangers {
        match told
            .iter_mut()
            .find(|other| other.name == one.name && other.from == one.from)
        {
            Some(other) => other.connections += 1,
            None => told.push(Unregistered {
                name: one.name.clone(),
                from: one.from.clone(),
                connections: 1,
                named: one.named,
            }),
        }
    }
    told.sort_by(|one, other| (&one.name, &one.from).cmp(&(&other.name, &other.from)));
    told
}

/// How long an instance is remembered that told the time and does so no more: nothing goes by it, but somebody may want
/// to know who that was.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3600);

/// How many are forgotten with one statement.
const FORGOTTEN: usize = 100;

fn refused(what: &str) -> impl Fn(DatabaseError) -> Error {
    let what = what.to_owned();
    move |error| connection_error(&what, error)
}

impl SqlSession {
    async fn rows_or_none(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
        match self.backend.rows(sql, &[]).await {
            Err(error) if error.is_missing_table => Ok(Vec::new()),
            result => result,
        }
    }

    pub(super) async fn write_build(&mut self, build: &Build, at_ms: u64) -> Result<(), Error> {
        let set = self.namespace.set.clone();
        let what = "the build cannot be written down";
        let known = format!(
            "SELECT 1 FROM {} WHERE set_name = '{set}' AND build = '{}'",
            self.tables.builds, build.id
        );
        if !self.rows_or_none(&known).await.map_err(refused(what))?.is_empty() {
            return Ok(());
        }
        let place = |index| self.backend.placeholder(index);
        let insert = format!(
            "INSERT INTO {} (set_name, build, versions, first_ms) VALUES ({}, {}, {}, {})",
            self.tables.builds,
            place(1),
            place(2),
            place(3),
            place(4)
        );
        let values = [
            Value::text(set),
            Value::text(&*build.id),
            Value::text(versions_text(build)),
            Value::Number(at_ms as i64),
        ];
        match self.backend.execute(&insert, &values).await {
            // An instance of it has just done the same.
            Err(error) if error.is_there || error.is_duplicate() => Ok(()),
            result => result.map(drop).map_err(refused(what)),
        }
    }

    pub(super) async fn around(&mut self) -> Result<Live, Error> {
        let what = "it cannot be looked at who uses the database";
        let namespace = self.namespace.clone();
        let builds = self.tables.select_builds(&namespace.set);
        let mut builds_known = Vec::new();
        for row in self.rows_or_none(&builds).await.map_err(refused(what))? {
            let [Some(id), Some(versions), Some(first)] = &row[..] else {
                continue;
            };
            if let (Some(build), Ok(first)) = (build_of(id, versions), first.parse()) {
                builds_known.push((build, first));
            }
        }
        let arrivals = format!(
            "SELECT build, first_ms, last_ms, instance FROM {} WHERE set_name = '{}' ORDER BY first_ms, build",
            self.tables.arrivals, namespace.set
        );
        let mut arrivals_known = Vec::new();
        for row in self.rows_or_none(&arrivals).await.map_err(refused(what))? {
            let [Some(id), Some(first), Some(last), Some(instance)] = &row[..] else {
                continue;
            };
            let (Ok(first_ms), Ok(last_ms)) = (first.parse(), last.parse()) else {
                continue;
            };
            let known = builds_known.iter().find(|(build, _)| build.id == *id);
            arrivals_known.push(Arrived {
                id: id.clone(),
                build: known.map(|(build, _)| build.clone()),
                first_ms,
                last_ms,
                instance: instance.clone(),
            });
        }
        let ids: Vec<&str> = builds_known.iter().map(|(build, _)| &*build.id).collect();
        let around = self
            .backend
            .around(&namespace, &ids)
            .await
            .map_err(refused(what))?;
        let find = |id: &str| {
            let found = builds_known.iter().find(|(build, _)| build.id == id);
            found.map(|(build, _)| build.clone())
        };
        let mut instances: Vec<Instance> = around
            .seen
            .into_iter()
            .map(|seen| Instance {
                build: match seen.build {
                    SeenBuild::Unknown => None,
                    SeenBuild::Known(id) => find(&id),
                    SeenBuild::Whole(build) => Some(build),
                },
                name: seen.name,
                proof: Proof::Lock,
            })
            .collect();
        let now = super::backfill::now_ms(&*self.backend);
        let beating = format!(
            "SELECT instance, build FROM {} WHERE set_name = '{}' AND beat_ms + window_ms >= {now}",
            self.tables.instances, namespace.set
        );
        for row in self.rows_or_none(&beating).await.map_err(refused(what))? {
            let [Some(instance), Some(build)] = &row[..] else {
                continue;
            };
            instances.push(Instance {
                name: instance.clone(),
                build: find(build),
                proof: Proof::Heartbeat,
            });
        }
        Ok(Live {
            instances,
            others: around.others,
            blind: around.blind,
            builds: builds_known,
            arrivals: arrivals_known,
            up: around.up,
        })
    }

    /// Forgets instances that are gone for long, some at once; `true` where none is left.
    pub(super) async fn forget(&mut self) -> Result<bool, Error> {
        let what = "instances that are gone cannot be forgotten";
        let now = super::backfill::now_ms(&*self.backend);
        let (table, set) = (&self.tables.instances, &self.namespace.set);
        let gone = format!(
            "set_name = '{set}' AND beat_ms + window_ms < {now} - {}",
            REMEMBERED.as_millis()
        );
        // Not every database limits what it deletes.
        let select = format!("SELECT id FROM {table} WHERE {gone} ORDER BY id LIMIT {FORGOTTEN}");
        let delete = format!("DELETE FROM {table} WHERE {gone} AND id IN ");
        let ids: Vec<String> = self
            .rows_or_none(&select)
            .await
            .map_err(refused(what))?
            .into_iter()
            .flatten()
            .flatten()
            .collect();
        if ids.is_empty() {
            return Ok(true);
        }
        let places: Vec<String> = (1..=ids.len())
            .map(|index| self.backend.placeholder(index))
            .collect();
        let delete = format!("{delete}({})", places.join(", "));
        let values: Vec<Value<'_>> = ids.iter().map(|id| Value::text(&**id)).collect();
        let deleted = self.backend.execute(&delete, &values).await;
        deleted.map_err(refused(what))?;
        Ok(ids.len() < FORGOTTEN)
    }

    pub(super) async fn backfills_begun(&mut self) -> Result<Vec<Begun>, Error> {
        let select = format!(
            "SELECT b.version, b.attempt, b.state, b.reason, b.verified_ms, CASE WHEN b.exhausted = 1 AND NOT EXISTS (\
             SELECT 1 FROM {} p WHERE p.set_name = b.set_name AND p.version = b.version AND p.attempt = b.attempt) \
             THEN 1 END FROM {} b WHERE b.set_name = '{}' AND (b.next_part > 0 OR b.state = 'blocked') \
             ORDER BY b.version, b.attempt",
            self.tables.parts, self.tables.backfills, self.namespace.set
        );
        let rows = self.rows_or_none(&select).await;
        let rows = rows.map_err(refused("the state of the backfills cannot be read"))?;
        let mut begun: Vec<Begun> = Vec::new();
        for row in rows {
            let mut fields = row.into_iter();
            let mut next = || fields.next().flatten();
            let (Some(version), Some(attempt), Some(state)) = (next(), next(), next()) else {
                continue;
            };
            let state = BackfillState::from_name(&state);
            if let (Ok(version), Ok(attempt), Some(state)) = (version.parse(), attempt.parse(), state) {
                begun.retain(|other| other.version != version);
                begun.push(Begun {
                    version,
                    attempt,
                    state,
                    reason: next(),
                    was_right: next().is_some(),
                    ended: next().is_some(),
                });
            }
        }
        Ok(begun)
    }

    pub(super) async fn log(&mut self) -> Result<Vec<LogEntry>, Error> {
        let select = format!(
            "SELECT id, at_ms, change_name, version, what, instance, build, figures FROM {} WHERE set_name = '{}' \
             ORDER BY id",
            self.tables.log, self.namespace.set
        );
        let rows = self.rows_or_none(&select).await;
        let rows = rows.map_err(refused("the log of changes cannot be read"))?;
        Ok(rows.into_iter().filter_map(entry_of).collect())
    }

    pub(super) async fn latest_policy(&mut self) -> Result<Option<LogEntry>, Error> {
        let select = format!(
            "SELECT id, at_ms, change_name, version, what, instance, build, figures FROM {} WHERE set_name = '{}' \
             AND what = '{}' ORDER BY id DESC LIMIT 1",
            self.tables.log,
            self.namespace.set,
            Occurrence::Policy.name()
        );
        let rows = self.rows_or_none(&select).await;
        let rows = rows.map_err(refused("the log of changes cannot be read"))?;
        Ok(rows.into_iter().find_map(entry_of))
    }

    pub(super) async fn add_to_log(&mut self, entries: &[LogEntry]) -> Result<(), Error> {
        for entries in entries.chunks(TOGETHER) {
            let mut values = Vec::new();
            let mut rows = Vec::new();
            for entry in entries {
                let first = values.len() + 1;
                let places: Vec<String> = (first..first + 7)
                    .map(|index| self.backend.placeholder(index))
                    .collect();
                // A NULL is bound as a text, which is no number to PostgreSQL.
                let version = entry
                    .version
                    .map_or("NULL".to_owned(), |version| version.0.to_string());
                rows.push(format!("({version}, {})", places.join(", ")));
                values.extend([
                    Value::text(self.namespace.set.clone()),
                    Value::Number(entry.at_ms as i64),
                    Value::text(&*entry.change),
                    Value::text(entry.what.name()),
                    Value::text(&*entry.instance),
                    Value::text(&*entry.build),
                    Value::text(text_of(&entry.figures)),
                ]);
            }
            let insert = format!(
                "INSERT INTO {} (version, set_name, at_ms, change_name, what, instance, build, figures) VALUES {}",
                self.tables.log,
                rows.join(", ")
            );
            let written = self.backend.execute(&insert, &values).await;
            written.map_err(refused("the log of changes cannot be written"))?;
        }
        Ok(())
    }

    pub(super) async fn unwithdraw(&mut self, versions: &[Version]) -> Result<(), Error> {
        self.begin(Transacted::Ours).await?;
        let mut result = Ok(());
        for version in versions {
            let update = format!(
                "UPDATE {} SET state = '{}' WHERE set_name = '{}' AND version = {} AND state = '{}'",
                self.tables.history,
                State::Reverted,
                self.namespace.set,
                version.0,
                State::RolledBack
            );
            result = self.backend.execute(&update, &[]).await.map(drop);
            if result.is_err() {
                break;
            }
        }
        let result = match result {
            Ok(()) => self.backend.commit().await,
            Err(error) => {
                let _ = self.backend.rollback().await;
                Err(error)
            }
        };
        result.map_err(refused("the history cannot be written"))
    }

    /// How many rows there are in a table, as far as `most`; none where it is not there.
    pub(super) async fn rows_up_to(&mut self, table: &str, most: u64) -> Result<u64, Error> {
        let parts: Vec<String> = table
            .split('.')
            .map(|part| self.backend.quoted(plain(part)))
            .collect();
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 AS one FROM {} LIMIT {most}) counted",
            parts.join(".")
        );
        let rows = self.rows_or_none(&sql).await;
        let rows = rows.map_err(refused("the rows of a table cannot be counted"))?;
        let count = rows.into_iter().flatten().flatten().next();
        Ok(count.and_then(|count| count.parse().ok()).unwrap_or(0))
    }
}

/// A name as it is written, without its quotes.
fn plain(name: &str) -> &str {
    name.trim_matches(['"', '`', '[', ']'])
}

fn entry_of(row: Vec<Option<String>>) -> Option<LogEntry> {
    let mut fields = row.into_iter();
    let mut next = || fields.next().flatten();
    Some(LogEntry {
        id: next()?.parse().ok()?,
        at_ms: next()?.parse().ok()?,
        change: next()?,
        version: next().and_then(|version| version.parse().ok()),
        what: Occurrence::from_name(&next()?)?,
        instance: next()?,
        build: next()?,
        figures: figures_of(&next()?),
    })
}

/// What no other registration is called.
pub(in crate::database) fn unique_id() -> String {
    use std::hash::{BuildHasher as _, Hasher as _, RandomState};
    // The keys of a RandomState are random.
    let random = |_| RandomState::new().build_hasher().finish();
    let [high, low] = [0, 1].map(random);
    format!("{high:016x}{low:016x}")
}

/// Letters of a name that may stand in a statement as they are.
pub(in crate::database) fn tame(name: &str) -> String {
    let kept = |letter: char| letter.is_ascii_alphanumeric() || ".:@_- /".contains(letter);
    name.chars()
        .take(200)
        .map(|letter| if kept(letter) { letter } else { '_' })
        .collect()
}
