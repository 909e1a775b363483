//! A long chain of migrations as an application has it after some years.

use std::fs;
use std::path::Path;

use migrate_core::{Dialect, Layout, Version};
use migrate_testkit::{Build, Prove, TestKind};

/// Files of a round: each makes a table and then changes it.
const ROUND: usize = 10;

/// Writes that many files. Every round makes four tables that refer to each other and to those of the round before, adds
/// columns and indexes, moves data and drops a column in a contract.
pub(super) fn write(folder: &Path, dialect: Dialect, files: usize) {
    let migrations = folder.join("migrations");
    fs::create_dir_all(&migrations).unwrap();
    for number in 0..files {
        let (name, text) = file(dialect, number / ROUND, number % ROUND, number);
        fs::write(migrations.join(format!("{}_{name}.sql", version(number).0)), text).unwrap();
    }
    // Released, so that the rules judge none of them.
    fs::write(migrations.join("migrations.lock"), "").unwrap();
}

fn version(number: usize) -> Version {
    let (hour, minute) = (number as u64 / 60, number as u64 % 60);
    Version(20260101000000 + 10_000 * hour + 100 * minute)
}

fn file(dialect: Dialect, round: usize, step: usize, number: usize) -> (String, String) {
    let time = if dialect.is_mysql_family() {
        "datetime"
    } else {
        "timestamp"
    };
    let table = |kind: &str| format!("{kind}_{round}");
    let parent = if round == 0 {
        String::new()
    } else {
        format!(", upper int REFERENCES account_{} (id)", round - 1)
    };
    let create = |name: &str, columns: &str| {
        (
            format!("{name}_create"),
            format!("-- migrate:up\nCREATE TABLE {name} ({columns});\n-- migrate:down\nDROP TABLE {name};\n"),
        )
    };
    let account = table("account");
    match step {
        0 => create(
            &account,
            &format!(
                "id int NOT NULL PRIMARY KEY, name varchar(60) NOT NULL, email varchar(90) UNIQUE, nick varchar(40), made {time} NOT NULL{parent}"
            ),
        ),
        1 => create(
            &table("invoice"),
            &format!(
                "id int NOT NULL PRIMARY KEY, account int NOT NULL REFERENCES {account} (id), amount decimal(9,2) NOT NULL CHECK (amount >= 0), \
                      state varchar(8) NOT NULL CHECK (state IN ('open', 'paid', 'sent')), paid {time}"
            ),
        ),
        2 => create(
            &table("line"),
            &format!(
                "invoice int NOT NULL REFERENCES {} (id), place int NOT NULL, text varchar(90), PRIMARY KEY (invoice, place)",
                table("invoice")
            ),
        ),
        3 => create(
            &table("setting"),
            "name varchar(40) NOT NULL PRIMARY KEY, value text, since date",
        ),
        4 | 8 => {
            let (name, of) = if step == 4 {
                (table("invoice"), "state")
            } else {
                (account, "name")
            };
            let dropped = if dialect.is_mysql_family() {
                format!(" ON {name}")
            } else {
                String::new()
            };
            (
                format!("{name}_index"),
                format!(
                    "-- migrate:up\nCREATE INDEX {name}_{of} ON {name} ({of});\n-- migrate:down\nDROP INDEX {name}_{of}{dropped};\n"
                ),
            )
        }
        5 => (
            format!("{account}_handle"),
            format!(
                "-- migrate:change handle_{round}\n-- migrate:up\nALTER TABLE {account} ADD COLUMN handle varchar(60);\n\
             -- migrate:down\nALTER TABLE {account} DROP COLUMN handle;\n"
            ),
        ),
        6 => (
            format!("{account}_fill"),
            format!(
                "-- migrate:change handle_{round}\n-- migrate:phase migrate\n-- migrate:backfill table={account} key=id\n-- migrate:up\n\
             UPDATE {account} SET handle = name WHERE handle IS NULL;\n\
             -- migrate:verify\nSELECT count(*) FROM {account} WHERE handle IS NULL;\n"
            ),
        ),
        7 => {
            let name = table("line");
            (
                format!("{name}_price"),
                format!(
                    "-- migrate:up\nALTER TABLE {name} ADD COLUMN price decimal(9,2) DEFAULT 0;\nALTER TABLE {name} ADD COLUMN count int;\n\
                 -- migrate:down\nALTER TABLE {name} DROP COLUMN count;\nALTER TABLE {name} DROP COLUMN price;\n"
                ),
            )
        }
        _ => (
            format!("{account}_drop_nick"),
            format!(
                "-- migrate:change handle_{round}\n-- migrate:phase contract\n-- migrate:requires {}\n-- migrate:rollback data-loss=\"nobody shows it\"\n\
             -- migrate:up\nALTER TABLE {account} DROP COLUMN nick;\n-- migrate:down\nALTER TABLE {account} ADD COLUMN nick varchar(40);\n",
                version(number - 3).0
            ),
        ),
    }
}

/// Everything about the chain: ten queries of the build from the middle of it, and the newest build.
pub(super) fn prove<K: TestKind>(folder: &Path) -> Prove<K> {
    let files = fs::read_dir(folder.join("migrations")).unwrap().count() - 1;
    let middle = files / ROUND / 2 * ROUND - 1;
    let rounds = files / ROUND;
    let mark = |number: usize| {
        if K::DIALECT == Dialect::Postgres {
            format!("${number}")
        } else {
            "?".to_owned()
        }
    };
    let queries = |mut build: Build<K>, rounds: usize| {
        for round in rounds.saturating_sub(5)..rounds {
            build = build
                .query(
                    format!("find {round}"),
                    &format!(
                        "SELECT id, name, email FROM account_{round} WHERE id = {}",
                        mark(1)
                    ),
                )
                .query(
                    format!("add {round}"),
                    &format!(
                        "INSERT INTO setting_{round} (name, value) VALUES ({}, {})",
                        mark(1),
                        mark(2)
                    ),
                );
        }
        build
    };
    let prove = Prove::folder(folder.join("migrations"), Layout::Native).unwrap();
    prove
        .build(queries(Build::at("old", version(middle)), (middle + 1) / ROUND))
        .build(queries(Build::newest("new"), rounds))
        .schema_in(folder)
}
