//! The tests that `prove!` and `prove_dir!` make, and what the checks do that no broken folder shows.

/// Runs a test body for each kind of database.
macro_rules! on_each {
    ($body:ident) => {
        $body::<migrate_core::Postgres>().await;
        $body::<migrate_core::Sqlite>().await;
        $body::<migrate_core::MariaDb>().await;
    };
}

mod builds;
mod locks;
mod made;
mod rows;
mod schema;

use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Set, Version};
use migrate_testkit::TestKind;

const ACCOUNT: Version = Version(20260101000000);

/// A set of native files; the names count up from `20260101000000_first.sql`.
fn set<K: TestKind>(files: &[&str]) -> Set<K> {
    let files = files.iter().enumerate().map(|(index, text)| SourceFile {
        path: format!("2026010100000{index}_file.sql"),
        content: Ok(text.as_bytes().to_vec()),
    });
    let options = Options {
        rules: None,
        ..Options::new(K::DIALECT)
    };
    Set::typed(options.read(files.collect()).into_result().unwrap()).unwrap()
}

const USERS: &str = "-- migrate:up\nCREATE TABLE users (id int NOT NULL PRIMARY KEY, name varchar(60) NOT NULL, nick varchar(60));\n\
                     -- migrate:down\nDROP TABLE users;";
const ADD: &str = "-- migrate:change handle\n-- migrate:up\nALTER TABLE users ADD COLUMN handle varchar(60);\n\
                   -- migrate:down\nALTER TABLE users DROP COLUMN handle;";
const MOVE: &str = "-- migrate:change handle\n-- migrate:phase migrate\n-- migrate:backfill table=users key=id\n-- migrate:up\n\
                    UPDATE users SET handle = name WHERE handle IS NULL;\n\
                    -- migrate:verify\nSELECT count(*) FROM users WHERE handle IS NULL;";

fn all_types(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "-- migrate:up
             CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
             CREATE DOMAIN positive AS int CHECK (VALUE > 0);
             CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code varchar(8) NOT NULL UNIQUE,
                tenant int NOT NULL, UNIQUE (tenant, code));
             CREATE TABLE everything (id bigserial PRIMARY KEY, a smallint, b int NOT NULL, c numeric(6,2), d real, e bool,
                f text, g varchar(5) NOT NULL, h char(3), i bytea, j date, k time, l timestamptz, m interval, n uuid, o jsonb,
                p inet, q mood NOT NULL, r positive, s int[], t int4range, u bit(4), v point, w xml, x tsvector, y macaddr, z money,
                doubled int GENERATED ALWAYS AS (b / 2) STORED,
                age int CHECK (age BETWEEN 18 AND 99), state text NOT NULL CHECK (state IN ('new', 'old')),
                starts date NOT NULL, ends date NOT NULL, CHECK (starts < ends),
                tenant int, code varchar(8), FOREIGN KEY (tenant, code) REFERENCES parent (tenant, code),
                boss bigint REFERENCES everything);
             CREATE TABLE parted (id int NOT NULL, at int NOT NULL) PARTITION BY RANGE (at);
             CREATE TABLE parted_all PARTITION OF parted DEFAULT;
             CREATE UNIQUE INDEX ON everything (lower(f));
             -- migrate:down
             DROP TABLE parted; DROP TABLE everything; DROP TABLE parent; DROP DOMAIN positive; DROP TYPE mood;"
        }
        Dialect::Sqlite => {
            "-- migrate:up
             CREATE TABLE parent (id INTEGER PRIMARY KEY, code VARCHAR(8) NOT NULL UNIQUE);
             CREATE TABLE everything (a INTEGER, b REAL, c TEXT NOT NULL, d BLOB, e BOOLEAN, f DATE, g DATETIME, h DECIMAL(9,2),
                state TEXT NOT NULL CHECK (state IN ('new', 'old')), age INTEGER CHECK (age BETWEEN 18 AND 99),
                code VARCHAR(8) REFERENCES parent (code), parent INTEGER NOT NULL REFERENCES parent,
                doubled INTEGER GENERATED ALWAYS AS (a / 2), PRIMARY KEY (c, parent)) WITHOUT ROWID;
             CREATE TABLE strictly (id INTEGER PRIMARY KEY, a INT, b TEXT, c REAL, d BLOB, e ANY) STRICT;
             -- migrate:down
             DROP TABLE strictly; DROP TABLE everything; DROP TABLE parent;"
        }
        _ => {
            "-- migrate:up
             CREATE TABLE parent (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, code VARCHAR(8) NOT NULL UNIQUE);
             CREATE TABLE everything (id INT PRIMARY KEY, a TINYINT, b SMALLINT UNSIGNED, c MEDIUMINT NOT NULL, d BIGINT UNSIGNED,
                e DECIMAL(6,2), f FLOAT, g DOUBLE, h BIT(4), i CHAR(3), j VARCHAR(20) NOT NULL UNIQUE, k TEXT, l BLOB,
                m BINARY(16), n DATE, o TIME, p DATETIME, q TIMESTAMP NULL, r YEAR, s ENUM('a', 'it''s') NOT NULL, t SET('x', 'y'),
                u JSON, v BOOLEAN, doubled INT AS (a * 2) STORED, age INT CHECK (age BETWEEN 18 AND 99),
                state VARCHAR(5) NOT NULL CHECK (state IN ('new', 'old')), parent INT UNSIGNED NOT NULL,
                FOREIGN KEY (parent) REFERENCES parent (id));
             -- migrate:down
             DROP TABLE everything; DROP TABLE parent;"
        }
    }
}
