//! A plan document as blocks.

use super::blocks::{Block, Cell};
use super::estimate::{grouped, shown};
use super::{
    Answer, Assessment, Criterion, Document, Known, MigrationPart, Part, PhasePart, Standing, StatementUse,
};
use crate::model::TransactionMode;
use crate::plan::{Mode, WayBack};
use crate::time;

fn heading(level: u8, words: impl Into<String>) -> Block {
    Block::Heading(level, words.into())
}

fn plain(words: impl Into<String>) -> Block {
    Block::Text(words.into())
}

pub(super) fn blocks(document: &Document) -> Vec<Block> {
    let what = match document.mode {
        Mode::Completion => "Plan",
        Mode::StartUp => "What a start-up does now",
    };
    let mut blocks = vec![heading(1, format!("{what}: set `{}`", document.set))];
    let fresh = if document.fresh { ", which nobody uses yet" } else { "" };
    blocks.push(plain(format!(
        "Seen at {} on {}{fresh}. Making this document changed nothing. Sizes and numbers of rows are the catalog's \
         estimates unless they say otherwise; what is not known says so.",
        time::shown(document.at_ms),
        document.server
    )));
    if document.parts.is_empty() {
        blocks.push(plain(match document.mode {
            Mode::Completion => "Nothing is pending.",
            Mode::StartUp => "There is nothing to do now.",
        }));
    }
    for note in &document.notes {
        blocks.push(plain(format!("Note: {note}.")));
    }
    connected(document, &mut blocks);
    for part in &document.parts {
        self::part(part, &mut blocks);
    }
    blocks
}

fn connected(document: &Document, blocks: &mut Vec<Block>) {
    blocks.push(heading(2, "Who uses the database"));
    blocks.push(plain("Beside the connection that asks; others of its own pool are among them:"));
    let mut items = Vec::new();
    match &document.applications {
        Known::Not(why) => items.push(format!("connected applications: not known, {why}")),
        Known::Is(applications) if applications.is_empty() => items.push("nobody else is connected".to_owned()),
        Known::Is(applications) => items.extend(applications.iter().map(|application| {
            let plural = if application.connections == 1 { "" } else { "s" };
            format!("`{}`: {} connection{plural}", application.name, application.connections)
        })),
    }
    match document.instances.len() {
        0 => items.push("no instance of this set is registered".to_owned()),
        _ => items.extend(document.instances.iter().map(|name| format!("registered: {name}"))),
    }
    items.extend(document.blind.iter().map(|why| format!("not everything can be seen: {why}")));
    blocks.push(Block::List(items));
}

fn part(part: &Part, blocks: &mut Vec<Block>) {
    match part.named {
        true => blocks.push(heading(2, format!("Change `{}`", part.name))),
        false => {
            let names = part.phases.iter().flat_map(|phase| &phase.migrations);
            let names: Vec<&str> = names.map(|migration| &*migration.name).collect();
            blocks.push(heading(2, format!("Migration {} {}", part.name, names.join(", "))));
        }
    }
    if let Some(state) = part.state {
        let since = part.since_ms.map_or(String::new(), |ms| format!(" since {}", time::shown(ms)));
        let blocked = part.blocked.as_ref().map_or(String::new(), |why| format!("; blocked: {why}"));
        blocks.push(plain(format!("State: {state}{since}{blocked}.")));
    }
    for table in &part.tables {
        match part.named {
            true => assessment(table, blocks),
            false => blocks.push(plain(brief(table))),
        }
    }
    for phase in &part.phases {
        self::phase(part, phase, blocks);
    }
    blocks.push(plain(match &part.no_return {
        Some(one) => format!("Point of no return: {} {}. {}.", one.version, one.name, sentence(&one.why)),
        None => "Point of no return: none, every step can be taken back.".to_owned(),
    }));
    if !part.triggers.is_empty() {
        blocks.push(heading(3, "What stops it"));
        let rows = part.triggers.iter().map(|one| {
            let by = if one.watched { "the library" } else { "a person" };
            [&*one.what, &*one.threshold, &*one.then, by].map(Cell::text).to_vec()
        });
        blocks.push(Block::Table(vec!["trigger", "threshold", "then", "watched by"], rows.collect()));
    }
    if !part.scenarios.is_empty() {
        blocks.push(heading(3, "Rollback plan"));
        let rows = part.scenarios.iter().map(|one| [&*one.happened, &*one.then].map(Cell::text).to_vec());
        blocks.push(Block::Table(vec!["what happened", "what to do"], rows.collect()));
    }
    if !part.checklist.is_empty() {
        blocks.push(heading(3, "Checklist"));
        let checks = part.checklist.iter().map(|one| (one.answer, one.item.clone(), one.fact.clone()));
        blocks.push(Block::Checks(checks.collect()));
        blocks.push(plain("Reviewed by: ____________________  Date: ____________"));
    }
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn rows_and_size(table: &Assessment) -> String {
    let rows = match (&table.sample, &table.rows) {
        (Known::Is(sample), _) if sample.whole => format!("{} rows (counted)", grouped(sample.rows)),
        (_, Known::Is(rows)) => format!("about {} rows ({})", grouped(rows.count), rows.source),
        (_, Known::Not(why)) => format!("rows not known: {why}"),
    };
    let size = match &table.size {
        Known::Is(size) => format!("{} and {} of indexes", bytes(size.table), bytes(size.indexes)),
        Known::Not(why) => format!("size not known: {why}"),
    };
    format!("{rows}; {size}")
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{} bytes", grouped(bytes)),
        10_000..10_000_000 => format!("{} kB", grouped(bytes / 1000)),
        10_000_000..10_000_000_000 => format!("{} MB", grouped(bytes / 1_000_000)),
        _ => format!("{} GB", grouped(bytes / 1_000_000_000)),
    }
}

fn brief(table: &Assessment) -> String {
    match table.exists {
        true => format!("Table `{}`: {}.", table.table, rows_and_size(table)),
        false => format!("Table `{}` is not there yet.", table.table),
    }
}

fn assessment(table: &Assessment, blocks: &mut Vec<Block>) {
    blocks.push(heading(3, format!("Table `{}`", table.table)));
    if !table.exists {
        blocks.push(plain("It is not there yet."));
        return;
    }
    let read = match &table.sample {
        Known::Is(sample) if sample.whole => format!("all of it was read in {}", shown(sample.took)),
        Known::Is(sample) => format!("{} rows of it were read in {}", grouped(sample.rows), shown(sample.took)),
        Known::Not(why) => format!("how fast it is read is not known: {why}"),
    };
    blocks.push(plain(format!("{}; {read}.", rows_and_size(table))));
    let rows = table.indexes.iter().map(|index| {
        let size = index.bytes.map_or_else(|| "not known".to_owned(), bytes);
        let name = if index.valid { index.name.clone() } else { format!("{} (INVALID)", index.name) };
        vec![Cell::code(&name), Cell::code(&index.definition), Cell::text(size)]
    });
    table_or(blocks, "Indexes", vec!["index", "over", "size"], rows.collect());
    let rows = table.foreign_keys.iter().map(|key| {
        let side = |table: &str, columns: &str| match columns {
            "" => table.to_owned(),
            columns => format!("{table} ({columns})"),
        };
        let checked = if key.valid { "" } else { ", NOT VALID" };
        vec![
            Cell::code(&side(&key.from, &key.columns)),
            Cell::code(&side(&key.to, &key.to_columns)),
            Cell::text(format!("{}{checked}", key.on_delete)),
            Cell::text(&*key.on_update),
        ]
    });
    table_or(blocks, "Foreign keys", vec!["from", "to", "on delete", "on update"], rows.collect());
    let rows = table.dependents.iter().map(|one| {
        vec![Cell::text(&*one.kind), Cell::code(&one.name), Cell::code(&one.detail)]
    });
    table_or(blocks, "What depends on it", vec!["kind", "name", ""], rows.collect());
    match &table.statements {
        Known::Not(why) => blocks.push(plain(format!("Statements that touch it, and their latency: not known, {why}."))),
        Known::Is(statements) if statements.is_empty() => {
            blocks.push(plain("Statements that touch it: none was counted."));
        }
        Known::Is(statements) => {
            blocks.push(plain("Statements that touch it, by the time they take in all:"));
            blocks.push(Block::Table(
                vec!["statement", "calls", "mean", "p50", "p99"],
                statements.iter().map(statement).collect(),
            ));
        }
    }
}

fn table_or(blocks: &mut Vec<Block>, what: &str, head: Vec<&'static str>, rows: Vec<Vec<Cell>>) {
    match rows.is_empty() {
        true => blocks.push(plain(format!("{what}: none."))),
        false => {
            blocks.push(plain(format!("{what}:")));
            blocks.push(Block::Table(head, rows));
        }
    }
}

fn statement(one: &StatementUse) -> Vec<Cell> {
    let time = |ms: Option<f64>| ms.map_or_else(|| "not known".to_owned(), |ms| format!("{ms:.2} ms"));
    vec![
        Cell::code(&one.sql),
        Cell::text(grouped(one.calls)),
        Cell::text(time(Some(one.mean_ms))),
        Cell::text(time(one.p50_ms)),
        Cell::text(time(one.p99_ms)),
    ]
}

fn criteria(what: &str, criteria: &[Criterion], blocks: &mut Vec<Block>) {
    if criteria.is_empty() {
        return;
    }
    blocks.push(plain(format!("{what}:")));
    let checks = criteria.iter().map(|one| (one.met, one.name.clone(), one.finding.clone()));
    blocks.push(Block::Checks(checks.collect()));
}

fn phase(part: &Part, phase: &PhasePart, blocks: &mut Vec<Block>) {
    if part.named {
        blocks.push(heading(3, format!("Phase {}", phase.phase)));
        criteria("It begins when", &phase.entry, blocks);
    } else if phase.entry.iter().any(|one| one.met != Answer::Yes) {
        criteria("It runs when", &phase.entry, blocks);
    }
    for migration in &phase.migrations {
        self::migration(part.named, migration, blocks);
    }
    if part.named {
        criteria("It has ended when", &phase.exit, blocks);
    }
    if !phase.rollback.is_empty() {
        blocks.push(plain("To take it back:"));
        blocks.push(Block::List(phase.rollback.iter().map(|how| format!("{how}.")).collect()));
    }
}

fn migration(named: bool, migration: &MigrationPart, blocks: &mut Vec<Block>) {
    let standing = match &migration.standing {
        Standing::Applied(at) => format!("applied at {at}"),
        Standing::Now => "it would run now".to_owned(),
        Standing::Waits => "it waits".to_owned(),
    };
    let MigrationPart { version, name, path, .. } = migration;
    let title = if named { format!("{version} {name}: ") } else { String::new() };
    let standing = if named { standing } else { sentence(&standing) };
    blocks.push(plain(format!("{title}{standing} (`{path}`).")));
    if !migration.steps.is_empty() && migration.transaction == TransactionMode::PerStatement {
        blocks.push(plain("Each statement commits by itself."));
    }
    for step in &migration.steps {
        blocks.push(Block::Sql(format!("{};", step.sql.trim_end().trim_end_matches(';'))));
        let footprint = &step.footprint;
        let mut items: Vec<String> = footprint
            .locks
            .iter()
            .map(|lock| format!("lock: {} on `{}`, {}", lock.lock, lock.table, lock.keeps_out.words()))
            .collect();
        if items.is_empty() {
            items.push("lock: none on a table in use".to_owned());
        }
        items.extend(footprint.held.iter().map(|lock| {
            let (lock, table, out) = (&lock.lock, &lock.table, lock.keeps_out.words());
            format!("still held from before in the transaction: {lock} on `{table}`, {out}")
        }));
        let note = footprint.note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
        items.push(format!("work: {}{note}", footprint.work.words()));
        items.push(format!(
            "rewrite: {}",
            match footprint.work.rewrites() {
                Some(true) => "yes",
                Some(false) => "no",
                None => "not known",
            }
        ));
        items.push(format!("time: {}", step.estimate));
        blocks.push(Block::List(items));
    }
    if let Some(moves) = &migration.moves {
        let mut items = vec![format!("moves {}", moves.how)];
        items.extend(moves.progress.iter().map(|progress| format!("so far: {progress}")));
        items.push(format!("time: {}", moves.estimate));
        items.extend(moves.verify.iter().map(|(query, expected)| {
            let query: Vec<&str> = query.split_whitespace().collect();
            format!("verify: `{}` has to answer {expected}", query.join(" "))
        }));
        blocks.push(Block::List(items));
    }
    if let WayBack::Down { statements, .. } = &migration.way_back
        && !matches!(migration.standing, Standing::Applied(_))
    {
        blocks.push(plain("Its down:"));
        blocks.push(Block::Sql(statements.iter().map(|sql| format!("{sql};")).collect::<Vec<_>>().join("\n")));
    }
}
