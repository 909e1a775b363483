//! Which writes may matter to each other, and values with which they do.

use std::collections::BTreeSet;

use super::check::words;
use super::query::Query;
use super::target::{Target, Targets, targets};
use crate::link::Value;
use crate::structure::Tables;

fn last(table: &str) -> String {
    let last = table.rsplit('.').next().unwrap_or(table);
    last.trim_matches(['"', '`']).to_lowercase()
}

fn named(query: &Query) -> BTreeSet<String> {
    targets(&query.sql)
        .tables
        .iter()
        .map(|table| table.to_lowercase())
        .collect()
}

/// The tables that both name.
pub(super) fn shared(a: &Query, b: &Query, tables: &Tables) -> Tables {
    let (a, b) = (named(a), named(b));
    let both = tables
        .iter()
        .filter(|(name, _)| a.contains(&last(name)) && b.contains(&last(name)));
    both.map(|(name, table)| (name.clone(), table.clone())).collect()
}

/// Whether what one writes may matter to the other: they name the same table, or tables of which one refers to the other or
/// that a trigger may tie together.
pub(super) fn are_near(a: &Query, b: &Query, tables: &Tables, groups: &[BTreeSet<String>]) -> bool {
    let (a, b) = (named(a), named(b));
    let refers = |from: &BTreeSet<String>, to: &BTreeSet<String>| {
        let mut from = tables.iter().filter(|(name, _)| from.contains(&last(name)));
        from.any(|(_, table)| table.references.iter().any(|one| to.contains(&last(&one.table))))
    };
    let both_in = |group: &BTreeSet<String>| !a.is_disjoint(group) && !b.is_disjoint(group);
    !a.is_disjoint(&b) || refers(&a, &b) || refers(&b, &a) || groups.iter().any(both_in)
}

/// Gives a query the values of another one where that makes both meet in a row: what a column is compared with, and the
/// keys of a row that may be there already.
pub(super) fn meet(
    made: &mut [Value],
    query: &Query,
    (other, given): (&Query, &[Vec<Value>]),
    tables: &Tables,
) {
    let (own, theirs) = (targets(&query.sql), targets(&other.sql));
    let Some(given) = given
        .first()
        .filter(|_| own.tables.iter().any(|table| theirs.tables.contains(table)))
    else {
        return;
    };
    let replaces = words([&*query.sql].into_iter());
    let replaces = ["conflict", "duplicate", "replace"]
        .iter()
        .any(|word| replaces.contains(*word));
    for (value, target) in made.iter_mut().zip(&own.parameters) {
        let column = match target {
            Target::Compared(column) => column,
            Target::Inserted { table, column, .. } if replaces && is_key(tables, table, column) => column,
            _ => continue,
        };
        if let Some(found) = value_of(&theirs, given, column) {
            *value = found.clone();
        }
    }
}

fn is_key(tables: &Tables, table: &str, column: &str) -> bool {
    let mut fits = tables
        .iter()
        .filter(|(name, _)| last(name) == table.to_lowercase());
    let is_it = |name: &String| name.eq_ignore_ascii_case(column);
    fits.any(|(_, table)| table.unique.iter().flatten().any(is_it))
}

fn value_of<'v>(targets: &Targets, values: &'v [Value], wanted: &str) -> Option<&'v Value> {
    let mut pairs = targets.parameters.iter().zip(values);
    pairs.find_map(|(target, value)| match target {
        Target::Inserted { column, .. } | Target::Compared(column) if column.eq_ignore_ascii_case(wanted) => {
            Some(value)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::{Reference, Table};

    fn tables() -> Tables {
        let reference = Reference {
            columns: vec!["author".to_owned()],
            table: "users".to_owned(),
            foreign: vec!["id".to_owned()],
        };
        let notes = Table {
            references: vec![reference],
            ..Table::default()
        };
        let users = Table {
            unique: vec![vec!["id".to_owned()]],
            ..Table::default()
        };
        [
            ("notes", notes),
            ("public.users", users),
            ("other", Table::default()),
        ]
        .map(|(name, table)| (name.to_owned(), table))
        .into()
    }

    #[test]
    fn near_is_what_shares_a_table_a_reference_or_a_trigger() {
        let tables = tables();
        let query = |sql: &str| Query::new("", sql);
        let (users, notes, other) = (
            query("DELETE FROM users"),
            query("INSERT INTO notes (author) VALUES (1)"),
            query("UPDATE other SET a = 1"),
        );
        let near = |a: &Query, b: &Query| are_near(a, b, &tables, &[]);
        assert!(near(&users, &users) && near(&users, &notes) && near(&notes, &users));
        assert!(!near(&users, &other));
        let group = ["users", "other"].map(str::to_owned).into();
        assert!(are_near(&users, &other, &tables, &[group]));
    }

    #[test]
    fn writes_meet_in_a_row() {
        let tables = tables();
        let number = Value::Integer;
        let check = |sql: &str, other: &str, met: [i64; 2]| {
            let mut made = [number(1), number(2)];
            let given = [vec![number(8), number(9)]];
            meet(
                &mut made,
                &Query::new("", sql),
                (&Query::new("", other), &given),
                &tables,
            );
            assert_eq!(made, met.map(number), "{sql}");
        };
        let insert = "INSERT INTO users (id, name) VALUES (?, ?)";
        check("UPDATE users SET name = ? WHERE id = ?", insert, [1, 8]);
        check("UPDATE other SET name = ? WHERE id = ?", insert, [1, 2]);
        check(insert, insert, [1, 2]);
        check("REPLACE INTO users (id, name) VALUES (?, ?)", insert, [8, 2]);
    }
}
