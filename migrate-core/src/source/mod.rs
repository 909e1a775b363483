//! Where migrations come from: a folder at compile time or run time, or an `include_dir::Dir`.
//!
//! Every source goes through the same checks, so that what the derive refuses is refused at run time too.

mod check;
mod editions;
mod file_name;
mod folder;
#[cfg(feature = "include_dir")]
mod include_dir;
mod judge;
mod layouts;
pub mod lockfile;
pub mod squash;

use core::fmt;

use crate::diagnostic::{Diagnostic, Severity, codes};
use crate::model::directives::Text;
use crate::model::{Dialect, Layout, MigrationSet, Phase, ServerVersion, Version};
use crate::rules::Config;

pub use editions::editions;
pub use folder::files_in_folder;

/// A file as it was found.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path within the folder, with `/`. One that ends with `/` is that of a folder that cannot be listed.
    pub path: String,
    /// Its bytes, or why they cannot be read.
    pub content: Result<Vec<u8>, String>,
}

/// What sends the statements of a set to the server, and so decides which of them share a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// This library: a file is one transaction, and a statement that cannot run in one stands alone in its file.
    Library,
    /// The tool of the layout, with its own idea of transactions. What is history already is not judged in any way.
    Tool,
    /// A tool that sends each statement on its own. What is history already is not judged in any way.
    Autocommit,
}

/// How a set is read and what it is for. The derive has an option for each field.
#[derive(Clone, Debug)]
pub struct Options {
    /// Names the set in the database.
    pub name: Text,
    /// The dialect of the files.
    pub dialect: Dialect,
    /// The layout of the folder.
    pub layout: Layout,
    /// The oldest server it is meant for.
    pub since: Option<ServerVersion>,
    /// Files up to this version are history: they are not judged any more.
    pub baseline: Option<Version>,
    /// The phase of files that name none.
    pub phase: Phase,
    /// What sends the statements to the server.
    pub runner: Runner,
    /// What the safety rules are to do; `None` leaves the SQL unjudged.
    ///
    /// They judge only where the feature of the dialect is enabled: `analyze-postgres`, `analyze-sqlite`,
    /// `analyze-mysql`.
    pub rules: Option<Config>,
    /// The names that Rust code is bound to; `None` leaves it to the migrator to find out whether those that the files
    /// name are among them.
    pub bound: Option<Vec<Text>>,
    /// How the folder is called in messages.
    pub folder: String,
}

impl Options {
    /// The options of a set named `main` in the native layout.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            name: Text::Borrowed("main"),
            dialect,
            layout: Layout::Native,
            since: None,
            baseline: None,
            phase: Phase::Expand,
            runner: Runner::Library,
            rules: Some(Config::default()),
            bound: None,
            folder: "migrations".to_owned(),
        }
    }

    /// Reads a folder at run time, with the checks of the derive.
    ///
    /// Does blocking file I/O; call it before the service starts serving.
    ///
    /// # Errors
    ///
    /// All faults of all files, as one [`Faults`].
    ///
    /// ```
    /// use migrate_core::{Dialect, source::Options};
    /// let faults = Options::new(Dialect::Sqlite).read_folder("no/such/folder").unwrap_err();
    /// assert!(faults.to_string().contains("error[unreadable]"));
    /// ```
    pub fn read_folder(&self, path: impl AsRef<std::path::Path>) -> Result<MigrationSet, Faults> {
        let path = path.as_ref();
        let options = Self {
            folder: path.to_string_lossy().replace('\\', "/"),
            ..self.clone()
        };
        match files_in_folder(path) {
            Ok(files) => options.read(files).into_result(),
            Err(error) => {
                let message = format!("the folder cannot be read: {error}");
                let fault = Diagnostic::error(&codes::UNREADABLE, options.folder, message);
                Err(Faults(vec![fault]))
            }
        }
    }

    /// Reads files that were gathered before: the one road every source goes.
    pub fn read(&self, files: Vec<SourceFile>) -> Outcome {
        layouts::read(self, files)
    }

    /// The version of a file of the folder: by its path or the last part of it, with or without `.sql`, or by its number.
    pub fn version_of(&self, files: &[SourceFile], name: &str) -> Option<Version> {
        layouts::version_of(self, files, name)
    }

    /// How a file of the folder is called in messages.
    pub(crate) fn shown(&self, path: &str) -> String {
        if self.folder.is_empty() {
            path.to_owned()
        } else {
            format!("{}/{path}", self.folder.trim_end_matches('/'))
        }
    }
}

/// What a source holds: the set, and every finding.
#[derive(Debug)]
pub struct Outcome {
    /// The set, of all files that could be understood.
    pub set: MigrationSet,
    /// What is wrong with it, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// How many statements rules would find more of if what other drafts make were in use; an audit counts them, nobody
    /// else.
    pub spared: usize,
}

impl Outcome {
    /// The set, unless there is an error.
    ///
    /// # Errors
    ///
    /// All findings, if one of them is an error.
    pub fn into_result(self) -> Result<MigrationSet, Faults> {
        let refused = self
            .diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error);
        if refused {
            Err(Faults(self.diagnostics))
        } else {
            Ok(self.set)
        }
    }
}

/// Why a set is refused: all faults of all its files.
#[derive(Clone, Debug)]
pub struct Faults(Vec<Diagnostic>);

impl Faults {
    /// The findings, in the order of the files.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}
