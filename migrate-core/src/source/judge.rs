//! What the analysis of the SQL and the configuration of the project make of a set.

use std::time::Duration;

use super::{Options, Runner};
use crate::diagnostic::{Code, Diagnostic, Severity, codes};
use crate::model::{Layout, MigrationSet};
use crate::rules::{Config, Level, Places, Spared, analyse_at};
use crate::script::outside::untold;

/// What is told by the model of the whole schema: without one of the files it would be guessed.
static OF_THE_MODEL: [&Code; 9] = [
    &codes::MISSING_OBJECT,
    &codes::OBJECT_EXISTS,
    &codes::TYPE_MISMATCH,
    &codes::DOWN_NOT_INVERSE,
    &codes::CONTRACT_IN_THE_WAY,
    &codes::ORDER_DEPENDENT,
    &codes::NEARLY_A_TABLE,
    &codes::BACKFILL_KEY,
    &codes::BACKFILL_NOT_UNIQUE,
];

/// Adds the findings of the analysis, and counts the statements of which more would be found if what other drafts make
/// were in use. `complete` says whether every file of the set could be understood.
pub(super) fn judge(
    options: &Options,
    set: &MigrationSet,
    places: &Places,
    complete: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> usize {
    let Some(config) = &options.rules else {
        if set.layout == Layout::Native {
            let migrations = set.migrations.iter();
            let sections =
                migrations.flat_map(|migration| std::iter::once(&migration.up).chain(&migration.down));
            diagnostics.extend(sections.filter_map(|section| untold(section, set.dialect)));
        }
        return 0;
    };
    diagnostics.retain_mut(|diagnostic| weigh(config, diagnostic));
    let config = &Config {
        baseline: options.baseline,
        run_by_tool: options.runner != Runner::Library,
        ..config.clone()
    };
    diagnostics.extend(old_draft(set, config));
    let mut spared = Spared::new();
    // The derive asks for the release of old drafts, and has no use for more.
    let asked = (options.runner != Runner::Library).then_some(&mut spared);
    let mut found = analyse_at(set, config, places, asked);
    found.retain_mut(|diagnostic| weigh(config, diagnostic));
    if set.layout != Layout::Native {
        found.iter_mut().for_each(suit_other_layouts);
    }
    if !complete {
        found.retain(|diagnostic| !OF_THE_MODEL.contains(&diagnostic.code));
    }
    diagnostics.append(&mut found);
    spared.len()
}

/// A file of another tool has no place for the directives that the help of a code names.
fn suit_other_layouts(diagnostic: &mut Diagnostic) {
    if diagnostic.code == &codes::DOWN_NOT_INVERSE
        && diagnostic.help.as_deref() == Some(codes::DOWN_NOT_INVERSE.help)
    {
        diagnostic.help = Some(
            "complete its way back. Where it is released, nobody may edit it any more, and it is not judged: say so by \
             `migrate lock`, or `baseline = \"…\"` (`--baseline`) with the last released file"
                .to_owned(),
        );
    }
}

/// How much younger than a draft the newest file may be.
const RELEASED_BY_NOW: Duration = Duration::from_secs(30 * 86_400);

/// Asks whether drafts that are that old were released and nobody wrote it down: then nothing would be said of what
/// later files do to their tables.
fn old_draft(set: &MigrationSet, config: &Config) -> Option<Diagnostic> {
    let mut drafts = set.migrations.iter().filter(|migration| !migration.released);
    let oldest = drafts.next().filter(|_| config.ask_for_release)?;
    let days = set.newest()?.time_since(oldest.version)?.as_secs() / 86_400;
    let message = format!("a draft that is {days} days older than the newest migration");
    let help = format!(
        "the tables that drafts create are in use nowhere, so nothing is said of what drafts do to them; {} here.\n\
         Where it was released, say so: `migrate lock` writes that into `migrations.lock`, `baseline = \"…\"` names the \
         last one;\nwhere it was not, `allow(old-draft)`",
        match drafts.count() {
            0 => "one is".to_owned(),
            more => format!("{} are", more + 1),
        }
    );
    let mut diagnostic = Diagnostic::warning(&codes::OLD_DRAFT, &*oldest.path, message).help(help);
    (Duration::from_secs(days * 86_400) > RELEASED_BY_NOW && weigh(config, &mut diagnostic))
        .then_some(diagnostic)
}

/// Applies the project's level to a structural warning; `false` where it is not wanted. Errors are not negotiable.
fn weigh(config: &Config, diagnostic: &mut Diagnostic) -> bool {
    if diagnostic.severity == Severity::Warning {
        match config.levels.get(diagnostic.code.name) {
            Some(Level::Deny) => diagnostic.severity = Severity::Error,
            Some(Level::Allow) => return false,
            Some(Level::Warn) | None => {}
        }
    }
    true
}
