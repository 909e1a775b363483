//! Measures migrate-core against its peers; `tests/bench/run --help` says how.

mod apply;
mod backfill;
mod check;
mod files;
mod items;
mod load;
mod memory;
mod peers;
mod samples;
mod start;
mod table;
mod triggers;
mod workers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Whatever went wrong ends the run: there is nothing to measure then.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What is measured, and how often.
struct Options {
    quick: bool,
    large: bool,
    parts: Vec<String>,
    /// The only database to measure where data is moved; all where none is named.
    on: Option<String>,
    /// Where SQLite's files go.
    scratch: PathBuf,
}

impl Options {
    fn read() -> Result<Self, Failure> {
        let mut words: Vec<String> = std::env::args().skip(1).collect();
        let on = match words.iter().position(|word| word == "--on") {
            Some(place) if place + 1 < words.len() => words.drain(place..place + 2).next_back(),
            Some(_) => return Err("--on needs a database: postgres, mariadb or sqlite".into()),
            None => None,
        };
        if let Some(unknown) = on
            .as_ref()
            .filter(|on| !["postgres", "mariadb", "sqlite"].contains(&on.as_str()))
        {
            return Err(format!("--on takes postgres, mariadb or sqlite, and not {unknown}").into());
        }
        let (flags, mut parts): (Vec<String>, Vec<String>) =
            words.into_iter().partition(|word| word.starts_with('-'));
        if let Some(unknown) = flags
            .iter()
            .find(|flag| !["--quick", "--large"].contains(&flag.as_str()))
        {
            return Err(format!("there is no option {unknown}").into());
        }
        let known = [
            "start", "apply", "check", "backfill", "triggers", "workers", "load",
        ];
        if let Some(unknown) = parts.iter().find(|part| !known.contains(&part.as_str())) {
            return Err(format!("there is nothing called {unknown} to measure").into());
        }
        if parts.is_empty() {
            parts = known.map(str::to_owned).to_vec();
        }
        // Beside the program, which is on a disk where /tmp often is not.
        let program = std::env::current_exe()?;
        Ok(Self {
            quick: flags.iter().any(|flag| flag == "--quick"),
            large: flags.iter().any(|flag| flag == "--large"),
            parts,
            on,
            scratch: program.parent().unwrap_or(Path::new(".")).to_owned(),
        })
    }

    /// Whether that database is to be measured.
    fn measures<K: items::Kind>(&self) -> bool {
        let name = K::SQL.name.to_lowercase();
        self.on.as_ref().is_none_or(|on| name.starts_with(on.as_str()))
    }

    fn times(&self, often: usize, quick: usize) -> usize {
        if self.quick { quick } else { often }
    }
}

async fn run() -> Result<(), Failure> {
    if workers::child().await? {
        return Ok(());
    }
    let options = Options::read()?;
    let mut lines = Vec::new();
    for part in &options.parts {
        match part.as_str() {
            "start" => lines.extend(start::measure(&options).await?),
            "backfill" => backfill::measure(&options).await?,
            "triggers" => triggers::measure(&options).await?,
            "workers" => workers::measure(&options).await?,
            "load" => load::measure(&options).await?,
            "apply" => lines.extend(apply::measure(&options).await?),
            _ => lines.extend(check::measure(&options)?),
        }
    }
    if !lines.is_empty() {
        table::print(&lines);
    }
    Ok(())
}

/// As `#[tokio::main]` makes it: the runtime that applications have.
fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let result = match runtime {
        Ok(runtime) => runtime.block_on(run()),
        Err(error) => Err(error.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
