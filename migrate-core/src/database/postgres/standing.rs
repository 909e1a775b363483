//! The one query of a start with nothing to do: how the history stands, and in which schema it is.
//!
//! Where the connection has not asked for a while, PostgreSQL takes longer to plan a query over several tables than it
//! takes to answer, and it plans the parts that need not be evaluated too. So the query names one table, and holds what
//! is needed now and then, the rows of the history, as a text that is planned only where it is evaluated.

use super::place::{self, Place, literal};
use crate::database::Namespace;
use crate::database::sql::{DatabaseError, Tables, standing_of};
use crate::history::Standing;
use crate::model::Digest;

/// The query of a set's standing, and of the schema that it is read in; see [`Tables::standing`].
pub(super) fn standing_query(namespace: &Namespace, tables: &Tables, expected: &Digest) -> String {
    let schema = match &namespace.schema {
        Some(schema) => literal(schema),
        // The one schema on the search path has the table that the query found.
        None => format!(
            "CASE pg_catalog.cardinality(pg_catalog.current_schemas(false)) \
             WHEN 1 THEN (pg_catalog.current_schemas(false))[1]::text ELSE {} END",
            planned_late(&format!(
                "SELECT ({}) AS {COLUMN}",
                place::only_schema(&namespace.prefix)
            ))
        ),
    };
    let select = tables.standing(&namespace.set, expected, gathered);
    format!("SELECT s.*, {schema} FROM ({select}) s")
}

/// The rows of the history.
fn gathered(rows: &str) -> String {
    planned_late(&format!(
        "SELECT pg_catalog.string_agg(\
         pg_catalog.concat_ws(':', version, attempt, state, semantic_digest, requires), ',') AS {COLUMN} {rows}"
    ))
}

/// What a query that is planned late calls its only column.
const COLUMN: &str = "found";

/// The expression of the only column of a query's only row, see [`found`], which is planned when it is evaluated.
fn planned_late(query: &str) -> String {
    format!(
        "pg_catalog.query_to_xml({}, false, true, '')::text",
        literal(query)
    )
}

/// Whether the server was built without XML, has no such function, or the role may not call it. Then the history is read by a query of its own.
pub(super) fn cannot_plan_late(error: &DatabaseError) -> bool {
    matches!(error.code.as_deref(), Some("0A000" | "42883" | "42501"))
}

/// What [`standing_query`] gives; `None` where it cannot be read, or does not tell which history it is.
pub(super) fn standing_and_place(mut rows: Vec<Vec<Option<String>>>) -> Option<(Standing, Place)> {
    let row = rows.first_mut()?;
    let schema = row.pop()??;
    // In XML some characters are written otherwise. A schema is seldom called so, and is looked for by itself then.
    let schema = found(&schema).filter(|name| !name.contains('&'))?;
    let gathered = row.pop()??;
    row.push(Some(found(&gathered).unwrap_or_default().to_owned()));
    Some((standing_of(&rows)?, Place::of(schema.to_owned())))
}

/// What a query found that may have been planned late, by what came of it; `None` where it found nothing.
fn found(text: &str) -> Option<&str> {
    if !text.starts_with("<row") {
        return Some(text);
    }
    let (_, value) = text.split_once(&format!("<{COLUMN}>"))?;
    let (value, _) = value.split_once(&format!("</{COLUMN}>"))?;
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(gathered: &str, schema: &str) -> Vec<Vec<Option<String>>> {
        let row = ["1", "set", gathered, schema];
        vec![row.map(|text| Some(text.to_owned())).to_vec()]
    }

    fn late(value: &str) -> String {
        format!("<row xmlns:xsi=\"…\">\n  {value}\n</row>\n\n")
    }

    #[test]
    fn what_was_planned_late_is_read_as_what_was_not() {
        let digest = "ab".repeat(32);
        let rows = late(&format!("<found>7:1:applied:{digest}:</found>"));
        for (gathered, schema) in [
            (rows.clone(), "app".to_owned()),
            (rows, late("<found>app</found>")),
        ] {
            let (standing, place) = standing_and_place(row(&gathered, &schema)).expect("a standing");
            assert_eq!(standing.rows.len(), 1);
            assert_eq!(place.name(), Some("app"));
        }
        let (standing, _) = standing_and_place(row("same", "app")).expect("a standing");
        assert!(standing.exact);
        let (standing, _) = standing_and_place(row(&late(""), "app")).expect("a standing");
        assert!(
            standing.present && standing.rows.is_empty(),
            "a history without rows"
        );
    }

    #[test]
    fn a_schema_that_cannot_be_told_is_looked_for() {
        let several = late("");
        let escaped = late("<found>r&amp;d</found>");
        for schema in [several, escaped] {
            assert!(standing_and_place(row("same", &schema)).is_none(), "{schema}");
        }
    }
}
