//! From the files of a folder to a set, whatever their layout.

mod foreign;
mod history;
mod layout_hint;
mod plain;
mod squash;

use std::collections::HashMap;

use super::check::{self, Read};
use super::lockfile::{self, Lockfile};
use super::{Options, Outcome, Runner, SourceFile, file_name, judge};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Layout, Migration, MigrationSet, Version};
use crate::parallel;
use crate::rules::DirectivePlaces;
use crate::script::{File, native, normalise, section};

/// What a layout makes of the files: migrations, and the version of every file, understood or not.
#[derive(Default)]
struct Files {
    read: Vec<Read>,
    versions: Vec<(Version, String)>,
}

pub(super) fn read(options: &Options, files: Vec<SourceFile>) -> Outcome {
    let mut diagnostics = Vec::new();
    let order: HashMap<String, usize> = files
        .iter()
        .enumerate()
        .map(|(index, file)| (options.shown(&file.path), index))
        .collect();
    let (lock, files): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|file| file.path == lockfile::FILE_NAME);
    let files = without_folders(options, files, &mut diagnostics);
    let lockfile = lock.first().map_or_else(Lockfile::default, |file| {
        let shown = options.shown(&file.path);
        text(file, &shown, &mut diagnostics).map_or_else(Lockfile::default, |text| {
            Lockfile::parse(&text, &shown, &mut diagnostics)
        })
    });
    let mut found = match options.layout {
        Layout::Native => read_native(options, &files, &mut diagnostics),
        _ => foreign::read(options, &files, &mut diagnostics),
    };
    found.versions.sort();
    found.read.sort_by_key(|item| item.migration.version);
    // Where released files are gone, that is what is told.
    let released = |entry: &lockfile::Entry| matches!(entry.state, lockfile::EntryState::Released { .. });
    let unreleased = !lockfile.entries().iter().any(released);
    if found.versions.is_empty() && diagnostics.is_empty() && unreleased {
        let message = format!(
            "there is no migration file of the {} layout in the folder",
            options.layout
        );
        diagnostics.push(Diagnostic::error(&codes::NO_FILES, &options.folder, message));
    }
    check::duplicates(&found.versions, &mut diagnostics);
    check::phase_order(&found.read, &mut diagnostics);
    let known: Vec<Version> = found.versions.iter().map(|(version, _)| *version).collect();
    squash::check(&mut found.read, &known, &lockfile, &mut diagnostics);
    check::requires(&mut found.read, &known, &lockfile, &mut diagnostics);
    check::unsync(&mut found.read, &mut diagnostics);
    check::bindings(options, &found.read, &mut diagnostics);
    if !known.is_empty() {
        check::baseline(options, &known, &mut diagnostics);
    }
    let said = found.read.iter_mut().filter(|item| !item.places.is_empty());
    let places = said
        .map(|item| (item.migration.version, std::mem::take(&mut item.places)))
        .collect();
    let mut migrations: Vec<Migration> = found.read.into_iter().map(|item| item.migration).collect();
    for migration in &mut migrations {
        migration.released =
            options.baseline >= Some(migration.version) || lockfile.get(migration.version).is_some();
    }
    // A file that could not be understood has had its error; it is not missing as well.
    if known.len() == migrations.len() {
        lockfile.check(&migrations, &options.folder, &mut diagnostics);
    }
    let complete = known.len() == migrations.len();
    if options.runner != Runner::Library {
        history::forgive(&found.versions, &migrations, options, &lockfile, &mut diagnostics);
    }
    let members = migrations.iter().flat_map(|migration| &*migration.squash);
    let squashed = members.map(|member| member.version);
    let mut tombstones: Vec<Version> = lockfile.tombstones().chain(squashed).collect();
    tombstones.sort_unstable();
    tombstones.dedup();
    let set = MigrationSet {
        name: options.name.clone(),
        dialect: options.dialect,
        layout: options.layout,
        since: options.since,
        migrations: migrations.into(),
        tombstones: tombstones.into(),
        folder: None,
    };
    let spared = judge::judge(options, &set, &places, complete, &mut diagnostics);
    in_reading_order(&mut diagnostics, &order);
    Outcome {
        set,
        diagnostics,
        spared,
    }
}

/// The files without the folders that could not be listed, which are reported: what is missing there is not known.
fn without_folders(
    options: &Options,
    mut files: Vec<SourceFile>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<SourceFile> {
    files.retain(|file| {
        let (true, Err(error)) = (file.path.ends_with('/'), &file.content) else {
            return true;
        };
        let message = format!("the folder cannot be read: {error}");
        let shown = options.shown(file.path.trim_end_matches('/'));
        diagnostics.push(
            Diagnostic::error(&codes::UNREADABLE, shown, message)
                .help("give it the rights of the files beside it, or move it away"),
        );
        false
    });
    files
}

/// Findings of one file together and from top to bottom; the files in the order in which they were given, behind what
/// is about the folder.
fn in_reading_order(diagnostics: &mut [Diagnostic], order: &HashMap<String, usize>) {
    diagnostics.sort_by_key(|diagnostic| {
        let place = diagnostic.position.as_ref();
        let place = place.map(|position| (position.line, position.column));
        (order.get(&diagnostic.path).copied(), place)
    });
}

/// The version of a file, by its path or the last part of it.
pub(super) fn version_of(options: &Options, files: &[SourceFile], name: &str) -> Option<Version> {
    let mut ignored = Vec::new();
    let found = match options.layout {
        Layout::Native => read_native(options, files, &mut ignored),
        _ => foreign::read(options, files, &mut ignored),
    };
    let stem = |text: &str| text.strip_suffix(".sql").unwrap_or(text).to_owned();
    let named = |path: &str| {
        let folder = path.rsplit('/').nth(1).unwrap_or_default();
        let base = path.rsplit('/').next().unwrap_or_default();
        path == name
            || path == options.shown(name)
            || stem(base) == stem(name.rsplit('/').next().unwrap_or(name))
            || (options.layout == Layout::Diesel && folder == name.trim_end_matches('/'))
    };
    let number = name.parse::<Version>();
    let numbered = |version: Version, path: &str| match options.layout {
        // There the version is the number that the name starts with, if it starts with one.
        Layout::Plain => {
            let base = path.rsplit('/').next().unwrap_or_default();
            let end = base.find(|character: char| !character.is_ascii_digit());
            base[..end.unwrap_or(base.len())].parse() == number
        }
        _ => Ok(version) == number,
    };
    let all = || {
        found
            .versions
            .iter()
            .map(|(version, path)| (*version, path.as_str()))
    };
    let by_name = all().find(|(_, path)| named(path));
    let found = by_name.or_else(|| {
        all()
            .filter(|_| number.is_ok())
            .find(|(version, path)| numbered(*version, path))
    });
    found.map(|(version, _)| version)
}

/// The text of a file, or `None` after its fault was reported.
fn text(file: &SourceFile, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let text = match &file.content {
        Ok(bytes) => normalise(bytes, shown),
        Err(error) => Err(Diagnostic::error(
            &codes::UNREADABLE,
            shown,
            format!("the file cannot be read: {error}"),
        )),
    };
    text.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
}

fn read_native(options: &Options, files: &[SourceFile], diagnostics: &mut Vec<Diagnostic>) -> Files {
    let mut found = Files::default();
    let mut foreign = layout_hint::Foreign::default();
    let read = parallel::map(files, |file| read_native_file(options, file));
    for (file, (version, read, mut faults)) in files.iter().zip(read) {
        found.versions.extend(version);
        found.read.extend(read);
        foreign.note(file, &faults, diagnostics.len());
        diagnostics.append(&mut faults);
    }
    foreign.hint(options, files.len(), diagnostics);
    found
}

/// A file of the native layout: its version and path, what it says, and what is wrong with it.
fn read_native_file(
    options: &Options,
    file: &SourceFile,
) -> (Option<(Version, String)>, Option<Read>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let shown = options.shown(&file.path);
    let base = file.path.rsplit('/').next().unwrap_or_default();
    let Some(stem) = base.strip_suffix(".sql") else {
        if base.to_ascii_lowercase().ends_with(".sql") {
            let message = "the ending of a migration file is `.sql` in lower case";
            diagnostics.push(Diagnostic::error(&codes::BAD_FILE_NAME, &shown, message).help("rename it"));
        }
        return (None, None, diagnostics);
    };
    // The content is judged even where the name is wrong, so that all faults show at once.
    let (version, words) = match file_name::native(stem, &shown) {
        Ok(name) => (Some(name.version), name.name),
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            (None, String::new())
        }
    };
    let versions = version.map(|version| (version, shown.clone()));
    let read = text(file, &shown, &mut diagnostics).and_then(|text| {
        let file = File {
            path: &shown,
            text: &text,
            dialect: options.dialect,
        };
        let parsed = native::parse(&file, version.unwrap_or(Version(0)), &words, &mut diagnostics)?;
        let mut migration = parsed.migration;
        if !parsed.phase_named {
            migration.phase = options.phase;
        }
        if options.runner == Runner::Autocommit {
            section::one_by_one(&mut migration);
        }
        let (requires, syncs) = (parsed.requires.into_iter(), parsed.syncs.into_iter());
        let (said, unsyncs) = (parsed.said.into_iter(), parsed.unsyncs.into_iter());
        let squash = parsed.squash.into_iter();
        version.is_some().then(|| Read {
            migration,
            requires: requires
                .map(|(version, start, end)| (version, file.position(start, end)))
                .collect(),
            places: DirectivePlaces {
                syncs: syncs.map(|(start, end)| file.position(start, end)).collect(),
                others: said
                    .map(|(name, start, end)| (name, file.position(start, end)))
                    .collect(),
            },
            unsyncs: unsyncs
                .map(|(pair, start, end)| (pair, file.position(start, end)))
                .collect(),
            squash: squash
                .map(|(member, start, end)| (member, file.position(start, end)))
                .collect(),
            phase_at: Some(file.position(parsed.phase_at.0, parsed.phase_at.1)),
            rust_at: parsed.rust_at.map(|(start, end)| file.position(start, end)),
        })
    });
    (versions, read, diagnostics)
}
