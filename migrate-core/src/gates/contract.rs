//! The gates of a contract, one function each.

use std::time::Duration;

use super::{Facts, Finding, loses_data};
use crate::change::Record;
use crate::history::History;
use crate::live::{Build, Live, Unregistered};
use crate::model::directives::Grace;
use crate::model::{Dialect, Migration, MigrationSet, Phase, Version};
use crate::script::words::Words;

/// The name that stands for every application.
const EVERY: &str = "*";

/// How long a contract soaks that loses data and does not say how long.
const SOAK: Duration = Duration::from_secs(24 * 60 * 60);

/// All gates of a contract, the open ones too.
pub(crate) fn contract_gates(
    set: &MigrationSet,
    history: &History,
    migration: &Migration,
    facts: &Facts,
) -> Vec<Finding> {
    let nothing = Record::default();
    let change = migration.change_name();
    let record = facts.record(&change).unwrap_or(&nothing);
    let mut gates = vec![
        data(set, history, migration, record),
        live_builds(migration, facts),
        unknown_applications(facts),
        settled(record, facts),
    ];
    if let Some(cutover) = cutover(set, migration) {
        gates.push(cutover);
    }
    gates.extend(health(&change, facts));
    gates.extend(soak(set, migration, record, facts));
    gates.extend(approval(set, migration, record, facts));
    gates.extend(grace(migration, record, facts));
    gates.extend(window(migration, facts));
    gates.push(table_busy(set.dialect, migration, facts));
    let own = facts
        .own
        .iter()
        .filter(|(version, _)| *version == migration.version);
    gates.extend(own.map(|(_, finding)| finding.clone()));
    gates
}

/// Whether every build that runs is proved to use the new shape only, so that the change is in use.
pub(crate) fn in_use(migration: &Migration, facts: &Facts) -> bool {
    live_builds(migration, facts).open && unknown_applications(facts).open
}

/// Why a change is not in use any more by every build, or was not all the time since it began to be; `None` where it was,
/// as far as is seen. Who came and went between two looks wrote that down.
pub(crate) fn interrupted(migration: &Migration, facts: &Facts, since: u64) -> Option<String> {
    let closed: Vec<String> = [live_builds(migration, facts), unknown_applications(facts)]
        .into_iter()
        .filter(|gate| !gate.open)
        .map(|gate| gate.finding)
        .collect();
    if !closed.is_empty() {
        return Some(closed.join("; "));
    }
    if let Some(fired) = facts.fired(&migration.change_name()) {
        return Some(fired.to_string());
    }
    let old = facts.live.arrivals.iter().find(|one| {
        // What is written in a time that is to come here is of a clock that goes ahead, and counts then.
        let is_meanwhile = one.last_ms > since && one.last_ms <= facts.now_ms;
        let build = one.build.as_ref();
        is_meanwhile && build.is_none_or(|build| !build.embeds(&migration.requires))
    })?;
    let build = old
        .build
        .as_ref()
        .map_or_else(|| format!("the unknown build {}", old.id), ToString::to_string);
    let (requires, instance) = (list(&migration.requires), &old.instance);
    let ago = shown(Duration::from_millis(facts.now_ms - old.last_ms));
    Some(format!(
        "{instance} of build {build}, which does not embed {requires}, began to run {ago} ago"
    ))
}

/// Why a build may need the new shape of a change: it embeds its contract, or files that nobody here knows, of which one
/// may be its contract.
pub(crate) fn needs_new(
    set: &MigrationSet,
    history: &History,
    change: &str,
    build: &Build,
) -> Option<&'static str> {
    let embeds = |version: &Version| build.versions.binary_search(version).is_ok();
    let of_set = set.migrations.iter().any(|migration| {
        migration.phase == Phase::Contract && migration.change_name() == change && embeds(&migration.version)
    });
    let of_history = history
        .rows
        .iter()
        .any(|row| row.phase == Phase::Contract && row.change == change && embeds(&row.version));
    if of_set || of_history {
        return Some("reads only the new shape");
    }
    let known = Build::of(set);
    let is_known = |version: &Version| {
        known.versions.binary_search(version).is_ok()
            || history.rows.iter().any(|row| row.version == *version)
    };
    let unknown = build.versions.iter().any(|version| !is_known(version));
    unknown.then_some("embeds migrations that this build does not know, and may need the new shape")
}

fn data(set: &MigrationSet, history: &History, migration: &Migration, record: &Record) -> Finding {
    const GATE: &str = "data";
    if let Some(reason) = &record.blocked {
        return Finding::closed(GATE, format!("the change is blocked: {reason}"));
    }
    let mut files = 0;
    for other in set.migrations.iter().filter(|other| {
        other.phase == Phase::Migrate && other.change.is_some() && other.change == migration.change
    }) {
        files += 1;
        if !history.is_applied(other.version) {
            return Finding::closed(GATE, format!("the data of {other} is not moved and verified"));
        }
    }
    match files {
        0 => Finding::open(GATE, "no data has to be moved"),
        1 => Finding::open(GATE, "its data is moved and verified"),
        _ => Finding::open(GATE, format!("the data of {files} files is moved and verified")),
    }
}

fn live_builds(migration: &Migration, facts: &Facts) -> Finding {
    live_instances("live-builds", &migration.requires, facts)
}

/// Whether every instance that is seen embeds these versions.
pub(super) fn live_instances(gate: &'static str, needed: &[Version], facts: &Facts) -> Finding {
    let Live { instances, .. } = &facts.live;
    let requires = list(needed);
    let old: Vec<String> = instances
        .iter()
        .filter(|instance| {
            let build = instance.build.as_ref();
            build.is_none_or(|build| !build.embeds(needed))
        })
        .map(ToString::to_string)
        .collect();
    if !old.is_empty() {
        let (shown, more) = old.split_at(old.len().min(5));
        let more = match more.len() {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        return Finding::closed(
            gate,
            format!(
                "{} of {} instances do not embed {requires}: {}{more}",
                old.len(),
                instances.len(),
                shown.join(", ")
            ),
        );
    }
    match instances.len() {
        0 => Finding::open(gate, "no instance is registered"),
        1 => Finding::open(gate, format!("the one instance embeds {requires}")),
        count => Finding::open(gate, format!("all {count} instances embed {requires}")),
    }
}

pub(super) fn unknown_applications(facts: &Facts) -> Finding {
    const GATE: &str = "unknown-applications";
    if facts.options.ignored.iter().any(|name| name == EVERY) {
        return Finding::open(GATE, "every application is ignored here");
    }
    if let Some(blind) = facts.live.blind.first() {
        return Finding::closed(GATE, format!("it cannot be seen who is connected: {blind}"));
    }
    let is_ignored = |one: &Unregistered| facts.options.ignored.iter().any(|name| one.is_called(name));
    let unknown: Vec<&Unregistered> = facts.live.others.iter().filter(|one| !is_ignored(one)).collect();
    if unknown.is_empty() {
        return Finding::open(GATE, "only registered applications are connected");
    }
    let nameless = match unknown.iter().any(|one| !one.named) {
        true => "; a connection without a name may be of any program: give its pool an `application_name`",
        false => "",
    };
    let unknown: Vec<String> = unknown.iter().map(ToString::to_string).collect();
    Finding::closed(
        GATE,
        format!(
            "connected, and not registered: {} (stop them, or name them with `ignore_application`{nameless})",
            unknown.join(", ")
        ),
    )
}

/// What is seen once may be seen in the moment in which an instance lost its connection, or the server came back.
fn settled(record: &Record, facts: &Facts) -> Finding {
    const GATE: &str = "settled";
    let settle = facts.options.settle;
    if let Some(up) = facts.live.up.filter(|up| *up < settle) {
        let left = shown(settle - up);
        return Finding::closed(
            GATE,
            format!(
                "the server came up {} ago; instances have {left} more to register again",
                shown(up)
            ),
        );
    }
    match record.in_use_ms {
        _ if settle.is_zero() => Finding::open(GATE, "seen just now"),
        None => Finding::closed(
            GATE,
            "it was not seen yet that every build uses the new shape only",
        ),
        Some(since) => {
            let seen = Duration::from_millis(facts.now_ms.saturating_sub(since));
            let finding = format!(
                "every build is seen to use the new shape only for {}",
                shown(seen)
            );
            match settle.checked_sub(seen).filter(|left| !left.is_zero()) {
                None => Finding::open(GATE, finding),
                Some(left) => Finding::closed(GATE, format!("{finding}, {} to go", shown(left))),
            }
        }
    }
}

fn cutover(set: &MigrationSet, migration: &Migration) -> Option<Finding> {
    let declared = set
        .migrations
        .iter()
        .any(|other| other.cutover.is_some() && other.change.is_some() && other.change == migration.change);
    declared.then(|| {
        Finding::closed(
            "cutover",
            "the change declares a cutover, which this version of the library does not run",
        )
    })
}

/// How the application does, where it says so.
fn health(change: &str, facts: &Facts) -> Option<Finding> {
    const GATE: &str = "health";
    facts.is_monitored.then(|| match facts.fired(change) {
        Some(fired) => Finding::closed(GATE, fired.to_string()),
        None => Finding::open(GATE, "what the application measures is within its thresholds"),
    })
}

fn soak(set: &MigrationSet, migration: &Migration, record: &Record, facts: &Facts) -> Option<Finding> {
    const GATE: &str = "soak";
    let loses = loses_data(migration, set.dialect) || migration.down.is_none();
    let soak = migration
        .soak
        .unwrap_or(if loses { SOAK } else { Duration::ZERO });
    if soak.is_zero() {
        return None;
    }
    let mut finding = match record.in_use_ms {
        None => Finding::closed(
            GATE,
            format!("{} from when every build uses the new shape only", shown(soak)),
        ),
        Some(since) => over(GATE, "in use", since, soak, facts.now_ms),
    };
    if let (false, Some((times, because))) = (finding.open, &record.interrupted) {
        let times = match times {
            1 => "it was interrupted once".to_owned(),
            times => format!("it was interrupted {times} times, the last time"),
        };
        finding.finding = format!("{}; {times}: {because}", finding.finding);
    }
    Some(finding)
}

fn grace(migration: &Migration, record: &Record, facts: &Facts) -> Option<Finding> {
    const GATE: &str = "grace";
    let grace = migration.grace?;
    if grace == Grace::Time(Duration::ZERO) {
        return None;
    }
    let Some(since) = record.ready_ms else {
        return Some(Finding::closed(GATE, "it begins when the other gates are open"));
    };
    Some(match grace {
        Grace::Time(time) => over(GATE, "ready", since, time, facts.now_ms),
        Grace::Releases(wanted) => {
            let seen = releases(migration, facts, since);
            let count = seen.len();
            let names: Vec<String> = seen.iter().map(ToString::to_string).collect();
            let names = match names.is_empty() {
                true => String::new(),
                false => format!(": {}", names.join(", ")),
            };
            let finding = format!("{count} of {wanted} releases were seen to run since it is ready{names}");
            match count >= wanted as usize {
                true => Finding::open(GATE, finding),
                false => Finding::closed(GATE, finding),
            }
        }
    })
}

/// The releases that were first seen to run since that time, in their order.
///
/// What a build embeds is all that is known of it, so a release is a build that goes on from those before it: it embeds
/// the contract and all that the release before it embeds, and something that no build had that ran before. So neither a build that comes
/// back, nor a branch, nor a job that no instance followed is one; and a release that brings no migration is not seen.
fn releases<'a>(migration: &Migration, facts: &'a Facts, since: u64) -> Vec<&'a Build> {
    let mut arrivals: Vec<(u64, &Build)> = facts
        .live
        .arrivals
        .iter()
        .filter_map(|one| Some((one.first_ms, one.build.as_ref()?)))
        .collect();
    arrivals.sort_by_key(|(first, _)| *first);
    let mut found: Vec<&Build> = Vec::new();
    for (at, (first, build)) in arrivals.iter().enumerate() {
        let goes_on = build.embeds(&[migration.version])
            && found.last().is_none_or(|before| build.embeds(&before.versions))
            && !arrivals[..at]
                .iter()
                .any(|(_, before)| before.embeds(&build.versions));
        if *first > since && goes_on {
            found.push(build);
        }
    }
    found
}

fn over(gate: &'static str, what: &str, since: u64, wanted: Duration, now: u64) -> Finding {
    let passed = Duration::from_millis(now.saturating_sub(since));
    let finding = format!("{what} for {} of {}", shown(passed), shown(wanted));
    match passed >= wanted {
        true => Finding::open(gate, finding),
        false => Finding::closed(gate, finding),
    }
}

fn approval(set: &MigrationSet, migration: &Migration, record: &Record, facts: &Facts) -> Option<Finding> {
    const GATE: &str = "approval";
    if !loses_data(migration, set.dialect) && migration.down.is_some() {
        return None;
    }
    if facts.options.unapproved {
        return Some(Finding::open(GATE, "not asked for here"));
    }
    let digest = migration.approvable().to_string();
    let of_version = || {
        record
            .approvals
            .iter()
            .filter(|(version, ..)| *version == migration.version)
    };
    let approved = of_version().find(|(_, approved, _)| *approved == digest);
    Some(match approved {
        Some((_, _, entry)) => {
            let figure = |name| entry.figure(name).unwrap_or_default();
            Finding::open(
                GATE,
                format!(
                    "by {}, backup {}, restore tested {}, owner {}",
                    figure("by"),
                    figure("backup"),
                    figure("restore-tested"),
                    figure("owner")
                ),
            )
        }
        None if of_version().next().is_some() => Finding::closed(
            GATE,
            "what was approved is not what this build embeds: approve it again",
        ),
        None => Finding::closed(
            GATE,
            format!(
                "it loses data, and nobody approved it (`migrate approve {} --backup <BACKUP> --restore-tested <DATE> --owner <NAME>`)",
                migration.change_name()
            ),
        ),
    })
}

/// Whether the file may run at this hour; `None` where it may at any.
pub(crate) fn window(migration: &Migration, facts: &Facts) -> Option<Finding> {
    const GATE: &str = "window";
    let window = migration.window?;
    let at = std::time::UNIX_EPOCH + Duration::from_millis(facts.now_ms);
    Some(match window.is_open(at) {
        true => Finding::open(GATE, "it is open"),
        false => Finding::closed(GATE, format!("it is not open now: {}", window.told(at))),
    })
}

fn table_busy(dialect: Dialect, migration: &Migration, facts: &Facts) -> Finding {
    const GATE: &str = "table-busy";
    let names = |sql: &str, table: &str| {
        let table = table
            .rsplit('.')
            .next()
            .unwrap_or(table)
            .trim_matches(['"', '`', '[', ']']);
        Words::new(sql, dialect).any(|word| {
            word.text
                .trim_matches(['"', '`', '[', ']'])
                .eq_ignore_ascii_case(table)
        })
    };
    let busy = facts.moving.iter().find(|(table, version)| {
        let is_of_them = |table: &String| migration.up.iter().any(|(_, sql)| names(sql, table));
        *version != migration.version && table.as_ref().is_none_or(is_of_them)
    });
    match busy {
        Some((Some(table), version)) => Finding::closed(
            GATE,
            format!("the backfill of {version} is moving data of `{table}`"),
        ),
        Some((None, version)) => Finding::closed(
            GATE,
            format!("the backfill of {version} is moving data, and this build does not know of which table"),
        ),
        None => Finding::open(GATE, "nothing else of its tables is running"),
    }
}

fn list(versions: &[Version]) -> String {
    let names: Vec<String> = versions.iter().map(Version::to_string).collect();
    names.join(", ")
}

/// A time as people say it, in its two largest units.
pub(crate) fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    match (
        seconds / 86_400,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    ) {
        (0, 0, 0, 0) => format!("{} ms", time.as_millis()),
        (0, 0, 0, seconds) => format!("{seconds} s"),
        (0, 0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (0, hours, minutes, _) => format!("{hours} h {minutes} min"),
        (days, hours, ..) => format!("{days} d {hours} h"),
    }
}
