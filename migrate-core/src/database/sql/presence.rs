//! Registrations that a connection of their own holds.
//!
//! Architecture invariant: an instance registers first, then looks whether a contract is being applied, and only then
//! reads the history; who applies a contract closes the door first, and then looks who is registered. So one of the two
//! always sees the other.

use async_trait::async_trait;
use futures_util::stream::{Stream, StreamExt as _};
use sqlx::{ColumnIndex, Decode, Either, Row};

use super::backend::DatabaseError;
use super::connection_error;
use super::ledger::Texts;
use super::reading::rows_of_history;
use super::rows::texts;
use crate::database::presence::{Arriving, Beat, Presence};
use crate::error::{Error, Kind};
use crate::history::Standing;
use crate::live::Liveness;

/// A connection of its own, to one kind of server.
#[async_trait]
pub(in crate::database) trait Line: Send {
    /// Sends statements in one round trip. Gives back the rows of those that went well, and the error behind them.
    async fn ask(&mut self, sql: &str) -> (Vec<Texts>, Option<DatabaseError>);
    /// Connects again.
    async fn reconnect(&mut self) -> Result<(), DatabaseError>;
    /// Drops the connection as it is.
    fn drop_connection(&mut self);
    async fn abandoned(&mut self);
    async fn close(self: Box<Self>);
}

/// The rows of several statements as texts, up to the first error.
pub(in crate::database) async fn texts_until_error<R, D>(
    mut results: impl Stream<Item = Result<Either<D, R>, sqlx::Error>> + Unpin,
) -> (Vec<Texts>, Option<sqlx::Error>)
where
    R: Row,
    usize: ColumnIndex<R>,
    for<'r> Option<String>: Decode<'r, R::Database>,
    for<'r> String: Decode<'r, R::Database>,
{
    let mut rows = Vec::new();
    while let Some(result) = results.next().await {
        let row = match result {
            Ok(Either::Left(_)) => continue,
            Ok(Either::Right(row)) => texts(&row),
            Err(error) => Err(error),
        };
        match row {
            Ok(row) => rows.push(row),
            Err(error) => return (rows, Some(error)),
        }
    }
    (rows, None)
}

/// What is said over it.
pub(in crate::database) struct Words {
    /// Registers; its only row begins with `1` or `t` where that went well.
    pub(in crate::database) register: String,
    /// Its only row begins with `1` or `t` where a contract is being applied.
    pub(in crate::database) door: String,
    /// Shows that the instance lives; its only row begins with `1` where it is registered.
    pub(in crate::database) beat: String,
    /// Ends the registration.
    pub(in crate::database) leave: String,
    /// Its row tells that the build is known.
    pub(in crate::database) known: String,
    /// Makes it known.
    pub(in crate::database) enroll: String,
    /// Writes down that an instance of the build lives, with [`NOW`] for the time.
    pub(in crate::database) arrived: String,
}

/// What stands for the time in what is said later.
pub(in crate::database) const NOW: &str = "$now$";

/// What an instance says, with a place chosen anew.
pub(in crate::database) type Reword = Box<dyn Fn() -> Words + Send>;

/// How many places are tried when a registration was lost: the server may not have noticed that the connection before is
/// gone, which holds its place for that long.
const PLACES_TRIED: u32 = 5;

/// A registration that a connection holds.
pub(in crate::database) struct SqlPresence {
    line: Box<dyn Line>,
    words: Words,
    /// Finds other words where a place is taken.
    reword: Reword,
    /// The query of the history.
    select: String,
    arriving: Arriving,
    /// Whether the build is known.
    enrolled: bool,
    /// How often it was asked since then whether the instance is registered.
    beats: u32,
}

/// What came back of an arrival.
pub(in crate::database) struct Answer {
    pub(in crate::database) registered: bool,
    pub(in crate::database) door_closed: bool,
    /// The rows of the query behind.
    pub(in crate::database) rows: Vec<Texts>,
    pub(in crate::database) error: Option<DatabaseError>,
}

fn is_yes(row: Option<&Texts>) -> bool {
    let first = row.and_then(|row| row.first()).and_then(Option::as_deref);
    matches!(first, Some("1" | "t"))
}

/// Registers, looks at the door and asks `query`, in one round trip.
pub(in crate::database) async fn arrive(line: &mut dyn Line, words: &Words, query: &str) -> Answer {
    let sql = format!("{}; {}; {query}", words.register, words.door);
    let (rows, error) = line.ask(&sql).await;
    let mut rows = rows.into_iter();
    let registered = is_yes(rows.next().as_ref());
    let door_closed = is_yes(rows.next().as_ref());
    Answer {
        registered,
        door_closed,
        rows: rows.collect(),
        error,
    }
}

impl SqlPresence {
    pub(in crate::database) fn new(
        line: Box<dyn Line>,
        words: Words,
        reword: Reword,
        select: String,
        arriving: Arriving,
    ) -> Self {
        Self {
            line,
            words,
            reword,
            select,
            arriving,
            enrolled: false,
            beats: 0,
        }
    }

    /// Makes the build known. Where that may not be written, others cannot tell what the build embeds, and wait.
    async fn enroll(&mut self) {
        let (rows, mut error) = self.line.ask(&self.words.known).await;
        if rows.is_empty() && error.is_none() {
            (_, error) = self.line.ask(&self.words.enroll).await;
        }
        self.enrolled = error.is_none();
    }
}

#[async_trait]
impl Presence for SqlPresence {
    async fn beat(&mut self) -> Result<Beat, Error> {
        let (rows, error) = self.line.ask(&self.words.beat).await;
        if error.is_none() && is_yes(rows.last()) {
            // A role that may not write is not asked to at each beat.
            self.beats = self.beats.saturating_add(1);
            if !self.enrolled && self.beats.is_power_of_two() {
                self.enroll().await;
            }
            return Ok(Beat::Held);
        }
        let lost = |error| connection_error("the instance cannot register", error);
        self.line.reconnect().await.map_err(lost)?;
        for _ in 0..PLACES_TRIED {
            let (rows, error) = self.line.ask(&self.words.register).await;
            match error {
                None if is_yes(rows.first()) => return Ok(Beat::Again),
                None => self.words = (self.reword)(),
                Some(error) => return Err(lost(error)),
            }
        }
        Err(Error::new(
            Kind::Connection,
            "the instance cannot register: its places are taken",
        ))
    }

    async fn look(&mut self) -> Result<Option<Standing>, Error> {
        let (rows, error) = self
            .line
            .ask(&format!("{}; {}", self.words.door, self.select))
            .await;
        if let Some(error) = error {
            return Err(connection_error("the history cannot be read", error));
        }
        let mut rows = rows.into_iter();
        if is_yes(rows.next().as_ref()) {
            return Ok(None);
        }
        Ok(Some(rows_of_history(rows.collect())?.standing()))
    }

    async fn tell(&mut self) -> bool {
        let now = self.arriving.now_ms().to_string();
        let (_, error) = self.line.ask(&self.words.arrived.replace(NOW, &now)).await;
        error.is_none()
    }

    fn give_up(&mut self) {
        self.line.drop_connection();
    }

    async fn abandoned(&mut self) {
        self.line.abandoned().await;
    }

    async fn leave(mut self: Box<Self>) {
        let _ = self.line.ask(&self.words.leave).await;
        self.line.close().await;
    }
}

/// The statements of a heartbeat, whose row is called `id`. `now` is the SQL of the time, `instances` the table.
pub(in crate::database) fn heartbeat(
    arriving: &Arriving,
    set: &str,
    id: &str,
    (instances, now): (&str, &str),
) -> Option<[String; 3]> {
    let Liveness::Heartbeat { window, .. } = arriving.liveness else {
        return None;
    };
    let own = format!("set_name = '{set}' AND id = '{id}'");
    let in_time = format!("{own} AND beat_ms + window_ms >= {now}");
    let insert = format!(
        "DELETE FROM {instances} WHERE {own}; INSERT INTO {instances} (set_name, id, build, instance, beat_ms, window_ms) \
         VALUES ('{set}', '{id}', '{}', '{}', {now}, {}); SELECT 1",
        arriving.build.id,
        super::live::tame(&arriving.instance),
        window.as_millis()
    );
    // Who comes back behind its window counted as gone meanwhile, and has to register anew.
    let beat = format!(
        "UPDATE {instances} SET beat_ms = {now} WHERE {in_time}; SELECT count(*) FROM {instances} WHERE {in_time}"
    );
    let leave = format!("DELETE FROM {instances} WHERE {own}");
    Some([insert, beat, leave])
}
