//! Folders that are broken in ways only a database shows, and their repaired twins.
//!
//! Each folder of `tests/broken` is a case: `case` says which check finds it, on which database, and what it says;
//! `migrations` are the files, `builds` the queries of builds if there are any, and `repaired` holds the files that
//! are different where nothing is to be found.
//!
//! `SHOW=1 cargo test -p migrate-testkit --test broken -- --nocapture` prints what is said; `CASE=name` runs one.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use migrate_core::{Dialect, Layout, MariaDb, Mysql, Postgres, Sqlite};
use migrate_testkit::{Check, Error, LockMode, Prove, TestKind};

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
    prove = prove
        .builds_in(folder.path().join("builds"))
        .schema_in(folder.path());
    for (option, value) in &case.options {
        let (version, rest) = value.split_once(' ').unwrap_or((value, ""));
        prove = match option.as_str() {
            "rows" => prove.rows(version.parse().unwrap(), rest),
            "lock" => prove.no_lock_above(lock_mode(rest), version),
            "rewrite" => prove.no_rewrite(value),
            "strict" => prove.strict(),
            "mariadb-only" => prove,
            "accept-loss" => prove.accept_loss(version.parse().unwrap(), rest),
            other => panic!("{}: there is no option {other}", case.name),
        };
    }
    let check = match case.check.as_str() {
        "round trip" => Check::RoundTrip,
        "data survival" => Check::DataSurvival,
        "builds" => Check::Builds,
        "order" => Check::Order,
        "backfills" => Check::Backfills,
        "locks" => Check::Locks,
        "schema" => Check::Schema,
        other => panic!("{}: there is no check {other}", case.name),
    };
    prove.check(check).await.map(|proof| proof.to_string())
}

fn lock_mode(name: &str) -> LockMode {
    let modes = [
        LockMode::AccessShare,
        LockMode::RowExclusive,
        LockMode::ShareUpdateExclusive,
        LockMode::Share,
    ];
    modes.into_iter().find(|mode| mode.name() == name).unwrap()
}

/// How many cases run at once: they wait for the server most of the time.
const AT_ONCE: usize = 4;

/// The cases of that dialect.
async fn check<K: TestKind>(dialect: Dialect) {
    let cases = Rc::new(RefCell::new(cases(dialect)));
    // What MySQL does not have.
    let has = |case: &Case| {
        K::DIALECT != Dialect::Mysql || !case.options.iter().any(|(key, _)| key == "mariadb-only")
    };
    cases.borrow_mut().retain(has);
    let workers = (0..AT_ONCE).map(|_| {
        let cases = Rc::clone(&cases);
        tokio::task::spawn_local(async move {
            let mut wrong = Vec::new();
            while let Some(case) = { cases.borrow_mut().pop() } {
                wrong.extend(tried::<K>(&case).await);
            }
            wrong
        })
    });
    let workers: Vec<_> = workers.collect();
    let mut wrong = Vec::new();
    for worker in workers {
        wrong.extend(worker.await.unwrap());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is wrong with a case.
async fn tried<K: TestKind>(case: &Case) -> Vec<String> {
    let show = std::env::var_os("SHOW").is_some();
    let mut wrong = Vec::new();
    assert!(!case.says.is_empty(), "{}: what does it say?", case.name);
    match prove::<K>(case, false).await {
        Ok(proof) => wrong.push(format!("{}: nothing is found\n{proof}", case.name)),
        Err(error) if error.is_skipped() => return wrong,
        Err(error) => {
            let error = format!("{error:#}");
            if show {
                println!("## {}\n{error}\n", case.name);
            }
            for part in case.says.iter().filter(|part| !error.contains(part.as_str())) {
                wrong.push(format!("{}: {part:?} is not in\n{error}", case.name));
            }
        }
    }
    match prove::<K>(case, true).await {
        Ok(proof) if show => println!("{proof}\n"),
        Ok(_) => {}
        Err(error) => wrong.push(format!("{}, repaired: {error:#}", case.name)),
    }
    wrong
}

#[test]
fn there_are_enough_cases() {
    let count: usize = [Dialect::Postgres, Dialect::Sqlite, Dialect::MariaDb]
        .map(|dialect| cases(dialect).len())
        .iter()
        .sum();
    assert!(count >= 40 || std::env::var_os("CASE").is_some(), "{count}");
}

#[tokio::test]
async fn postgres() {
    tokio::task::LocalSet::new()
        .run_until(check::<Postgres>(Dialect::Postgres))
        .await;
}

#[tokio::test]
async fn sqlite() {
    tokio::task::LocalSet::new()
        .run_until(check::<Sqlite>(Dialect::Sqlite))
        .await;
}

#[tokio::test]
async fn mariadb() {
    let dialect = Dialect::MariaDb;
    // `tests/run mysql` says that the server is one of MySQL.
    let local = tokio::task::LocalSet::new();
    match std::env::var_os("MIGRATE_TEST_MYSQL") {
        Some(_) => local.run_until(check::<Mysql>(dialect)).await,
        None => local.run_until(check::<MariaDb>(dialect)).await,
    }
}
