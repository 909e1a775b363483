//! Random writes to two tables that triggers pair, each applied to the database and to a model.
//!
//! The model has no echo: a write to one table changes the other one once, and that is all.

mod model;
mod write;

use migrate_core::Dialect;

use super::model::Random;
use crate::kind::Kind;
use model::{Model, Refused, TABLES};
use write::write;

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

fn dump(dialect: Dialect) -> String {
    let table = |(table, key, columns): (&str, &str, [&str; 3])| {
        let kind = if matches!(dialect, Dialect::Mysql | Dialect::MariaDb) {
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
        Dialect::Mysql | Dialect::MariaDb => format!("SELECT CONCAT({old}, {new})"),
        _ => format!("SELECT {old} || {new}"),
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
