//! The folder of the commands that work on files only.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::source::{SourceFile, files_in_folder};

/// Where migrations are, unless it is said.
pub(super) const DEFAULT: &str = "migrations";

// A doc comment would become the description of every command.
#[derive(Debug, Args)]
pub(super) struct Folder {
    /// The folder of the migrations [default: migrations]
    #[arg(value_name = "FOLDER", conflicts_with = "dir")]
    folder: Option<PathBuf>,
    /// The same, as other commands take it
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
}

impl Folder {
    pub(super) fn path(&self) -> &Path {
        let named = self.folder.as_deref().or(self.dir.as_deref());
        named.unwrap_or(Path::new(DEFAULT))
    }

    /// As it stands in answers.
    pub(super) fn shown(&self) -> String {
        let folder = self.path().to_string_lossy().replace('\\', "/");
        folder.trim_end_matches('/').to_owned()
    }

    /// The folder that was named before the command, where none is named behind it.
    pub(super) fn or(&mut self, before: Option<PathBuf>) {
        if self.folder.is_none() && self.dir.is_none() {
            self.dir = before;
        }
    }

    pub(super) fn files(&self) -> Result<Vec<SourceFile>, Failure> {
        let path = self.path();
        if path.is_file() {
            return Err(Failure::new(format!(
                "{} is a file: name the folder that it is in, because what a migration does depends on the files before it",
                path.display()
            )));
        }
        files_in_folder(path).map_err(|error| unreadable(&self.shown(), &error))
    }
}

/// The failure over a folder that cannot be listed.
pub(super) fn unreadable(folder: &str, error: &std::io::Error) -> Failure {
    Failure::new(format!(
        "the folder `{folder}` cannot be read: {error} (`--dir` says where the migrations are)"
    ))
}
