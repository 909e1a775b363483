//! The whole analysis: the model over all files, the rules over the drafts.

use super::allow::Allows;
use super::config::Config;
use super::context::{Context, Transaction};
use super::effect::effects;
use super::finding::{Finding, Findings};
use super::{Allowed, round_trip};
use crate::diagnostic::{Code, Diagnostic, Position, codes};
use crate::model::{
    Dialect, Layout, Migration, MigrationSet, Phase, Section, ServerVersion, Statement, TransactionMode,
};
use crate::parallel;
use crate::schema::{Class, Fault, FaultKind, Origin, Schema};
use crate::sql::{self, Action, Operation, Parsed, Span, TypeChange};

/// Judges the drafts of a set; released files only tell what the schema is.
///
/// Pure, and says nothing about dialects whose feature is not enabled. Findings come in the order of the files.
pub fn analyse(set: &MigrationSet, config: &Config) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if !sql::supports(set.dialect) {
        return diagnostics;
    }
    let _names = sql::Quoting::of(set.dialect);
    let since = set.since.unwrap_or_else(|| oldest(set.dialect));
    let mut schema = Schema::new(config.strict).speaking(set.dialect);
    let parse = |section: &Section| {
        section
            .iter()
            .map(|(_, sql)| sql::parse(sql, set.dialect))
            .collect()
    };
    // The down of a released file is never looked at.
    let all: Vec<(Vec<Parsed>, Option<Vec<Parsed>>)> = parallel::map(&set.migrations, |migration| {
        // Each thread writes names by itself.
        let _names = sql::Quoting::of(set.dialect);
        let down = migration.down.as_ref().filter(|_| !migration.released);
        (parse(&migration.up), down.map(parse))
    });
    for ((index, migration), read) in set.migrations.iter().enumerate().zip(all) {
        schema.reset_session();
        let (up, down) = read;
        if migration.released {
            for parsed in &up {
                schema.apply(&parsed.operation, Origin::History);
            }
            continue;
        }
        let mut judge = Judge {
            set,
            config,
            since,
            migration,
            index,
            diagnostics: &mut diagnostics,
        };
        judge.draft(&mut schema, up, down);
    }
    diagnostics
}

/// The oldest server the library supports, where the set names none.
fn oldest(dialect: Dialect) -> ServerVersion {
    match dialect {
        Dialect::Postgres => ServerVersion::new(13, 0, 0),
        Dialect::Sqlite => ServerVersion::new(3, 35, 0),
        Dialect::Mysql => ServerVersion::new(8, 0, 0),
        Dialect::MariaDb => ServerVersion::new(10, 6, 0),
    }
}

/// Where in its section a statement stands.
struct Place<'a> {
    operations: &'a [Operation],
    texts: &'a [&'a str],
    at: usize,
    statement: &'a Statement,
}

struct Judge<'a> {
    set: &'a MigrationSet,
    config: &'a Config,
    since: ServerVersion,
    migration: &'a Migration,
    index: usize,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Judge<'a> {
    fn draft(&mut self, schema: &mut Schema, up: Vec<Parsed>, down: Option<Vec<Parsed>>) {
        let migration = self.migration;
        let faults_before = self.diagnostics.len();
        self.syntax(&migration.up, &up);
        let down = migration.down.as_ref().zip(down);
        if let Some((section, parsed)) = &down {
            self.syntax(section, parsed);
        }
        let readable = self.diagnostics.len() == faults_before;
        let mut allows = Allows::of(migration);
        schema.begin();
        self.up(schema, up, &mut allows);
        match down {
            Some((down, operations)) if readable => {
                round_trip::check(schema, migration, down, &operations, self.diagnostics);
            }
            _ => _ = schema.changed(),
        }
        allows.finish(self.config, self.diagnostics);
    }

    fn syntax(&mut self, section: &Section, parsed: &[Parsed]) {
        for ((statement, sql), parsed) in section.iter().zip(parsed) {
            let Some(fault) = &parsed.fault else { continue };
            let at = fault.at.min(sql.len() as u32);
            let place = Span {
                start: at,
                end: at + 1,
            };
            let message = format!("this is not {} SQL: {}", self.set.dialect, fault.message);
            let position = position(section, statement, place);
            self.diagnostics
                .push(Diagnostic::error(&codes::SYNTAX_ERROR, &*section.path, message).at(position));
        }
    }

    fn up(&mut self, schema: &mut Schema, parsed: Vec<Parsed>, allows: &mut Allows<'_>) {
        let section = &self.migration.up;
        let operations: Vec<Operation> = parsed.into_iter().map(readable).collect();
        let texts: Vec<&str> = section.iter().map(|(_, sql)| sql).collect();
        let one = section.transaction == TransactionMode::One;
        let mut transaction = Transaction {
            open: one,
            ..Transaction::default()
        };
        for (statement, operation) in taken_over(section, self.set) {
            let sql = section.sql(&statement);
            let place = Place {
                operations: &operations,
                texts: &texts,
                at: 0,
                statement: &statement,
            };
            self.rules(schema, &place, &operation, sql, &transaction, None, allows);
        }
        for (at, (statement, sql)) in section.iter().enumerate() {
            let operation = &operations[at];
            let place = Place {
                operations: &operations,
                texts: &texts,
                at,
                statement,
            };
            match operation {
                Operation::Begin => {
                    transaction = Transaction {
                        open: true,
                        explicit: true,
                        ..Transaction::default()
                    }
                }
                Operation::Commit | Operation::Rollback => {
                    self.rules(schema, &place, operation, sql, &transaction, None, allows);
                    transaction = Transaction {
                        open: one,
                        ..Transaction::default()
                    };
                    continue;
                }
                _ => {}
            }
            self.rules(schema, &place, operation, sql, &transaction, None, allows);
            self.body(schema, &place, operation, sql, &transaction, allows);
            let again = |name: &sql::Name| {
                let before = operations.iter().take(at);
                before
                    .into_iter()
                    .any(|other| matches!(other, Operation::Call { name: called } if called == name))
            };
            if let Operation::Call { name } = operation
                && !again(name)
            {
                // A procedure of the same file is judged by what it does, where it is written.
                let defined = section
                    .iter()
                    .enumerate()
                    .take(at)
                    .filter_map(|(index, (statement, sql))| match &operations[index] {
                        Operation::CreateFunction {
                            name: made,
                            body: Some(body),
                            ..
                        } if made == name => Some((index, statement, sql, &**body)),
                        _ => None,
                    })
                    .last();
                if let Some((at, statement, sql, body)) = defined {
                    let place = Place {
                        operations: &operations,
                        texts: &texts,
                        at,
                        statement,
                    };
                    self.rules(schema, &place, body, sql, &transaction, None, allows);
                    self.body(schema, &place, body, sql, &transaction, allows);
                    schema.apply(body, Origin::Draft(self.index));
                }
            }
            self.remember(schema, &place, operation, sql, &mut transaction);
            for fault in schema.apply(operation, Origin::Draft(self.index)) {
                self.fault(section, statement, &fault);
            }
        }
    }

    /// Judges the statements in the body of one.
    fn body(
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
        for nested in body {
            let sql = nested.span.of(sql);
            let inner = &nested.operation;
            self.rules(schema, place, inner, sql, transaction, Some(nested.span), allows);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn rules(
        &mut self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &Transaction,
        nested: Option<Span>,
        allows: &mut Allows<'_>,
    ) {
        let Place { at, statement, .. } = *place;
        let context = self.context(schema, place, operation, sql, transaction, nested.is_some());
        let mut found = Vec::new();
        for rule in super::ALL.iter().copied() {
            let contract = rule.allowed == Allowed::Contract && self.migration.phase == Phase::Contract;
            if contract || !rule.dialects.contains(&self.set.dialect) {
                continue;
            }
            (rule.check)(
                &context,
                &mut Findings {
                    rule,
                    found: &mut found,
                },
            );
        }
        let offset = nested.map_or(0, |span| span.start);
        for finding in found {
            let Some(severity) = self.config.severity(finding.rule, finding.severity) else {
                continue;
            };
            if allows.accept(finding.rule.name(), at) {
                continue;
            }
            let span = Span {
                start: finding.span.start + offset,
                end: finding.span.end + offset,
            };
            let position = position(&self.migration.up, statement, span);
            let mut diagnostic = self.diagnostic(finding, position);
            diagnostic.severity = severity;
            self.diagnostics.push(diagnostic);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn context<'c>(
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
            index: self.index,
            dialect: self.set.dialect,
            since: self.since,
            layout: self.set.layout,
            config: self.config,
            transaction,
            all: place.operations,
            at: place.at,
            texts: place.texts,
            sql,
            nested,
            altered: std::cell::OnceCell::new(),
        }
    }

    fn diagnostic(&self, finding: Finding, position: Position) -> Diagnostic {
        let code: &'static Code = &finding.rule.code;
        let mut diagnostic = Diagnostic::error(code, &*self.migration.up.path, finding.message).at(position);
        diagnostic.notes = finding.notes;
        if finding.rule.allowed == Allowed::Contract {
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

    fn remember(
        &self,
        schema: &Schema,
        place: &Place<'_>,
        operation: &Operation,
        sql: &str,
        transaction: &mut Transaction,
    ) {
        if !transaction.open {
            return;
        }
        let context = self.context(schema, place, operation, sql, transaction, false);
        let effects = effects(&context);
        let mut not_valid = Vec::new();
        let mut parents = Vec::new();
        if let Operation::Alter { name, actions, .. } = operation {
            let key = schema.resolve(Class::Relation, name);
            for action in actions {
                if let Action::AddConstraint(constraint) = action
                    && constraint.not_valid
                    && let Some(constraint) = &constraint.name
                {
                    not_valid.push((key.clone(), constraint.text.clone()));
                }
            }
        }
        parents.extend(
            super::catalogue::new_parents(&context)
                .into_iter()
                .map(|(_, parent)| parent),
        );
        if let Operation::AlterDomain {
            name,
            change: sql::DomainChange::AddConstraint(constraint),
        } = operation
            && constraint.not_valid
            && let Some(constraint) = &constraint.name
        {
            not_valid.push((schema.resolve(Class::Type, name), constraint.text.clone()));
        }
        for effect in effects {
            // A long file does the same to the same tables again and again.
            let mut lately = transaction.effects.iter().rev().take(8);
            if !lately.any(|(_, before)| *before == effect) {
                transaction.effects.push((place.at, effect));
            }
        }
        transaction.not_valid.extend(not_valid);
        transaction.parents.extend(parents);
        if let Operation::AlterType {
            name,
            change: TypeChange::AddValue { value, .. },
        } = operation
            && context_type_exists(schema, name, self.index)
        {
            transaction.enum_values.push(value.clone());
        }
    }

    fn fault(&mut self, section: &Section, statement: &Statement, fault: &Fault) {
        let code = match fault.kind {
            FaultKind::Missing => &codes::MISSING_OBJECT,
            FaultKind::Exists => &codes::OBJECT_EXISTS,
            FaultKind::Mismatch => &codes::TYPE_MISMATCH,
        };
        let position = position(section, statement, fault.span);
        let mut diagnostic = Diagnostic::error(code, &*section.path, &*fault.message).at(position);
        if let Some(name) = &fault.nearest {
            diagnostic = diagnostic.help(format!("did you mean `{name}`?"));
        }
        self.diagnostics.push(diagnostic);
    }
}

/// Pragmas that the library takes out of the transaction of another tool's file; that tool runs them in it.
fn taken_over(section: &Section, set: &MigrationSet) -> Vec<(Statement, Operation)> {
    if set.layout == Layout::Native
        || set.dialect != Dialect::Sqlite
        || section.transaction != TransactionMode::One
    {
        return Vec::new();
    }
    let removed = crate::script::section::taken_over(section, set.dialect);
    removed
        .into_iter()
        .take(1)
        .map(|statement| {
            (
                statement,
                sql::parse(section.sql(&statement), set.dialect).operation,
            )
        })
        .collect()
}

/// What a statement does; one that cannot be read has had its error.
fn readable(parsed: Parsed) -> Operation {
    match parsed.fault {
        Some(_) => Operation::Harmless,
        None => parsed.operation,
    }
}

/// Whether an enum was there before the file.
fn context_type_exists(schema: &Schema, name: &sql::Name, index: usize) -> bool {
    let key = schema.resolve(Class::Type, name);
    schema
        .get(&key)
        .is_none_or(|object| object.origin() != Origin::Draft(index))
}

/// The place of a span of a statement in its file. Counts lines from the statement on: files may be long.
fn position(section: &Section, statement: &Statement, span: Span) -> Position {
    let from = statement.start as usize;
    let line_start = section.text[..from].rfind('\n').map_or(0, |at| at + 1);
    let start = from + span.start as usize;
    let end = from + span.end as usize;
    let end = end.max(start + 1).min(statement.end as usize);
    let mut at = Position::of(
        &section.text[line_start..],
        start - line_start,
        end.saturating_sub(line_start),
    );
    at.line = (at.line + statement.line).saturating_sub(1);
    at
}
