//! The program's own way to its migrations and its database.

use std::borrow::Cow;
use std::path::Path;

use super::Judged;
use super::answer::Failure;
use super::folder::unreadable;
use super::place::{Place, named_by};
use super::terminal::tell;
use crate::diagnostic::Severity;
use crate::migrator::{Migrator, MigratorBuilder};
use crate::model::{Dialect, Layout, MigrationSet};
use crate::plan::Policy;
use crate::source::{Options, files_in_folder};

/// How long a connection may take to come about.
const CONNECT: std::time::Duration = std::time::Duration::from_secs(10);

/// The migrator of the program. Nothing is connected yet. `judged` says whether drafts are judged by the rules.
pub(super) fn migrator(place: &Place, judged: Judged) -> Result<Migrator, Failure> {
    let url = place.url().ok_or_else(|| {
        Failure::new("which database? Say it with `--database-url`, or in the environment as DATABASE_URL")
    })?;
    let dialect = dialect(&url, place.dialect)?;
    let set = read(place, dialect, judged)?;
    let mut builder = builder(&url, set)?;
    if let Some(schema) = &place.schema {
        builder = builder.schema(schema);
    }
    for name in &place.ignore_application {
        builder = builder.ignore_application(name);
    }
    for tool in &place.ignore_tool {
        builder = builder.ignore_tool(*tool);
    }
    if let Some(time) = place.settle {
        builder = builder.settle(time);
    }
    if place.without_approval {
        builder = builder.without_approval();
    }
    if place.development {
        builder = builder.policy(Policy::Development);
    }
    Ok(builder.build())
}

/// The dialect that a URL names, or the one that was said, where they can be the same database.
fn dialect(url: &str, said: Option<Dialect>) -> Result<Dialect, Failure> {
    let Some(named) = named_by(url) else {
        // A URL may hold a password, so it is not shown.
        return Err(Failure::new(
            "the database's URL has to begin with postgres://, sqlite:, mysql:// or mariadb://",
        ));
    };
    match said {
        None => Ok(named),
        Some(said) if said == named || (said.is_mysql_family() && named.is_mysql_family()) => Ok(said),
        Some(said) => Err(Failure::new(format!(
            "the dialect {said} does not fit the database's URL, which is one of {named}"
        ))),
    }
}

fn read(place: &Place, dialect: Dialect, judged: Judged) -> Result<MigrationSet, Failure> {
    let dir = place.dir.clone().unwrap_or_else(|| "migrations".into());
    let folder = dir.to_string_lossy().replace('\\', "/");
    let files = files_in_folder(&dir).map_err(|error| unreadable(&folder, &error))?;
    let mut options = Options::new(dialect);
    options.layout = place.layout.unwrap_or(Layout::Native);
    options.folder = folder.trim_end_matches('/').to_owned();
    if let Some(name) = &place.set {
        options.name = Cow::Owned(name.clone());
    }
    if judged == Judged::Not {
        options.rules = None;
    }
    if let Some(given) = &place.baseline {
        let version = options.version_of(&files, given);
        options.baseline = Some(version.ok_or_else(|| {
            Failure::new(format!(
                "no file in {} has the name or version `{given}`",
                options.folder
            ))
        })?);
    }
    let outcome = options.read(files);
    let (mut refused, mut brief) = (0, 0);
    for diagnostic in &outcome.diagnostics {
        let is_error = diagnostic.severity == Severity::Error;
        refused += usize::from(is_error);
        // What only warns is of interest where something is going to be applied.
        match judged {
            _ if is_error => tell(&format!("{diagnostic}\n")),
            Judged::Not => {}
            Judged::Fully => tell(&format!("{diagnostic}\n")),
            Judged::Briefly => {
                brief += 1;
                let line = diagnostic
                    .position
                    .as_ref()
                    .map(|position| format!(":{}", position.line));
                tell(&format!(
                    "warning[{}]: {} ({}{})",
                    diagnostic.code.name,
                    diagnostic.message,
                    diagnostic.path,
                    line.unwrap_or_default()
                ));
            }
        }
    }
    if brief > 0 {
        tell("(in full, with what to do: `migrate plan`, or `-v`)\n");
    }
    if refused > 0 {
        let faults = if refused == 1 {
            "1 error".to_owned()
        } else {
            format!("{refused} errors")
        };
        let not_judged = match errors_unjudged(&dir, options)? < refused {
            true => " (the rules do not judge what `migrate lock` released, and files up to `--baseline`)",
            false => "",
        };
        return Err(Failure::new(format!(
            "{faults} in {folder}, nothing was done{not_judged}",
            folder = folder.trim_end_matches('/')
        )));
    }
    Ok(outcome.set)
}

/// How many errors are left where nothing is judged, as released files are not.
fn errors_unjudged(dir: &Path, mut options: Options) -> Result<usize, Failure> {
    options.rules = None;
    let files = files_in_folder(dir).map_err(|error| unreadable(&options.folder, &error))?;
    let diagnostics = options.read(files).diagnostics;
    let errors = diagnostics.iter().filter(|one| one.severity == Severity::Error);
    Ok(errors.count())
}

macro_rules! connected {
    ($database:ident, $url:expr, $set:expr, $options:ty, $pool:ty $(, $named:expr)?) => {{
        let options: Result<$options, sqlx::Error> = $url.parse();
        let options =
            options.map_err(|error| Failure::new(format!("the database's URL cannot be read: {error}")))?;
        $(let options = $named(options);)?
        let pool = <$pool>::new().acquire_timeout(CONNECT).connect_lazy_with(options);
        let set = crate::model::Set::<crate::model::$database>::typed($set)
            .ok_or_else(|| Failure::new("the files are of another dialect"))?;
        Ok(Migrator::new(pool, set))
    }};
}

/// Gives the program's connections a name of their own: those of others that have none would be taken for them.
#[cfg(feature = "postgres")]
fn named(options: sqlx::postgres::PgConnectOptions) -> sqlx::postgres::PgConnectOptions {
    match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("migrate"),
    }
}

fn builder(url: &str, set: MigrationSet) -> Result<MigratorBuilder, Failure> {
    match set.dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => {
            use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
            connected!(Postgres, url, set, PgConnectOptions, PgPoolOptions, named)
        }
        #[cfg(feature = "sqlite")]
        Dialect::Sqlite => {
            use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
            connected!(Sqlite, url, set, SqliteConnectOptions, SqlitePoolOptions)
        }
        #[cfg(feature = "mysql")]
        Dialect::Mysql => {
            use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
            connected!(Mysql, url, set, MySqlConnectOptions, MySqlPoolOptions)
        }
        #[cfg(feature = "mysql")]
        Dialect::MariaDb => {
            use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
            connected!(MariaDb, url, set, MySqlConnectOptions, MySqlPoolOptions)
        }
        #[cfg(not(all(feature = "postgres", feature = "sqlite", feature = "mysql")))]
        dialect => {
            let feature = if dialect.is_mysql_family() {
                "mysql"
            } else {
                dialect.name()
            };
            Err(Failure::new(format!(
                "this program was built without {dialect}: build it with the feature `{feature}`"
            )))
        }
    }
}
