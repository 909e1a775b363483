//! What a round moves: the table, the change, and how a value of one side is seen on the other.

use std::convert::Infallible;

use migrate_core::backfill::Transform;
use migrate_core::migrator::MigratorBuilder;
use migrate_core::{MigrationSet, Version};
use migrate_macros::Backfill;

use crate::database::{Client, Kind};
use crate::settings::Random;

/// The version of the backfill.
pub(super) const FILL: Version = Version(20260101000003);

/// One kind of change, the same in the test and in its workers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Whether the key is a text instead of a number.
    text_key: bool,
    /// Whether the new side is computed from the old one in a way that loses something, so that a value of the new
    /// build cannot be had from what the old build sees.
    computed: bool,
    /// Whether Rust code moves the rows.
    code: bool,
}

/// Moves a name as it is. `tries` tells how often a row was moved.
#[derive(Backfill)]
#[backfill(table = "items", key = "id")]
struct Copied {
    #[backfill(read)]
    name: Option<String>,
    #[backfill(write)]
    nick: Option<String>,
    #[backfill(write)]
    tries: i64,
}

impl Transform for Copied {
    type Error = Infallible;

    async fn transform(&mut self) -> Result<(), Infallible> {
        tokio::task::yield_now().await;
        if self.nick != self.name {
            self.nick.clone_from(&self.name);
            self.tries += 1;
        }
        Ok(())
    }

    fn is_right(&self) -> Option<bool> {
        Some(self.nick == self.name)
    }
}

/// Moves a name in a way that loses something: what the new build wrote is right as well.
#[derive(Backfill)]
#[backfill(table = "items", key = "id")]
struct Computed {
    #[backfill(read)]
    name: Option<String>,
    #[backfill(write)]
    nick: Option<String>,
    #[backfill(write)]
    tries: i64,
}

impl Computed {
    fn moved(&self) -> Option<String> {
        self.name.as_ref().map(|name| name.replace(' ', "_"))
    }

    fn follows(&self) -> bool {
        self.nick == self.moved() || self.name == self.nick
    }
}

impl Transform for Computed {
    type Error = Infallible;

    async fn transform(&mut self) -> Result<(), Infallible> {
        tokio::task::yield_now().await;
        if !self.follows() {
            self.nick = self.moved();
            self.tries += 1;
        }
        Ok(())
    }

    fn is_right(&self) -> Option<bool> {
        Some(self.follows())
    }
}

impl Shape {
    pub(super) fn random(random: &mut Random) -> Self {
        Self {
            text_key: random.below(3) == 0,
            computed: random.below(2) == 0,
            code: false,
        }
    }

    /// The same, moved by Rust code or by a statement.
    pub(super) fn by_code(self, code: bool) -> Self {
        Self { code, ..self }
    }

    /// As text, for a worker.
    pub(super) fn encode(self) -> String {
        format!("{},{},{}", self.text_key, self.computed, self.code)
    }

    pub(super) fn decode(text: &str) -> Self {
        let mut parts = text.split(',').map(|part| part.parse().unwrap());
        let mut next = || parts.next().unwrap();
        Self {
            text_key: next(),
            computed: next(),
            code: next(),
        }
    }

    /// A migrator with the first `count` migrations.
    pub(super) fn migrator(self, client: &Client, count: usize) -> MigratorBuilder {
        let builder = client.migrator(self.set(client, count));
        match (self.code && count > 2, self.computed) {
            (false, _) => builder,
            (true, false) => builder.rust::<Copied>("nick"),
            (true, true) => builder.rust::<Computed>("nick"),
        }
    }

    /// The first `count` migrations: the table, the expand, the backfill.
    fn set(self, client: &Client, count: usize) -> MigrationSet {
        let key = if self.text_key { "VARCHAR(20)" } else { "INTEGER" };
        let (using, moved) = match self.computed {
            true => (
                " using (replace(name, ' ', '_')) <- using (nick)",
                "replace(name, ' ', '_')",
            ),
            false => ("", "name"),
        };
        let (rust, up) = match self.code {
            true => ("-- migrate:rust nick\n", String::new()),
            false => ("", format!("-- migrate:up\nUPDATE items SET nick = {moved};\n")),
        };
        let texts = [
            format!(
                "-- migrate:up\nCREATE TABLE items (id {key} PRIMARY KEY NOT NULL, name VARCHAR(60), \
                 tries INTEGER NOT NULL DEFAULT 0);\n\
                 -- migrate:down\nDROP TABLE items;\n"
            ),
            format!(
                "-- migrate:change nick\n-- migrate:sync items.name <-> nick{using}\n-- migrate:up\n\
                 ALTER TABLE items ADD COLUMN nick VARCHAR(60);\n\
                 -- migrate:down\nALTER TABLE items DROP COLUMN nick;\n"
            ),
            format!(
                "-- migrate:change nick\n-- migrate:phase migrate\n{rust}\
                 -- migrate:backfill table=items key=id batch=10 pause=100ms\n{up}\
                 -- migrate:verify zero\nSELECT count(*) FROM items WHERE nick IS NULL;\n"
            ),
        ];
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        client.set_of("main", &texts[..count])
    }

    /// The key in SQL. Texts are of one length, so they have the order of the numbers.
    pub(super) fn key(self, key: u64) -> String {
        match self.text_key {
            true => format!("'k{key:08}'"),
            false => key.to_string(),
        }
    }

    /// The number of a key as the database shows it.
    pub(super) fn number(self, shown: &str) -> u64 {
        shown.trim_start_matches('k').parse().unwrap()
    }

    /// The columns `name` and `nick` once a value was written to the old side.
    pub(super) fn of_old_build(self, value: &str) -> (String, String) {
        let moved = if self.computed {
            value.replace(' ', "_")
        } else {
            value.to_owned()
        };
        (value.to_owned(), moved)
    }

    /// The same, written to the new side.
    pub(super) fn of_new_build(self, value: &str) -> (String, String) {
        (value.to_owned(), value.to_owned())
    }

    /// The query of how many rows have two sides that do not belong together.
    pub(super) fn divergent(self, kind: Kind) -> String {
        let moved = if self.computed {
            "replace(name, ' ', '_')"
        } else {
            "name"
        };
        let (same, text) = match kind {
            Kind::Postgres => ("IS NOT DISTINCT FROM", "text"),
            Kind::Mysql => ("<=>", "char"),
            _ => ("IS", "text"),
        };
        let backward = match self.computed {
            true => format!(" OR name {same} nick"),
            false => String::new(),
        };
        format!("SELECT CAST(count(*) AS {text}) FROM items WHERE NOT (nick {same} {moved}{backward})")
    }
}
