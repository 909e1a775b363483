//! Taking over from other tools, with their tables as their own sources make them. `tests/adopt` does the same with the
//! tools themselves.

mod forgotten;
mod peer;

use migrate_core::change::Occurrence;
use migrate_core::source::{Options, SourceFile};
use migrate_core::{Adoption, Dialect, Layout, Migrator, Set, Tool};

use crate::kind::{Kind, version, versions};
use peer::{PEERS, Peer};

crate::on_every_database! {
    every_tool_is_taken_over
    every_edited_file_is_named
    a_renamed_file_is_noted
    what_the_set_does_not_have_is_refused
    a_migration_that_failed_is_refused
    a_missing_table_names_what_is_there
    another_table_of_that_name_is_refused
    a_table_can_be_called_otherwise
    a_gap_is_filled_out_of_order
    what_was_taken_back_stays_so
    a_native_set_takes_over
    an_empty_table_records_nothing
    many_at_once_record_once
    what_is_half_applied_is_finished_first
}

fn migrator<K: Kind>(db: &K, layout: Layout, files: &[(String, String)]) -> Migrator {
    let sources = files.iter().map(|(path, text)| SourceFile {
        path: path.clone(),
        content: Ok(text.as_bytes().to_vec()),
    });
    let options = Options {
        layout,
        rules: None,
        ..Options::new(K::DIALECT)
    };
    let set = options.read(sources.collect()).into_result();
    let set = set.unwrap_or_else(|faults| panic!("{faults}"));
    Migrator::new(db.pool(), Set::typed(set).expect("the dialect fits")).build()
}

async fn untouched<K: Kind>(db: &K) {
    assert_eq!(db.tables("_migrate_history").await, "0");
}

async fn count<K: Kind>(db: &K, table: &str) -> String {
    let text = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => "TEXT",
        _ => "CHAR",
    };
    db.value(&format!("SELECT CAST(count(*) AS {text}) FROM {table}"))
        .await
}

async fn every_tool_is_taken_over<K: Kind>() {
    for peer in &PEERS {
        let db: K = peer.applied().await;
        let migrator = peer.migrator(&db);
        let plan = migrator.adopt_plan(peer.tool).await.unwrap();
        let planned: Vec<u64> = plan.record.iter().map(|(version, _)| version.0).collect();
        assert_eq!(planned, peer.versions[..2], "{plan}");
        assert_eq!((plan.rows, plan.known, plan.pending.len()), (2, 0, 1), "{plan}");
        untouched(&db).await;

        let report = migrator.adopt(peer.tool).await.unwrap();
        assert_eq!(report.recorded, plan.record, "{report}");
        assert!(report.applied.is_empty() && report.notes.is_empty(), "{report}");
        assert_eq!(
            db.value("SELECT min(reason) FROM _migrate_history").await,
            "adopted"
        );
        assert_eq!(db.tables("posts").await, "0", "nothing runs");
        let report = migrator.adopt(peer.tool).await.unwrap();
        assert!(report.recorded.is_empty(), "{report}");
        assert_eq!(migrator.adopt_plan(peer.tool).await.unwrap().known, 2);

        let report = migrator.run().await.unwrap();
        assert_eq!(versions(&report), peer.versions[2..], "{}: {report}", peer.tool);
        assert!(!report.fresh && report.notes.is_empty(), "{report}");
        assert_eq!(count(&db, "posts").await, "0");
        assert_eq!(
            count(&db, peer.tool.table()).await,
            "2",
            "their table is left alone"
        );
        assert!(migrator.adopt(peer.tool).await.unwrap().recorded.is_empty());
        assert!(migrator.status().await.unwrap().may_serve);
        let log = migrator.events().await.unwrap();
        let recorded: Vec<_> = log
            .iter()
            .filter(|entry| entry.what == Occurrence::Recorded)
            .map(|entry| {
                (
                    entry.version.map(|version| version.0),
                    entry.figure("tool"),
                    entry.figure("table"),
                )
            })
            .collect();
        let (tool, table) = (Some(peer.tool.name()), Some(peer.tool.table()));
        let expected = peer.versions[..2]
            .iter()
            .map(|version| (Some(*version), tool, table));
        assert_eq!(recorded, expected.collect::<Vec<_>>(), "{}", peer.tool);
    }
}

async fn every_edited_file_is_named<K: Kind>() {
    for tool in [Tool::Sqlx, Tool::Refinery] {
        let peer = Peer::of(tool);
        let db: K = peer.applied().await;
        let mut files = peer.files();
        // A comment counts: the tool's checksum is over the file.
        files[0].1.push_str("-- later\n");
        let error = migrator(&db, peer.layout, &files).adopt(tool).await.unwrap_err();
        assert!(error.is_digest_mismatch(), "{error}");
        assert!(error.to_string().contains(peer.files[0]), "{error}");
        assert_eq!(error.version(), Some(version(1)));
        files[1].1 = files[1].1.replace("50", "60");
        let error = migrator(&db, peer.layout, &files).adopt(tool).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains(peer.files[0]) && text.contains(peer.files[1]),
            "{error}"
        );
        assert!(
            text.contains("2 migrations") && text.contains("baseline"),
            "{error}"
        );
        untouched(&db).await;
        // Line ends are not text.
        let mut files = peer.files();
        files[0].1 = files[0].1.replace('\n', "\r\n");
        assert_eq!(
            migrator(&db, peer.layout, &files)
                .adopt(tool)
                .await
                .unwrap()
                .recorded
                .len(),
            2
        );
    }
}

async fn a_renamed_file_is_noted<K: Kind>() {
    for tool in [Tool::Sqlx, Tool::Refinery, Tool::SeaOrm] {
        let peer = Peer::of(tool);
        let db: K = peer.applied().await;
        let mut files = peer.files();
        files[0].0 = files[0].0.replace("create_users", "make_people");
        let report = migrator(&db, peer.layout, &files).adopt(tool).await.unwrap();
        let [note] = &report.notes[..] else {
            panic!("{report}");
        };
        assert!(
            note.contains("make_people") && note.contains("create"),
            "{report}"
        );
    }
}

async fn what_the_set_does_not_have_is_refused<K: Kind>() {
    for peer in &PEERS {
        let db: K = peer.applied().await;
        let files = peer.files();
        let short = migrator(&db, peer.layout, &files[1..]);
        let error = short.adopt(peer.tool).await.unwrap_err();
        assert!(error.is_unknown_version(), "{error}");
        let first = peer.rows[0]
            .split([',', '\''])
            .find(|word| !word.is_empty())
            .unwrap_or_default();
        assert!(error.to_string().contains(first), "{error}");
        untouched(&db).await;
        // The set's own first file stands for both.
        let adoption = Adoption::of(peer.tool).baseline(version(peer.versions[1]));
        assert_eq!(short.adopt(adoption).await.unwrap().recorded.len(), 1);

        let db: K = peer.applied().await;
        let lock = format!("{} tombstone \"withdrawn\"\n", peer.versions[0]);
        let mut files = files[1..].to_vec();
        files.push(("migrations.lock".to_owned(), lock));
        let report = migrator(&db, peer.layout, &files).adopt(peer.tool).await.unwrap();
        assert_eq!(report.recorded.len(), 1, "{report}");
    }
    let db: K = Peer::of(Tool::Dbmate).applied().await;
    let unknown = Adoption::of(Tool::Dbmate).baseline(version(7));
    let error = Peer::of(Tool::Dbmate)
        .migrator(&db)
        .adopt(unknown)
        .await
        .unwrap_err();
    assert!(error.is_unknown_version(), "{error}");
}

async fn a_migration_that_failed_is_refused<K: Kind>() {
    let peer = Peer::of(Tool::Sqlx);
    let db: K = peer.applied().await;
    db.execute("UPDATE _sqlx_migrations SET success = FALSE WHERE version = 20")
        .await;
    let error = peer.migrator(&db).adopt(Tool::Sqlx).await.unwrap_err();
    assert!(
        error.is_dirty() && error.to_string().contains("20 add email"),
        "{error}"
    );
    untouched(&db).await;
}

async fn a_missing_table_names_what_is_there<K: Kind>() {
    let peer = Peer::of(Tool::Diesel);
    let db: K = peer.applied().await;
    let error = peer.migrator(&db).adopt(Tool::Sqlx).await.unwrap_err();
    let text = error.to_string();
    assert!(error.is_history() && text.contains("_sqlx_migrations"), "{error}");
    assert!(
        text.contains("__diesel_schema_migrations, which diesel makes"),
        "{error}"
    );
    let error = peer
        .migrator(&K::create().await)
        .adopt(Tool::Diesel)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("Adoption::table"), "{error}");
}

async fn another_table_of_that_name_is_refused<K: Kind>() {
    let db = K::create().await;
    db.execute("CREATE TABLE schema_migrations (version BIGINT PRIMARY KEY, dirty BOOLEAN NOT NULL)")
        .await;
    db.execute("INSERT INTO schema_migrations VALUES (20260102000000, FALSE)")
        .await;
    let error = Peer::of(Tool::Dbmate)
        .migrator(&db)
        .adopt(Tool::Dbmate)
        .await
        .unwrap_err();
    assert!(
        error.is_history() && error.to_string().contains("golang-migrate"),
        "{error}"
    );
    db.execute("CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY)")
        .await;
    let error = Peer::of(Tool::Sqlx)
        .migrator(&db)
        .adopt(Tool::Sqlx)
        .await
        .unwrap_err();
    assert!(
        error.is_history() && error.to_string().contains("the table of sqlx"),
        "{error}"
    );
    untouched(&db).await;
}

async fn a_table_can_be_called_otherwise<K: Kind>() {
    for peer in &PEERS {
        let db: K = peer.applied().await;
        db.execute(
            &format!("ALTER TABLE {} RENAME TO \"Old steps\"", peer.tool.table()).replace(
                '"',
                match K::DIALECT {
                    Dialect::Postgres | Dialect::Sqlite => "\"",
                    _ => "`",
                },
            ),
        )
        .await;
        let adoption = Adoption::of(peer.tool).table("Old steps");
        let report = peer.migrator(&db).adopt(adoption).await.unwrap();
        assert_eq!(report.recorded.len(), 2, "{report}");
    }
}

async fn a_gap_is_filled_out_of_order<K: Kind>() {
    for peer in &PEERS {
        let db = K::create().await;
        peer.make_table(&db).await;
        peer.insert(&db, peer.rows[1]).await;
        let mut files = peer.files();
        files.truncate(2);
        let migrator = migrator(&db, peer.layout, &files);
        let report = migrator.adopt(peer.tool).await.unwrap();
        assert_eq!(report.recorded.len(), 1, "{report}");
        assert!(
            report.notes[0].contains("create_users") && report.notes[0].contains("out of order"),
            "{report}"
        );
        let report = migrator.run().await.unwrap();
        assert_eq!(versions(&report), peer.versions[..1], "{report}");
    }
}

async fn what_was_taken_back_stays_so<K: Kind>() {
    let peer = Peer::of(Tool::Dbmate);
    let db: K = peer.applied().await;
    let mut files = peer.files();
    files[1]
        .1
        .push_str("-- migrate:down\nALTER TABLE users DROP COLUMN email;\n");
    let migrator = migrator(&db, peer.layout, &files[..2]);
    migrator.adopt(Tool::Dbmate).await.unwrap();
    migrator.down().await.unwrap();
    let report = migrator.adopt(Tool::Dbmate).await.unwrap();
    assert!(
        report.recorded.is_empty() && report.notes[0].contains("taken back"),
        "{report}"
    );
    assert_eq!(versions(&migrator.run().await.unwrap()), peer.versions[1..2]);
    assert_eq!(count(&db, "users WHERE email IS NULL").await, "0");
}

async fn a_native_set_takes_over<K: Kind>() {
    let sqlx = Peer::of(Tool::Sqlx);
    let db: K = sqlx.applied().await;
    db.execute("UPDATE _sqlx_migrations SET version = 20260101000001 WHERE version = 1")
        .await;
    db.execute("UPDATE _sqlx_migrations SET version = 20260102000001 WHERE version = 20")
        .await;
    let native = Peer::of(Tool::SeaOrm);
    let mut files = native.files();
    // What was applied is still known by its checksum, and what was rewritten cannot be compared.
    files[1].1 = files[1].1.replace("ADD COLUMN", "ADD");
    let report = migrator(&db, Layout::Native, &files)
        .adopt(Tool::Sqlx)
        .await
        .unwrap();
    assert_eq!(report.recorded.len(), 2, "{report}");
    let [note] = &report.notes[..] else {
        panic!("{report}");
    };
    assert!(
        note.contains("add_email") && !note.contains("create_users"),
        "{report}"
    );
}

async fn an_empty_table_records_nothing<K: Kind>() {
    for peer in &PEERS {
        let db = K::create().await;
        peer.make_table(&db).await;
        let report = peer.migrator(&db).adopt(peer.tool).await.unwrap();
        assert!(
            report.recorded.is_empty() && report.notes[0].contains("empty"),
            "{report}"
        );
        untouched(&db).await;
    }
}

/// As instances of one deployment do that adopt before each run.
async fn many_at_once_record_once<K: Kind>() {
    let peer = Peer::of(Tool::Diesel);
    let db: K = peer.applied().await;
    let start = async || {
        let migrator = peer.migrator(&db);
        let recorded = migrator.adopt(Tool::Diesel).await.unwrap().recorded.len();
        let applied = migrator.run().await.unwrap().applied.len();
        (recorded, applied)
    };
    let (a, b, c) = tokio::join!(start(), start(), start());
    assert_eq!((a.0 + b.0 + c.0, a.1 + b.1 + c.1), (2, 1));
    assert_eq!(count(&db, "_migrate_history").await, "3");
}

async fn what_is_half_applied_is_finished_first<K: Kind>() {
    let peer = Peer::of(Tool::Sqlx);
    let db: K = peer.applied().await;
    let migrator = peer.migrator(&db);
    migrator.adopt(Tool::Sqlx).await.unwrap();
    db.execute("UPDATE _migrate_history SET state = 'applying' WHERE version = 20")
        .await;
    let error = migrator.adopt(Tool::Sqlx).await.unwrap_err();
    assert!(
        error.is_dirty() && error.to_string().contains("20 add_email"),
        "{error}"
    );
}
