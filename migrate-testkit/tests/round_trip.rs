//! Chains that make the round trip, and chains that do not: what is said about those.
//!
//! `SHOW=1 cargo test -p migrate-testkit --test round_trip -- --nocapture` prints the texts.

use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, MariaDb, Migrator, Mysql, Postgres, Set, Sqlite, Version};
use migrate_testkit::{Prove, StepOutcome, TestDatabase, TestKind, round_trip};

const ALL: [Dialect; 3] = [Dialect::Postgres, Dialect::Sqlite, Dialect::MariaDb];

/// The first migration of each chain.
const ACCOUNT: &str = "-- migrate:up
CREATE TABLE account (id int NOT NULL PRIMARY KEY, nick varchar(40), name varchar(40) NOT NULL);
-- migrate:down
DROP TABLE account;
";

/// A set of native files; the names count up from `20260101000000_account.sql`.
fn set<K: TestKind>(files: &[(&str, &str)]) -> Set<K> {
    let files = files.iter().enumerate().map(|(index, (name, text))| SourceFile {
        path: format!("2026010100000{index}_{name}.sql"),
        content: Ok(text.as_bytes().to_vec()),
    });
    // Some of these must not be safe.
    let options = Options {
        rules: None,
        ..Options::new(K::DIALECT)
    };
    let set = options.read(files.collect()).into_result().unwrap();
    Set::typed(set).unwrap()
}

fn show(text: &str) {
    if std::env::var_os("SHOW").is_some() {
        println!("{text}\n");
    }
}

/// Runs a test body for each kind of database.
macro_rules! on_each {
    ($dialects:expr, $body:ident $(, $argument:expr)*) => {
        for dialect in $dialects {
            match dialect {
                Dialect::Postgres => $body::<Postgres>($($argument),*).await,
                Dialect::Sqlite => $body::<Sqlite>($($argument),*).await,
                // `tests/run mysql` says that the server is one of MySQL.
                Dialect::Mysql | Dialect::MariaDb if std::env::var_os("MIGRATE_TEST_MYSQL").is_some() => {
                    $body::<Mysql>($($argument),*).await
                }
                Dialect::Mysql | Dialect::MariaDb => $body::<MariaDb>($($argument),*).await,
            }
        }
    };
}

fn drop_index(dialect: Dialect) -> &'static str {
    if dialect.is_mysql_family() {
        "DROP INDEX account_name ON account"
    } else {
        "DROP INDEX account_name"
    }
}

#[tokio::test]
async fn a_chain_with_every_phase() {
    async fn body<K: TestKind>() {
        let index = format!(
            "-- migrate:up\nCREATE INDEX account_name ON account (name);\n-- migrate:down\n{};",
            drop_index(K::DIALECT)
        );
        let chain = [
            ("account", ACCOUNT),
            ("index", &index),
            (
                "ada",
                "-- migrate:irreversible \"the first account stays\"\n-- migrate:up\n\
                 INSERT INTO account VALUES (1, 'a', 'ada');",
            ),
            (
                "nick_into_name",
                "-- migrate:change nick\n-- migrate:phase migrate\n-- migrate:up\n\
                 UPDATE account SET name = nick WHERE name <> nick;\n\
                 -- migrate:verify\nSELECT count(*) FROM account WHERE name <> nick;",
            ),
            (
                "drop_nick",
                "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:up\n\
                 ALTER TABLE account DROP COLUMN nick;\n\
                 -- migrate:down\nALTER TABLE account ADD COLUMN nick varchar(40);",
            ),
        ];
        let report = round_trip(set::<K>(&chain)).await.unwrap();
        show(&report.to_string());
        let outcomes: Vec<&StepOutcome> = report.steps.iter().map(|step| &step.outcome).collect();
        let crossed = |reason: &str| StepOutcome::CrossedOnce(reason.to_owned());
        let declared = crossed("irreversible: the first account stays");
        let kept = crossed("it keeps its data");
        let both = StepOutcome::RoundTrip;
        assert_eq!(outcomes, [&both, &both, &declared, &kept, &both]);
        let order = "after the down, the columns stand in another order: ";
        assert!(
            report.steps[4].notes[0].starts_with(order),
            "{:?}",
            report.steps[4].notes
        );

        let strict = Prove::new(set::<K>(&chain)).strict_order();
        let error = strict.round_trip().await.unwrap_err();
        assert!(error.to_string().contains("column order"), "{error}");
    }
    on_each!(ALL, body);
}

/// A second migration that is at fault, and parts of what is said about it.
struct Broken {
    name: &'static str,
    on: &'static [Dialect],
    up: &'static str,
    down: &'static str,
    says: &'static [&'static str],
}

/// A down that does nothing to the schema.
const NOTHING: &str = "UPDATE account SET name = name;";

const BROKEN: &[Broken] = &[
    Broken {
        name: "index",
        on: &ALL,
        up: "CREATE INDEX account_name ON account (name);",
        down: NOTHING,
        says: &[
            "1. the down of 20260101000001 index does not undo its up",
            "migrations/20260101000001_index.sql:4",
            "before the up (-) and after the down (+):",
            "+ index ",
            "account_name",
            "MIGRATE_TESTKIT_KEEP=1",
            "the others: 1 migration up, down and up again, 0 crossed once",
        ],
    },
    Broken {
        name: "column",
        on: &ALL,
        up: "ALTER TABLE account ADD COLUMN email varchar(100);",
        down: NOTHING,
        says: &["does not undo its up", "+ column email"],
    },
    Broken {
        name: "default",
        on: &[Dialect::Postgres, Dialect::MariaDb],
        up: "ALTER TABLE account ALTER COLUMN nick SET DEFAULT 'none';",
        down: NOTHING,
        says: &["~ column nick:", "'none'"],
    },
    Broken {
        name: "trigger",
        on: &[Dialect::Postgres],
        up: "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n\
             CREATE TRIGGER keep BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION keep();",
        down: NOTHING,
        says: &["public.account\n", "+ trigger keep", "public.keep()\n"],
    },
    Broken {
        name: "trigger",
        on: &[Dialect::Sqlite],
        up: "CREATE TRIGGER keep AFTER UPDATE ON account BEGIN UPDATE account SET nick = name; END;",
        down: NOTHING,
        says: &["+ trigger keep"],
    },
    Broken {
        name: "trigger",
        on: &[Dialect::MariaDb],
        up: "CREATE TRIGGER keep BEFORE UPDATE ON account FOR EACH ROW SET NEW.nick = NEW.name;",
        down: NOTHING,
        says: &["+ trigger keep"],
    },
    Broken {
        name: "goes_too_far",
        on: &ALL,
        up: "CREATE TABLE note (id int NOT NULL PRIMARY KEY);",
        down: "DROP TABLE note;\nDROP TABLE account;",
        says: &["does not undo its up", "account\n", "- column name"],
    },
    Broken {
        name: "refused_up",
        on: &ALL,
        up: "CREATE TABLE note (id int);\nINSERT INTO nowhere VALUES (1);",
        down: "DROP TABLE note;",
        says: &[
            "the up of 20260101000001 refused_up fails",
            "refused_up.sql:3",
            "nowhere",
        ],
    },
    Broken {
        name: "refused_down",
        on: &ALL,
        up: "CREATE TABLE note (id int);",
        down: "DROP TABLE note;\nDROP TABLE nowhere;",
        says: &[
            "the down of 20260101000001 refused_down fails",
            "refused_down.sql:5",
            "nowhere",
        ],
    },
    Broken {
        name: "refused_again",
        on: &ALL,
        up: "INSERT INTO account VALUES (1, 'a', 'ada');",
        down: NOTHING,
        says: &[
            "the second up, after the down, of 20260101000001 refused_again fails",
            "refused_again.sql:2",
            "the difference is in the data",
        ],
    },
    Broken {
        name: "other_schema",
        on: &[Dialect::Postgres],
        up: "DO $$ BEGIN IF EXISTS (SELECT FROM account) THEN CREATE TABLE second (); END IF; END $$;",
        down: "INSERT INTO account VALUES (1, 'a', 'ada');",
        says: &[
            "the second up of 20260101000001 other_schema makes another schema than the first",
            "after the first up (-) and after the second (+):",
            "+ table",
        ],
    },
];

async fn is_told<K: TestKind>(broken: &Broken) {
    let text = format!("-- migrate:up\n{}\n-- migrate:down\n{}\n", broken.up, broken.down);
    let error = round_trip(set::<K>(&[("account", ACCOUNT), (broken.name, &text)])).await;
    let error = error.expect_err(broken.name).to_string();
    show(&error);
    let head = format!(
        "the round trip of set `main` on {} finds 1 migration at fault",
        K::DIALECT
    );
    for part in broken.says.iter().copied().chain([head.as_str()]) {
        assert!(error.contains(part), "{} lacks {part:?}:\n{error}", broken.name);
    }
}

#[tokio::test]
async fn each_fault_is_told() {
    for broken in BROKEN {
        on_each!(broken.on, is_told, broken);
    }
}

#[tokio::test]
async fn all_faults_are_told_at_once() {
    async fn body<K: TestKind>() {
        let forgets = |table: &str| {
            format!("-- migrate:up\nCREATE TABLE {table} (id int);\n-- migrate:down\n{NOTHING}")
        };
        let chain = [
            ("account", ACCOUNT),
            ("first", &forgets("first")),
            (
                "good",
                "-- migrate:up\nCREATE TABLE good (id int);\n-- migrate:down\nDROP TABLE good;",
            ),
            ("second", &forgets("second")),
        ];
        let error = round_trip(set::<K>(&chain)).await.unwrap_err().to_string();
        show(&error);
        assert!(error.contains("finds 2 migrations at fault"), "{error}");
        assert!(error.contains("1. the down of 20260101000001 first"), "{error}");
        assert!(error.contains("2. the down of 20260101000003 second"), "{error}");
        assert!(error.contains("the others: 2 migrations up, down"), "{error}");
    }
    on_each!(ALL, body);
}

#[tokio::test]
async fn history_is_only_applied() {
    on_each!([Dialect::MariaDb], only_applied);
}

async fn only_applied<K: TestKind>() {
    let forgets = format!("-- migrate:up\nCREATE TABLE first (id int);\n-- migrate:down\n{NOTHING}");
    let chain = [
        ("account", ACCOUNT),
        ("first", forgets.as_str()),
        (
            "good",
            "-- migrate:up\nCREATE TABLE good (id int PRIMARY KEY REFERENCES before_all (id));\n-- migrate:down\nDROP TABLE good;",
        ),
    ];
    let set = set::<K>(&chain);
    let after = set.migrations[1].version;
    let prove = Prove::new(set)
        .prepare("CREATE TABLE before_all (id int PRIMARY KEY)")
        .after(after);
    let report = prove.round_trip().await.unwrap();
    assert_eq!(report.steps.len(), 1);
    assert_eq!(report.crossed_once().count(), 0);
}

/// What the round trip stands on: a fresh database stays fresh while it goes up version by version.
#[tokio::test]
async fn up_to_a_version() {
    async fn body<K: TestKind>() {
        let chain = [
            ("account", ACCOUNT),
            (
                "drop_nick",
                "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:up\n\
                 ALTER TABLE account DROP COLUMN nick;\n\
                 -- migrate:down\nALTER TABLE account ADD COLUMN nick varchar(40);",
            ),
            (
                "note",
                "-- migrate:up\nCREATE TABLE note (id int);\n-- migrate:down\nDROP TABLE note;",
            ),
        ];
        let set = set::<K>(&chain);
        let versions: Vec<Version> = set.migrations.iter().map(|migration| migration.version).collect();
        let database = K::Database::create().await.unwrap();
        let migrator = Migrator::new(database.pool().clone(), set).build();
        let applied = async |version| {
            let report = migrator.up_to(version).await.unwrap();
            assert!(report.waiting.is_empty() && report.fresh, "{report}");
            report.applied.len()
        };
        let unknown = migrator.up_to(Version(7)).await.unwrap_err();
        assert!(unknown.is_unknown_version(), "{unknown}");
        assert_eq!(applied(versions[0]).await, 1);
        assert_eq!(applied(versions[0]).await, 0);
        assert!(!migrator.status().await.unwrap().may_serve);
        migrator.down().await.unwrap();
        // The contract runs, which it would not do on a database that somebody uses.
        assert_eq!(applied(versions[1]).await, 2);
        let report = migrator.run().await.unwrap();
        assert!(report.fresh && report.applied.len() == 1, "{report}");
        assert!(migrator.status().await.unwrap().may_serve);
        assert!(!migrator.up_to(versions[2]).await.unwrap().fresh);
        migrator.down_to(versions[0]).await.unwrap();
        // Now somebody may use it, so the contract waits.
        let report = migrator.up_to(versions[1]).await.unwrap();
        assert_eq!((report.applied.len(), report.waiting.len()), (0, 1), "{report}");
    }
    on_each!(ALL, body);
}
