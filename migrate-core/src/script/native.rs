//! The native layout: from the text of a file to a migration.

mod check;

use super::arguments::ArgumentFault;
use super::backfill::Unbatched;
use super::directives::{self, Place};
use super::scan::{File, Found, Scan, scan};
use super::section::{self, section};
use super::values::Arguments;
use super::{backfill, sync};
use crate::diagnostic::{Code, Diagnostic, Severity, codes, nearest};
use crate::model::directives::{Allow, Squashed, Sync, Text};
use crate::model::{Dialect, Digest, Layout, Migration, Phase, Section, TransactionMode, Verify, Version};
use crate::source::Runner;

/// A migration, and what can only be checked once all files are known.
pub(crate) struct Parsed {
    pub(crate) migration: Migration,
    /// The versions named by `requires`, with their places.
    pub(crate) requires: Vec<(Version, usize, usize)>,
    /// The places of the syncs that the file starts.
    pub(crate) syncs: Vec<(usize, usize)>,
    /// The other directives in which something may be left to fill in, by name, with their places.
    pub(crate) said: Vec<(&'static str, usize, usize)>,
    /// The syncs that the file ends, with their places.
    pub(crate) unsyncs: Vec<(Sync, usize, usize)>,
    /// The migrations that the file stands for, in the order written, with their places.
    pub(crate) squash: Vec<(Squashed, usize, usize)>,
    /// Where the phase (or else the file's first directive) is written.
    pub(crate) phase_at: (usize, usize),
    /// Whether the file says its phase.
    pub(crate) phase_named: bool,
    /// Where the Rust code is named.
    pub(crate) rust_at: Option<(usize, usize)>,
}

/// Reads a file of the native layout. Faults go into `diagnostics`; `None` where there is nothing to go on with.
pub(crate) fn parse(
    file: &File<'_>,
    version: Version,
    name: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Parsed> {
    let faults_before = errors(diagnostics);
    let scan = scan(file, diagnostics);
    let mut reader = Reader { file, diagnostics };
    let phase = reader.phase(&scan);
    reader.check_places(&scan, phase.as_ref().map(|(phase, _)| *phase));
    let (phase, phase_at) = phase?;
    let sections = reader.sections(&scan);
    let parsed = reader.interpret(&scan, sections, version, name, phase, phase_at);
    // A file that cannot be read to its end, or whose directives are unclear, has no sections to judge.
    (errors(reader.diagnostics) == faults_before)
        .then_some(parsed)
        .flatten()
}

#[derive(Default)]
struct Sections {
    up: Option<Section>,
    down: Option<Section>,
    verify: Vec<Verify>,
    allow: Vec<Allow>,
}

struct Reader<'a, 'f> {
    file: &'a File<'f>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_, '_> {
    fn error(
        &mut self,
        code: &'static Code,
        message: impl Into<String>,
        place: (usize, usize),
    ) -> &mut Diagnostic {
        let diagnostic =
            Diagnostic::error(code, self.file.path, message).at(self.file.position(place.0, place.1));
        self.diagnostics.push(diagnostic);
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// The value, or `None` after its faults were reported. How the directive is written is told once, behind the last.
    fn take<T>(&mut self, found: &Found<'_>, value: Result<T, impl Into<Vec<ArgumentFault>>>) -> Option<T> {
        let faults: Vec<ArgumentFault> = match value {
            Ok(value) => return Some(value),
            Err(faults) => faults.into(),
        };
        let last = faults.len().saturating_sub(1);
        for (index, fault) in faults.into_iter().enumerate() {
            let usage = format!("write it like `{}`", found.directive.usage);
            self.error(&codes::BAD_ARGUMENT, fault.message, (fault.start, fault.end))
                .help = (index == last).then_some(usage);
        }
        None
    }

    /// The phase of the file and where it stands; `None` if it is not clear.
    fn phase(&mut self, scan: &Scan<'_>) -> Option<(Phase, (usize, usize))> {
        let mut named = scan.found.iter().filter(|found| found.directive.name == "phase");
        let Some(first) = named.next() else {
            let place = scan
                .found
                .first()
                .map_or((0, 0), |found| (found.start, found.end));
            return Some((Phase::Expand, place));
        };
        let phase = self.take(first, arguments(first).phase())?;
        let mut clear = true;
        for second in named {
            clear = false;
            let place = (second.start, second.end);
            match arguments(second).phase() {
                Ok(other) if other != phase => {
                    let message = format!("this file is {phase} and {other} at once");
                    self.error(&codes::MIXED_PHASES, message, place);
                }
                _ => {
                    self.error(&codes::DUPLICATE_DIRECTIVE, "`phase` stands twice", place);
                }
            }
        }
        clear.then_some((phase, (first.start, first.end)))
    }

    fn sections(&mut self, scan: &Scan<'_>) -> Sections {
        let mut sections = Sections::default();
        if scan.broken {
            return sections;
        }
        let starts: Vec<&Found<'_>> = scan
            .found
            .iter()
            .filter(|found| found.directive.place == Place::Section)
            .collect();
        for (index, start) in starts.iter().enumerate() {
            let end = starts
                .get(index + 1)
                .map_or(self.file.text.len(), |next| next.start);
            let Some(section) = section(self.file, start.end, end, start.line, self.diagnostics) else {
                continue;
            };
            self.statement_directives(scan, start.end, end, &section, &mut sections.allow);
            self.place_section(start, section, &mut sections);
        }
        sections
    }

    fn place_section(&mut self, start: &Found<'_>, section: Section, sections: &mut Sections) {
        let arguments = arguments(start);
        if start.directive.name == directives::VERIFY.name {
            let expectation = self.take(start, arguments.expectation());
            if section.statements.len() != 1 {
                let message = match section.statements.len() {
                    0 => "this verify section has no query".to_owned(),
                    count => format!("this verify section has {count} statements"),
                };
                self.error(&codes::VERIFY_STATEMENTS, message, (start.start, start.end));
            }
            sections.verify.extend(expectation.map(|expectation| Verify {
                expectation,
                query: section,
            }));
            return;
        }
        self.take(start, arguments.none());
        let slot = if start.directive.name == directives::UP.name {
            &mut sections.up
        } else {
            &mut sections.down
        };
        // A second one was reported as a duplicate.
        slot.get_or_insert(section);
    }

    /// `allow` before a statement of this section.
    fn statement_directives(
        &mut self,
        scan: &Scan<'_>,
        from: usize,
        to: usize,
        section: &Section,
        allow: &mut Vec<Allow>,
    ) {
        let inside = scan.found.iter().filter(|found| {
            found.directive.place == Place::HeaderOrStatement && (from..to).contains(&found.start)
        });
        for found in inside {
            let base = self.file.text[from..].find('\n').map_or(to, |at| from + at + 1);
            let offset = found.start.saturating_sub(base) as u32;
            let next = section
                .statements
                .iter()
                .position(|statement| statement.end > offset);
            match next {
                Some(index) if section.statements[index].start > offset => {
                    allow.extend(self.allow(found, Some(index as u32)));
                }
                _ => {
                    let message = "`allow` stands before no statement";
                    self.error(&codes::MISPLACED_DIRECTIVE, message, (found.start, found.end))
                        .help =
                        Some("put it right before the statement it is about, or into the header".to_owned());
                }
            }
        }
    }

    fn allow(&mut self, found: &Found<'_>, statement: Option<u32>) -> Option<Allow> {
        let (rule, reason) = self.take(found, arguments(found).allow())?;
        let Some(reason) = reason else {
            let message = format!("`allow {rule}` gives no reason");
            self.error(&codes::ALLOW_WITHOUT_REASON, message, (found.start, found.end));
            return None;
        };
        Some(Allow {
            rule: rule.into(),
            reason: reason.into(),
            statement,
            line: found.line,
        })
    }

    fn interpret(
        &mut self,
        scan: &Scan<'_>,
        sections: Sections,
        version: Version,
        name: &str,
        phase: Phase,
        phase_at: (usize, usize),
    ) -> Option<Parsed> {
        let up_line = scan
            .found
            .iter()
            .find(|found| found.directive.name == directives::UP.name);
        let up_line = up_line.map_or(1, |found| found.line);
        let up = sections.up.clone().unwrap_or_else(|| Section {
            path: self.file.path.to_owned().into(),
            text: Text::Borrowed(""),
            line: up_line,
            statements: Default::default(),
            transaction: TransactionMode::One,
        });
        let mut migration = Migration {
            down: sections.down,
            verify: sections.verify.into(),
            exact: Digest::of_fields([self.file.text]),
            ..Migration::plain(version, name, self.file.path, phase, up)
        };
        let mut requires = Vec::new();
        let mut allow = sections.allow;
        let (mut sync, mut syncs, mut said) = (Vec::new(), Vec::new(), Vec::new());
        let (mut unsyncs, mut squash) = (Vec::new(), Vec::new());
        for found in &scan.found {
            let arguments = arguments(found);
            if let name @ ("irreversible" | "rollback" | "backfill") = found.directive.name {
                said.push((name, found.start, found.end));
            }
            match found.directive.name {
                "change" => migration.change = self.take(found, arguments.name("the change")),
                "requires" => requires = self.take(found, arguments.versions()).unwrap_or_default(),
                "rollback" => migration.rollback = self.take(found, arguments.rollback()),
                "irreversible" => migration.irreversible = self.take(found, arguments.reason("the reason")),
                "soak" => migration.soak = self.take(found, arguments.duration()),
                "grace" => migration.grace = self.take(found, arguments.grace()),
                "cutover" => migration.cutover = self.take(found, arguments.cutover()),
                "window" => migration.window = self.take(found, arguments.window()),
                "transaction" => {
                    if self.take(found, arguments.off()).is_some() {
                        migration.up.transaction = TransactionMode::PerStatement;
                        if let Some(down) = &mut migration.down {
                            down.transaction = TransactionMode::PerStatement;
                        }
                    }
                }
                "backfill" => {
                    if let Some((backfill, [table, key])) = self.take(found, arguments.backfill()) {
                        migration.backfill = Some(backfill);
                        said.extend([("table=", table.0, table.1), ("key=", key.0, key.1)]);
                    }
                    let has_lag = migration
                        .backfill
                        .as_ref()
                        .is_some_and(|one| one.max_lag.is_some());
                    if has_lag && self.file.dialect != Dialect::Postgres {
                        self.lag_is_not_read((found.start, found.end));
                    }
                }
                "rust" => migration.rust = self.take(found, arguments.name("the name of the code")),
                "sync" | "unsync" => {
                    let trimmed = found.arguments.trim_start();
                    let start = found.arguments_start + found.arguments.len() - trimmed.len();
                    let ended = found.directive.name == "unsync";
                    let pair = sync::parse(trimmed, start, self.file.dialect, ended);
                    let Some(pair) = self.take(found, pair) else {
                        continue;
                    };
                    let end = start + trimmed.trim_end().len();
                    if ended {
                        unsyncs.push((pair, start, end));
                    } else {
                        sync.push(pair);
                        syncs.push((start, end));
                    }
                }
                "squash" => squash.extend(self.take(found, arguments.squash())),
                "allow" if !found.in_section => allow.extend(self.allow(found, None)),
                _ => {}
            }
        }
        migration.sync = sync.into();
        migration.unsync = unsyncs.iter().map(|(pair, ..)| pair.clone()).collect();
        migration.allow = allow.into();
        let found = |directive: &directives::Directive| {
            let place = scan
                .found
                .iter()
                .find(|found| found.directive.name == directive.name);
            place.map(|found| (found.start, found.end))
        };
        if !scan.broken && !scan.unclear {
            let sql = scan.sql_before_section.unwrap_or((0, 0));
            self.check_sections(&migration, sections.up.is_some(), sql, &found);
        }
        if migration.change.is_none() && phase != Phase::Expand && found(&directives::CHANGE).is_none() {
            let message = format!("a {phase} file has to name the change it belongs to");
            self.error(&codes::MISSING_CHANGE, message, phase_at).help =
                Some("add `-- migrate:change <name>`, the name that its expand file has".to_owned());
        }
        let table = said.iter().find(|(name, ..)| *name == "table=");
        self.batched(
            &mut migration,
            table.map_or((0, 0), |(_, start, end)| (*start, *end)),
        );
        section::finish(
            &mut migration,
            Layout::Native,
            Runner::Library,
            self.file.dialect,
            self.diagnostics,
        );
        Some(Parsed {
            migration,
            requires,
            syncs,
            said,
            unsyncs,
            squash,
            phase_at,
            phase_named: found(&directives::PHASE).is_some(),
            rust_at: found(&directives::RUST),
        })
    }

    /// Makes the one statement of a backfill ready to run over ranges of keys. `table` is where the directive names the table.
    fn batched(&mut self, migration: &mut Migration, table: (usize, usize)) {
        let (Some(backfill), [statement]) = (&mut migration.backfill, &*migration.up.statements) else {
            return;
        };
        // Elsewhere it is the directive that is wrong.
        if migration.phase != Phase::Migrate || migration.rust.is_some() {
            return;
        }
        let sql = migration.up.sql(statement);
        match backfill::batched(sql, &backfill.table, self.file.dialect) {
            Ok(batched) => backfill.batched = Some(batched),
            Err(Unbatched::OtherTable { message, tables }) => {
                let help = match &tables[..] {
                    [one] => format!(
                        "write `table={one}`, or let the statement be about `{}`",
                        backfill.table
                    ),
                    _ => "name the table whose rows are to be visited".to_owned(),
                };
                let meant = nearest(&backfill.table, tables.iter().map(String::as_str));
                let help = meant.map_or(help, |meant| format!("did you mean `table={meant}`?"));
                self.error(&codes::BACKFILL_STATEMENTS, message, table).help = Some(help);
            }
            Err(Unbatched::Statement(fault)) => {
                let fault =
                    section::at_statement(&codes::BACKFILL_STATEMENTS, &migration.up, statement, &fault);
                self.diagnostics.push(fault);
            }
        }
    }
}

/// What is wrong with a file beside its text, whose SQL is judged all the same.
static BESIDE_THE_TEXT: [&Code; 4] = [
    &codes::ALLOW_WITHOUT_REASON,
    &codes::MISSING_DOWN,
    &codes::EMPTY_DOWN,
    &codes::DOWN_AND_IRREVERSIBLE,
];

fn errors(diagnostics: &[Diagnostic]) -> usize {
    let is_error = |diagnostic: &&Diagnostic| {
        diagnostic.severity == Severity::Error && !BESIDE_THE_TEXT.contains(&diagnostic.code)
    };
    diagnostics.iter().filter(is_error).count()
}

pub(super) fn arguments<'a>(found: &Found<'a>) -> Arguments<'a> {
    Arguments {
        text: found.arguments,
        start: found.arguments_start,
        whole: (found.start, found.end),
    }
}
