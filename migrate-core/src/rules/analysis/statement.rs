//! The rules over one statement, and what they found as diagnostics.

use super::as_written::as_written;
use super::{Judge, Place, position};
use crate::diagnostic::{Code, Diagnostic, Position, Severity};
use crate::model::{Dialect, Phase};
use crate::rules::allow::Allows;
use crate::rules::context::{Context, Transaction};
use crate::rules::finding::{Finding, Findings};
use crate::rules::{ALL, Allowed, Rule, proposed};
use crate::schema::{Class, Origin, Schema};
use crate::sql::{Action, ObjectKind, Operation, Span};
impl<'a> Judge<'a> {
    /// Judges the statements in the body of one.
    pub(super) fn body(
        &mut self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &Transaction,
        allows: &mut Allows<'_>,
    ) {
        let Operation::Do { body, .. } = operation else {
            return;
        };
        let mut within: Option<Schema> = None;
        // A body is one transaction in PostgreSQL, if not a part of one.
        let mut inside = Transaction {
            open: transaction.open || self.set.dialect == Dialect::Postgres,
            enclosing: transaction.open,
            ..transaction.clone()
        };
        for nested in body {
            let text = nested.span.of(sql);
            let inner = &nested.operation;
            let known = within.as_ref().unwrap_or(schema);
            self.rules(known, place, inner, text, &inside, Some(nested.span), allows);
            self.remember(known, place, inner, text, &mut inside);
            if matches!(inner, Operation::Commit { .. } | Operation::Rollback { .. }) {
                inside.effects.clear();
            }
            // What the body makes is its own; whether it makes what is there already, its conditions say.
            if makes_anew(known, inner) {
                let within = within.get_or_insert_with(|| schema.clone());
                within.apply(inner, Origin::Draft(self.index));
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn rules(
        &mut self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &Transaction,
        nested: Option<Span>,
        allows: &mut Allows<'_>,
    ) {
        let all = ALL.iter().copied();
        self.run(all, schema, place, operation, sql, transaction, nested, allows);
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn run(
        &mut self,
        rules: impl Iterator<Item = &'static Rule>,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &Transaction,
        nested: Option<Span>,
        allows: &mut Allows<'_>,
    ) {
        let Place {
            at,
            statement,
            elsewhere,
            ..
        } = *place;
        let context = self.context(schema, place, operation, sql, transaction, nested.is_some());
        let rules: Vec<&'static Rule> = rules
            .filter(|rule| {
                let contract = rule.allowed == Allowed::Contract && self.migration.phase == Phase::Contract;
                !contract && rule.dialects.contains(&self.set.dialect)
            })
            .collect();
        let found = findings(&rules, &context);
        if self.spared.is_some() && context.spared.get() {
            let context = Context {
                config: self.in_use,
                ..self.context(schema, place, operation, sql, transaction, nested.is_some())
            };
            let more = findings(&rules, &context);
            if self.finds_more(&found, &more, at, allows)
                && let Some(spared) = &mut self.spared
            {
                spared.insert((self.index, at));
            }
        }
        let offset = nested.map_or(0, |span| span.start);
        // A statement that is right in a contract can be moved there as it is; in SQLite it may be one of a rebuild.
        let right = |finding: &Finding| {
            finding.rule.allowed == Allowed::Contract || finding.severity != Severity::Error
        };
        let movable = nested.is_none() && self.set.dialect != Dialect::Sqlite && found.iter().all(right);
        let refused = found.iter().any(|finding| finding.severity == Severity::Error);
        for mut finding in found {
            // What a warning proposes would have the same errors.
            if refused && finding.severity != Severity::Error {
                finding.replacement.clear();
            }
            if movable && finding.rule.allowed == Allowed::Contract && finding.replacement.is_empty() {
                finding.file(Phase::Contract, format!("{sql};"));
            }
            proposed::complete(&mut finding.replacement, &context);
            proposed::beside(&mut finding, &context);
            let Some(severity) = self.config.severity(finding.rule, finding.severity) else {
                continue;
            };
            if allows.accept(finding.rule.name(), at) {
                continue;
            }
            if elsewhere {
                finding
                    .notes
                    .push("it stands in a function that is called here".to_owned());
            }
            let span = match elsewhere {
                true => Span {
                    start: 0,
                    end: statement.end - statement.start,
                },
                false => Span {
                    start: finding.span.start + offset,
                    end: finding.span.end + offset,
                },
            };
            let position = position(&self.migration.up, statement, span);
            for text in [&mut finding.message].into_iter().chain(&mut finding.notes) {
                *text = as_written(std::mem::take(text), sql, self.set.dialect);
            }
            let mut diagnostic = self.diagnostic(finding, position, true);
            diagnostic.severity = severity;
            self.diagnostics.push(diagnostic);
        }
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn context<'c>(
        &self,
        schema: &'c Schema,
        place: &Place<'c>,
        operation: &'c Operation,
        sql: &'c str,
        transaction: &'c Transaction,
        nested: bool,
    ) -> Context<'c>
    where
        'a: 'c,
    {
        Context {
            schema,
            operation,
            migration: self.migration,
            change: self.change,
            set: self.set,
            down: self.file.down.as_deref(),
            index: self.index,
            dialect: self.set.dialect,
            since: self.since,
            layout: self.set.layout,
            config: self.config,
            transaction,
            all: place.operations,
            at: place.at,
            landmarks: &self.file.landmarks,
            texts: place.texts,
            sql,
            nested,
            back: false,
            altered: std::cell::OnceCell::new(),
            spared: std::cell::Cell::new(false),
        }
    }

    /// Whether a finding of the second kind is wanted that is none of the first.
    fn finds_more(&self, first: &[Finding], second: &[Finding], at: usize, allows: &Allows<'_>) -> bool {
        let known = |finding: &Finding| {
            first
                .iter()
                .any(|other| other.rule.name() == finding.rule.name() && other.span == finding.span)
        };
        second.iter().any(|finding| {
            let wanted = self.config.severity(finding.rule, finding.severity).is_some();
            wanted && !known(finding) && !allows.accepts(finding.rule.name(), at)
        })
    }

    /// `in_up` says where it may stand instead.
    pub(super) fn diagnostic(&self, finding: Finding, position: Position, in_up: bool) -> Diagnostic {
        let code: &'static Code = &finding.rule.code;
        let mut diagnostic = Diagnostic::error(code, &*self.migration.up.path, finding.message).at(position);
        diagnostic.notes = finding.notes;
        if in_up && finding.rule.allowed == Allowed::Contract {
            diagnostic
                .notes
                .push("allowed: in a contract file, once no running build needs the old shape".to_owned());
        }
        diagnostic
            .notes
            .push(format!("explain: migrate explain {}", code.name));
        diagnostic.help = finding.help;
        diagnostic.replacement = finding.replacement;
        diagnostic
    }
}

/// Whether an operation makes a table, or gives one or a column another name, or removes an index, so that what follows in
/// the body is about that one, or makes that one anew.
fn makes_anew(schema: &Schema, operation: &Operation) -> bool {
    match operation {
        Operation::CreateTable(table) => {
            table.temporary
                || schema
                    .get(&schema.creation(Class::Relation, &table.name))
                    .is_none()
        }
        Operation::Alter {
            kind: ObjectKind::Table,
            name,
            actions,
            ..
        } => {
            let key = schema.resolve(Class::Relation, name);
            let moves = |action: &Action| {
                matches!(
                    action,
                    Action::RenameTo(_) | Action::SetSchema(_) | Action::RenameColumn(..)
                )
            };
            schema.get(&key).is_some() && actions.iter().any(moves)
        }
        Operation::Drop {
            kind: ObjectKind::Index,
            ..
        } => true,
        _ => false,
    }
}

pub(super) fn findings(rules: &[&'static Rule], context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in rules {
        (rule.check)(
            context,
            &mut Findings {
                rule,
                found: &mut found,
            },
        );
    }
    found
}
