//! The tables and locks of other tools.

use super::backend::{DatabaseError, Transacted};
use super::ledger::{Entry, RowKey};
use super::session::SqlSession;
use super::{Backend, connection_error};
use crate::change::LogEntry;
use crate::database::{Applied, Session as _, ToolRow};
use crate::error::{Error, Kind};
use crate::history::{History, Reason, State};
use crate::migrator::Tool;
use crate::model::{Dialect, Migration, Version};
use crate::sync::with_triggers;

impl SqlSession {
    pub(super) async fn lock_of_tool(&mut self, tool: Tool, take: bool) -> Result<bool, Error> {
        // The others change a database without a lock, and so does sqlx on SQLite.
        if tool != Tool::Sqlx {
            return Ok(true);
        }
        let taken = sqlx_lock(&mut *self.backend, take).await;
        taken.map_err(|error| connection_error("the lock of sqlx cannot be taken", error))
    }

    pub(super) async fn rows_of_tool(
        &mut self,
        tool: Tool,
        table: &str,
    ) -> Result<Option<Vec<ToolRow>>, Error> {
        let select = select(tool, table, self.backend.dialect());
        let rows = match self.backend.rows(&select, &[]).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => return Ok(None),
            Err(error) => {
                return Err(connection_error(
                    &format!("{table} cannot be read as the table of {tool}"),
                    error,
                ));
            }
        };
        let parsed = rows.into_iter().map(|row| row_of(tool, table, row));
        parsed.collect::<Result<_, _>>().map(Some)
    }

    pub(super) async fn rows_of_tools(&mut self) -> Result<Vec<(Tool, Vec<ToolRow>)>, Error> {
        let existing = self.existing_tables(&Tool::ALL.map(Tool::table)).await?;
        let is_there = |tool: &Tool| {
            existing
                .iter()
                .any(|name| name.eq_ignore_ascii_case(tool.table()))
        };
        let mut found = Vec::new();
        for tool in Tool::ALL.into_iter().filter(is_there) {
            let select = select(tool, tool.table(), self.backend.dialect());
            match self.backend.rows(&select, &[]).await {
                Ok(rows) => {
                    let parsed = rows.into_iter().map(|row| row_of(tool, tool.table(), row));
                    // One of another kind has the name by chance.
                    found.extend(parsed.collect::<Result<_, _>>().ok().map(|rows| (tool, rows)));
                }
                Err(error) if error.may_pass() => {
                    let what = format!("the table of {tool} cannot be read");
                    return Err(connection_error(&what, error));
                }
                // It has other columns, or this role may not read it.
                Err(_) => {}
            }
        }
        Ok(found)
    }

    pub(super) async fn rows_of_others(&mut self) -> Result<Vec<(String, Version)>, Error> {
        // The name of a set is plain.
        let select = format!(
            "SELECT DISTINCT set_name, version FROM {} WHERE set_name <> '{}' ORDER BY 1, 2",
            self.tables.history, self.namespace.set
        );
        let rows = match self.backend.rows(&select, &[]).await {
            Ok(rows) => rows,
            Err(error) if error.is_missing_table => return Ok(Vec::new()),
            Err(error) => return Err(connection_error("the history cannot be read", error)),
        };
        let parsed = rows.into_iter().filter_map(|row| {
            let mut fields = row.into_iter().flatten();
            Some((fields.next()?, fields.next()?.parse().ok()?))
        });
        Ok(parsed.collect())
    }

    pub(super) async fn record_all(
        &mut self,
        migrations: &[&Migration],
        history: &History,
        source: (Tool, &str, &[ToolRow]),
        said: &[LogEntry],
    ) -> Result<Applied, Error> {
        self.unsettle().await?;
        self.begin(Transacted::Ours).await?;
        let result = match self.recording(migrations, history, source).await {
            Ok(Applied::Now) => self.add_to_log(said).await.map(|()| Applied::Now),
            other => other,
        };
        let result = match result {
            Ok(Applied::Now) => {
                let committed = self.backend.commit().await.map(|()| Applied::Now);
                committed.map_err(|error| connection_error("the history cannot be written", error))
            }
            other => other,
        };
        if !matches!(result, Ok(Applied::Now)) {
            // What was found out is what is to be told.
            let _ = self.backend.rollback().await;
        }
        result
    }

    async fn recording(
        &mut self,
        migrations: &[&Migration],
        history: &History,
        (tool, table, rows): (Tool, &str, &[ToolRow]),
    ) -> Result<Applied, Error> {
        let now = self.read_history().await?;
        if now.rows != history.rows || now.reverted != history.reverted {
            return Ok(Applied::ByAnother);
        }
        if self.rows_of_tool(tool, table).await?.as_deref() != Some(rows) {
            return Ok(Applied::ByAnother);
        }
        let dialect = self.backend.dialect();
        let set = self.namespace.set.clone();
        let (ledger, backend) = self.ledger();
        let mut entries: Vec<Entry<'static>> = Vec::with_capacity(migrations.len());
        for migration in migrations {
            let whole = with_triggers(migration, &set, dialect)?;
            let key = RowKey::next(history, migration.version);
            let entry = ledger.entry(&*backend, &whole, key, State::Applied, Reason::Adopted);
            entries.push(entry.into_owned());
            for member in migration.squash.iter() {
                let key = RowKey::next(history, member.version);
                if history.get(member.version).is_none() {
                    entries.push(ledger.squashed(&*backend, member, &whole, key));
                }
            }
        }
        let inserted = ledger.insert_all(backend, &entries).await;
        inserted.map_err(|error| connection_error("the history cannot be written", error))?;
        Ok(Applied::Now)
    }
}

/// The lock that sqlx holds while it migrates: its key is made of the name of the database.
async fn sqlx_lock(backend: &mut dyn Backend, take: bool) -> Result<bool, DatabaseError> {
    let (database, calls) = match backend.dialect() {
        Dialect::Postgres => (
            "SELECT pg_catalog.current_database()::text",
            [
                "pg_catalog.pg_advisory_unlock({})",
                "pg_catalog.pg_try_advisory_lock({})",
            ],
        ),
        Dialect::Mysql | Dialect::MariaDb => {
            ("SELECT DATABASE()", ["RELEASE_LOCK('{}')", "GET_LOCK('{}', 0)"])
        }
        Dialect::Sqlite => return Ok(true),
    };
    let name = backend.rows(database, &[]).await?;
    let name = name.into_iter().flatten().flatten().next().unwrap_or_default();
    let key = 0x3d32_ad9e * i64::from(crc32(name.as_bytes()));
    let key = match backend.dialect() {
        Dialect::Postgres => key.to_string(),
        _ => format!("{key:x}"),
    };
    let call = calls[usize::from(take)].replace("{}", &key);
    let rows = backend
        .rows(&format!("SELECT CASE WHEN {call} THEN 1 ELSE 0 END"), &[])
        .await?;
    let answer = rows.into_iter().flatten().flatten().next();
    Ok(answer.as_deref() == Some("1"))
}

/// The checksum of Ethernet and gzip.
fn crc32(bytes: &[u8]) -> u32 {
    let mut register = u32::MAX;
    for byte in bytes {
        register ^= u32::from(*byte);
        for _ in 0..8 {
            let carried = register & 1 == 1;
            register >>= 1;
            if carried {
                register ^= 0xedb8_8320;
            }
        }
    }
    !register
}

/// The query of a tool's table: version, name, checksum and whether it failed, as far as the tool keeps them.
fn select(tool: Tool, table: &str, dialect: Dialect) -> String {
    let text = match dialect {
        Dialect::Mysql | Dialect::MariaDb => "CHAR",
        Dialect::Postgres | Dialect::Sqlite => "TEXT",
    };
    let hexadecimal = match dialect {
        Dialect::Postgres => "pg_catalog.encode(checksum, 'hex')",
        _ => "HEX(checksum)",
    };
    let columns = match tool {
        Tool::Sqlx => format!(
            "CAST(version AS {text}), description, {hexadecimal}, CASE WHEN success THEN 'no' ELSE 'yes' END"
        ),
        Tool::Refinery => format!("CAST(version AS {text}), name, checksum"),
        Tool::Diesel | Tool::SeaOrm => "version".to_owned(),
        // All of them: others have a table of this name, too.
        Tool::Dbmate => "*".to_owned(),
    };
    let order = if tool == Tool::Dbmate { "1" } else { "version" };
    format!(
        "SELECT {columns} FROM {} ORDER BY {order}",
        quoted(table, dialect)
    )
}

/// The name of a table, in a schema where it has a dot.
fn quoted(table: &str, dialect: Dialect) -> String {
    let quote = match dialect {
        Dialect::Mysql | Dialect::MariaDb => "`",
        Dialect::Postgres | Dialect::Sqlite => "\"",
    };
    let parts = table.splitn(2, '.');
    let parts = parts.map(|part| format!("{quote}{}{quote}", part.replace(quote, &quote.repeat(2))));
    parts.collect::<Vec<_>>().join(".")
}

fn row_of(tool: Tool, table: &str, row: Vec<Option<String>>) -> Result<ToolRow, Error> {
    if tool == Tool::Dbmate && row.len() != 1 {
        let message = format!("{table} is not the table of dbmate: it has {} columns", row.len());
        return Err(Error::new(Kind::History, message).note(
            "dbmate's has the column `version` and one row for each migration; golang-migrate has a table of the same name \
             with the newest version only",
        ));
    }
    let mut fields = row.into_iter();
    let mut next = || fields.next().flatten();
    let version = next().ok_or_else(|| {
        Error::new(
            Kind::History,
            format!("{table} of {tool} has a row without a version"),
        )
    })?;
    Ok(ToolRow {
        version,
        name: next(),
        checksum: next(),
        failed: next().as_deref() == Some("yes"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn names_are_quoted() {
        for (dialect, table, expected) in [
            (Dialect::Postgres, "a", "\"a\""),
            (Dialect::Postgres, "Ops.it\"s", "\"Ops\".\"it\"\"s\""),
            (Dialect::MariaDb, "ops.it`s", "`ops`.`it``s`"),
            (Dialect::Sqlite, "main.a", "\"main\".\"a\""),
        ] {
            assert_eq!(quoted(table, dialect), expected);
        }
    }
}
