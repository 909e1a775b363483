//! Data survival: what is written before a migration is there after it, and after its down.

use std::collections::{BTreeMap, BTreeSet};

use migrate_core::{Migration, Phase, Version};

use super::Prove;
use super::chain::{Chain, NotApplied, one_way};
use super::finding::{Finding, Findings, Proof, no_rows};
use super::reach::Reach;
use super::writes::{Writes, is_data};
use crate::contents::{Contents, Scope};
use crate::database::TestKind;
use crate::error::Error;
use crate::seed::{Level, Seeded, Seeder};
use crate::structure::Tables;

/// A table with more rows gets none for new columns either.
const MOST: usize = 100;
/// A table with as many rows gets more only for new columns.
const ENOUGH: usize = 24;

/// Why a walk ended before the last migration.
enum Stop {
    /// That migration refuses rows that the schema permits; it is tried again with gentler ones.
    Refused(Version, Level),
    /// The database is not what the next migration needs.
    Broken(Version),
    Error(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Error(error)
    }
}

pub(super) async fn check<K: TestKind>(prove: &Prove<K>) -> Result<Proof, Error> {
    let mut survival = Survival {
        prove,
        findings: Findings::new("data survival", prove),
        levels: BTreeMap::new(),
        rows: 0,
        steps: BTreeSet::new(),
    };
    let mut from = prove.after;
    loop {
        match survival.walk(from).await {
            Ok(()) => break,
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::Refused(version, gentler)) => {
                survival.levels.insert(version, gentler);
                from = prove.before(version);
            }
            Err(Stop::Broken(version)) => {
                if survival.findings.is_full() || prove.set.newest() == Some(version) {
                    break;
                }
                from = Some(version);
            }
        }
    }
    let summary = format!(
        "{} migrations with {} generated rows",
        survival.steps.len(),
        survival.rows
    );
    let mut findings = survival.findings;
    if survival.rows == 0 {
        findings = findings.nothing("no migration found a table with rows");
    }
    findings.judge(summary)
}

struct Survival<'a, K: TestKind> {
    prove: &'a Prove<K>,
    findings: Findings,
    /// Migrations before which gentler rows are written.
    levels: BTreeMap<Version, Level>,
    rows: usize,
    steps: BTreeSet<Version>,
}

impl<K: TestKind> Survival<'_, K> {
    async fn walk(&mut self, from: Option<Version>) -> Result<(), Stop> {
        let mut chain = Chain::at(self.prove, from).await?;
        let migrations = self.prove.set.migrations.clone();
        let mut seen = Tables::new();
        let mut seeder = Seeder::new(K::DIALECT, Level::Edges);
        for migration in migrations
            .iter()
            .filter(|migration| from < Some(migration.version))
        {
            seen = self.step(&mut chain, &mut seeder, migration, seen).await?;
            self.steps.insert(migration.version);
            chain.user_rows(self.prove, migration.version).await?;
        }
        Ok(())
    }

    /// Answers with the tables before the step, which have rows now.
    async fn step(
        &mut self,
        chain: &mut Chain<K>,
        seeder: &mut Seeder,
        migration: &Migration,
        seen: Tables,
    ) -> Result<Tables, Stop> {
        let level = self
            .levels
            .get(&migration.version)
            .copied()
            .unwrap_or(Level::Edges);
        seeder.set_level(level);
        let tables = chain.tables().await?;
        let is_new = |name: &str| seen.get(name) != tables.get(name);
        let reach = Reach::of(migration, &tables);
        let wanted = |name: &str| match (reach.touches(name), is_new(name)) {
            // It only has to have a row to refer to.
            (false, _) => usize::from(reach.seeded.contains(name)),
            (true, false) => ENOUGH,
            (true, true) => MOST,
        };
        let seeded = self.seed(chain, seeder, &tables, None, wanted).await?;
        for (table, why) in &seeded.refused {
            self.findings.gap(no_rows(table, why));
        }
        let before = chain.contents(&reach.compared(&tables)).await?;
        if let Err(error) = chain.up(migration).await {
            return self.refused(chain, migration, level, &error, &before);
        }
        let tables_after = chain.tables().await?;
        // What is new may be where something went.
        let mut looked_at = reach.compared(&tables_after);
        let new = tables_after
            .iter()
            .filter(|(name, _)| !tables.contains_key(*name));
        looked_at.extend(new.map(|(name, table)| (name.clone(), table.clone())));
        let after = chain.contents(&looked_at).await?;
        let lost_by_up = self
            .lost_by_up(chain, migration, (&before, &after), &tables)
            .await?;
        if !lost_by_up.is_empty() {
            self.lost(migration, Section::Up, &lost_by_up, chain);
        }
        if one_way(migration).is_some() {
            return Ok(tables);
        }
        // What is written now has to survive the way back as well.
        let there_before = |name: &str| match tables.contains_key(name) && reach.touches(name) {
            true => usize::MAX,
            false => 0,
        };
        seeder.set_level(level);
        self.seed(chain, seeder, &tables_after, Some(&tables), there_before)
            .await?;
        let since = chain
            .contents(&reach.compared(&tables_after))
            .await?
            .minus(&after);
        if let Err(error) = chain.steps.down().await {
            let finding = Finding::new(
                format!("the down of {migration} fails on a database with rows"),
                "make the down work on what was written before and since, or declare the migration irreversible",
            );
            let finding = finding.body(&error).client(chain.client());
            self.findings.push(match &migration.down {
                Some(down) => finding.at(down),
                None => finding,
            });
            return Err(Stop::Broken(migration.version));
        }
        let tables_down = chain.tables().await?;
        let restored = chain.contents(&reach.compared(&tables_down)).await?;
        let mut lost = before.compare(&restored, Scope::Kept);
        if lost.is_empty() {
            lost = since.compare(&restored, Scope::Kept);
        }
        for table in tables.keys() {
            let expected = before.rows_of(table) + since.rows_of(table);
            let found = restored.rows_of(table);
            if lost.is_empty() && found > expected {
                lost.push(format!(
                    "{table}: {found} rows, where {expected} were written: the up's own are left behind"
                ));
            }
        }
        // No down brings back what the up lost, which is told already.
        if !lost.is_empty() && lost_by_up.is_empty() {
            self.lost(migration, Section::Down, &lost, chain);
        }
        match chain.up(migration).await {
            Ok(()) => Ok(tables),
            Err(error) => {
                let finding = Finding::new(
                    format!("the second up of {migration}, after the down, fails on a database with rows"),
                    "the down has to leave schema and rows as they were: `round_trip` tells what of the schema is left, and the rest \
                     are rows that the up wrote",
                );
                let finding = finding.at(&migration.up).body(error).client(chain.client());
                self.findings.push(finding);
                Err(Stop::Broken(migration.version))
            }
        }
    }

    /// What the up loses. It may change what it assigns; and without a down to bring it back, what it removes is lost.
    async fn lost_by_up(
        &mut self,
        chain: &mut Chain<K>,
        migration: &Migration,
        (before, after): (&Contents, &Contents),
        tables: &Tables,
    ) -> Result<Vec<String>, Error> {
        let writes = Writes::of(migration);
        if migration.phase != Phase::Migrate && migration.down.is_some() && !writes.assigns() {
            return Ok(before.compare(after, Scope::Kept));
        }
        let mut lost = before.compare(after, Scope::Moved);
        if lost.is_empty() && !writes.anything {
            lost = before.lost(after, |table, column| writes.writes(tables, table, column));
            if !lost.is_empty()
                && writes.any()
                && chain.facts().await?.iter().any(|fact| fact.kind() == "trigger")
            {
                let note = "there are triggers, which may have written too, so of columns that it does not assign itself only rows and NULLs \
                            are counted";
                self.findings.note(migration, note);
                lost.clear();
            }
        }
        if one_way(migration).is_none() {
            return Ok(lost);
        }
        let is_data =
            |table: &str, column: &str| tables.get(table).is_none_or(|table| is_data(table, column));
        let gone = before.gone(after, is_data);
        let (said, unsaid): (Vec<_>, Vec<_>) = gone.into_iter().partition(|gone| {
            writes.drops(&gone.table, gone.column.as_deref()) && self.prove.declared_loss(migration).is_none()
        });
        lost.extend(unsaid.into_iter().map(|gone| format!("gone is {}", gone.told)));
        for gone in said {
            let how = self.how_to_declare(migration);
            self.findings.gap(format!(
                "{migration} drops {}. If that is meant, {how}",
                gone.told
            ));
        }
        Ok(lost)
    }

    /// Where a loss that is meant is said.
    fn how_to_declare(&self, migration: &Migration) -> String {
        if self.prove.set.layout == migrate_core::Layout::Native {
            "declare the loss: `-- migrate:rollback data-loss=\"…\"`, or `-- migrate:irreversible \"…\"`"
                .to_owned()
        } else {
            let version = migration.version;
            format!("accept the loss in the test: `prove.accept_loss(Version({version}), \"why\")`")
        }
    }

    async fn seed(
        &mut self,
        chain: &mut Chain<K>,
        seeder: &mut Seeder,
        tables: &Tables,
        narrow: Option<&Tables>,
        wanted: impl Fn(&str) -> usize,
    ) -> Result<Seeded, Error> {
        let seeded = seeder.seed(&mut chain.link, tables, narrow, wanted).await;
        let seeded = seeded.map_err(|error| Error::caused("cannot write generated rows", error))?;
        self.rows += seeded.rows;
        Ok(seeded)
    }

    fn refused(
        &mut self,
        chain: &Chain<K>,
        migration: &Migration,
        level: Level,
        error: &NotApplied,
        before: &Contents,
    ) -> Result<Tables, Stop> {
        let without = before.rows() == 0;
        let told = level != Level::Empty && (level == Level::Sparse || without);
        if told {
            let on = if without { "" } else { " on a database with rows" };
            let finding = Finding::new(
                format!("the up of {migration} fails{on}"),
                "make the up work on tables with rows; give rows of your own with `rows`, if those generated cannot be; make what it \
                 expects to be there with `prepare`",
            );
            self.findings
                .push(finding.at(&migration.up).body(error).client(chain.client()));
        }
        match level.gentler().filter(|_| !without) {
            // Rows may not be to blame at all; then gentler ones, and none, are refused as well.
            Some(gentler) => {
                if level == Level::Edges && !told {
                    let note = format!(
                        "{migration}: the up is refused on rows that the schema before it permits, and was tried with plainer ones. Mend \
                         such rows in the migration, unless no application writes them\n{error}"
                    );
                    self.findings.gap(note);
                }
                Err(Stop::Refused(migration.version, gentler))
            }
            // Without it, what comes after it cannot be applied.
            None => Err(Stop::Broken(self.prove.set.newest().unwrap_or(migration.version))),
        }
    }

    fn lost(&mut self, migration: &Migration, section: Section, lost: &[String], chain: &Chain<K>) {
        if let Some(words) = self.prove.declared_loss(migration) {
            let first = lost
                .first()
                .and_then(|text| text.lines().next())
                .unwrap_or_default();
            self.findings
                .note(migration, format!("loses what it declares ({words}): {first}"));
            return;
        }
        let (what, at) = match (section, &migration.down) {
            (Section::Down, Some(down)) => ("after the down, rows are not what they were before", down),
            _ => ("the up loses data", &migration.up),
        };
        let how = self.how_to_declare(migration);
        let help = match section {
            Section::Down => format!("let the up keep a copy that the down restores, or {how}"),
            Section::Up => format!("keep the data, or {how}"),
        };
        let finding = Finding::new(format!("{migration}: {what}"), help).at(at);
        self.findings
            .push(finding.body(lost.join("\n")).client(chain.client()));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Up,
    Down,
}
