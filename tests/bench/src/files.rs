//! The migrations that are measured: the same SQL for every tool.

use std::fs;
use std::path::Path;

use migrate_core::Set;
use migrate_core::model::Database;
use migrate_core::source::{Options, SourceFile};
use sqlx::SqlSafeStr;
use sqlx::migrate::Migrator;

use crate::Failure;

/// How many migrations a project of some years has.
pub(crate) const COUNT: usize = 500;

/// One migration of two statements each way, in the SQL that PostgreSQL and SQLite share.
pub(crate) struct File {
    version: u64,
    name: String,
    up: String,
    down: String,
}

/// The first `count` migrations: a table with an index, then three times a column with an index.
pub(crate) fn files(count: usize) -> Vec<File> {
    (0..count)
        .map(|number| file(number, number / 4 + 1, number % 4))
        .collect()
}

/// As many migrations of one table with an index each.
pub(crate) fn tables(count: usize) -> Vec<File> {
    (0..count).map(|number| file(number, number + 1, 0)).collect()
}

fn file(number: usize, table: usize, step: usize) -> File {
    let month = 202_001 + 100 * (number / 120) + number % 120 / 10;
    let version = (month * 100 + 1 + number % 10) as u64 * 1_000_000;
    let (name, up, down) = match step {
        0 => (
            format!("create_account_{table}"),
            format!(
                "CREATE TABLE account_{table} (\n    id BIGINT NOT NULL PRIMARY KEY,\n    \
                 name VARCHAR(200) NOT NULL,\n    email VARCHAR(200),\n    balance NUMERIC(12, 2) NOT NULL DEFAULT 0,\n    \
                 created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP\n);\n\
                 CREATE INDEX account_{table}_name ON account_{table} (name, created_at);\n"
            ),
            format!("DROP INDEX account_{table}_name;\nDROP TABLE account_{table};\n"),
        ),
        _ => (
            format!("add_attribute_{step}_to_account_{table}"),
            format!(
                "ALTER TABLE account_{table} ADD COLUMN attribute_{step} VARCHAR(40) NOT NULL DEFAULT 'none';\n\
                 CREATE INDEX account_{table}_attribute_{step} ON account_{table} (attribute_{step});\n"
            ),
            format!(
                "DROP INDEX account_{table}_attribute_{step};\n\
                 ALTER TABLE account_{table} DROP COLUMN attribute_{step};\n"
            ),
        ),
    };
    File {
        version,
        name,
        up,
        down,
    }
}

impl File {
    /// The name of its file, which ours and sqlx write alike.
    pub(crate) fn file_name(&self) -> String {
        format!("{}_{}.sql", self.version, self.name)
    }

    /// Its SQL.
    pub(crate) fn up(&self) -> &str {
        &self.up
    }

    /// Its file as ours and as sqlx's.
    pub(crate) fn texts(&self) -> [String; 2] {
        [self.ours(), self.up.clone()]
    }

    /// Its file in our layout, which holds the way back as well.
    fn ours(&self) -> String {
        format!("-- migrate:up\n{}\n-- migrate:down\n{}", self.up, self.down)
    }
}

/// Ours.
pub(crate) fn ours<D: Database>(files: &[File]) -> Result<Set<D>, Failure> {
    let sources: Vec<SourceFile> = files
        .iter()
        .map(|file| SourceFile {
            path: file.file_name(),
            content: Ok(file.ours().into_bytes()),
        })
        .collect();
    let outcome = Options::new(D::DIALECT).read(sources);
    // A folder without files is refused as a mistake, which here it is not.
    let set = if files.is_empty() {
        outcome.set
    } else {
        outcome.into_result()?
    };
    Ok(Set::typed(set).ok_or("the set is for another database")?)
}

/// sqlx's.
pub(crate) fn sqlx(files: &[File]) -> Migrator {
    let migrations = files.iter().map(|file| {
        sqlx::migrate::Migration::new(
            file.version as i64,
            file.name.replace('_', " ").into(),
            sqlx::migrate::MigrationType::Simple,
            sqlx::AssertSqlSafe(file.up.clone()).into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// refinery's, whose versions are short.
pub(crate) fn refinery(files: &[File]) -> Result<Vec<refinery::Migration>, Failure> {
    let numbered = files.iter().zip(1..);
    let migrations = numbered
        .map(|(file, number)| refinery::Migration::unapplied(&format!("V{number}__{}", file.name), &file.up));
    Ok(migrations.collect::<Result<_, _>>()?)
}

/// Writes the folders of the crates that embed them.
pub(crate) fn write(files: &[File], ours: &Path, sqlx: &Path) -> Result<(), Failure> {
    for folder in [ours, sqlx] {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder)?;
    }
    for file in files {
        fs::write(ours.join(file.file_name()), file.ours())?;
        fs::write(sqlx.join(file.file_name()), &file.up)?;
    }
    Ok(())
}
