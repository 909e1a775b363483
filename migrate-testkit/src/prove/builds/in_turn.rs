//! Two builds that write in turn: what one writes neither refuses nor undoes what the other writes next.
//!
//! All of it is one transaction that is taken back, so that each pair of writes begins with the same rows, and so do the
//! other parts of the check. What has to hold at the end of a transaction is asked for at the end of each write.

use std::collections::BTreeSet;

use migrate_core::{Dialect, Migration};
use sqlx::error::ErrorKind;

use super::check::{Step, Walk, words};
use super::near::{are_near, meet, shared};
use super::query::Query;
use super::told::{after, place};
use super::values::Maker;
use crate::contents::{self, Contents, Named};
use crate::database::TestKind;
use crate::error::Error;
use crate::link::{Link as _, Value, message};
use crate::prove::finding::Finding;
use crate::structure::Tables;

/// One write: of which query, with which values.
#[derive(Clone)]
struct Turn {
    traveller: usize,
    name: String,
    values: Vec<Vec<Value>>,
}

/// What became of writes in turn.
enum Ended {
    Well,
    /// The write at that place is undone by the next one.
    Undone(usize, String),
    /// The last of the turns was refused.
    Refused(Vec<Turn>, sqlx::Error),
}

/// The writes of two builds, and the tables that they name.
struct Pair {
    one: usize,
    other: usize,
    /// On whose connection they run.
    link: usize,
    shared: Tables,
}

impl<K: TestKind> Walk<'_, K> {
    /// Each write of a build in turn with those of the others that it does not have itself: what both have they can do to
    /// each other without a second build.
    pub(super) async fn in_turn(&mut self, tables: &Tables, step: Step<'_>) -> Result<(), Error> {
        let failed = |error| Error::caused("cannot run the writes of two builds in turn", error);
        let live: Vec<usize> = (0..self.builds.len())
            .filter(|build| self.is_live(*build))
            .collect();
        let groups = self.groups();
        for (at, &first) in live.iter().enumerate() {
            for &second in &live[at + 1..] {
                for one in self.of(first, true) {
                    for other in self.of(second, true) {
                        if self.knows(first, other) || self.knows(second, one) {
                            continue;
                        }
                        let broken = |index: usize| self.travellers[index].broken;
                        let (a, b) = (self.query(one), self.query(other));
                        if broken(one) || broken(other) || !are_near(a, b, tables, &groups) {
                            continue;
                        }
                        let pair = Pair {
                            one,
                            other,
                            link: first,
                            shared: shared(a, b, tables),
                        };
                        self.pair(&pair, tables, step).await.map_err(failed)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn query(&self, traveller: usize) -> &Query {
        self.travellers[traveller].query
    }

    /// Whether a build has that query too.
    fn knows(&self, build: usize, traveller: usize) -> bool {
        let sql = &self.travellers[traveller].query.sql;
        self.builds[build].queries.iter().any(|query| query.sql == *sql)
    }

    /// Tables that a trigger may tie together: those of which a migration with a trigger or a sync speaks.
    fn groups(&self) -> Vec<BTreeSet<String>> {
        let ties = |migration: &&Migration| {
            let text = migration.up.text.to_lowercase();
            self.applied.contains(&migration.version)
                && (!migration.sync.is_empty() || text.contains("trigger"))
        };
        let tied = self.prove.set.migrations.iter().filter(ties);
        let group = tied.map(|migration| {
            let syncs: Vec<String> = migration.sync.iter().map(ToString::to_string).collect();
            words(syncs.iter().map(String::as_str).chain([&*migration.up.text]))
        });
        group.collect()
    }

    async fn pair(&mut self, pair: &Pair, tables: &Tables, step: Step<'_>) -> Result<(), sqlx::Error> {
        let Pair { one, other, .. } = *pair;
        let mut orders = vec![vec![one, other, one, other]];
        let mut repeats = Vec::new();
        for traveller in [one, other] {
            match self.repeats(traveller, pair, tables).await? {
                Some(true) => repeats.push(traveller),
                Some(false) => {}
                // Not even by itself: that is told elsewhere.
                None => return Ok(()),
            }
        }
        if repeats.len() < 2 {
            orders.push(vec![other, one, other]);
            for order in &mut orders {
                let mut seen = BTreeSet::new();
                order.retain(|traveller| seen.insert(*traveller) || repeats.contains(traveller));
            }
        }
        for order in orders {
            let ended = self.run_in_turn(&order, pair, tables, true).await?;
            let told = match ended {
                Ended::Well => false,
                Ended::Undone(at, how) => {
                    self.told_undone((order[at], order[at + 1]), &how, step);
                    true
                }
                Ended::Refused(turns, error) => {
                    self.refused(&turns, &error, &repeats, pair, tables, step).await?
                }
            };
            if told {
                break;
            }
        }
        Ok(())
    }

    /// Whether a write can be done twice with the same values, if it can be done at all.
    async fn repeats(
        &mut self,
        traveller: usize,
        pair: &Pair,
        tables: &Tables,
    ) -> Result<Option<bool>, sqlx::Error> {
        let ended = self
            .run_in_turn(&[traveller, traveller], pair, tables, false)
            .await?;
        Ok(match ended {
            Ended::Refused(turns, _) if turns.len() == 1 => None,
            Ended::Refused(..) => Some(false),
            Ended::Well | Ended::Undone(..) => Some(true),
        })
    }

    /// Runs writes one after the other, each again with the values that it had before, and takes them back.
    async fn run_in_turn(
        &mut self,
        order: &[usize],
        pair: &Pair,
        tables: &Tables,
        judge: bool,
    ) -> Result<Ended, sqlx::Error> {
        self.begin(pair.link).await?;
        let mut turns: Vec<Turn> = Vec::new();
        let mut states: Vec<Contents> = Vec::new();
        let mut ended = Ended::Well;
        for &traveller in order {
            let before = turns.iter().find(|turn| turn.traveller == traveller).cloned();
            let turn = match before {
                Some(turn) => turn,
                None => match self.turn(traveller, &turns, pair.link, tables).await {
                    Ok(turn) => turn,
                    // Nothing suits it here; without it there is nothing to judge.
                    Err(error) if error.as_database_error().is_some() => break,
                    Err(error) => return Err(error),
                },
            };
            turns.push(turn);
            if let Err(error) = self.take(turns.last(), pair.link).await {
                if error.as_database_error().is_none() {
                    return Err(error);
                }
                ended = Ended::Refused(turns, error);
                break;
            }
            if !judge {
                continue;
            }
            states.push(contents::read(&mut self.links[pair.link], K::DIALECT, &pair.shared).await?);
            if let [.., before, first, second] = &states[..] {
                let at = states.len() - 2;
                let names = |traveller: usize| words([&*self.query(traveller).sql].into_iter());
                let (written, next) = (names(order[at]), names(order[at + 1]));
                let named = Named {
                    first: |column: &str| written.contains(&column.to_lowercase()),
                    second: |column: &str| next.contains(&column.to_lowercase()),
                };
                if let Some(how) = before.undone((first, second), &pair.shared, &named) {
                    ended = Ended::Undone(at, how);
                    break;
                }
            }
        }
        self.links[pair.link].execute("ROLLBACK").await?;
        Ok(ended)
    }

    async fn begin(&mut self, link: usize) -> Result<(), sqlx::Error> {
        let link = &mut self.links[link];
        link.execute("BEGIN").await?;
        if K::DIALECT == Dialect::Postgres {
            link.execute("SET CONSTRAINTS ALL IMMEDIATE").await?;
        }
        Ok(())
    }

    async fn take(&mut self, turn: Option<&Turn>, link: usize) -> Result<(), sqlx::Error> {
        let Some(turn) = turn else { return Ok(()) };
        let sql = &self.travellers[turn.traveller].query.sql;
        for values in &turn.values {
            self.runs += 1;
            self.links[link].run(&turn.name, sql, values).await?;
        }
        Ok(())
    }

    /// A write that is ready, with values that meet the rows of the writes before it where they can.
    async fn turn(
        &mut self,
        traveller: usize,
        before: &[Turn],
        link: usize,
        tables: &Tables,
    ) -> Result<Turn, sqlx::Error> {
        let query = self.travellers[traveller].query;
        self.names += 1;
        let name = format!("turn_{}", self.names);
        self.links[link].prepare(&name, &query.sql).await?;
        let mut values = query.values.clone();
        if values.is_empty() {
            let mut maker = Maker {
                dialect: K::DIALECT,
                // What was written in this transaction is seen by nobody else.
                link: &mut self.links[link],
                seeder: &mut self.seeder,
                tables,
            };
            let mut made = maker.values(query, 0).await?;
            if let Some(last) = before.last() {
                meet(
                    &mut made,
                    query,
                    (self.query(last.traveller), &last.values),
                    tables,
                );
            }
            values.push(made);
        }
        Ok(Turn {
            traveller,
            name,
            values,
        })
    }

    /// Tells a refusal if it takes both builds, and nothing that can happen within one of them.
    async fn refused(
        &mut self,
        turns: &[Turn],
        error: &sqlx::Error,
        repeats: &[usize],
        pair: &Pair,
        tables: &Tables,
        step: Step<'_>,
    ) -> Result<bool, sqlx::Error> {
        let Some((last, before)) = turns.split_last() else {
            return Ok(false);
        };
        let is_unique = |error: &sqlx::Error| {
            let error = error.as_database_error();
            error.is_some_and(|error| error.kind() == ErrorKind::UniqueViolation)
        };
        // What was made up may have ended the transaction of PostgreSQL before; and what cannot follow itself either is given
        // the same key in both builds.
        let was_ended = reason(error).0.as_deref() == Some("25P02");
        if was_ended || before.is_empty() || (is_unique(error) && !repeats.contains(&last.traveller)) {
            return Ok(false);
        }
        let build_of: Vec<usize> = self.travellers.iter().map(|traveller| traveller.build).collect();
        let build = |turn: &Turn| build_of[turn.traveller];
        let own_build = build(last);
        let mut own: Vec<Turn> = before
            .iter()
            .filter(|turn| build(turn) == own_build)
            .cloned()
            .collect();
        own.push(last.clone());
        if self.refuses(&own, error, pair.link).await? {
            return Ok(false);
        }
        // Other writes of either build that meet the same refusal: the application knows it already.
        let other = before[before.len() - 1].clone();
        for (build, with, first) in [(own_build, last, false), (build(&other), &other, true)] {
            for write in self.of(build, true) {
                let is_it = write == with.traveller;
                if is_it || !are_near(self.query(write), self.query(with.traveller), tables, &[]) {
                    continue;
                }
                self.begin(pair.link).await?;
                let turn = self
                    .turn(write, std::slice::from_ref(with), pair.link, tables)
                    .await;
                self.links[pair.link].execute("ROLLBACK").await?;
                let Ok(turn) = turn else { continue };
                let both = match first {
                    true => [with.clone(), turn],
                    false => [turn, with.clone()],
                };
                if self.refuses(&both, error, pair.link).await? {
                    return Ok(false);
                }
            }
        }
        self.told_refused(turns, error, step);
        Ok(true)
    }

    /// Whether the last of the writes is refused for the same reason.
    async fn refuses(
        &mut self,
        turns: &[Turn],
        as_with: &sqlx::Error,
        link: usize,
    ) -> Result<bool, sqlx::Error> {
        self.begin(link).await?;
        let mut refused = None;
        for turn in turns {
            if let Err(error) = self.take(Some(turn), link).await {
                refused = Some(error);
                break;
            }
        }
        self.links[link].execute("ROLLBACK").await?;
        Ok(refused.is_some_and(|error| reason(&error) == reason(as_with)))
    }

    fn told_refused(&mut self, turns: &[Turn], error: &sqlx::Error, step: Step<'_>) {
        let Some((last, [.., before])) = turns.split_last() else {
            return;
        };
        let called = |turn: &Turn| self.called(turn.traveller);
        let seen = message(error);
        let order: Vec<String> = turns.iter().map(called).collect();
        let finding = Finding::new(
            format!(
                "{} fails {}, once {} has written",
                called(last),
                after(step),
                called(before)
            ),
            "let both builds get along with what the other one writes while both run: numbers from one place, such as a default that both use \
             or a trigger that counts the other's; rows that may go although the other build refers to them",
        );
        let (sql, other) = (&self.query(last.traveller).sql, &self.query(before.traveller).sql);
        let finding = place(finding, step, (sql, &seen))
            .body(format!("in turn: {}", order.join("; ")))
            .body(other)
            .body(sql)
            .body(format!("=> {seen}"))
            .client(self.chain.client());
        self.findings.push(finding);
        self.travellers[last.traveller].broken = true;
    }

    fn told_undone(&mut self, (first, second): (usize, usize), how: &str, step: Step<'_>) {
        let finding = Finding::new(
            format!(
                "what {} writes is undone by {} {}",
                self.called(first),
                self.called(second),
                after(step)
            ),
            "let a write that does not know a column leave it alone: an UPDATE, or an INSERT that updates on conflict, instead of REPLACE; a trigger \
             only where the column that it follows changes. Or keep what is new in a table of its own until that build is gone",
        );
        let (written, sql) = (&self.query(first).sql, &self.query(second).sql);
        let finding = place(finding, step, (sql, how))
            .body(written)
            .body(sql)
            .body(format!("=> {how}"))
            .client(self.chain.client());
        self.findings.push(finding);
        self.travellers[second].broken = true;
    }

    fn called(&self, traveller: usize) -> String {
        let traveller = &self.travellers[traveller];
        format!(
            "{} of build {}",
            traveller.query.name, self.builds[traveller.build].name
        )
    }
}

/// Why the database refused something, without the values.
fn reason(error: &sqlx::Error) -> (Option<String>, String) {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    let text = message(error);
    let key = text.split_once(" for key ").map(|(_, key)| key.to_owned());
    (code.map(String::from), key.unwrap_or(text))
}
