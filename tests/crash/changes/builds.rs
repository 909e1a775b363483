//! Three builds of one application: the one before the change, the one in between, and the one that carries the contract.

use migrate_core::{MigrationSet, Version};

use crate::database::{Client, Kind};

/// The version of the contract.
pub(super) const CONTRACT: Version = Version(20260101000004);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// Knows the old column only.
    Old,
    /// Adds the new column, and has the data moved.
    Middle,
    /// Reads and writes the new column only, and removes the old one.
    New,
}

impl Build {
    pub(super) fn name(self) -> &'static str {
        match self {
            Build::Old => "old",
            Build::Middle => "middle",
            Build::New => "new",
        }
    }

    pub(super) fn from_name(name: &str) -> Self {
        let all = [Build::Old, Build::Middle, Build::New];
        all.into_iter()
            .find(|build| build.name() == name)
            .expect("a build")
    }

    /// What it embeds. A strict contract requires itself; the other one lets the middle build live, which then has to
    /// get on without the old column.
    pub(super) fn set(self, client: &Client, is_strict: bool) -> MigrationSet {
        let requires = if is_strict {
            ""
        } else {
            "-- migrate:requires 20260101000003\n"
        };
        let contract = format!(
            "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:unsync people.name <-> nick\n\
             -- migrate:irreversible \"the names stand in nick\"\n-- migrate:soak 0s\n{requires}\
             -- migrate:up\nALTER TABLE people DROP COLUMN name;\n"
        );
        let texts = [
            "-- migrate:up\nCREATE TABLE people (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR(60));\n\
             -- migrate:down\nDROP TABLE people;\n",
            "-- migrate:change nick\n-- migrate:sync people.name <-> nick\n-- migrate:up\n\
             ALTER TABLE people ADD COLUMN nick VARCHAR(60);\n\
             -- migrate:down\nALTER TABLE people DROP COLUMN nick;\n",
            "-- migrate:change nick\n-- migrate:phase migrate\n\
             -- migrate:backfill table=people key=id batch=50 pause=5ms\n\
             -- migrate:up\nUPDATE people SET nick = name;\n\
             -- migrate:verify zero\nSELECT count(*) FROM people WHERE nick IS NULL;\n",
            &contract,
        ];
        let count = match self {
            Build::Old => 1,
            Build::Middle => 3,
            Build::New => 4,
        };
        client.set_of("main", &texts[..count])
    }

    /// Whether the contract has to wait for its end.
    pub(super) fn needs_old_shape(self, is_strict: bool) -> bool {
        match self {
            Build::Old => true,
            Build::Middle => is_strict,
            Build::New => false,
        }
    }

    fn writes(self) -> &'static str {
        match self {
            Build::Old => "name",
            Build::Middle | Build::New => "nick",
        }
    }

    pub(super) fn insert(self, id: u64) -> String {
        format!(
            "INSERT INTO people (id, {}) VALUES ({id}, 'v{id}')",
            self.writes()
        )
    }

    pub(super) fn update(self, id: u64) -> String {
        format!("UPDATE people SET {} = 'w{id}' WHERE id = {id}", self.writes())
    }

    /// How it reads a row.
    pub(super) fn select(self, id: u64, is_strict: bool) -> String {
        let column = match self {
            Build::Old => "name",
            Build::Middle if is_strict => "COALESCE(nick, name)",
            Build::Middle | Build::New => "nick",
        };
        format!("SELECT {column} FROM people WHERE id = {id}")
    }

    /// How many rows it cannot read.
    pub(super) fn unreadable(self, kind: Kind, is_strict: bool) -> Option<String> {
        let text = if kind == Kind::Mysql { "char" } else { "text" };
        let missing = match self {
            Build::Old => "name IS NULL",
            Build::New => "nick IS NULL",
            Build::Middle if is_strict => "COALESCE(nick, name) IS NULL",
            Build::Middle => return None,
        };
        Some(format!(
            "SELECT CAST(count(*) AS {text}) FROM people WHERE {missing}"
        ))
    }
}
