//! `migrate lock`.

use std::fs;
use std::io::{ErrorKind, Write};

use clap::Args;

use super::folder::Folder;
use super::{FINE, Failure, WRONG, dialect_of, values};
use crate::diagnostic::Severity;
use crate::model::{Dialect, Layout, Version};
use crate::source::Options;
use crate::source::lockfile::{self, Lockfile};

/// Write migrations.lock: the files in it are released and may not change any more
///
/// Run it when a release is made. It refuses where a released file was edited, renamed or removed.
#[derive(Debug, Args)]
pub(super) struct Lock {
    #[command(flatten)]
    pub(super) folder: Folder,
    /// The dialect of the files: postgres, sqlite, mysql or mariadb; else what the database's URL says
    #[arg(long, value_parser = values::dialect)]
    pub(super) dialect: Option<Dialect>,
    /// How the folder is laid out: native, sqlx, diesel, refinery or dbmate [default: native]
    #[arg(long, value_parser = values::own_layout)]
    pub(super) layout: Option<Layout>,
    /// Release files up to this version only; later ones stay drafts
    #[arg(long, value_name = "VERSION")]
    up_to: Option<Version>,
    /// Write nothing; say whether every file is released
    #[arg(long)]
    check: bool,
}

impl Lock {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        let files = self.folder.files()?;
        let mut options = Options::new(dialect_of(self.dialect)?);
        options.layout = self.layout.unwrap_or(Layout::Native);
        options.folder = self.folder.shown();
        // What the rules say of drafts was said when they were compiled.
        options.rules = None;
        let outcome = options.read(files);
        let mut refused = false;
        for diagnostic in &outcome.diagnostics {
            if diagnostic.severity == Severity::Error {
                refused = true;
                writeln!(out, "{diagnostic}\n")?;
            }
        }
        if refused {
            writeln!(out, "nothing is released: mend these first")?;
            return Ok(WRONG);
        }
        let path = self.folder.path().join(lockfile::FILE_NAME);
        let before = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(Failure::new(format!(
                    "{} cannot be read: {error}",
                    path.display()
                )));
            }
        };
        let old = Lockfile::parse(&before, lockfile::FILE_NAME, &mut Vec::new());
        let wanted = |version: Version| self.up_to.is_none_or(|last| version <= last);
        let released = outcome
            .set
            .migrations
            .iter()
            .filter(|migration| wanted(migration.version) || migration.released);
        let new = old.release(released, &options.folder);
        let added: Vec<String> = new
            .entries()
            .iter()
            .filter(|entry| old.get(entry.version).is_none())
            .map(|entry| entry.version.to_string())
            .collect();
        if self.check {
            for version in &added {
                writeln!(out, "{version} is not released")?;
            }
            return Ok(if added.is_empty() { FINE } else { WRONG });
        }
        fs::write(&path, new.render())
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", path.display())))?;
        for version in &added {
            writeln!(out, "released {version}")?;
        }
        writeln!(
            out,
            "{}: {} released, {} of them new",
            path.display(),
            new.entries().len(),
            added.len()
        )?;
        Ok(FINE)
    }
}
