//! Folders that are broken in ways only a database shows, and their repaired twins.
//!
//! Each folder of `tests/broken` is a case: `case` says which check finds it, on which database, and what it says;
//! `migrations` are the files, `builds` the queries of builds if there are any, and `repaired` holds the files that
//! are different where nothing is to be found.
//!
//! `SHOW=1 cargo test -p migrate-testkit --test broken -- --nocapture` prints what is said; `CASE=name` runs one.

use std::fs;
use std::path::{Path, PathBuf};

use migrate_core::{Dialect, Layout, MariaDb, Postgres, Sqlite};
use migrate_testkit::{Error, Prove, TestKind};

/// A case as its file describes it.
struct Case {
    name: String,
    folder: PathBuf,
    dialect: Dialect,
    layout: Layout,
    check: String,
    says: Vec<String>,
    /// Further lines: what the user tells the checks.
    options: Vec<(String, String)>,
}

fn cases(dialect: Dialect) -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    let wanted = std::env::var("CASE").ok();
    let cases = folders.into_iter().map(read);
    cases
        .filter(|case| case.dialect == dialect && wanted.as_ref().is_none_or(|wanted| *wanted == case.name))
        .collect()
}

fn read(folder: PathBuf) -> Case {
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let text = fs::read_to_string(folder.join("case")).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut case = Case {
        name,
        folder,
        dialect: Dialect::Sqlite,
        layout: Layout::Native,
        check: String::new(),
        says: Vec::new(),
        options: Vec::new(),
    };
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (key, value) = line
            .split_once(": ")
            .unwrap_or_else(|| panic!("{}: {line}", case.name));
        match key {
            "dialect" => case.dialect = Dialect::from_name(value).unwrap(),
            "layout" => case.layout = Layout::from_name(value).unwrap(),
            "check" => case.check = value.to_owned(),
            "says" => case.says.push(value.to_owned()),
            _ => case.options.push((key.to_owned(), value.to_owned())),
        }
    }
    case
}

/// Copies a folder over another one.
fn lay(from: &Path, over: &Path) {
    fs::create_dir_all(over).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = over.join(entry.file_name());
        if entry.path().is_dir() {
            lay(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn prove<K: TestKind>(case: &Case, repaired: bool) -> Result<String, Error> {
    let folder = tempfile::tempdir().unwrap();
    lay(&case.folder, folder.path());
    let twin = folder.path().join("repaired");
    if repaired {
        lay(&twin, folder.path());
    }
    let mut prove = Prove::<K>::folder(folder.path().join("migrations"), case.layout)?;
    prove = prove.builds_in(folder.path().join("builds"));
    for (option, value) in &case.options {
        let (version, rest) = value.split_once(' ').unwrap_or((value, ""));
        prove = match option.as_str() {
            "rows" => prove.rows(version.parse().unwrap(), rest),
            other => panic!("{}: there is no option {other}", case.name),
        };
    }
    match case.check.as_str() {
        "round trip" => prove.round_trip().await.map(|report| report.to_string()),
        "data survival" => prove.data_survival().await.map(|proof| proof.to_string()),
        "builds" => prove.builds().await.map(|proof| proof.to_string()),
        "order" => prove.order().await.map(|proof| proof.to_string()),
        other => panic!("{}: there is no check {other}", case.name),
    }
}

async fn check<K: TestKind>() {
    let mut wrong = Vec::new();
    for case in cases(K::DIALECT) {
        match prove::<K>(&case, false).await {
            Ok(proof) => wrong.push(format!("{}: nothing is found\n{proof}", case.name)),
            Err(error) if error.is_skipped() => return,
            Err(error) => {
                let error = format!("{error:#}");
                if std::env::var_os("SHOW").is_some() {
                    println!("## {}\n{error}\n", case.name);
                }
                for part in case.says.iter().filter(|part| !error.contains(part.as_str())) {
                    wrong.push(format!("{}: {part:?} is not in\n{error}", case.name));
                }
                assert!(!case.says.is_empty(), "{}: what does it say?", case.name);
            }
        }
        match prove::<K>(&case, true).await {
            Ok(proof) => {
                if std::env::var_os("SHOW").is_some() {
                    println!("{proof}\n");
                }
            }
            Err(error) => wrong.push(format!("{}, repaired: {error:#}", case.name)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test]
async fn postgres() {
    check::<Postgres>().await;
}

#[tokio::test]
async fn sqlite() {
    check::<Sqlite>().await;
}

#[tokio::test]
async fn mariadb() {
    check::<MariaDb>().await;
}
