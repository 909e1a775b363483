//! The safety rules: what must not be done to a database that is in use, and what to do instead.
//!
//! Each rule is one file with its metadata and check, and one with its documentation, whose bad and good SQL are tests.
//! [`ALL`] registers them; the catalogue, the command line and the tests know them from there.

mod allow;
mod analysis;
mod ansi;
mod answers;
mod behind;
mod builtin;
mod called;
mod catalogue;
mod chained;
mod change;
mod config;
mod context;
mod copied;
mod early;
mod effect;
mod file;
mod finding;
mod footprint;
mod moved;
mod online;
mod order;
mod parameter;
mod placeholder;
mod prepared;
mod proposed;
mod round_trip;
mod steps;
mod synced;
mod visited;

pub use analysis::analyse;
pub(crate) use analysis::{DirectivePlaces, Places, Spared};
pub(crate) use behind::analyse_at;
pub use catalogue::ALL;
pub use config::{Config, Level, configurable};
#[cfg(feature = "cli")]
pub(crate) use proposed::is_at_large;

pub(crate) use context::Context;
pub(crate) use finding::Findings;
pub(crate) use footprint::footprints;

use crate::diagnostic::{Code, Severity};
use crate::model::Dialect;

/// Where a statement that a rule is about may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Nowhere: there is another way in every phase.
    Never,
    /// In a contract, when no build needs the old shape.
    Contract,
    /// In the backfill of a migrate file, which is run in batches.
    Backfill,
    /// Anywhere; the finding is something to know.
    Anywhere,
}

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name and its summary, as diagnostics have them.
    pub code: Code,
    /// How much a finding weighs, unless the configuration says otherwise.
    pub severity: Severity,
    /// Where the statement may stand.
    pub allowed: Allowed,
    /// Dialects where it may stand somewhere else, and where.
    pub otherwise: Option<(&'static [Dialect], Allowed)>,
    /// The dialects it looks at.
    pub dialects: &'static [Dialect],
    /// Whether it only runs where the configuration asks for it.
    pub opt_in: bool,
    /// Its documentation, in Markdown.
    pub docs: &'static str,
    /// Whether it looks at released files as well, because it is about what is still to come.
    reminds: bool,
    check: Check,
}

type Check = fn(&Context<'_>, &mut Findings<'_>);

const POSTGRES: &[Dialect] = &[Dialect::Postgres];
const MYSQL: &[Dialect] = &[Dialect::Mysql, Dialect::MariaDb];
/// Servers that other sessions use meanwhile.
const SERVERS: &[Dialect] = &[Dialect::Postgres, Dialect::Mysql, Dialect::MariaDb];
const SQLITE: &[Dialect] = &[Dialect::Sqlite];
/// Where DDL is part of a transaction.
const TRANSACTIONAL: &[Dialect] = &[Dialect::Postgres, Dialect::Sqlite];
const EVERYWHERE: &[Dialect] = &[
    Dialect::Postgres,
    Dialect::Sqlite,
    Dialect::Mysql,
    Dialect::MariaDb,
];

impl Rule {
    const fn new(
        name: &'static str,
        summary: &'static str,
        severity: Severity,
        allowed: Allowed,
        docs: &'static str,
        check: Check,
    ) -> Self {
        let code = Code {
            name,
            summary,
            help: "",
        };
        Self {
            code,
            severity,
            allowed,
            otherwise: None,
            dialects: POSTGRES,
            opt_in: false,
            docs,
            reminds: false,
            check,
        }
    }

    /// The dialects it looks at, where that is not PostgreSQL alone.
    const fn on(self, dialects: &'static [Dialect]) -> Self {
        Self { dialects, ..self }
    }

    /// Dialects where the statement may stand somewhere else; the check sees to it.
    const fn otherwise(self, dialects: &'static [Dialect], allowed: Allowed) -> Self {
        Self {
            otherwise: Some((dialects, allowed)),
            ..self
        }
    }

    const fn opt_in(self) -> Self {
        Self { opt_in: true, ..self }
    }

    const fn reminds(self) -> Self {
        Self {
            reminds: true,
            ..self
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.code.name
    }

    /// The SQL of its documentation that it finds, or that it does not.
    pub fn examples(&self, bad: bool) -> Vec<&'static str> {
        let fence = if bad { "```sql bad\n" } else { "```sql good\n" };
        self.docs
            .split(fence)
            .skip(1)
            .filter_map(|rest| rest.split("```").next())
            .collect()
    }
}

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.name() == name)
}
