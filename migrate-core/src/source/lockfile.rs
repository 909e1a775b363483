//! `migrations.lock`: which files are released, and what they said then.
//!
//! One line per released file. It is written sorted by version, and read in any order: a merge that keeps the lines of both
//! branches (`merge=union`) leaves it whole.
//!
//! ```text
//! # Released migrations. Written by `migrate lock`; the files named here may not change any more.
//! 20260101120000 <exact digest> <semantic digest> 20260101120000_create_users.sql
//! 20260105080000 tombstone "squashed into 20260201000000"
//! ```

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostic, Position, codes};
use crate::model::{Digest, Migration, Version};

/// The name of the file, in the folder of the migrations.
pub const FILE_NAME: &str = "migrations.lock";

const HEADER: &str =
    "# Released migrations. Written by `migrate lock`; the files named here may not change any more.\n";

/// A line of the lock file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The released version.
    pub version: Version,
    /// What became of it.
    pub state: EntryState,
    /// The line, from 1; 0 in a lock file that was not read.
    line: u32,
}

/// What became of a released version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// Its file is there, unchanged.
    Released {
        /// The digest of its exact text.
        exact: Digest,
        /// The digest of its tokens.
        semantic: Digest,
        /// Its path within the folder.
        path: String,
    },
    /// Its file was squashed or withdrawn.
    Tombstone {
        /// Why, in words.
        reason: String,
    },
}

/// The released migrations of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lockfile {
    entries: Vec<Entry>,
    text: String,
    path: String,
}

impl Lockfile {
    /// Reads the text of a lock file. Lines that cannot be read go into `diagnostics`.
    pub fn parse(text: &str, path: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut lockfile = Self {
            entries: Vec::new(),
            text: text.to_owned(),
            path: path.to_owned(),
        };
        let merged = lockfile.merged(diagnostics);
        let mut start = 0;
        for (index, line) in text.split('\n').enumerate() {
            let number = index as u32 + 1;
            let trimmed = line.trim();
            if !trimmed.is_empty() && !trimmed.starts_with('#') && !merged.contains(&number) {
                match parse_line(trimmed, number) {
                    Ok(entry) => match lockfile.get(entry.version) {
                        // Both branches of a merge had it.
                        Some(known) if known.state == entry.state => {}
                        Some(_) => {
                            let message = "this version stands twice, and not alike";
                            let place = lockfile.version_at(start);
                            diagnostics
                                .push(Diagnostic::error(&codes::BAD_LOCK_FILE, path, message).at(place));
                        }
                        None => {
                            let behind = lockfile
                                .entries
                                .partition_point(|known| known.version < entry.version);
                            lockfile.entries.insert(behind, entry);
                        }
                    },
                    Err(message) => diagnostics.push(lockfile.fault(message, start, line)),
                }
            }
            start += line.len() + 1;
        }
        lockfile
    }

    /// The lines that a merge left behind and that are to go: the markers of its conflicts, and what stood there before both
    /// branches, where that is shown.
    fn merged(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<u32> {
        let (mut lines, mut base) = (Vec::new(), false);
        for (line, number) in self.text.split('\n').zip(1..) {
            let is = |marker: &str| line.starts_with(marker);
            let ends = is("=======") || is(">>>>>>>");
            base = (base || is("|||||||")) && !ends;
            if base || ends || is("<<<<<<<") {
                lines.push(number);
            }
        }
        if let Some(first) = lines.first() {
            let start = self.text.split('\n').take(*first as usize - 1);
            let start: usize = start.map(|line| line.len() + 1).sum();
            let line = self.text[start..].lines().next().unwrap_or_default();
            let message = "the file has conflict markers of a merge";
            let which = match &lines[..] {
                [one] => format!("delete line {one}"),
                [before @ .., last] => {
                    let before: Vec<String> = before.iter().map(u32::to_string).collect();
                    format!("delete the lines {} and {last}", before.join(", "))
                }
                [] => String::new(),
            };
            diagnostics.push(self.fault(message, start, line).help(format!(
                "{which}, and keep all others, in any order: what either branch released stays released.\n\
                 `{FILE_NAME} merge=union` in .gitattributes does that by itself"
            )));
        }
        lines
    }

    fn fault(&self, message: &str, start: usize, line: &str) -> Diagnostic {
        Diagnostic::error(&codes::BAD_LOCK_FILE, &self.path, message).at(Position::of(
            &self.text,
            start,
            start + line.len(),
        ))
    }

    /// The place of the version at the start of a line.
    fn version_at(&self, start: usize) -> Position {
        let length = self.text[start..].find(char::is_whitespace).unwrap_or_default();
        Position::of(&self.text, start, start + length)
    }

    /// The lock file that releases those migrations and keeps the tombstones of this one.
    pub fn release<'a>(&self, migrations: impl IntoIterator<Item = &'a Migration>, folder: &str) -> Self {
        let mut entries: Vec<Entry> = self
            .entries
            .iter()
            .filter(|entry| matches!(entry.state, EntryState::Tombstone { .. }))
            .cloned()
            .collect();
        for migration in migrations {
            entries.retain(|entry| entry.version != migration.version);
            entries.push(Entry {
                version: migration.version,
                state: EntryState::Released {
                    exact: migration.exact,
                    semantic: migration.semantic,
                    path: within(&migration.path, folder).to_owned(),
                },
                line: 0,
            });
        }
        entries.sort_by_key(|entry| entry.version);
        let mut lockfile = Self {
            entries,
            text: String::new(),
            path: self.path.clone(),
        };
        lockfile.text = lockfile.render();
        lockfile
    }

    /// The lock file in which one migration stands for others, which have tombstones.
    pub fn squash(&self, members: &[Migration], into: &Migration, folder: &str) -> Self {
        let mut entries = self.entries.clone();
        for entry in &mut entries {
            if members.iter().any(|member| member.version == entry.version) {
                entry.state = EntryState::Tombstone {
                    reason: format!("squashed into {}", into.version),
                };
            }
        }
        let kept = Self {
            entries,
            ..self.clone()
        };
        let mut squashed = kept.release([into], folder);
        // What is released behind them stays so.
        for entry in kept.entries {
            if squashed.get(entry.version).is_none() {
                squashed.entries.push(entry);
                squashed.entries.sort_by_key(|entry| entry.version);
            }
        }
        squashed.text = squashed.render();
        squashed
    }

    /// Its text.
    pub fn render(&self) -> String {
        let mut text = HEADER.to_owned();
        for entry in &self.entries {
            // Writing into a string does not fail.
            let _ = match &entry.state {
                EntryState::Released {
                    exact,
                    semantic,
                    path,
                } => {
                    writeln!(text, "{} {exact} {semantic} {path}", entry.version)
                }
                EntryState::Tombstone { reason } => {
                    writeln!(text, "{} tombstone \"{reason}\"", entry.version)
                }
            };
        }
        text
    }

    /// Its lines, by ascending version.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The line of that version.
    pub fn get(&self, version: Version) -> Option<&Entry> {
        let index = self
            .entries
            .binary_search_by_key(&version, |entry| entry.version)
            .ok()?;
        Some(&self.entries[index])
    }

    /// The versions that are released once and are no longer files.
    pub fn tombstones(&self) -> impl Iterator<Item = Version> {
        self.entries
            .iter()
            .filter(|entry| matches!(entry.state, EntryState::Tombstone { .. }))
            .map(|entry| entry.version)
    }

    /// Compares the released migrations with their files: edited, renamed, removed, withdrawn.
    pub(crate) fn check(&self, migrations: &[Migration], folder: &str, diagnostics: &mut Vec<Diagnostic>) {
        for entry in &self.entries {
            let migration = migrations
                .iter()
                .find(|migration| migration.version == entry.version);
            match (&entry.state, migration) {
                (EntryState::Tombstone { .. }, None) => {}
                (EntryState::Tombstone { reason }, Some(migration)) => {
                    let message = format!("version {} was withdrawn: {reason}", entry.version);
                    diagnostics.push(Diagnostic::error(
                        &codes::WITHDRAWN_VERSION,
                        &*migration.path,
                        message,
                    ));
                }
                (
                    EntryState::Released {
                        exact,
                        semantic,
                        path,
                    },
                    Some(migration),
                ) => {
                    if migration.exact != *exact {
                        let message = format!("the released migration {migration} was edited");
                        let note = if migration.semantic == *semantic {
                            "only comments or white space differ from the text that was released"
                        } else {
                            "its SQL differs from the text that was released"
                        };
                        diagnostics.push(
                            Diagnostic::error(&codes::RELEASED_FILE_EDITED, &*migration.path, message)
                                .note(note),
                        );
                    } else if within(&migration.path, folder) != path {
                        let message = format!("the released file `{path}` was renamed");
                        diagnostics.push(
                            Diagnostic::error(&codes::RELEASED_FILE_RENAMED, &*migration.path, message)
                                .help(format!("rename it back to `{path}`")),
                        );
                    }
                }
                (EntryState::Released { exact, path, .. }, None) => {
                    diagnostics.push(self.missing(entry, *exact, path, migrations));
                }
            }
        }
    }

    /// The fault of a released file that is not there: gone, or under another version.
    fn missing(&self, entry: &Entry, exact: Digest, path: &str, migrations: &[Migration]) -> Diagnostic {
        let place = self.text.split('\n').take(entry.line.saturating_sub(1) as usize);
        let start: usize = place.map(|line| line.len() + 1).sum();
        let place = self.version_at(start);
        match migrations.iter().find(|migration| migration.exact == exact) {
            Some(renamed) => {
                let message = format!("the released file `{path}` was renamed");
                Diagnostic::error(&codes::RELEASED_FILE_RENAMED, &*renamed.path, message)
                    .help(format!("rename it back to `{path}`"))
            }
            None => {
                let message = format!("the released file `{path}` is missing");
                Diagnostic::error(&codes::RELEASED_FILE_REMOVED, &self.path, message).at(place)
            }
        }
    }
}

/// The path of a file within its folder.
fn within<'a>(path: &'a str, folder: &str) -> &'a str {
    path.strip_prefix(folder)
        .map_or(path, |rest| rest.trim_start_matches('/'))
}

fn parse_line(line: &str, number: u32) -> Result<Entry, &'static str> {
    let (version, rest) = line
        .split_once(' ')
        .ok_or("expected a version and what became of it")?;
    let version = version
        .parse()
        .map_err(|_| "the line does not start with a version")?;
    let rest = rest.trim_start();
    let state = if let Some(reason) = rest.strip_prefix("tombstone") {
        let reason = reason.trim();
        let reason = reason
            .strip_prefix('"')
            .and_then(|reason| reason.strip_suffix('"'));
        let reason = reason.filter(|reason| !reason.trim().is_empty());
        EntryState::Tombstone {
            reason: reason.ok_or("a tombstone says why, in double quotes")?.to_owned(),
        }
    } else {
        let mut parts = rest.splitn(3, ' ');
        let mut digest = || parts.next().and_then(Digest::from_hex);
        let exact = digest().ok_or("the exact digest is not 64 hexadecimal digits")?;
        let semantic = digest().ok_or("the semantic digest is not 64 hexadecimal digits")?;
        let path = parts.next().map(str::trim).filter(|path| !path.is_empty());
        EntryState::Released {
            exact,
            semantic,
            path: path.ok_or("the file's name is missing")?.to_owned(),
        }
    };
    Ok(Entry {
        version,
        state,
        line: number,
    })
}
