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
    let since = set.since.unwrap_or_else(|| oldest(set.dialect));
    let mut schema = Schema::new(config.strict).speaking(set.dialect);
    for (index, migration) in set.migrations.iter().enumerate() {
        schema.reset_session();
        if migration.released {
            for (_, sql) in migration.up.iter() {
                schema.apply(&sql::parse(sql, set.dialect).operation, Origin::History);
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
        judge.draft(&mut schema);
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
    fn draft(&mut self, schema: &mut Schema) {
        let migration = self.migration;
        let faults_before = self.diagnostics.len();
        let up = self.read(&migration.up);
        let down = migration.down.as_ref().map(|down| (down, self.read(down)));
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

    fn read(&mut self, section: &Section) -> Vec<Parsed> {
        let parse = |(statement, sql): (&Statement, &str)| {
            let parsed = sql::parse(sql, self.set.dialect);
            if let Some(fault) = &parsed.fault {
                let at = fault.at.min(sql.len() as u32);
                let position = position(
                    section,
                    statement,
                    Span {
                        start: at,
                        end: at + 1,
                    },
                );
                let message = format!("this is not {} SQL: {}", self.set.dialect, fault.message);
                self.diagnostics
                    .push(Diagnostic::error(&codes::SYNTAX_ERROR, &*section.path, message).at(position));
            }
            parsed
        };
        section.iter().map(parse).collect()
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
            if let Operation::Do { body, .. } = operation {
                for nested in body {
                    let sql = nested.span.of(sql);
                    let inner = &nested.operation;
                    self.rules(
                        schema,
                        &place,
                        inner,
                        sql,
                        &transaction,
                        Some(nested.span),
                        allows,
                    );
                }
            }
            self.remember(schema, &place, operation, sql, &mut transaction);
            for fault in schema.apply(operation, Origin::Draft(self.index)) {
                self.fault(section, statement, &fault);
            }
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
        for mut finding in found {
            // A statement that is right in a contract can be moved there as it is; in SQLite it may be one of a rebuild.
            let movable = finding.rule.allowed == Allowed::Contract && finding.replacement.is_empty();
            if movable && nested.is_none() && self.set.dialect != Dialect::Sqlite {
                finding.file(Phase::Contract, format!("{sql};"));
            }
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
        transaction
            .effects
            .extend(effects.into_iter().map(|effect| (place.at, effect)));
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
