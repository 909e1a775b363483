//! Which tables a migration can have to do with, so that a step of a long chain does not look at every row there is.

use std::collections::BTreeSet;

use migrate_core::Migration;

use crate::structure::{Table, Tables};

/// Words that let a migration reach tables that it does not name.
const ANYWHERE: [&str; 8] = [
    "do",
    "execute",
    "call",
    "perform",
    "function",
    "procedure",
    "trigger",
    "select",
];

/// The tables that a migration can reach.
pub(super) struct Reach {
    /// Those that it names and those that refer to them: a cascade reaches these. `None` is all.
    compared: Option<BTreeSet<String>>,
    /// Those, and the ones that they refer to and need rows of.
    pub(super) seeded: BTreeSet<String>,
}

impl Reach {
    pub(super) fn of(migration: &Migration, tables: &Tables) -> Self {
        let down = migration.down.as_ref().map_or("", |down| &*down.text);
        let text = format!("{} {down}", migration.up.text).to_lowercase();
        let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let all = || tables.keys().cloned().collect();
        // A view or a function that is read may be anything, and so may Rust code.
        if migration.rust.is_some() || ANYWHERE.iter().any(|word| words.contains(word)) {
            return Self {
                compared: None,
                seeded: all(),
            };
        }
        let named = |name: &&String| {
            let last = name.rsplit('.').next().unwrap_or(name).trim_matches(['"', '`']);
            let last = last.to_lowercase();
            // A name of several words is found by none of them.
            words.contains(last.as_str()) || !last.chars().all(|c| c.is_alphanumeric() || c == '_')
        };
        let mut compared: BTreeSet<String> = tables.keys().filter(named).cloned().collect();
        let refers = |table: &Table, to: &BTreeSet<String>| {
            let mut targets = table.references.iter();
            targets.any(|reference| to.iter().any(|name| name.eq_ignore_ascii_case(&reference.table)))
        };
        grow(
            &mut compared,
            |name, reached| refers(&tables[name], reached),
            tables,
        );
        let mut seeded = compared.clone();
        let is_parent = |name: &String, reached: &BTreeSet<String>| {
            let mut children = reached.iter().filter_map(|child| tables.get(child));
            children.any(|child| {
                child
                    .references
                    .iter()
                    .any(|to| to.table.eq_ignore_ascii_case(name))
            })
        };
        grow(&mut seeded, is_parent, tables);
        Self {
            compared: Some(compared),
            seeded,
        }
    }

    /// Whether it may do something to rows of that table, which is not only there to be referred to.
    pub(super) fn touches(&self, name: &str) -> bool {
        self.compared
            .as_ref()
            .is_none_or(|compared| compared.contains(name))
    }

    /// Those of the tables whose rows are compared. Tables that were not there before are.
    pub(super) fn compared(&self, tables: &Tables) -> Tables {
        let Some(compared) = &self.compared else {
            return tables.clone();
        };
        let wanted = tables.iter().filter(|(name, _)| compared.contains(*name));
        wanted
            .map(|(name, table)| (name.clone(), table.clone()))
            .collect()
    }
}

/// Adds what belongs until nothing more does.
fn grow(set: &mut BTreeSet<String>, belongs: impl Fn(&String, &BTreeSet<String>) -> bool, tables: &Tables) {
    loop {
        let new: Vec<String> = tables
            .keys()
            .filter(|name| !set.contains(*name) && belongs(name, set))
            .cloned()
            .collect();
        if new.is_empty() {
            return;
        }
        set.extend(new);
    }
}

#[cfg(test)]
mod tests {
    use migrate_core::Dialect;
    use migrate_core::source::{Options, SourceFile};

    use super::*;
    use crate::structure::Reference;

    #[test]
    fn what_is_named_and_what_refers_to_it() {
        let refer = |to: &str| Table {
            references: vec![Reference {
                columns: Vec::new(),
                table: to.to_owned(),
                foreign: Vec::new(),
            }],
            ..Table::default()
        };
        let tables: Tables = [
            ("public.users".to_owned(), refer("public.teams")),
            ("public.posts".to_owned(), refer("public.users")),
            ("public.teams".to_owned(), Table::default()),
            ("public.other".to_owned(), Table::default()),
        ]
        .into();
        let check = |up: &str, compared: Option<&[&str]>, seeded: &[&str]| {
            let text = format!("-- migrate:irreversible \"a test\"\n-- migrate:up\n{up}");
            let file = SourceFile {
                path: "20260101000000_file.sql".to_owned(),
                content: Ok(text.into_bytes()),
            };
            let options = Options {
                rules: None,
                ..Options::new(Dialect::Postgres)
            };
            let set = options.read(vec![file]).into_result().unwrap();
            let reach = Reach::of(&set.migrations[0], &tables);
            let of = |names: &[&str]| {
                names
                    .iter()
                    .map(|name| format!("public.{name}"))
                    .collect::<BTreeSet<_>>()
            };
            assert_eq!(reach.compared, compared.map(of), "{up}");
            assert_eq!(reach.seeded, of(seeded), "{up}");
        };
        check(
            "DROP TABLE Users;",
            Some(&["posts", "users"]),
            &["posts", "teams", "users"],
        );
        check("CREATE TABLE new (id int);", Some(&[]), &[]);
        check("CALL anything();", None, &["other", "posts", "teams", "users"]);
    }
}
