//! What one writes and another one, who does not know of it, puts back.

use super::{Contents, TableContents};
use crate::structure::Tables;

/// Two writes, one after the other, by the columns that their statements name.
pub(crate) struct Named<F, G> {
    /// Whether the first one names it.
    pub(crate) first: F,
    /// Whether the second one does.
    pub(crate) second: G,
}

impl Contents {
    /// A column that the first write gave another value, and that has again after the second what it had before the first:
    /// though the second does not name it, and changed nothing in what it does name. In words.
    pub(crate) fn undone(
        &self,
        (first, second): (&Contents, &Contents),
        tables: &Tables,
        named: &Named<impl Fn(&str) -> bool, impl Fn(&str) -> bool>,
    ) -> Option<String> {
        self.0.iter().find_map(|(name, before)| {
            let (first, second) = (first.0.get(name)?, second.0.get(name)?);
            let theirs: Vec<&str> = before.names().filter(|column| (named.second)(column)).collect();
            let unique = &tables.get(name)?.unique;
            // A row that is replaced may have got another number; what the statement names of it tells that it is the same.
            let given = |key: &&Vec<String>| key.iter().all(|column| theirs.contains(&column.as_str()));
            let key = unique.iter().find(given).or(unique.first())?;
            if theirs.is_empty() {
                return None;
            }
            let keys = |table: &TableContents| {
                key.iter()
                    .map(|name| table.place_of(name))
                    .collect::<Option<Vec<_>>>()
            };
            let (key, columns) = (keys(before)?, 0..before.columns.len());
            first.rows.iter().find_map(|written| {
                let same = |row: &&Vec<String>| key.iter().all(|index| row[*index] == written[*index]);
                let old = before.rows.iter().find(same)?;
                let now = second.rows.iter().find(same)?;
                let column = |index: usize| before.columns[index].0.as_str();
                let knows = |index: usize| theirs.contains(&column(index));
                if columns
                    .clone()
                    .any(|index| knows(index) && written[index] != now[index])
                {
                    return None;
                }
                let is_undone = |index: &usize| {
                    !knows(*index)
                        && (named.first)(column(*index))
                        && old[*index] == now[*index]
                        && old[*index] != written[*index]
                };
                let index = columns.clone().find(is_undone)?;
                let row: Vec<String> = key
                    .iter()
                    .map(|index| format!("{} {}", column(*index), written[*index]))
                    .collect();
                Some(format!(
                    "{name}, {}: {} was {}, the first made it {}, and the second {} again",
                    row.join(", "),
                    column(index),
                    old[index],
                    written[index],
                    now[index]
                ))
            })
        })
    }
}

impl TableContents {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure::Table;

    #[test]
    fn only_what_the_second_does_not_name_is_undone() {
        let contents = |rows: &[[&str; 4]]| {
            let owned = |text: &str| text.to_owned();
            let table = TableContents {
                columns: ["id", "name", "value", "note"]
                    .map(|name| (owned(name), "text".to_owned()))
                    .into(),
                key: vec!["id".to_owned()],
                rows: rows.iter().map(|row| row.map(owned).into()).collect(),
            };
            Contents([("settings".to_owned(), table)].into())
        };
        let table = Table {
            unique: vec![vec!["id".to_owned()], vec!["name".to_owned()]],
            ..Table::default()
        };
        let tables: Tables = [("settings".to_owned(), table)].into();
        let named = |second: &'static [&'static str]| Named {
            first: |column: &str| ["name", "note"].contains(&column),
            second: move |column: &str| second.contains(&column),
        };
        let before = contents(&[["1", "'a'", "'v'", "NULL"]]);
        let written = contents(&[["1", "'a'", "'v'", "'n'"]]);
        let replaced = contents(&[["2", "'a'", "'v'", "NULL"]]);
        let check = |second: &Contents, names: &'static [&'static str]| {
            before.undone((&written, second), &tables, &named(names))
        };
        assert_eq!(
            check(&replaced, &["name", "value"]).unwrap(),
            "settings, name 'a': note was NULL, the first made it 'n', and the second NULL again"
        );
        assert_eq!(check(&written, &["name", "value"]), None);
        // It wrote the column itself, or something from which the column follows.
        assert_eq!(check(&replaced, &["name", "note"]), None);
        let other = contents(&[["1", "'a'", "'w'", "NULL"]]);
        assert_eq!(check(&other, &["name", "value"]), None);
        let gone = contents(&[]);
        assert_eq!(check(&gone, &["name", "value"]), None);
        assert_eq!(check(&before, &[]), None);
    }
}
