//! What a set meets that has no history in a database: what another tool applied of it, and the history of other sets;
//! and one that has a history of other migrations.

use super::Tool;
use super::matching::applied_by;
use crate::database::Session;
use crate::error::{Error, Kind};
use crate::history::History;
use crate::migrator::Migrator;
use crate::model::{Migration, Version};

/// How many migrations are named.
const NAMED: usize = 5;

/// What there is of a set that is not known here.
#[derive(Default)]
pub(in crate::migrator) struct Newcomer {
    /// Why nothing of it may be applied.
    pub(in crate::migrator) refused: Option<Error>,
    /// That another set has its versions, or that it has those of another.
    pub(in crate::migrator) of_others: Option<String>,
}

impl Newcomer {
    /// Refuses what would run a second time.
    pub(in crate::migrator) fn check(&mut self) -> Result<(), Error> {
        self.refused.take().map_or(Ok(()), Err)
    }
}

impl Migrator {
    /// Looks at what others did of this set, where the database has no history of it. Where it has one, the database is not
    /// asked.
    pub(in crate::migrator) async fn look_at_others(
        &self,
        session: &mut dyn Session,
        history: &History,
    ) -> Result<Newcomer, Error> {
        if !self.is_newcomer(history) {
            return Ok(Newcomer {
                refused: None,
                of_others: self.history_of_another(history),
            });
        }
        let others = session.other_sets().await?;
        let mut refused = None;
        for (tool, rows) in session.read_tools().await? {
            if self.ignored_tools.contains(&tool) {
                continue;
            }
            let mut applied = applied_by(&self.set, tool, &rows);
            // What another set has in its history is of that set.
            applied.retain(|migration| !others.iter().any(|(_, version)| *version == migration.version));
            if !applied.is_empty() {
                refused = Some(not_adopted(self.set_name(), tool, &applied));
                break;
            }
        }
        Ok(Newcomer {
            refused,
            of_others: self.of_others(&others),
        })
    }

    /// Whether there is no history of the set, and others may have been here.
    pub(in crate::migrator) fn is_newcomer(&self, history: &History) -> bool {
        let nothing = history.rows.is_empty() && history.reverted.is_empty() && !history.fresh;
        nothing && !self.made_here && !self.set.migrations.is_empty()
    }

    /// Which other set has versions of this one, which is what a name looks like that was mistyped.
    fn of_others(&self, others: &[(String, Version)]) -> Option<String> {
        let mut names: Vec<&str> = others.iter().map(|(name, _)| &**name).collect();
        names.dedup();
        let known = names.into_iter().filter_map(|name| {
            let versions = others.iter().filter(|(other, _)| other == name);
            let count = versions
                .filter(|(_, version)| self.set.get(*version).is_some())
                .count();
            (count > 0).then(|| format!("the set `{name}` has {count}"))
        });
        let known: Vec<String> = known.collect();
        let (set, all) = (self.set_name(), self.set.migrations.len());
        (!known.is_empty()).then(|| {
            format!(
                "there is no history of the set `{set}` here, and of its {all} versions {} in the same tables: is \
                 `{set}` the right name?",
                known.join(", ")
            )
        })
    }
}

fn not_adopted(set: &str, tool: Tool, applied: &[&Migration]) -> Error {
    let message = format!(
        "{tool} applied {} of these migrations to this database, and the set `{set}` has no history there",
        applied.len()
    );
    let mut names: Vec<String> = applied.iter().take(NAMED).map(ToString::to_string).collect();
    if applied.len() > NAMED {
        names.push(format!("and {} more", applied.len() - NAMED));
    }
    Error::new(Kind::NotAdopted, message)
        .note(format!("its table {} has: {}", tool.table(), names.join(", ")))
        .help(format!(
            "`adopt` (`migrate adopt --from {tool}`) takes its history over, so that nothing runs a second time. Where \
             these are other migrations, which only have the same versions, `ignore_tool` (`--ignore-tool {tool}`) \
             passes that table over"
        ))
}
