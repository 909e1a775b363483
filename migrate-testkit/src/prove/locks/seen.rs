//! What a transaction of PostgreSQL holds, and the files of its tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::LockMode;
use crate::link::{Link, Rows};

const LOCKS: &str =
    "select distinct quote_ident(n.nspname) || '.' || quote_ident(c.relname), l.mode, l.granted::text
    from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
    where l.pid = PROCESS and l.locktype = 'relation'
        and l.database = (select oid from pg_database where datname = current_database())
        and c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

/// The files of tables, and of indexes under the names of their tables.
const FILES: &str = "select quote_ident(n.nspname) || '.' || quote_ident(t.relname), c.oid::text,
        pg_relation_filenode(c.oid)::text
    from pg_class c left join pg_index i on i.indexrelid = c.oid
    join pg_class t on t.oid = coalesce(i.indrelid, c.oid) join pg_namespace n on n.oid = t.relnamespace
    where c.relkind in ('r', 'p', 'm', 'i') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

const MODES: [LockMode; 8] = [
    LockMode::AccessShare,
    LockMode::RowShare,
    LockMode::RowExclusive,
    LockMode::ShareUpdateExclusive,
    LockMode::Share,
    LockMode::ShareRowExclusive,
    LockMode::Exclusive,
    LockMode::AccessExclusive,
];

/// The state of a transaction.
pub(super) struct State {
    pub(super) locks: BTreeSet<(String, LockMode)>,
    /// By table and object.
    files: BTreeMap<(String, String), String>,
}

/// What one statement did to tables that were there before.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The locks that it took, in addition to those that the transaction had.
    pub(super) locks: Vec<(String, LockMode)>,
    /// The tables that it wrote anew, or of which an index.
    pub(super) rewrites: Vec<String>,
}

pub(super) async fn look(link: &mut impl Link) -> Result<State, sqlx::Error> {
    let (locks, _) = locks(link, "pg_backend_pid()").await?;
    let files = fields(link.rows(FILES).await?);
    let file = |row: &Vec<String>| ((row[0].clone(), row[1].clone()), row[2].clone());
    Ok(State {
        locks,
        files: files.iter().map(file).collect(),
    })
}

/// The locks of a process, those included for which it waits, and whether it waits for one.
pub(super) async fn locks(
    link: &mut impl Link,
    process: &str,
) -> Result<(BTreeSet<(String, LockMode)>, bool), sqlx::Error> {
    let rows = fields(link.rows(&LOCKS.replace("PROCESS", process)).await?);
    let mode = |name: &str| {
        // The view writes `AccessExclusiveLock`.
        let plain = |mode: &&LockMode| {
            mode.name()
                .replace(' ', "")
                .eq_ignore_ascii_case(name.trim_end_matches("Lock"))
        };
        MODES.iter().find(plain).copied()
    };
    let waits = rows.iter().any(|row| row[2] == "false");
    let locks = rows
        .into_iter()
        .filter_map(|row| Some((row[0].clone(), mode(&row[1])?)));
    Ok((locks.collect(), waits))
}

fn fields(rows: Rows) -> Vec<Vec<String>> {
    let text = |row: Vec<Option<String>>| row.into_iter().map(Option::unwrap_or_default).collect();
    rows.into_iter().map(text).collect()
}

impl State {
    pub(super) fn tables(&self) -> BTreeSet<String> {
        self.files.keys().map(|(table, _)| table.clone()).collect()
    }

    /// What is new in `after`, about tables that are among `there`.
    pub(super) fn until(&self, after: &State, there: &BTreeSet<String>) -> Seen {
        let new = after
            .locks
            .difference(&self.locks)
            .filter(|(table, _)| there.contains(table));
        let changed = after.files.iter().filter(|(object, file)| {
            self.files.get(object).is_some_and(|before| before != *file) && there.contains(&object.0)
        });
        let mut rewrites: Vec<String> = changed.map(|((table, _), _)| table.clone()).collect();
        rewrites.dedup();
        Seen {
            locks: new.cloned().collect(),
            rewrites,
        }
    }
}

impl Seen {
    pub(super) fn strongest(&self) -> Option<LockMode> {
        self.locks.iter().map(|(_, mode)| *mode).max()
    }

    /// Whether anybody waits for it.
    pub(super) fn is_worth_telling(&self) -> bool {
        !self.rewrites.is_empty() || self.strongest() >= Some(LockMode::Share)
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut strongest: BTreeMap<&str, LockMode> = BTreeMap::new();
        for (table, mode) in &self.locks {
            let held = strongest.entry(table).or_insert(*mode);
            *held = (*held).max(*mode);
        }
        let mut parts: Vec<String> = strongest
            .iter()
            .map(|(table, mode)| format!("{} on {table}", mode.name()))
            .collect();
        parts.extend(
            self.rewrites
                .iter()
                .map(|table| format!("{table} is written anew")),
        );
        f.write_str(&parts.join(", "))
    }
}
