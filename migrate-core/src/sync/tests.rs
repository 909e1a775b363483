//! What is generated from a file, and what is refused from facts of a table. What the triggers do is tried on real
//! databases by the drivers' suite.

use super::refusal::{Column, TableFacts, TableKind, Trigger, refusals};
use super::{Kept, Pair, with_triggers};
use crate::model::{Dialect, MigrationSet};
use crate::script::section::stored;
use crate::source::{Options, SourceFile};

const DIALECTS: [Dialect; 4] = [
    Dialect::Postgres,
    Dialect::Sqlite,
    Dialect::Mysql,
    Dialect::MariaDb,
];

fn set(dialect: Dialect, files: &[(&str, &str)]) -> MigrationSet {
    let files = files
        .iter()
        .map(|(name, text)| SourceFile {
            path: format!("{name}.sql"),
            content: Ok(text.as_bytes().to_vec()),
        })
        .collect();
    let options = Options {
        rules: None,
        ..Options::new(dialect)
    };
    options
        .read(files)
        .into_result()
        .unwrap_or_else(|faults| panic!("{faults}"))
}

fn install(pair: &Pair) -> Vec<String> {
    super::install(&Kept::Row(pair.clone()))
}

/// The pair of the arguments of a `sync`.
fn pair(dialect: Dialect, arguments: &str) -> Pair {
    let sync = crate::script::sync::parse(arguments, 0, dialect, false)
        .unwrap_or_else(|fault| panic!("{arguments}: {fault:?}"));
    Pair::new(&sync, dialect, "main", "rename").unwrap_or_else(|fault| panic!("{arguments}: {fault}"))
}

#[test]
fn triggers_are_statements_of_the_sections() {
    let expand = "-- migrate:change names\n-- migrate:sync users.(first, last) <-> full using (f(first, last)) <- using (g(\"full\"), 'x;y')\n\
                  -- migrate:up\nALTER TABLE users ADD COLUMN full TEXT; -- the last word\n\
                  -- migrate:down\nALTER TABLE users DROP COLUMN full;\n";
    let contract = "-- migrate:change names\n-- migrate:phase contract\n-- migrate:unsync users.(first, last) <-> full\n\
                    -- migrate:up\nALTER TABLE users DROP COLUMN first;\n\
                    -- migrate:down\nALTER TABLE users ADD COLUMN first TEXT;\n";
    for dialect in DIALECTS {
        let expand = expand.replace('"', if dialect == Dialect::Postgres { "\"" } else { "" });
        let set = set(
            dialect,
            &[
                ("20260102000000_expand", &expand),
                ("20260103000000_contract", contract),
            ],
        );
        let whole = |index: usize| with_triggers(&set.migrations[index], "main", dialect).unwrap();
        let (expand, contract) = (whole(0), whole(1));
        let texts = |section: &crate::model::Section| -> Vec<String> {
            section.iter().map(|(_, sql)| sql.to_owned()).collect()
        };
        let down = |migration: &crate::model::Migration| migration.down.clone().unwrap();
        let (up, undone) = (texts(&expand.up), texts(&down(&expand)));
        let (removed, again) = (texts(&contract.up), texts(&down(&contract)));
        assert_eq!(up[0], "ALTER TABLE users ADD COLUMN full TEXT");
        assert_eq!(undone.last().unwrap(), "ALTER TABLE users DROP COLUMN full");
        assert_eq!(removed.last().unwrap(), "ALTER TABLE users DROP COLUMN first");
        assert_eq!(up[1..], again[1..], "the contract's down installs the same");
        assert_eq!(
            undone[..undone.len() - 1],
            removed[..removed.len() - 1],
            "both remove the same"
        );
        for (section, count) in [
            (&expand.up, up.len()),
            (&down(&expand), undone.len()),
            (&contract.up, removed.len()),
        ] {
            assert!(count > 2, "{dialect}");
            // The history keeps the text, and cuts it again.
            let kept = stored(&section.text, "history", dialect, section.transaction).unwrap();
            assert_eq!(texts(&kept), texts(section), "{dialect}");
            for (statement, sql) in section.iter() {
                let line = section.text[..statement.start as usize].matches('\n').count() as u32;
                assert_eq!(statement.line, section.line + line, "{dialect}: {sql}");
            }
        }
        let position = |section: &crate::model::Section| section.statements.last().unwrap().line;
        assert_eq!(
            position(&contract.up),
            position(&set.migrations[1].up),
            "the lines of the file stay"
        );
    }
}

#[test]
fn names_are_short_and_of_the_change() {
    let sync = crate::script::sync::parse("t.a <-> b", 0, Dialect::Postgres, false).unwrap();
    let long = "a".repeat(200);
    let mut names = Vec::new();
    for (set, change) in [
        ("main", "one"),
        ("other", "one"),
        ("main", "two"),
        ("main", &long),
    ] {
        let pair = Pair::new(&sync, Dialect::Postgres, set, change).unwrap();
        for sql in install(&pair) {
            let longest = sql.split('"').map(str::len).filter(|length| *length < 200).max();
            assert!(longest < Some(200), "{sql}");
        }
        assert!(pair.name.len() + "_insert".len() <= 63, "{}", pair.name);
        names.push(pair.name);
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 4);
}

#[test]
fn triggers_of_two_tables_are_named_and_quoted() {
    let change = "a".repeat(200);
    for (dialect, quote, arguments) in [
        (
            Dialect::Postgres,
            '"',
            r#"app."My o".a <-> n."b c" on (app."My o".id = n.k) rows (n)"#,
        ),
        (
            Dialect::Sqlite,
            '"',
            r#""My o".a <-> n."b c" on (n.k = "My o".id) rows (n)"#,
        ),
        (
            Dialect::MariaDb,
            '`',
            "app.`My o`.a <-> n.`b c` on (`My o`.id = n.k) rows (n)",
        ),
    ] {
        let sync = crate::script::sync::parse(arguments, 0, dialect, false)
            .unwrap_or_else(|fault| panic!("{arguments}: {fault:?}"));
        let kept = Kept::new(&sync, dialect, "main", &change).unwrap();
        let (installed, removed) = (super::install(&kept), super::remove(&kept));
        assert_eq!(installed.len(), removed.len(), "{dialect}");
        let named = |name: &str| format!("{quote}{name}{quote}");
        for name in ["My o", "b c", "id", "k"] {
            assert!(
                installed.iter().any(|sql| sql.contains(&named(name))),
                "{dialect}: {name}"
            );
        }
        for sql in &installed {
            let names = sql.split(quote).filter(|part| part.starts_with(super::PREFIX));
            for name in names {
                assert!(name.len() <= 63, "{name}");
                assert!(
                    removed.iter().any(|sql| sql.contains(&named(name))),
                    "{dialect}: {name} stays"
                );
            }
        }
    }
}

#[test]
fn identifiers_are_quoted_as_the_dialect_does() {
    for (dialect, arguments, part) in [
        (Dialect::Postgres, r#""My ""T""".A <-> "b c""#, r#""My ""T""""#),
        (Dialect::Postgres, r#"T.A <-> "b c""#, r#"NEW."b c" := NEW."a""#),
        (
            Dialect::Sqlite,
            r#"[my t].a <-> `b c`"#,
            r#"UPDATE "my t" SET "b c" = "a""#,
        ),
        (
            Dialect::MariaDb,
            "`my t`.a <-> `b``c`",
            "SET NEW.`b``c` = NEW.`a`",
        ),
        (
            Dialect::Postgres,
            "app.t.a <-> b",
            "CREATE FUNCTION \"app\".\"zz_migrate_rename_",
        ),
        (Dialect::Postgres, "t.a -> b using ('$migrate$')", "AS $migrate_$"),
    ] {
        let sql = install(&pair(dialect, arguments)).join("\n");
        assert!(sql.contains(part), "{arguments}:\n{sql}");
    }
}

fn column(name: &str) -> Column {
    Column {
        name: name.to_owned(),
        kind: "text".to_owned(),
        nullable: true,
        default: None,
        generated: false,
        numbered: false,
        partitions: false,
        on_update: false,
        again: String::new(),
    }
}

fn facts() -> TableFacts {
    TableFacts {
        kind: TableKind::Table,
        columns: vec![column("a"), column("b"), column("c")],
        triggers: Vec::new(),
        subscribed: false,
        cascades: Vec::new(),
        major: 15,
    }
}

/// What is refused, and the mend of the first.
fn check(dialect: Dialect, arguments: &str, change: impl Fn(&mut TableFacts), codes: &[&str], mend: &str) {
    let mut facts = facts();
    change(&mut facts);
    let found = refusals(&pair(dialect, arguments), &facts);
    let seen: Vec<&str> = found.iter().map(|refusal| refusal.code).collect();
    assert_eq!(seen, codes, "{dialect} {arguments}: {found:?}");
    assert!(
        found.first().is_none_or(|refusal| refusal.mend.contains(mend)),
        "{dialect} {arguments}: {found:?}"
    );
}

#[test]
fn refused_tables() {
    use TableKind as K;
    for (kind, major, codes) in [
        (K::Table, 15, &[][..]),
        (K::Missing, 15, &["sync-no-table"]),
        (K::Partitioned, 13, &[]),
        (K::Partitioned, 12, &["sync-partitioned"]),
        (K::Partition("parent".to_owned()), 15, &["sync-partition"]),
        (K::Inherited, 15, &["sync-inherited"]),
        (K::Other("a view"), 15, &["sync-not-a-table"]),
        (K::Temporary, 15, &["sync-temporary"]),
        (K::WithoutRowid, 15, &["sync-without-rowid"]),
    ] {
        let change = |facts: &mut TableFacts| {
            facts.kind = kind.clone();
            facts.major = major;
        };
        check(Dialect::Postgres, "t.a <-> b", change, codes, "");
    }
}

#[test]
fn refused_columns() {
    let (pg, lite, maria) = (Dialect::Postgres, Dialect::Sqlite, Dialect::MariaDb);
    check(pg, "t.a <-> d", |_| {}, &["sync-no-column"], "correct the name");
    check(lite, "t.A <-> B", |_| {}, &[], "");
    let generated = |facts: &mut TableFacts| facts.columns[1].generated = true;
    check(pg, "t.a -> b", generated, &["sync-generated"], "DROP EXPRESSION");
    check(pg, "t.b -> a", generated, &["sync-generated"], "DROP EXPRESSION");
    let key = |facts: &mut TableFacts| facts.columns[1].partitions = true;
    check(pg, "t.a -> b", key, &["sync-partition-key"], "application");
    // The old side of one way is never filled in, so it may be what it is.
    let strict = |facts: &mut TableFacts| {
        facts.columns[0].nullable = false;
        facts.columns[0].default = Some("'x'".to_owned());
    };
    check(pg, "t.a -> b", strict, &[], "");
    check(
        pg,
        "t.a <-> b",
        strict,
        &["sync-not-null", "sync-default"],
        "ALTER TABLE \"t\" ALTER COLUMN \"a\" DROP NOT NULL",
    );
    check(
        maria,
        "t.c -> a",
        strict,
        &["sync-not-null", "sync-default"],
        "MODIFY `a` text NULL",
    );
    check(
        lite,
        "t.c -> a",
        strict,
        &["sync-not-null", "sync-default"],
        "rebuild",
    );
    let default = |facts: &mut TableFacts| facts.columns[0].default = Some("'x'".to_owned());
    check(pg, "t.a <-> b", default, &["sync-default"], "DROP DEFAULT");
    check(maria, "t.a <-> b", default, &["sync-default"], "SET DEFAULT NULL");
    check(
        Dialect::Mysql,
        "t.a <-> b",
        default,
        &["sync-default"],
        "MODIFY `a` text NULL",
    );
    let numbered = |facts: &mut TableFacts| facts.columns[0].numbered = true;
    check(pg, "t.a -> b", numbered, &[], "");
    check(pg, "t.a <-> b", numbered, &["sync-numbered"], "application");
    check(maria, "t.a -> b", numbered, &["sync-numbered"], "application");
    let touched = |facts: &mut TableFacts| facts.columns[0].on_update = true;
    check(
        maria,
        "t.a <-> b",
        touched,
        &["sync-on-update"],
        "MODIFY `a` text NULL",
    );
    check(
        maria,
        "t.c -> a",
        touched,
        &["sync-on-update"],
        "MODIFY `a` text NULL",
    );
    // What the server gave to the old side of one way goes to the new one like any other value.
    check(maria, "t.a -> b", touched, &[], "");
    let wider = |facts: &mut TableFacts| facts.columns[1].kind = "varchar(9)".to_owned();
    check(
        pg,
        "t.a <-> b",
        wider,
        &["sync-types"],
        "using (\"a\") <- using (\"b\")",
    );
    check(pg, "t.a -> b using (a)", wider, &[], "");
}

#[test]
fn refused_neighbours() {
    let (pg, lite, maria) = (Dialect::Postgres, Dialect::Sqlite, Dialect::MariaDb);
    let trigger = |name: &str, sql: &str| {
        let trigger = Trigger {
            name: name.to_owned(),
            sql: sql.to_owned(),
        };
        move |facts: &mut TableFacts| facts.triggers = vec![trigger.clone()]
    };
    check(pg, "t.a <-> b", trigger("audit", ""), &[], "");
    check(
        pg,
        "t.a <-> b",
        trigger("zzz", ""),
        &["sync-trigger-order"],
        "RENAME TO \"a_zzz\"",
    );
    check(maria, "t.a <-> b", trigger("zzz", ""), &[], "");
    let touch = "CREATE TRIGGER x AFTER UPDATE ON t BEGIN UPDATE t SET c = 1 WHERE id = NEW.id; END";
    check(lite, "t.a <-> b", trigger("x", touch), &[], "");
    let writes = touch.replace("c = 1", "a = 1");
    check(
        lite,
        "t.a <-> b",
        trigger("x", &writes),
        &["sync-trigger-order"],
        "DROP TRIGGER \"x\"",
    );
    for dialect in DIALECTS {
        let other = pair(dialect, "t.b <-> c");
        let sql = install(&Pair {
            name: "zz_migrate_x".to_owned(),
            ..other
        })
        .concat();
        let there = trigger("zz_migrate_x_update", &sql);
        check(dialect, "t.a <-> b", &there, &["sync-chain"], "contract");
        check(
            dialect,
            "t.a <-> d using (a) <- using (d)",
            |facts| {
                there(facts);
                facts.columns.push(column("d"));
            },
            &[],
            "",
        );
    }
    let subscribed = |facts: &mut TableFacts| facts.subscribed = true;
    check(pg, "t.a -> b", subscribed, &["sync-subscription"], "publisher");
    let cascade = |facts: &mut TableFacts| facts.cascades = vec![("a".to_owned(), "fk".to_owned())];
    check(
        maria,
        "t.a -> b",
        cascade,
        &["sync-cascade"],
        "DROP FOREIGN KEY `fk`",
    );
    check(maria, "t.b -> c", cascade, &[], "");
}

#[test]
fn what_makes_a_trigger_is_judged_by_that_trigger() {
    for arguments in ["t.a <-> b", "\"o'T\".\"a%1$I\" -> \"b\\\""] {
        let made = install(&pair(Dialect::Postgres, arguments)).pop().unwrap();
        let judged = super::judged(&made);
        assert!(
            judged.starts_with("CREATE TRIGGER \"zz_migrate_rename_"),
            "{judged}"
        );
        let table = if arguments.starts_with('t') { "t" } else { "o'T" };
        let tail = format!("_update\" BEFORE UPDATE ON \"{table}\" FOR EACH ROW EXECUTE PROCEDURE unknown()");
        assert!(judged.ends_with(&tail), "{judged}");
    }
    assert_eq!(super::judged("DO $$ BEGIN END $$"), "DO $$ BEGIN END $$");
}
