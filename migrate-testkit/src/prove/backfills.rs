//! Migrations that move data, on generated rows: verified, run twice, interrupted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use migrate_core::migrator::Event;
use migrate_core::{Migration, Migrator, Phase, Version};

use super::Prove;
use super::chain::{Chain, LEASE, LOCK_RETRY, NotApplied, TABLE_PREFIX};
use super::finding::{Finding, Findings, Proof, no_rows};
use super::reach::Reach;
use crate::contents::{Contents, Scope};
use crate::database::{TestDatabase as _, TestKind};
use crate::error::Error;
use crate::link::{Link as _, message};
use crate::seed::{Level, Seeder};
use crate::structure::Tables;

/// After how many batches or statements a run is interrupted, in turn.
const CUTS: [u32; 2] = [1, 2];

pub(super) async fn check<K: TestKind>(prove: &Prove<K>) -> Result<Proof, Error> {
    let mut findings = Findings::new("backfills", prove);
    let (mut moved, mut rows, mut interrupted) = (0, 0, 0);
    let moves =
        |migration: &&Migration| prove.after < Some(migration.version) && migration.phase == Phase::Migrate;
    for migration in prove.set.migrations.iter().filter(moves) {
        if findings.is_full() {
            break;
        }
        moved += 1;
        let mut level = Level::Edges;
        let (mut straight, mut seeded) = start(prove, migration, level).await?;
        let mut applied = straight.up(migration).await;
        if let Err(NotApplied::Refused(error)) = &applied
            && !error.is_verification()
        {
            // The rows may be such as no application writes.
            level = Level::Plain;
            let (mut other, plain) = start(prove, migration, level).await?;
            let again = other.up(migration).await;
            if again.is_ok() {
                let note = "it is refused on rows that the schema permits, and was tried with plainer ones";
                findings.gap(format!("{migration}: {note}\n{error}"));
                (straight, seeded) = (other, plain);
                applied = again;
            }
        }
        if let Err(error) = applied {
            findings.push(refused(migration, &error, straight.client()));
            continue;
        }
        for (table, why) in &seeded.refused {
            findings.gap(no_rows(table, why));
        }
        if seeded.rows == 0 && seeded.refused.is_empty() {
            findings.gap(format!(
                "{migration} moved nothing: no table that it names had rows. Give some with `rows`"
            ));
        }
        let tables = straight.tables().await?;
        let once = straight.contents(&tables).await?;
        rows += once.rows();
        if migration.rust.is_none() {
            again(&mut straight, migration, &once, &mut findings).await?;
        } else {
            findings.note(
                migration,
                "its Rust code was not given rows a second time that it had moved",
            );
        }
        for cut in CUTS {
            let (mut other, was_cut) = interrupt(prove, migration, level, cut).await?;
            interrupted += usize::from(was_cut);
            if !was_cut {
                break;
            }
            if let Err(error) = finish(&mut other, migration).await {
                let finding = Finding::new(
                    format!("{migration} does not go on after it was interrupted"),
                    "let each statement bear what an earlier, unfinished run left",
                );
                findings.push(finding.at(&migration.up).body(error).client(other.client()));
                break;
            }
            let tables = other.tables().await?;
            let found = other.contents(&tables).await?;
            let different = once.compare(&found, Scope::Same);
            if !different.is_empty() {
                let finding = Finding::new(
                    format!("{migration} makes other rows when it was interrupted and went on"),
                    "let what a row becomes depend on that row alone, and not on when it is moved or how often",
                );
                let finding = finding.at(&migration.up).body(different.join("\n"));
                findings.push(finding.client(other.client()));
                break;
            }
        }
    }
    if moved == 0 {
        findings = findings.nothing("no migration moves data");
    }
    findings.judge(format!(
        "{moved} migrations that move data, with {rows} rows and {interrupted} interruptions"
    ))
}

/// A database right before the migration, with rows from before its change: what the new side is filled with has to come
/// from the migration.
async fn start<K: TestKind>(
    prove: &Prove<K>,
    migration: &Migration,
    level: Level,
) -> Result<(Chain<K>, Filled), Error> {
    let mut chain = Chain::at(prove, before_change(prove, migration)).await?;
    let filled = fill(prove, &mut chain, migration, level).await?;
    Ok((chain, filled))
}

/// What a migration finds.
#[derive(Default)]
struct Filled {
    /// The rows of the tables that it names.
    rows: usize,
    /// The tables that took none, and what the database said.
    refused: BTreeMap<String, String>,
}

/// The version before the first migration of the same change.
fn before_change<K: TestKind>(prove: &Prove<K>, migration: &Migration) -> Option<Version> {
    let change = migration.change_name();
    let mut same = prove
        .set
        .migrations
        .iter()
        .filter(|other| other.change_name() == change);
    let first = same.find(|other| prove.after < Some(other.version));
    prove.before(first.map_or(migration.version, |first| first.version))
}

/// Writes rows into what the migration names, and what that needs, and goes on to where it is next. What other changes
/// made in between gets rows there; what its own change made gets them from the migration.
async fn fill<K: TestKind>(
    prove: &Prove<K>,
    chain: &mut Chain<K>,
    migration: &Migration,
    level: Level,
) -> Result<Filled, Error> {
    let mut seeder = Seeder::new(K::DIALECT, level);
    let mut filled = Filled::default();
    let earlier = chain.tables().await?;
    seed(chain, migration, &mut seeder, &earlier, &mut filled, |_| true).await?;
    if let Some(version) = prove.before(migration.version) {
        chain.up_to(version).await?;
    }
    let tables = chain.tables().await?;
    let of_the_change = |name: &str| {
        let last = name.rsplit('.').next().unwrap_or(name).trim_matches(['"', '`']);
        let change = migration.change_name();
        let mut same = prove
            .set
            .migrations
            .iter()
            .filter(|other| other.change_name() == change);
        same.any(|other| other.creates.iter().any(|made| made.eq_ignore_ascii_case(last)))
    };
    let is_new = |name: &str| !earlier.contains_key(name) && !of_the_change(name);
    seed(chain, migration, &mut seeder, &tables, &mut filled, is_new).await?;
    let reach = Reach::of(migration, &tables);
    let contents = chain.contents(&reach.compared(&tables)).await?;
    filled.rows = contents.rows();
    Ok(filled)
}

async fn seed<K: TestKind>(
    chain: &mut Chain<K>,
    migration: &Migration,
    seeder: &mut Seeder,
    tables: &Tables,
    filled: &mut Filled,
    belongs: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    let reach = Reach::of(migration, tables);
    let wanted = |name: &str| match belongs(name) && reach.touches(name) {
        true => usize::MAX,
        false => usize::from(belongs(name) && reach.seeded.contains(name)),
    };
    let seeded = seeder.seed(&mut chain.link, tables, None, wanted).await;
    let seeded = seeded.map_err(|error| Error::caused("cannot write generated rows", error))?;
    filled.refused.extend(seeded.refused);
    Ok(())
}

fn refused(migration: &Migration, error: &NotApplied, client: String) -> Finding {
    let verification = matches!(error, NotApplied::Refused(error) if error.is_verification());
    let finding = if verification {
        Finding::new(
            format!("{migration} does not move every row: a verify query does not hold afterwards"),
            "let the statement move the rows that the schema permits, NULL and empty ones too, or let the query leave them out",
        )
    } else {
        Finding::new(
            format!("{migration} fails on a database with rows"),
            "let the statement bear the rows that the schema permits; give rows of your own with `rows`, if those cannot be",
        )
    };
    finding.at(&migration.up).body(error).client(client)
}

/// Runs the statements once more, on rows that are moved.
async fn again<K: TestKind>(
    chain: &mut Chain<K>,
    migration: &Migration,
    once: &Contents,
    findings: &mut Findings,
) -> Result<(), Error> {
    let failed = |error| Error::caused("cannot run a migration a second time", error);
    let help = "leave out the rows that are moved already: `WHERE new IS NULL`, `ON CONFLICT DO NOTHING`. A run that is repeated \
                by hand or goes on after a crash must not change them again";
    chain.link.execute("BEGIN").await.map_err(failed)?;
    for (statement, sql) in migration.up.iter() {
        let Err(error) = chain.link.execute(sql).await else {
            continue;
        };
        chain.link.execute("ROLLBACK").await.map_err(failed)?;
        let finding = Finding::new(format!("{migration} fails when it is run a second time"), help);
        let finding = finding.at_line(&migration.up, statement.line).body(sql);
        findings.push(
            finding
                .body(format!("=> {}", message(&error)))
                .client(chain.client()),
        );
        return Ok(());
    }
    let tables = chain.tables().await?;
    let twice = chain.contents(&tables).await?;
    chain.link.execute("ROLLBACK").await.map_err(failed)?;
    let different = once.compare(&twice, Scope::Same);
    if !different.is_empty() {
        let finding = Finding::new(
            format!("{migration} changes rows when it is run a second time"),
            help,
        );
        let finding = finding.at(&migration.up).body(different.join("\n"));
        findings.push(finding.client(chain.client()));
    }
    Ok(())
}

/// Runs the migration in small batches, as on a database in use, until so many batches or statements were done, and drops
/// it there. Tells whether it came so far.
async fn interrupt<K: TestKind>(
    prove: &Prove<K>,
    migration: &Migration,
    level: Level,
    cut: u32,
) -> Result<(Chain<K>, bool), Error> {
    let mut chain = Chain::in_use(prove, before_change(prove, migration)).await?;
    fill(prove, &mut chain, migration, level).await?;
    chain.steps.release().await?;
    let mut small = prove.set.migrations.to_vec();
    for other in &mut small {
        if let Some(backfill) = &mut other.backfill {
            backfill.batch = Some(2);
            backfill.pause = Some(Duration::from_millis(1));
        }
    }
    let small = prove.set.with(small.into());
    let reached = Arc::new(tokio::sync::Notify::new());
    let (tell, count) = (Arc::clone(&reached), AtomicU32::new(0));
    let observer = move |event: &Event| {
        let counts = match event {
            Event::Progress(_) => true,
            Event::Statement { number, .. } => *number > 1,
            _ => false,
        };
        if counts && count.fetch_add(1, Ordering::Relaxed) + 1 == cut {
            tell.notify_one();
        }
    };
    let migrator = Migrator::new(chain.database.pool().clone(), small)
        .table_prefix(TABLE_PREFIX)
        .lock_retry(LOCK_RETRY)
        .lease(LEASE)
        .observer(observer)
        // Nobody else runs on the database of a test.
        .settle(Duration::ZERO)
        .ignore_application("*")
        .build();
    let was_cut = tokio::select! {
        biased;
        () = reached.notified() => true,
        _ = migrator.up_to(migration.version) => false,
    };
    Ok((chain, was_cut))
}

/// Goes on with it; it may have been done already when it was dropped.
async fn finish<K: TestKind>(chain: &mut Chain<K>, migration: &Migration) -> Result<(), NotApplied> {
    let applied = chain.steps.up_to(migration.version).await;
    applied
        .map(drop)
        .map_err(|error| NotApplied::Refused(Box::new(error)))
}
