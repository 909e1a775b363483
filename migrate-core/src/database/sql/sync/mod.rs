//! What a database has to be asked before triggers keep two sides equal.

mod catalog;

use self::catalog::{facts, keys};
use super::backend::{Backend, DatabaseError};
use super::connection_error;
use super::session::SqlSession;
use crate::error::{Error, Kind};
use crate::model::directives::Sync;
use crate::model::{Dialect, Migration, Section};
use crate::sync::{Kept, KeyFacts, Refusal, Side, TableKind, install, pairs, refusals, table_refusals};

/// How many rows show whether the expressions of a pair undo each other.
const SAMPLE: u32 = 1000;

/// The triggers that a section installs, behind the statements of its file.
pub(super) struct Install {
    /// What is told where they are refused.
    name: String,
    /// The index of the first statement that installs.
    pub(super) at: usize,
    pairs: Vec<Kept>,
}

impl Install {
    /// Of the syncs that the section of a migration ends with, if there is one.
    pub(super) fn of(
        migration: &Migration,
        syncs: &[Sync],
        section: &Section,
        set: &str,
        dialect: Dialect,
    ) -> Result<Option<Self>, Error> {
        let pairs = pairs(migration, syncs, set, dialect)?;
        if pairs.is_empty() {
            return Ok(None);
        }
        let statements: usize = pairs.iter().map(|pair| install(pair).len()).sum();
        Ok(Some(Self {
            name: migration.to_string(),
            at: section.statements.len().saturating_sub(statements),
            pairs,
        }))
    }
}

impl SqlSession {
    /// Refuses, before any trigger is there, what triggers would not keep equal. What the file did before has to be
    /// visible to this connection.
    pub(super) async fn check_install(&mut self) -> Result<(), Error> {
        let Some(install) = &self.install else {
            return Ok(());
        };
        for kept in &install.pairs {
            let backend = &mut *self.backend;
            let found = look(backend, kept).await?;
            if !found.is_empty() {
                return Err(refused(&install.name, kept, found));
            }
        }
        Ok(())
    }
}

/// What speaks against the triggers of a sync: facts of its tables, or rows that are there.
async fn look(backend: &mut dyn Backend, kept: &Kept) -> Result<Vec<Refusal>, Error> {
    let found = found(backend, kept).await;
    let found = found.map_err(|error| connection_error("the catalog cannot be read", error))?;
    match found.is_empty() {
        true => Ok(sampled(backend, kept).await?.into_iter().collect()),
        false => Ok(found),
    }
}

/// What facts of the table or the tables speak against.
async fn found(backend: &mut dyn Backend, kept: &Kept) -> Result<Vec<Refusal>, DatabaseError> {
    match kept {
        Kept::Row(pair) => {
            let [side, _] = pair.sides();
            Ok(refusals(pair, &facts(backend, &side).await?))
        }
        Kept::Tables(pair) => {
            let (mut old, mut new) = (facts(backend, &pair.old).await?, facts(backend, &pair.new).await?);
            let there = old.kind != TableKind::Missing && new.kind != TableKind::Missing;
            let (mut of_old, mut of_new) = <(KeyFacts, KeyFacts)>::default();
            if there {
                of_old = keys(backend, &pair.old, &pair.new).await?;
                of_new = keys(backend, &pair.new, &pair.old).await?;
            }
            for (facts, keys) in [(&mut old, &of_old), (&mut new, &of_new)] {
                // Between the two, triggers see where the key has gone.
                let known = |name: &String| keys.references.iter().any(|key| key.name == *name);
                facts.cascades.retain(|(_, name)| !known(name));
            }
            Ok(table_refusals(pair, [(&old, &of_old), (&new, &of_new)]))
        }
    }
}

impl SqlSession {
    /// The triggers of ours that a rebuild would take away with its table. Only SQLite's tables are rebuilt so.
    pub(super) async fn triggers_before(&mut self, rebuild: bool) -> Result<Vec<String>, Error> {
        if !rebuild || self.backend.dialect() != Dialect::Sqlite {
            return Ok(Vec::new());
        }
        let ours = format!(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '{}*'",
            crate::sync::PREFIX
        );
        let rows = self.backend.rows(&ours, &[]).await;
        let rows = rows.map_err(|error| connection_error("the catalog cannot be read", error))?;
        Ok(rows.into_iter().flatten().flatten().collect())
    }

    /// Refuses a section that lost triggers it says nothing of: both builds would write apart from there on.
    pub(super) async fn check_lost(
        &mut self,
        before: &[String],
        section: &Section,
        migration: &str,
    ) -> Result<(), Error> {
        if before.is_empty() {
            return Ok(());
        }
        let after = self.triggers_before(true).await?;
        let lost = before
            .iter()
            .find(|name| !after.contains(name) && !section.text.contains(name.as_str()));
        let Some(lost) = lost else {
            return Ok(());
        };
        let message = format!("migration {migration} rebuilds a table that a sync keeps equal");
        Err(Error::new(Kind::Sync, message)
            .note(format!(
                "sync-rebuild: the trigger {lost} went with the old table"
            ))
            .help("bring that change to its contract first, and rebuild then"))
    }
}

fn refused(migration: &str, kept: &Kept, found: Vec<Refusal>) -> Error {
    let (shown, dialect, is) = match kept {
        Kept::Row(pair) => (&pair.shown, pair.dialect, "table is"),
        Kept::Tables(pair) => (&pair.shown, pair.dialect, "tables are"),
    };
    let message = format!("migration {migration}: triggers cannot keep `{shown}` equal as the {is}");
    let mut error = Error::new(Kind::Sync, message);
    let mut mends = Vec::new();
    for refusal in found {
        error = error.note(format!("{}: {}", refusal.code, refusal.message));
        // Several triggers of one sync are mended by one thing.
        if !mends.contains(&refusal.mend) {
            mends.push(refusal.mend);
        }
    }
    if !dialect.has_transactional_ddl() {
        mends.push("(the file's own statements ran already: mend the table, and run again)".to_owned());
    }
    error.help(mends.join("\n"))
}

/// Runs the expressions over some rows that are there: whether they fit the columns, and undo each other.
async fn sampled(backend: &mut dyn Backend, kept: &Kept) -> Result<Option<Refusal>, Error> {
    let (query, both_ways) = match kept {
        Kept::Row(pair) => {
            let backward = pair.backward.as_ref().filter(|_| pair.both_ways);
            (
                sample(&pair.sides(), pair.forward.as_ref(), backward),
                pair.both_ways,
            )
        }
        Kept::Tables(pair) => {
            let sides = [pair.old.clone(), pair.new.clone()];
            let backward = pair.backward.as_ref().filter(|_| pair.both_ways);
            (sample(&sides, pair.forward.as_ref(), backward), pair.both_ways)
        }
    };
    let Some(query) = query else {
        return Ok(None);
    };
    let rows = match backend.rows(&query, &[]).await {
        Ok(rows) => rows,
        Err(error) if error.is_connection || error.is_locked || error.is_retryable => {
            return Err(connection_error("the rows of a sync cannot be read", error));
        }
        Err(error) => {
            return Ok(Some(Refusal {
                code: "sync-expression",
                message: format!("an expression of it is refused: {}", error.message),
                mend: "an expression sees the columns of the other side of its row, and has to fit every value there"
                    .to_owned(),
            }));
        }
    };
    let differs = rows.into_iter().next().filter(|_| both_ways);
    Ok(differs.map(|row| {
        let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "NULL".to_owned());
        let values: Vec<String> = row.iter().map(shown).collect();
        let (there, back) = values.split_at(values.len() / 2);
        Refusal {
            code: "sync-round-trip",
            message: format!(
                "the expressions do not undo each other: ({}) becomes ({}) on the way back and there again",
                there.join(", "),
                back.join(", ")
            ),
            mend: "correct one of them, so that what the new side holds survives the way through the old one"
                .to_owned(),
        }
    }))
}

/// The query of the first sampled row whose new side changes when it goes to the old side and comes back; for one way,
/// of what the rows become.
fn sample(
    sides: &[Side; 2],
    forward: Option<&Vec<String>>,
    backward: Option<&Vec<String>>,
) -> Option<String> {
    let forward = forward?;
    let [old, new] = sides;
    let dialect = old.dialect;
    let list = |side: &Side| -> Vec<String> { side.columns.iter().map(|name| side.quoted(name)).collect() };
    let select = |expressions: &[String], to: &Side, kept: &[String], from: &str, alias: &str| {
        let mut columns: Vec<String> = kept.to_vec();
        let named = expressions.iter().zip(list(to));
        columns.extend(named.map(|(expression, name)| format!("({expression}) AS {name}")));
        format!("SELECT {} FROM ({from}) AS {alias}", columns.join(", "))
    };
    let rows = format!(
        "SELECT {} FROM {} LIMIT {SAMPLE}",
        list(old).join(", "),
        old.quoted_table()
    );
    let (of_old, of_new) = (old.quoted(&old.table), new.quoted(&new.table));
    let there = select(forward, new, &[], &rows, &of_old);
    let Some(backward) = backward else {
        return Some(there);
    };
    let columns = list(new);
    let kept: Vec<String> = (0..columns.len())
        .map(|index| format!("migrate_kept_{index}"))
        .collect();
    let keep: Vec<String> = columns
        .iter()
        .zip(&kept)
        .map(|(column, kept)| format!("{column} AS {kept}"))
        .collect();
    let back = select(backward, old, &keep, &there, &of_new);
    let again = select(forward, new, &kept, &back, &of_old);
    let alias = of_new;
    let differs: Vec<String> = columns
        .iter()
        .zip(&kept)
        .map(|(column, kept)| match dialect {
            Dialect::Postgres => format!("{column}::text IS DISTINCT FROM {kept}::text"),
            Dialect::Sqlite => format!("{column} IS NOT {kept}"),
            Dialect::Mysql | Dialect::MariaDb => format!("NOT ({column} <=> {kept})"),
        })
        .collect();
    let text = |column: &String| match dialect {
        Dialect::Postgres | Dialect::Sqlite => format!("CAST({column} AS TEXT)"),
        Dialect::Mysql | Dialect::MariaDb => format!("CAST({column} AS CHAR)"),
    };
    let shown: Vec<String> = kept.iter().chain(&columns).map(text).collect();
    Some(format!(
        "SELECT {} FROM ({again}) AS {alias} WHERE {} LIMIT 1",
        shown.join(", "),
        differs.join(" OR ")
    ))
}
