//! Copies of which triggers keep both sides equal: rows that came apart behind their back.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

crate::on_every_database! {
    what_follows_from_either_side_is_left
    a_repair_goes_to_no_other_table
    writers_of_both_sides_lose_no_write
}

const SYNC: (&str, &str) = (
    "20260102000000_names",
    "-- migrate:change names\n\
     -- migrate:sync people.(name) <-> names.(label) on (people.id = names.person) rows (people, names) \
     using (lower(name)) <- using (label)\n-- migrate:up\n\
     CREATE TABLE names (person INTEGER PRIMARY KEY, label VARCHAR(50));\n-- migrate:down\nDROP TABLE names;\n",
);

/// People with a capital letter, each with a name: what is written back to them would have none.
async fn synced<K: Kind>(count: u32) -> (K, Migrator) {
    let db = K::create().await;
    let copy = "INSERT INTO names (person, label) SELECT p.id, lower(p.name) FROM people p";
    let copy = match K::DIALECT {
        Dialect::Postgres | Dialect::Sqlite => format!("{copy} WHERE 1 = 1 ON CONFLICT (person) DO NOTHING"),
        _ => copy.replace("INSERT INTO", "INSERT IGNORE INTO"),
    };
    let fill = fill(&copy);
    db.ran(&[PEOPLE]).await;
    db.execute(&rows(1, count).replace("'name ", "'Name ")).await;
    let files = [PEOPLE, SYNC, (FILL.0, &*fill)];
    db.ran(&files[..2]).await;
    let migrator = db.migrator(&files);
    migrator.run_to_completion().await.expect("a backfill");
    (db, migrator)
}

/// Writes what no trigger sees.
pub(in crate::backfill) async fn quietly<K: Kind>(db: &K, statements: &[&str]) {
    let all = statements.join("; ");
    let (there, drops) = match K::DIALECT {
        Dialect::Postgres => {
            db.execute(&format!(
                "SET session_replication_role = replica; {all}; SET session_replication_role = DEFAULT"
            ))
            .await;
            return;
        }
        Dialect::Sqlite => (
            "SELECT group_concat(sql, char(1)) FROM sqlite_schema WHERE type = 'trigger'",
            "SELECT group_concat('DROP TRIGGER \"' || name || '\"', char(1)) FROM sqlite_schema WHERE type = 'trigger'",
        ),
        _ => (
            "SET SESSION group_concat_max_len = 1000000; SELECT GROUP_CONCAT(CONCAT('CREATE TRIGGER `', trigger_name, '` ', action_timing, ' ', event_manipulation, \
             ' ON `', event_object_table, '` FOR EACH ROW ', action_statement) SEPARATOR '\u{1}') \
             FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
            "SET SESSION group_concat_max_len = 1000000; SELECT GROUP_CONCAT(CONCAT('DROP TRIGGER `', trigger_name, '`') SEPARATOR '\u{1}') \
             FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
        ),
    };
    let (there, drops) = (db.value(there).await, db.value(drops).await);
    if K::DIALECT == Dialect::Sqlite {
        // Another connection of the pool may take a trigger for one that is still there.
        let [drops, there] = [drops, there].map(|sql| sql.replace('\u{1}', "; "));
        db.execute(&format!("BEGIN IMMEDIATE; {drops}; {all}; {there}; COMMIT"))
            .await;
        return;
    }
    for sql in drops.split('\u{1}') {
        db.execute(sql).await;
    }
    for sql in statements {
        db.execute(sql).await;
    }
    for sql in there.split('\u{1}') {
        db.execute(sql).await;
    }
}

async fn what_follows_from_either_side_is_left<K: Kind>() {
    let (db, migrator): (K, _) = synced(20).await;
    // Of the new build, with its own capital letter.
    db.execute("UPDATE names SET label = 'Ada' WHERE person = 5")
        .await;
    assert_eq!(db.value("SELECT name FROM people WHERE id = 5").await, "Ada");
    quietly(
        &db,
        &[
            "UPDATE names SET label = 'Ada' WHERE person = 6",
            "DELETE FROM names WHERE person = 7",
            "DELETE FROM people WHERE id = 8",
            "UPDATE names SET label = NULL WHERE person = 9",
        ],
    )
    .await;
    let repair = repaired(&migrator).await;
    assert_eq!(keys(&repair.found.missing).1, ["7"], "{repair}");
    assert_eq!(keys(&repair.found.differing).1, ["6", "9"], "{repair}");
    assert_eq!(keys(&repair.found.extra).1, ["8"], "{repair}");
    assert_eq!((repair.inserted, repair.updated), (1, 2), "{repair}");
    let pair = async |id: u32| {
        let name = db
            .value(&format!(
                "SELECT COALESCE(MAX(name), '-') FROM people WHERE id = {id}"
            ))
            .await;
        let label = db
            .value(&format!(
                "SELECT COALESCE(MAX(label), '-') FROM names WHERE person = {id}"
            ))
            .await;
        (name, label)
    };
    let own = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(pair(5).await, own("Ada", "Ada"));
    // The source is as it was: nothing was written back.
    assert_eq!(pair(6).await, own("Name 6", "name 6"));
    assert_eq!(pair(7).await, own("Name 7", "name 7"));
    assert_eq!(pair(8).await, own("-", "name 8"));
    assert_eq!(pair(9).await, own("Name 9", "name 9"));
    assert_eq!(repair.state, BackfillState::Blocked, "{repair}");
    // As it is told: a DELETE by hand.
    db.execute("DELETE FROM names WHERE person = 8").await;
    assert_eq!(repaired(&migrator).await.state, BackfillState::Verified);
}

/// Rows that refer to the other table with ON DELETE CASCADE are still there: nothing was deleted on the way.
async fn a_repair_goes_to_no_other_table<K: Kind>() {
    let (db, migrator): (K, _) = synced(5).await;
    db.execute(
        "CREATE TABLE letters (id INTEGER PRIMARY KEY, person INTEGER, \
         FOREIGN KEY (person) REFERENCES names (person) ON DELETE CASCADE)",
    )
    .await;
    db.execute("INSERT INTO letters VALUES (1, 1), (2, 2)").await;
    quietly(&db, &["UPDATE names SET label = 'x' WHERE person IN (1, 2)"]).await;
    let repair = repaired(&migrator).await;
    assert_eq!(
        (repair.updated, repair.state),
        (2, BackfillState::Verified),
        "{repair}"
    );
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    let letters = db
        .value(&format!("SELECT CAST(count(*) AS {text}) FROM letters"))
        .await;
    assert_eq!(letters, "2");
}

/// Repeats a statement that a deadlock ended, as applications do.
async fn insist<K: Kind>(db: &K, sql: &str) {
    for _ in 0..1000 {
        match db.attempt(sql).await {
            Ok(()) => return,
            Err(error) if error.to_string().to_lowercase().contains("deadlock") => {}
            Err(error) => panic!("{sql}: {error}"),
        }
    }
    panic!("{sql}: never went through");
}

/// The old build writes to rows 1 to 20, the new one to 21 to 40, and all of them are broken meanwhile.
async fn writers_of_both_sides_lose_no_write<K: Kind>() {
    let (db, migrator): (K, _) = synced(40).await;
    quietly(
        &db,
        &[
            "UPDATE names SET label = 'x' WHERE person IN (1, 2, 3, 4, 5, 21, 22, 23, 24, 25)",
            "DELETE FROM names WHERE person IN (6, 7, 8, 9, 10)",
        ],
    )
    .await;
    let over = AtomicBool::new(false);
    let writer = async |table: &str, key: &str, column: &str, first: u32| {
        let mut written = 0;
        while !over.load(Ordering::Relaxed) || written < 3 {
            for id in first..first + 20 {
                let sql = format!("UPDATE {table} SET {column} = 'W{written}' WHERE {key} = {id}");
                insist(&db, &sql).await;
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
            // Rows are at rest for long enough to be seen.
            tokio::time::sleep(Duration::from_millis(900)).await;
            written += 1;
        }
        written - 1
    };
    let repairs = async {
        for _ in 0..3 {
            migrator.repair_rows(version(FILLED)).await.expect("a repair");
        }
        over.store(true, Ordering::Relaxed);
    };
    let (old, new, ()) = tokio::join!(
        writer("people", "id", "name", 1),
        writer("names", "person", "label", 21),
        repairs
    );
    let repair = repaired(&migrator).await;
    assert_eq!(repair.state, BackfillState::Verified, "{repair}");
    let text = if K::DIALECT.is_mysql_family() {
        "CHAR"
    } else {
        "TEXT"
    };
    let count = async |condition: String| {
        db.value(&format!(
            "SELECT CAST(count(*) AS {text}) FROM people p JOIN names n ON p.id = n.person WHERE {condition}"
        ))
        .await
    };
    assert_eq!(
        count(format!("p.id <= 20 AND p.name = 'W{old}' AND n.label = 'w{old}'")).await,
        "20"
    );
    assert_eq!(
        count(format!("p.id > 20 AND p.name = 'W{new}' AND n.label = 'W{new}'")).await,
        "20"
    );
}
