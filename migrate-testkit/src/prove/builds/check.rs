//! The walk through the schemas of production, with the queries of every build that may run on them.

use std::collections::BTreeSet;

use migrate_core::{Migration, Phase, Version};

use super::order::{of_production, waiting};
use super::query::Query;
use super::told::{after, place};
use super::{Build, PoolOf};
use crate::database::sealed::Sealed as _;
use crate::database::{TestDatabase as _, TestKind};
use crate::error::Error;
use crate::link::Shape;
use crate::prove::Prove;
use crate::prove::chain::{Chain, migrator};
use crate::prove::finding::{Finding, Findings, Proof, no_rows};
use crate::seed::{Level, Seeder};
use crate::structure::Tables;

/// How many values are tried before a refusal counts.
pub(super) const ATTEMPTS: usize = 20;

pub(in crate::prove) async fn check<K: TestKind>(prove: &Prove<K>) -> Result<Proof, Error> {
    let mut findings = Findings::new("two builds", prove);
    let found = match &prove.builds_folder {
        Some(folder) if folder.is_dir() => super::of_folder(folder)?,
        _ => Vec::new(),
    };
    let builds: Vec<&Build<K>> = prove.builds.iter().chain(&found).collect();
    let newest = prove.set.newest().unwrap_or(Version(0));
    let Some(oldest) = builds.iter().map(|build| build.at.unwrap_or(newest)).min() else {
        let why = "no build is named, so no query was tried";
        findings.gap(format!(
            "{why}. Put the queries of a release into `tests/builds/<its newest migration>_<name>/`, for example its \
             `.sqlx/query-*.json`"
        ));
        return findings.judge(why.to_owned());
    };
    let mut walk = Walk::open(prove, &builds, findings, oldest).await?;
    let steps = of_production(&prove.set, Some(oldest));
    walk.arrive(None).await?;
    let mut whole = None;
    let part = waiting(&prove.set, Some(oldest));
    if part.migrations.len() < prove.set.migrations.len() {
        let part = migrator::<K>(&walk.chain.database, part);
        whole = Some(walk.chain.steps.replace(part));
    }
    let mut before = walk.chain.facts().await?;
    for migration in &steps {
        if migration.phase == Phase::Contract {
            if let Some(whole) = whole.take() {
                walk.chain.steps.replace(whole);
            }
            walk.retire(migration);
        }
        walk.prepare().await?;
        if let Err(error) = walk.chain.up(migration).await {
            let finding = Finding::new(
                format!("{migration} fails in production's order"),
                "`Prove::order` looks at this alone; here it runs on generated rows while contracts wait",
            );
            walk.findings
                .push(finding.at(&migration.up).body(error).client(walk.chain.client()));
            break;
        }
        walk.applied.push(migration.version);
        let now = walk.chain.facts().await?;
        let difference = before.compare(&now);
        before = now;
        let changes: Vec<String> = difference
            .changes()
            .map(|change| {
                let definition = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
                let what = format!("{} {}", change.kind, change.identity);
                match (definition(&change.before), definition(&change.after)) {
                    (Some(before), Some(after)) => format!("changes {what}: {before} became {after}"),
                    (Some(_), None) => format!("removes {what}"),
                    (None, after) => format!("adds {what}: {}", after.unwrap_or_default()),
                }
            })
            .collect();
        walk.arrive(Some((migration, &changes))).await?;
    }
    let queries: usize = builds
        .iter()
        .map(|build| build.queries.len() + build.calls.len())
        .sum();
    let summary = format!(
        "{} of {} on {}, {}",
        counted(queries, "query", "queries"),
        counted(builds.len(), "build", "builds"),
        counted(walk.schemas, "schema", "schemas"),
        counted(walk.runs, "run", "runs")
    );
    walk.findings.judge(summary)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

/// The words of texts, as tables are looked for in them.
pub(super) fn words<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeSet<String> {
    let words = |text: &'t str| text.split(|c: char| !c.is_alphanumeric() && c != '_');
    texts.flat_map(words).map(str::to_lowercase).collect()
}

/// A query on its way.
pub(super) struct Traveller<'a> {
    pub(super) build: usize,
    pub(super) query: &'a Query,
    /// What it answered with on the first schema of its build; nothing before that.
    pub(super) shape: Option<Shape>,
    /// Told once, it is not run again.
    pub(super) broken: bool,
    /// No values were found that it takes, so it is only described.
    pub(super) untried: bool,
    /// The name it is prepared under since the last step, if it is.
    pub(super) prepared: Option<String>,
}

pub(super) struct Walk<'a, K: TestKind> {
    pub(super) prove: &'a Prove<K>,
    pub(super) builds: &'a [&'a Build<K>],
    /// Builds that a contract has made impossible.
    retired: Vec<bool>,
    /// A connection of each build, which it keeps through all steps.
    pub(super) links: Vec<<K::Database as crate::database::sealed::Sealed>::Link>,
    pools: Vec<PoolOf<K>>,
    pub(super) travellers: Vec<Traveller<'a>>,
    broken_calls: Vec<String>,
    pub(super) applied: Vec<Version>,
    pub(super) seeder: Seeder,
    /// The tables of the schema before, which have rows as far as they get any.
    known: Tables,
    pub(super) names: usize,
    schemas: usize,
    pub(super) runs: usize,
    pub(super) findings: Findings,
    pub(super) chain: Chain<K>,
}

/// The step that led to a schema, and what it changed.
pub(super) type Step<'s> = Option<(&'s Migration, &'s [String])>;

impl<'a, K: TestKind> Walk<'a, K> {
    async fn open(
        prove: &'a Prove<K>,
        builds: &'a [&'a Build<K>],
        mut findings: Findings,
        oldest: Version,
    ) -> Result<Self, Error> {
        let mut chain = Chain::at(prove, Some(oldest)).await?;
        let mut seeder = Seeder::new(K::DIALECT, Level::Plain);
        let tables = chain.tables().await?;
        let seeded = seeder.seed(&mut chain.link, &tables, None, |_| 8).await;
        let seeded = seeded.map_err(|error| Error::caused("cannot write generated rows", error))?;
        for (table, why) in &seeded.refused {
            findings.gap(no_rows(table, why));
        }
        let mut links = Vec::new();
        let mut pools = Vec::new();
        for _ in builds {
            links.push(chain.database.link().await?);
            pools.push(chain.database.pool_of_one().await?);
        }
        let travellers = builds.iter().enumerate().flat_map(|(build, of)| {
            of.queries.iter().map(move |query| Traveller {
                build,
                query,
                shape: None,
                broken: false,
                untried: false,
                prepared: None,
            })
        });
        let applied = prove.set.migrations.iter().map(|migration| migration.version);
        Ok(Self {
            prove,
            builds,
            retired: vec![false; builds.len()],
            links,
            pools,
            travellers: travellers.collect(),
            broken_calls: Vec::new(),
            applied: applied.filter(|version| *version <= oldest).collect(),
            seeder,
            known: tables,
            names: 0,
            schemas: 0,
            runs: 0,
            findings,
            chain,
        })
    }

    pub(super) fn newest(&self, build: usize) -> Version {
        self.builds[build]
            .at
            .or(self.prove.set.newest())
            .unwrap_or(Version(0))
    }

    /// Whether the build may run on the schema as it is: all its expands are there, and no contract takes away what it
    /// needs.
    pub(super) fn is_live(&self, build: usize) -> bool {
        let newest = self.newest(build);
        let needed = self
            .prove
            .set
            .migrations
            .iter()
            .filter(|migration| migration.version <= newest && migration.phase == Phase::Expand);
        !self.retired[build]
            && needed
                .into_iter()
                .all(|migration| self.applied.contains(&migration.version))
    }

    /// A contract comes once no build runs that does not embed what it requires.
    fn retire(&mut self, contract: &Migration) {
        for build in 0..self.builds.len() {
            let newest = self.newest(build);
            if contract.requires.iter().any(|version| *version > newest) {
                self.retired[build] = true;
            }
        }
    }

    /// Prepares every query of the builds that run, as they would have it prepared when a migration comes.
    async fn prepare(&mut self) -> Result<(), Error> {
        let tables = self.chain.tables().await?;
        for index in 0..self.travellers.len() {
            let Traveller {
                build,
                query,
                broken,
                untried,
                shape,
                ..
            } = &self.travellers[index];
            let (build, query) = (*build, *query);
            if *broken || *untried || shape.is_none() || !self.is_live(build) {
                continue;
            }
            self.names += 1;
            let name = format!("before_{}", self.names);
            if self.run(build, &name, query, &tables, true).await.is_ok() {
                self.travellers[index].prepared = Some(name);
            }
        }
        Ok(())
    }

    /// Runs everything on a new schema.
    async fn arrive(&mut self, step: Step<'_>) -> Result<(), Error> {
        self.schemas += 1;
        let tables = self.chain.tables().await?;
        self.seed_new(&tables).await?;
        for index in 0..self.travellers.len() {
            if !self.travellers[index].broken && self.is_live(self.travellers[index].build) {
                self.one(index, &tables, step).await?;
            }
        }
        self.calls(step).await?;
        self.together(&tables, step).await?;
        self.in_turn(&tables, step).await
    }

    /// Rows for tables that came since and that a query reads or writes, and for what those refer to. A table that data is
    /// moved into, or kept equal with another one, has its rows from there.
    async fn seed_new(&mut self, tables: &Tables) -> Result<(), Error> {
        let queries = self.builds.iter().flat_map(|build| &build.queries);
        let used = words(queries.map(|query| &*query.sql));
        let migrations = &self.prove.set.migrations;
        let moves = migrations
            .iter()
            .filter(|migration| migration.phase == Phase::Migrate);
        let moved = words(moves.map(|migration| &*migration.up.text));
        let kept_equal = |name: &str| {
            let mut syncs = migrations.iter().flat_map(|migration| &*migration.sync);
            syncs.any(|sync| words([&*sync.to_string()].into_iter()).contains(name))
        };
        let last = |name: &str| {
            let last = name.rsplit('.').next().unwrap_or(name);
            last.trim_matches(['"', '`']).to_lowercase()
        };
        let known = std::mem::replace(&mut self.known, tables.clone());
        let free = |name: &str| {
            let last = last(name);
            !known.contains_key(name) && !moved.contains(&last) && !kept_equal(&last)
        };
        let named = |name: &str| used.contains(&last(name));
        let parent = |name: &str| {
            let mut children = tables.iter().filter(|(child, _)| free(child) && named(child));
            children.any(|(_, child)| {
                child
                    .references
                    .iter()
                    .any(|to| to.table.eq_ignore_ascii_case(name))
            })
        };
        let wanted = |name: &str| usize::from(free(name) && (named(name) || parent(name)));
        let seeded = self.seeder.seed(&mut self.chain.link, tables, None, wanted).await;
        let seeded = seeded.map_err(|error| Error::caused("cannot write generated rows", error))?;
        for (table, why) in &seeded.refused {
            self.findings.gap(no_rows(table, why));
        }
        Ok(())
    }

    /// What the builds call themselves.
    async fn calls(&mut self, step: Step<'_>) -> Result<(), Error> {
        if self.builds.iter().any(|build| !build.calls.is_empty()) {
            // An application may well migrate when it starts.
            self.chain.steps.release().await?;
        }
        let calls = |build: &usize| self.is_live(*build) && !self.builds[*build].calls.is_empty();
        let mut turns: Vec<usize> = (0..self.builds.len()).filter(calls).collect();
        // Those that came first see what the later ones wrote.
        turns.extend_from_within(..turns.len().saturating_sub(1));
        for build in turns {
            for (name, call) in &self.builds[build].calls {
                let called = format!("{name} of build {}", self.builds[build].name);
                if self.broken_calls.contains(&called) {
                    continue;
                }
                self.runs += 1;
                let Err(error) = call(self.pools[build].clone()).await else {
                    continue;
                };
                let finding = Finding::new(
                    format!("`{called}` fails {}", after(step)),
                    "let the migration keep what this build uses, and remove it in a contract",
                );
                let finding = place(finding, step, ("", &error.to_string()))
                    .body(error)
                    .client(self.chain.client());
                self.findings.push(finding);
                self.broken_calls.push(called);
            }
        }
        Ok(())
    }
}
