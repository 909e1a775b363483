//! Who misses what is taken back, and what this build does not have of it.

use super::Migrator;
use crate::database::shown;
use crate::error::counted;
use crate::history::{History, Row};
use crate::live::{Instance, Live};
#[cfg(feature = "cli")]
use crate::{Error, Policy};

/// How many instances are named.
const NAMED: usize = 5;

impl Migrator {
    /// Which instances would miss what is taken back, as the database knows them. The development policy does not ask.
    #[cfg(feature = "cli")]
    pub(crate) async fn who_would_miss(&self, rows: &[&Row]) -> Result<Option<String>, Error> {
        if self.policy == Policy::Development || rows.is_empty() {
            return Ok(None);
        }
        let live = self.instances().await?;
        Ok(would_miss(&embedding(&live, rows)))
    }

    /// Whether this build has a migration of the history, or knows what became of it.
    pub(crate) fn knows(&self, row: &Row) -> bool {
        self.set.get(row.version).is_some() || self.set.tombstones.contains(&row.version)
    }

    /// That the history of the set is one of other migrations, which is how a name looks that two services share.
    pub(crate) fn history_of_another(&self, history: &History) -> Option<String> {
        let (set, count) = (self.set_name(), history.rows.len() as u64);
        let is_empty = count == 0 || self.set.migrations.is_empty();
        (!is_empty && !history.rows.iter().any(|row| self.knows(row))).then(|| {
            format!(
                "the history of the set `{set}` has {} here, and this build has none of them: is `{set}` the right set? \
                 (`--set`)",
                counted(count, "migration")
            )
        })
    }

    /// Which of the migrations that are taken back this build does not have.
    pub(super) fn by_the_history(&self, rows: &[Row]) -> Option<String> {
        let without = rows.iter().filter(|row| !self.knows(row));
        let names: Vec<String> = without.map(|row| shown(row.version, &row.name)).collect();
        (!names.is_empty()).then(|| {
            format!(
                "this build does not have {}: the text that the history keeps took it back",
                names.join(", ")
            )
        })
    }
}

/// The instances that embed some of what is taken back.
pub(super) fn embedding<'l>(live: &'l Live, rows: &[&Row]) -> Vec<&'l Instance> {
    let embeds = |instance: &&Instance| {
        let build = instance.build.as_ref();
        let mut rows = rows.iter().filter(|row| !row.did_nothing());
        build.is_some_and(|build| rows.any(|row| build.embeds(&[row.version])))
    };
    live.instances.iter().filter(embeds).collect()
}

/// What is said of them before.
pub(super) fn would_miss(instances: &[&Instance]) -> Option<String> {
    let names = named(instances)?;
    Some(match instances.len() {
        1 => format!("{names} runs and embeds what is taken back: it may use what goes, so let it end first"),
        _ => {
            format!("{names} run and embed what is taken back: they may use what goes, so let them end first")
        }
    })
}

/// What is said of them behind it.
pub(super) fn misses(instances: &[&Instance]) -> Option<String> {
    let names = named(instances)?;
    Some(match instances.len() {
        1 => format!("{names} runs and embeds what was taken back: it may miss what is gone"),
        _ => format!("{names} run and embed what was taken back: they may miss what is gone"),
    })
}

fn named(instances: &[&Instance]) -> Option<String> {
    let mut names: Vec<String> = instances.iter().take(NAMED).map(ToString::to_string).collect();
    if instances.len() > NAMED {
        names.push(format!("{} more", instances.len() - NAMED));
    }
    let last = names.pop()?;
    Some(match names.is_empty() {
        true => last,
        false => format!("{} and {last}", names.join(", ")),
    })
}
