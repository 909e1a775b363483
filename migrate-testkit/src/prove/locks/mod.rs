//! Locks and rewrites: what each statement takes and does on a server, beside what the user allows and the rules said.

#[cfg(feature = "mysql")]
mod online;
mod pace;
mod said;
mod seen;
mod watch;

use std::fmt::Write as _;

use migrate_core::model::TransactionMode;
pub use migrate_core::sql::LockMode;
use migrate_core::{Dialect, Migration};

use super::Prove;
use super::chain::Chain;
use super::finding::{Finding, Findings, Proof};
use crate::database::TestKind;
use crate::error::Error;
pub(super) use pace::Pace;
use said::Said;
use seen::Seen;

/// What the user allows.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    /// A table, or `*`.
    pub(crate) table: String,
    pub(crate) limit: Limit,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// The strongest lock.
    Lock(LockMode),
    /// No rewrite.
    Rewrite,
}

impl Budget {
    fn is_about(&self, table: &str) -> bool {
        self.table == "*" || table == self.table || table.strip_prefix("public.") == Some(&self.table)
    }

    /// What goes beyond it, in words.
    fn broken_by(&self, seen: &Seen) -> Option<String> {
        match self.limit {
            Limit::Lock(strongest) => {
                let locks = seen
                    .locks
                    .iter()
                    .filter(|(table, mode)| self.is_about(table) && *mode > strongest);
                locks.max_by_key(|(_, mode)| *mode).map(|(table, mode)| {
                    format!(
                        "takes {} on {table}, where no more than {} is allowed",
                        mode.name(),
                        strongest.name()
                    )
                })
            }
            Limit::Rewrite => {
                let mut tables = seen.rewrites.iter().filter(|table| self.is_about(table));
                tables
                    .next()
                    .map(|table| format!("writes {table} or one of its indexes anew, which is not allowed"))
            }
        }
    }
}

pub(super) async fn check<K: TestKind>(prove: &Prove<K>) -> Result<Proof, Error> {
    let mut findings = Findings::new("locks", prove);
    let mut summary = match K::DIALECT {
        Dialect::Postgres | Dialect::MariaDb => walk(prove, &mut findings).await?,
        _ => {
            let why = format!("{} does not tell its locks", K::DIALECT);
            match prove.budgets.len() {
                0 if prove.pace.is_none() => findings = findings.nothing(&why),
                0 => {}
                _ => findings.gap(format!(
                    "{why}: the limits on locks and rewrites are not looked at"
                )),
            }
            why
        }
    };
    if let Some(pace) = prove.pace {
        let _ = write!(summary, "; {}", pace::check(prove, pace, &mut findings).await?);
    }
    findings.judge(summary)
}

/// The line of a statement, its SQL, and what it did.
type Looked<'s> = (u32, &'s str, Seen);

/// What was seen of all statements.
#[derive(Default)]
struct Counted {
    statements: usize,
    rewrites: usize,
}

async fn walk<K: TestKind>(prove: &Prove<K>, findings: &mut Findings) -> Result<String, Error> {
    let said = said::read(prove);
    let mut chain = Chain::at(prove, prove.after).await?;
    let mut counted = Counted::default();
    let newer = |migration: &&Migration| prove.after < Some(migration.version);
    for migration in prove.set.migrations.iter().filter(newer) {
        let done = match K::DIALECT {
            #[cfg(feature = "mysql")]
            Dialect::MariaDb => alter(&mut chain, prove, migration, &said, findings, &mut counted).await,
            _ => {
                let statements = chain.steps.statements(migration).await?;
                let found = match migration.up.transaction {
                    TransactionMode::One => look(&mut chain, &statements).await?,
                    TransactionMode::PerStatement => watch::alone(prove, migration, &statements).await?,
                };
                for (line, sql, seen) in &found {
                    counted.tell(prove, migration, (*line, sql, seen), &said, findings);
                }
                let applied = chain.up(migration).await.map_err(|error| error.to_string());
                if let (Ok(()), Some((line, sql))) = (&applied, statements.get(found.len())) {
                    let first = sql.lines().next().unwrap_or_default();
                    findings.gap(format!(
                        "{}:{line}: from here on, locks are not looked at: `{first}` fails outside the migrator",
                        migration.up.path
                    ));
                }
                applied
            }
        };
        if let Err(error) = done {
            let finding = Finding::new(format!("{migration} cannot be applied"), "see `round_trip`");
            findings.push(finding.at(&migration.up).body(error).client(chain.client()));
            break;
        }
    }
    let Counted { statements, rewrites } = counted;
    let mut summary = format!("{statements} statements");
    let _ = match rewrites {
        0 => write!(summary, ", none of which writes a table anew"),
        count => write!(summary, ", {count} of which write a table anew"),
    };
    Ok(summary)
}

impl Counted {
    fn tell<K: TestKind>(
        &mut self,
        prove: &Prove<K>,
        migration: &Migration,
        (line, sql, seen): (u32, &str, &Seen),
        said: &Said,
        findings: &mut Findings,
    ) {
        self.statements += 1;
        self.rewrites += usize::from(!seen.rewrites.is_empty());
        if seen.is_worth_telling() {
            let place = format!("{}:{line}", migration.up.path);
            findings.notes.push(format!("{place}: {seen}"));
        }
        findings
            .notes
            .extend(said.compare(&migration.up.path, line, seen));
        for over in prove.budgets.iter().filter_map(|budget| budget.broken_by(seen)) {
            let finding = Finding::new(
                format!("{migration} {over}"),
                "write it in the steps that the rules propose (`migrate audit`), leave files that are released out (`after`), or raise the limit",
            );
            findings.push(finding.at_line(&migration.up, line).body(sql));
        }
    }
}

/// Runs the statements of a migration themselves: there is no transaction that could be taken back.
#[cfg(feature = "mysql")]
async fn alter<K: TestKind>(
    chain: &mut Chain<K>,
    prove: &Prove<K>,
    migration: &Migration,
    said: &Said,
    findings: &mut Findings,
    counted: &mut Counted,
) -> Result<(), String> {
    let there = chain.tables().await.map_err(|error| error.to_string())?;
    let statements = chain.steps.statements(migration).await;
    for (line, sql) in &statements.map_err(|error| error.to_string())? {
        let mut seen = online::run(&mut chain.link, sql)
            .await
            .map_err(|error| format!("{sql}\n=> {}", crate::link::message(&error)))?;
        // A table that the migration made itself has no writers yet.
        seen.locks.retain(|(table, _)| there.contains_key(table));
        seen.rewrites.retain(|table| there.contains_key(table));
        counted.tell(prove, migration, (*line, sql, &seen), said, findings);
    }
    Ok(())
}

/// Runs the statements of a migration in a transaction that is taken back. A statement that fails ends it: the
/// migration itself tells why.
async fn look<'s, K: TestKind>(
    chain: &mut Chain<K>,
    statements: &'s [(u32, String)],
) -> Result<Vec<Looked<'s>>, Error> {
    use crate::link::Link as _;
    let failed = |error| Error::caused("cannot read the locks of the test database", error);
    let mut found = Vec::new();
    chain.link.execute("BEGIN").await.map_err(failed)?;
    let mut before = seen::look(&mut chain.link).await.map_err(failed)?;
    let there = before.tables();
    for (line, sql) in statements {
        if chain.link.execute(sql).await.is_err() {
            break;
        }
        let after = seen::look(&mut chain.link).await.map_err(failed)?;
        found.push((*line, sql.as_str(), before.until(&after, &there)));
        before = after;
    }
    chain.link.execute("ROLLBACK").await.map_err(failed)?;
    Ok(found)
}
