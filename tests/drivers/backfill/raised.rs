//! What a database says of a batch, and what becomes of the backfill: what may pass is tried again, what would be the same
//! again blocks it with its words. A trigger says it, so that each server says what no test could bring about.

#[cfg(not(feature = "mysql-server"))]
use migrate_testkit::MysqlDatabase;
use migrate_testkit::PostgresDatabase;

use super::*;

/// The code, what the trigger says, how often it says so, and the part of the reason where it blocks the backfill.
type Raised = (&'static str, &'static str, u32, Option<&'static str>);

const POSTGRES: &[Raised] = &[
    ("40001", "could not serialize access", 3, None),
    ("40P01", "deadlock detected", 3, None),
    ("55P03", "canceling statement due to lock timeout", 2, None),
    ("57014", "canceling statement due to statement timeout", 2, None),
    (
        "53100",
        "could not extend file: No space left on device",
        1_000,
        Some("No space left on device"),
    ),
    ("53200", "out of memory", 1_000, Some("out of memory")),
    (
        "42501",
        "permission denied for table people",
        1_000,
        Some("permission denied for table people"),
    ),
    (
        "25006",
        "cannot execute UPDATE in a read-only transaction",
        1_000,
        Some("in a read-only transaction"),
    ),
];

/// The number of the error goes with them. MySQL has no sequences.
#[cfg(not(feature = "mysql-server"))]
const MARIADB: &[Raised] = &[
    ("1213", "Deadlock found when trying to get lock", 3, None),
    ("1205", "Lock wait timeout exceeded", 2, None),
    (
        "1969",
        "Query execution was interrupted (max_statement_time exceeded)",
        2,
        None,
    ),
    (
        "1114",
        "The table 'people' is full",
        1_000,
        Some("The table 'people' is full"),
    ),
    (
        "1021",
        "Disk full (/var); waiting for someone to free some space",
        1_000,
        Some("Disk full"),
    ),
    (
        "1290",
        "The server is running with the --read-only option",
        1_000,
        Some("--read-only option"),
    ),
];

async fn check<K: Kind>(cases: &[Raised], trigger: impl Fn(&Raised) -> Vec<String>, drop: &str) {
    for case in cases {
        let (code, said, _, blocks) = case;
        let db: K = in_use(30).await;
        for sql in trigger(case) {
            db.execute(&sql).await;
        }
        let migrator = Migrator::new(db.pool(), db.set(&[PEOPLE, EXPAND, FILL])).build();
        let moved = migrator.run_to_completion().await;
        match blocks {
            None => {
                moved.unwrap_or_else(|error| panic!("{code} {said}: {error}"));
            }
            Some(part) => {
                let error = moved.expect_err(said).to_string();
                let status = filled(&migrator).await;
                assert_eq!(
                    (status.state, status.changed),
                    (BackfillState::Blocked, 0),
                    "{code}: {error}"
                );
                let reason = status.reason.expect("a reason");
                for part in [part, "20260103000000_fill.sql", "backfill resume 20260103000000"] {
                    assert!(reason.contains(part), "{code}: `{part}` is not in {reason}");
                }
                db.execute(drop).await;
                migrator.resume(version(FILLED)).await.expect("to go on");
                migrator.run_to_completion().await.expect("the rest");
            }
        }
        let status = filled(&migrator).await;
        assert_eq!(
            (status.state, status.visited, status.changed),
            (BackfillState::Verified, 30, 30),
            "{code}"
        );
        assert_eq!(wrong(&db).await, "0", "{code}");
    }
}

#[test]
fn postgres() {
    crate::run(check::<PostgresDatabase>(
        POSTGRES,
        |(code, said, times, _)| {
            // What a sequence gave stays given when the transaction is undone.
            vec![format!(
                "CREATE SEQUENCE tries; CREATE FUNCTION raise_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF NEW.id = 5 AND nextval('tries') <= {times} THEN RAISE EXCEPTION '{said}' USING ERRCODE = '{code}'; END IF; \
                 RETURN NEW; END $$; \
                 CREATE TRIGGER raised BEFORE UPDATE ON people FOR EACH ROW EXECUTE PROCEDURE raise_it()"
            )]
        },
        "DROP TRIGGER raised ON people",
    ));
}

#[cfg(not(feature = "mysql-server"))]
#[test]
fn mariadb() {
    crate::run(check::<MysqlDatabase>(
        MARIADB,
        |(code, said, times, _)| {
            let said = said.replace('\'', "''");
            vec![
                "CREATE SEQUENCE tries NOCACHE".to_owned(),
                format!(
                    "CREATE TRIGGER raised BEFORE UPDATE ON people FOR EACH ROW BEGIN \
                     IF NEW.id = 5 AND NEXTVAL(tries) <= {times} THEN \
                     SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = {code}, MESSAGE_TEXT = '{said}'; END IF; END"
                ),
            ]
        },
        "DROP TRIGGER raised",
    ));
}
