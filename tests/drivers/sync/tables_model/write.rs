//! Writes at random: each as SQL, and as what it does to the model.

use migrate_core::Dialect;

use super::super::model::{Random, TEXTS, Value};
use super::Case;
use super::model::{Fields, Model, Refused, TABLES};

fn literal(value: &Value) -> String {
    match value {
        None => "NULL".to_owned(),
        Some(text) => format!("'{text}'"),
    }
}

/// Makes a write, changes the model by it, and gives its SQL.
pub(super) fn write(
    random: &mut Random,
    case: &Case,
    model: &mut Model,
    dialect: Dialect,
    deletes: bool,
) -> (String, Result<(), Refused>) {
    let table = random.below(2);
    let (name, key, columns) = TABLES[table];
    let value = |random: &mut Random| match random.below(3) {
        0 => None,
        _ => Some(TEXTS[random.below(TEXTS.len())].to_owned()),
    };
    let id = random.below(8) as i64;
    let given: Vec<(usize, Value)> = {
        let share = 1 + random.below(3);
        let mut given = Vec::new();
        for column in 0..3 {
            if random.below(share) == 0 {
                given.push((column, value(random)));
            }
        }
        given
    };
    let full = |given: &[(usize, Value)]| {
        let mut row = Fields::default();
        for (column, value) in given {
            row[*column] = value.clone();
        }
        row
    };
    let insert = |verb: &str, rows: &[(i64, Vec<(usize, Value)>)]| {
        let names: Vec<&str> = rows[0].1.iter().map(|(column, _)| columns[*column]).collect();
        let tuples = rows.iter().map(|(id, given)| {
            let values = given.iter().map(|(_, value)| literal(value)).collect();
            format!("({})", [vec![id.to_string()], values].concat().join(", "))
        });
        format!(
            "{verb} INTO {name} ({}) VALUES {}",
            [vec![key], names].concat().join(", "),
            tuples.collect::<Vec<_>>().join(", ")
        )
    };
    let sets: Vec<String> = given
        .iter()
        .map(|(column, value)| format!("{} = {}", columns[*column], literal(value)))
        .collect();
    let change = |row: &Fields| {
        let mut row = row.clone();
        for (column, value) in &given {
            row[*column] = value.clone();
        }
        row
    };
    let there = model.0[table].contains_key(&id);
    match random.below(9) {
        0 | 1 => {
            let ids: Vec<i64> = (0..8)
                .filter(|id| !model.0[table].contains_key(id))
                .take(2)
                .collect();
            if ids.is_empty() {
                for id in 0..8 {
                    model.0[table].remove(&id);
                    model.deleted(case, table, id);
                }
                return (format!("DELETE FROM {name} WHERE {key} < 8"), Ok(()));
            }
            // Both rows are there before the trigger of the first fires, or not: each has its own key.
            let rows: Vec<_> = ids
                .iter()
                .map(|id| {
                    let given: Vec<_> = given.iter().map(|(column, _)| (*column, value(random))).collect();
                    (*id, given)
                })
                .collect();
            let mut result = Ok(());
            for (id, given) in &rows {
                model.0[table].insert(*id, full(given));
                result = result.and(model.inserted(case, table, *id));
            }
            (insert("INSERT", &rows), result)
        }
        2 => {
            let sql = match dialect {
                Dialect::Postgres => {
                    format!(
                        "{} ON CONFLICT DO NOTHING",
                        insert("INSERT", &[(id, given.clone())])
                    )
                }
                Dialect::Sqlite => insert("INSERT OR IGNORE", &[(id, given.clone())]),
                _ => insert("INSERT IGNORE", &[(id, given.clone())]),
            };
            if there {
                return (sql, Ok(()));
            }
            // There, IGNORE holds for foreign keys as well.
            let ignored = matches!(dialect, Dialect::Mysql | Dialect::MariaDb) && case.foreign_key;
            if ignored && table == 1 && !model.0[0].contains_key(&id) {
                return (sql, Ok(()));
            }
            model.0[table].insert(id, full(&given));
            (sql, model.inserted(case, table, id))
        }
        3 if dialect != Dialect::Postgres => {
            let foreign_key = case.foreign_key && table == 0;
            if there && (deletes || foreign_key) {
                model.0[table].remove(&id);
                model.deleted(case, table, id);
            }
            model.0[table].insert(id, full(&given));
            let result = model.inserted(case, table, id);
            (insert("REPLACE", &[(id, given)]), result)
        }
        4 if !given.is_empty() => {
            let head = insert("INSERT", &[(id, given.clone())]);
            let taken = |from: &dyn Fn(&str) -> String| {
                let sets = given.iter().map(|(column, _)| columns[*column]);
                let sets: Vec<String> = sets
                    .map(|column| format!("{column} = {}", from(column)))
                    .collect();
                sets.join(", ")
            };
            let sql = match dialect {
                Dialect::Postgres | Dialect::Sqlite => format!(
                    "{head} ON CONFLICT ({key}) DO UPDATE SET {}",
                    taken(&|column| format!("excluded.{column}"))
                ),
                _ => format!(
                    "{head} ON DUPLICATE KEY UPDATE {}",
                    taken(&|column| format!("VALUES({column})"))
                ),
            };
            let before = model.0[table].get(&id).cloned();
            let result = match before {
                Some(before) => {
                    model.0[table].insert(id, change(&before));
                    model.updated(case, table, (id, &before), id)
                }
                None => {
                    model.0[table].insert(id, full(&given));
                    model.inserted(case, table, id)
                }
            };
            (sql, result)
        }
        // The key moves, with a write or without one, away or to another whole.
        5 | 6 => {
            let to = match random.below(2) {
                0 => 100 + id,
                _ => random.below(8) as i64,
            };
            let sql = format!(
                "UPDATE {name} SET {} WHERE {key} = {id}",
                [vec![format!("{key} = {to}")], sets].concat().join(", ")
            );
            // A foreign key allows no part without its whole, whichever way it got there.
            let Some(before) = model.0[table].get(&id).cloned() else {
                return (sql, Ok(()));
            };
            if to != id && model.0[table].contains_key(&to) {
                return (sql, Err(Refused));
            }
            model.0[table].remove(&id);
            model.0[table].insert(to, change(&before));
            (sql, model.updated(case, table, (id, &before), to))
        }
        7 => {
            let id = if random.below(2) == 0 { id } else { 100 + id };
            if model.0[table].remove(&id).is_some() {
                model.deleted(case, table, id);
            }
            (format!("DELETE FROM {name} WHERE {key} = {id}"), Ok(()))
        }
        _ if !given.is_empty() => {
            let mut result = Ok(());
            let ids: Vec<i64> = model.0[table].range(..=id).map(|(id, _)| *id).collect();
            for id in ids {
                let before = model.0[table][&id].clone();
                model.0[table].insert(id, change(&before));
                result = result.and(model.updated(case, table, (id, &before), id));
            }
            (
                format!("UPDATE {name} SET {} WHERE {key} <= {id}", sets.join(", ")),
                result,
            )
        }
        _ => (format!("DELETE FROM {name} WHERE {key} < 0"), Ok(())),
    }
}
