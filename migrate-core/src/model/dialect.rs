//! The SQL dialects a migration file can be written in.

use core::fmt;

/// The SQL dialect of a migration set: decides how files are read and which databases a set may run on.
///
/// MySQL and MariaDB speak one wire protocol but are two dialects: what one accepts the other may refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// PostgreSQL 13 and newer.
    Postgres,
    /// SQLite, the embedded default.
    Sqlite,
    /// MySQL 8.
    Mysql,
    /// MariaDB 10.6 and newer.
    MariaDb,
}

impl Dialect {
    /// Every dialect, in the order in which messages list them.
    pub const ALL: [Dialect; 4] = [
        Dialect::Postgres,
        Dialect::Sqlite,
        Dialect::Mysql,
        Dialect::MariaDb,
    ];

    /// The name used in `dialect = "…"`, on the command line and in the history.
    pub const fn name(self) -> &'static str {
        match self {
            Dialect::Postgres => "postgres",
            Dialect::Sqlite => "sqlite",
            Dialect::Mysql => "mysql",
            Dialect::MariaDb => "mariadb",
        }
    }

    /// What people call the database.
    pub const fn title(self) -> &'static str {
        match self {
            Dialect::Postgres => "PostgreSQL",
            Dialect::Sqlite => "SQLite",
            Dialect::Mysql => "MySQL",
            Dialect::MariaDb => "MariaDB",
        }
    }

    /// The dialect of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name() == name)
    }

    /// Whether a DDL statement can be rolled back with the transaction it runs in.
    pub const fn has_transactional_ddl(self) -> bool {
        matches!(self, Dialect::Postgres | Dialect::Sqlite)
    }

    /// Whether this is one of the two dialects of the MySQL family.
    pub const fn is_mysql_family(self) -> bool {
        matches!(self, Dialect::Mysql | Dialect::MariaDb)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
