//! Builds as code, and data that is moved.

use migrate_core::Sqlite;
use migrate_testkit::{Build, Prove, TestKind};

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
