//! Who lives on PostgreSQL: shared advisory locks, one per instance, whose key names its build.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use super::backend::PostgresBackend;
use super::refused;
use crate::database::Namespace;
use crate::database::presence::Arriving;
use crate::database::sql::DatabaseError;
use crate::database::sql::Tables;
use crate::database::sql::live::{Around, Seen, SeenBuild, versions_text};
use crate::database::sql::presence::{Line, Words, heartbeat, texts_until_error};
use crate::live::Liveness;
use crate::model::Digest;

const NOW_MS: &str = "CAST(EXTRACT(EPOCH FROM pg_catalog.clock_timestamp()) * 1000 AS BIGINT)";

/// Several statements of one text are one transaction. Where the pool asks for more than the default, what stands behind a
/// lock would be read as it was before the lock.
const FRESH: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; ";

/// The keys of a set's locks.
pub(super) struct Keys {
    /// The first half of the key of each registration.
    class: i32,
    /// The key of the door: shared by who looks through it, exclusive by who keeps it closed.
    door: i64,
}

impl Keys {
    pub(super) fn of(namespace: &Namespace) -> Self {
        let schema = namespace.schema.as_deref().unwrap_or_default();
        let key = |what| Digest::of_fields([what, schema, &namespace.prefix, &namespace.set]).to_i64();
        Self {
            class: (key("migrate live") >> 32) as i32,
            door: key("migrate door"),
        }
    }
}

/// The second half of the key of a build's registrations.
fn object(build: &str) -> i32 {
    let head = build.get(..8).unwrap_or(build);
    u32::from_str_radix(head, 16).unwrap_or_default() as i32
}

/// Whether an instance shows by a row that it lives.
pub(super) fn keeps_rows(arriving: &Arriving) -> bool {
    matches!(arriving.liveness, Liveness::Heartbeat { .. })
}

/// What an instance says; `id` is what its row is called, if it keeps one.
pub(super) fn words(namespace: &Namespace, tables: &Tables, arriving: &Arriving, id: &str) -> Words {
    let Keys { class, door } = Keys::of(namespace);
    let (set, build) = (&namespace.set, &arriving.build);
    let lock = format!("{class}, {}", object(&build.id));
    let [register, beat, leave] = heartbeat(arriving, set, id, (&*tables.instances, NOW_MS)).unwrap_or_else(|| {
        let held = format!(
            "SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted \
             AND pid = pg_catalog.pg_backend_pid() AND objsubid = 2 AND classid::bigint = {} AND objid::bigint = {}",
            class as u32,
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
    }
}

/// A connection of its own.
pub(super) struct PostgresLine {
    connection: Option<PgConnection>,
    connect: Arc<PgConnectOptions>,
    closed: sqlx::pool::CloseEvent,
}

impl PostgresLine {
    pub(super) fn new(
        connection: PgConnection,
        connect: Arc<PgConnectOptions>,
        closed: sqlx::pool::CloseEvent,
    ) -> Self {
        Self {
            connection: Some(connection),
            connect,
            closed,
        }
    }

    pub(super) fn connection(&mut self) -> Result<&mut PgConnection, DatabaseError> {
        let closed = || refused(sqlx::Error::PoolClosed, "");
        self.connection.as_mut().ok_or_else(closed)
    }
}

#[async_trait]
impl Line for PostgresLine {
    async fn ask(&mut self, sql: &str) -> (Vec<Vec<Option<String>>>, Option<DatabaseError>) {
        let connection = match self.connection() {
            Ok(connection) => connection,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let sql = format!("{FRESH}{sql}");
        let results = sqlx::raw_sql(sqlx::AssertSqlSafe(&*sql)).fetch_many(connection);
        let (rows, error) = texts_until_error(results).await;
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
        let class = Keys::of(namespace).class as u32;
        let of_class = format!(
            "locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = {class} \
             AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
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
        // Each statement of one text has its own snapshot of who is connected.
        let others = format!(
            "SELECT DISTINCT coalesce(nullif(application_name, ''), 'user ' || coalesce(usename::text, '?')) \
             FROM pg_catalog.pg_stat_activity WHERE datname = pg_catalog.current_database() \
             AND pid <> pg_catalog.pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend' \
             AND NOT (coalesce(application_name, '') = pg_catalog.current_setting('application_name') \
             AND (application_name <> '' OR (usename = session_user \
             AND client_addr IS NOT DISTINCT FROM pg_catalog.inet_client_addr()))) \
             AND coalesce(application_name, '') NOT IN (SELECT coalesce(a.application_name, '') \
             FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid WHERE {of_class})"
        );
        around.others = self.raw(&others).await?.into_iter().flatten().flatten().collect();
        let up = "SELECT (EXTRACT(EPOCH FROM pg_catalog.clock_timestamp() - pg_catalog.pg_postmaster_start_time()) \
                  * 1000)::bigint::text";
        let up = self.raw(up).await?.into_iter().flatten().flatten().next();
        around.up = up.and_then(|ms| ms.parse().ok()).map(Duration::from_millis);
        Ok(around)
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
