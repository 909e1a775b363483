//! The table whose rows are moved, on each database.

use std::path::Path;

use migrate_core::migrator::MigratorBuilder;
use migrate_core::model::Database;
use migrate_core::source::SourceFile;
use migrate_core::{Dialect, MariaDb, Migrator, Pool, Postgres, Set, Sqlite};
use migrate_testkit::{MysqlDatabase, PostgresDatabase};
use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, MySqlPool, PgPool, SqlitePool};
use tempfile::TempDir;

use crate::Failure;

/// The connections of each pool.
const CONNECTIONS: u32 = 12;

/// What a database needs to be measured.
pub(crate) struct Sql {
    pub(crate) name: &'static str,
    pub(crate) dialect: Dialect,
    pub(crate) fill: fn(u64) -> String,
    /// What makes the database forget that the rows were just written.
    pub(crate) settle: &'static [&'static str],
    /// One turn of the loop by hand.
    pub(crate) classic: &'static str,
    /// What makes a trigger that fires for every UPDATE, or asks whether to, and does nothing.
    pub(crate) idle_trigger: &'static [&'static str],
}

pub(crate) const CREATE: &str =
    "CREATE TABLE items (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(40), title VARCHAR(40))";
pub(crate) const SINGLE: &str = "UPDATE items SET title = name";
/// What fills the column, with more words for its backfill.
pub(crate) fn fill(words: &str) -> String {
    format!(
        "-- migrate:change title\n-- migrate:phase migrate\n-- migrate:backfill table=items key=id {words}\n\
         -- migrate:up\nUPDATE items SET title = name;\n\
         -- migrate:verify zero\nSELECT count(*) FROM items WHERE title IS NULL;\n"
    )
}

pub(crate) const POSTGRES: Sql = Sql {
    name: "PostgreSQL",
    dialect: Dialect::Postgres,
    fill: |rows| {
        format!("INSERT INTO items SELECT n, 'name of item ' || n FROM generate_series(1, {rows}) n")
    },
    settle: &["VACUUM ANALYZE items", "CHECKPOINT"],
    classic: "UPDATE items SET title = name WHERE title IS NULL \
              AND id IN (SELECT id FROM items WHERE title IS NULL LIMIT 1000)",
    idle_trigger: &[
        "CREATE FUNCTION idle() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER idle BEFORE UPDATE ON items FOR EACH ROW WHEN (false) EXECUTE PROCEDURE idle()",
    ],
};
pub(crate) const MARIADB: Sql = Sql {
    name: "MariaDB",
    dialect: Dialect::MariaDb,
    fill: |rows| {
        format!("INSERT INTO items SELECT seq, CONCAT('name of item ', seq), NULL FROM seq_1_to_{rows}")
    },
    settle: &["ANALYZE TABLE items"],
    classic: "UPDATE items SET title = name WHERE title IS NULL LIMIT 1000",
    idle_trigger: &["CREATE TRIGGER idle BEFORE UPDATE ON items FOR EACH ROW BEGIN END"],
};
pub(crate) const SQLITE: Sql = Sql {
    name: "SQLite",
    dialect: Dialect::Sqlite,
    fill: |rows| {
        format!(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows}) \
             INSERT INTO items SELECT n, 'name of item ' || n, NULL FROM n"
        )
    },
    settle: &["ANALYZE"],
    classic: POSTGRES.classic,
    idle_trigger: &["CREATE TRIGGER idle AFTER UPDATE ON items FOR EACH ROW BEGIN SELECT 1; END"],
};

/// A kind of database to measure on.
pub(crate) trait Kind: 'static {
    type Marker: Database;
    type Pool: Pool<Self::Marker> + Runs;
    /// Removes the database when it goes.
    type Guard;
    const SQL: &'static Sql;

    /// A new database, and where it is.
    async fn create(scratch: &Path) -> Result<(Self::Guard, String), Failure>;
    async fn connect(url: &str) -> Result<Self::Pool, Failure>;
}

/// A pool that runs SQL as it is, and a read and a write of one row.
pub(crate) trait Runs: Clone + Send + Sync + 'static {
    async fn run(&self, sql: &str) -> Result<u64, Failure>;
    fn one(&self, write: bool, id: i64) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

macro_rules! runs {
    ($($pool:ty: $read:literal, $write:literal;)*) => {$(
        impl Runs for $pool {
            async fn run(&self, sql: &str) -> Result<u64, Failure> {
                Ok(sqlx::raw_sql(AssertSqlSafe(sql)).execute(self).await?.rows_affected())
            }

            async fn one(&self, write: bool, id: i64) -> Result<(), sqlx::Error> {
                let sql = if write { $write } else { $read };
                sqlx::query(sql).bind(id).execute(self).await.map(drop)
            }
        }
    )*};
}
runs! {
    PgPool: "SELECT name, title FROM items WHERE id = $1", "UPDATE items SET name = 'a new name' WHERE id = $1";
    MySqlPool: "SELECT name, title FROM items WHERE id = ?", "UPDATE items SET name = 'a new name' WHERE id = ?";
    SqlitePool: "SELECT name, title FROM items WHERE id = ?", "UPDATE items SET name = 'a new name' WHERE id = ?";
}

pub(crate) enum OnPostgres {}
pub(crate) enum OnMariaDb {}
pub(crate) enum OnSqlite {}

impl Kind for OnPostgres {
    type Marker = Postgres;
    type Pool = PgPool;
    type Guard = PostgresDatabase;
    const SQL: &'static Sql = &POSTGRES;

    async fn create(_: &Path) -> Result<(Self::Guard, String), Failure> {
        let database = PostgresDatabase::create().await?;
        let url = database.url().to_owned();
        Ok((database, url))
    }

    async fn connect(url: &str) -> Result<PgPool, Failure> {
        Ok(PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .connect(url)
            .await?)
    }
}

impl Kind for OnMariaDb {
    type Marker = MariaDb;
    type Pool = MySqlPool;
    type Guard = MysqlDatabase;
    const SQL: &'static Sql = &MARIADB;

    async fn create(_: &Path) -> Result<(Self::Guard, String), Failure> {
        let database = MysqlDatabase::create().await?;
        let url = database.url().to_owned();
        Ok((database, url))
    }

    async fn connect(url: &str) -> Result<MySqlPool, Failure> {
        Ok(MySqlPoolOptions::new()
            .max_connections(CONNECTIONS)
            .connect(url)
            .await?)
    }
}

impl Kind for OnSqlite {
    type Marker = Sqlite;
    type Pool = SqlitePool;
    type Guard = TempDir;
    const SQL: &'static Sql = &SQLITE;

    async fn create(scratch: &Path) -> Result<(Self::Guard, String), Failure> {
        let folder = TempDir::new_in(scratch)?;
        let url = folder.path().join("items.db").display().to_string();
        Ok((folder, url))
    }

    async fn connect(url: &str) -> Result<SqlitePool, Failure> {
        let at = SqliteConnectOptions::new().filename(url).create_if_missing(true);
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
        Ok(pool.connect_with(at.journal_mode(SqliteJournalMode::Wal)).await?)
    }
}

/// A database whose table has that many rows, which count as old.
pub(crate) async fn filled<K: Kind>(
    scratch: &Path,
    rows: u64,
) -> Result<(K::Guard, K::Pool, String), Failure> {
    let (guard, url) = K::create(scratch).await?;
    let pool = K::connect(&url).await?;
    migrator::<K>(&pool, &[table()])?.build().run().await?;
    pool.run(&(K::SQL.fill)(rows)).await?;
    settle::<K>(&pool).await?;
    Ok((guard, pool, url))
}

/// Makes the database forget that its rows were just written.
pub(crate) async fn settle<K: Kind>(pool: &K::Pool) -> Result<(), Failure> {
    for sql in K::SQL.settle {
        pool.run(sql).await?;
    }
    Ok(())
}

/// The file that makes the table.
pub(crate) fn table() -> (&'static str, String) {
    let text = format!("-- migrate:up\n{CREATE};\n-- migrate:down\nDROP TABLE items;\n");
    ("20260101000000_items", text)
}

pub(crate) fn migrator<K: Kind>(
    pool: &K::Pool,
    files: &[(&str, String)],
) -> Result<MigratorBuilder, Failure> {
    Ok(Migrator::new(
        pool.clone(),
        set::<K::Marker>(K::SQL.dialect, files)?,
    ))
}

pub(crate) fn set<M: Database>(dialect: Dialect, files: &[(&str, String)]) -> Result<Set<M>, Failure> {
    let files = files.iter().map(|(name, text)| SourceFile {
        path: format!("{name}.sql"),
        content: Ok(text.as_bytes().to_vec()),
    });
    let mut options = migrate_core::source::Options::new(dialect);
    options.rules = None;
    let set = options
        .read(files.collect())
        .into_result()
        .map_err(|faults| faults.to_string())?;
    Set::typed(set).ok_or_else(|| "the set is of another database".into())
}

pub(crate) fn grouped(rows: u64) -> String {
    match rows {
        1_000_000.. => format!("{} million", rows / 1_000_000),
        _ => format!("{},000", rows / 1_000),
    }
}
