//! Two builds at once: every query of every build that may run works on every schema on the way.

mod check;
mod in_turn;
mod kept;
mod near;
mod order;
mod query;
mod target;
mod together;
mod told;
mod tried;
mod values;

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::str::FromStr as _;

use migrate_core::Version;

use crate::database::{TestDatabase, TestKind};
use crate::error::{BoxError, Error, IoContext};
pub(super) use check::check;
pub(super) use order::check as check_order;
use query::Query;

type Outcome = Pin<Box<dyn Future<Output = Result<(), BoxError>>>>;
type PoolOf<K> = <<K as TestKind>::Database as TestDatabase>::Pool;
type Call<K> = Box<dyn Fn(PoolOf<K>) -> Outcome>;

/// A build of the application: which migrations it embeds, and the queries that it runs.
///
/// It runs on every schema from the one on which all its expand migrations are applied to the last one before a
/// contract that removes what it needs.
///
/// ```no_run
/// # async fn example(set: migrate_core::Set<migrate_core::Sqlite>) -> Result<(), migrate_testkit::Error> {
/// use migrate_core::Version;
/// use migrate_testkit::{Build, Prove};
///
/// let old = Build::at("1.4", Version(20260101000000))
///     .query("find", "SELECT id, name FROM users WHERE id = ?")
///     .query("add", "INSERT INTO users (id, name) VALUES (?, ?)");
/// let new = Build::newest("1.5").folder(".sqlx")?;
/// println!("{}", Prove::new(set).build(old).build(new).builds().await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "give it to `Prove::build`"]
pub struct Build<K: TestKind> {
    pub(crate) name: String,
    /// The newest version that it embeds; `None` is the newest of the set.
    pub(crate) at: Option<Version>,
    pub(crate) queries: Vec<Query>,
    pub(crate) calls: Vec<(String, Call<K>)>,
}

impl<K: TestKind> Build<K> {
    /// A build that embeds the migrations up to and including `version`.
    pub fn at(name: impl Into<String>, version: Version) -> Self {
        Self {
            name: name.into(),
            at: Some(version),
            queries: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// The build that embeds the whole set.
    pub fn newest(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            at: None,
            queries: Vec::new(),
            calls: Vec::new(),
        }
    }

    /// A query. The values of its parameters are made up: for an INSERT as for a generated row, and for what is
    /// compared with a column from the rows that are there.
    pub fn query(mut self, name: impl Into<String>, sql: &str) -> Self {
        self.queries.push(Query::new(name, sql));
        self
    }

    /// A query with the values that it is run with, as SQL literals between commas: `1, 'ada', NULL`.
    pub fn query_with(mut self, name: impl Into<String>, sql: &str, values: &str) -> Self {
        let mut query = Query::new(name, sql);
        query.values.push(query::split(values));
        self.queries.push(query);
        self
    }

    /// The queries of a folder: `*.sql`, and the `query-*.json` that `cargo sqlx prepare` writes.
    ///
    /// An SQL file is one query, or one behind each line `-- name: …`; lines `-- values: 1, 'ada'` say what it is run
    /// with. Of sqlx's files it is known which columns the build reads as never NULL.
    ///
    /// # Errors
    /// If the folder has no query, or a file cannot be read.
    pub fn folder(mut self, path: impl AsRef<Path>) -> Result<Self, Error> {
        self.queries.extend(query::folder(path.as_ref())?);
        Ok(self)
    }

    /// A part of the build itself: a function that uses the database as the build does, and fails if it gets something
    /// wrong. It is called before and after each step with one pool, whose one connection keeps its prepared
    /// statements; where other builds have calls too, once more behind theirs. What it writes stays.
    pub fn call<F>(mut self, name: impl Into<String>, call: impl Fn(PoolOf<K>) -> F + 'static) -> Self
    where
        F: Future<Output = Result<(), BoxError>> + 'static,
    {
        self.calls
            .push((name.into(), Box::new(move |pool| Box::pin(call(pool)))));
        self
    }
}

/// The builds of a folder, one in each sub-folder, which is called `<version>` or `<version>_<name>`; `newest` embeds the
/// whole set.
pub(super) fn of_folder<K: TestKind>(path: &Path) -> Result<Vec<Build<K>>, Error> {
    let mut builds = Vec::new();
    for entry in std::fs::read_dir(path).doing("read", path)? {
        let folder = entry.doing("read", path)?.path();
        let Some(name) = folder.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            continue;
        };
        if !folder.is_dir() {
            continue;
        }
        let (version, words) = name.split_once('_').unwrap_or((&name, &name));
        let build = match Version::from_str(version) {
            Ok(version) => Build::at(words, version),
            Err(_) if name == "newest" => Build::newest("newest"),
            Err(error) => {
                let message = format!(
                    "{} is no build: call it `<version>_<name>`, or `newest`",
                    folder.display()
                );
                return Err(Error::caused(message, error));
            }
        };
        builds.push(build.folder(folder)?);
    }
    builds.sort_by_key(|build| build.at.unwrap_or(Version::MAX));
    Ok(builds)
}
