//! `migrate new`.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;

use super::folder::DEFAULT;
use super::{FINE, Failure, time, values};
use crate::model::{Layout, Phase, Version};

/// Write a new migration file, named by the present time
#[derive(Debug, Args)]
pub(super) struct New {
    /// What it does, in a few words: they become the name of the file
    #[arg(required = true)]
    description: Vec<String>,
    /// Its phase: expand, migrate or contract
    #[arg(long, default_value = "expand", value_parser = values::phase)]
    phase: Phase,
    /// The change it belongs to; required for migrate and contract
    #[arg(long)]
    change: Option<String>,
    /// The folder of the migrations [default: migrations]
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// The layout of the folder, where it was named before the command.
    #[arg(skip)]
    layout: Option<Layout>,
}

impl New {
    /// The folder that was named before the command, where none is named behind it, and its layout.
    pub(super) fn in_folder(&mut self, before: Option<PathBuf>, layout: Option<Layout>) {
        self.dir = self.dir.take().or(before);
        self.layout = layout;
    }

    fn dir(&self) -> &Path {
        self.dir.as_deref().unwrap_or(Path::new(DEFAULT))
    }

    pub(super) fn run(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        let name = slug(&self.description.join(" "));
        if name.is_empty() {
            return Err(Failure::new(
                "the description has no letter or digit: say what the migration does, such as `add display name`",
            ));
        }
        if let Some(layout) = self.layout.filter(|layout| *layout != Layout::Native) {
            let own = match layout {
                Layout::Sqlx => format!("`sqlx migrate add -r {name}` makes one"),
                Layout::Diesel => format!("`diesel migration generate {name}` makes one"),
                Layout::Dbmate => format!("`dbmate new {name}` makes one"),
                _ => "make one by hand".to_owned(),
            };
            return Err(Failure::new(format!(
                "`new` writes files of the native layout, which would be run as a whole, its way back as well, in a folder \
                 of the {layout} layout: {own}"
            )));
        }
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        match &self.change {
            Some(change) if change.is_empty() || !change.bytes().all(fits) => {
                return Err(Failure::new(format!(
                    "`{change}` cannot be the name of a change: only a-z, 0-9 and _"
                )));
            }
            None if self.phase != Phase::Expand => {
                return Err(Failure::new(format!(
                    "a {} file has to name the change it belongs to: `--change <name>`, the name that its expand file has",
                    self.phase
                )));
            }
            _ => {}
        }
        fs::create_dir_all(self.dir())
            .map_err(|error| Failure::new(format!("{} cannot be made: {error}", self.dir().display())))?;
        let version = self.version()?;
        let path = self.dir().join(format!("{version}_{name}.sql"));
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .and_then(|mut file| file.write_all(skeleton(self.phase, self.change.as_deref()).as_bytes()));
        match written {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(Failure::new(format!("{} exists already", path.display())));
            }
            Err(error) => {
                return Err(Failure::new(format!(
                    "{} cannot be written: {error}",
                    path.display()
                )));
            }
        }
        writeln!(out, "{}", path.display())?;
        Ok(FINE)
    }

    /// The present time, or the first second after it that no file of the folder has.
    fn version(&self) -> Result<Version, Failure> {
        let taken: Vec<Version> = crate::source::files_in_folder(self.dir())?
            .iter()
            .filter_map(|file| {
                let base = file.path.rsplit('/').next().unwrap_or_default();
                base.split('_').next()?.parse().ok()
            })
            .collect();
        let now = SystemTime::now();
        let mut later = (0..).map(|seconds| now + std::time::Duration::from_secs(seconds));
        let free = later.find_map(|time| {
            let version = time::version_at(time);
            (!taken.contains(&version)).then_some(version)
        });
        free.ok_or_else(|| Failure::new("no version is free"))
    }
}

/// The words of a file's name.
fn slug(description: &str) -> String {
    let words = description
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("_")
}

/// A file that has everything its phase asks for, but the SQL.
fn skeleton(phase: Phase, change: Option<&str>) -> String {
    let change = change.map_or(String::new(), |change| format!("-- migrate:change {change}\n"));
    match phase {
        Phase::Expand => format!("{change}-- migrate:phase expand\n-- migrate:up\n\n\n-- migrate:down\n\n"),
        Phase::Migrate => format!(
            "{change}-- migrate:phase migrate\n\
             -- migrate:backfill table=TABLE key=id\n\
             -- migrate:up\n\
             -- One UPDATE of every row: it is run in batches.\n\n\
             -- migrate:verify zero\n\
             -- One query that counts the rows that are not right yet.\n\n"
        ),
        Phase::Contract => format!(
            "{change}-- migrate:phase contract\n\
             -- Instead of the reason, a section `down` at the end, where there is a way back.\n\
             -- migrate:irreversible \"\"\n\
             -- migrate:up\n\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dialect;
    use crate::source::{Options, SourceFile};

    #[test]
    fn what_is_filled_in_is_a_migration() {
        let filled = |phase, from: &[(&str, &str)]| {
            let start = skeleton(phase, Some("rename"));
            from.iter().fold(start, |text, (gap, sql)| {
                assert!(text.contains(gap), "{text}");
                text.replacen(gap, sql, 1)
            })
        };
        let expand = filled(
            Phase::Expand,
            &[
                (
                    "up\n\n",
                    "up\nCREATE TABLE t (id bigint PRIMARY KEY, a text, b text);\n",
                ),
                ("down\n\n", "down\nDROP TABLE t;\n"),
            ],
        );
        let migrate = filled(
            Phase::Migrate,
            &[
                ("TABLE", "t"),
                ("batches.\n\n", "batches.\nUPDATE t SET b = a;\n"),
                (
                    "yet.\n\n",
                    "yet.\nSELECT count(*) FROM t WHERE b IS DISTINCT FROM a;\n",
                ),
            ],
        );
        let contract = filled(
            Phase::Contract,
            &[
                ("\"\"", "\"it is in the backup\""),
                ("up\n\n", "up\nALTER TABLE t DROP COLUMN a;\n"),
            ],
        );
        let texts = [expand, migrate, contract];
        let files = texts.iter().zip(1..).map(|(text, day)| SourceFile {
            path: format!("2026010{day}120000_x.sql"),
            content: Ok(text.as_bytes().to_vec()),
        });
        let outcome = Options::new(Dialect::Postgres).read(files.collect());
        // That a rollback loses the new column is for its author to say.
        let said = outcome.diagnostics.iter().map(|diagnostic| diagnostic.code.name);
        assert!(said.eq(["rollback-loses-data"]), "{:?}", outcome.diagnostics);
        assert_eq!(outcome.set.migrations.len(), 3);
    }

    #[test]
    fn names() {
        assert_eq!(slug("Add the user's  e-mail (2)"), "add_the_user_s_e_mail_2");
        assert_eq!(slug("../--"), "");
    }
}
