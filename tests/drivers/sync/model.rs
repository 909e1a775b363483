//! Random writes, each applied to the database and to a model of what triggers do, and the tables compared.
//!
//! `SYNC_SEED` and `SYNC_ROUNDS` in the environment make a longer or another run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use migrate_core::Dialect;

use crate::kind::Kind;

crate::on_every_database! {
    random_writes_leave_what_the_model_has
}

mod sqlite_recursive {
    #[test]
    fn random_writes_leave_what_the_model_has() {
        let prefix = "PRAGMA recursive_triggers = ON; ";
        crate::run(super::walk::<migrate_testkit::SqliteDatabase>(prefix));
    }
}

pub(super) type Value = Option<String>;
type Row = BTreeMap<&'static str, Value>;
type Convert = fn(&[Value]) -> Vec<Value>;

/// A pair of sides, and what the expressions of the file compute.
struct Sides {
    old: &'static [&'static str],
    new: &'static [&'static str],
    forward: Convert,
    backward: Option<Convert>,
}

fn copy(values: &[Value]) -> Vec<Value> {
    values.to_vec()
}

fn each(values: &[Value], change: impl Fn(&str) -> String) -> Vec<Value> {
    values.iter().map(|value| value.as_deref().map(&change)).collect()
}

const SIDES: [Sides; 5] = [
    Sides {
        old: &["a"],
        new: &["b"],
        forward: copy,
        backward: Some(copy),
    },
    Sides {
        old: &["c"],
        new: &["d"],
        forward: |values| each(values, |text| (text.parse::<i64>().unwrap() + 100).to_string()),
        backward: Some(|values| each(values, |text| (text.parse::<i64>().unwrap() - 100).to_string())),
    },
    // Many values of one side are one value of the other.
    Sides {
        old: &["e"],
        new: &["f"],
        forward: |values| each(values, |text| text.to_ascii_uppercase()),
        backward: Some(|values| each(values, |text| text.to_ascii_lowercase())),
    },
    // One way, and the other side follows even what is not given.
    Sides {
        old: &["g"],
        new: &["h"],
        forward: |values| vec![Some(values[0].clone().unwrap_or_else(|| "none".to_owned()))],
        backward: None,
    },
    Sides {
        old: &["x", "y"],
        new: &["w", "z"],
        forward: |values| vec![values[1].clone(), values[0].clone()],
        backward: Some(|values| vec![values[1].clone(), values[0].clone()]),
    },
];

const COLUMNS: [&str; 13] = ["a", "b", "c", "d", "e", "f", "g", "h", "x", "y", "w", "z", "note"];
const NUMBERS: [&str; 2] = ["c", "d"];
/// What a careless comparison takes for equal is among them.
pub(super) const TEXTS: [&str; 7] = ["ada", "Ada", "ADA", "ada ", "", "bob", "→"];

const CREATE: (&str, &str) = (
    "20260101000000_create",
    "-- migrate:up\nCREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20), c INTEGER, e VARCHAR(20), g VARCHAR(20), \
     h VARCHAR(20), x VARCHAR(20), y VARCHAR(20), w VARCHAR(20), z VARCHAR(20), note VARCHAR(20));\n\
     -- migrate:down\nDROP TABLE t;\n",
);
/// Two changes on one table, of three and two pairs.
const ONE: (&str, &str) = (
    "20260102000000_one",
    "-- migrate:change one\n-- migrate:sync t.a <-> b\n\
     -- migrate:sync t.c <-> d using (c + 100) <- using (d - 100)\n\
     -- migrate:sync t.g -> h using (coalesce(t.g, 'none'))\n-- migrate:up\n\
     ALTER TABLE t ADD COLUMN b VARCHAR(20);\nALTER TABLE t ADD COLUMN d INTEGER;\n\
     -- migrate:down\nALTER TABLE t DROP COLUMN d;\nALTER TABLE t DROP COLUMN b;\n",
);
const TWO: (&str, &str) = (
    "20260103000000_two",
    "-- migrate:change two\n-- migrate:sync t.e <-> f using (upper(e)) <- using (lower(f))\n\
     -- migrate:sync t.(x, y) <-> (w, z) using (y, x) <- using (z, w)\n-- migrate:up\n\
     ALTER TABLE t ADD COLUMN f VARCHAR(20);\n-- migrate:down\nALTER TABLE t DROP COLUMN f;\n",
);

fn side(row: &Row, columns: &[&'static str]) -> Vec<Value> {
    columns.iter().map(|column| row[column].clone()).collect()
}

fn put(row: &mut Row, columns: &[&'static str], values: Vec<Value>) {
    row.extend(columns.iter().copied().zip(values));
}

/// What protocol §7 says of an INSERT.
fn inserted(mut row: Row) -> Row {
    for sides in &SIDES {
        let (old, new) = (side(&row, sides.old), side(&row, sides.new));
        let missing = |values: &[Value]| values.iter().all(Option::is_none);
        if missing(&new) {
            put(&mut row, sides.new, (sides.forward)(&old));
        } else if let Some(backward) = sides.backward.filter(|_| missing(&old)) {
            put(&mut row, sides.old, backward(&new));
        }
    }
    row
}

/// What protocol §7 says of an UPDATE.
fn updated(before: &Row, mut row: Row) -> Row {
    for sides in &SIDES {
        let (old, new) = (side(&row, sides.old), side(&row, sides.new));
        let changed_old = old != side(before, sides.old);
        let changed_new = new != side(before, sides.new);
        let forward = (sides.forward)(&old);
        let consistent = new == forward || sides.backward.is_some_and(|backward| old == backward(&new));
        if consistent || changed_old == changed_new {
            continue;
        }
        match sides.backward {
            _ if changed_old => put(&mut row, sides.new, forward),
            Some(backward) => put(&mut row, sides.old, backward(&new)),
            None => {}
        }
    }
    row
}

pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % count
    }

    fn value(&mut self, column: &str) -> Value {
        if self.below(5) == 0 {
            None
        } else if NUMBERS.contains(&column) {
            Some(self.below(6).to_string())
        } else {
            Some(TEXTS[self.below(TEXTS.len())].to_owned())
        }
    }

    /// Some columns and a value for each.
    fn values(&mut self) -> Row {
        let mut row = Row::new();
        let share = 2 + self.below(6);
        for column in COLUMNS {
            if self.below(share) == 0 {
                row.insert(column, self.value(column));
            }
        }
        row
    }
}

fn literal(column: &str, value: &Value) -> String {
    match value {
        None => "NULL".to_owned(),
        Some(number) if NUMBERS.contains(&column) => number.clone(),
        Some(text) => format!("'{text}'"),
    }
}

/// The whole table: the database's answer has the same form.
fn shown(table: &BTreeMap<i64, Row>) -> String {
    let mut text = String::new();
    for (id, row) in table {
        let _ = write!(text, "{id}");
        for column in COLUMNS {
            let _ = write!(text, "|{}", row[column].as_deref().unwrap_or("~"));
        }
        text.push(';');
    }
    text
}

fn dump(dialect: Dialect) -> String {
    let text = |column: &&str| match dialect {
        Dialect::Postgres | Dialect::Sqlite => format!("coalesce(CAST({column} AS TEXT), '~')"),
        _ => format!("coalesce(CAST({column} AS CHAR), '~')"),
    };
    let fields: Vec<String> = std::iter::once(&"id").chain(&COLUMNS).map(text).collect();
    match dialect {
        Dialect::Postgres => format!(
            "SELECT coalesce(string_agg({} || ';', '' ORDER BY id), '') FROM t",
            fields.join(" || '|' || ")
        ),
        Dialect::Sqlite => format!(
            "SELECT coalesce(group_concat(line, ''), '') FROM (SELECT {} || ';' AS line FROM t ORDER BY id)",
            fields.join(" || '|' || ")
        ),
        _ => format!(
            "SELECT coalesce(GROUP_CONCAT(CONCAT({}, ';') ORDER BY id SEPARATOR ''), '') FROM t",
            fields.join(", '|', ")
        ),
    }
}

/// Makes a write, changes the model by it, and gives its SQL.
fn write(random: &mut Random, table: &mut BTreeMap<i64, Row>, dialect: Dialect) -> String {
    let empty: Row = COLUMNS.iter().map(|column| (*column, None)).collect();
    let full = |given: &Row| -> Row { empty.clone().into_iter().chain(given.clone()).collect() };
    let insert = |verb: &str, ids: &[i64], rows: &[Row]| {
        let columns: Vec<&str> = rows[0].keys().copied().collect();
        let tuples: Vec<String> = ids
            .iter()
            .zip(rows)
            .map(|(id, row)| {
                let values: Vec<String> = row.iter().map(|(column, value)| literal(column, value)).collect();
                format!("({})", [vec![id.to_string()], values].concat().join(", "))
            })
            .collect();
        let columns = [vec!["id"], columns].concat().join(", ");
        format!("{verb} INTO t ({columns}) VALUES {}", tuples.join(", "))
    };
    let id = random.below(12) as i64;
    let given = random.values();
    let sets = |given: &Row| {
        let sets = given
            .iter()
            .map(|(column, value)| format!("{column} = {}", literal(column, value)));
        sets.collect::<Vec<String>>().join(", ")
    };
    match random.below(9) {
        // Several rows at once, with the same columns.
        0 | 1 => {
            let ids: Vec<i64> = (0..12).filter(|id| !table.contains_key(id)).take(3).collect();
            if ids.is_empty() {
                table.clear();
                return "DELETE FROM t".to_owned();
            }
            let rows: Vec<Row> = ids
                .iter()
                .map(|_| {
                    given
                        .keys()
                        .map(|column| (*column, random.value(column)))
                        .collect()
                })
                .collect();
            table.extend(ids.iter().zip(&rows).map(|(id, row)| (*id, inserted(full(row)))));
            insert("INSERT", &ids, &rows)
        }
        2 => {
            if let std::collections::btree_map::Entry::Vacant(vacant) = table.entry(id) {
                vacant.insert(inserted(full(&given)));
            }
            match dialect {
                Dialect::Postgres => format!("{} ON CONFLICT DO NOTHING", insert("INSERT", &[id], &[given])),
                Dialect::Sqlite => insert("INSERT OR IGNORE", &[id], &[given]),
                _ => insert("INSERT IGNORE", &[id], &[given]),
            }
        }
        3 if dialect != Dialect::Postgres => {
            table.insert(id, inserted(full(&given)));
            insert("REPLACE", &[id], &[given])
        }
        // An upsert of what is given: on a conflict it is an UPDATE.
        4 if !given.is_empty() => {
            let proposed = inserted(full(&given));
            let row = match table.get(&id) {
                Some(before) => {
                    // AFTER triggers have not seen the row that was proposed.
                    let source = if dialect == Dialect::Sqlite {
                        &given
                    } else {
                        &proposed
                    };
                    let taken = given.keys().map(|column| (*column, source[column].clone()));
                    updated(before, before.clone().into_iter().chain(taken).collect())
                }
                None => proposed,
            };
            table.insert(id, row);
            let columns: Vec<&str> = given.keys().copied().collect();
            let sets = |value: &dyn Fn(&str) -> String| {
                let sets = columns
                    .iter()
                    .map(|column| format!("{column} = {}", value(column)));
                sets.collect::<Vec<String>>().join(", ")
            };
            let insert = insert("INSERT", &[id], std::slice::from_ref(&given));
            match dialect {
                Dialect::Postgres | Dialect::Sqlite => {
                    let sets = sets(&|column| format!("excluded.{column}"));
                    format!("{insert} ON CONFLICT (id) DO UPDATE SET {sets}")
                }
                _ => {
                    let sets = sets(&|column| format!("VALUES({column})"));
                    format!("{insert} ON DUPLICATE KEY UPDATE {sets}")
                }
            }
        }
        // The key moves, with a write or without one.
        5 => {
            let to = 100 + id;
            let Some(before) = table.remove(&id).filter(|_| !table.contains_key(&to)) else {
                table.remove(&id);
                return format!("DELETE FROM t WHERE id = {id}");
            };
            let row = updated(&before, before.clone().into_iter().chain(given.clone()).collect());
            table.insert(to, row);
            let sets = [vec![format!("id = {to}")], vec![sets(&given)]].concat();
            let sets: Vec<String> = sets.into_iter().filter(|set| !set.is_empty()).collect();
            format!("UPDATE t SET {} WHERE id = {id}", sets.join(", "))
        }
        6 => {
            table.remove(&(100 + id));
            format!("DELETE FROM t WHERE id = {}", 100 + id)
        }
        _ if !given.is_empty() => {
            for (_, row) in table.range_mut(..=id) {
                let after = row.clone().into_iter().chain(given.clone()).collect();
                *row = updated(row, after);
            }
            format!("UPDATE t SET {} WHERE id <= {id}", sets(&given))
        }
        _ => "DELETE FROM t WHERE id < 0".to_owned(),
    }
}

async fn random_writes_leave_what_the_model_has<K: Kind>() {
    walk::<K>("").await;
}

async fn walk<K: Kind>(prefix: &str) {
    let variable = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seed = variable("SYNC_SEED").unwrap_or(20_260_102);
    let rounds = variable("SYNC_ROUNDS").unwrap_or(500);
    let db = K::create().await;
    db.migrator(&[CREATE]).run().await.unwrap();
    // Rows from before the triggers are not consistent, and stay so until somebody writes to them.
    db.execute("INSERT INTO t (id, a, c, e, g, h, x) VALUES (1, 'ada', 1, 'Bob', NULL, NULL, 'x'), (2, NULL, 2, '→', 'g', 'no', NULL)")
        .await;
    db.migrator(&[CREATE, ONE, TWO]).run().await.unwrap();
    let mut table: BTreeMap<i64, Row> = BTreeMap::new();
    for (id, values) in [
        (
            1,
            [
                ("a", Some("ada")),
                ("c", Some("1")),
                ("e", Some("Bob")),
                ("g", None),
                ("h", None),
                ("x", Some("x")),
            ],
        ),
        (
            2,
            [
                ("a", None),
                ("c", Some("2")),
                ("e", Some("→")),
                ("g", Some("g")),
                ("h", Some("no")),
                ("x", None),
            ],
        ),
    ] {
        let mut row: Row = COLUMNS.iter().map(|column| (*column, None)).collect();
        row.extend(values.map(|(column, value)| (column, value.map(str::to_owned))));
        table.insert(id, row);
    }
    let dump = dump(K::DIALECT);
    let mut random = Random(seed | 1);
    for round in 0..rounds {
        let before = shown(&table);
        let sql = write(&mut random, &mut table, K::DIALECT);
        db.execute(&format!("{prefix}{sql}")).await;
        assert_eq!(
            db.value(&dump).await,
            shown(&table),
            "seed {seed}, round {round}: {sql}\nbefore: {before}"
        );
    }
}
