//! A phase of a change, as blocks.

use super::{heading, plain, sentence};
use crate::document::blocks::Block;
use crate::document::{
    Answer, Criterion, DocumentStep, Estimate, Footprint, MigrationPart, Part, PhasePart, Standing, TableLock,
};
use crate::model::TransactionMode;
use crate::plan::WayBack;

fn criteria(what: &str, criteria: &[Criterion], blocks: &mut Vec<Block>) {
    if criteria.is_empty() {
        return;
    }
    blocks.push(plain(format!("{what}:")));
    let checks = criteria
        .iter()
        .map(|one| (one.met, one.name.clone(), one.finding.clone()));
    blocks.push(Block::Checks(checks.collect()));
}

pub(super) fn phase(part: &Part, phase: &PhasePart, blocks: &mut Vec<Block>) {
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
        blocks.push(Block::List(
            phase.rollback.iter().map(|how| format!("{how}.")).collect(),
        ));
    }
}

fn migration(named: bool, migration: &MigrationPart, blocks: &mut Vec<Block>) {
    let standing = match &migration.standing {
        Standing::Applied(at) => format!("applied at {at}"),
        Standing::Now => "it would run now".to_owned(),
        Standing::Waits => "it waits".to_owned(),
    };
    let MigrationPart {
        version, name, path, ..
    } = migration;
    let title = if named {
        format!("{version} {name}: ")
    } else {
        String::new()
    };
    let standing = if named { standing } else { sentence(&standing) };
    blocks.push(plain(format!("{title}{standing} (`{path}`).")));
    if !migration.steps.is_empty() && migration.transaction == TransactionMode::PerStatement {
        blocks.push(plain("Each statement commits by itself."));
    }
    migration.steps.iter().for_each(|step| self::step(step, blocks));
    if let Some(moves) = &migration.moves {
        let mut items = vec![format!("moves {}", moves.how)];
        items.extend(
            moves
                .progress
                .iter()
                .map(|progress| format!("so far: {progress}")),
        );
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
        blocks.push(Block::Sql(
            statements
                .iter()
                .map(|sql| format!("{sql};"))
                .collect::<Vec<_>>()
                .join("\n"),
        ));
    }
}

fn step(step: &DocumentStep, blocks: &mut Vec<Block>) {
    blocks.push(Block::Sql(format!(
        "{};",
        step.sql.trim_end().trim_end_matches(';')
    )));
    let Footprint {
        locks,
        held,
        work,
        note,
    } = &step.footprint;
    let note = note.as_ref().map_or(String::new(), |note| format!(" ({note})"));
    // Most statements of a new table have nothing to say.
    if locks.is_empty() && held.is_empty() && step.estimate == Estimate::Moment {
        let words = format!(
            "no lock on a table in use, no rewrite, a moment; {}{note}",
            work.words()
        );
        return blocks.push(Block::List(vec![words]));
    }
    let lock = |lock: &TableLock| format!("{} on `{}`, {}", lock.lock, lock.table, lock.keeps_out.words());
    let mut items: Vec<String> = locks.iter().map(|one| format!("lock: {}", lock(one))).collect();
    if items.is_empty() {
        items.push("lock: none on a table in use".to_owned());
    }
    items.extend(
        held.iter()
            .map(|one| format!("still held from before in the transaction: {}", lock(one))),
    );
    items.push(format!("work: {}{note}", work.words()));
    items.push(format!(
        "rewrite: {}",
        match work.rewrites() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not known",
        }
    ));
    items.push(format!("time: {}", step.estimate));
    blocks.push(Block::List(items));
}
