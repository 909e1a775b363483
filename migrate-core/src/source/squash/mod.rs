//! Squashing: one file in the place of the oldest released ones.
//!
//! What comes out is a file that runs all their statements in order, names what it stands for, and has a version right
//! behind the last of them. A database that has them applied only records it.

mod refusal;
mod session;
mod text;

use super::lockfile::{self, Lockfile};
use super::{Faults, Options, SourceFile};
use crate::diagnostic::{Diagnostic, Severity, codes, nearest};
use crate::model::directives::Squashed;
use crate::model::{Dialect, Layout, Migration, TransactionMode, Version};
use crate::script::section::statements_digest;
use crate::script::words::Words;
use crate::time::version_of;

/// What squashing does to a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Squash {
    /// The version of the new file.
    pub version: Version,
    /// The path of the new file within the folder.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The files that it stands for, which have to go.
    pub removed: Vec<String>,
    /// The text of `migrations.lock` then.
    pub lock: String,
    /// What was left out, or is worth knowing.
    pub notes: Vec<String>,
}

impl Options {
    /// Puts the files up to and including the version `through` into one, `name` being the words of its name. Touches no
    /// file: what is to be written and removed is in the answer.
    ///
    /// Files that are not released are refused, and so are changes that would be squashed in part or that are not
    /// finished, backfills in Rust, and whatever would run differently beside the others. Triggers of a `sync` are left
    /// out, because the file runs only where nobody writes yet; what a backfill assigns stays as a plain statement.
    ///
    /// ```no_run
    /// use migrate_core::source::{Options, files_in_folder};
    /// use migrate_core::{Dialect, Version};
    ///
    /// let files = files_in_folder("migrations".as_ref())?;
    /// let squash = Options::new(Dialect::Postgres).squash(files, Version(20260104120000), "users")?;
    /// println!("{}\nstands for {}", squash.path, squash.removed.join(", "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every reason for which it cannot be done, as one [`Faults`].
    pub fn squash(&self, files: Vec<SourceFile>, through: Version, name: &str) -> Result<Squash, Faults> {
        if self.layout != Layout::Native {
            let message = format!("files of the {} layout are not squashed", self.layout);
            let fault = Diagnostic::error(&codes::NOT_SQUASHABLE, &self.folder, message);
            return Err(Faults(vec![fault.help(
                "the file names what it stands for in a directive, which only the native layout has",
            )]));
        }
        // What the rules say of drafts was said when they were compiled; what is history is not judged.
        let options = Self {
            rules: None,
            ..self.clone()
        };
        let (lock, lock_path) = (lock_text(&files), options.shown(lockfile::FILE_NAME));
        let set = options.read(files.clone()).into_result()?;
        let lock = Lockfile::parse(&lock, &lock_path, &mut Vec::new());
        let end = set.migrations.partition_point(|one| one.version <= through);
        let (members, rest) = set.migrations.split_at(end);
        if set.get(through).is_none() {
            return Err(Faults(vec![unknown(&options, &set.migrations, through)]));
        }
        let mut faults = refusal::refusals(members, rest, set.dialect);
        let version = free_version(through, rest.first(), &lock);
        let Some(version) = version else {
            let message = format!("no version is free between {through} and the next file");
            let fault = Diagnostic::error(&codes::NOT_SQUASHABLE, &options.folder, message);
            faults.push(fault.help("squash through the next file as well"));
            return Err(Faults(faults));
        };
        if members.len() < 2 {
            let message = format!("there is nothing to squash up to {through}: it is one file");
            faults.push(Diagnostic::error(
                &codes::NOT_SQUASHABLE,
                &options.folder,
                message,
            ));
        }
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let path = format!("{version}_{name}.sql");
        let text = text::file(members, set.dialect);
        let within = |path: &str| {
            let path = path.strip_prefix(&options.folder).unwrap_or(path);
            path.trim_start_matches('/').to_owned()
        };
        let removed: Vec<String> = members.iter().map(|one| within(&one.path)).collect();
        let lock = options.checked(files, &path, &text, &removed, members, &lock)?;
        Ok(Squash {
            version,
            path,
            text,
            removed,
            lock,
            notes: notes(members, set.dialect),
        })
    }

    /// Reads the folder as it will be: what was put together has to be a migration, and to say what its parts said. Gives
    /// back the lock file.
    fn checked(
        &self,
        files: Vec<SourceFile>,
        path: &str,
        text: &str,
        removed: &[String],
        members: &[Migration],
        lock: &Lockfile,
    ) -> Result<String, Faults> {
        let mut files: Vec<SourceFile> = files
            .into_iter()
            .filter(|file| file.path != lockfile::FILE_NAME && !removed.contains(&file.path))
            .collect();
        files.push(SourceFile {
            path: path.to_owned(),
            content: Ok(text.as_bytes().to_vec()),
        });
        let outcome = self.read(files.clone());
        let found = outcome
            .set
            .migrations
            .iter()
            .find(|one| one.path == self.shown(path));
        let dialect = self.dialect;
        let said = |one: &Migration| statements_digest(one.up.iter().map(|(_, sql)| sql), dialect);
        let together = members.iter().flat_map(|one| text::ups(one, dialect));
        let together = statements_digest(together.map(|statement| statement.sql), dialect);
        let Some(one) = found.filter(|one| said(one) == together) else {
            let mut faults = outcome.diagnostics;
            faults.retain(|fault| fault.severity == Severity::Error);
            if faults.is_empty() {
                let message = "the statements do not read the same in one file";
                faults.push(Diagnostic::error(&codes::NOT_SQUASHABLE, &self.folder, message));
            }
            return Err(Faults(faults));
        };
        let lock = lock.squash(members, one, &self.folder).render();
        files.push(SourceFile {
            path: lockfile::FILE_NAME.to_owned(),
            content: Ok(lock.as_bytes().to_vec()),
        });
        self.read(files).into_result().map(|_| lock)
    }
}

fn lock_text(files: &[SourceFile]) -> String {
    let lock = files.iter().find(|file| file.path == lockfile::FILE_NAME);
    let bytes = lock.and_then(|file| file.content.as_deref().ok());
    bytes.map_or(String::new(), |bytes| String::from_utf8_lossy(bytes).into_owned())
}

fn unknown(options: &Options, migrations: &[Migration], through: Version) -> Diagnostic {
    let names: Vec<String> = migrations.iter().map(|one| one.version.to_string()).collect();
    let hint = nearest(&through.to_string(), names.iter().map(String::as_str));
    let hint = hint.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    let message = format!("no file has the version {through}{hint}");
    Diagnostic::error(&codes::UNKNOWN_VERSION, &options.folder, message)
}

/// The first version behind the last squashed file that is neither a file's nor was one, and is before the next file.
fn free_version(through: Version, next: Option<&Migration>, lock: &Lockfile) -> Option<Version> {
    let from = through.unix_seconds()?;
    let later = (from + 1..).map(version_of);
    let mut before_next = later.take_while(|version| next.is_none_or(|next| *version < next.version));
    before_next.find(|version| lock.get(*version).is_none())
}

/// What a file stands for if it takes the place of that one: what that stood for itself, or the one.
fn leaves(migration: &Migration) -> Vec<Squashed> {
    if !migration.squash.is_empty() {
        return migration.squash.to_vec();
    }
    vec![Squashed {
        version: migration.version,
        name: migration.name.clone(),
        change: migration.change.clone(),
        phase: migration.phase,
        requires: migration.requires.clone(),
        semantic: migration.semantic,
    }]
}

/// Whether the statements of a section commit one by one, or have to.
fn one_by_one(migration: &Migration, dialect: Dialect) -> bool {
    let sections = std::iter::once(&migration.up).chain(&migration.down);
    let by_itself = |section: &crate::model::Section| section.transaction == TransactionMode::PerStatement;
    // A new value of an enum cannot be used before it is committed.
    let adds_value = |sql: &str| {
        let mut words = Words::new(sql, dialect);
        dialect == Dialect::Postgres && words.eat_all(&["alter", "type"]) && words.contains(&["add", "value"])
    };
    sections.clone().any(by_itself) || migration.up.iter().any(|(_, sql)| adds_value(sql))
}

fn notes(members: &[Migration], dialect: Dialect) -> Vec<String> {
    let mut notes = Vec::new();
    for member in members {
        for sync in member.sync.iter() {
            notes.push(format!("{member}: the triggers of the sync {sync} are left out"));
        }
        if member.backfill.is_some() {
            notes.push(format!("{member}: its backfill is a plain statement"));
        }
        let left = member
            .up
            .iter()
            .filter(|(_, sql)| session::is_time_out(sql, dialect))
            .count();
        if left > 0 {
            notes.push(format!("{member}: how long to wait is left out ({left})"));
        }
    }
    if members.iter().any(|member| one_by_one(member, dialect)) {
        notes.push("each statement commits by itself, because some of them have to".to_owned());
    }
    notes
}
