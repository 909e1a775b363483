//! The other tools, and what is to be taken over from one.

use core::fmt;

use crate::model::{Layout, Version};

/// Another tool that migrates databases and keeps a table of what it applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// sqlx: `_sqlx_migrations`, with a checksum of each file.
    Sqlx,
    /// refinery: `refinery_schema_history`, with a checksum of each file.
    Refinery,
    /// diesel: `__diesel_schema_migrations`.
    Diesel,
    /// sea-orm-migration: `seaql_migrations`. Its migrations are Rust, so the set has their SQL under the same versions:
    /// `m20260105_090000_create_users` is the version 20260105090000.
    SeaOrm,
    /// dbmate: `schema_migrations`.
    Dbmate,
}

impl Tool {
    /// Every tool.
    pub const ALL: [Tool; 5] = [
        Tool::Sqlx,
        Tool::Refinery,
        Tool::Diesel,
        Tool::SeaOrm,
        Tool::Dbmate,
    ];

    /// Its name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Tool::Sqlx => "sqlx",
            Tool::Refinery => "refinery",
            Tool::Diesel => "diesel",
            Tool::SeaOrm => "sea-orm",
            Tool::Dbmate => "dbmate",
        }
    }

    /// The tool of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tool| tool.name() == name)
    }

    /// The name of its table, unless it was told otherwise.
    pub const fn table(self) -> &'static str {
        match self {
            Tool::Sqlx => "_sqlx_migrations",
            Tool::Refinery => "refinery_schema_history",
            Tool::Diesel => "__diesel_schema_migrations",
            Tool::SeaOrm => "seaql_migrations",
            Tool::Dbmate => "schema_migrations",
        }
    }

    /// The layout of its folders; sea-orm has none that can be embedded.
    pub const fn layout(self) -> Option<Layout> {
        match self {
            Tool::Sqlx => Some(Layout::Sqlx),
            Tool::Refinery => Some(Layout::Refinery),
            Tool::Diesel => Some(Layout::Diesel),
            Tool::SeaOrm => None,
            Tool::Dbmate => Some(Layout::Dbmate),
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What is taken over: from which tool, and where its table differs from the usual. A [`Tool`] alone is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    pub(super) tool: Tool,
    pub(super) table: String,
    pub(super) baseline: Option<Version>,
}

impl Adoption {
    /// Takes over from that tool's usual table.
    pub fn of(tool: Tool) -> Self {
        Self {
            tool,
            table: tool.table().to_owned(),
            baseline: None,
        }
    }

    /// The name of the tool's table where it was told to use another one; `schema.table` for one in a schema.
    pub fn table(mut self, name: impl Into<String>) -> Self {
        self.table = name.into();
        self
    }

    /// What the set has up to this version stands for all that the tool applied up to there, whatever its files were:
    /// where old files were replaced by one that makes their schema.
    pub fn baseline(mut self, version: Version) -> Self {
        self.baseline = Some(version);
        self
    }
}

impl From<Tool> for Adoption {
    fn from(tool: Tool) -> Self {
        Self::of(tool)
    }
}
