//! Databases whose server tells what its connections do.

use migrate_testkit::{MysqlDatabase, PostgresDatabase};

use crate::kind::Kind;

pub(super) trait Served: Kind {
    /// What ends a connection.
    const END: &'static str;

    /// The query of a connection that waits for a lock; with MySQL and MariaDB by the text of its statement, as LIKE takes
    /// it.
    fn waiting(statement: &str) -> String;
}

impl Served for PostgresDatabase {
    const END: &'static str = "SELECT pg_terminate_backend({})";

    fn waiting(_: &str) -> String {
        "SELECT coalesce(max(pid)::text, '') FROM pg_stat_activity \
         WHERE datname = current_database() AND wait_event_type = 'Lock'"
            .to_owned()
    }
}

impl Served for MysqlDatabase {
    const END: &'static str = "KILL CONNECTION {}";

    fn waiting(statement: &str) -> String {
        // What InnoDB tells of its waits is renewed only while nobody asks. MySQL knows the time in seconds only.
        let long = match cfg!(feature = "mysql-server") {
            true => "time > 0",
            false => "time_ms > 200",
        };
        format!(
            "SELECT COALESCE(CAST(MAX(id) AS CHAR), '') FROM information_schema.processlist \
             WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command <> 'Sleep' AND info LIKE '{statement}' AND {long}"
        )
    }
}
