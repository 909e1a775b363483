//! Writing the history.

use std::ops::Range;

use super::backend::{Backend, DatabaseError, Value};
use super::making::missing;
use super::tables::{LIBRARY, Tables};
use crate::history::{History, Reason, Row, State};
use crate::model::directives::Squashed;
use crate::model::{Digest, Migration, TransactionMode, Version};

/// The version of the tables' shape. A library that finds a newer one refuses to write.
pub(super) const FORMAT: i64 = 1;

/// One row of texts.
pub(super) type Texts = Vec<Option<String>>;

/// The history of one set, as it is written.
pub(super) struct Ledger<'a> {
    pub(super) tables: &'a Tables,
    pub(super) set: &'a str,
}

/// The values of a row of the history that come from us, and of the row of texts beside it.
const ROW: usize = 14;
const TEXT: usize = 8;

/// How many migrations are written at once; SQLite takes up to 32,766 values.
const TOGETHER: usize = 100;

/// What the history keeps of a migration that is applied.
#[derive(Clone, Debug)]
pub(super) struct Entry<'a> {
    row: [Value<'a>; ROW],
    text: [Value<'a>; TEXT],
}

impl Entry<'_> {
    pub(super) fn into_owned(self) -> Entry<'static> {
        Entry {
            row: self.row.map(Value::into_owned),
            text: self.text.map(Value::into_owned),
        }
    }
}

/// Which row of the history is meant.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowKey {
    pub(super) version: Version,
    pub(super) attempt: u32,
}

impl RowKey {
    pub(super) fn of(row: &Row) -> Self {
        Self {
            version: row.version,
            attempt: row.attempt,
        }
    }

    /// The row that the next attempt at a migration gets.
    pub(super) fn next(history: &History, version: Version) -> Self {
        Self {
            version,
            attempt: history.next_attempt(version),
        }
    }
}

impl Ledger<'_> {
    /// Makes the tables that are missing.
    pub(super) async fn create(&self, backend: &mut dyn Backend) -> Result<(), DatabaseError> {
        let tables = self.tables.create(backend);
        for (_, statement) in missing(backend, tables).await? {
            backend.run(&statement).await?;
        }
        for statement in self.tables.create_guards(backend) {
            backend.run(&statement).await?;
        }
        Ok(())
    }

    /// Writes the row of the set, where it is missing.
    pub(super) async fn enter(&self, backend: &mut dyn Backend) -> Result<(), DatabaseError> {
        let sets = &self.tables.sets;
        let known = format!(
            "SELECT set_name FROM {sets} WHERE set_name = {}",
            backend.placeholder(1)
        );
        if !backend.rows(&known, &[Value::text(self.set)]).await?.is_empty() {
            return Ok(());
        }
        let (first, second, now) = (backend.placeholder(1), backend.placeholder(2), backend.now());
        let insert =
            format!("INSERT INTO {sets} (set_name, format, created_at) VALUES ({first}, {second}, {now})");
        backend
            .execute(&insert, &[Value::text(self.set), Value::Number(FORMAT)])
            .await?;
        Ok(())
    }

    /// Sets or removes the marker of a run on a fresh database.
    pub(super) async fn mark_fresh(
        &self,
        backend: &mut dyn Backend,
        fresh: bool,
    ) -> Result<(), DatabaseError> {
        let since = if fresh { backend.now() } else { "NULL" };
        let update = format!(
            "UPDATE {} SET fresh_since = {since}, standing = NULL WHERE set_name = {}",
            self.tables.sets,
            backend.placeholder(1)
        );
        backend.execute(&update, &[Value::text(self.set)]).await?;
        Ok(())
    }

    /// Keeps the digest of the history. `None` is that nothing simple can be said of it.
    pub(super) async fn settle(
        &self,
        backend: &mut dyn Backend,
        digest: Option<Digest>,
    ) -> Result<(), DatabaseError> {
        let update = format!(
            "UPDATE {} SET standing = {} WHERE set_name = {}",
            self.tables.sets,
            backend.placeholder(1),
            backend.placeholder(2)
        );
        let digest = digest.map_or(Value::Null, |digest| Value::text(digest.to_string()));
        backend.execute(&update, &[digest, Value::text(self.set)]).await?;
        Ok(())
    }

    /// Adds the row of a migration, with its text.
    pub(super) async fn insert(
        &self,
        backend: &mut dyn Backend,
        migration: &Migration,
        key: RowKey,
        state: State,
        reason: Reason,
    ) -> Result<(), DatabaseError> {
        let entry = self.entry(&*backend, migration, key, state, reason);
        let insert = self.insert_row(&*backend, 1);
        if backend.writes_together() {
            let text = self.insert_text(&*backend, ROW + 1, 1);
            let insert = format!("WITH kept AS ({text}) {insert}");
            backend
                .execute(&insert, &[&entry.row[..], &entry.text].concat())
                .await?;
        } else {
            backend.execute(&insert, &entry.row).await?;
            let insert = self.insert_text(&*backend, 1, 1);
            backend.execute(&insert, &entry.text).await?;
        }
        Ok(())
    }

    /// Adds the rows of many migrations, with their texts.
    pub(super) async fn insert_all(
        &self,
        backend: &mut dyn Backend,
        entries: &[Entry<'_>],
    ) -> Result<(), DatabaseError> {
        for entries in entries.chunks(TOGETHER) {
            let rows: Vec<Value<'_>> = entries.iter().flat_map(|entry| entry.row.clone()).collect();
            let insert = self.insert_row(&*backend, entries.len());
            backend.execute(&insert, &rows).await?;
            let texts: Vec<Value<'_>> = entries.iter().flat_map(|entry| entry.text.clone()).collect();
            let insert = self.insert_text(&*backend, 1, entries.len());
            backend.execute(&insert, &texts).await?;
        }
        Ok(())
    }

    /// What is written of a migration.
    pub(super) fn entry<'a>(
        &self,
        backend: &dyn Backend,
        migration: &'a Migration,
        key: RowKey,
        state: State,
        reason: Reason,
    ) -> Entry<'a> {
        let requires: Vec<String> = migration.requires.iter().map(Version::to_string).collect();
        let row = [
            Value::text(self.set.to_owned()),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
            Value::text(state.name()),
            Value::text(migration.phase.name()),
            Value::text(migration.change_name()),
            Value::text(&*migration.name),
            Value::text(migration.exact.to_string()),
            Value::text(migration.semantic.to_string()),
            Value::text(requires.join(" ")),
            Value::text(reason.name()),
            Value::Number(0),
            Value::text(backend.options().instance.clone()),
            Value::text(env!("CARGO_PKG_VERSION")),
        ];
        let text = self.text_of(migration, key);
        Entry { row, text }
    }

    /// What is written of a migration that ran only as a part of what stands for it, so that a build that has its file
    /// finds it applied.
    pub(super) fn squashed(
        &self,
        backend: &dyn Backend,
        member: &Squashed,
        into: &Migration,
        key: RowKey,
    ) -> Entry<'static> {
        let requires: Vec<String> = member.requires.iter().map(Version::to_string).collect();
        let semantic = member.semantic.to_string();
        let whence = format!("it ran as a part of {into}, which takes it back");
        let row = [
            Value::text(self.set.to_owned()),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
            Value::text(State::Applied.name()),
            Value::text(member.phase.name()),
            Value::text(member.change_name().into_owned()),
            Value::text(member.name.to_string()),
            // Its exact text is not known here; nothing goes by it.
            Value::text(semantic.clone()),
            Value::text(semantic),
            Value::text(requires.join(" ")),
            Value::text(Reason::Squashed.name()),
            Value::Number(0),
            Value::text(backend.options().instance.clone()),
            Value::text(env!("CARGO_PKG_VERSION")),
        ];
        let text = [
            Value::text(self.set.to_owned()),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
            Value::text(format!("-- {whence}")),
            Value::Null,
            Value::text(mode_name(TransactionMode::One)),
            Value::Null,
            Value::text(whence),
        ];
        Entry { row, text }
    }

    /// The statement that adds the rows of so many migrations.
    fn insert_row(&self, backend: &dyn Backend, count: usize) -> String {
        let now = backend.now();
        let row = |index: usize| {
            let first = index * ROW + 1;
            format!("({}, {now}, {now})", placeholders(backend, first..first + ROW))
        };
        let rows: Vec<String> = (0..count).map(row).collect();
        format!(
            "INSERT INTO {} (set_name, version, attempt, state, phase, change_name, name, exact_digest, \
             semantic_digest, requires, reason, done, instance, {}, started_at, changed_at) VALUES {}",
            self.tables.history,
            backend.quoted(LIBRARY),
            rows.join(", ")
        )
    }

    /// The statement that adds the texts of so many migrations, with placeholders from `first` on.
    fn insert_text(&self, backend: &dyn Backend, first: usize, count: usize) -> String {
        let row = |index: usize| {
            let first = first + index * TEXT;
            format!("({})", placeholders(backend, first..first + TEXT))
        };
        let rows: Vec<String> = (0..count).map(row).collect();
        format!(
            "INSERT INTO {} (set_name, version, attempt, up_sql, down_sql, up_transaction, down_transaction, \
             irreversible) VALUES {}",
            self.tables.sql,
            rows.join(", ")
        )
    }

    fn text_of<'a>(&self, migration: &'a Migration, key: RowKey) -> [Value<'a>; TEXT] {
        let down = migration.down.as_ref();
        let optional = |text: Option<&'a str>| text.map_or(Value::Null, Value::text);
        [
            Value::text(self.set.to_owned()),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
            Value::text(&*migration.up.text),
            optional(down.map(|down| &*down.text)),
            Value::text(mode_name(migration.up.transaction)),
            optional(down.map(|down| mode_name(down.transaction))),
            optional(migration.irreversible.as_deref()),
        ]
    }

    /// Replaces the digests and the text of a row by those of the file.
    pub(super) async fn adopt(
        &self,
        backend: &mut dyn Backend,
        migration: &Migration,
        key: RowKey,
        keep_marker: bool,
    ) -> Result<(), DatabaseError> {
        let p = |index| backend.placeholder(index);
        let marker = if keep_marker {
            ""
        } else {
            ", catalog_digest = NULL"
        };
        let update = format!(
            "UPDATE {} SET exact_digest = {}, semantic_digest = {}, name = {}{marker} \
             WHERE set_name = {} AND version = {} AND attempt = {}",
            self.tables.history,
            p(1),
            p(2),
            p(3),
            p(4),
            p(5),
            p(6)
        );
        let delete = format!(
            "DELETE FROM {} WHERE set_name = {} AND version = {} AND attempt = {}",
            self.tables.sql,
            p(1),
            p(2),
            p(3)
        );
        let values = [
            Value::text(migration.exact.to_string()),
            Value::text(migration.semantic.to_string()),
            Value::text(&*migration.name),
            Value::text(self.set),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
        ];
        backend.execute(&update, &values).await?;
        backend.execute(&delete, &values[3..]).await?;
        let insert = self.insert_text(backend, 1, 1);
        backend.execute(&insert, &self.text_of(migration, key)).await?;
        Ok(())
    }

    /// Moves a row on.
    pub(super) async fn update(
        &self,
        backend: &mut dyn Backend,
        key: RowKey,
        state: State,
        done: u32,
        catalog: Option<&str>,
    ) -> Result<(), DatabaseError> {
        let p = |index| backend.placeholder(index);
        let update = format!(
            "UPDATE {} SET state = {}, done = {}, catalog_digest = {}, changed_at = {} \
             WHERE set_name = {} AND version = {} AND attempt = {}",
            self.tables.history,
            p(1),
            p(2),
            p(3),
            backend.now(),
            p(4),
            p(5),
            p(6)
        );
        let values = [
            Value::text(state.name()),
            Value::Number(i64::from(done)),
            catalog.map_or(Value::Null, Value::text),
            Value::text(self.set),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
        ];
        backend.execute(&update, &values).await?;
        Ok(())
    }

    /// Moves the cursor of a row that is in `state`. `false` means that it did not stand at `from` any more.
    pub(super) async fn advance(
        &self,
        backend: &mut dyn Backend,
        key: RowKey,
        state: State,
        from: u32,
        to: u32,
        catalog: Option<&str>,
    ) -> Result<bool, DatabaseError> {
        let p = |index| backend.placeholder(index);
        let update = format!(
            "UPDATE {} SET done = {}, catalog_digest = {}, changed_at = {} \
             WHERE set_name = {} AND version = {} AND attempt = {} AND state = {} AND done = {}",
            self.tables.history,
            p(1),
            p(2),
            backend.now(),
            p(3),
            p(4),
            p(5),
            p(6),
            p(7)
        );
        let values = [
            Value::Number(i64::from(to)),
            catalog.map_or(Value::Null, Value::text),
            Value::text(self.set),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
            Value::text(state.name()),
            Value::Number(i64::from(from)),
        ];
        Ok(backend.execute(&update, &values).await? > 0)
    }

    /// The text that the history keeps of a row.
    pub(super) async fn text(
        &self,
        backend: &mut dyn Backend,
        key: RowKey,
    ) -> Result<Option<StoredText>, DatabaseError> {
        let p = |index| backend.placeholder(index);
        let select = format!(
            "SELECT up_sql, up_transaction, down_sql, down_transaction, irreversible FROM {} \
             WHERE set_name = {} AND version = {} AND attempt = {}",
            self.tables.sql,
            p(1),
            p(2),
            p(3)
        );
        let values = [
            Value::text(self.set),
            Value::Number(key.version.0 as i64),
            Value::Number(i64::from(key.attempt)),
        ];
        let rows = backend.rows(&select, &values).await?;
        Ok(rows.into_iter().next().map(|row| {
            let mut fields = row.into_iter();
            let mut next = || fields.next().flatten();
            StoredText {
                up: next().unwrap_or_default(),
                up_transaction: mode_of(next().as_deref()),
                down: next(),
                down_transaction: mode_of(next().as_deref()),
                irreversible: next(),
            }
        }))
    }
}

/// The text of a migration, as the history keeps it.
pub(super) struct StoredText {
    pub(super) up: String,
    pub(super) up_transaction: TransactionMode,
    pub(super) down: Option<String>,
    pub(super) down_transaction: TransactionMode,
    pub(super) irreversible: Option<String>,
}

fn mode_name(mode: TransactionMode) -> &'static str {
    match mode {
        TransactionMode::One => "one",
        TransactionMode::PerStatement => "per-statement",
    }
}

fn mode_of(name: Option<&str>) -> TransactionMode {
    match name {
        Some("per-statement") => TransactionMode::PerStatement,
        _ => TransactionMode::One,
    }
}

fn placeholders(backend: &dyn Backend, indices: Range<usize>) -> String {
    let all: Vec<String> = indices.map(|index| backend.placeholder(index)).collect();
    all.join(", ")
}
