//! The plan document: what a team reads and signs before a change goes to production.
//!
//! The [plan](crate::plan) says what would run. The document adds what the database says of the tables it touches, how long
//! things take by what was measured there, and per phase what lets it begin, what ends it and how it is taken back.
//! [`Migrator::document`](crate::Migrator::document) makes it; it is written as [Markdown](Document::to_markdown),
//! [JSON](Document::to_json) and, as it `Display`s, text for a terminal.
//!
//! Architecture invariant: making the document is pure. What the database says is read first, into [`Assessments`].
//! What is not known stands in it as not known, with the reason; no figure is assumed.

mod assessment;
mod blocks;
mod checklist;
mod compose;
mod criteria;
mod estimate;
mod json;
mod markdown;
mod online;
mod part;
mod render;
mod schema;
mod step;
mod text;
mod triggers;

use core::fmt;

pub use assessment::{
    Application, Assessment, Assessments, Dependent, ForeignKeyAssessment, IndexAssessment, Known, MoveRate,
    Rows, Sample, Size, StatementUse,
};
pub(crate) use compose::{Limits, Seen, compose, touched};
pub use estimate::Estimate;
pub(crate) use estimate::{estimate, grouped, shown};
pub(crate) use online::{fits, online_build};
pub use part::{
    Answer, Check, Criterion, MigrationPart, Moves, NoReturn, Part, PhasePart, RollbackTrigger, Scenario,
    Standing,
};
pub use schema::SchemaDocument;
pub(crate) use schema::marks;
pub use step::{DocumentStep, Footprint, KeptOut, TableLock, TableName, Work};

use crate::plan::Mode;

/// The plan of one set on one database, at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The set.
    pub set: String,
    /// The database server: its kind and version.
    pub server: String,
    /// When it was made, in milliseconds since 1970.
    pub at_ms: u64,
    /// What it is about: everything that is pending, or what a start-up would do now.
    pub mode: Mode,
    /// Whether nobody runs on the database yet.
    pub fresh: bool,
    /// Who is connected, beside whoever asks.
    pub applications: Known<Vec<Application>>,
    /// The registered instances of the set, with their builds.
    pub instances: Vec<String>,
    /// What could not be looked at of who is connected.
    pub blind: Vec<String>,
    /// The changes, and the migrations that belong to none, in the order of their first pending files.
    pub parts: Vec<Part>,
    /// What is worth knowing and refuses nothing.
    pub notes: Vec<String>,
}

impl Document {
    /// As Markdown.
    pub fn to_markdown(&self) -> String {
        markdown::markdown(&render::blocks(self))
    }

    /// As one JSON value; `docs/command-line.md` describes it.
    pub fn to_json(&self) -> String {
        json::document(self)
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::text(&render::blocks(self)))
    }
}
