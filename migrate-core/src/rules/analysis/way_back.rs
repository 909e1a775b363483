//! The rules over `down`: a rollback runs it on the same databases, while builds are live.
//!
//! What a rollback takes from builds is not told: taking back is what it is for, and it is refused while a live build needs
//! the new shape.

use super::as_written::as_written;
use super::{Judge, Place, position};
use crate::diagnostic::Severity;
use crate::model::{Dialect, Section, ServerVersion, TransactionMode};
use crate::rules::allow::Allows;
use crate::rules::context::{Context, Transaction};
use crate::rules::file::Landmarks;
use crate::rules::finding::Finding;
use crate::rules::{ALL, Rule};
use crate::schema::{Origin, Schema};
use crate::sql::{Action, Operation, Parsed, Span};

/// Rules whose findings a way back fails with: they weigh as much as in `up`.
const FAILING: &[&str] = &[
    "add-column-not-null-no-default",
    "concurrently-in-transaction",
    "concurrently-on-partitioned",
    "enum-add-value-in-transaction",
    "sqlite-add-column-fails",
    "sqlite-foreign-keys-pragma-in-transaction",
    "uncommitted-transaction",
    "unsupported-in-version",
];

/// Rules about what keeps others out for as long as rows are read, written or sorted: something to know of a way back.
const BLOCKING: &[&str] = &[
    "add-check-validated",
    "add-column-constrained-domain",
    "add-column-default-rewrite",
    "add-column-generated-stored",
    "add-column-identity",
    "add-column-inline-check",
    "add-column-inline-fk",
    "add-column-inline-unique",
    "add-column-serial",
    "add-column-volatile-default",
    "add-exclusion-constraint",
    "add-fk-validated",
    "add-primary-key",
    "add-unique-constraint",
    "alter-column-type-constraint-recheck",
    "alter-column-type-index-rebuild",
    "alter-column-type-rewrite",
    "alter-domain-add-constraint",
    "attach-partition-scan",
    "create-index-not-concurrent",
    "explicit-lock",
    "mysql-add-foreign-key",
    "mysql-algorithm-copy",
    "mysql-alter-copy",
    "mysql-convert-charset",
    "mysql-enum-reorder",
    "mysql-lock-clause",
    "mysql-varchar-length-byte",
    "refresh-matview-blocking",
    "reindex-not-concurrent",
    "set-not-null-scan",
    "table-rewrite-command",
    "table-rewrite-option",
    "whole-table-write",
];

impl Judge<'_> {
    /// Judges `down` where `up` has just run; leaves the model as it was given.
    pub(super) fn way_back(
        &mut self,
        schema: &mut Schema,
        section: &Section,
        down: &[Parsed],
        allows: &mut Allows<'_>,
    ) {
        let drops_columns = self.set.dialect == Dialect::Postgres
            || (self.set.dialect == Dialect::Sqlite && self.since >= ServerVersion::new(3, 35, 0));
        if down
            .iter()
            .all(|parsed| takes_away(&parsed.operation, drops_columns))
        {
            return;
        }
        let (dialect, index) = (self.set.dialect, self.index);
        let named = |rule: &&Rule| FAILING.contains(&rule.name()) || BLOCKING.contains(&rule.name());
        let rules = ALL
            .iter()
            .copied()
            .filter(|rule| rule.dialects.contains(&dialect));
        let rules: Vec<&'static Rule> = rules.filter(named).collect();
        let operations: Vec<Operation> = down.iter().map(|parsed| parsed.operation.clone()).collect();
        let texts: Vec<&str> = section.iter().map(|(_, sql)| sql).collect();
        let landmarks = Landmarks::of(&operations);
        let one = section.transaction == TransactionMode::One;
        // The first statement meets the model as it is, and behind the last nothing is judged.
        let sets = |operation: &Operation| matches!(operation, Operation::Set { .. });
        let alone = operations.len() == 1 && !self.file.up.iter().any(sets);
        let mut run = |schema: &mut Schema| {
            schema.reset_session();
            let mut transaction = Transaction {
                open: one,
                ..Transaction::default()
            };
            for (at, (statement, sql)) in section.iter().enumerate() {
                let Some(operation) = operations.get(at) else {
                    break;
                };
                let place = Place {
                    operations: &operations,
                    texts: &texts,
                    at,
                    statement,
                    elsewhere: false,
                };
                let mut judge = |inner: &Operation, sql: &str, nested: Option<Span>| {
                    let context = Context {
                        landmarks: &landmarks,
                        back: true,
                        ..self.context(schema, &place, inner, sql, &transaction, nested.is_some())
                    };
                    let offset = nested.map_or(0, |span| span.start);
                    for finding in super::statement::findings(&rules, &context) {
                        self.found_back(finding, section, &place, sql, offset, allows);
                    }
                };
                judge(operation, sql, None);
                if let Operation::Do { body, .. } = operation {
                    for nested in body {
                        judge(&nested.operation, nested.span.of(sql), Some(nested.span));
                    }
                }
                match operation {
                    Operation::Begin => {
                        transaction = Transaction {
                            open: true,
                            explicit: true,
                            ..Transaction::default()
                        }
                    }
                    Operation::Commit { chain } | Operation::Rollback { chain } => {
                        transaction = Transaction {
                            open: one || *chain,
                            explicit: *chain,
                            ..Transaction::default()
                        }
                    }
                    _ => {}
                }
                // What the model has against it is told where the whole way back is looked at. A table that it makes is
                // nobody's yet.
                if at + 1 < operations.len() {
                    schema.apply(operation, Origin::Draft(index));
                }
            }
        };
        match alone {
            true => run(schema),
            false => schema.rehearse(run, |_, _| ()),
        }
    }

    fn found_back(
        &mut self,
        mut finding: Finding,
        section: &Section,
        place: &Place<'_>,
        sql: &str,
        offset: u32,
        allows: &mut Allows<'_>,
    ) {
        let rule = finding.rule;
        let fails = FAILING.contains(&rule.name());
        let weight = if fails {
            finding.severity
        } else {
            Severity::Warning
        };
        let Some(severity) = self.config.severity(rule, weight) else {
            return;
        };
        if allows.accept_back(rule.name(), place.at) {
            return;
        }
        // The files that it proposes are a way forward.
        let proposed = !std::mem::take(&mut finding.replacement).is_empty();
        if rule.name() == "add-column-not-null-no-default" {
            finding.help("add it without NOT NULL, or with a default: a rollback meets rows");
        } else if !fails {
            finding.help(format!(
                "where there are many rows, take it back by a migration of its own, as `migrate explain {}` shows",
                rule.name()
            ));
        } else if proposed && finding.help.is_none() {
            finding.help("write a way back that the server takes");
        }
        finding
            .notes
            .push("in `down`: a rollback runs it while builds are live".to_owned());
        for text in [&mut finding.message].into_iter().chain(&mut finding.notes) {
            *text = as_written(std::mem::take(text), sql, self.set.dialect);
        }
        let span = Span {
            start: finding.span.start + offset,
            end: finding.span.end + offset,
        };
        let position = position(section, place.statement, span);
        let mut diagnostic = self.diagnostic(finding, position, false);
        diagnostic.path = section.path.to_string();
        diagnostic.severity = severity;
        self.diagnostics.push(diagnostic);
    }
}

/// Whether a statement only takes something away, for a moment's lock and on any server.
fn takes_away(operation: &Operation, drops_columns: bool) -> bool {
    match operation {
        Operation::Drop { concurrently, .. } => !concurrently,
        Operation::Alter { actions, .. } if drops_columns => actions
            .iter()
            .all(|action| matches!(action, Action::DropColumn { .. } | Action::DropConstraint { .. })),
        _ => false,
    }
}
