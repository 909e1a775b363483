//! Every check on a folder of migrations, without writing a test.
//!
//! ```text
//! cargo run -p migrate-testkit --example prove -- --dialect postgres --layout sqlx path/to/migrations
//! ```
//!
//! `--builds FOLDER` is what `tests/builds` is to a crate, `--setup FILE` runs an SQL script first, `--after VERSION` only
//! applies what is older, and `--check NAME`, as in `data_survival`, makes one check.

use std::error::Error;
use std::path::PathBuf;

use migrate_core::{Dialect, Layout, MariaDb, Mysql, Postgres, Sqlite, Version};
use migrate_testkit::{Check, Prove, TestKind};

const USAGE: &str = "usage: prove --dialect postgres|sqlite|mysql|mariadb [--layout native|sqlx|diesel|refinery|dbmate] \
                     [--builds FOLDER] [--setup FILE] [--after VERSION] [--check NAME] FOLDER";

#[derive(Default)]
struct Arguments {
    dialect: Option<Dialect>,
    layout: Option<Layout>,
    builds: Option<PathBuf>,
    setup: Option<PathBuf>,
    after: Option<Version>,
    check: Option<String>,
    folder: PathBuf,
}

fn arguments() -> Option<Arguments> {
    let mut words = std::env::args().skip(1);
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--dialect" => arguments.dialect = Some(Dialect::from_name(&words.next()?)?),
            "--layout" => arguments.layout = Some(Layout::from_name(&words.next()?)?),
            "--builds" => arguments.builds = Some(words.next()?.into()),
            "--setup" => arguments.setup = Some(words.next()?.into()),
            "--after" => arguments.after = Some(words.next()?.parse().ok()?),
            "--check" => arguments.check = Some(words.next()?),
            _ if word.starts_with('-') => return None,
            _ => arguments.folder = word.into(),
        }
    }
    (arguments.folder.is_dir() && arguments.dialect.is_some()).then_some(arguments)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = arguments().ok_or(USAGE)?;
    match arguments.dialect.ok_or(USAGE)? {
        Dialect::Postgres => prove::<Postgres>(arguments).await,
        Dialect::Sqlite => prove::<Sqlite>(arguments).await,
        Dialect::Mysql => prove::<Mysql>(arguments).await,
        Dialect::MariaDb => prove::<MariaDb>(arguments).await,
    }
}

async fn prove<K: TestKind>(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let layout = arguments.layout.unwrap_or(Layout::Native);
    let mut prove = Prove::<K>::folder(arguments.folder, layout)?;
    if let Some(folder) = arguments.builds {
        prove = prove.builds_in(folder);
    }
    if let Some(file) = arguments.setup {
        prove = prove.prepare(std::fs::read_to_string(file)?);
    }
    if let Some(version) = arguments.after {
        prove = prove.after(version);
    }
    let wanted = |check: &Check| arguments.check.as_ref().is_none_or(|name| *name == check.name());
    let mut failed = 0;
    for check in Check::ALL.into_iter().filter(wanted) {
        match prove.check(check).await {
            Ok(proof) => println!("{proof}\n"),
            Err(error) => {
                failed += 1;
                println!("{error:#}\n");
            }
        }
    }
    match failed {
        0 => Ok(()),
        _ => Err(format!("{failed} checks failed").into()),
    }
}
