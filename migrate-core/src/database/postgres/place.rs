//! In which schema the history is.
//!
//! Where no schema was named, it is made in the one in which the connection creates tables, and that one changes: a
//! migration that says `CREATE SCHEMA app` changes it for a role `app`, whose search path is `"$user", public`. So a
//! history is looked for along the whole search path.

use sqlx::PgConnection;

use super::{quoted, raw_rows};
use crate::database::Namespace;
use crate::database::sql::{Tables, connection_error};
use crate::error::{Error, Kind};

/// Where the tables of a set are.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// The schema that has the history of the set.
    schema: Option<String>,
    /// The schema in which tables are made that name none.
    current: Option<String>,
}

impl Place {
    /// A schema that is known.
    pub(super) fn of(schema: String) -> Self {
        Self {
            schema: Some(schema),
            current: None,
        }
    }

    /// Whether there is a history of the set.
    pub(super) fn is_found(&self) -> bool {
        self.schema.is_some()
    }

    /// The schema that has the tables, or in which they will be made.
    pub(super) fn name(&self) -> Option<&str> {
        self.schema.as_deref().or(self.current.as_deref())
    }

    /// The tables where they are, or where they will be made.
    pub(super) fn tables(&self, prefix: &str) -> Tables {
        Tables::new(prefix, self.name(), quoted)
    }
}

/// The text of a name of ours in a statement.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The query of the one schema on the search path that has tables of that prefix; of no value where there are several.
///
/// Every start asks it: planning a join of the catalogs takes the server longer than all the rest of a start.
pub(super) fn only_schema(prefix: &str) -> String {
    let table = literal(&format!(".{}", quoted(&format!("{prefix}sets"))));
    format!(
        "SELECT pg_catalog.min(p) FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) p \
         WHERE pg_catalog.to_regclass(pg_catalog.quote_ident(p) || {table}) IS NOT NULL \
         HAVING pg_catalog.count(*) = 1"
    )
}

/// Finds the history of a set.
///
/// # Errors
///
/// If two schemas have one, or one that may not be read could.
pub(super) async fn locate(connection: &mut PgConnection, namespace: &Namespace) -> Result<Place, Error> {
    if let Some(schema) = &namespace.schema {
        return Ok(Place::of(schema.clone()));
    }
    let cannot = |error| connection_error("the history cannot be looked for", error);
    let sql = format!(
        "SELECT pg_catalog.current_schema(); \
         SELECT n.nspname, pg_catalog.has_table_privilege(c.oid, 'SELECT') \
         FROM pg_catalog.unnest(pg_catalog.current_schemas(false)) WITH ORDINALITY AS s (name, place) \
         JOIN pg_catalog.pg_namespace n ON n.nspname = s.name \
         JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = {} ORDER BY s.place",
        literal(&format!("{}sets", namespace.prefix))
    );
    let mut rows = raw_rows(connection, &sql).await.map_err(cannot)?.into_iter();
    let current = rows.next().into_iter().flatten().next().flatten();
    let (mut readable, mut hidden) = (Vec::new(), Vec::new());
    for row in rows {
        let [Some(schema), may_read] = &row[..] else {
            continue;
        };
        match may_read.as_deref() {
            Some("t") => readable.push(schema.clone()),
            _ => hidden.push(schema.clone()),
        }
    }
    let mut holders = Vec::new();
    if !readable.is_empty() {
        let of = |schema: &String| {
            let sets = Tables::new(&namespace.prefix, Some(schema), quoted).sets;
            format!(
                "SELECT {} FROM {sets} WHERE set_name = {}",
                literal(schema),
                literal(&namespace.set)
            )
        };
        let select: Vec<String> = readable.iter().map(of).collect();
        let rows = raw_rows(connection, &select.join(" UNION ALL ")).await;
        holders = rows.map_err(cannot)?.into_iter().flatten().flatten().collect();
    }
    if let [first, others @ ..] = &holders[..]
        && !others.is_empty()
    {
        let message = format!(
            "the history of the set `{}` is in {} schemas of the search path: {}",
            namespace.set,
            holders.len(),
            holders.join(", ")
        );
        return Err(Error::new(Kind::History, message).help(format!(
            "name the right one, as in `.schema(\"{first}\")` or `--schema {first}`, or drop the tables of the other"
        )));
    }
    let schema = holders.pop();
    if schema.is_none()
        && let Some(hidden) = hidden.first()
    {
        let message = format!("the history in the schema {hidden} may not be read by this role");
        return Err(Error::new(Kind::History, message)
            .help("grant it, or name the schema of the history with `schema`"));
    }
    Ok(Place { schema, current })
}
