//! What the statements of pending migrations do to tables in use: the locks and the work that the rules go by.

use std::cell::OnceCell;
use std::collections::HashSet;

use super::config::Config;
use super::context::{Context, Transaction};
use super::effect::{Effect, effects};
use super::file::Landmarks;
use super::finding::{Finding, Findings};
use super::online::{Cost, judged};
use crate::document::{Footprint, KeptOut, TableLock, TableName, Work};
use crate::model::{Dialect, Migration, MigrationSet, ServerVersion, TransactionMode, Version};
use crate::schema::{Key, Origin, Schema};
use crate::sql::{self, Action, LockMode, ObjectKind, Operation};

/// Rules whose findings say that every row is written again.
const REWRITES: [&str; 10] = [
    "add-column-default-rewrite",
    "add-column-volatile-default",
    "add-column-serial",
    "add-column-identity",
    "add-column-generated-stored",
    "add-column-constrained-domain",
    "alter-column-type-rewrite",
    "table-rewrite-command",
    "table-rewrite-option",
    "refresh-matview-blocking",
];
/// … that an index is built.
const BUILDS: [&str; 7] = [
    "add-column-inline-unique",
    "alter-column-type-index-rebuild",
    "add-unique-constraint",
    "add-primary-key",
    "add-exclusion-constraint",
    "create-index-not-concurrent",
    "reindex-not-concurrent",
];
/// … that every row is read.
const SCANS: [&str; 8] = [
    "add-column-inline-check",
    "add-column-inline-fk",
    "alter-column-type-constraint-recheck",
    "set-not-null-scan",
    "add-check-validated",
    "add-fk-validated",
    "alter-domain-add-constraint",
    "attach-partition-scan",
];

/// … that the other table of a foreign key is locked too.
const PARENTS: [&str; 2] = ["fk-locks-parent", "drop-fk-locks-parent"];

/// What each statement of `up` of the migrations in `pending` does, as they are given: with the statements of their
/// syncs. What the other migrations of the set made exists; what pending ones make is new until they ran.
///
/// Empty where the dialect is not analysed in this build.
pub(crate) fn footprints(
    set: &MigrationSet,
    pending: &[Migration],
    server: ServerVersion,
) -> Vec<(Version, Vec<Footprint>)> {
    if !sql::supports(set.dialect) {
        return Vec::new();
    }
    let _names = sql::Quoting::of(set.dialect);
    let config = Config::default();
    let waits: HashSet<Version> = pending.iter().map(|migration| migration.version).collect();
    let mut schema = Schema::new(false).speaking(set.dialect);
    // What is applied came first, whatever its version.
    for migration in set.migrations.iter().filter(|one| !waits.contains(&one.version)) {
        schema.reset_session();
        for (_, text) in migration.up.iter() {
            schema.apply(&sql::parse(text, set.dialect).operation, Origin::History);
        }
    }
    let mut found = Vec::new();
    for (index, migration) in pending.iter().enumerate() {
        schema.reset_session();
        let judged: Vec<_> = migration
            .up
            .iter()
            .map(|(_, text)| crate::sync::judged(text))
            .collect();
        let texts: Vec<&str> = judged.iter().map(|text| &**text).collect();
        let operations: Vec<Operation> = texts
            .iter()
            .map(|text| sql::parse(text, set.dialect).operation)
            .collect();
        let transaction = Transaction {
            open: migration.up.transaction == TransactionMode::One,
            ..Transaction::default()
        };
        let landmarks = Landmarks::of(&operations);
        let mut steps = Vec::new();
        let mut held: Vec<TableLock> = Vec::new();
        for (at, operation) in operations.iter().enumerate() {
            let context = |operation, sql, nested| Context {
                schema: &schema,
                operation,
                migration,
                change: None,
                set,
                down: None,
                index,
                dialect: set.dialect,
                since: server,
                layout: set.layout,
                config: &config,
                transaction: &transaction,
                all: &operations,
                landmarks: &landmarks,
                at,
                texts: &texts,
                sql,
                nested,
                back: false,
                altered: OnceCell::new(),
                spared: std::cell::Cell::new(false),
            };
            let mut footprint = one(&context(operation, texts[at], false));
            if let Operation::Do { body, dynamic } = operation {
                for nested in body {
                    let inner = one(&context(&nested.operation, nested.span.of(texts[at]), true));
                    footprint = together(footprint, inner);
                }
                if dynamic.is_some() {
                    footprint.work = Work::Unknown;
                    footprint.note = Some("it runs SQL that is put together at run time".to_owned());
                }
            }
            if transaction.open && set.dialect.has_transactional_ddl() {
                footprint.held = held
                    .iter()
                    .filter(|lock| is_stronger(lock, &footprint.locks))
                    .cloned()
                    .collect();
                footprint
                    .locks
                    .iter()
                    .for_each(|lock| add(&mut held, lock.clone()));
            }
            steps.push(footprint);
            schema.apply(operation, Origin::Draft(index));
        }
        found.push((migration.version, steps));
    }
    found
}

fn together(mut all: Footprint, other: Footprint) -> Footprint {
    for lock in other.locks {
        add(&mut all.locks, lock);
    }
    if other.work > all.work {
        (all.work, all.note) = (other.work, other.note);
    }
    all
}

/// Keeps the strongest lock of each table.
fn add(locks: &mut Vec<TableLock>, lock: TableLock) {
    match locks.iter_mut().find(|known| known.table == lock.table) {
        Some(known) if known.keeps_out < lock.keeps_out => *known = lock,
        Some(_) => {}
        None => locks.push(lock),
    }
}

/// Whether a lock keeps more out than all of these on the same table.
fn is_stronger(lock: &TableLock, than: &[TableLock]) -> bool {
    let keeps_out = lock.keeps_out > KeptOut::SchemaChanges;
    let mut same = than.iter().filter(|one| one.table == lock.table);
    keeps_out && same.all(|one| one.keeps_out < lock.keeps_out)
}

fn one(cx: &Context<'_>) -> Footprint {
    if let Operation::Opaque { what } = cx.operation {
        return Footprint::unknown(format!("`{what}` was not understood"));
    }
    if matches!(cx.operation, Operation::Call { .. }) {
        return Footprint::unknown("what a procedure does was not followed");
    }
    let effects = effects(cx);
    let mut footprint = match cx.dialect {
        Dialect::Postgres => postgres(cx, &effects),
        Dialect::Mysql | Dialect::MariaDb => mysql(cx, &effects),
        Dialect::Sqlite => sqlite(cx, &effects),
    };
    let mut found = Vec::new();
    for rule in super::ALL
        .iter()
        .filter(|rule| rule.dialects.contains(&cx.dialect))
    {
        let tells = work_of(rule.name(), cx.operation).is_some() || PARENTS.contains(&rule.name());
        if tells {
            (rule.check)(
                cx,
                &mut Findings {
                    rule,
                    found: &mut found,
                },
            );
        }
    }
    for finding in &found {
        take_over(&mut footprint, finding, cx.operation);
    }
    let view = matches!(
        cx.operation,
        Operation::Drop {
            kind: ObjectKind::View | ObjectKind::MaterializedView,
            ..
        }
    );
    if view && footprint.note.is_none() {
        footprint.note = Some("whoever reads the view fails from then on".to_owned());
    }
    footprint
}

fn take_over(footprint: &mut Footprint, finding: &Finding, operation: &Operation) {
    if PARENTS.contains(&finding.rule.name()) {
        footprint.note.get_or_insert_with(|| finding.message.clone());
        return;
    }
    if let Some(work) = work_of(finding.rule.name(), operation)
        && (work > footprint.work || (work == footprint.work && footprint.note.is_none()))
    {
        footprint.work = work;
        footprint.note = Some(finding.message.clone());
    }
}

/// What a finding of that rule says of the work.
fn work_of(rule: &str, operation: &Operation) -> Option<Work> {
    if rule == "sqlite-rewrite" {
        return Some(match operation {
            Operation::CreateIndex(_) | Operation::Reindex { .. } => Work::IndexBuild,
            Operation::Alter { actions, .. }
                if !actions.iter().any(|one| matches!(one, Action::DropColumn { .. })) =>
            {
                Work::Scan
            }
            _ => Work::Rewrite,
        });
    }
    let tells = |rules: &[&str]| rules.contains(&rule);
    match () {
        () if tells(&REWRITES) => Some(Work::Rewrite),
        () if tells(&BUILDS) => Some(Work::IndexBuild),
        () if tells(&SCANS) => Some(Work::Scan),
        () => None,
    }
}

fn table_of(key: &Key) -> TableName {
    TableName {
        schema: Some(key.schema.clone()).filter(|schema| schema != "public" && !schema.is_empty()),
        name: key.name.clone(),
    }
}

/// What a statement does at the least.
fn least(cx: &Context<'_>, effects: &[Effect]) -> Work {
    let makes = matches!(
        cx.operation,
        Operation::CreateTable(_)
            | Operation::CreateView(_)
            | Operation::CreateSequence { .. }
            | Operation::CreateType { .. }
            | Operation::CreateFunction {
                or_replace: false,
                ..
            }
            | Operation::CreateSchema { .. }
            | Operation::CreateExtension { .. }
            | Operation::CreateIndex(_)
    );
    match makes && effects.is_empty() {
        true => Work::New,
        false => Work::Catalog,
    }
}

fn postgres(cx: &Context<'_>, effects: &[Effect]) -> Footprint {
    let mut footprint = Footprint::of(least(cx, effects));
    for effect in effects {
        let keeps_out = match effect.lock {
            LockMode::AccessShare | LockMode::RowShare | LockMode::RowExclusive => KeptOut::Nobody,
            LockMode::ShareUpdateExclusive => KeptOut::SchemaChanges,
            LockMode::Share | LockMode::ShareRowExclusive | LockMode::Exclusive => KeptOut::Writers,
            LockMode::AccessExclusive => KeptOut::Everybody,
        };
        let lock = TableLock {
            table: table_of(&effect.table),
            lock: effect.lock.name().to_owned(),
            keeps_out,
        };
        add(&mut footprint.locks, lock);
        footprint.work = footprint.work.max(of_effect(cx, effect));
    }
    footprint
}

fn of_effect(cx: &Context<'_>, effect: &Effect) -> Work {
    match effect.work {
        super::effect::Work::None => Work::Catalog,
        super::effect::Work::Write => Work::Write,
        super::effect::Work::Scan if matches!(cx.operation, Operation::CreateIndex(_)) => Work::IndexBuild,
        super::effect::Work::Scan => Work::Scan,
    }
}

fn mysql(cx: &Context<'_>, effects: &[Effect]) -> Footprint {
    let mut footprint = Footprint::of(least(cx, effects));
    let worst = judged(cx).into_iter().max_by_key(|one| one.cost);
    let builds = match cx.operation {
        Operation::CreateIndex(_) => true,
        Operation::Alter { actions, .. } => actions
            .iter()
            .any(|one| matches!(one, Action::AddIndex(_) | Action::AddConstraint(_))),
        _ => false,
    };
    for effect in effects {
        let written = effect.lock == LockMode::RowExclusive;
        let (lock, keeps_out) = match worst.as_ref().map(|one| one.cost) {
            _ if written => ("locks of the rows that it writes", KeptOut::Nobody),
            Some(Cost::Nocopy | Cost::Rebuild) => (
                "a metadata lock for a moment, LOCK=NONE while it works",
                KeptOut::SchemaChanges,
            ),
            Some(Cost::Shared | Cost::Copy) => ("LOCK=SHARED", KeptOut::Writers),
            _ => ("an exclusive metadata lock for a moment", KeptOut::Everybody),
        };
        let lock = TableLock {
            table: table_of(&effect.table),
            lock: lock.to_owned(),
            keeps_out,
        };
        add(&mut footprint.locks, lock);
        if written {
            footprint.work = footprint.work.max(of_effect(cx, effect));
        }
    }
    if let Some(worst) = worst {
        footprint.work = match worst.cost {
            Cost::Instant => Work::Catalog,
            Cost::Nocopy | Cost::Shared if builds => Work::IndexBuild,
            Cost::Nocopy => Work::Catalog,
            Cost::Rebuild | Cost::Shared | Cost::Copy => Work::Rewrite,
        };
        footprint.note = Some(format!("ALGORITHM={}", worst.cost.algorithm(cx.dialect).name()));
    }
    footprint
}

fn sqlite(cx: &Context<'_>, effects: &[Effect]) -> Footprint {
    let mut footprint = Footprint::of(least(cx, effects));
    for effect in effects {
        let lock = TableLock {
            table: table_of(&effect.table),
            lock: "the write lock of the database".to_owned(),
            keeps_out: KeptOut::AllWriters,
        };
        add(&mut footprint.locks, lock);
        if matches!(cx.operation, Operation::Data { .. }) {
            footprint.work = footprint.work.max(of_effect(cx, effect));
        }
    }
    footprint
}
