//! From the options to the set: which folder is meant, and what is in it.

use std::env;
use std::path::{Path, PathBuf};

use migrate_core::MigrationSet;
use migrate_core::diagnostic::{Diagnostic, Severity, codes, nearest};
use migrate_core::source::{Options, SourceFile, files_in_folder, lockfile};

use crate::args::{Args, Edition};

/// A folder that was read.
pub(crate) struct Loaded {
    pub(crate) set: MigrationSet,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The folder, absolute.
    pub(crate) folder: PathBuf,
    /// The files whose edit has to compile the crate again, within the folder.
    pub(crate) tracked: Vec<String>,
}

impl Loaded {
    pub(crate) fn is_refused(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads the folder that `args` names. `source` is the file the macro is used in, where that is known.
pub(crate) fn load(args: &Args, source: Option<PathBuf>) -> Loaded {
    let folder = locate(&args.path, source);
    let mut options = Options::new(args.dialect);
    options.name = args.name.clone().into();
    options.layout = args.layout;
    options.since = args.since;
    options.baseline = args.baseline;
    options.rules = Some(args.rules.clone());
    options.bound = Some(args.bound.iter().map(|bound| bound.name.clone().into()).collect());
    options.folder = shown(&args.path);
    read(&options, folder)
}

/// Reads another edition of the set, for its versions and changes only: its own derive judges it.
pub(crate) fn load_edition(args: &Args, edition: &Edition, source: Option<PathBuf>) -> Loaded {
    let folder = locate(&edition.path, source);
    let mut options = Options::new(edition.dialect);
    options.layout = args.layout;
    options.rules = None;
    options.folder = shown(&edition.path);
    read(&options, folder)
}

fn read(options: &Options, folder: PathBuf) -> Loaded {
    let files = files_in_folder(&folder);
    let unreadable = files
        .as_ref()
        .err()
        .map(|error| no_folder(&options.folder, &folder, error));
    let files = files.unwrap_or_default();
    let tracked = files
        .iter()
        .filter(|file| is_tracked(file))
        .map(|file| file.path.clone())
        .collect();
    let outcome = options.read(files);
    Loaded {
        set: outcome.set,
        diagnostics: unreadable.map_or(outcome.diagnostics, |fault| vec![fault]),
        folder,
        tracked,
    }
}

/// Paths count from the folder of Cargo.toml. Where there is none of that name, they count from the file the macro
/// is used in: harnesses that compile single files bring a Cargo.toml of their own.
fn locate(path: &str, source: Option<PathBuf>) -> PathBuf {
    let root = env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let in_crate = root.join(path);
    if in_crate.exists() {
        return in_crate;
    }
    let beside = source
        .and_then(|file| std::path::absolute(file).ok())
        .and_then(|file| file.parent().map(|folder| folder.join(path)));
    beside.filter(|folder| folder.exists()).unwrap_or(in_crate)
}

/// How messages call the folder.
pub(crate) fn shown(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        path.to_owned()
    } else {
        trimmed.to_owned()
    }
}

fn no_folder(shown: &str, folder: &Path, error: &std::io::Error) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        &codes::UNREADABLE,
        shown,
        format!("the folder cannot be read: {error}"),
    );
    match sibling(folder) {
        Some(name) => diagnostic.note(format!("there is a folder `{name}` beside it")),
        None => diagnostic,
    }
}

/// A folder of a name like the one that is not there.
fn sibling(folder: &Path) -> Option<String> {
    let wanted = folder.file_name()?.to_str()?;
    let mut names: Vec<String> = std::fs::read_dir(folder.parent()?)
        .ok()?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    nearest(wanted, names.iter().map(String::as_str))
        .filter(|name| *name != wanted)
        .map(str::to_owned)
}

fn is_tracked(file: &SourceFile) -> bool {
    let base = file.path.rsplit('/').next().unwrap_or_default();
    file.content.is_ok() && (base == lockfile::FILE_NAME || base.ends_with(".sql") || base.ends_with(".toml"))
}
