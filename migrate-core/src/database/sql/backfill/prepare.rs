//! What has to be known of a table before its rows are moved.

use super::assigned::By;
use super::fields::{Fields, fields};
use super::key::{Binder, Key, KeyColumn, encoded};
use super::statement::{Prepared, batched, guard, named_table, source};
use super::{SqlMover, refused, stumbled};
use crate::database::mover::{Job, Stumble};
use crate::database::sql::backend::{DatabaseError, Value};
use crate::database::sql::session::SqlSession;
use crate::error::{Error, Kind};
use crate::model::directives::Backfill;
use crate::model::{Dialect, Migration};

/// A column of the visited table.
pub(super) struct Found {
    pub(super) name: String,
    pub(super) of_type: String,
    never_null: bool,
    /// Whether its type or its collation takes two texts for one.
    pub(super) folds: bool,
    /// The type that a text is made before it is assigned: without a length, so that what is too long is refused.
    pub(super) assigned: String,
    /// PostgreSQL: the type that its values have in the end, below all domains. MySQL and MariaDB: what makes of a text one
    /// of the column, what stands behind the text in `CONVERT(`: character set and collation.
    pub(super) kept: String,
    /// The same without a length.
    pub(super) unlimited: String,
}

impl SqlMover {
    /// What is known of the job after [`prepare`](Self::prepare).
    pub(super) fn known(&self, job: &Job<'_>) -> Result<Prepared, Stumble> {
        let known = self.prepared.get(&(job.migration.version, job.attempt));
        known.cloned().ok_or_else(|| {
            Stumble::Fatal(Error::new(Kind::Backfill, "a backfill was not prepared").migration(job.migration))
        })
    }

    /// Looks at the table and tries the statement, without moving anything.
    pub(super) async fn prepare(&mut self, job: &Job<'_>) -> Result<(), Stumble> {
        let id = (job.migration.version, job.attempt);
        if self.prepared.contains_key(&id) {
            return Ok(());
        }
        let dialect = self.session.backend.dialect();
        let Some(backfill) = &job.migration.backfill else {
            return Err(Stumble::Fatal(Error::new(
                Kind::NotYet,
                "a backfill without a table",
            )));
        };
        let looked = self.session.look_at_table(job.migration, backfill).await;
        let (mut prepared, columns) = match looked {
            Ok(looked) => looked.map_err(Stumble::Fatal)?,
            Err(error) => return Err(stumbled("look at the table", error)),
        };
        if let Some(code) = job.code {
            prepared.fields = fields(job.migration, code, &columns, dialect).map_err(Stumble::Fatal)?;
            self.prepared.insert(id, prepared);
            return Ok(());
        }
        let statement = batched(job).map_err(Stumble::Fatal)?;
        let set = self.session.namespace.set.clone();
        prepared.is_compared = crate::script::is_compared(statement, dialect);
        prepared.source = source(statement, &columns, dialect);
        let guard = |columns, by| guard(job, statement, &set, dialect, columns, by);
        // A server that does not know a type as one to cast to may still compare its values.
        for columns in [&columns[..], &[]] {
            prepared.guard = guard(columns, By::Equality);
            if prepared.guard.is_none() || self.takes(job, &prepared).await? {
                break;
            }
            // A type without equality, such as PostgreSQL's json, has no guard. Every row is written then.
            prepared.guard = None;
        }
        let strict = guard(&columns, By::Bytes);
        if prepared.guard.is_some() && strict != prepared.guard {
            prepared.strict = strict;
            if !self.takes(job, &prepared).await? {
                prepared.strict = None;
            }
        }
        if statement.inserts {
            prepared.copy = self.copy_of(job, backfill, &columns, &prepared).await?;
        }
        self.explain(job, &prepared)
            .await
            .map_err(|error| refused(job, error))?;
        self.prepared.insert(id, prepared);
        Ok(())
    }

    /// Whether the server takes the guard. A lock that was not had says nothing of it, and without a guard a write of the
    /// new build is lost.
    async fn takes(&mut self, job: &Job<'_>, prepared: &Prepared) -> Result<bool, Stumble> {
        match self.explain(job, prepared).await {
            Ok(()) => Ok(true),
            Err(error) if error.may_pass() => Err(stumbled("look at the table", error)),
            Err(_) => Ok(false),
        }
    }

    async fn explain(&mut self, job: &Job<'_>, prepared: &Prepared) -> Result<(), DatabaseError> {
        let Ok(statement) = batched(job) else {
            return Ok(());
        };
        let mut binder = self.binder();
        let sql = format!("EXPLAIN {}", prepared.moving(statement, None, None, &mut binder));
        // Not `execute`, which keeps statements prepared: SQLite does not look whether an EXPLAIN still fits the schema, and
        // reads freed memory where it does not.
        self.rows(&sql, &binder).await.map(drop)
    }

    /// The first column of a query of a key, read as one text.
    pub(super) async fn key_of(
        &mut self,
        sql: &str,
        binder: &Binder,
    ) -> Result<Option<String>, DatabaseError> {
        let rows = self.rows(sql, binder).await?;
        Ok(rows.into_iter().next().map(|row| {
            let values: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
            encoded(&values)
        }))
    }
}

impl SqlSession {
    /// What is known of a table before it is known what is done with its rows: how they are visited, and its columns.
    pub(super) async fn look_at_table(
        &mut self,
        migration: &Migration,
        backfill: &Backfill,
    ) -> Result<Result<(Prepared, Vec<Found>), Error>, DatabaseError> {
        let dialect = self.backend.dialect();
        let (table, schema, name) = named_table(&backfill.table, dialect);
        let columns = self.columns(&table, schema.as_deref(), &name).await?;
        let uniques = self.uniques(&table, schema.as_deref(), &name).await?;
        Ok(
            key_of(migration, backfill, &columns, &uniques, dialect).map(|key| {
                let prepared = Prepared {
                    key,
                    table,
                    guard: None,
                    strict: None,
                    is_compared: false,
                    source: Vec::new(),
                    copy: None,
                    fields: Fields::default(),
                };
                (prepared, columns)
            }),
        )
    }

    /// The columns of a table, in their order.
    pub(super) async fn columns(
        &mut self,
        table: &str,
        schema: Option<&str>,
        name: &str,
    ) -> Result<Vec<Found>, DatabaseError> {
        let rows = match self.backend.dialect() {
            Dialect::Postgres => {
                let sql = "SELECT a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull::text, \
                           (t.typname = 'citext' OR EXISTS (SELECT 1 FROM pg_catalog.pg_collation c \
                           WHERE c.oid = a.attcollation AND NOT c.collisdeterministic))::text, \
                           pg_catalog.format_type(COALESCE(NULLIF(t.typbasetype, 0), a.atttypid), -1), \
                           pg_catalog.format_type(k.of_type, k.modifier), pg_catalog.format_type(k.of_type, -1) \
                           FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid, \
                           LATERAL (WITH RECURSIVE below(of_type, modifier, depth) AS (SELECT a.atttypid, a.atttypmod, 0 UNION ALL \
                           SELECT d.typbasetype, d.typtypmod, depth + 1 FROM below JOIN pg_catalog.pg_type d ON d.oid = below.of_type \
                           WHERE d.typtype = 'd') SELECT of_type, modifier FROM below ORDER BY depth DESC LIMIT 1) k \
                           WHERE a.attrelid = pg_catalog.to_regclass($1) \
                           AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
                self.backend.rows(sql, &[Value::text(table)]).await?
            }
            Dialect::Sqlite => {
                // ANY of a STRICT table keeps everything as it is. A primary key of SQLite may be NULL, except where it is the row's number or the table has none.
                let sql = "SELECT c.name, CASE WHEN upper(c.type) = 'ANY' AND EXISTS (SELECT 1 FROM pragma_table_list(?1) l WHERE l.strict = 1) \
                           THEN '' ELSE c.type END, CASE WHEN c.\"notnull\" = 1 OR (c.pk = 1 AND upper(c.type) = 'INTEGER' \
                           AND (SELECT count(*) FROM pragma_table_info(?1) p WHERE p.pk > 0) = 1) \
                           OR (c.pk > 0 AND EXISTS (SELECT 1 FROM pragma_table_list(?1) l WHERE l.wr = 1)) \
                           THEN 'true' ELSE 'false' END, 'true' FROM pragma_table_info(?1) c ORDER BY c.cid";
                self.backend.rows(sql, &[Value::text(name)]).await?
            }
            Dialect::Mysql | Dialect::MariaDb => {
                let sql = "SELECT CAST(column_name AS CHAR), CAST(column_type AS CHAR), \
                           CASE is_nullable WHEN 'NO' THEN 'true' ELSE 'false' END, \
                           CASE WHEN data_type IN ('varchar', 'tinytext', 'text', 'mediumtext', 'longtext') \
                           AND collation_name NOT LIKE '%bin' THEN 'true' ELSE 'false' END, NULL, \
                           CASE WHEN data_type IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext') \
                           THEN CONCAT(' USING ', character_set_name, ') COLLATE ', collation_name) END \
                           FROM information_schema.columns \
                           WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? ORDER BY ordinal_position";
                let schema = schema.map_or(Value::Null, Value::text);
                self.backend.rows(sql, &[schema, Value::text(name)]).await?
            }
        };
        let found = rows.into_iter().map(|row| {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let mut next = || row.next().unwrap_or_default();
            Found {
                name: next(),
                of_type: next(),
                never_null: next() == "true",
                folds: next() == "true",
                assigned: next(),
                kept: next(),
                unlimited: next(),
            }
        });
        Ok(found.collect())
    }

    /// The columns of each unique key, in order.
    pub(super) async fn uniques(
        &mut self,
        table: &str,
        schema: Option<&str>,
        name: &str,
    ) -> Result<Vec<Vec<String>>, DatabaseError> {
        let rows = match self.backend.dialect() {
            Dialect::Postgres => {
                let sql = "SELECT i.indexrelid::text, a.attname::text FROM pg_catalog.pg_index i, \
                           pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY k(number, place), \
                           pg_catalog.pg_attribute a WHERE i.indrelid = pg_catalog.to_regclass($1) AND i.indisunique \
                           AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND k.place <= i.indnkeyatts \
                           AND a.attrelid = i.indrelid AND a.attnum = k.number ORDER BY i.indexrelid, k.place";
                self.backend.rows(sql, &[Value::text(table)]).await?
            }
            Dialect::Sqlite => {
                let sql = "SELECT l.name, c.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) c \
                           WHERE l.\"unique\" = 1 AND l.partial = 0 \
                           UNION ALL SELECT * FROM (SELECT '', name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk)";
                self.backend.rows(sql, &[Value::text(name)]).await?
            }
            Dialect::Mysql | Dialect::MariaDb => {
                let sql = "SELECT CAST(index_name AS CHAR), CAST(column_name AS CHAR) FROM information_schema.statistics \
                           WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? AND non_unique = 0 \
                           AND sub_part IS NULL ORDER BY index_name, seq_in_index";
                let schema = schema.map_or(Value::Null, Value::text);
                self.backend.rows(sql, &[schema, Value::text(name)]).await?
            }
        };
        let mut keys: Vec<(String, Vec<String>)> = Vec::new();
        for row in rows {
            let mut row = row.into_iter().map(Option::unwrap_or_default);
            let (index, column) = (row.next().unwrap_or_default(), row.next().unwrap_or_default());
            match keys.last_mut().filter(|(last, _)| *last == index) {
                Some((_, columns)) => columns.push(column),
                None => keys.push((index, vec![column])),
            }
        }
        Ok(keys.into_iter().map(|(_, columns)| columns).collect())
    }
}

/// The key that the directive names, or why rows cannot be visited by it.
fn key_of(
    migration: &Migration,
    backfill: &Backfill,
    columns: &[Found],
    uniques: &[Vec<String>],
    dialect: Dialect,
) -> Result<Key, Error> {
    let fault = |message: String, help: String| {
        let message = format!("migration {migration}: {message}");
        Err(Error::new(Kind::Backfill, message)
            .migration(migration)
            .help(help))
    };
    let table = &backfill.table;
    if columns.is_empty() {
        return fault(
            format!("there is no table `{table}`"),
            "correct `table=`, or make the table in an expand file of the change".to_owned(),
        );
    }
    let same = |one: &str, other: &str| match dialect {
        Dialect::Postgres => one == other,
        _ => one.eq_ignore_ascii_case(other),
    };
    let mut key = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for written in backfill.key.iter() {
        let (_, _, name) = named_table(written, dialect);
        let Some(Found {
            name,
            of_type,
            never_null,
            ..
        }) = columns.iter().find(|column| same(&column.name, &name))
        else {
            let all: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
            let hint = crate::diagnostic::nearest(&name, all.iter().copied());
            let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
            return fault(
                format!("`{table}` has no column `{name}`{hint}"),
                format!("correct `key=`; its columns are {}", all.join(", ")),
            );
        };
        if !never_null {
            return fault(
                format!("the key column `{name}` of `{table}` may be NULL"),
                "rows are visited by a unique key that is never NULL: name the primary key".to_owned(),
            );
        }
        match KeyColumn::new(name, of_type, dialect) {
            Ok(column) => key.push(column),
            Err(fault_of_type) => return fault(fault_of_type, "name another unique key".to_owned()),
        }
        names.push(name);
    }
    let is_key = |unique: &Vec<String>| {
        unique.len() == names.len() && unique.iter().zip(&names).all(|(one, other)| same(one, other))
    };
    if !uniques.iter().any(is_key) {
        let all: Vec<String> = uniques
            .iter()
            .map(|columns| format!("`{}`", columns.join(",")))
            .collect();
        let help = match all.is_empty() {
            true => "rows are visited by a unique key that is never NULL: add one".to_owned(),
            false => format!("its unique keys are {}", all.join(", ")),
        };
        return fault(
            format!("`{}` is no unique key of `{table}`", names.join(",")),
            help,
        );
    }
    Ok(Key::new(key, dialect))
}
