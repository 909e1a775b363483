//! Cases: each is a file in `cases`, of steps that begin with `== `.
//!
//! `database: sqlite` comes first; `file: <name>` writes a file, `remove: <name>` takes one away, `sql:` changes the
//! database, and `run: <arguments>` runs the program. `starts: <name>` starts an instance of a service that embeds what
//! the folder holds then, and `leaves: <name>` ends it; on SQLite only. What came out stands below that: the exit status, the standard
//! output, and behind `-- stderr` the standard error, with times masked. `MIGRATE_UPDATE=1` writes that anew.
//! With `--format json` the output has to be one JSON value.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::json;
use crate::masked::masked;
use crate::place::Place;

#[tokio::test]
async fn every_case_comes_out_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command_line/cases");
    let only = env::var("MIGRATE_CASE").ok();
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| only.as_ref().is_none_or(|only| path.ends_with(only)))
        .collect();
    paths.sort();
    assert!(only.is_some() || paths.len() >= 10, "only {} cases", paths.len());
    let mut wrong = Vec::new();
    for path in &paths {
        check(path, &mut wrong).await;
    }
    assert!(
        wrong.is_empty(),
        "{}\nMIGRATE_UPDATE=1 accepts this",
        wrong.join("\n")
    );
}

async fn check(path: &Path, wrong: &mut Vec<String>) {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let expected = fs::read_to_string(path).unwrap();
    let text = format!("\n{expected}");
    let mut steps = text.split("\n== ").skip(1);
    let kind = steps.next().unwrap();
    let place = Place::new(name, kind.trim().strip_prefix("database: ").unwrap()).await;
    let mut instances = BTreeMap::new();
    let mut found = format!("== {kind}");
    for step in steps {
        let (head, body) = step.split_once('\n').unwrap_or((step, ""));
        let (what, argument) = head.split_once(':').unwrap();
        let argument = argument.trim();
        match what {
            "file" => place.write(argument, body),
            "remove" => fs::remove_file(place.folder.join(argument)).unwrap(),
            "sql" => place.database.execute(body).await,
            "starts" => {
                let migrator = place.instance(argument);
                migrator.run().await.unwrap();
                instances.insert(argument, migrator);
            }
            "leaves" => instances.remove(argument).unwrap().leave().await,
            "run" => {
                let _ = write!(found, "\n== {head}\n{}", run(&place, argument).await);
                continue;
            }
            other => panic!("{name}: no such step: {other}"),
        }
        let _ = write!(found, "\n== {step}");
    }
    if env::var_os("MIGRATE_UPDATE").is_some() {
        fs::write(path, found).unwrap();
    } else if found != expected {
        wrong.push(format!("== {name}, expected:\n{expected}-- but it is\n{found}"));
    }
}

async fn run(place: &Place, arguments: &str) -> String {
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let output = place.run(&arguments).await;
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    if arguments.windows(2).any(|two| two == ["--format", "json"]) {
        json::check(&out);
    }
    assert!(
        !out.contains('\x1b') && !err.contains('\x1b'),
        "colours without a terminal: {out}{err}"
    );
    let folder = place.folder.to_str().unwrap();
    let shown = |text: &str| masked(&text.replace(folder, "…"));
    let mut shown_all = format!("status {}\n{}", output.status.code().unwrap(), shown(&out));
    if !err.is_empty() {
        let _ = write!(shown_all, "-- stderr\n{}", shown(&err));
    }
    shown_all
}
