//! Facts from the PostgreSQL catalogs: one query made of one file per kind of object.

use sqlx::{AssertSqlSafe, Executor as _, Row as _};

use crate::facts::{Fact, Facts, Scope};

/// Common table expressions that the queries select from.
const BASE: &str = include_str!("facts/base.sql");

/// One query per kind or family of kinds. The first names the columns.
const QUERIES: [&str; 15] = [
    include_str!("facts/schema.sql"),
    include_str!("facts/relation.sql"),
    include_str!("facts/sequence.sql"),
    include_str!("facts/column.sql"),
    include_str!("facts/constraint.sql"),
    include_str!("facts/index.sql"),
    include_str!("facts/trigger.sql"),
    include_str!("facts/routine.sql"),
    include_str!("facts/type.sql"),
    include_str!("facts/other.sql"),
    include_str!("facts/publication.sql"),
    include_str!("facts/comment.sql"),
    include_str!("facts/privileges.sql"),
    include_str!("facts/default_privileges.sql"),
    include_str!("facts/setting.sql"),
];

/// Settings that decide how the server prints definitions, and `jit`, which costs more than it gains here.
///
/// Naming `pg_temp` last keeps temporary objects from shadowing the catalogs.
const SETTINGS: [(&str, &str); 9] = [
    ("search_path", "pg_catalog, pg_temp"),
    ("jit", "off"),
    ("quote_all_identifiers", "off"),
    ("datestyle", "ISO, YMD"),
    ("intervalstyle", "postgres"),
    ("timezone", "UTC"),
    ("extra_float_digits", "1"),
    ("bytea_output", "hex"),
    ("xmloption", "content"),
];

/// The facts of the current database, in one round trip and one snapshot.
///
/// Works inside and outside a transaction and leaves the session's settings as they were, also when it fails or is
/// cancelled. What belongs to an extension, an owner's name and a sequence's value are not among the facts.
pub async fn facts(connection: &mut sqlx::PgConnection, scope: &Scope<'_>) -> Result<Facts, sqlx::Error> {
    // Servers that do not tell their version are poolers and forks; the oldest queries are the safest there.
    let major = connection.server_version_num().unwrap_or(130_000) / 10_000;
    let rows = connection
        .fetch_all(sqlx::raw_sql(AssertSqlSafe(script(major, scope))))
        .await?;
    of_rows(&rows)
}

/// The facts of the rows that have columns.
fn of_rows(rows: &[sqlx::postgres::PgRow]) -> Result<Facts, sqlx::Error> {
    let facts = rows.iter().filter(|row| !row.is_empty()).map(|row| {
        let fact = Fact::new(
            row.try_get::<String, _>("kind")?,
            row.try_get::<String, _>("identity")?,
            row.try_get::<String, _>("definition")?,
        )
        .of(row.try_get::<String, _>("object")?);
        let position = row
            .try_get::<Option<i32>, _>("position")?
            .and_then(|position| u32::try_from(position).ok());
        Ok(match position {
            Some(position) => fact.at(position),
            None => fact,
        })
    });
    Ok(Facts::new(facts.collect::<Result<_, sqlx::Error>>()?))
}

/// [`facts`] on a connection that is used for nothing else: its settings stay, and the server plans the query once,
/// which takes longer than running it.
#[doc(hidden)]
pub async fn facts_again(
    connection: &mut sqlx::PgConnection,
    scope: &Scope<'_>,
) -> Result<Facts, sqlx::Error> {
    let major = connection.server_version_num().unwrap_or(130_000) / 10_000;
    let settings: Vec<String> = SETTINGS
        .iter()
        .map(|(name, value)| {
            format!(
                "select pg_catalog.set_config('{name}', {}, false)",
                literal(value)
            )
        })
        .collect();
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(settings.join("; "))))
        .await?;
    let rows = connection
        .fetch_all(sqlx::query(AssertSqlSafe(query(major, scope))))
        .await?;
    of_rows(&rows)
}

/// The statements that set the session up, read the facts and put the session back.
///
/// They are sent as one message, which outside a transaction is one implicit transaction: the settings are local to
/// it. Inside a transaction they would stay until its end, so their values are kept in settings of our own and put
/// back. Each statement is analysed after the ones before it ran, so the query sees the new `search_path`.
fn script(major: u32, scope: &Scope<'_>) -> String {
    // Each of the three is a statement of its own, because within one nothing says what runs first.
    let save = SETTINGS.map(|(name, _)| set(&format!("migrate_saved.{name}"), &current(name)));
    let change = SETTINGS.map(|(name, value)| set(name, &literal(value)));
    let restore = SETTINGS.map(|(name, _)| set(name, &current(&format!("migrate_saved.{name}"))));
    let query = query(major, scope);
    format!(
        "{};\n{};\n{query};\n{};",
        without_columns(&save),
        without_columns(&change),
        without_columns(&restore)
    )
}

/// A statement that runs these calls and answers with a row of no columns, which is how the reader tells it apart.
fn without_columns(calls: &[String]) -> String {
    let calls: Vec<String> = calls
        .iter()
        .zip(1..)
        .map(|(call, number)| format!("{call} as call_{number}"))
        .collect();
    format!("select from {}", calls.join(", "))
}

/// The call that sets a setting until the end of the transaction.
fn set(name: &str, value: &str) -> String {
    format!("pg_catalog.set_config('{name}', {value}, true)")
}

/// The call that reads a setting.
fn current(name: &str) -> String {
    format!("pg_catalog.current_setting('{name}')")
}

/// The query for all facts in scope. PostgreSQL pushes the condition on names down into each part.
fn query(major: u32, scope: &Scope<'_>) -> String {
    let base = for_version(BASE, major).replace(":prefix", &literal(scope.exclude_prefix));
    let queries = QUERIES.map(|query| for_version(query, major)).join("union all\n");
    let condition = match scope.names {
        None => "true".to_owned(),
        Some(names) => {
            let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
            let names = format!("array[{}]::text[]", names.join(", "));
            format!("name = any({names}) or relation = any({names})")
        }
    };
    format!(
        "with\n{base}select kind, object, identity, definition, position from (\n{queries}) fact\nwhere {condition}"
    )
}

/// Keeps the lines that hold for a major version. The others end in `-- since N` or `-- before N`.
fn for_version(query: &str, major: u32) -> String {
    let holds = |line: &&str| {
        let Some((_, comment)) = line.split_once("  -- ") else {
            return true;
        };
        let words: Vec<&str> = comment.split(' ').collect();
        words.chunks(2).all(|pair| {
            match (pair[0], pair.get(1).and_then(|number| number.parse::<u32>().ok())) {
                ("since", Some(first)) => major >= first,
                ("before", Some(end)) => major < end,
                _ => true,
            }
        })
    };
    query
        .lines()
        .filter(holds)
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// A string literal that reads the same whatever `standard_conforming_strings` says.
///
/// A bound value would need the extended protocol, which takes one statement and two round trips at a time.
fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::{for_version, literal, query};
    use crate::facts::Scope;

    #[test]
    fn lines_are_kept_by_version() {
        let text = "a\n  b,  -- since 15 before 17\n  c,  -- since 17\n-- a comment since 99\n";
        assert_eq!(for_version(text, 13), "a\n-- a comment since 99\n");
        assert_eq!(
            for_version(text, 16),
            "a\n  b,  -- since 15 before 17\n-- a comment since 99\n"
        );
        assert_eq!(
            for_version(text, 17),
            "a\n  c,  -- since 17\n-- a comment since 99\n"
        );
    }

    #[test]
    fn names_are_quoted() {
        assert_eq!(literal(r"it's a \ here"), r"E'it''s a \\ here'");
        let names = ["x') or ('a' = 'a".to_owned()];
        let query = query(
            18,
            &Scope {
                exclude_prefix: "a'b",
                names: Some(&names),
            },
        );
        assert!(query.contains("array[E'x'') or (''a'' = ''a']::text[]"));
        assert!(query.contains("starts_with(c.name, E'a''b')"));
    }
}
