//! Making the library's own tables, for roles that may make none as well: `CREATE TABLE IF NOT EXISTS` asks for the right to
//! make tables where the table is there, so it is looked first which are.

use super::backend::{Backend, DatabaseError};
use super::session::SqlSession;
use crate::model::Dialect;

/// A table of ours: its name, quoted and qualified, and the statement that makes it where it is missing.
pub(super) type OwnTable = (String, String);

/// Those of the tables that are not there, in their order.
///
/// # Errors
///
/// If the role may not look at them.
pub(super) async fn missing(
    backend: &mut dyn Backend,
    tables: Vec<OwnTable>,
) -> Result<Vec<OwnTable>, DatabaseError> {
    // The catalog is asked: on PostgreSQL a statement that is refused ends the transaction.
    if backend.dialect() == Dialect::Postgres {
        let literal = |name: &str| format!("'{}'", name.replace('\'', "''"));
        let asked: Vec<String> = tables
            .iter()
            .map(|(name, _)| format!("(pg_catalog.to_regclass({}) IS NULL)::text", literal(name)))
            .collect();
        let rows = backend.rows(&format!("SELECT {}", asked.join(", ")), &[]).await?;
        let answers = rows.into_iter().flatten();
        let missing = tables.into_iter().zip(answers);
        return Ok(missing
            .filter(|(_, answer)| answer.as_deref() == Some("true"))
            .map(|(table, _)| table)
            .collect());
    }
    let look = |name: &str| format!("SELECT 1 FROM {name} WHERE 1 = 0");
    let all: Vec<String> = tables.iter().map(|(name, _)| look(name)).collect();
    match backend.rows(&all.join(" UNION ALL "), &[]).await {
        Ok(_) => return Ok(Vec::new()),
        Err(error) if error.is_missing_table => {}
        Err(error) => return Err(error),
    }
    let mut missing = Vec::new();
    for table in tables {
        match backend.rows(&look(&table.0), &[]).await {
            Ok(_) => {}
            Err(error) if error.is_missing_table => missing.push(table),
            Err(error) => return Err(error),
        }
    }
    Ok(missing)
}

impl SqlSession {
    /// What this connection's role has to be granted so that its workers can go on, where `missing` are not there, or, where
    /// none is, where it may not use them.
    pub(super) async fn wanted_of_workers(&mut self, missing: &[OwnTable]) -> String {
        let all = super::backfill::for_workers(&self.tables, &*self.backend);
        let names = |tables: &[OwnTable]| {
            let names: Vec<&str> = tables.iter().map(|(name, _)| &**name).collect();
            names.join(", ")
        };
        let (role, place) = self.role_and_place().await;
        let rights = format!("`GRANT SELECT, INSERT, UPDATE, DELETE ON {{}} TO {role}`");
        // With MySQL and MariaDB a grant is for one table or for all of a database.
        let rights = match self.backend.dialect() {
            Dialect::Postgres => rights.replace("{}", &names(&all)),
            _ => rights.replace("{}", &place),
        };
        if missing.is_empty() {
            return format!("a worker reads and writes the library's tables: {rights}");
        }
        let create = match self.backend.dialect() {
            Dialect::Postgres => format!("`GRANT CREATE ON SCHEMA {place} TO {role}`"),
            _ => format!("`GRANT CREATE ON {place} TO {role}`"),
        };
        format!(
            "{} {} not there: run `migrate up` as a role that may make tables there, then {rights}; \
             or let the worker make them: {create}",
            names(missing),
            if missing.len() == 1 { "is" } else { "are" },
        )
    }

    /// The role of this connection and the place of the library's tables, as a GRANT takes them.
    async fn role_and_place(&mut self) -> (String, String) {
        let dialect = self.backend.dialect();
        let asked = match dialect {
            Dialect::Postgres => "SELECT current_user::text, current_schema()::text",
            Dialect::Mysql | Dialect::MariaDb => {
                "SELECT CAST(CURRENT_USER() AS CHAR), CAST(DATABASE() AS CHAR)"
            }
            // Nobody is granted anything there.
            Dialect::Sqlite => "SELECT '', ''",
        };
        // What is not known is not named; the reason of the failure is told all the same.
        let row = self.backend.rows(asked, &[]).await.unwrap_or_default();
        let mut row = row.into_iter().flatten().flatten();
        let (role, current) = (row.next(), row.next());
        let place = self.namespace.schema.clone().or(current);
        let place = place.map(|place| self.backend.quoted(&place));
        let role = match dialect {
            Dialect::Postgres => role.map(|role| self.backend.quoted(&role)),
            _ => role.map(|role| match role.rsplit_once('@') {
                Some((user, host)) => format!("'{user}'@'{host}'"),
                None => role,
            }),
        };
        let role = role.unwrap_or_else(|| "the role".to_owned());
        let place = place.unwrap_or_else(|| "the schema".to_owned());
        match dialect {
            Dialect::Postgres => (role, place),
            _ => (role, format!("{place}.*")),
        }
    }
}
