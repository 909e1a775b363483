//! What is wrong with a file of the native layout as a whole: directives where they do not belong, sections that
//! contradict each other.

use super::Reader;
use crate::diagnostic::{Severity, codes};
use crate::model::{Dialect, Migration, Phase};
use crate::script::directives::{self, Place};
use crate::script::scan::{Found, Scan};
impl Reader<'_, '_> {
    /// Directives in a wrong place or phase, or twice.
    pub(super) fn check_places(&mut self, scan: &Scan<'_>, phase: Option<Phase>) {
        if let Some(place) = scan.sql_before_section {
            // Where there is no section at all, that is what is said.
            let starts_section = |found: &Found<'_>| found.directive.place == Place::Section;
            if scan.found.iter().any(starts_section) && !scan.unclear {
                self.error(
                    &codes::SQL_BEFORE_SECTION,
                    "there is SQL before the first section",
                    place,
                );
            }
        }
        for (index, found) in scan.found.iter().enumerate() {
            let name = found.directive.name;
            let place = (found.start, found.end);
            if found.directive.place == Place::Header && found.in_section {
                let message = format!("`{name}` stands in a section");
                self.error(&codes::MISPLACED_DIRECTIVE, message, place).help =
                    Some("move it into the header, before the first section".to_owned());
            }
            let mut earlier = scan.found[..index].iter();
            if !found.directive.repeatable
                && name != "phase"
                && let Some(first) = earlier.find(|other| other.directive.name == name)
            {
                let message = format!("`{name}` stands twice");
                let note = format!("the first one is on line {}", first.line);
                self.error(&codes::DUPLICATE_DIRECTIVE, message, place)
                    .notes
                    .push(note);
            }
            let phases = found.directive.phases;
            if let Some(phase) = phase.filter(|phase| !phases.is_empty() && !phases.contains(phase)) {
                let names: Vec<_> = phases.iter().map(|phase| phase.name()).collect();
                let message = format!("`{name}` does not belong into the {phase} phase");
                self.error(&codes::WRONG_PHASE, message, place).help = Some(format!(
                    "it belongs into a file with `-- migrate:phase {}`",
                    names.join("` or `")
                ));
            }
        }
    }

    /// A warning: the file may be released, and what it says does no harm.
    pub(super) fn lag_is_not_read(&mut self, place: (usize, usize)) {
        let dialect = self.file.dialect;
        let (why, help) = match dialect {
            Dialect::Sqlite => ("it has no replicas", "take `max-lag=` out"),
            _ => (
                "a primary does not know how far its replicas are",
                "take `max-lag=` out, and give the migrator a `Throttle` that asks the replicas, as the chapter on backfills shows",
            ),
        };
        let message = format!("`max-lag` holds nothing back on {}: {why}", dialect.title());
        let diagnostic = self.error(&codes::LAG_NOT_READ, message, place);
        diagnostic.severity = Severity::Warning;
        diagnostic.help = Some(help.to_owned());
    }

    /// Sections that are missing, empty, or contradict each other.
    pub(super) fn check_sections(
        &mut self,
        migration: &Migration,
        has_up: bool,
        sql: (usize, usize),
        found: &impl Fn(&directives::Directive) -> Option<(usize, usize)>,
    ) {
        let first = found(&directives::UP).unwrap_or((0, 0));
        if !has_up && migration.rust.is_none() {
            self.error(&codes::MISSING_UP, "there is no `-- migrate:up` section", sql);
        } else if has_up && migration.up.statements.is_empty() && migration.rust.is_none() {
            self.error(&codes::EMPTY_UP, "the up section has no statement", first);
        }
        let down_at = found(&directives::DOWN);
        let irreversible_at = found(&directives::IRREVERSIBLE);
        match (down_at, irreversible_at) {
            (Some(_), Some(place)) => {
                let message = "the file says it is irreversible and has a down section";
                self.error(&codes::DOWN_AND_IRREVERSIBLE, message, place);
            }
            (None, None) if migration.phase != Phase::Migrate && has_up => {
                let message = "this migration cannot be taken back and does not say so";
                self.error(&codes::MISSING_DOWN, message, first);
            }
            _ => {}
        }
        let empty_down = migration
            .down
            .as_ref()
            .is_some_and(|down| down.statements.is_empty());
        if let Some(place) = down_at.filter(|_| empty_down) {
            self.error(&codes::EMPTY_DOWN, "the down section has no statement", place);
        }
        if let Some(place) = found(&directives::RUST) {
            if found(&directives::BACKFILL).is_none() {
                let message = "the rows of no table are given to this Rust code";
                self.error(&codes::RUST_WITHOUT_BACKFILL, message, place);
            }
            if !migration.up.statements.is_empty() {
                let message = "the data of this file is moved by Rust code, and up has statements";
                self.error(&codes::RUST_AND_SQL, message, place);
            }
        } else if let Some(place) = found(&directives::BACKFILL)
            && has_up
            && migration.up.statements.len() != 1
            && !migration.up.statements.is_empty()
        {
            let message = format!(
                "a backfill moves the data of one statement, and up has {}",
                migration.up.statements.len()
            );
            self.error(&codes::BACKFILL_STATEMENTS, message, place);
        }
    }
}
