//! Builds as code, and data that is moved.

use migrate_core::{Postgres, Sqlite, Version};
use migrate_testkit::{Build, Check, Prove, TestKind};

use super::{ACCOUNT, ADD, MOVE, USERS, set};

#[tokio::test]
async fn interrupted_backfills_go_on() {
    async fn body<K: TestKind>() {
        let proof = Prove::new(set::<K>(&[USERS, ADD, MOVE]))
            .backfills()
            .await
            .unwrap();
        assert_eq!(
            proof.summary,
            "1 migrations that move data, with 8 rows and 2 interruptions",
            "{}",
            K::DIALECT
        );
    }
    on_each!(body);
}

/// Functions of a build, with the same connection all the way.
#[tokio::test]
async fn builds_may_be_code() {
    let old = || {
        Build::at("1.0", ACCOUNT).call("count users", async |pool: sqlx::SqlitePool| {
            sqlx::query("SELECT nick FROM users").fetch_all(&pool).await?;
            Ok(())
        })
    };
    let drop = "-- migrate:up\nALTER TABLE users DROP COLUMN nick;\n-- migrate:down\nALTER TABLE users ADD COLUMN nick varchar(60);";
    let prove = Prove::new(set::<Sqlite>(&[USERS, ADD, MOVE]));
    let new = Build::newest("1.1").query_with("find", "SELECT handle FROM users WHERE name = ?", "'ada'");
    let proof = prove.build(old()).build(new).builds().await.unwrap();
    assert!(
        proof.summary.starts_with("2 queries of 2 builds on 3 schemas"),
        "{proof}"
    );
    let error = Prove::new(set::<Sqlite>(&[USERS, drop]))
        .build(old())
        .builds()
        .await
        .unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("`count users of build 1.0` fails after 20260101000001 file"),
        "{error}"
    );
    assert!(error.contains("no such column: nick"), "{error}");
}

/// Rust code that moves every row, and the same that leaves out some.
mod of_rust {
    use migrate_core::backfill::Transform;
    use migrate_macros::{Backfill, Migrations};

    #[derive(Backfill)]
    #[backfill(table = "users", key = "id")]
    pub(super) struct Handle {
        #[backfill(read)]
        name: String,
        #[backfill(write)]
        handle: Option<String>,
    }

    impl Transform for Handle {
        type Error = std::convert::Infallible;

        async fn transform(&mut self) -> Result<(), Self::Error> {
            self.handle = Some(self.name.to_lowercase());
            Ok(())
        }
    }

    #[derive(Backfill)]
    #[backfill(table = "users", key = "id")]
    pub(super) struct Ascii {
        #[backfill(read)]
        name: String,
        #[backfill(write)]
        handle: Option<String>,
    }

    impl Transform for Ascii {
        type Error = std::convert::Infallible;

        async fn transform(&mut self) -> Result<(), Self::Error> {
            self.handle = self.name.is_ascii().then(|| self.name.to_lowercase());
            Ok(())
        }
    }

    #[derive(Migrations)]
    #[migrations(path = "tests/of_rust", dialect = "sqlite", rust(handle = Handle))]
    pub(super) struct Whole;

    #[derive(Migrations)]
    #[migrations(path = "tests/of_rust", dialect = "sqlite", rust(handle = Ascii))]
    pub(super) struct Lossy;
}

/// What is written in Rust moves generated rows like what is written in SQL.
#[tokio::test]
async fn backfills_of_rust_are_run() {
    let proof = Prove::new(of_rust::Whole::SET).backfills().await.unwrap();
    assert_eq!(
        proof.summary, "1 migrations that move data, with 8 rows and 2 interruptions",
        "{proof}"
    );
    assert!(
        proof.notes[0].contains("its Rust code was not given rows a second time"),
        "{proof}"
    );
    let error = Prove::new(of_rust::Lossy::SET)
        .backfills()
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error
            .contains("20260103000000 move does not move every row: a verify query does not hold afterwards"),
        "{error}"
    );
    // Parts of the set keep its code.
    let prove =
        Prove::new(of_rust::Whole::SET).build(Build::newest("new").query("find", "SELECT handle FROM users"));
    for check in [Check::RoundTrip, Check::DataSurvival, Check::Builds, Check::Order] {
        prove.check(check).await.unwrap();
    }
}

/// Each build's functions come once more behind those of the others, on connections of their own.
#[tokio::test]
async fn builds_of_code_see_what_the_others_wrote() {
    let prove = |parts: i32| {
        let old = Build::at("1.0", ACCOUNT).call("share", async |pool: sqlx::PgPool| {
            sqlx::query("SELECT 100 / length(nick) FROM users")
                .fetch_all(&pool)
                .await?;
            Ok(())
        });
        let new = Build::newest("1.1").call("rename", move |pool: sqlx::PgPool| async move {
            let rename = sqlx::query("UPDATE users SET nick = repeat('a', $1)");
            rename.bind(parts).execute(&pool).await?;
            Ok(())
        });
        Prove::new(set::<Postgres>(&[
            "-- migrate:up\nCREATE TABLE users (id int NOT NULL PRIMARY KEY, nick varchar(60) NOT NULL CHECK (length(nick) > 0));\n\
             -- migrate:down\nDROP TABLE users;",
            "-- migrate:irreversible \"a test\"\n-- migrate:up\nALTER TABLE users DROP CONSTRAINT users_nick_check;",
        ]))
        .build(old)
        .build(new)
    };
    prove(5).builds().await.unwrap();
    let error = prove(0).builds().await.unwrap_err().to_string();
    assert!(
        error.contains("`share of build 1.0` fails after 20260101000001 file"),
        "{error}"
    );
    assert!(error.contains("division by zero"), "{error}");
}

/// Refusals and changes that one build could have brought about without the other are the application's own.
#[tokio::test]
async fn writes_in_turn_are_judged_by_what_is_new() {
    const NOTES: &str = "-- migrate:up\nCREATE TABLE notes (id int NOT NULL PRIMARY KEY, author int NOT NULL REFERENCES users (id));\n\
                         -- migrate:down\nDROP TABLE notes;";
    async fn body<K: TestKind>() {
        let remove = |twice: &str| format!("DELETE FROM users {twice}WHERE id = 9999");
        let old = Build::at("old", Version(ACCOUNT.0 + 1))
            // Both are given the same key, and either may come first.
            .query_with("add", "INSERT INTO users (id, name) VALUES (77, 'ada')", "")
            .query("write", "INSERT INTO notes (id, author) VALUES (78, 9999)")
            .query("remove", &remove(""));
        let new = Build::newest("new")
            .query_with(
                "add",
                "INSERT INTO users (id, name, nick) VALUES (77, 'ada', 'a')",
                "",
            )
            .query("remove", &remove("/* all of it */ "))
            .query("rename", "UPDATE users SET name = 'grace' WHERE id = 9999")
            .query("rename again", "UPDATE users SET name = 'edsger' WHERE id = 9999");
        let prove = Prove::new(set::<K>(&[USERS, NOTES, ADD]))
            .rows(ACCOUNT, "INSERT INTO users (id, name) VALUES (9999, 'alan')")
            .build(old)
            .build(new);
        let proof = prove.builds().await.unwrap();
        assert_eq!(proof.unproved, Vec::<String>::new(), "{proof}");
        assert!(
            proof.summary.starts_with("7 queries of 2 builds on 2 schemas"),
            "{proof}"
        );
    }
    on_each!(body);
}

/// A set that makes no table, of which a contract waits for nobody.
#[tokio::test]
async fn contracts_without_tables_are_proved() {
    async fn body<K: TestKind>() {
        let add = "-- migrate:change nick\n-- migrate:up\nALTER TABLE users ADD COLUMN nick varchar(60);\n\
                   -- migrate:down\nALTER TABLE users DROP COLUMN nick;";
        let remove = "-- migrate:change nick\n-- migrate:phase contract\n-- migrate:rollback data-loss=\"a test\"\n\
                      -- migrate:requires 20260101000000\n-- migrate:up\nALTER TABLE users DROP COLUMN name;\n\
                      -- migrate:down\nALTER TABLE users ADD COLUMN name varchar(60);";
        let old = Build::at("old", ACCOUNT).query("find", "SELECT id FROM users");
        let prove = Prove::new(set::<K>(&[add, remove, add_index()]))
            .prepare("CREATE TABLE users (id int NOT NULL PRIMARY KEY, name varchar(60))")
            .build(old);
        for check in Check::ALL {
            let proof = prove.check(check).await;
            assert!(
                proof.is_ok(),
                "{} on {}: {:#}",
                check.name(),
                K::DIALECT,
                proof.unwrap_err()
            );
        }
    }
    fn add_index() -> &'static str {
        "-- migrate:irreversible \"a test\"\n-- migrate:up\nCREATE INDEX users_nick ON users (nick);"
    }
    on_each!(body);
}
