//! Who lives on an SQLite file: each instance holds the lock of a file of its own, in a folder beside the database. The
//! system frees it with the process, however that ends, and keeps it for one that is stopped.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};

use super::{raw_rows, refused};
use crate::database::presence::{Arriving, Beat, Presence};
use crate::database::sql::live::{Around, Seen, SeenBuild, build_of, tame, unique_id, versions_text};
use crate::database::sql::{Tables, connection_error, rows_of_history};
use crate::database::{Namespace, SignOfLife};
use crate::error::{Error, Kind};
use crate::history::Standing;
use crate::live::Build;
use crate::model::Digest;

/// How long it is waited for others who write.
const TELL: Duration = Duration::from_millis(500);

/// How long the file of a worker that died is kept: far longer than any lease.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// How often it is tried to register in a folder that somebody removes.
const TRIES: u32 = 10;

/// The folder of a database file, and what the names of a set's files in it begin with.
#[derive(Clone, Debug)]
pub(super) struct Register {
    folder: PathBuf,
    set: String,
}

impl Register {
    /// The register of a database; `None` for one that no other process can open.
    pub(super) fn of(database: &Path, namespace: &Namespace) -> Option<Self> {
        // A database in memory has a name, and no file.
        let database = fs::canonicalize(database).ok()?;
        let name = database.file_name()?.to_str()?;
        let set = Digest::of_fields([&*namespace.prefix, &*namespace.set]);
        Some(Self {
            folder: database.with_file_name(format!("{name}-instances")),
            set: format!("{set:.12}"),
        })
    }

    fn door(&self) -> PathBuf {
        self.folder.join(format!("{}.door", self.set))
    }

    /// Registers an instance. The last one to leave removes the folder, perhaps just now.
    pub(super) fn register(&self, arriving: &Arriving) -> io::Result<FilePresence> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_register(arriving) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => {}
                result => return result,
            }
        }
    }

    /// The file gets its name once it is locked, so that nobody finds it unlocked.
    fn try_register(&self, arriving: &Arriving) -> io::Result<FilePresence> {
        fs::create_dir_all(&self.folder)?;
        let id = unique_id();
        let unnamed = self.folder.join(format!("{}.{id}.new", self.set));
        let path = self.folder.join(format!("{}.{id}.instance", self.set));
        let mut file = OpenOptions::new().write(true).create_new(true).open(&unnamed)?;
        file.lock()?;
        let Build { id: build, .. } = &*arriving.build;
        write!(
            file,
            "{build}\n{}\n{}\n",
            versions_text(&arriving.build),
            arriving.instance
        )?;
        fs::rename(&unnamed, &path)?;
        Ok(FilePresence {
            file: Some(file),
            path,
        })
    }

    /// Whether a contract is being applied.
    pub(super) fn is_door_closed(&self) -> bool {
        let Ok(door) = File::open(self.door()) else {
            return false;
        };
        matches!(door.try_lock_shared(), Err(TryLockError::WouldBlock))
    }

    /// Closes the door, until the file is dropped; `None` where somebody looks through it just now.
    pub(super) fn close_door(&self) -> io::Result<Option<File>> {
        fs::create_dir_all(&self.folder)?;
        let door = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(self.door())?;
        match door.try_lock() {
            Ok(()) => Ok(Some(door)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Looks who is registered, and removes what others left behind.
    pub(super) fn look_around(&self) -> io::Result<Around> {
        let mut found = Around::default();
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let path = entry?.path();
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            if !name.starts_with(&*self.set) || !name.ends_with(".instance") {
                continue;
            }
            let mut file = match File::open(&path) {
                Ok(file) => file,
                // It left just now.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            match file.try_lock() {
                Ok(()) => {
                    let _ = fs::remove_file(&path);
                    continue;
                }
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            let mut lines = text.lines();
            let build = lines
                .next()
                .zip(lines.next())
                .and_then(|(id, versions)| build_of(id, versions));
            let instance = lines.next().unwrap_or("an instance").to_owned();
            found.seen.push(Seen {
                name: instance,
                build: build.map_or(SeenBuild::Unknown, SeenBuild::Whole),
            });
        }
        Ok(found)
    }
}

impl Register {
    /// The file of a worker, whose name ends in what no other one has.
    fn of_worker(&self, worker: &str) -> PathBuf {
        let id = worker.rsplit('/').next().unwrap_or(worker);
        self.folder.join(format!("{}.{id}.worker", self.set))
    }

    /// Shows that a worker lives.
    pub(super) fn sign(&self, worker: &str) -> io::Result<WorkerSign> {
        fs::create_dir_all(&self.folder)?;
        self.forget_workers()?;
        let path = self.of_worker(worker);
        let unnamed = path.with_extension("new");
        let file = OpenOptions::new().write(true).create_new(true).open(&unnamed)?;
        file.lock()?;
        fs::rename(&unnamed, &path)?;
        Ok(WorkerSign { file, path })
    }

    /// Whether a worker is gone, with its process or without. Without its file nothing is known of it.
    pub(super) fn is_worker_gone(&self, worker: &str) -> bool {
        let file = File::open(self.of_worker(worker));
        file.is_ok_and(|file| file.try_lock_shared().is_ok())
    }

    /// Removes what workers left behind that died long ago: what they had is taken by now.
    fn forget_workers(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let is_of_worker = name
                .to_str()
                .is_some_and(|name| name.starts_with(&*self.set) && name.ends_with(".worker"));
            let age = entry.metadata().and_then(|data| data.modified());
            let age = age.ok().and_then(|at| at.elapsed().ok()).unwrap_or_default();
            if is_of_worker && age >= KEPT && File::open(entry.path())?.try_lock_shared().is_ok() {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}

/// A file that is locked for as long as the worker lives. Without its lock it shows that what the worker had is free, so
/// it stays where the worker ends before it gave that back.
pub(super) struct WorkerSign {
    file: File,
    path: PathBuf,
}

impl SignOfLife for WorkerSign {
    fn remove(self: Box<Self>) {
        remove(&self.path, self.file);
    }
}

/// A file that is locked for as long as the instance lives.
pub(super) struct FilePresence {
    file: Option<File>,
    path: PathBuf,
}

impl Drop for FilePresence {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            remove(&self.path, file);
        }
    }
}

/// Removes a file before its lock goes: one without a lock is of somebody who died.
fn remove(path: &Path, file: File) {
    let _ = fs::remove_file(path);
    drop(file);
    if let Some(folder) = path.parent() {
        // Refused where somebody else is registered, or has the door.
        let _ = fs::remove_dir(folder);
    }
}

/// The registration, and the pool whose end is its end.
pub(super) struct SqlitePresence {
    pub(super) file: FilePresence,
    pub(super) register: Register,
    pub(super) arriving: Arriving,
    pub(super) connect: Arc<SqliteConnectOptions>,
    /// The query of the history.
    pub(super) select: String,
    pub(super) tables: Tables,
    pub(super) set: String,
    pub(super) closed: sqlx::pool::CloseEvent,
}

#[async_trait]
impl Presence for SqlitePresence {
    async fn beat(&mut self) -> Result<Beat, Error> {
        // The system keeps the lock for as long as the file is open; but it is looked for by its name.
        if self.file.path.exists() {
            return Ok(Beat::Held);
        }
        self.file = self
            .register
            .register(&self.arriving)
            .map_err(|error| Error::new(Kind::Connection, "the instance cannot register").source(error))?;
        Ok(Beat::Again)
    }

    async fn look(&mut self) -> Result<Option<Standing>, Error> {
        if self.register.is_door_closed() {
            return Ok(None);
        }
        // Beside the pool, whose end is not to wait for this.
        let failed = |error| connection_error("the history cannot be read", refused(error, ""));
        let mut connection = SqliteConnection::connect_with(&self.connect)
            .await
            .map_err(failed)?;
        let rows = raw_rows(&mut connection, &self.select).await;
        connection.close().await.map_err(failed)?;
        let rows = rows.map_err(|error| connection_error("the history cannot be read", error))?;
        Ok(Some(rows_of_history(rows)?.standing()))
    }

    async fn tell(&mut self) -> bool {
        let (Build { id, .. }, now) = (&*self.arriving.build, self.arriving.now_ms());
        let (set, builds, arrivals) = (&self.set, &self.tables.builds, &self.tables.arrivals);
        let sql = format!(
            "BEGIN IMMEDIATE; \
             INSERT OR IGNORE INTO {builds} (set_name, build, versions, first_ms) VALUES ('{set}', '{id}', '{}', {now}); \
             INSERT INTO {arrivals} (set_name, build, first_ms, last_ms, instance) \
             VALUES ('{set}', '{id}', {now}, {now}, '{}') ON CONFLICT (set_name, build) DO UPDATE \
             SET last_ms = max(last_ms, excluded.last_ms), instance = excluded.instance; COMMIT",
            versions_text(&self.arriving.build),
            tame(&self.arriving.instance)
        );
        // Nobody waits for who only wants to be remembered.
        let connect = (*self.connect).clone().busy_timeout(TELL);
        let Ok(mut connection) = SqliteConnection::connect_with(&connect).await else {
            return false;
        };
        let told = raw_rows(&mut connection, &sql).await.is_ok();
        told && connection.close().await.is_ok()
    }

    fn give_up(&mut self) {}

    async fn abandoned(&mut self) {
        (&mut self.closed).await;
    }

    async fn leave(self: Box<Self>) {}
}
