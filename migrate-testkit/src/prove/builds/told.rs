//! What is said of a query that breaks.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use sqlx::error::ErrorKind;

use super::check::{Step, Traveller, Walk};
use super::query::Query;
use crate::database::TestKind;
use crate::link::{Nulls, Shape};
use crate::prove::finding::Finding;

impl<K: TestKind> Walk<'_, K> {
    pub(super) fn told(&mut self, index: usize, step: Step<'_>, what: &str, seen: &str, help: &str) {
        let Traveller { build, query, .. } = &self.travellers[index];
        let name = &self.builds[*build].name;
        let title = format!("{} of build {name} {what} {}", query.name, after(step));
        let help = match step {
            Some(_) => help,
            None => {
                "this is its own schema: say which migration the build is at, or give the query values that it takes"
            }
        };
        let finding = place(Finding::new(title, help), step, (&query.sql, seen))
            .body(&query.sql)
            .body(format!("=> {seen}"));
        self.findings.push(finding.client(self.chain.client()));
    }
}

pub(super) fn after(step: Step<'_>) -> String {
    match step {
        Some((migration, _)) => format!("after {migration}"),
        None => "on the schema of its own release".to_owned(),
    }
}

/// How much of what a migration changed is shown beside a query that breaks.
const CHANGES: usize = 6;

pub(super) fn place(finding: Finding, step: Step<'_>, failed: (&str, &str)) -> Finding {
    match step {
        Some((migration, changes)) => {
            let finding = finding.at(&migration.up);
            if changes.is_empty() {
                return finding;
            }
            finding.body(format!(
                "the migration {}",
                concerning(changes, failed).join("\n              ")
            ))
        }
        None => finding,
    }
}

/// The changes that the query and, above all, what the database says of it name most of. A migration may change a hundred
/// things, and one of them broke it.
fn concerning(changes: &[String], (query, seen): (&str, &str)) -> Vec<String> {
    let words = |text: &str| {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.map(str::to_lowercase).collect::<BTreeSet<_>>()
    };
    let (query, seen) = (words(query), words(seen));
    // A change reads `removes column public.users.nick: …`; of names without a schema the first part is the table.
    let named = |change: &&String| {
        let identity = change.split([' ', ':']).nth(2).unwrap_or_default();
        let parts = words(identity);
        let known = parts.iter().filter(|part| *part != "public");
        let weight = |part: &String| usize::from(query.contains(part)) + 4 * usize::from(seen.contains(part));
        (
            Reverse(known.map(weight).sum::<usize>()),
            !change.starts_with("removes"),
        )
    };
    let mut sorted: Vec<&String> = changes.iter().collect();
    sorted.sort_by_key(named);
    let most = sorted.first().map(|change| named(change).0);
    let about = sorted.iter().take_while(|change| Some(named(change).0) == most);
    let mut shown: Vec<String> = about.take(CHANGES).map(|change| (*change).clone()).collect();
    if shown.len() < changes.len() {
        shown.push(format!("and {} more", changes.len() - shown.len()));
    }
    shown
}

/// Whether other values might be taken.
pub(super) fn is_about_values(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else {
        return false;
    };
    // Class 22 is what is wrong with data: too long, out of range, no such literal.
    let is_data = error
        .code()
        .is_some_and(|code| code.len() == 5 && code.starts_with("22"));
    let kinds = [
        ErrorKind::UniqueViolation,
        ErrorKind::ForeignKeyViolation,
        ErrorKind::CheckViolation,
    ];
    is_data || kinds.iter().any(|kind| *kind == error.kind())
}

pub(super) fn why(error: &sqlx::Error) -> &'static str {
    match error.as_database_error().map(sqlx::error::DatabaseError::kind) {
        Some(ErrorKind::NotNullViolation) => {
            "that build does not know the column: give it a default, or make it NOT NULL in a contract, once that build is gone"
        }
        Some(ErrorKind::UniqueViolation | ErrorKind::CheckViolation | ErrorKind::ForeignKeyViolation) => {
            "that build writes what the new constraint refuses: add it in a contract, once that build is gone"
        }
        _ => {
            "keep what that build uses, and remove it in a contract of a later release, once that build is gone"
        }
    }
}

/// The columns that the build knows have to be the first ones, of types that it reads in the same way.
pub(super) fn columns_differ(first: &Shape, now: &Shape) -> Option<String> {
    const TEXTS: [&str; 9] = [
        "char",
        "varchar",
        "text",
        "bpchar",
        "name",
        "citext",
        "tinytext",
        "mediumtext",
        "longtext",
    ];
    // SQLite tells the type of the value where the column has none.
    let same_type = |a: &str, b: &str| {
        let is_text = |name: &str| TEXTS.contains(&name.to_lowercase().as_str());
        a == b || a == "NULL" || b == "NULL" || (is_text(a) && is_text(b))
    };
    let mut differences = Vec::new();
    for (at, (name, of)) in first.columns.iter().enumerate() {
        match now.columns.get(at) {
            Some((now, now_of)) if now == name && same_type(of, now_of) => {}
            Some((now, now_of)) => differences.push(format!("{now} {now_of}, where it was {name} {of}")),
            None => differences.push(format!("nothing, where it was {name} {of}")),
        }
    }
    let more = differences.len().saturating_sub(COLUMNS);
    differences.truncate(COLUMNS);
    if more > 0 {
        differences.push(format!("and {more} more"));
    }
    (!differences.is_empty()).then(|| differences.join("; "))
}

/// How many columns are shown that are not as they were.
const COLUMNS: usize = 6;

pub(super) fn unexpected_null(query: &Query, shape: &Shape, nulls: &Nulls) -> Option<String> {
    let found = |row: &Vec<bool>| {
        let mut both = row.iter().zip(&query.never_null);
        both.position(|(is_null, never)| *is_null && *never)
    };
    let column = nulls.iter().find_map(found)?;
    let name = shape.columns.get(column).map_or("a column", |(name, _)| name);
    Some(format!("`{name}` is NULL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_what_the_build_reads() {
        let shape = |columns: &[(&str, &str)]| Shape {
            columns: columns
                .iter()
                .map(|(name, of)| ((*name).to_owned(), (*of).to_owned()))
                .collect(),
            parameters: Vec::new(),
        };
        let first = shape(&[("id", "INT4"), ("name", "VARCHAR")]);
        let check = |now: &[(&str, &str)]| columns_differ(&first, &shape(now));
        assert_eq!(check(&[("id", "INT4"), ("name", "TEXT"), ("new", "INT4")]), None);
        assert_eq!(
            check(&[("id", "INT8"), ("name", "BYTEA")]).unwrap(),
            "id INT8, where it was id INT4; name BYTEA, where it was name VARCHAR"
        );
        assert_eq!(
            check(&[("id", "INT4")]).unwrap(),
            "nothing, where it was name VARCHAR"
        );
    }

    #[test]
    fn what_the_query_names_is_shown() {
        let changes = [
            "removes column attempts.id",
            "removes column attempts.repo",
            "removes column runs.attempt_id",
            "adds table public.other",
        ]
        .map(str::to_owned);
        let check = |query: &str, seen: &str, shown: &[&str]| {
            assert_eq!(concerning(&changes, (query, seen)), shown, "{query}");
        };
        check(
            "SELECT a.id, r.attempt_id FROM runs r, attempts a",
            "no such column: r.attempt_id",
            &["removes column runs.attempt_id", "and 3 more"],
        );
        check("TABLE other", "", &["adds table public.other", "and 3 more"]);
        check("SELECT 1", "", &changes.each_ref().map(String::as_str));
    }
}
