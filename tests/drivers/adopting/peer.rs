//! Each tool's files, and what its table looks like when the first two of them are applied.

use migrate_core::{Dialect, Layout, Migrator, Tool};

use super::migrator;
use crate::kind::Kind;

pub(super) const USERS: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50));\n";
pub(super) const EMAIL: &str = "ALTER TABLE users ADD COLUMN email VARCHAR(50);\n";
pub(super) const POSTS: &str = "CREATE TABLE posts (id INTEGER PRIMARY KEY);\n";

/// A tool whose table says that the first two of its three files are applied.
pub(super) struct Peer {
    pub(super) tool: Tool,
    pub(super) layout: Layout,
    pub(super) files: [&'static str; 3],
    /// Its table on PostgreSQL, SQLite and MariaDB.
    pub(super) tables: [&'static str; 3],
    /// The columns of its rows, and two rows.
    pub(super) columns: &'static str,
    pub(super) rows: [&'static str; 2],
    pub(super) versions: [u64; 3],
}

/// The SHA-384 of `USERS` and `EMAIL`.
const SHA_384: [&str; 2] = [
    "218323f860fa397ccd1aa052eb9981c5e58b9718b514178d33c1ece5b523d1445dde0565a86ea64dffe4c58fdd508e6f",
    "f866671685be1ee2e30a47c977d197d0183f3dfb6112cc318d0c262ee300181200b751e32dde02911b50887e9fcd6c66",
];

const REFINERY_TABLE: &str = "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name VARCHAR(255), \
                              applied_on VARCHAR(255), checksum VARCHAR(255))";

const DIESEL_TABLE: &str = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
                            run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)";

pub(super) const PEERS: [Peer; 5] = [
    Peer {
        tool: Tool::Sqlx,
        layout: Layout::Sqlx,
        files: [
            "1_create_users.sql",
            "0020_add_email.up.sql",
            "300_create_posts.sql",
        ],
        tables: [
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, \
             execution_time BIGINT NOT NULL)",
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
             execution_time BIGINT NOT NULL)",
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, \
             execution_time BIGINT NOT NULL)",
        ],
        columns: "version, description, success, checksum, execution_time",
        rows: [
            "1, 'create users', TRUE, SHA_384_0, -1",
            "20, 'add email', TRUE, SHA_384_1, -1",
        ],
        versions: [1, 20, 300],
    },
    Peer {
        tool: Tool::Refinery,
        layout: Layout::Refinery,
        files: [
            "V1__create_users.sql",
            "later/V2__add_email.sql",
            "later/V3__create_posts.sql",
        ],
        tables: [REFINERY_TABLE; 3],
        columns: "version, name, applied_on, checksum",
        rows: [
            "1, 'create_users', '2026-01-01T00:00:00Z', '6070932914885507791'",
            "2, 'add_email', '2026-01-01T00:00:00Z', '8806462330897784674'",
        ],
        versions: [1, 2, 3],
    },
    Peer {
        tool: Tool::Diesel,
        layout: Layout::Diesel,
        files: [
            "00000000000000_create_users/up.sql",
            "2026-01-02-000000_add_email/up.sql",
            "2026-01-03-000000-0001_create_posts/up.sql",
        ],
        tables: [DIESEL_TABLE; 3],
        columns: "version",
        rows: ["'00000000000000'", "'20260102000000'"],
        versions: [0, 20260102000000, 20260103000000],
    },
    Peer {
        tool: Tool::SeaOrm,
        layout: Layout::Native,
        files: [
            "20260101000001_create_users.sql",
            "20260102000001_add_email.sql",
            "20260103000001_create_posts.sql",
        ],
        tables: [
            "CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
            "CREATE TABLE seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
            "CREATE TABLE seaql_migrations (version varchar(255) NOT NULL PRIMARY KEY, applied_at bigint NOT NULL)",
        ],
        columns: "version, applied_at",
        rows: [
            "'m20260101_000001_create_users', 1767225600",
            "'m20260102_000001_add_email', 1767225600",
        ],
        versions: [20260101000001, 20260102000001, 20260103000001],
    },
    Peer {
        tool: Tool::Dbmate,
        layout: Layout::Dbmate,
        files: [
            "20260101000000_create_users.sql",
            "20260102000000_add_email.sql",
            "20260103000000_create_posts.sql",
        ],
        tables: [
            "CREATE TABLE schema_migrations (version varchar PRIMARY KEY)",
            "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
            "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)",
        ],
        columns: "version",
        rows: ["'20260101000000'", "'20260102000000'"],
        versions: [20260101000000, 20260102000000, 20260103000000],
    },
];

impl Peer {
    pub(super) fn of(tool: Tool) -> &'static Peer {
        PEERS
            .iter()
            .find(|peer| peer.tool == tool)
            .expect("every tool has one")
    }

    pub(super) fn files(&self) -> Vec<(String, String)> {
        let texts = [USERS, EMAIL, POSTS].map(|text| match self.layout {
            Layout::Native => format!("-- migrate:irreversible \"other tool\"\n-- migrate:up\n{text}"),
            Layout::Dbmate => format!("-- migrate:up\n{text}"),
            _ => text.to_owned(),
        });
        self.files.map(str::to_owned).into_iter().zip(texts).collect()
    }

    /// Makes its table and the schema, as if it had applied the first two files.
    pub(super) async fn applied<K: Kind>(&self) -> K {
        let db = K::create().await;
        self.make_table(&db).await;
        for row in self.rows {
            self.insert(&db, row).await;
        }
        for sql in [USERS, EMAIL] {
            db.execute(sql).await;
        }
        db
    }

    pub(super) async fn make_table<K: Kind>(&self, db: &K) {
        let table = match K::DIALECT {
            Dialect::Postgres => self.tables[0],
            Dialect::Sqlite => self.tables[1],
            _ => self.tables[2],
        };
        db.execute(table).await;
    }

    pub(super) async fn insert<K: Kind>(&self, db: &K, row: &str) {
        let mut row = row.to_owned();
        for (index, checksum) in SHA_384.iter().enumerate() {
            let bytes = match K::DIALECT {
                Dialect::Postgres => format!("decode('{checksum}', 'hex')"),
                _ => format!("X'{checksum}'"),
            };
            row = row.replace(&format!("SHA_384_{index}"), &bytes);
        }
        let (table, columns) = (self.tool.table(), self.columns);
        db.execute(&format!("INSERT INTO {table} ({columns}) VALUES ({row})"))
            .await;
    }

    pub(super) fn migrator<K: Kind>(&self, db: &K) -> Migrator {
        migrator(db, self.layout, &self.files())
    }
}
