//! Roles that may do less than the one that migrates: what they need stands in operating.md.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use migrate_core::Migrator;
use migrate_core::backfill::BackfillState;
use migrate_core::migrator::Event;
use migrate_testkit::{MysqlDatabase, PostgresDatabase};
use sqlx::{MySqlPool, PgPool};

use crate::backfill::{EXPAND, FILL, FILLED, PEOPLE, in_use, rows, wrong};
use crate::kind::{Kind, version, versions};

crate::on_servers! {
    a_worker_that_makes_no_tables_finds_its_own
    a_fresh_database_without_backfills_has_no_tables_for_them
    a_worker_without_its_tables_says_what_to_grant
    who_makes_no_tables_applies_what_needs_none
    who_may_only_read_is_told_what_it_may_not
}

/// What a role of a service is granted on the tables that are there.
const WRITES: &str = "SELECT, INSERT, UPDATE, DELETE";

/// A database whose server knows roles.
trait Roles: Kind {
    /// What the server says of a table that may not be written.
    const DENIED: &'static str;

    /// A role that may do nothing yet, and makes no tables.
    async fn role(&self) -> String;
    /// Lets it do that with all tables that are there.
    async fn grant(&self, what: &str, role: &str);
    async fn pool_of(&self, role: &str) -> Self::Pool;
    async fn drop_role(&self, role: &str);
}

/// A name that no other test has.
fn role_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("app_{}_{count}", std::process::id())
}

impl Roles for PostgresDatabase {
    const DENIED: &'static str = "permission denied for table _migrate_";

    async fn role(&self) -> String {
        let role = role_name();
        let sql = format!("CREATE ROLE {role} LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        self.execute(&sql).await;
        role
    }

    async fn grant(&self, what: &str, role: &str) {
        let sql = format!("GRANT {what} ON ALL TABLES IN SCHEMA public TO {role}");
        self.execute(&sql).await;
    }

    async fn pool_of(&self, role: &str) -> Self::Pool {
        PgPool::connect_with(self.options().username(role))
            .await
            .expect("a connection")
    }

    async fn drop_role(&self, role: &str) {
        self.execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}"))
            .await;
    }
}

impl Roles for MysqlDatabase {
    const DENIED: &'static str = "command denied to user";

    async fn role(&self) -> String {
        let role = role_name();
        self.execute(&format!("CREATE USER {role}@'%'")).await;
        role
    }

    async fn grant(&self, what: &str, role: &str) {
        let database = self.value("SELECT CAST(DATABASE() AS CHAR)").await;
        self.execute(&format!("GRANT {what} ON `{database}`.* TO {role}@'%'"))
            .await;
    }

    async fn pool_of(&self, role: &str) -> Self::Pool {
        MySqlPool::connect_with(self.options().username(role))
            .await
            .expect("a connection")
    }

    async fn drop_role(&self, role: &str) {
        self.execute(&format!("DROP USER {role}@'%'")).await;
    }
}

/// Lets a job apply them, as the role that owns the tables.
async fn job<K: Kind>(db: &K, files: &[(&str, &str)]) {
    let job = db.migrator(files);
    let report = job.run().await.expect("a job");
    assert!(report.notes.is_empty(), "{report}");
    job.leave().await;
}

/// A service of that role, and what it tells.
async fn service<K: Roles>(
    db: &K,
    role: &str,
    files: &[(&str, &str)],
) -> (Migrator, Arc<Mutex<Vec<String>>>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&told);
    let service = Migrator::new(db.pool_of(role).await, db.set(files))
        .observer(move |event: &Event| kept.lock().expect("the events").push(event.to_string()))
        .build();
    (service, told)
}

async fn a_worker_that_makes_no_tables_finds_its_own<K: Roles>() {
    let db = K::create().await;
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, 300)).await;
    assert_eq!(db.tables("_migrate_backfills").await, "0");
    job(&db, &[PEOPLE, EXPAND, FILL]).await;
    for table in ["backfills", "parts", "failures", "rates"] {
        assert_eq!(db.tables(&format!("_migrate_{table}")).await, "1", "{table}");
    }
    let role = db.role().await;
    db.grant(WRITES, &role).await;
    let (service, told) = service(&db, &role, &[PEOPLE, EXPAND, FILL]).await;
    service.run().await.expect("a start");
    let worker = service.spawn_worker();
    for _ in 0..500 {
        let status = service.backfill(version(FILLED)).await.expect("a status");
        if status.is_some_and(|status| status.state == BackfillState::Verified) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.shutdown().await.expect("an end");
    let told = told.lock().expect("the events").join("\n");
    assert_eq!(wrong(&db).await, "0", "{told}");
    service.leave().await;
    drop(service);
    db.drop_role(&role).await;
}

async fn a_fresh_database_without_backfills_has_no_tables_for_them<K: Roles>() {
    let db = K::create().await;
    job(&db, &[PEOPLE]).await;
    assert_eq!(db.tables("_migrate_backfills").await, "0");
    job(&db, &[PEOPLE, EXPAND]).await;
    assert_eq!(db.tables("_migrate_backfills").await, "0");
    let db = K::create().await;
    job(&db, &[PEOPLE, EXPAND, FILL]).await;
    assert_eq!(db.tables("_migrate_backfills").await, "1");
}

async fn a_worker_without_its_tables_says_what_to_grant<K: Roles>() {
    let db: K = in_use(10).await;
    let role = db.role().await;
    db.grant(WRITES, &role).await;
    let (service, told) = service(&db, &role, &[PEOPLE, EXPAND, FILL]).await;
    service.run().await.expect("a start");
    let worker = service.spawn_worker();
    let heard = |what: &'static str| {
        let told = Arc::clone(&told);
        async move {
            for _ in 0..500 {
                let told = told.lock().expect("the events").join("\n");
                if told.contains(what) {
                    return told;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            panic!("{:?}", told.lock().expect("the events"));
        }
    };
    let text = heard("making of its tables was refused").await;
    for what in [
        "_migrate_parts",
        "_migrate_backfills",
        &role,
        "GRANT SELECT, INSERT, UPDATE, DELETE ON",
        "GRANT CREATE ON",
        "`migrate up`",
    ] {
        assert!(text.contains(what), "{what}: {text}");
    }
    // The job makes them, and the role may use them now.
    let next = (
        "20260104000000_next",
        "-- migrate:irreversible \"x\"\n-- migrate:up\nCREATE TABLE next (id INTEGER PRIMARY KEY);\n",
    );
    job(&db, &[PEOPLE, EXPAND, FILL, next]).await;
    db.grant(WRITES, &role).await;
    for _ in 0..500 {
        if wrong(&db).await == "0" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    worker.shutdown().await.expect("an end");
    assert_eq!(wrong(&db).await, "0");
    service.leave().await;
    drop(service);
    db.drop_role(&role).await;
}

async fn who_makes_no_tables_applies_what_needs_none<K: Roles>() {
    let db: K = in_use(10).await;
    let role = db.role().await;
    db.grant(WRITES, &role).await;
    let text =
        "-- migrate:irreversible \"x\"\n-- migrate:up\nINSERT INTO people (id, name) VALUES (77, 'x');\n";
    let more = ("20260104000000_more", text);
    let (first, _) = service(&db, &role, &[PEOPLE, EXPAND, more]).await;
    let report = first.run().await.expect("a start");
    assert_eq!(versions(&report), [20260104000000], "{report}");
    assert!(report.notes.is_empty(), "{report}");
    // What its workers miss is told by who applies.
    let again = text.replace("77", "78");
    let files = [PEOPLE, EXPAND, FILL, more, ("20260105000000_again", &*again)];
    let (second, _) = service(&db, &role, &files).await;
    let report = second.run().await.expect("a start");
    assert_eq!(versions(&report), [20260105000000], "{report}");
    let notes = report.notes.join("\n");
    assert!(
        notes.contains("the tables of backfills cannot be made") && notes.contains(&role),
        "{report}"
    );
    assert!(notes.contains("GRANT CREATE ON"), "{report}");
    for service in [first, second] {
        service.leave().await;
    }
    db.drop_role(&role).await;
}

async fn who_may_only_read_is_told_what_it_may_not<K: Roles>() {
    let db: K = in_use(10).await;
    let role = db.role().await;
    db.grant("SELECT", &role).await;
    let files = [
        PEOPLE,
        EXPAND,
        (
            "20260104000000_more",
            "-- migrate:irreversible \"x\"\n-- migrate:up\nINSERT INTO people (id, name) VALUES (77, 'x');\n",
        ),
    ];
    let (reader, _) = service(&db, &role, &files).await;
    for error in [reader.run().await.unwrap_err(), reader.down().await.unwrap_err()] {
        let text = error.to_string();
        assert!(text.contains(K::DENIED), "{text}");
        assert!(!text.contains("cannot be made"), "{text}");
    }
    reader.leave().await;
    drop(reader);
    db.drop_role(&role).await;
}
