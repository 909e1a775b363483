//! `cargo check` of a crate that embeds all migrations.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use crate::files::{COUNT, files, write};
use crate::samples::Samples;
use crate::table::Line;
use crate::{Failure, Options};

/// The crates, ours first.
const PACKAGES: [&str; 2] = ["ours", "sqlx"];

pub(crate) fn measure(options: &Options) -> Result<Vec<Line>, Failure> {
    let files = files(COUNT);
    let folders = PACKAGES.map(|package| embed(package).join("migrations"));
    write(&files, &folders[0], &folders[1])?;
    for package in PACKAGES {
        check(package)?;
    }
    // One in the middle, as good as any.
    let edited = &files[COUNT / 2];
    let texts = edited.texts();
    let times = options.times(15, 7);
    let touched = in_turns(times, |index, _| {
        let source = File::options()
            .append(true)
            .open(embed(PACKAGES[index]).join("src/lib.rs"))?;
        Ok(source.set_modified(SystemTime::now())?)
    })?;
    let after_edit = in_turns(times, |index, turn| {
        let text = texts[index].replace("'none'", &format!("'none {turn}'"));
        Ok(fs::write(folders[index].join(edited.file_name()), text)?)
    })?;
    let line = |what: &str, [ours, sqlx]: [Samples; 2]| Line {
        what: format!("cargo check, {COUNT} embedded and judged, {what}"),
        ours,
        sqlx,
        refinery: None,
        floor: None,
        target: 2.0,
        against_faster: false,
    };
    Ok(vec![
        line("crate touched", touched),
        line("one migration edited", after_edit),
    ])
}

fn embed(package: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("embed").join(package)
}

/// Checks both crates in turns, each after `change`.
fn in_turns(
    times: usize,
    change: impl Fn(usize, usize) -> Result<(), Failure>,
) -> Result<[Samples; 2], Failure> {
    let mut all = <[Samples; 2]>::default();
    for turn in 0..=times {
        for offset in 0..PACKAGES.len() {
            let index = (turn + offset) % PACKAGES.len();
            change(index, turn)?;
            let time = check(PACKAGES[index])?;
            // The first one warms up.
            if turn > 0 {
                all[index].push(time);
            }
        }
    }
    Ok(all)
}

fn check(package: &str) -> Result<Duration, Failure> {
    let package = format!("embed-{package}");
    let mut cargo = Command::new("cargo");
    cargo.args(["check", "--quiet", "--locked", "--package", &package]);
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    let started = Instant::now();
    let status = cargo.status()?;
    let time = started.elapsed();
    if status.success() {
        Ok(time)
    } else {
        Err(format!("cargo check of {package} failed").into())
    }
}
