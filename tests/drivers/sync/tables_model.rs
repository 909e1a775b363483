//! Random writes to two tables that triggers pair, each applied to the database and to a model.
//!
//! The model has no echo: a write to one table changes the other one once, and that is all.

use std::collections::BTreeMap;

use migrate_core::Dialect;

use super::model::{Random, TEXTS, Value};
use crate::kind::Kind;

crate::on_every_database! {
    splits_leave_what_the_model_has
    merges_leave_what_the_model_has
    copies_leave_what_the_model_has
    one_way_leaves_what_the_model_has
    many_values_that_are_one_leave_what_the_model_has
    foreign_keys_leave_what_the_model_has
}

mod sqlite_recursive {
    #[test]
    fn writes_leave_what_the_model_has() {
        crate::run(async {
            for case in &super::CASES {
                let prefix = "PRAGMA recursive_triggers = ON; ";
                super::walk::<migrate_testkit::SqliteDatabase>(case, prefix).await;
            }
        });
    }
}

type Convert = fn(&str) -> String;

#[derive(Clone, Copy, PartialEq)]
enum Row {
    Whole,
    Part,
    Same,
}

/// A sync of `o` and `n`, as the file has it and as the model does.
struct Case {
    sync: &'static str,
    /// What a row of the old table is to the new one, and the other way round; `None` where nothing fires.
    rows: [Option<Row>; 2],
    /// How many columns a side has.
    width: usize,
    there: Convert,
    back: Convert,
    /// Whether several values may be one, so that a row is consistent in two ways.
    lossy: bool,
    foreign_key: bool,
}

fn copy(text: &str) -> String {
    text.to_owned()
}

const SPLIT: Case = Case {
    sync: "o.(a, b) <-> n.(x, y) on (o.id = n.oid)",
    rows: [Some(Row::Whole), Some(Row::Part)],
    width: 2,
    there: copy,
    back: copy,
    lossy: false,
    foreign_key: false,
};

const CASES: [Case; 7] = [
    SPLIT,
    Case {
        sync: "o.(a, b) <-> n.(x, y) on (n.oid = o.id) rows (o)",
        rows: [Some(Row::Part), Some(Row::Whole)],
        ..SPLIT
    },
    Case {
        sync: "o.(a, b) <-> n.(x, y) on (o.id = n.oid) rows (o, n)",
        rows: [Some(Row::Same), Some(Row::Same)],
        ..SPLIT
    },
    Case {
        sync: "o.a -> n.x using (upper(a)) on (o.id = n.oid)",
        rows: [Some(Row::Whole), None],
        width: 1,
        there: |text| text.to_ascii_uppercase(),
        ..SPLIT
    },
    Case {
        sync: "o.a <-> n.x using (upper(o.a)) <- using (lower(x)) on (o.id = n.oid)",
        width: 1,
        there: |text| text.to_ascii_uppercase(),
        back: |text| text.to_ascii_lowercase(),
        lossy: true,
        ..SPLIT
    },
    Case {
        foreign_key: true,
        ..SPLIT
    },
    Case {
        sync: "o.(a, b) -> n.(x, y) on (o.id = n.oid) rows (o)",
        rows: [Some(Row::Part), None],
        ..SPLIT
    },
];

async fn splits_leave_what_the_model_has<K: Kind>() {
    walk::<K>(&CASES[0], "").await;
}

async fn merges_leave_what_the_model_has<K: Kind>() {
    walk::<K>(&CASES[1], "").await;
    walk::<K>(&CASES[6], "").await;
}

async fn copies_leave_what_the_model_has<K: Kind>() {
    walk::<K>(&CASES[2], "").await;
}

async fn one_way_leaves_what_the_model_has<K: Kind>() {
    walk::<K>(&CASES[3], "").await;
}

async fn many_values_that_are_one_leave_what_the_model_has<K: Kind>() {
    walk::<K>(&CASES[4], "").await;
}

async fn foreign_keys_leave_what_the_model_has<K: Kind>() {
    walk::<K>(&CASES[5], "").await;
}

/// The columns of a row beside its key; the last one belongs to no side.
type Fields = [Value; 3];

const TABLES: [(&str, &str, [&str; 3]); 2] =
    [("o", "id", ["a", "b", "note"]), ("n", "oid", ["x", "y", "note"])];

/// The two tables.
#[derive(Clone, Default)]
struct Model([BTreeMap<i64, Fields>; 2]);

/// The statement fails.
struct Refused;

impl Model {
    /// Whether the rows are consistent, and what the side of the other table should be.
    fn wanted(&self, case: &Case, table: usize, side: &[Value], there: &[Value]) -> Option<Vec<Value>> {
        let convert = |side: &[Value], by: Convert| -> Vec<Value> {
            side.iter().map(|value| value.as_deref().map(by)).collect()
        };
        let (by, back) = if table == 0 {
            (case.there, case.back)
        } else {
            (case.back, case.there)
        };
        let wanted = convert(side, by);
        let consistent = wanted == there || case.lossy && convert(there, back) == side;
        (!consistent).then_some(wanted)
    }

    fn set_there(&mut self, case: &Case, table: usize, id: i64) {
        let side = self.0[table][&id][..case.width].to_vec();
        let there = self.0[1 - table][&id][..case.width].to_vec();
        if let Some(wanted) = self.wanted(case, table, &side, &there)
            && let Some(row) = self.0[1 - table].get_mut(&id)
        {
            row[..case.width].clone_from_slice(&wanted);
        }
    }

    /// After a row of that table was inserted.
    fn inserted(&mut self, case: &Case, table: usize, id: i64) -> Result<(), Refused> {
        let Some(kind) = case.rows[table] else {
            return Ok(());
        };
        let other = 1 - table;
        if !self.0[other].contains_key(&id) {
            let nothing = self.0[table][&id][..case.width].iter().all(Option::is_none);
            match kind {
                Row::Part => return Err(Refused),
                Row::Whole if nothing => return Ok(()),
                Row::Whole | Row::Same => {
                    self.0[other].insert(id, Fields::default());
                    let side = self.0[table][&id][..case.width].to_vec();
                    // A row that is made gets its values, consistent or not.
                    let lossless = Case {
                        lossy: false,
                        ..*case
                    };
                    let nothing = vec![None; case.width];
                    let wanted = self.wanted(&lossless, table, &side, &nothing).unwrap_or(nothing);
                    let row = self.0[other].entry(id).or_default();
                    row[..case.width].clone_from_slice(&wanted);
                }
            }
        }
        self.set_there(case, table, id);
        Ok(())
    }

    fn updated(&mut self, case: &Case, table: usize, before: (i64, &Fields), id: i64) -> Result<(), Refused> {
        let Some(kind) = case.rows[table] else {
            return Ok(());
        };
        let other = 1 - table;
        let same_side = before.1[..case.width] == self.0[table][&id][..case.width];
        if before.0 == id && same_side {
            return Ok(());
        }
        if before.0 != id {
            match (kind, self.0[other].get_mut(&before.0)) {
                (_, None) => {}
                (Row::Part, Some(row)) => row[..case.width].fill(None),
                (Row::Whole | Row::Same, Some(row)) => {
                    let row = std::mem::take(row);
                    self.0[other].remove(&before.0);
                    if self.0[other].insert(id, row).is_some() {
                        return Err(Refused);
                    }
                }
            }
        }
        self.inserted(case, table, id)
    }

    fn deleted(&mut self, case: &Case, table: usize, id: i64) {
        match case.rows[table] {
            None => {}
            Some(Row::Part) => {
                if let Some(row) = self.0[1 - table].get_mut(&id) {
                    row[..case.width].fill(None);
                }
            }
            Some(Row::Whole | Row::Same) => {
                self.0[1 - table].remove(&id);
            }
        }
    }

    fn shown(&self) -> String {
        let mut text = String::new();
        for table in &self.0 {
            for (id, row) in table {
                let fields: Vec<&str> = row.iter().map(|value| value.as_deref().unwrap_or("~")).collect();
                text.push_str(&format!("{id}|{};", fields.join("|")));
            }
            text.push('/');
        }
        text
    }
}

fn dump(dialect: Dialect) -> String {
    let table = |(table, key, columns): (&str, &str, [&str; 3])| {
        let kind = if dialect == Dialect::MariaDb {
            "CHAR"
        } else {
            "TEXT"
        };
        let fields: Vec<String> = std::iter::once(key)
            .chain(columns)
            .map(|column| format!("coalesce(CAST({column} AS {kind}), '~')"))
            .collect();
        match dialect {
            Dialect::Postgres => format!(
                "(SELECT coalesce(string_agg({} || ';', '' ORDER BY {key}), '') || '/' FROM {table})",
                fields.join(" || '|' || ")
            ),
            Dialect::Sqlite => format!(
                "(SELECT coalesce(group_concat(line, ''), '') || '/' FROM (SELECT {} || ';' AS line FROM {table} ORDER BY {key}))",
                fields.join(" || '|' || ")
            ),
            _ => format!(
                "(SELECT CONCAT(coalesce(GROUP_CONCAT(CONCAT({}, ';') ORDER BY {key} SEPARATOR ''), ''), '/') FROM {table})",
                fields.join(", '|', ")
            ),
        }
    };
    let [old, new] = TABLES.map(table);
    match dialect {
        Dialect::MariaDb => format!("SELECT CONCAT({old}, {new})"),
        _ => format!("SELECT {old} || {new}"),
    }
}

fn literal(value: &Value) -> String {
    match value {
        None => "NULL".to_owned(),
        Some(text) => format!("'{text}'"),
    }
}

/// Makes a write, changes the model by it, and gives its SQL.
fn write(
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
            let ignored = dialect == Dialect::MariaDb && case.foreign_key;
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

async fn walk<K: Kind>(case: &Case, prefix: &str) {
    let variable = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = variable("SYNC_SEED").unwrap_or(20_260_102);
    let rounds = variable("SYNC_ROUNDS").unwrap_or(400);
    let db = K::create().await;
    let reference = match case.foreign_key {
        true => ", FOREIGN KEY (oid) REFERENCES o (id) ON DELETE CASCADE ON UPDATE CASCADE",
        false => "",
    };
    let create = (
        "20260101000000_create",
        "-- migrate:up\nCREATE TABLE o (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), note VARCHAR(20));\n\
         -- migrate:down\nDROP TABLE o;\n",
    );
    let sync = format!(
        "-- migrate:change c\n-- migrate:sync {}\n-- migrate:up\nCREATE TABLE n (oid INTEGER NOT NULL PRIMARY KEY, \
         x VARCHAR(20), y VARCHAR(20), note VARCHAR(20){reference});\n-- migrate:down\nDROP TABLE n;\n",
        case.sync
    );
    db.migrator(&[create]).run().await.unwrap();
    // Rows from before the triggers have no counterpart until somebody writes to them.
    let parts = case.rows[0] == Some(Row::Part);
    let mut model = Model::default();
    if !parts {
        db.execute("INSERT INTO o (id, a) VALUES (1, 'ada'), (2, 'Bob'), (3, NULL)")
            .await;
        for (id, a) in [(1, Some("ada")), (2, Some("Bob")), (3, None)] {
            model.0[0].insert(id, [a.map(str::to_owned), None, None]);
        }
    }
    db.migrator(&[create, ("20260102000000_sync", &sync)])
        .run()
        .await
        .unwrap();
    let dump = dump(K::DIALECT);
    let deletes = K::DIALECT != Dialect::Sqlite || !prefix.is_empty();
    let mut random = Random(seed | 1);
    for round in 0..rounds {
        let before = model.clone();
        let (sql, result) = write(&mut random, case, &mut model, K::DIALECT, deletes);
        let told = || {
            format!(
                "{}: seed {seed}, round {round}: {sql}\nbefore: {}",
                case.sync,
                before.shown()
            )
        };
        let answer = db.attempt(&format!("{prefix}{sql}")).await;
        match (result, &answer) {
            (Ok(()), Ok(())) => {}
            (Err(Refused), Err(_)) => model = before.clone(),
            (Ok(()), Err(error)) => panic!("{}\n{error}", told()),
            (Err(Refused), Ok(())) => panic!("{}\nnot refused", told()),
        }
        assert_eq!(db.value(&dump).await, model.shown(), "{}", told());
    }
}
