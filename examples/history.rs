//! Tries a folder of migrations on a private server: each up, down and up again, with a look at the catalog in between.
//!
//! ```text
//! cargo run --example history -- --dialect postgres --layout diesel path/to/migrations
//! ```
//!
//! The layouts are `native`, `sqlx`, `diesel`, `refinery` and `dbmate`. `--up` only applies them, in one run as a service
//! would. `--setup FILE` runs an SQL script first, for what the migrations expect to be there. `--after VERSION` takes
//! back only what is newer.

use std::error::Error;
use std::path::PathBuf;

use migrate_core::diagnostic::Severity;
use migrate_core::model::MigrationSet;
use migrate_core::source::{Options, files_in_folder};
use migrate_core::{Dialect, Layout, MariaDb, Migrator, Mysql, Postgres, Set, Sqlite, Version};
use migrate_testkit::{Prove, TestDatabase, TestKind};

const USAGE: &str = "usage: history --dialect postgres|sqlite|mysql|mariadb [--layout native|sqlx|diesel|refinery|dbmate] \
                     [--up] [--setup FILE] [--after VERSION] FOLDER";

#[derive(Default)]
struct Arguments {
    dialect: Option<Dialect>,
    layout: Option<Layout>,
    up: bool,
    setup: Option<PathBuf>,
    after: Option<Version>,
    folder: PathBuf,
}

fn arguments() -> Option<Arguments> {
    let mut words = std::env::args().skip(1);
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--dialect" => arguments.dialect = Some(Dialect::from_name(&words.next()?)?),
            "--layout" => arguments.layout = Some(Layout::from_name(&words.next()?)?),
            "--setup" => arguments.setup = Some(words.next()?.into()),
            "--after" => arguments.after = Some(words.next()?.parse().ok()?),
            "--up" => arguments.up = true,
            _ if word.starts_with('-') => return None,
            _ => arguments.folder = word.into(),
        }
    }
    (arguments.folder.is_dir() && arguments.dialect.is_some()).then_some(arguments)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(arguments) = arguments() else {
        return Err(USAGE.into());
    };
    let set = read(&arguments)?;
    match set.dialect {
        Dialect::Postgres => try_out::<Postgres>(&arguments, set).await,
        Dialect::Sqlite => try_out::<Sqlite>(&arguments, set).await,
        Dialect::Mysql => try_out::<Mysql>(&arguments, set).await,
        Dialect::MariaDb => try_out::<MariaDb>(&arguments, set).await,
    }
}

/// Reads the folder, printing errors in full and counting warnings: histories of other tools often have no downs.
fn read(arguments: &Arguments) -> Result<MigrationSet, Box<dyn Error>> {
    let options = Options {
        layout: arguments.layout.unwrap_or(Layout::Native),
        folder: arguments.folder.to_string_lossy().into_owned(),
        // It runs on a server of its own; `migrate audit` judges.
        rules: None,
        ..Options::new(arguments.dialect.ok_or(USAGE)?)
    };
    let outcome = options.read(files_in_folder(&arguments.folder)?);
    let (errors, warnings): (Vec<_>, Vec<_>) = outcome
        .diagnostics
        .iter()
        .partition(|finding| finding.severity == Severity::Error);
    for error in &errors {
        println!("{error}\n");
    }
    println!(
        "{} migrations, {} errors, {} warnings",
        outcome.set.migrations.len(),
        errors.len(),
        warnings.len()
    );
    Ok(outcome.into_result().map_err(|_| "the folder has errors")?)
}

async fn try_out<K: TestKind>(arguments: &Arguments, set: MigrationSet) -> Result<(), Box<dyn Error>> {
    let set = Set::<K>::typed(set).ok_or("the set is for another database")?;
    let setup = arguments
        .setup
        .as_ref()
        .map(std::fs::read_to_string)
        .transpose()?;
    if arguments.up {
        let database = K::Database::create().await?;
        if let Some(setup) = &setup {
            database.execute(setup).await?;
        }
        let migrator = Migrator::new(database.pool().clone(), set).build();
        println!("{}", migrator.run_to_completion().await?);
        return Ok(());
    }
    let mut prove = Prove::new(set);
    if let Some(version) = arguments.after {
        prove = prove.after(version);
    }
    if let Some(setup) = setup {
        prove = prove.prepare(setup);
    }
    println!("{}", prove.round_trip().await?);
    Ok(())
}
