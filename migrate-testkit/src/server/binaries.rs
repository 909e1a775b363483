//! Where server programs are installed.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Where to look for a kind of server, and what to tell who has none.
pub(super) struct Search {
    /// Names a directory, which then is the only one looked into.
    pub(super) variable: &'static str,
    /// The programs that show a server is here, the best first.
    pub(super) programs: &'static [&'static str],
    /// Directories in the order of preference; one `*` stands for a version, of which the newest is taken.
    pub(super) directories: &'static [&'static str],
    pub(super) missing: &'static str,
}

impl Search {
    /// The path of the first program found.
    pub(super) fn find(&self) -> Result<PathBuf, Error> {
        if let Some(directory) = std::env::var_os(self.variable).filter(|value| !value.is_empty()) {
            return self.first_in(Path::new(&directory)).ok_or_else(|| {
                let programs = self.programs.join(" or ");
                let directory = Path::new(&directory).display();
                Error::new(format!(
                    "{} names {directory}, where there is no {programs}",
                    self.variable
                ))
            });
        }
        let on_path = std::env::var_os("PATH").unwrap_or_default();
        let candidates = self.directories.iter().flat_map(|pattern| expand(pattern));
        candidates
            .chain(std::env::split_paths(&on_path))
            .find_map(|directory| self.first_in(&directory))
            .ok_or_else(|| Error::new(self.missing))
    }

    fn first_in(&self, directory: &Path) -> Option<PathBuf> {
        self.programs
            .iter()
            .map(|program| directory.join(program))
            .find(|program| program.is_file())
    }
}

/// The directories that match, the newest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![pattern.into()];
    };
    let Some((parent, prefix)) = before.rsplit_once('/') else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(Vec<u32>, PathBuf)> = entries
        .filter_map(|entry| {
            let version = version(entry.file_name().to_str()?.strip_prefix(prefix)?)?;
            Some((
                version,
                PathBuf::from(format!("{}{after}", entry.path().to_str()?)),
            ))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, path)| path).collect()
}

fn version(text: &str) -> Option<Vec<u32>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// Another program of the same installation: beside the server, in a directory near it, or on PATH.
pub(super) fn companion(server: &Path, names: &[&str]) -> Option<PathBuf> {
    let real = server.canonicalize().unwrap_or_else(|_| server.to_owned());
    let mut directories = Vec::new();
    for directory in [server.parent(), real.parent()].into_iter().flatten() {
        directories.push(directory.to_owned());
        let base = directory.parent().unwrap_or(directory);
        directories.extend(["bin", "scripts"].map(|near| base.join(near)));
    }
    directories.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    directories
        .iter()
        .flat_map(|directory| names.iter().map(|name| directory.join(OsStr::new(name))))
        .find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_is_first() {
        let root = tempfile::tempdir().unwrap();
        for version in ["9.6", "15", "18", "common"] {
            std::fs::create_dir_all(root.path().join(version).join("bin")).unwrap();
        }
        let found = expand(&format!("{}/*/bin", root.path().display()));
        let expected = ["18", "15", "9.6"].map(|version| root.path().join(version).join("bin"));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_missing_server_is_reported_with_what_to_install() {
        let search = Search {
            variable: "MIGRATE_TESTKIT_NO_SUCH_VARIABLE",
            programs: &["no-such-program"],
            directories: &["/nowhere/*/bin", "/nowhere"],
            missing: "install it",
        };
        assert_eq!(search.find().unwrap_err().to_string(), "install it");
    }
}
