//! Looking at the two sides of a copy: prepared once, then range by range, or at rows by chance.

use std::sync::Arc;

use super::super::key::{Key, KeyColumn};
use super::super::prepare::Found;
use super::super::statement::{Prepared, batched, named_table};
use super::super::{SqlMover, stumbled};
use super::text::Text;
use super::{Copy, Drawn, Paired, Rows, Sum, flagged};
use crate::database::mover::{Job, Stumble};
use crate::database::sql::backend::DatabaseError;
use crate::model::Dialect;
use crate::model::directives::Backfill;
use crate::script::copied::copied;
use crate::sync::quoted;

impl SqlMover {
    /// What is known of the two sides of an INSERT … SELECT; `None` where its text or the tables do not say it.
    pub(in crate::database::sql::backfill) async fn copy_of(
        &mut self,
        job: &Job<'_>,
        backfill: &Backfill,
        visited: &[Found],
        prepared: &Prepared,
    ) -> Result<Option<Arc<Copy>>, Stumble> {
        let dialect = self.session.backend.dialect();
        let Some((_, sql)) = job.migration.up.iter().next() else {
            return Ok(None);
        };
        let Some(statement) = copied(sql, &backfill.table, dialect) else {
            return Ok(None);
        };
        let (target, schema, name) = named_table(&statement.target, dialect);
        let found = self.session.columns(&target, schema.as_deref(), &name).await;
        let found = found.map_err(|error| stumbled("look at the table", error))?;
        let same = |one: &str, other: &str| match dialect {
            Dialect::Postgres => one == other,
            _ => one.eq_ignore_ascii_case(other),
        };
        let plain = |written: &str| named_table(written, dialect).2;
        let columns: Vec<&Found> = match &statement.columns {
            None => found.iter().take(statement.items.len()).collect(),
            Some(written) => {
                let of_name = |written: &String| found.iter().find(|one| same(&one.name, &plain(written)));
                written.iter().filter_map(of_name).collect()
            }
        };
        if columns.is_empty() || columns.len() != statement.items.len() {
            return Ok(None);
        }
        let mut keys = Vec::new();
        let mut whole_only = None;
        for key in backfill.key.iter() {
            let key = plain(key);
            let place = statement.items.iter().position(|item| {
                let column = item.column.as_deref().filter(|_| !item.varies);
                column.is_some_and(|column| same(&plain(column), &key))
            });
            let source = visited.iter().find(|column| same(&column.name, &key));
            let (Some(place), Some(source)) = (place, source) else {
                whole_only = Some(format!(
                    "the key `{key}` of `{}` is not copied as it is, so nothing says which row of `{}` was made of which",
                    backfill.table, statement.target
                ));
                break;
            };
            let target = KeyColumn::new(&columns[place].name, &columns[place].of_type, dialect);
            let both = KeyColumn::new(&format!("c{place}"), &source.of_type, dialect);
            let (target, both) = match (target, both) {
                (Ok(target), Ok(both)) => (target, both),
                (Err(fault), _) | (_, Err(fault)) => {
                    whole_only = Some(fault);
                    break;
                }
            };
            keys.push((place, (target, both)));
        }
        let paired = (keys.len() == backfill.key.len()).then(|| {
            let (places, keys): (_, Vec<_>) = keys.into_iter().unzip();
            let (target, both) = keys.into_iter().unzip();
            Paired {
                places,
                target: Key::new(target, dialect),
                both: Key::new(both, dialect),
            }
        });
        if let Some(paired) = &paired {
            let uniques = self.session.uniques(&target, schema.as_deref(), &name).await;
            let uniques = uniques.map_err(|error| stumbled("look at the table", error))?;
            let names: Vec<&str> = paired.places.iter().map(|place| &*columns[*place].name).collect();
            let is_of_key = |column: &String| names.iter().any(|name| same(name, column));
            if !uniques.iter().any(|unique| unique.iter().all(is_of_key)) {
                whole_only = Some(format!(
                    "`{}` may have several rows of one key: `{}` is no unique key of it",
                    statement.target,
                    names.join(",")
                ));
            }
        }
        if let Some(word) = &statement.gathers {
            whole_only = Some(format!(
                "`{word}` makes a value of several rows, which a single row does not tell"
            ));
        }
        let assigned = match dialect {
            Dialect::Postgres => columns.iter().map(|column| column.assigned.clone()).collect(),
            _ => Vec::new(),
        };
        let compared = columns
            .iter()
            .enumerate()
            .filter(|(place, _)| !statement.items[*place].varies);
        let copied = |place: usize| {
            let column = plain(statement.items[place].column.as_deref()?);
            visited.iter().find(|one| same(&one.name, &column))
        };
        let mut copy = Copy {
            dialect,
            target,
            columns: columns
                .iter()
                .map(|column| quoted(&column.name, dialect))
                .collect(),
            compared: compared
                .filter_map(|(place, column)| Some((place, Text::of(column, copied(place), dialect)?)))
                .collect(),
            is_whole: !self.pairs_of(job, prepared, &statement).is_empty()
                || !(statement.upserts || job.shared),
            assigned,
            statement,
            paired,
            whole_only,
        };
        if let Some(paired) = &copy.paired {
            let mut binder = self.binder();
            let row = batched(job).map_err(Stumble::Fatal)?.row.clone();
            let sums = copy.sums(
                prepared,
                paired,
                &format!("{row}."),
                Rows::Between(None, None),
                true,
                &mut binder,
            );
            // Not executed: a type that cannot be compared as text shows here.
            match self.rows(&format!("EXPLAIN {sums}"), &binder).await {
                Ok(_) => {}
                Err(error) if error.may_pass() => return Err(stumbled("look at the table", error)),
                Err(_) => {
                    copy.paired = None;
                    copy.whole_only =
                        Some("the values of the two tables cannot be compared as texts".to_owned());
                }
            }
        }
        Ok(Some(Arc::new(copy)))
    }

    /// The keys of these rows that are not the same on both sides, in order.
    pub(in crate::database::sql::backfill) async fn apart(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        rows: Rows<'_>,
    ) -> Result<Vec<String>, Stumble> {
        let Some(paired) = &copy.paired else {
            return Ok(Vec::new());
        };
        let what = |error: DatabaseError| stumbled("comparison", error);
        let row = format!("{}.", batched(job).map_err(Stumble::Fatal)?.row);
        let width = paired.both.width();
        for by_key in [false, true] {
            if copy.dialect == Dialect::Sqlite && !by_key {
                continue;
            }
            let mut binder = self.binder();
            let sql = copy.sums(prepared, paired, &row, rows, by_key, &mut binder);
            let answer = self.rows(&sql, &binder).await.map_err(what)?;
            let sums = copy.read(answer, by_key, width);
            let is_apart =
                |[source, target]: &[Sum; 2]| source != target && (copy.is_whole || source.rows > 0);
            let apart = sums.iter().filter(|(_, sums)| is_apart(sums));
            let apart: Vec<String> = apart.map(|(key, _)| key.clone()).collect();
            if apart.is_empty() || by_key {
                let kept = self.kept_apart(job, prepared, copy, &apart).await?;
                return Ok(apart.into_iter().filter(|key| !kept.contains(key)).collect());
            }
        }
        Ok(Vec::new())
    }

    /// The rows that are copied of that key, as a text.
    pub(in crate::database::sql::backfill) async fn source_of_copy(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        key: &str,
    ) -> Result<String, Stumble> {
        let Some(paired) = &copy.paired else {
            return Ok(String::new());
        };
        let row = format!("{}.", batched(job).map_err(Stumble::Fatal)?.row);
        let mut binder = self.binder();
        let sql = copy.sums(prepared, paired, &row, Rows::Of(key), true, &mut binder);
        let answer = self.rows(&sql, &binder).await;
        let answer = answer.map_err(|error| stumbled("comparison", error))?;
        let sums = copy.read(answer, true, paired.both.width());
        let sources: Vec<&Sum> = sums.values().map(|[source, _]| source).collect();
        Ok(format!("{sources:?}"))
    }

    /// Reads random rows of the source: how many, and the keys of those that the target does not have so.
    pub(in crate::database::sql::backfill) async fn sample_copies(
        &mut self,
        job: &Job<'_>,
        prepared: &Prepared,
        copy: &Copy,
        rows: Rows<'_>,
        limit: u32,
    ) -> Result<(u64, Vec<String>), Stumble> {
        let Some(paired) = &copy.paired else {
            return Ok((0, Vec::new()));
        };
        let row = format!("{}.", batched(job).map_err(Stumble::Fatal)?.row);
        let mut binder = self.binder();
        let drawn = Drawn { limit, ..Drawn::ALL };
        let sql = copy.sample(prepared, paired, &row, rows, drawn, &mut binder);
        let answer = self.rows(&sql, &binder).await;
        let (read, wrong) = flagged(answer.map_err(|error| stumbled("comparison", error))?);
        let kept = self.kept_apart(job, prepared, copy, &wrong).await?;
        let apart = wrong.into_iter().filter(|key| !kept.contains(key));
        Ok((read, apart.collect()))
    }
}
