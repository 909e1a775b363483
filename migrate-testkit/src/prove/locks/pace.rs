//! How long each statement takes on full tables.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use migrate_core::model::TransactionMode;
use migrate_core::{Dialect, Migration};

use crate::database::TestKind;
use crate::error::Error;
use crate::link::{Link as _, message};
use crate::prove::Prove;
use crate::prove::chain::Chain;
use crate::prove::finding::{Finding, Findings};
use crate::prove::reach::Reach;
use crate::seed::{Level, Seeder, multiplied};

/// The longest that a statement may take, and on how many rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) longest: Duration,
    pub(crate) rows: u64,
}

/// Runs the files' own statements, without the migrator: what it does around them is not what is measured.
pub(super) async fn check<K: TestKind>(
    prove: &Prove<K>,
    pace: Pace,
    findings: &mut Findings,
) -> Result<String, Error> {
    let mut chain = Chain::at(prove, prove.after).await?;
    let mut seeder = Seeder::new(K::DIALECT, Level::Plain);
    let (mut statements, mut slowest) = (0, Duration::ZERO);
    // Told once, a table that cannot be filled is not tried again.
    let mut unfilled = BTreeMap::new();
    let newer = |migration: &&Migration| prove.after < Some(migration.version);
    for migration in prove.set.migrations.iter().filter(newer) {
        if migration.rust.is_some() {
            findings.note(
                migration,
                "its rows are not moved while times are measured: that is Rust code",
            );
            continue;
        }
        fill(&mut chain, &mut seeder, migration, pace.rows, &mut unfilled).await?;
        let one = migration.up.transaction == TransactionMode::One && !K::DIALECT.is_mysql_family();
        let begin = if one { "BEGIN" } else { "SELECT 1" };
        let end = if one { "COMMIT" } else { "SELECT 1" };
        let failed = |error| Error::caused("cannot begin or end a transaction of the test database", error);
        chain.link.execute(begin).await.map_err(failed)?;
        for (statement, sql) in migration.up.iter() {
            let started = Instant::now();
            let done = chain.link.execute(sql).await;
            let took = started.elapsed();
            if let Err(error) = done {
                let title = format!("{migration} fails on tables with {} rows", pace.rows);
                let help = "`data_survival` tells more; give rows of your own with `rows`, if those generated cannot be";
                let finding = Finding::new(title, help).at_line(&migration.up, statement.line);
                let finding = finding.body(sql).body(format!("=> {}", message(&error)));
                findings.push(finding.client(chain.client()));
                return Ok(format!("ended at {migration}"));
            }
            // What moves data in batches takes long as a whole, and holds nobody up.
            if migration.backfill.is_some() {
                continue;
            }
            statements += 1;
            slowest = slowest.max(took);
            if took > pace.longest {
                let title = format!(
                    "{migration}: a statement takes {took:.0?} on tables with {} rows, where no more than {:.0?} is allowed",
                    pace.rows, pace.longest
                );
                let help = "write it in the steps that the rules propose (`migrate audit`), leave files that are released out (`after`), or raise the limit: the time is \
                            that of this machine";
                let finding = Finding::new(title, help).at_line(&migration.up, statement.line);
                findings.push(finding.body(sql));
            }
        }
        chain.link.execute(end).await.map_err(failed)?;
        chain.user_rows(prove, migration.version).await?;
    }
    for (table, why) in unfilled {
        findings.gap(format!(
            "{table} has fewer than {} rows: {why}. Give some with `rows`",
            pace.rows
        ));
    }
    Ok(format!(
        "{statements} statements on tables with {} rows, the slowest took {slowest:.0?}",
        pace.rows
    ))
}

/// Fills the tables that a migration can reach: a few rows of the generator, which the server multiplies.
async fn fill<K: TestKind>(
    chain: &mut Chain<K>,
    seeder: &mut Seeder,
    migration: &Migration,
    rows: u64,
    unfilled: &mut BTreeMap<String, String>,
) -> Result<(), Error> {
    let failed = |error| Error::caused("cannot write generated rows", error);
    let tables = chain.tables().await?;
    let reach = Reach::of(migration, &tables);
    let wanted = |name: &str| match reach.seeded.contains(name) && !unfilled.contains_key(name) {
        true => 1,
        false => 0,
    };
    let seeded = seeder.seed(&mut chain.link, &tables, None, wanted).await;
    unfilled.extend(seeded.map_err(failed)?.refused);
    let named: Vec<String> = reach
        .seeded
        .iter()
        .filter(|name| !unfilled.contains_key(*name))
        .cloned()
        .collect();
    for name in named {
        let Some(table) = tables.get(&name) else { continue };
        let count = chain.link.rows(&seeder.count(table)).await.map_err(failed)?;
        let there: u64 = crate::seed::first(count)
            .and_then(|count| count.parse().ok())
            .unwrap_or_default();
        if there >= rows {
            continue;
        }
        let sql = match multiplied(K::DIALECT, table, rows - there) {
            Ok(sql) => sql,
            Err(why) => {
                unfilled.insert(name, why);
                continue;
            }
        };
        if let Err(error) = chain.link.execute(&sql).await {
            unfilled.insert(name, message(&error));
        } else if K::DIALECT == Dialect::Postgres {
            // The planner takes a table that nobody looked at for a small one.
            let analyze = format!("ANALYZE {}", table.sql);
            chain.link.execute(&analyze).await.map_err(failed)?;
        }
    }
    Ok(())
}
