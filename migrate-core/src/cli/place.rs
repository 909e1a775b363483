//! Where the program finds its migrations and the database.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::values;
use crate::migrator::Tool;
use crate::model::{Dialect, Layout};

// A doc comment would become the description of every command.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Migrations and database")]
pub(super) struct Place {
    /// The database: postgres://…, sqlite:…, mysql://… or mariadb://…; else the environment's DATABASE_URL
    #[arg(long, value_name = "URL")]
    pub(super) database_url: Option<String>,
    /// The folder of the migrations [default: migrations]
    #[arg(long, value_name = "FOLDER")]
    pub(super) dir: Option<PathBuf>,
    /// How the folder is laid out: native, sqlx, diesel, refinery or dbmate [default: native]
    #[arg(long, value_parser = values::own_layout)]
    pub(super) layout: Option<Layout>,
    /// The dialect of the files, where the URL does not say: mysql:// is also how MariaDB is reached
    #[arg(long, value_parser = values::dialect)]
    pub(super) dialect: Option<Dialect>,
    /// The last file that is history, by version or name: files up to it are not judged
    #[arg(long, value_name = "VERSION OR FILE")]
    pub(super) baseline: Option<String>,
    /// What the set is called in the database [default: main]
    #[arg(long, value_name = "NAME")]
    pub(super) set: Option<String>,
    /// The schema of the library's tables
    #[arg(long, value_name = "NAME")]
    pub(super) schema: Option<String>,
    /// An application that may be connected without being registered when a contract is applied
    #[arg(long, value_name = "NAME")]
    pub(super) ignore_application: Vec<String>,
    /// Another tool whose table says nothing of these files: its migrations only have the same versions
    #[arg(long, value_name = "TOOL", value_parser = values::tool)]
    pub(super) ignore_tool: Vec<Tool>,
    /// How long every running build has to be seen to use the new shape before a contract is applied [default: 15s]
    #[arg(long, value_name = "TIME", value_parser = values::duration)]
    pub(super) settle: Option<Duration>,
    /// Apply contracts that lose data without approval
    #[arg(long)]
    pub(super) without_approval: bool,
    /// Work under the development policy, on a database that is kept under it: every gate is open, and a draft that was
    /// edited is taken back and applied again
    #[arg(long)]
    pub(super) development: bool,
}

/// The dialect that a URL names by its scheme.
pub(super) fn named_by(url: &str) -> Option<Dialect> {
    match url.split(':').next().unwrap_or_default() {
        "postgres" | "postgresql" => Some(Dialect::Postgres),
        "sqlite" => Some(Dialect::Sqlite),
        "mysql" => Some(Dialect::Mysql),
        "mariadb" => Some(Dialect::MariaDb),
        _ => None,
    }
}

impl Place {
    /// The URL that was said, or else is in the environment.
    pub(super) fn url(&self) -> Option<String> {
        let said = self.database_url.clone();
        let url = said.or_else(|| std::env::var("DATABASE_URL").ok());
        url.filter(|url| !url.is_empty())
    }

    /// The dialect of the files, as it was said or as the URL says.
    pub(super) fn spoken(&self) -> Option<Dialect> {
        self.dialect.or_else(|| named_by(&self.url()?))
    }

    /// This, and where it says nothing, the other.
    pub(super) fn or(self, other: Self) -> Self {
        let ignored = [self.ignore_application, other.ignore_application].concat();
        Self {
            database_url: self.database_url.or(other.database_url),
            dir: self.dir.or(other.dir),
            layout: self.layout.or(other.layout),
            dialect: self.dialect.or(other.dialect),
            baseline: self.baseline.or(other.baseline),
            set: self.set.or(other.set),
            schema: self.schema.or(other.schema),
            ignore_application: ignored,
            ignore_tool: [self.ignore_tool, other.ignore_tool].concat(),
            settle: self.settle.or(other.settle),
            without_approval: self.without_approval || other.without_approval,
            development: self.development || other.development,
        }
    }
}
