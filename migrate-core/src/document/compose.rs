//! Puts a plan document together.

use std::time::Duration;

use super::{
    Answer, Assessment, Assessments, Document, DocumentStep, Footprint, MigrationPart, MoveRate, Moves,
    NoReturn, Part, PhasePart, Standing, TableName, checklist, criteria, estimate, triggers,
};
use crate::backfill::BackfillStatus;
use crate::change::Record;
use crate::database::Server;
use crate::gates::loses_data;
use crate::history::History;
use crate::live::Live;
use crate::model::directives::Expectation;
use crate::model::{Migration, MigrationSet, Phase, Version};
use crate::monitor::Thresholds;
use crate::plan::{Mode, Plan, WayBack, way_back};

/// What was seen of a database, for the document to be made of.
pub(crate) struct Seen<'a> {
    pub(crate) set: &'a MigrationSet,
    /// What the set is called in the database.
    pub(crate) set_name: &'a str,
    pub(crate) history: &'a History,
    pub(crate) mode: Mode,
    pub(crate) plan: &'a Plan,
    /// The pending migrations as they run: with the statements of their syncs.
    pub(crate) pending: &'a [Migration],
    pub(crate) footprints: &'a [(Version, Vec<Footprint>)],
    pub(crate) assessments: &'a Assessments,
    pub(crate) records: &'a [(String, Record)],
    pub(crate) backfills: &'a [BackfillStatus],
    /// How fast backfills that were begun went here themselves.
    pub(crate) rates: &'a [(Version, MoveRate)],
    pub(crate) live: &'a Live,
    pub(crate) server: &'a Server,
    pub(crate) at_ms: u64,
    pub(crate) limits: Limits,
}

/// The limits that this migrator keeps.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) lock_timeout: Duration,
    pub(crate) lock_retry: Duration,
    pub(crate) soft_lag: Duration,
    pub(crate) hard_lag: Duration,
    pub(crate) batch_timeout: Duration,
    pub(crate) start_up: Duration,
    /// What of the application's own figures stops a change.
    pub(crate) thresholds: Thresholds,
    /// Whether the application gives such figures.
    pub(crate) is_monitored: bool,
}

/// The tables that migrations touch: what is locked by their statements, moved by their backfills, or kept equal.
pub(crate) fn touched(pending: &[Migration], footprints: &[(Version, Vec<Footprint>)]) -> Vec<TableName> {
    let mut tables = Vec::new();
    let mut add = |table: TableName| {
        if !tables.contains(&table) {
            tables.push(table);
        }
    };
    for migration in pending {
        tables_of(migration, footprints).into_iter().for_each(&mut add);
    }
    tables
}

fn tables_of(migration: &Migration, footprints: &[(Version, Vec<Footprint>)]) -> Vec<TableName> {
    let mut tables: Vec<TableName> = footprints
        .iter()
        .filter(|(version, _)| *version == migration.version)
        .flat_map(|(_, steps)| steps)
        .flat_map(|step| &step.locks)
        .map(|lock| lock.table.clone())
        .collect();
    if let Some(backfill) = &migration.backfill {
        tables.push(TableName::written(&backfill.table));
    }
    for sync in migration.sync.iter().chain(migration.unsync.iter()) {
        tables.push(TableName::written(&sync.old.table));
        tables.push(TableName::written(&sync.new.table));
    }
    let mut once = Vec::new();
    for table in tables {
        if !once.contains(&table) {
            once.push(table);
        }
    }
    once
}

/// The document of what was seen.
pub(crate) fn compose(seen: &Seen<'_>) -> Document {
    let mut names: Vec<String> = Vec::new();
    for migration in seen.pending {
        let name = migration.change_name().into_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Document {
        set: seen.set_name.to_owned(),
        server: format!("{} {}", seen.server.dialect.title(), seen.server.version),
        at_ms: seen.at_ms,
        mode: seen.mode,
        fresh: seen.plan.fresh,
        applications: seen.assessments.applications.clone(),
        instances: seen.live.instances.iter().map(ToString::to_string).collect(),
        blind: seen.live.blind.clone(),
        parts: names.iter().map(|name| part(seen, name)).collect(),
        notes: seen.plan.notes.clone(),
    }
}

fn part(seen: &Seen<'_>, name: &str) -> Part {
    let pending: Vec<&Migration> = seen
        .pending
        .iter()
        .filter(|migration| migration.change_name() == name)
        .collect();
    let named = pending.iter().any(|migration| migration.change.is_some());
    let record = seen.records.iter().find(|(change, _)| change == name);
    let record = record.map(|(_, record)| record);
    let mut tables: Vec<Assessment> = Vec::new();
    for table in pending.iter().flat_map(|one| tables_of(one, seen.footprints)) {
        if let Some(assessment) = seen.assessments.get(&table)
            && !tables.contains(assessment)
        {
            tables.push(assessment.clone());
        }
    }
    // What a start-up does is shown alone; else the files of the change that ran belong to the picture.
    let shown: Vec<&Migration> = match seen.mode {
        Mode::StartUp => pending.clone(),
        Mode::Completion => seen
            .set
            .migrations
            .iter()
            .filter(|migration| migration.change_name() == name)
            .map(|one| {
                pending
                    .iter()
                    .find(|whole| whole.version == one.version)
                    .copied()
                    .unwrap_or(one)
            })
            .collect(),
    };
    let phases = Phase::ALL.into_iter().filter_map(|phase| {
        let of_phase: Vec<&Migration> = shown.iter().copied().filter(|one| one.phase == phase).collect();
        (!of_phase.is_empty()).then(|| self::phase(seen, phase, &of_phase, &tables))
    });
    let mut part = Part {
        name: name.to_owned(),
        named,
        state: record.map(|record| record.state),
        since_ms: record.and_then(|record| record.since_ms),
        blocked: record.and_then(|record| record.blocked.clone()),
        phases: phases.collect(),
        tables,
        triggers: Vec::new(),
        scenarios: Vec::new(),
        no_return: pending.iter().find_map(|one| no_return(seen, one)),
        checklist: Vec::new(),
    };
    if named {
        part.triggers = triggers::triggers(seen, &pending);
        part.scenarios = triggers::scenarios(name);
        part.checklist = checklist::checklist(&part, &pending);
    }
    part
}

fn no_return(seen: &Seen<'_>, migration: &Migration) -> Option<NoReturn> {
    let why = match way_back(migration) {
        WayBack::Irreversible(reason) => format!("it cannot be taken back: {reason}"),
        WayBack::Missing => "it cannot be taken back: its file has no down".to_owned(),
        WayBack::Down {
            data_loss: Some(loss),
            ..
        } => format!("taking it back loses {loss}"),
        WayBack::Down { .. }
            if migration.phase == Phase::Contract && loses_data(migration, seen.set.dialect) =>
        {
            "it removes data that its down cannot bring back".to_owned()
        }
        WayBack::Down { .. } | WayBack::KeepData => return None,
    };
    Some(NoReturn {
        version: migration.version,
        name: migration.name.to_string(),
        why,
    })
}

fn phase(seen: &Seen<'_>, phase: Phase, of_phase: &[&Migration], tables: &[Assessment]) -> PhasePart {
    let migrations: Vec<MigrationPart> = of_phase.iter().map(|one| migration_part(seen, one)).collect();
    PhasePart {
        phase,
        entry: criteria::entry(seen, phase, of_phase, tables),
        exit: criteria::exit(seen, phase, of_phase, tables),
        rollback: triggers::way_back_of(phase, of_phase),
        migrations,
    }
}

fn migration_part(seen: &Seen<'_>, migration: &Migration) -> MigrationPart {
    let row = seen
        .history
        .get(migration.version)
        .filter(|_| seen.history.is_applied(migration.version));
    let standing = match row {
        Some(row) => Standing::Applied(row.at.clone()),
        None if seen
            .plan
            .steps
            .iter()
            .any(|step| step.version == migration.version) =>
        {
            Standing::Now
        }
        None => Standing::Waits,
    };
    let of_version = seen
        .footprints
        .iter()
        .find(|(version, _)| *version == migration.version);
    let nothing = || Footprint::unknown("this build does not analyse the dialect");
    let step = |(at, sql): (usize, &str)| {
        let footprint = of_version
            .and_then(|(_, steps)| steps.get(at).cloned())
            .unwrap_or_else(nothing);
        let table = footprint
            .locks
            .first()
            .and_then(|lock| seen.assessments.get(&lock.table));
        DocumentStep {
            sql: sql.to_owned(),
            estimate: estimate(&footprint, table),
            footprint,
        }
    };
    let pending = row.is_none();
    let statements = migration.up.iter().map(|(_, sql)| sql).enumerate();
    MigrationPart {
        version: migration.version,
        name: migration.name.to_string(),
        path: migration.path.to_string(),
        standing,
        transaction: migration.up.transaction,
        // What is moved in batches is no statement that runs as it is written.
        steps: match pending && (migration.backfill.is_none() || seen.plan.fresh) {
            true => statements.map(step).collect(),
            false => Vec::new(),
        },
        moves: moves(seen, migration).filter(|_| pending),
        way_back: way_back(migration),
    }
}

fn moves(seen: &Seen<'_>, migration: &Migration) -> Option<Moves> {
    let backfill = migration.backfill.as_ref();
    if migration.phase != Phase::Migrate {
        return None;
    }
    let how = match (backfill, &migration.rust) {
        (Some(backfill), rust) => {
            let batch = backfill
                .batch
                .map_or(String::new(), |rows| format!(", first batch of {rows} rows"));
            let pause = backfill.pause.map_or(String::new(), |pause| {
                format!(", pause of {}", triggers::time(pause))
            });
            let by = rust
                .as_ref()
                .map_or(String::new(), |name| format!(" by the Rust code `{name}`"));
            format!(
                "the rows of `{}` in batches by `{}`{by}{batch}{pause}; each batch is one transaction",
                backfill.table,
                backfill.key.join(", ")
            )
        }
        (None, Some(name)) => format!("by the Rust code `{name}`, in one transaction"),
        (None, None) => "by its statements, in one transaction".to_owned(),
    };
    let table = backfill.map(|backfill| TableName::written(&backfill.table));
    let assessment = table.and_then(|table| seen.assessments.get(&table));
    let own = seen
        .rates
        .iter()
        .find(|(version, _)| *version == migration.version);
    let own = own.map(|(_, rate)| rate);
    let verify = migration.verify.iter().map(|verify| {
        let expected = match &verify.expectation {
            Expectation::Zero => "0".to_owned(),
            Expectation::Unchanged => "the same as before".to_owned(),
            Expectation::Equals(literal) => literal.to_string(),
        };
        let query = verify
            .query
            .iter()
            .next()
            .map_or(String::new(), |(_, sql)| sql.to_owned());
        (query, expected)
    });
    let status = seen
        .backfills
        .iter()
        .find(|status| status.version == migration.version);
    Some(Moves {
        how,
        progress: status.map(ToString::to_string),
        estimate: match backfill {
            Some(_) => estimate::moving(assessment, own),
            None => super::Estimate::Unknown {
                why: "how many rows it writes, and how fast, was not measured".to_owned(),
            },
        },
        verify: verify.collect(),
    })
}

impl Part {
    /// The steps of its pending migrations.
    pub(super) fn steps(&self) -> impl Iterator<Item = (&MigrationPart, &DocumentStep)> {
        let migrations = self.phases.iter().flat_map(|phase| &phase.migrations);
        migrations.flat_map(|migration| migration.steps.iter().map(move |step| (migration, step)))
    }

    /// The gate of its contract of that name.
    pub(super) fn gate(&self, name: &str) -> Option<(Answer, &str)> {
        let entry = self
            .phases
            .iter()
            .filter(|phase| phase.phase == Phase::Contract)
            .flat_map(|one| &one.entry);
        let mut found = entry.filter(|criterion| criterion.name == name);
        found.next().map(|criterion| (criterion.met, &*criterion.finding))
    }
}
