//! Two builds that write while their rows are moved, and what each was told of its writes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::shape::Shape;
use crate::database::{Client, Kind, Written};
use crate::settings::Random;

/// How many writers there are: one of the old build, one of the new one, and one that is both by turns.
pub(super) const WRITERS: u64 = 3;

/// Rows that are there before have multiples of this as their keys.
pub(super) const APART: u64 = 10;

/// What a row may hold: name and nick, or no row.
type Held = Option<(String, String)>;

/// What is known of one row.
#[derive(Clone, Debug)]
pub(super) struct Known {
    /// One where the last write was answered; two where its answer was lost.
    pub(super) held: Vec<Held>,
    /// Whether it was there before the backfill.
    pub(super) initial: bool,
    /// Whether somebody wrote it, or may have.
    pub(super) touched: bool,
    /// Whether it was deleted at some time, or may have been.
    pub(super) deleted: bool,
}

/// What is known of every row that ever was.
pub(super) type Log = BTreeMap<u64, Known>;

/// The rows before the backfill, none of which is moved.
pub(super) fn initial(shape: Shape, rows: u64) -> Log {
    let known = |key: u64| Known {
        held: vec![Some(shape.of_old_build(&format!("r {key}")))],
        initial: true,
        touched: false,
        deleted: false,
    };
    (1..=rows).map(|row| (row * APART, known(row * APART))).collect()
}

pub(super) struct Writer {
    pub(super) number: u64,
    pub(super) shape: Shape,
    pub(super) kind: Kind,
    pub(super) url: String,
    /// The rows that are this one's; nobody else writes them.
    pub(super) log: Log,
    pub(super) rows: u64,
    pub(super) random: Random,
}

/// What a writer did.
pub(super) struct Done {
    pub(super) log: Log,
    pub(super) answered: u64,
    pub(super) lost: u64,
}

impl Writer {
    /// Writes at full speed until it is told to stop.
    pub(super) async fn run(mut self, stop: &AtomicBool) -> Done {
        let (mut answered, mut lost, mut count) = (0, 0, 0);
        let mut client = None;
        while !stop.load(Ordering::Relaxed) {
            let connected = match client.take() {
                Some(connected) => connected,
                // The server may be down.
                None => match Client::try_connect(self.kind, &self.url, 1).await {
                    Ok(connected) => connected,
                    Err(_) => {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        continue;
                    }
                },
            };
            count += 1;
            let Some((key, sql, after)) = self.next(count) else {
                client = Some(connected);
                continue;
            };
            match connected.write(&sql).await {
                Written::Rows(rows) => {
                    assert_eq!(rows, 1, "{sql}: the row is not as the last answer left it");
                    self.note(key, vec![after]);
                    answered += 1;
                }
                Written::Refused => tokio::time::sleep(Duration::from_millis(1)).await,
                Written::Lost => {
                    // The statement may still run there, so the row is left alone from now on.
                    let before = self.held(key);
                    self.note(key, vec![before, after]);
                    lost += 1;
                    continue;
                }
            }
            client = Some(connected);
        }
        Done {
            log: self.log,
            answered,
            lost,
        }
    }

    fn held(&self, key: u64) -> Held {
        self.log.get(&key).and_then(|known| known.held[0].clone())
    }

    fn note(&mut self, key: u64, held: Vec<Held>) {
        let known = self.log.entry(key).or_insert(Known {
            held: Vec::new(),
            initial: false,
            touched: true,
            deleted: false,
        });
        known.touched = true;
        known.deleted |= held.contains(&None);
        known.held = held;
    }

    /// A write, and what its row holds after it; `None` where that row cannot be written.
    fn next(&mut self, count: u64) -> Option<(u64, String, Held)> {
        let is_insert = self.random.below(4) == 0;
        let key = match is_insert {
            // Between the others, and behind them.
            true => self.random.below(self.rows * 5 / 4) * APART + 1 + self.number,
            false => {
                let from = self.random.below(self.rows * APART);
                *self.log.range(from..).next()?.0
            }
        };
        if self.log.get(&key).is_some_and(|known| known.held.len() > 1) {
            return None;
        }
        let is_there = self.held(key).is_some();
        let is_new = match self.number {
            0 => false,
            1 => true,
            _ => self.random.below(2) == 0,
        };
        let value = format!("w {} {count}", self.number);
        let (column, after) = match is_new {
            true => ("nick", self.shape.of_new_build(&value)),
            false => ("name", self.shape.of_old_build(&value)),
        };
        let shown = self.shape.key(key);
        match (is_there, is_insert) {
            (false, _) => {
                let sql = format!("INSERT INTO items (id, {column}) VALUES ({shown}, '{value}')");
                Some((key, sql, Some(after)))
            }
            (true, true) => None,
            (true, false) if self.random.below(4) == 0 => {
                Some((key, format!("DELETE FROM items WHERE id = {shown}"), None))
            }
            (true, false) => {
                let sql = format!("UPDATE items SET {column} = '{value}' WHERE id = {shown}");
                Some((key, sql, Some(after)))
            }
        }
    }
}
