//! What a table demands of its rows and is looked up by: constraints and indexes.

use super::Key;
use crate::sql::{Expr, IndexKind, canonical, canonical_list};

/// What a constraint of the model demands.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintModel {
    /// CHECK.
    Check(Expr),
    /// NOT NULL with a name of its own.
    NotNull(String),
    /// UNIQUE.
    Unique(Vec<String>),
    /// PRIMARY KEY.
    PrimaryKey(Vec<String>),
    /// FOREIGN KEY: columns, parent, its columns.
    ForeignKey(Vec<String>, Key, Vec<String>),
    /// EXCLUDE.
    Exclude,
}

/// A constraint of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TableConstraint {
    /// Its name, or the one the server gives it.
    pub name: String,
    /// Whether the server named it.
    pub generated_name: bool,
    /// What it demands.
    pub kind: ConstraintModel,
    /// Whether every row is known to fulfil it.
    pub valid: bool,
    /// ON DELETE, MATCH, DEFERRABLE and their like in one spelling; empty for what goes without saying.
    pub behaviour: String,
    /// The column it is written at, with which it goes.
    pub written_at: Option<String>,
}

impl TableConstraint {
    /// Whether it demands what another one does. The key that a foreign key refers to need not be written.
    pub fn demands_same(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (
                ConstraintModel::ForeignKey(columns, parent, keys),
                ConstraintModel::ForeignKey(other, of, others),
            ) => columns == other && parent == of && (keys == others || keys.is_empty() || others.is_empty()),
            (one, other) => one == other,
        }
    }
}

/// An index of a table. Two are equal if they do the same, however each is spelt.
#[derive(Clone, Debug)]
pub struct TableIndex {
    /// Its name.
    pub name: String,
    /// Whether it forbids duplicates.
    pub unique: bool,
    /// The columns; empty names for expressions.
    pub columns: Vec<String>,
    /// Columns and expressions as written.
    pub definition: String,
    /// What else makes it another index, in one spelling.
    pub manner: String,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// Whether it belongs to a constraint of the same name.
    pub constraint: bool,
    /// What it is for.
    pub kind: IndexKind,
    /// The index of the partitioned table that it is a part of, and goes with.
    pub part_of: Option<String>,
    /// Whether the server made it because that one is there.
    pub made: bool,
}

impl PartialEq for TableIndex {
    fn eq(&self, other: &Self) -> bool {
        let written = |index: &Self| index.predicate.as_deref().map(canonical);
        self.name == other.name
            && self.unique == other.unique
            && self.columns == other.columns
            && self.constraint == other.constraint
            && self.kind == other.kind
            && canonical_list(&self.manner) == canonical_list(&other.manner)
            && canonical_list(&self.definition) == canonical_list(&other.definition)
            && written(self) == written(other)
    }
}
