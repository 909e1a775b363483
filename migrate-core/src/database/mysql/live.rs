//! Who lives on MySQL and MariaDB: each instance holds two named locks on a place of its own. The name of the one says
//! that somebody is there, that of the other which build it is. Names are asked for, because neither server lists them
//! without a plugin.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_timer::Delay;
use sqlx::mysql::MySqlConnectOptions;
use sqlx::{Connection, MySqlConnection};

use super::backend::MysqlBackend;
use super::refused;
use crate::database::Namespace;
use crate::database::presence::Arriving;
use crate::database::sql::DatabaseError;
use crate::database::sql::Tables;
use crate::database::sql::live::{Around, Seen, SeenBuild, Stranger, tame, told, unique_id, versions_text};
use crate::database::sql::presence::{Line, NOW, Words, heartbeat, texts_until_error};

const NOW_MS: &str = "CAST(UNIX_TIMESTAMP(NOW(6)) * 1000 AS SIGNED)";

/// How many places there are. Asking for all of them takes a millisecond.
const PLACES: u64 = 1000;

/// How often another place is tried where one is taken.
pub(super) const TRIES: u32 = 20;

/// How often it is looked again at those whose build is not known, and how long behind.
const SECOND_LOOKS: u32 = 5;
const SECOND_LOOK: Duration = Duration::from_millis(10);

/// The SQL of what the names of a set's locks begin with. Names are shared by all databases of a server, and have up to
/// 64 letters.
fn prefix(namespace: &Namespace) -> String {
    let schema = match &namespace.schema {
        // As its bytes, so that nothing of it is read as SQL.
        Some(schema) => format!("0x{}", hex(schema)),
        None => "COALESCE(DATABASE(), '')".to_owned(),
    };
    format!(
        "CONCAT('mig:', LEFT(SHA2(CONCAT({schema}, ':{}:{}'), 256), 20), ':')",
        namespace.prefix, namespace.set
    )
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// What starts the id of a build in the name of its lock.
fn short(build: &str) -> &str {
    build.get(..16).unwrap_or(build)
}

/// What marks a session of the library, so that whoever looks does not take it for an application: a job or a command of
/// another machine is no instance.
pub(super) fn mark(namespace: &Namespace) -> String {
    let place = u64::from_str_radix(&unique_id()[..15], 16).unwrap_or_default() % PLACES;
    format!(
        "SELECT GET_LOCK(CONCAT({}, 'work:{place}'), 0)",
        prefix(namespace)
    )
}

/// What an instance says.
pub(super) fn words(namespace: &Namespace, tables: &Tables, arriving: &Arriving) -> Words {
    let prefix = prefix(namespace);
    let (set, build) = (&namespace.set, &arriving.build);
    let place = u64::from_str_radix(&unique_id()[..15], 16).unwrap_or_default() % PLACES;
    let here = format!("CONCAT({prefix}, '{place}')");
    let known = format!("CONCAT({prefix}, '{}:{place}')", short(&build.id));
    let [register, beat, leave] = heartbeat(arriving, set, &unique_id(), (&*tables.instances, NOW_MS)).unwrap_or_else(|| {
        [
            format!("SELECT GET_LOCK({here}, 0) = 1 AND GET_LOCK({known}, 0) = 1"),
            format!("SELECT COALESCE(IS_USED_LOCK({here}) = CONNECTION_ID() AND IS_USED_LOCK({known}) = CONNECTION_ID(), 0)"),
            format!("SELECT RELEASE_LOCK({known}), RELEASE_LOCK({here})"),
        ]
    });
    Words {
        register,
        door: format!("SELECT IS_FREE_LOCK(CONCAT({prefix}, 'door')) = 0"),
        beat,
        leave,
        known: format!(
            "SELECT 1 FROM {} WHERE set_name = '{set}' AND build = '{}'",
            tables.builds, build.id
        ),
        enroll: format!(
            "INSERT IGNORE INTO {} (set_name, build, versions, first_ms) VALUES ('{set}', '{}', '{}', {NOW_MS})",
            tables.builds,
            build.id,
            versions_text(build)
        ),
        arrived: format!(
            "INSERT INTO {} (set_name, build, first_ms, last_ms, instance) VALUES ('{set}', '{}', {NOW}, {NOW}, '{}') \
             ON DUPLICATE KEY UPDATE last_ms = GREATEST(last_ms, VALUES(last_ms)), instance = VALUES(instance)",
            tables.arrivals,
            build.id,
            tame(&arriving.instance)
        ),
    }
}

/// A connection of its own.
pub(super) struct MysqlLine {
    connection: Option<MySqlConnection>,
    connect: Arc<MySqlConnectOptions>,
    closed: sqlx::pool::CloseEvent,
}

impl MysqlLine {
    pub(super) fn new(
        connection: MySqlConnection,
        connect: Arc<MySqlConnectOptions>,
        closed: sqlx::pool::CloseEvent,
    ) -> Self {
        Self {
            connection: Some(connection),
            connect,
            closed,
        }
    }
}

#[async_trait]
impl Line for MysqlLine {
    async fn ask(&mut self, sql: &str) -> (Vec<Vec<Option<String>>>, Option<DatabaseError>) {
        let Some(connection) = self.connection.as_mut() else {
            return (Vec::new(), Some(refused(sqlx::Error::PoolClosed, sql)));
        };
        let results = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).fetch_many(connection);
        let (rows, error) = texts_until_error(results).await;
        (rows, error.map(|error| refused(error, sql)))
    }

    async fn reconnect(&mut self) -> Result<(), DatabaseError> {
        self.connection = None;
        let connection = MySqlConnection::connect_with(&self.connect).await;
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

impl MysqlBackend {
    pub(super) async fn look_around(
        &mut self,
        namespace: &Namespace,
        builds: &[&str],
    ) -> Result<Around, DatabaseError> {
        let prefix = prefix(namespace);
        let mut used: Vec<(u64, u64)> = numbers(self.raw(&holders(&prefix, "")).await?);
        let mut around = Around::default();
        let mut known = self.builds_of(&prefix, &used, builds).await?;
        // Whoever leaves or comes in between seems to be of an unknown build. What stays so is.
        for _ in 0..SECOND_LOOKS {
            let is_known = |place: u64| known.iter().any(|(other, _)| *other == place);
            let unknown: Vec<(u64, u64)> = used
                .iter()
                .copied()
                .filter(|(place, _)| !is_known(*place))
                .collect();
            if unknown.is_empty() {
                break;
            }
            Delay::new(SECOND_LOOK).await;
            let asked: Vec<String> = unknown
                .iter()
                .map(|(place, holder)| {
                    format!(
                        "SELECT {place}, {holder} FROM DUAL WHERE IS_USED_LOCK(CONCAT({prefix}, '{place}')) = {holder}"
                    )
                })
                .collect();
            let still: Vec<(u64, u64)> = numbers(self.raw(&asked.join(" UNION ALL ")).await?);
            used.retain(|seen| !unknown.contains(seen) || still.contains(seen));
            known.extend(self.builds_of(&prefix, &still, builds).await?);
        }
        let connected =
            "SELECT ID, CONCAT(USER, ' ', HOST, ' connection ', ID) FROM information_schema.PROCESSLIST";
        let connected = self.raw(connected).await?;
        let about = |holder: u64| {
            let id = holder.to_string();
            let row = connected
                .iter()
                .find(|row| row.first().and_then(Option::as_deref) == Some(&*id));
            row.and_then(|row| row.get(1).cloned().flatten())
        };
        for (place, holder) in &used {
            let index = known
                .iter()
                .find(|(other, _)| other == place)
                .map(|(_, index)| *index);
            around.seen.push(Seen {
                name: about(*holder).unwrap_or_else(|| format!("connection {holder}")),
                build: index
                    .and_then(|index| builds.get(usize::try_from(index).ok()?))
                    .map_or(SeenBuild::Unknown, |build| SeenBuild::Known((*build).to_owned())),
            });
        }
        around.others = told(&self.strangers(&prefix).await?);
        let sees_all = "SELECT COUNT(*) FROM information_schema.USER_PRIVILEGES WHERE PRIVILEGE_TYPE = 'PROCESS' \
                        AND REPLACE(GRANTEE, '''', '') = CURRENT_USER()";
        let sees_all = self.raw(sees_all).await?.into_iter().flatten().flatten().next();
        if sees_all.as_deref() == Some("0") {
            around.blind.push(
                "the user may not see connections of others: `GRANT PROCESS ON *.*` to it, or name `*` with \
                 `ignore_application`"
                    .to_owned(),
            );
        }
        let up = self.raw("SHOW GLOBAL STATUS LIKE 'Uptime'").await?;
        let up = up.into_iter().flatten().flatten().nth(1);
        around.up = up
            .and_then(|seconds| seconds.parse().ok())
            .map(Duration::from_secs);
        Ok(around)
    }

    /// The connections that nothing accounts for, looked at once more where there are any: what is only just made may be
    /// about to say who it is. Neither server knows names of applications: a connection is accounted for whose user and
    /// address are those of one that holds a lock of ours.
    async fn strangers(&mut self, prefix: &str) -> Result<Vec<Stranger>, DatabaseError> {
        let mut found = self.strangers_now(prefix).await?;
        if !found.is_empty() {
            Delay::new(SECOND_LOOK).await;
            let alive = "SELECT ID FROM information_schema.PROCESSLIST";
            let alive: Vec<String> = self.raw(alive).await?.into_iter().flatten().flatten().collect();
            let again = self.strangers_now(prefix).await?;
            let still = |id: u64| again.iter().any(|other| other.id == id);
            // Who is gone meanwhile did not say who it was.
            found.retain(|one| still(one.id) || !alive.contains(&one.id.to_string()));
        }
        Ok(found)
    }

    async fn strangers_now(&mut self, prefix: &str) -> Result<Vec<Stranger>, DatabaseError> {
        let mut ours = numbers(self.raw(&holders(prefix, "")).await?);
        ours.extend(numbers(self.raw(&holders(prefix, "work:")).await?));
        let processes = "SELECT ID, USER, HOST, COALESCE(DB = DATABASE(), 0), ID = CONNECTION_ID() \
                         FROM information_schema.PROCESSLIST";
        let mut connected: Vec<(Stranger, bool, bool)> = Vec::new();
        for row in self.raw(processes).await? {
            let [Some(id), Some(user), Some(host), Some(here), Some(own)] = &row[..] else {
                continue;
            };
            let Ok(id) = id.parse() else { continue };
            let is_ours = own == "1" || ours.iter().any(|(_, holder)| *holder == id);
            let stranger = Stranger {
                id,
                name: user.clone(),
                from: address(host).to_owned(),
                named: true,
            };
            connected.push((stranger, is_ours, here == "1"));
        }
        let vouch: Vec<(String, String)> = connected
            .iter()
            .filter(|(_, is_ours, _)| *is_ours)
            .map(|(one, ..)| (one.name.clone(), one.from.clone()))
            .collect();
        let is_vouched = |one: &Stranger| {
            vouch
                .iter()
                .any(|(name, from)| *name == one.name && *from == one.from)
        };
        let strangers = connected
            .into_iter()
            .filter(|(one, is_ours, here)| *here && !is_ours && !is_vouched(one));
        Ok(strangers.map(|(one, ..)| one).collect())
    }

    /// The places of which it is known which of the builds holds them, with its index.
    async fn builds_of(
        &mut self,
        prefix: &str,
        used: &[(u64, u64)],
        builds: &[&str],
    ) -> Result<Vec<(u64, u64)>, DatabaseError> {
        let mut known = Vec::new();
        for chunk in used.chunks(50).filter(|_| !builds.is_empty()) {
            let asked: Vec<String> = chunk
                .iter()
                .flat_map(|(place, holder)| {
                    builds.iter().enumerate().map(move |(index, build)| {
                        format!(
                            "SELECT {place}, {index} FROM DUAL WHERE \
                             IS_USED_LOCK(CONCAT({prefix}, '{}:{place}')) = {holder}",
                            short(build)
                        )
                    })
                })
                .collect();
            known.extend(numbers(self.raw(&asked.join(" UNION ALL ")).await?));
        }
        Ok(known)
    }

    pub(super) async fn take_door(&mut self, namespace: &Namespace) -> Result<bool, DatabaseError> {
        let sql = format!("SELECT GET_LOCK(CONCAT({}, 'door'), 0)", prefix(namespace));
        let rows = self.raw(&sql).await?;
        Ok(rows.into_iter().flatten().flatten().next().as_deref() == Some("1"))
    }

    pub(super) async fn give_door(&mut self, namespace: &Namespace) -> Result<(), DatabaseError> {
        let sql = format!("SELECT RELEASE_LOCK(CONCAT({}, 'door'))", prefix(namespace));
        self.raw(&sql).await.map(drop)
    }
}

/// The query of who holds the places whose names begin so: the place, and the number of the connection.
fn holders(prefix: &str, kind: &str) -> String {
    let digits = |name: &str| {
        let rows: Vec<String> = (1..10).map(|digit| format!("UNION ALL SELECT {digit}")).collect();
        format!("(SELECT 0 AS d {}) {name}", rows.join(" "))
    };
    format!(
        "SELECT n, holder FROM (SELECT n, IS_USED_LOCK(CONCAT({prefix}, '{kind}', n)) AS holder FROM \
         (SELECT a.d + 10 * b.d + 100 * c.d AS n FROM {}, {}, {}) places) used WHERE holder IS NOT NULL",
        digits("a"),
        digits("b"),
        digits("c")
    )
}

/// The address of a `HOST` of the process list, without the port of the connection.
fn address(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((address, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => address,
        _ => host,
    }
}

fn numbers(rows: Vec<Vec<Option<String>>>) -> Vec<(u64, u64)> {
    let number = |row: &[Option<String>], index: usize| row.get(index)?.as_deref()?.parse().ok();
    rows.iter()
        .filter_map(|row| Some((number(row, 0)?, number(row, 1)?)))
        .collect()
}
