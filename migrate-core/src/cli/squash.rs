//! `migrate squash`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use clap::Args;

use super::folder::Folder;
use super::{FINE, Failure, WRONG, dialect_of, values};
use crate::model::{Dialect, Version};
use crate::source::Options;
use crate::source::lockfile;

/// Put the oldest released migrations into one file, which stands for them
///
/// Writes the new file, removes the old ones and rewrites migrations.lock. Databases that have the old ones applied
/// record the new one and run nothing; on others it runs in their place. Refuses what cannot be one file, saying why.
#[derive(Debug, Args)]
pub(super) struct Squash {
    #[command(flatten)]
    pub(super) folder: Folder,
    /// The dialect of the files: postgres, sqlite, mysql or mariadb; else what the database's URL says
    #[arg(long, value_parser = values::dialect)]
    pub(super) dialect: Option<Dialect>,
    /// The last file to squash; later ones stay as they are
    #[arg(long, value_name = "VERSION")]
    through: Version,
    /// The words of the new file's name
    #[arg(long, default_value = "squashed", value_parser = name)]
    name: String,
    /// Print the new file, and write and remove nothing
    #[arg(long)]
    dry_run: bool,
}

/// Words that may stand in the name of a file.
fn name(text: &str) -> Result<String, String> {
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    match !text.is_empty() && text.chars().all(fits) {
        true => Ok(text.to_owned()),
        false => Err("only letters, digits, `_` and `-`".to_owned()),
    }
}

impl Squash {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        let files = self.folder.files()?;
        let mut options = Options::new(dialect_of(self.dialect)?);
        options.folder = self.folder.shown();
        let squash = match options.squash(files, self.through, &self.name) {
            Ok(squash) => squash,
            Err(faults) => {
                writeln!(out, "{faults}\n\nnothing is squashed")?;
                return Ok(WRONG);
            }
        };
        if self.dry_run {
            write!(out, "{}", squash.text)?;
            return Ok(FINE);
        }
        // While the old files are there as well the folder is refused, so being interrupted leaves nothing that could be
        // deployed.
        let path = self.folder.path().join(&squash.path);
        let written = OpenOptions::new().write(true).create_new(true).open(&path);
        let written = written.and_then(|mut file| file.write_all(squash.text.as_bytes()));
        written.map_err(|error| unwritten(&path, &error))?;
        let lock = self.folder.path().join(lockfile::FILE_NAME);
        fs::write(&lock, &squash.lock).map_err(|error| unwritten(&lock, &error))?;
        for removed in &squash.removed {
            let path = self.folder.path().join(removed);
            fs::remove_file(&path)
                .map_err(|error| Failure::new(format!("{} cannot be removed: {error}", path.display())))?;
            writeln!(out, "removed {removed}")?;
        }
        for note in &squash.notes {
            writeln!(out, "note: {note}")?;
        }
        writeln!(
            out,
            "{}: stands for {} files",
            path.display(),
            squash.removed.len()
        )?;
        Ok(FINE)
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} cannot be written: {error}", path.display()))
}
