//! Who lives on PostgreSQL: shared advisory locks, one per instance, whose key names its build.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_timer::Delay;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::backend::PostgresBackend;
use super::place::{Place, literal, only_schema};
use super::{naming, refused};
use crate::database::Namespace;
use crate::database::presence::Arriving;
use crate::database::sql::live::{Around, Seen, SeenBuild, Stranger, tame, told, versions_text};
use crate::database::sql::presence::{Line, NOW, Words, heartbeat, texts_until_error};
use crate::database::sql::{DatabaseError, Tables, connection_error};
use crate::error::Error;
use crate::live::Liveness;

const NOW_MS: &str = "CAST(EXTRACT(EPOCH FROM pg_catalog.clock_timestamp()) * 1000 AS BIGINT)";

/// Several statements of one text are one transaction. Where the pool asks for more than the default, what stands behind a
/// lock would be read as it was before the lock.
const FRESH: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; ";

/// The keys of a set's locks, as SQL: which schema the history is in may only be known to the server.
pub(super) struct Keys {
    /// The first half of the key of each registration.
    class: String,
    /// The first half of the key that sessions of the library hold.
    work: String,
    /// The key of the door: shared by who looks through it, exclusive by who keeps it closed.
    door: String,
}

impl Keys {
    pub(super) fn of(namespace: &Namespace) -> Self {
        let schema = schema_sql(namespace);
        let name = |what: &str| {
            let rest = literal(&format!("{what} {} {} ", namespace.set, namespace.prefix));
            format!("({rest} || {schema}) COLLATE \"C\"")
        };
        Self {
            class: format!("pg_catalog.hashtext({})", name("migrate live")),
            work: format!("pg_catalog.hashtext({})", name("migrate work")),
            door: format!("pg_catalog.hashtextextended({}, 0)", name("migrate door")),
        }
    }
}

/// The first half of a key as `pg_locks` shows it.
fn seen(class: &str) -> String {
    format!("({class}::bigint & 4294967295)")
}

/// The SQL of the schema in which the history is: the one that was named, or the one where it will be looked for first.
pub(super) fn schema_sql(namespace: &Namespace) -> String {
    match &namespace.schema {
        Some(schema) => literal(schema),
        None => format!(
            "coalesce(({}), pg_catalog.current_schema()::text, '')",
            only_schema(&namespace.prefix)
        ),
    }
}

/// What marks a session of the library, so that whoever looks does not take it for an application: a job or a command of
/// another machine is no instance.
pub(super) fn mark(namespace: &Namespace) -> String {
    format!(
        "pg_catalog.pg_try_advisory_lock_shared({}, 0)",
        Keys::of(namespace).work
    )
}

/// The second half of the key of a build's registrations.
fn object(build: &str) -> i32 {
    let head = build.get(..8).unwrap_or(build);
    u32::from_str_radix(head, 16).unwrap_or_default() as i32
}

/// How young a connection is that may not have said yet who it is, how often that is looked at again, and how long behind.
const YOUNG_MS: u32 = 1_000;
const SECOND_LOOKS: u32 = 3;
const SECOND_LOOK: Duration = Duration::from_millis(15);

/// The strangers in those rows, and the numbers of those that are young.
fn strangers_of(rows: Vec<Vec<Option<String>>>) -> (Vec<Stranger>, Vec<u64>) {
    let (mut strangers, mut young) = (Vec::new(), Vec::new());
    for row in rows {
        let [Some(id), Some(name), Some(from), Some(named), Some(is_young)] = &row[..] else {
            continue;
        };
        let Ok(id) = id.parse() else { continue };
        if is_young == "true" {
            young.push(id);
        }
        strangers.push(Stranger {
            id,
            name: name.clone(),
            from: from.clone(),
            named: named == "true",
        });
    }
    (strangers, young)
}

/// Whether an instance shows by a row that it lives.
fn keeps_rows(arriving: &Arriving) -> bool {
    matches!(arriving.liveness, Liveness::Heartbeat { .. })
}

/// What an instance says; `id` is what its row is called, if it keeps one.
pub(super) fn words(namespace: &Namespace, tables: &Tables, arriving: &Arriving, id: &str) -> Words {
    let keys = Keys::of(namespace);
    let (class, door, shown) = (&keys.class, &keys.door, seen(&keys.class));
    let (set, build) = (&namespace.set, &arriving.build);
    let lock = format!("{class}, {}", object(&build.id));
    let [register, beat, leave] = heartbeat(arriving, set, id, (&*tables.instances, NOW_MS)).unwrap_or_else(|| {
        let held = format!(
            "SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted \
             AND pid = pg_catalog.pg_backend_pid() AND objsubid = 2 AND classid::bigint = {shown} AND objid::bigint = {}",
            object(&build.id) as u32
        );
        [
            format!("SELECT pg_catalog.pg_try_advisory_lock_shared({lock})"),
            held,
            format!("SELECT pg_catalog.pg_advisory_unlock_shared({lock})"),
        ]
    });
    Words {
        register,
        // In a transaction of its own the lock goes with it, behind a transaction pooler too.
        door: format!("SELECT NOT pg_catalog.pg_try_advisory_xact_lock_shared({door})"),
        beat,
        leave,
        known: format!(
            "SELECT 1 FROM {} WHERE set_name = '{set}' AND build = '{}'",
            tables.builds, build.id
        ),
        enroll: format!(
            "INSERT INTO {} (set_name, build, versions, first_ms) VALUES ('{set}', '{}', '{}', {NOW_MS}) \
             ON CONFLICT DO NOTHING",
            tables.builds,
            build.id,
            versions_text(build)
        ),
        // Who holds the table for long does not hold the instance.
        arrived: format!(
            "SET LOCAL lock_timeout = 500; INSERT INTO {0} AS a (set_name, build, first_ms, last_ms, instance) \
             VALUES ('{set}', '{1}', {NOW}, {NOW}, '{2}') ON CONFLICT (set_name, build) DO UPDATE \
             SET last_ms = greatest(a.last_ms, EXCLUDED.last_ms), instance = EXCLUDED.instance",
            tables.arrivals,
            build.id,
            tame(&arriving.instance)
        ),
    }
}

/// A connection of its own.
pub(super) struct PostgresLine {
    connection: Option<PgConnection>,
    connect: Arc<PgConnectOptions>,
    closed: sqlx::pool::CloseEvent,
    /// What is said before anything else, once.
    first: String,
    /// What that answered: what the connection was called.
    before: Option<String>,
}

impl PostgresLine {
    pub(super) fn new(
        connection: PgConnection,
        connect: Arc<PgConnectOptions>,
        closed: sqlx::pool::CloseEvent,
        first: String,
    ) -> Self {
        Self {
            connection: Some(connection),
            connect,
            closed,
            first,
            before: None,
        }
    }

    /// What the connection was called, where that was asked for.
    pub(super) fn name_before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, DatabaseError> {
        let closed = || refused(sqlx::Error::PoolClosed, "");
        self.connection.as_mut().ok_or_else(closed)
    }

    /// Whether an instance that asked for `namespace` registered for another schema than the one that has its history.
    pub(super) async fn is_elsewhere(
        &mut self,
        namespace: &Namespace,
        place: &Place,
        arriving: &Arriving,
    ) -> Result<bool, Error> {
        if keeps_rows(arriving) {
            // What could be seen without a schema were the tables of another history.
            return Ok(place.is_found());
        }
        if namespace.schema.is_some() {
            return Ok(false);
        }
        let (rows, error) = self.ask(&format!("SELECT {}", schema_sql(namespace))).await;
        if let Some(error) = error {
            return Err(connection_error("the history cannot be looked for", error));
        }
        let registered = rows.into_iter().flatten().flatten().next();
        Ok(registered.as_deref() != Some(place.name().unwrap_or_default()))
    }
}

#[async_trait]
impl Line for PostgresLine {
    async fn ask(&mut self, sql: &str) -> (Vec<Vec<Option<String>>>, Option<DatabaseError>) {
        let first = std::mem::take(&mut self.first);
        let sql = format!("{first}{FRESH}{sql}");
        let connection = match self.connection() {
            Ok(connection) => connection,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let results = sqlx::raw_sql(sqlx::AssertSqlSafe(&*sql)).fetch_many(connection);
        let (mut rows, error) = texts_until_error(results).await;
        if !first.is_empty() && !rows.is_empty() {
            self.before = rows.remove(0).into_iter().next().flatten();
        }
        (rows, error.map(|error| refused(error, &sql)))
    }

    async fn reconnect(&mut self) -> Result<(), DatabaseError> {
        self.connection = None;
        let connection = PgConnection::connect_with(&self.connect).await;
        self.connection = Some(connection.map_err(|error| refused(error, ""))?);
        Ok(())
    }

    fn drop_connection(&mut self) {
        self.connection = None;
    }

    async fn abandoned(&mut self) {
        (&mut self.closed).await;
    }

    async fn close(mut self: Box<Self>) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }
}

impl PostgresBackend {
    pub(super) async fn look_around(
        &mut self,
        namespace: &Namespace,
        builds: &[&str],
    ) -> Result<Around, DatabaseError> {
        let keys = Keys::of(namespace);
        let class = seen(&keys.class);
        let held = "locktype = 'advisory' AND granted AND objsubid = 2 \
             AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";
        let of_class = format!("{held} AND classid::bigint = {class}");
        let ours = format!(
            "SELECT pid FROM pg_catalog.pg_locks WHERE {held} AND classid::bigint IN ({class}, {})",
            seen(&keys.work)
        );
        let seen = format!(
            "SELECT l.objid::bigint::text, pg_catalog.concat_ws(' ', nullif(a.application_name, ''), a.usename, \
             coalesce(pg_catalog.host(a.client_addr), 'local'), 'pid ' || l.pid) \
             FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE {of_class}"
        );
        let mut around = Around::default();
        for row in self.raw(&seen).await? {
            let [Some(object_id), name] = &row[..] else {
                continue;
            };
            let known = builds
                .iter()
                .find(|build| (object(build) as u32).to_string() == *object_id);
            around.seen.push(Seen {
                name: name.clone().unwrap_or_else(|| "a connection".to_owned()),
                build: known.map_or(SeenBuild::Unknown, |build| SeenBuild::Known((*build).to_owned())),
            });
        }
        around.others = told(&self.strangers(&ours).await?);
        let up = "SELECT (EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - pg_catalog.pg_postmaster_start_time()) \
                  * 1000)::bigint::text";
        let up = self.raw(up).await?.into_iter().flatten().flatten().next();
        around.up = up.and_then(|ms| ms.parse().ok()).map(Duration::from_millis);
        Ok(around)
    }

    /// The connections that nothing accounts for; `ours` is the query of those that hold a lock of ours.
    ///
    /// One is accounted for that holds such a lock itself, or has the name and the address of one that does. Without a name
    /// a connection may be of any program. What is only just made is looked at again: it may be about to say who it is.
    async fn strangers(&mut self, ours: &str) -> Result<Vec<Stranger>, DatabaseError> {
        // What the library named is an application that did not say its name.
        let named = format!("t.name <> '' AND t.name NOT LIKE '{}%'", naming::PREFIX);
        // Of others, a role without `pg_read_all_stats` sees names, and neither addresses nor what kind they are.
        let strangers = format!(
            "WITH ours AS MATERIALIZED ({ours} UNION SELECT pg_catalog.pg_backend_pid()), \
             there AS MATERIALIZED (SELECT pid, coalesce(application_name, '') AS name, usename, client_addr, client_port, \
             backend_start FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database() \
             AND coalesce(backend_type, 'client backend') = 'client backend') \
             SELECT t.pid::text, CASE WHEN {named} THEN t.name ELSE 'user ' || coalesce(t.usename::text, '?') END, \
             CASE WHEN t.client_addr IS NOT NULL THEN pg_catalog.host(t.client_addr) \
             WHEN t.client_port IS NULL THEN 'a hidden address' ELSE 'local' END, \
             ({named})::text, \
             coalesce(pg_catalog.clock_timestamp() - t.backend_start < INTERVAL '{YOUNG_MS} ms', true)::text \
             FROM there t WHERE NOT EXISTS (SELECT 1 FROM ours o WHERE o.pid = t.pid) \
             AND NOT EXISTS (SELECT 1 FROM there v JOIN ours o ON o.pid = v.pid WHERE t.name <> '' AND v.name = t.name \
             AND v.client_addr IS NOT DISTINCT FROM t.client_addr)"
        );
        let (mut found, mut young) = strangers_of(self.raw(&strangers).await?);
        for _ in 0..SECOND_LOOKS {
            if young.is_empty() {
                break;
            }
            Delay::new(SECOND_LOOK).await;
            let pids: Vec<String> = young.iter().map(ToString::to_string).collect();
            let still = format!(
                "SELECT pid::text FROM pg_catalog.pg_stat_activity WHERE pid IN ({})",
                pids.join(", ")
            );
            let alive: Vec<u64> = self
                .raw(&still)
                .await?
                .into_iter()
                .flatten()
                .flatten()
                .filter_map(|pid| pid.parse().ok())
                .collect();
            let (again, _) = strangers_of(self.raw(&strangers).await?);
            let is_known = |id: u64| alive.contains(&id) && !again.iter().any(|other| other.id == id);
            // Who is gone meanwhile did not say who it was.
            found.retain(|one| !young.contains(&one.id) || !is_known(one.id));
            young.retain(|id| alive.contains(id) && !is_known(*id));
        }
        Ok(found)
    }

    pub(super) async fn take_door(&mut self, namespace: &Namespace) -> Result<bool, DatabaseError> {
        let door = Keys::of(namespace).door;
        let rows = self
            .raw(&format!("SELECT pg_catalog.pg_try_advisory_lock({door})"))
            .await?;
        Ok(rows.into_iter().flatten().flatten().next().as_deref() == Some("t"))
    }

    pub(super) async fn give_door(&mut self, namespace: &Namespace) -> Result<(), DatabaseError> {
        let door = Keys::of(namespace).door;
        let sql = format!("SELECT pg_catalog.pg_advisory_unlock({door})");
        self.raw(&sql).await.map(drop)
    }
}
