//! Single rows of a copy: seen on both sides, and written as the statement makes them, unless somebody was faster.

use std::collections::BTreeMap;

use super::super::key::{Binder, encoded};
use super::super::statement::{Prepared, batched};
use super::super::{SqlMover, stumbled};
use super::{Copy, Paired, Rows, field, joined};
use crate::database::mover::{Job, Seen, Stumble};
use crate::database::sql::ledger::Texts;
use crate::model::Dialect;

/// What a row of the other table is called in our statements.
const COPY: &str = "migrate_copy";
const DOTTED_COPY: &str = "migrate_copy.";

impl Copy {
    /// Why single rows cannot be repaired, where they cannot.
    pub(in crate::database::sql::backfill) fn whole_only(&self) -> Option<&str> {
        self.whole_only.as_deref()
    }

    /// Whether there are values of which only a comparison of one row with the other tells whether they are the same.
    pub(in crate::database::sql::backfill) fn has_values_without_text(&self) -> bool {
        self.own().next().is_some()
    }

    /// The query of both sides of these keys, row by row: which side it is, the key, and what is in the row.
    fn each(
        &self,
        prepared: &Prepared,
        paired: &Paired,
        row: &str,
        keys: &[String],
        binder: &mut Binder,
    ) -> String {
        let sides = self.sides(prepared, paired, row, Rows::Among(keys), binder);
        let [said, own] = self.said(|place| format!("c{place}"));
        let one = |side: &str| {
            let texts = paired.both.texts("").join(", ");
            format!("SELECT '{side}', {texts}, {said}, {own} FROM migrate_{side}")
        };
        format!("{sides} {} UNION ALL {}", one("source"), one("target"))
    }

    /// What is in a row, as two short texts: of the columns whose values are compared, the same for equal rows of both
    /// sides; and of those whose values have another text before they are written.
    fn said(&self, value: impl Fn(usize) -> String) -> [String; 2] {
        let compared: Vec<String> = self
            .compared
            .iter()
            .map(|(place, text)| {
                field(
                    &format!("({})", text.shown(&value(*place), self.dialect)),
                    self.dialect,
                )
            })
            .collect();
        let own: Vec<String> = self
            .own()
            .map(|place| field(&super::digest(self.dialect, &value(place)), self.dialect))
            .collect();
        [digest(&compared, self.dialect), digest(&own, self.dialect)]
    }

    /// The columns whose values follow from the source, by their places.
    fn assignable(&self) -> impl Iterator<Item = usize> {
        (0..self.columns.len()).filter(|place| !self.statement.items[*place].varies)
    }

    /// Those of them whose values have another text before they are written.
    fn own(&self) -> impl Iterator<Item = usize> {
        let is_compared = |place: usize| self.compared.iter().any(|(other, _)| *other == place);
        self.assignable().filter(move |place| !is_compared(*place))
    }

    /// The statement that inserts the row of a key where there is none.
    pub(in crate::database::sql::backfill) fn insertion(
        &self,
        prepared: &Prepared,
        row: &str,
        key: &str,
        binder: &mut Binder,
    ) -> Option<String> {
        let paired = self.paired.as_ref()?;
        let one = prepared.key.equals(row, key, binder);
        let there = paired.target.equals(DOTTED_COPY, key, binder);
        let overriding = self.statement.overriding.as_deref().unwrap_or_default();
        let missing = format!(
            "{one} AND NOT EXISTS (SELECT 1 FROM {} AS {COPY} WHERE {there})",
            self.target
        );
        Some(format!(
            "INSERT INTO {} ({}) {overriding} {}",
            self.target,
            self.columns.join(", "),
            self.source(&missing)
        ))
    }

    /// The statement that gives the row of a key the values that follow from its source, while both are as they were
    /// seen; `None` where nothing follows.
    pub(in crate::database::sql::backfill) fn correction(
        &self,
        prepared: &Prepared,
        row: &str,
        seen: &Seen,
        binder: &mut Binder,
    ) -> Option<String> {
        let paired = self.paired.as_ref()?;
        let is_mysql = self.dialect.is_mysql_family();
        let set: Vec<String> = self
            .assignable()
            .filter(|place| !paired.places.contains(place))
            .map(|place| {
                let column = &self.columns[place];
                let value = format!("migrate_source.c{place}");
                match self.assigned.get(place) {
                    Some(of_type) => format!("{column} = CAST({value} AS {of_type})"),
                    None if is_mysql => format!("{DOTTED_COPY}{column} = {value}"),
                    None => format!("{column} = {value}"),
                }
            })
            .collect();
        if set.is_empty() {
            return None;
        }
        let source = self.source(&prepared.key.equals(row, &seen.key, binder));
        let source = format!("WITH migrate_source ({}) AS ({source})", self.places());
        let mut conditions = vec![paired.target.equals(DOTTED_COPY, &seen.key, binder)];
        let of_copy = self.said(|place| format!("{DOTTED_COPY}{}", self.columns[place]));
        let of_source = self.said(|place| format!("migrate_source.c{place}"));
        for (said, side) in [(of_copy, &seen.target), (of_source, &seen.source)] {
            for (expression, was) in said.iter().zip([&side.said, &side.own]) {
                conditions.push(format!("{expression} = {}", binder.text(was)));
            }
        }
        let (target, set, conditions) = (&self.target, set.join(", "), conditions.join(" AND "));
        Some(match is_mysql {
            // MariaDB takes no WITH before an UPDATE.
            true => format!(
                "UPDATE {target} AS {COPY} JOIN ({source} SELECT * FROM migrate_source) AS migrate_source SET {set} \
                 WHERE {conditions}"
            ),
            false => {
                format!("{source} UPDATE {target} AS {COPY} SET {set} FROM migrate_source WHERE {conditions}")
            }
        })
    }

    /// The query of whether there is a row of that key by now.
    pub(in crate::database::sql::backfill) fn is_there(
        &self,
        key: &str,
        binder: &mut Binder,
    ) -> Option<String> {
        let there = self.paired.as_ref()?.target.equals(DOTTED_COPY, key, binder);
        Some(format!("SELECT '1' FROM {} AS {COPY} WHERE {there}", self.target))
    }

    /// What such a query of both sides answered, by keys.
    fn seen(&self, answer: Vec<Texts>, width: usize) -> BTreeMap<String, Seen> {
        let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
        for row in answer {
            let mut row = row.into_iter();
            let is_target = row.next().flatten().as_deref() == Some("target");
            let key: Vec<String> = (0..width)
                .map(|_| row.next().flatten().unwrap_or_default())
                .collect();
            let key = encoded(&key);
            let one = seen.entry(key.clone()).or_default();
            one.key = key;
            let side = if is_target {
                &mut one.target
            } else {
                &mut one.source
            };
            side.rows += 1;
            side.said = row.next().flatten().unwrap_or_default();
            side.own = row.next().flatten().unwrap_or_default();
        }
        seen
    }
}

impl SqlMover {
    /// Those of these keys that are not the same on both sides, as one snapshot shows them.
    pub(in crate::database::sql::backfill) async fn look_at_keys(
        &mut self,
        job: &Job<'_>,
        keys: &[String],
    ) -> Result<Vec<Seen>, Stumble> {
        let prepared = self.known(job)?;
        let Some(copy) = prepared.copy.clone() else {
            return Ok(Vec::new());
        };
        let Some(paired) = copy.paired.as_ref().filter(|_| !keys.is_empty()) else {
            return Ok(Vec::new());
        };
        let row = format!("{}.", batched(job).map_err(Stumble::Fatal)?.row);
        let mut apart = Vec::new();
        // SQLite nests what is written behind OR, a thousand deep at most.
        let together = if paired.both.width() > 1 { 200 } else { 1_000 };
        for keys in keys.chunks(together) {
            let mut binder = self.binder();
            let sql = copy.each(&prepared, paired, &row, keys, &mut binder);
            let answer = self.rows(&sql, &binder).await;
            let answer = answer.map_err(|error| stumbled("comparison", error))?;
            let mut seen = copy.seen(answer, paired.both.width());
            let differ = match copy.has_values_without_text() {
                true => {
                    self.sample_copies(job, &prepared, &copy, Rows::Among(keys), u32::MAX)
                        .await?
                        .1
                }
                false => Vec::new(),
            };
            let mut differing = Vec::new();
            for key in keys {
                // What a collation takes for the same key is another row.
                let Some(one) = seen.remove(key) else { continue };
                let same = (one.source.rows, &one.source.said) == (one.target.rows, &one.target.said)
                    && !differ.contains(key);
                let is_nobodys = one.source.rows == 0 && !copy.is_whole;
                if !same && !is_nobodys {
                    differing.push(one);
                }
            }
            let keys: Vec<String> = differing.iter().map(|one| one.key.clone()).collect();
            let kept = self.kept_apart(job, &prepared, &copy, &keys).await?;
            apart.extend(differing.into_iter().filter(|one| !kept.contains(&one.key)));
        }
        Ok(apart)
    }
}

/// Texts as one that is short, and another one for others. SQLite has no such function.
fn digest(fields: &[String], dialect: Dialect) -> String {
    let whole = joined(fields, dialect);
    match dialect {
        _ if fields.is_empty() || dialect == Dialect::Sqlite => whole,
        Dialect::Postgres => format!(
            "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({whole}, pg_catalog.getdatabaseencoding())), 'hex')"
        ),
        _ => format!("SHA2({whole}, 256)"),
    }
}
