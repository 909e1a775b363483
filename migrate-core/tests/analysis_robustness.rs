//! The analysis takes any text: statements that are cut, repeated and mutated, without a panic.

use std::path::{Path, PathBuf};
use std::{fs, process};

use migrate_core::Dialect;
use migrate_core::rules::{Config, analyse};
use migrate_core::source::{Options, SourceFile};

/// A small generator of numbers, so that a failure can be repeated.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

fn run(texts: &[String], dialect: Dialect) {
    let file = |(index, text): (usize, &String)| SourceFile {
        path: format!("{}_x.sql", index + 1),
        content: Ok(text.clone().into_bytes()),
    };
    let mut options = Options::new(dialect);
    options.rules = None;
    options.layout = migrate_core::model::Layout::Sqlx;
    let set = options.read(texts.iter().enumerate().map(file).collect()).set;
    for diagnostic in analyse(
        &set,
        &Config {
            style: true,
            strict: true,
            ..Config::default()
        },
    ) {
        assert!(!diagnostic.to_string().is_empty());
    }
}

/// The dialects that this build analyses and has cases of.
fn dialects() -> Vec<Dialect> {
    let mut dialects = Dialect::ALL.to_vec();
    dialects.retain(|dialect| migrate_core::sql::supports(*dialect) && folder(*dialect).exists());
    dialects
}

fn folder(dialect: Dialect) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/rules")
        .join(dialect.name())
}

fn cases(dialect: Dialect) -> Vec<String> {
    let folder = folder(dialect);
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    files
        .flat_map(|text| text.split("-- case:").map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn any_text_is_taken() {
    for dialect in dialects() {
        mutate(dialect);
    }
}

fn mutate(dialect: Dialect) {
    let cases = cases(dialect);
    let mut numbers = Numbers(7);
    let rounds = std::env::var("ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(3);
    for round in 0..rounds {
        let mut texts = Vec::new();
        for case in &cases {
            let mut characters: Vec<char> = case.chars().collect();
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(characters.len());
                match numbers.below(5) {
                    0 => characters.truncate(at.max(20)),
                    1 => _ = characters.drain(at..(at + numbers.below(12)).min(characters.len())),
                    2 => characters.insert(
                        at,
                        ['(', ')', '\'', '"', ';', '$', 'é', ',', '\0', '.'][numbers.below(10)],
                    ),
                    3 => {
                        let other: Vec<char> = cases[numbers.below(cases.len())].chars().collect();
                        let from = numbers.below(other.len());
                        let piece = other[from..(from + 30).min(other.len())].to_vec();
                        characters.splice(at..at, piece);
                    }
                    _ => characters.rotate_left(at),
                }
            }
            texts.push(characters.into_iter().collect());
        }
        if std::panic::catch_unwind(|| run(&texts, dialect)).is_err() {
            eprintln!("{dialect}, round {round}");
            process::exit(1);
        }
    }
}

#[test]
fn deep_nesting_is_taken() {
    for (open, close) in [
        ("(", ")"),
        ("NOT ", ""),
        ("-", ""),
        ("CASE WHEN ", " THEN 1 END"),
        ("ARRAY[", "]"),
        ("a AND ", ""),
        ("(SELECT ", ")"),
    ] {
        for depth in [50, 119, 300, 20_000] {
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            let deep = [
                format!("SELECT {open}1{close};"),
                format!("CREATE TABLE t (a CHECK ({open}1{close}));"),
                format!("UPDATE {open}t{close} SET a = 1 WHERE {open}1{close};"),
                format!("ALTER TABLE t ADD COLUMN a int DEFAULT ({open}1{close});"),
            ];
            for dialect in dialects() {
                run(&deep, dialect);
            }
        }
    }
}

/// What no server makes: tables that inherit from each other, partitions of their own partitions, views of themselves. Each
/// walk over the model ends all the same.
#[test]
#[cfg(feature = "analyze-postgres")]
fn circles_end() {
    let tables = "CREATE TABLE me (id int); CREATE TABLE you (id int);
        ALTER TABLE me INHERIT you; ALTER TABLE you INHERIT me; ALTER TABLE other INHERIT other;
        ALTER TABLE me ADD COLUMN a int; ALTER TABLE me RENAME COLUMN a TO b; DROP TABLE other CASCADE; DROP TABLE me CASCADE;";
    let partitions = "CREATE TABLE a (id int, k int) PARTITION BY LIST (k); CREATE TABLE b (id int, k int) PARTITION BY LIST (k);
        ALTER TABLE a ATTACH PARTITION b FOR VALUES IN (1); ALTER TABLE b ATTACH PARTITION a FOR VALUES IN (1);
        ALTER TABLE a ATTACH PARTITION a DEFAULT; ALTER TABLE a ADD COLUMN c int; ALTER TABLE a ALTER COLUMN k TYPE bigint;
        ALTER TABLE a ADD CONSTRAINT x CHECK (k > 0); ALTER TABLE a RENAME TO z; DROP TABLE z CASCADE;";
    let others = "CREATE VIEW v AS SELECT 1 a; CREATE VIEW w AS SELECT * FROM v; CREATE OR REPLACE VIEW v AS SELECT a FROM w;
        DROP VIEW v CASCADE; CREATE DOMAIN d AS d; CREATE TYPE c AS (x c); CREATE TABLE q (x int GENERATED ALWAYS AS (x) STORED, y d, z c);
        INSERT INTO q (y) VALUES (1); CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT f($1)'; SELECT f(1);";
    for text in [tables, partitions, others] {
        run(&[text.to_owned()], Dialect::Postgres);
    }
}
