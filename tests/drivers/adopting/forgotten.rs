//! A set that meets the table of another tool and has no history: `adopt` was forgotten, or it is none of its own.

use migrate_core::{Layout, Migrator, Set, Tool};

use super::peer::{PEERS, Peer};
use super::{count, migrator, untouched};
use crate::kind::{Kind, version, versions};

crate::on_every_database! {
    nothing_runs_a_second_time
    a_failed_one_counts_too
    what_it_did_not_apply_is_applied
    what_is_not_its_table_says_nothing
    an_ignored_tool_says_nothing
    what_another_set_adopted_says_nothing
    a_mistyped_name_is_told
}

async fn nothing_runs_a_second_time<K: Kind>() {
    for peer in &PEERS {
        let db: K = peer.applied().await;
        let migrator = peer.migrator(&db);
        let told = format!("{} applied 2 of these migrations to this database", peer.tool);
        let way = format!("migrate adopt --from {}", peer.tool);
        for error in [
            migrator.run().await.unwrap_err(),
            migrator.run_to_completion().await.unwrap_err(),
            migrator.up_to(version(peer.versions[2])).await.unwrap_err(),
            migrator.plan().await.unwrap_err(),
            migrator.dry_run().await.unwrap_err(),
        ] {
            assert!(error.is_not_adopted(), "{error}");
            let text = error.to_string();
            assert!(text.starts_with(&told) && text.contains(&way), "{text}");
            assert!(
                text.contains(peer.tool.table()) && text.contains("add_email"),
                "{text}"
            );
        }
        let status = migrator.status().await.unwrap();
        assert!(!status.may_serve, "{status}");
        assert!(status.fault.as_ref().unwrap().starts_with(&told), "{status}");
        untouched(&db).await;
        assert_eq!(db.tables("posts").await, "0");

        migrator.adopt(peer.tool).await.unwrap();
        assert_eq!(versions(&migrator.run().await.unwrap()), peer.versions[2..]);
        assert_eq!(migrator.status().await.unwrap().fault, None);
        // Whatever its table says, our history is the one that counts from now on.
        migrator.plan().await.unwrap();
    }
}

async fn a_failed_one_counts_too<K: Kind>() {
    let peer = Peer::of(Tool::Sqlx);
    let db: K = peer.applied().await;
    db.execute("DELETE FROM _sqlx_migrations WHERE version = 1").await;
    db.execute("UPDATE _sqlx_migrations SET success = FALSE").await;
    let error = peer.migrator(&db).run().await.unwrap_err();
    assert!(error.is_not_adopted(), "{error}");
    assert!(
        error.to_string().starts_with("sqlx applied 1 of these"),
        "{error}"
    );
    untouched(&db).await;
}

async fn what_it_did_not_apply_is_applied<K: Kind>() {
    for peer in &PEERS {
        let db: K = peer.applied().await;
        let migrator = migrator(&db, peer.layout, &peer.files()[2..]);
        assert_eq!(migrator.status().await.unwrap().fault, None);
        assert_eq!(versions(&migrator.run().await.unwrap()), peer.versions[2..]);
    }
}

async fn what_is_not_its_table_says_nothing<K: Kind>() {
    let db = K::create().await;
    // That of golang-migrate.
    db.execute("CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, dirty BOOLEAN NOT NULL)")
        .await;
    db.execute("INSERT INTO schema_migrations VALUES (20260102000000, FALSE)")
        .await;
    db.execute("CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY)")
        .await;
    db.execute("INSERT INTO _sqlx_migrations VALUES (20260102000000)")
        .await;
    let report = Peer::of(Tool::Dbmate).migrator(&db).run().await.unwrap();
    assert!(report.fresh && report.applied.len() == 3, "{report}");
}

/// Files of ours that have the versions of dbmate's.
const OURS: [(&str, &str); 2] = [
    (
        "20260101000000_a",
        "-- migrate:irreversible \"none\"\n-- migrate:up\nCREATE TABLE a (id INTEGER PRIMARY KEY);\n",
    ),
    (
        "20260102000000_b",
        "-- migrate:irreversible \"none\"\n-- migrate:up\nCREATE TABLE b (id INTEGER PRIMARY KEY);\n",
    ),
];

async fn an_ignored_tool_says_nothing<K: Kind>() {
    let db: K = Peer::of(Tool::Dbmate).applied().await;
    let error = db.migrator(&OURS).run().await.unwrap_err();
    assert!(
        error.is_not_adopted() && error.to_string().contains("--ignore-tool dbmate"),
        "{error}"
    );
    let ignoring = |tool| Migrator::new(db.pool(), db.set(&OURS)).ignore_tool(tool).build();
    assert!(ignoring(Tool::Sqlx).run().await.unwrap_err().is_not_adopted());
    assert_eq!(ignoring(Tool::Dbmate).run().await.unwrap().applied.len(), 2);
}

async fn what_another_set_adopted_says_nothing<K: Kind>() {
    let peer = Peer::of(Tool::Dbmate);
    let db: K = peer.applied().await;
    peer.migrator(&db).adopt(Tool::Dbmate).await.unwrap();
    let jobs = Migrator::new(db.pool(), db.set(&OURS)).set_name("jobs").build();
    assert_eq!(jobs.run().await.unwrap().applied.len(), 2);
}

async fn a_mistyped_name_is_told<K: Kind>() {
    let db = K::create().await;
    db.migrator(&OURS).run().await.unwrap();
    let mistyped = Migrator::new(db.pool(), db.set(&OURS)).set_name("man").build();
    let told = "there is no history of the set `man` here, and of its 2 versions the set `main` has 2 in the same tables";
    let plan = mistyped.plan().await.unwrap();
    assert!(plan.notes.iter().any(|note| note.starts_with(told)), "{plan:?}");
    let status = mistyped.status().await.unwrap();
    assert!(status.notes.iter().any(|note| note.starts_with(told)), "{status}");
    let error = mistyped.run().await.unwrap_err();
    let text = error.to_string();
    assert!(error.is_statement() && text.contains(told), "{text}");
    assert!(text.contains("`--set`"), "{text}");
    assert_eq!(count(&db, "_migrate_history WHERE set_name = 'main'").await, "2");
}

/// A role that may not read the table goes on as it did.
#[test]
fn a_table_that_may_not_be_read_says_nothing() {
    crate::run(async {
        let peer = Peer::of(Tool::Sqlx);
        let db: migrate_testkit::PostgresDatabase = peer.applied().await;
        let role = format!("{}_reader", db.value("SELECT current_database()::text").await);
        for sql in [
            format!("CREATE ROLE \"{role}\""),
            format!("GRANT ALL ON SCHEMA public TO \"{role}\""),
        ] {
            db.execute(&sql).await;
        }
        let options = db.pool().connect_options().as_ref().clone();
        let pool = sqlx::postgres::PgPoolOptions::new()
            .max_connections(4)
            .connect_with(options.options([("role", &*role)]))
            .await
            .unwrap();
        let mut files = peer.files();
        files[0].1 = "SELECT 1;\n".to_owned();
        files[1].1 = "SELECT 2;\n".to_owned();
        let sources = files.iter().map(|(path, text)| migrate_core::source::SourceFile {
            path: path.clone(),
            content: Ok(text.as_bytes().to_vec()),
        });
        let options = migrate_core::source::Options {
            layout: Layout::Sqlx,
            rules: None,
            ..migrate_core::source::Options::new(migrate_core::Dialect::Postgres)
        };
        let set = options.read(sources.collect()).into_result().unwrap();
        let set = Set::<migrate_core::Postgres>::typed(set).unwrap();
        let report = Migrator::new(pool.clone(), set).build().run().await.unwrap();
        assert_eq!(versions(&report), peer.versions, "{report}");
        pool.close().await;
        db.execute(&format!("DROP OWNED BY \"{role}\"; DROP ROLE \"{role}\""))
            .await;
    });
}

/// Neither a schema nor a table is made by who only looks.
#[test]
fn a_look_makes_no_schema() {
    crate::run(async {
        let peer = Peer::of(Tool::Dbmate);
        let db: migrate_testkit::PostgresDatabase = peer.applied().await;
        let elsewhere = || Migrator::new(Kind::pool(&db), db.set(&OURS)).schema("elsewhere");
        let migrator = elsewhere().build();
        assert!(migrator.status().await.unwrap().fault.is_some());
        assert!(migrator.plan().await.unwrap_err().is_not_adopted());
        assert!(migrator.dry_run().await.unwrap_err().is_not_adopted());
        let ignoring = elsewhere().ignore_tool(Tool::Dbmate).build();
        assert_eq!(ignoring.plan().await.unwrap().steps.len(), 2);
        assert!(ignoring.status().await.unwrap().notes.is_empty());
        let made = "SELECT count(*)::text FROM pg_namespace WHERE nspname = 'elsewhere'";
        assert_eq!(db.value(made).await, "0");
    });
}
