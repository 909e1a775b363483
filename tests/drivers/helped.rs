//! What errors say of the way on, and whether that way is one.

use migrate_core::source::{Options, SourceFile};
use migrate_core::{Dialect, Migrator, Policy, Set};
use migrate_testkit::{PostgresDatabase, SqliteDatabase};

use crate::kind::{Kind, version, versions};

crate::on_every_database! {
    the_newest_edited_draft_is_redone
    an_older_edited_draft_is_redone_under_the_development_policy
    what_neither_does_is_not_offered
    a_renamed_file_is_recognised
    a_file_that_replaces_another_is_not_renamed
}

const USERS: (&str, &str) = (
    "20260101000000_users",
    "-- migrate:up\nCREATE TABLE users (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE users;\n",
);
const POSTS: (&str, &str) = (
    "20260102000000_posts",
    "-- migrate:up\nCREATE TABLE posts (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE posts;\n",
);
/// With a column more.
const EDITED: &str = "-- migrate:up\nCREATE TABLE posts (id INTEGER PRIMARY KEY, title VARCHAR(40));\n\
                      -- migrate:down\nDROP TABLE posts;\n";

async fn the_newest_edited_draft_is_redone<K: Kind>() {
    let db = K::create().await;
    db.ran(&[USERS, POSTS]).await;
    let edited = db.migrator(&[USERS, (POSTS.0, EDITED)]);
    let error = edited.run().await.unwrap_err();
    assert!(error.is_digest_mismatch(), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("`migrate redo`") && text.contains("`repair`"),
        "{text}"
    );
    edited.redo().await.unwrap();
    db.execute("UPDATE posts SET title = 'here'").await;
    assert!(edited.run().await.unwrap().applied.is_empty());
}

async fn an_older_edited_draft_is_redone_under_the_development_policy<K: Kind>() {
    let db = K::create().await;
    db.ran(&[POSTS, ("20260103000000_users", USERS.1)]).await;
    let files = [(POSTS.0, EDITED), ("20260103000000_users", USERS.1)];
    let error = db.migrator(&files).run().await.unwrap_err();
    let text = error.to_string();
    assert!(
        error.is_digest_mismatch() && text.contains("`migrate up --development`"),
        "{text}"
    );
    assert!(!text.contains("`migrate redo`"), "{text}");
    let developer = db.developer(&files);
    developer.choose_policy(Policy::Development).await.unwrap();
    let report = developer.run().await.unwrap();
    assert_eq!(versions(&report), [20260102000000, 20260103000000], "{report}");
    db.execute("UPDATE posts SET title = 'here'").await;
}

async fn what_neither_does_is_not_offered<K: Kind>() {
    // One that cannot be taken back, one that never ran, and one that is released.
    let irreversible =
        "-- migrate:irreversible \"test\"\n-- migrate:up\nCREATE TABLE posts (id INTEGER PRIMARY KEY);\n";
    let db = K::create().await;
    db.ran(&[(POSTS.0, irreversible)]).await;
    let edited = irreversible.replace("KEY)", "KEY, title VARCHAR(40))");
    not_offered(&db.migrator(&[(POSTS.0, &edited)])).await;

    let db = K::create().await;
    db.migrator(&[POSTS])
        .baseline(version(20260102000000))
        .await
        .unwrap();
    not_offered(&db.migrator(&[(POSTS.0, EDITED)])).await;

    // What is applied behind it and has no way back keeps it from being redone.
    let db = K::create().await;
    let last = irreversible.replace("posts", "last");
    db.ran(&[POSTS, ("20260103000000_last", &last)]).await;
    not_offered(&db.migrator(&[(POSTS.0, EDITED), ("20260103000000_last", &last)])).await;
}

async fn not_offered(migrator: &Migrator) {
    let error = migrator.run().await.unwrap_err();
    let text = error.to_string();
    assert!(error.is_digest_mismatch() && text.contains("`repair`"), "{text}");
    assert!(
        !text.contains("redo") && !text.contains("--development"),
        "{text}"
    );
}

async fn a_renamed_file_is_recognised<K: Kind>() {
    for text in [POSTS.1, EDITED] {
        let db = K::create().await;
        db.ran(&[USERS, POSTS]).await;
        let renamed = db.migrator(&[USERS, ("20260103000000_posts", text)]);
        let told = "was the file of 20260103000000 posts renamed? 20260102000000 posts is applied";
        let plan = renamed.plan().await.unwrap();
        assert!(plan.notes.iter().any(|note| note.starts_with(told)), "{plan:?}");
        let status = renamed.status().await.unwrap();
        assert!(status.notes.iter().any(|note| note.starts_with(told)), "{status}");
        let error = renamed.run().await.unwrap_err();
        let shown = error.to_string();
        assert!(error.is_statement() && shown.contains(told), "{shown}");
        let how = if text == EDITED {
            "with another text"
        } else {
            "with the same text"
        };
        assert!(shown.contains(how), "{shown}");
    }
}

async fn a_file_that_replaces_another_is_not_renamed<K: Kind>() {
    let db = K::create().await;
    db.ran(&[USERS, POSTS]).await;
    let next = POSTS.1.replace("posts", "comments");
    let files = [USERS, POSTS, ("20260103000000_posts", &*next)];
    let report = db.migrator(&files).run().await.unwrap();
    assert!(report.notes.is_empty(), "{report}");
    // Another build has it, under another name and with another text.
    let next = next.replace("comments", "tags");
    let report = db
        .migrator(&[USERS, ("20260104000000_tags", &next)])
        .run()
        .await
        .unwrap();
    assert!(
        !report.notes.iter().any(|note| note.contains("renamed")),
        "{report}"
    );
}

/// Statements that commit one by one, of which the second is refused.
async fn stopped_half_way<K: Kind>(db: &K, files: &[(&str, &str)]) {
    db.ran(&[USERS]).await;
    let migrator = db.migrator(files);
    for _ in 0..2 {
        let error = migrator.run().await.unwrap_err();
        let status = migrator.status().await.unwrap();
        let help = status
            .lines
            .iter()
            .find_map(|line| Some(line.failed.as_ref()?.help.clone()));
        let help = help.unwrap();
        assert!(help.contains("goes on with statement 2"), "{help}");
        assert!(
            error.is_statement() && error.to_string().contains(&help),
            "{error}"
        );
    }
}

#[test]
fn the_way_on_is_told_at_once() {
    crate::run(async {
        let db = <migrate_testkit::MysqlDatabase as Kind>::create().await;
        let text = "-- migrate:irreversible \"test\"\n-- migrate:up\nCREATE TABLE a (id INTEGER PRIMARY KEY);\n\
                    CREATE TABLE users (id INTEGER PRIMARY KEY);\nCREATE TABLE c (id INTEGER PRIMARY KEY);\n";
        stopped_half_way(&db, &[USERS, ("20260102000000_three", text)]).await;
        let db = <PostgresDatabase as Kind>::create().await;
        let text = "-- migrate:irreversible \"test\"\n-- migrate:transaction off\n-- migrate:up\n\
                    CREATE INDEX CONCURRENTLY a ON users (id);\nCREATE INDEX CONCURRENTLY b ON users (nothing);\n\
                    CREATE INDEX CONCURRENTLY c ON users (id);\n";
        stopped_half_way(&db, &[USERS, ("20260102000000_three", text)]).await;
    });
}

#[test]
fn a_read_only_file_is_named() {
    crate::run(async {
        for before in [&[][..], &[USERS]] {
            let db = <SqliteDatabase as Kind>::create().await;
            if !before.is_empty() {
                db.ran(before).await;
            }
            let options = db.pool().connect_options().as_ref().clone();
            let file = options.get_filename().display().to_string();
            let pool = sqlx::SqlitePool::connect_with(options.read_only(true))
                .await
                .unwrap();
            let error = Migrator::new(pool, db.set(&[USERS, POSTS]))
                .build()
                .run()
                .await
                .unwrap_err();
            let text = error.to_string();
            assert!(text.contains(&format!("the file {file} is read-only")), "{text}");
            assert!(text.contains("`mode=ro`"), "{text}");
        }
    });
}

#[test]
fn a_file_that_is_no_longer_there_is_named() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        db.ran(&[USERS]).await;
        let options = db.pool().connect_options().as_ref().clone();
        let file = options.get_filename().to_owned();
        let one = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
        let pool = one.connect_with(options).await.unwrap();
        // What is given back is idle a moment later.
        while pool.num_idle() == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        std::fs::rename(&file, file.with_extension("moved")).unwrap();
        let error = Migrator::new(pool.clone(), db.set(&[USERS, POSTS]))
            .build()
            .run()
            .await
            .unwrap_err();
        std::fs::rename(file.with_extension("moved"), &file).unwrap();
        let text = error.to_string();
        assert!(
            text.contains(&format!("the file {} was moved", file.display())),
            "{text}"
        );
        assert!(!text.contains("mode=ro"), "{text}");
    });
}

/// `redo` takes back what is released as well; that is nothing to offer.
#[test]
fn a_released_file_is_not_redone() {
    crate::run(async {
        let db = <SqliteDatabase as Kind>::create().await;
        db.ran(&[POSTS]).await;
        let file = |path: &str, text: &str| SourceFile {
            path: path.to_owned(),
            content: Ok(text.as_bytes().to_vec()),
        };
        let options = Options {
            rules: None,
            ..Options::new(Dialect::Sqlite)
        };
        let mut set = options
            .read(vec![file(&format!("{}.sql", POSTS.0), EDITED)])
            .into_result()
            .unwrap();
        let mut migrations = set.migrations.to_vec();
        migrations[0].released = true;
        set.migrations = migrations.into();
        not_offered(
            &Migrator::new(
                db.pool().clone(),
                Set::<migrate_core::Sqlite>::typed(set).unwrap(),
            )
            .build(),
        )
        .await;
    });
}
