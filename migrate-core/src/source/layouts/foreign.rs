//! The layouts of other tools, embedded as they are.
//!
//! They know no phases: every migration is an expand. A missing down is a warning there.

use std::collections::BTreeMap;

use super::{Files, Read, text};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Digest, Layout, Migration, Section, TransactionMode, Version, calendar_fault};
use crate::script::allows::allows;
use crate::script::{File, section};
use crate::source::file_name::{self, FileName};
use crate::source::{Options, Runner, SourceFile};

/// One migration of a foreign layout: its files, before they are read.
pub(super) struct Unit<'a> {
    pub(super) file_name: FileName,
    pub(super) up: &'a SourceFile,
    pub(super) down: Option<&'a SourceFile>,
    pub(super) transaction: TransactionMode,
}

pub(super) fn read(options: &Options, files: &[SourceFile], diagnostics: &mut Vec<Diagnostic>) -> Files {
    let units = match options.layout {
        Layout::Native | Layout::Sqlx | Layout::Dbmate => numbered(options, files, diagnostics),
        Layout::Plain => super::plain::units(files),
        Layout::Diesel => diesel(options, files, diagnostics),
        Layout::Refinery => refinery(options, files, diagnostics),
    };
    let mut found = Files::default();
    for unit in &units {
        found
            .versions
            .push((unit.file_name.version, options.shown(&unit.up.path)));
        let migration = if options.layout == Layout::Dbmate {
            dbmate_sections(options, unit, diagnostics)
        } else {
            whole_files(options, unit, diagnostics)
        };
        found.read.extend(migration.map(|migration| Read {
            migration,
            requires: Vec::new(),
            places: Default::default(),
            unsyncs: Vec::new(),
            squash: Vec::new(),
            phase_at: None,
            rust_at: None,
        }));
    }
    found
}

/// sqlx and dbmate: `<version>_<words>.sql`, for sqlx also in pairs. Other files are passed over, as they do.
fn numbered<'a>(
    options: &Options,
    files: &'a [SourceFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Unit<'a>> {
    let mut ups = Vec::new();
    let mut downs = BTreeMap::new();
    for file in files.iter().filter(|file| !file.path.contains('/')) {
        let Some((digits, rest)) = file.path.split_once('_') else {
            continue;
        };
        let Some(words) = rest.strip_suffix(".sql") else {
            continue;
        };
        let shown = options.shown(&file.path);
        let version = match file_name::version(digits, &shown) {
            Ok(version) => version,
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                continue;
            }
        };
        let pairs = options.layout == Layout::Sqlx;
        match words.strip_suffix(".down").filter(|_| pairs) {
            Some(_) => {
                downs.insert(version, file);
            }
            None => {
                let words = words.strip_suffix(".up").filter(|_| pairs).unwrap_or(words);
                ups.push((version, words.to_owned(), file));
            }
        }
    }
    let units: Vec<Unit<'a>> = ups
        .into_iter()
        .map(|(version, name, up)| Unit {
            file_name: FileName { version, name },
            up,
            down: downs.remove(&version),
            transaction: match &up.content {
                // What sqlx looks for.
                Ok(bytes) if pairs_with_no_transaction(options, bytes) => TransactionMode::PerStatement,
                _ => TransactionMode::One,
            },
        })
        .collect();
    for file in downs.into_values() {
        let message = "this down file has no up file of its version";
        diagnostics.push(
            Diagnostic::error(&codes::MISSING_UP, options.shown(&file.path), message)
                .help("add the up file, or remove this one"),
        );
    }
    units
}

fn pairs_with_no_transaction(options: &Options, bytes: &[u8]) -> bool {
    options.layout == Layout::Sqlx && bytes.starts_with(b"-- no-transaction")
}

/// diesel: a folder `<version>_<words>` with `up.sql`, `down.sql` and `metadata.toml`.
fn diesel<'a>(
    options: &Options,
    files: &'a [SourceFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Unit<'a>> {
    let mut folders: BTreeMap<&str, [Option<&SourceFile>; 3]> = BTreeMap::new();
    for file in files {
        if let Some((folder, name)) = file.path.split_once('/') {
            let slot = ["up.sql", "down.sql", "metadata.toml"]
                .iter()
                .position(|known| *known == name);
            if let Some(slot) = slot {
                folders.entry(folder).or_default()[slot] = Some(file);
            }
        }
    }
    let mut units = Vec::new();
    for (folder, [up, down, metadata]) in folders {
        let shown = options.shown(folder);
        let Some(up) = up else {
            let message = "there is no `up.sql` in this folder";
            diagnostics.push(
                Diagnostic::error(&codes::MISSING_UP, shown, message).help("add it, or remove the folder"),
            );
            continue;
        };
        let (version, name) = folder.split_once('_').unwrap_or((folder, ""));
        let unit = Unit {
            file_name: FileName {
                version: Version(0),
                name: name.to_owned(),
            },
            up,
            down,
            transaction: match metadata.map(|file| &file.content) {
                Some(Ok(bytes)) if outside_transaction(bytes) => TransactionMode::PerStatement,
                _ => TransactionMode::One,
            },
        };
        units.push((version.replace('-', ""), shown, unit));
    }
    units.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    number(units, diagnostics)
}

/// Gives diesel's versions numbers in diesel's order, which is that of texts.
///
/// The two orders are the same where all versions have equally many digits. The usual version is a calendar time, and
/// among those are found days without a time, and times with a counter of four digits that newer versions of diesel's
/// program write. The day counts as its beginning and the counter is left out; a second that is taken then already, by
/// what comes before it in diesel's order, is counted up.
fn number<'a>(units: Vec<(String, String, Unit<'a>)>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Unit<'a>> {
    let mut numbered: Vec<Unit<'a>> = Vec::new();
    let mut before: Option<(Version, String)> = None;
    for (digits, shown, mut unit) in units {
        let mut version = match (calendar_time(&digits), file_name::version(&digits, &shown)) {
            (Some(time), _) => match &before {
                Some((last, text)) if *last >= time && *text != digits && last.0 - time.0 < 60 => {
                    Version(last.0 + 1)
                }
                _ => time,
            },
            (None, Ok(version)) => version,
            (None, Err(diagnostic)) => {
                diagnostics.push(diagnostic);
                continue;
            }
        };
        if let Some((last, text)) = before.as_ref().filter(|(last, _)| *last > version) {
            // It keeps its place, so that the other findings are about the order in which the files ran.
            version = Version(last.0 + 1);
            let message =
                format!("diesel runs `{text}` before `{digits}`, because it sorts versions as text");
            diagnostics.push(
                Diagnostic::error(&codes::BAD_VERSION, shown, message)
                    .help("versions are numbers here: give them all the same number of digits"),
            );
        }
        before = Some((version, digits));
        unit.file_name.version = version;
        numbered.push(unit);
    }
    numbered
}

/// The time of a version that is a calendar time, a day, or a time with a counter.
fn calendar_time(digits: &str) -> Option<Version> {
    if !digits.starts_with(['1', '2']) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time = match digits.len() {
        8 => format!("{digits}000000"),
        14 | 18 => digits[..14].to_owned(),
        _ => return None,
    };
    match calendar_fault(&time) {
        None => time.parse().ok(),
        Some(_) => None,
    }
}

/// `run_in_transaction = false`, the only setting of diesel's metadata file.
fn outside_transaction(metadata: &[u8]) -> bool {
    String::from_utf8_lossy(metadata).lines().any(|line| {
        let line = line.split('#').next().unwrap_or_default();
        line.split_once('=')
            .is_some_and(|(key, value)| key.trim() == "run_in_transaction" && value.trim() == "false")
    })
}

/// refinery: `V<version>__<words>.sql`, in any sub-folder. Its migrations in Rust cannot be embedded.
fn refinery<'a>(
    options: &Options,
    files: &'a [SourceFile],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Unit<'a>> {
    let mut units = Vec::new();
    for file in files {
        let base = file.path.rsplit('/').next().unwrap_or_default();
        let shown = options.shown(&file.path);
        let Some((stem, ending)) = base.rsplit_once('.') else {
            continue;
        };
        let Some(rest) = stem.strip_prefix(['V', 'U']) else {
            continue;
        };
        let Some((digits, name)) = rest.split_once("__") else {
            continue;
        };
        match ending {
            "rs" => {
                let message = format!("`{base}` is a migration in Rust");
                diagnostics.push(Diagnostic::error(&codes::NO_SQL_FILE, shown, message));
                continue;
            }
            "sql" => {}
            _ => continue,
        }
        match file_name::version(digits, &shown) {
            Ok(version) => units.push(Unit {
                file_name: FileName {
                    version,
                    name: name.to_owned(),
                },
                up: file,
                down: None,
                transaction: TransactionMode::One,
            }),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    units
}

/// Reports the sections of a file that is run as a whole: what takes it back would run behind it.
fn sections(options: &Options, file: &File<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut offset = 0;
    let mut downs = Vec::new();
    let mut has_up = false;
    for line in file.text.split('\n') {
        let directive = line.trim_start().strip_prefix("--").map(str::trim);
        has_up |= directive == Some("migrate:up");
        if directive == Some("migrate:down") {
            downs.push(offset);
        }
        offset += line.len() + 1;
    }
    if let (true, [at, ..]) = (has_up, &downs[..]) {
        let message = format!(
            "the {} layout has no sections: what stands below this line runs with what stands above it",
            options.layout
        );
        diagnostics.push(
            Diagnostic::error(&codes::FOREIGN_SECTION, file.path, message).at(file.position(*at, *at + 2)),
        );
    }
}

/// A migration whose up, and down if any, are whole files.
fn whole_files(options: &Options, unit: &Unit<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Migration> {
    let shown = options.shown(&unit.up.path);
    let mut up_text = text(unit.up, &shown, diagnostics)?;
    if options.layout == Layout::Plain {
        // What drizzle splits its files at is a comment to some servers, and to none of them a statement.
        up_text = up_text.replace("--> statement-breakpoint", "--  statement-breakpoint");
    }
    let up_file = File {
        path: &shown,
        text: &up_text,
        dialect: options.dialect,
    };
    if options.layout != Layout::Plain {
        sections(options, &up_file, diagnostics);
    }
    let up = section::whole(&up_file, diagnostics)?;
    let mut exact = vec![up_text.as_str()];
    let down_shown = unit
        .down
        .map(|down| options.shown(&down.path))
        .unwrap_or_default();
    let down_text = match unit.down {
        Some(down) => Some(text(down, &down_shown, diagnostics)?),
        None => None,
    };
    let down = match &down_text {
        Some(down_text) => {
            exact.push(down_text);
            let file = File {
                path: &down_shown,
                text: down_text,
                dialect: options.dialect,
            };
            // An empty down file of another tool is no way back.
            section::whole(&file, diagnostics).filter(|down| !down.statements.is_empty())
        }
        None => None,
    };
    let exact = Digest::of_fields(exact);
    finish(options, unit, &up_file, (up, down), exact, diagnostics)
}

/// A migration of dbmate: sections in one file, with `transaction:false` where one is its own.
fn dbmate_sections(
    options: &Options,
    unit: &Unit<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Migration> {
    let shown = options.shown(&unit.up.path);
    let whole = text(unit.up, &shown, diagnostics)?;
    let file = File {
        path: &shown,
        text: &whole,
        dialect: options.dialect,
    };
    // dbmate reads lines, wherever they stand.
    let mut starts: Vec<(bool, usize, u32, bool)> = Vec::new();
    let mut offset = 0;
    for (index, line) in whole.split('\n').enumerate() {
        let words = line.trim_start_matches('-').trim_start().strip_prefix("migrate:");
        let words = words.filter(|_| line.starts_with("--"));
        if let Some(rest) = words {
            let mut words = rest.split_whitespace();
            let name = words.next();
            let outside = words.any(|word| word == "transaction:false");
            if let Some(is_up) = name.and_then(|name| ["down", "up"].iter().position(|known| *known == name))
            {
                starts.push((is_up == 1, offset + line.len(), index as u32 + 1, outside));
            }
        }
        offset += line.len() + 1;
    }
    let (mut up, mut down) = (None, None);
    for (index, (is_up, start, line, outside)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(whole.len(), |next| {
            whole[..next.1].rfind('\n').map_or(next.1, |at| at + 1)
        });
        let mut section = section::section(&file, *start, end, *line, diagnostics)?;
        if *outside {
            section.transaction = TransactionMode::PerStatement;
        }
        if *is_up {
            up.get_or_insert(section)
        } else {
            down.get_or_insert(section)
        };
    }
    let Some(up) = up else {
        diagnostics.push(Diagnostic::error(
            &codes::MISSING_UP,
            &*shown,
            "there is no `-- migrate:up` section",
        ));
        return None;
    };
    let down = down.filter(|down| !down.statements.is_empty());
    let exact = Digest::of_fields([whole.as_str()]);
    finish(options, unit, &file, (up, down), exact, diagnostics)
}

/// Where the layout has a place for the SQL that takes a migration back.
fn way_back(layout: Layout) -> &'static str {
    match layout {
        Layout::Native | Layout::Dbmate => "add `-- migrate:down` with the SQL that takes it back",
        Layout::Sqlx => "name it `….up.sql` and put the SQL that takes it back into `….down.sql`",
        Layout::Diesel => "put the SQL that takes it back into `down.sql` beside it",
        Layout::Refinery | Layout::Plain => "the layout has no place for a way back; the native one has",
    }
}

fn finish(
    options: &Options,
    unit: &Unit<'_>,
    file: &File<'_>,
    (mut up, mut down): (Section, Option<Section>),
    exact: Digest,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Migration> {
    if unit.transaction == TransactionMode::PerStatement {
        up.transaction = TransactionMode::PerStatement;
        down = down.map(|mut down| {
            down.transaction = TransactionMode::PerStatement;
            down
        });
    }
    if down.is_none()
        && options.layout != Layout::Plain
        && unit.file_name.version > options.baseline.unwrap_or(Version(0))
    {
        let message = "this migration cannot be taken back";
        diagnostics.push(
            Diagnostic::warning(&codes::MISSING_DOWN, file.path, message).help(way_back(options.layout)),
        );
    }
    let FileName { version, name } = &unit.file_name;
    let mut migration = Migration {
        down,
        exact,
        ..Migration::plain(*version, name, file.path, options.phase, up)
    };
    match options.runner {
        Runner::Library => section::take_over(&mut migration, options.dialect),
        Runner::Tool => section::keep(&mut migration, options.layout, options.dialect),
        Runner::Autocommit => section::one_by_one(&mut migration),
    }
    migration.allow = allows(file, &migration.up, diagnostics).into();
    section::finish(
        &mut migration,
        options.layout,
        options.runner,
        options.dialect,
        diagnostics,
    );
    Some(migration)
}
