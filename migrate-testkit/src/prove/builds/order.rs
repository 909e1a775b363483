//! The two orders: file order on a fresh database, and production's, where a contract waits while later files run.

use migrate_core::facts::Class;
use migrate_core::{Migration, MigrationSet, Phase, Set, Version};

use crate::database::TestKind;
use crate::error::Error;
use crate::prove::Prove;
use crate::prove::chain::{Chain, migrator};
use crate::prove::finding::{Finding, Findings, Proof};

/// The order in which production applies what is newer than `from`: contracts come last.
pub(super) fn of_production(set: &MigrationSet, from: Option<Version>) -> Vec<&Migration> {
    let newer = || {
        set.migrations
            .iter()
            .filter(|migration| from < Some(migration.version))
    };
    let is_contract = |migration: &&Migration| migration.phase == Phase::Contract;
    let first = newer().filter(|migration| !is_contract(migration));
    first.chain(newer().filter(is_contract)).collect()
}

/// The set without the contracts that are newer than `from`, which wait.
pub(super) fn waiting<K: TestKind>(set: &Set<K>, from: Option<Version>) -> Set<K> {
    let runs = |migration: &&Migration| from >= Some(migration.version) || migration.phase != Phase::Contract;
    let part: Vec<Migration> = set.migrations.iter().filter(runs).cloned().collect();
    set.with(part.into())
}

pub(in crate::prove) async fn check<K: TestKind>(prove: &Prove<K>) -> Result<Proof, Error> {
    let mut findings = Findings::new("the order of production", prove);
    let production = of_production(&prove.set, prove.after);
    let file_order = prove
        .set
        .migrations
        .iter()
        .filter(|migration| prove.after < Some(migration.version));
    if file_order.eq(production.iter().copied()) {
        let why = "no migration comes behind a contract, so there is one order only";
        return findings.nothing(why).judge(why.to_owned());
    }
    let mut straight = Chain::at(prove, prove.set.newest()).await?;
    let expected = straight.facts().await?;

    let mut chain = Chain::at(prove, prove.after).await?;
    let part = waiting(&prove.set, prove.after);
    let part = migrator::<K>(&chain.database, part);
    let mut whole = Some(chain.steps.replace(part));
    for migration in &production {
        if migration.phase == Phase::Contract
            && let Some(whole) = whole.take()
        {
            chain.steps.replace(whole);
        }
        let Err(error) = chain.up(migration).await else {
            continue;
        };
        let contracts: Vec<String> = prove
            .set
            .migrations
            .iter()
            .filter(|other| other.phase == Phase::Contract && other.version < migration.version)
            .map(ToString::to_string)
            .collect();
        let finding = Finding::new(
            format!("{migration} fails in production's order"),
            "make it independent of what contracts before it remove: production applies it while they wait for the old build",
        );
        let waiting = if migration.phase == Phase::Contract {
            "applied after all files that are no contracts".to_owned()
        } else {
            format!("applied while these wait: {}", contracts.join(", "))
        };
        findings.push(
            finding
                .at(&migration.up)
                .body(waiting)
                .body(error)
                .client(chain.client()),
        );
        return findings.judge("ended there".to_owned());
    }
    let difference = expected.compare(&chain.facts().await?);
    if difference.changed() || (prove.strict_order && !difference.is_empty()) {
        let finding = Finding::new(
            "production's order makes another schema than the order of the files",
            "let no file depend on whether a contract before it was applied (IF EXISTS, CREATE OR REPLACE, renames)",
        );
        let contracts = production
            .iter()
            .filter(|migration| migration.phase == Phase::Contract)
            .map(|contract| format!("\n  {contract} --> {}", contract.up.path));
        let waited = format!(
            "what comes behind these contracts runs before them in production:{}",
            contracts.collect::<String>()
        );
        let shown = format!("a fresh database (-) and production (+):\n{difference}");
        findings.push(finding.body(shown).body(waited).client(chain.client()));
    } else if difference.of_class(Class::Order).next().is_some() {
        findings
            .notes
            .push("columns stand in another order than on a fresh database".to_owned());
    }
    let outcome = match difference.changed() {
        true => "with two schemas",
        false => "with the same schema",
    };
    findings.judge(format!(
        "{} migrations in both orders, {outcome}",
        production.len()
    ))
}
