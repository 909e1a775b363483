use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::{build_failed, connect_failed, template_name};
use crate::error::{BoxError, Error, IoContext};
use crate::server::{self, Place};

/// A SQLite database file of its own for one test, removed with this value, also when the test panics.
///
/// It lies in a directory of its own, on a tmpfs if one has room, so files beside it are removed as well.
#[derive(Debug)]
pub struct SqliteDatabase {
    // The pool comes first, so that it is closed before the file is removed.
    pool: SqlitePool,
    url: String,
    options: SqliteConnectOptions,
    file: ScratchFile,
}

impl SqliteDatabase {
    /// An empty database.
    ///
    /// # Errors
    /// If there is no place for the file, or the user left this kind out ([`Error::is_skipped`]).
    ///
    /// # Cancellation
    /// The file is removed if this future is dropped.
    pub async fn create() -> Result<Self, Error> {
        Self::open(ScratchFile::new(place().await?)?).await
    }

    /// A copy of the template `key`, which `build` fills if no test process has done so yet.
    ///
    /// The key has to change with everything that `build` depends on. The template is shared by all test
    /// processes of this user and ends with the last of them.
    ///
    /// # Errors
    /// As for [`create`](Self::create), and if `build` fails; the next test then builds the template again.
    ///
    /// # Cancellation
    /// A template whose building was cancelled is built again.
    pub async fn from_template(
        key: &str,
        build: impl AsyncFnOnce(SqlitePool) -> Result<(), BoxError>,
    ) -> Result<Self, Error> {
        let place = place().await?;
        let template = ensure_template(place, &template_name(key), build).await?;
        let file = ScratchFile::new(place)?;
        fs::copy(&template, &file.path).doing("copy", &template)?;
        Self::open(file).await
    }

    async fn open(file: ScratchFile) -> Result<Self, Error> {
        let url = format!("sqlite://{}?mode=rwc", server::percent_encode(&file.path));
        let options = SqliteConnectOptions::new()
            .filename(&file.path)
            .create_if_missing(true);
        let pool = SqlitePoolOptions::new().connect_with(options.clone()).await;
        let pool = pool.map_err(|error| connect_failed(&url, error))?;
        Ok(Self {
            pool,
            url,
            options,
            file,
        })
    }

    /// The database's URL, which other processes can use as well.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The database's file.
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// Options for connections of your own.
    pub fn options(&self) -> SqliteConnectOptions {
        self.options.clone()
    }

    /// A pool of connections to the database.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Closes the pool once its connections have come back, then removes the file.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

/// A directory with one database in it.
#[derive(Debug)]
struct ScratchFile {
    path: PathBuf,
    directory: PathBuf,
    keep: Option<&'static Place>,
}

impl ScratchFile {
    fn new(place: &'static Place) -> Result<Self, Error> {
        let keep = server::is_kept().then_some(place);
        if keep.is_some() {
            server::keep(place.path())?;
        }
        let directory = place
            .path()
            .join(format!("{}_{}", server::owner(), server::counter()));
        fs::DirBuilder::new()
            .mode(0o700)
            .create(&directory)
            .doing("create", &directory)?;
        Ok(Self {
            path: directory.join("test.db"),
            directory,
            keep,
        })
    }
}

impl Drop for ScratchFile {
    fn drop(&mut self) {
        match self.keep {
            Some(place) => server::announce_kept(&self.path.display().to_string(), Some(place.path())),
            // Should this fail, the directory around it is removed at the end of the run.
            None => drop(fs::remove_dir_all(&self.directory)),
        }
    }
}

/// The directory that all test processes share.
async fn place() -> Result<&'static Place, Error> {
    static PLACE: OnceCell<Place> = OnceCell::const_new();
    server::check_skipped("sqlite")?;
    PLACE
        .get_or_try_init(async || blocking(|| server::open_directory("sqlite")).await)
        .await
}

/// Returns the template's file. A complete one is put in place by a rename, so what a builder that died has
/// left is never taken for one.
async fn ensure_template(
    place: &Place,
    name: &str,
    build: impl AsyncFnOnce(SqlitePool) -> Result<(), BoxError>,
) -> Result<PathBuf, Error> {
    let template = place.path().join(format!("{name}.db"));
    if template.exists() {
        return Ok(template);
    }
    let lock_path = place.path().join(format!("{name}.lock"));
    let _lock = blocking(move || {
        let lock = File::create(&lock_path).doing("create", &lock_path)?;
        lock.lock().doing("lock", &lock_path)?;
        Ok(lock)
    })
    .await?;
    if !template.exists() {
        let unfinished = ScratchTemplate::new(place, name)?;
        let file = unfinished.0.join("template.db");
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true);
        let pool = SqlitePoolOptions::new().connect_with(options).await;
        let pool = pool.map_err(|error| connect_failed(&file.display().to_string(), error))?;
        let built = build(pool.clone()).await;
        // The last connection to close moves the write-ahead log into the file.
        pool.close().await;
        built.map_err(build_failed)?;
        if fs::metadata(unfinished.0.join("template.db-wal")).is_ok_and(|log| log.len() > 0) {
            return Err(Error::new(
                "a connection to the template is still open; the closure that builds it must end its own",
            ));
        }
        fs::rename(&file, &template).doing("rename", &file)?;
    }
    Ok(template)
}

/// A template's directory while it is being built.
struct ScratchTemplate(PathBuf);

impl ScratchTemplate {
    fn new(place: &Place, name: &str) -> Result<Self, Error> {
        let directory = place.path().join(format!("{name}.unfinished"));
        let _ = fs::remove_dir_all(&directory);
        fs::DirBuilder::new()
            .mode(0o700)
            .create(&directory)
            .doing("create", &directory)?;
        Ok(Self(directory))
    }
}

impl Drop for ScratchTemplate {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs what may wait for a file lock off the test's own thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work)
        .await
        .map_err(|error| Error::caused("a thread of the testkit ended", error))?
}
