//! Statements that work on a table while everybody goes on, and whether a start-up may wait for them.

use std::time::Duration;

use super::estimate::shown;
use super::{Assessments, Estimate, Footprint, TableName, Work, estimate};
use crate::model::{Dialect, Migration};
use crate::script::words::Words;

/// The table that a statement builds an index over, or checks, while others use it, and how.
///
/// By its words, because a service is built without any parser. On SQLite nobody goes on meanwhile.
pub(crate) fn online_build(sql: &str, dialect: Dialect) -> Option<(TableName, Work)> {
    let postgres = dialect == Dialect::Postgres;
    if dialect == Dialect::Sqlite {
        return None;
    }
    let mut words = Words::new(sql, dialect);
    let work = if words.eat("create") {
        let builds = match postgres {
            true => words.skip_past(&["index", "concurrently"]),
            false => words.skip_past(&["index"]),
        };
        if !builds || !words.skip_past(&["on"]) {
            return None;
        }
        words.eat("only");
        Work::IndexBuild
    } else if words.eat_all(&["reindex", "table", "concurrently"]) {
        Work::IndexBuild
    } else if words.eat_all(&["alter", "table"]) {
        words.eat_all(&["if", "exists"]);
        words.eat("only");
        let mut rest = words.clone();
        rest.schema_and_name()?;
        let adds = |what: &[&str]| rest.contains(what);
        match postgres {
            true if adds(&["validate", "constraint"]) => Work::Scan,
            false
                if [&["add", "index"][..], &["add", "key"], &["add", "unique"]]
                    .into_iter()
                    .any(adds) =>
            {
                Work::IndexBuild
            }
            _ => return None,
        }
    } else {
        return None;
    };
    let (schema, name) = words.schema_and_name()?;
    let schema = schema.filter(|schema| schema != "public");
    Some((TableName { schema, name }, work))
}

/// How long the online builds of a migration take, and whether that fits the time that a start-up may take; `None` where it
/// has none on a table that is there. What is not known does not fit.
pub(crate) fn fits(
    migration: &Migration,
    dialect: Dialect,
    assessments: &Assessments,
    limit: Duration,
) -> Option<(bool, String)> {
    let mut all = Duration::ZERO;
    let mut told = Vec::new();
    let mut fits = true;
    for (_, sql) in migration.up.iter() {
        let Some((table, work)) = online_build(sql, dialect) else {
            continue;
        };
        let Some(assessment) = assessments.get(&table).filter(|one| one.exists) else {
            continue;
        };
        let estimate = estimate(&Footprint::of(work), Some(assessment));
        match estimate.time() {
            Some(time) => all += time,
            None => fits = false,
        }
        told.push(match estimate {
            Estimate::Unknown { why } => format!("how long it works on `{table}` is not known: {why}"),
            known => format!("it works on `{table}` for {known}"),
        });
    }
    (!told.is_empty()).then(|| {
        let told = format!("{}; a start-up may take {}", told.join(", "), shown(limit));
        (fits && all <= limit, told)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_online() {
        for (dialect, sql, expected) in [
            (
                Dialect::Postgres,
                "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY t (a)",
                "t index-build",
            ),
            (
                Dialect::Postgres,
                "create index concurrently if not exists i on shop.\"T\" (a)",
                "shop.T index-build",
            ),
            (Dialect::Postgres, "CREATE INDEX i ON t (a)", ""),
            (
                Dialect::Postgres,
                "ALTER TABLE IF EXISTS ONLY public.t VALIDATE CONSTRAINT c",
                "t scan",
            ),
            (Dialect::Postgres, "ALTER TABLE t ADD COLUMN a int", ""),
            (Dialect::Postgres, "REINDEX TABLE CONCURRENTLY t", "t index-build"),
            (Dialect::MariaDb, "CREATE INDEX i ON t (a)", "t index-build"),
            (
                Dialect::Mysql,
                "ALTER TABLE t ADD COLUMN a INT, ADD INDEX (a)",
                "t index-build",
            ),
            (Dialect::Mysql, "ALTER TABLE t ADD COLUMN a INT", ""),
            (Dialect::Sqlite, "CREATE INDEX i ON t (a)", ""),
        ] {
            let found = online_build(sql, dialect);
            let found = found.map_or(String::new(), |(table, work)| format!("{table} {}", work.name()));
            assert_eq!(found, expected, "{sql}");
        }
    }
}
