//! The same test on several versions of PostgreSQL, each in a process of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::server::announce;

/// Names the versions, `13,15,18`, or directories of binaries.
const VERSIONS: &str = "MIGRATE_TESTKIT_POSTGRES_VERSIONS";
/// What this crate's own lines on standard error begin with.
const SAYS: &str = "migrate-testkit: ";
/// Where packages put the binaries of a version.
const PLACES: [&str; 4] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
];

/// The versions to run on, if there are any.
pub(super) fn versions() -> Vec<String> {
    let named = std::env::var(VERSIONS).unwrap_or_default();
    let versions = named
        .split(',')
        .map(str::trim)
        .filter(|version| !version.is_empty());
    versions.map(str::to_owned).collect()
}

/// Where the binaries of a version are.
fn binaries(version: &str) -> Result<PathBuf, Error> {
    let places = PLACES.map(|place| PathBuf::from(place.replace('*', version)));
    let named = version.contains('/').then(|| PathBuf::from(version));
    let found = named
        .iter()
        .chain(&places)
        .find(|place| place.join("postgres").is_file());
    found.cloned().ok_or_else(|| {
        Error::new(format!(
            "{VERSIONS} names {version}, which is not installed: install the package postgresql-{version}, or name the \
             directory of its binaries"
        ))
    })
}

/// Runs the test of that name on each version, and gathers what fails.
pub(super) fn run(test: &str, versions: &[String]) -> Result<(), Error> {
    let failed = |error| Error::caused("cannot run the test again for another version", error);
    let program = std::env::current_exe().map_err(failed)?;
    // The module path of a test begins with its crate.
    let test = test.split_once("::").map_or(test, |(_, test)| test);
    let mut failures = Vec::new();
    for version in versions {
        let output = one(&program, test, &binaries(version)?)
            .output()
            .map_err(failed)?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &errors;
        if output.status.success() {
            println!("PostgreSQL {version}:\n{text}");
            for line in errors.lines().filter(|line| line.starts_with(SAYS)) {
                announce(&format!("PostgreSQL {version}: {}", &line[SAYS.len()..]));
            }
        } else {
            failures.push(format!("on PostgreSQL {version}:\n{text}"));
        }
    }
    match failures.is_empty() {
        true => Ok(()),
        false => Err(Error::new(failures.join("\n"))),
    }
}

fn one(program: &Path, test: &str, binaries: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["--exact", test, "--include-ignored", "--nocapture"])
        .env_remove(VERSIONS)
        .env("MIGRATE_TESTKIT_POSTGRES_BIN", binaries);
    command
}
