//! Values of arguments.

use std::time::Duration;

use super::answer::Failure;
use super::work::Context;
use crate::diagnostic::nearest;
use crate::migrator::Tool;
use crate::model::{Dialect, Layout, Phase, Version};
use crate::plan::Policy;

/// The layouts that the command line knows: those that can be embedded, and `plain`.
const LAYOUTS: [Layout; 6] = [
    Layout::Native,
    Layout::Sqlx,
    Layout::Diesel,
    Layout::Refinery,
    Layout::Dbmate,
    Layout::Plain,
];

/// `--dialect`.
pub(super) fn dialect(text: &str) -> Result<Dialect, String> {
    let meant = match text {
        "postgresql" | "pg" => "postgres",
        "sqlite3" => "sqlite",
        other => other,
    };
    choice(meant, "dialect", &Dialect::ALL, Dialect::name)
}

/// `--layout`.
pub(super) fn layout(text: &str) -> Result<Layout, String> {
    choice(text, "layout", &LAYOUTS, Layout::name)
}

/// `--layout` where files are written or released.
pub(super) fn own_layout(text: &str) -> Result<Layout, String> {
    choice(text, "layout", &Layout::ALL, Layout::name)
}

/// `--phase`.
pub(super) fn phase(text: &str) -> Result<Phase, String> {
    choice(text, "phase", &Phase::ALL, Phase::name)
}

/// The policy of a database.
pub(super) fn policy(text: &str) -> Result<Policy, String> {
    let all = [Policy::Production, Policy::Development];
    choice(text, "policy", &all, Policy::name)
}

/// `--from`, `--ignore-tool`.
pub(super) fn tool(text: &str) -> Result<Tool, String> {
    choice(text, "tool", &Tool::ALL, Tool::name)
}

fn choice<T: Copy>(text: &str, what: &str, all: &[T], name: impl Fn(T) -> &'static str) -> Result<T, String> {
    if let Some(value) = all.iter().find(|value| name(**value) == text) {
        return Ok(*value);
    }
    let names: Vec<&str> = all.iter().map(|value| name(*value)).collect();
    let hint = nearest(text, names.iter().copied());
    let hint = hint.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
    Err(format!(
        "there is no {what} `{text}`{hint} ({})",
        names.join(", ")
    ))
}

/// A span of time, such as `100ms` or `1h30m`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    crate::script::duration(text).ok_or_else(|| "a time is written like 100ms, 5s or 1h30m".to_owned())
}

/// A number of rows, at least one.
pub(super) fn rows(text: &str) -> Result<u32, String> {
    match count(text)? {
        0 => Err("it has to be at least 1".to_owned()),
        rows => Ok(rows),
    }
}

/// A number of rows.
pub(super) fn count(text: &str) -> Result<u32, String> {
    let number = text.parse();
    number.map_err(|_| {
        format!(
            "a number of rows is written in digits, like 1000, and is at most {}",
            u32::MAX
        )
    })
}

/// A number of figures.
pub(super) fn figures(text: &str) -> Result<u32, String> {
    let number = text.parse();
    number.map_err(|_| "a number is written in digits, like 20".to_owned())
}

/// The version of a migration that is embedded: by number or name.
pub(super) fn known_version(context: &Context, given: &str) -> Result<Version, Failure> {
    let set = context.migrator.set();
    let names = set
        .migrations
        .iter()
        .map(|migration| (migration.version, &*migration.name));
    one(given, names.collect(), "migration")
}

/// The version of a migration that is embedded or applied, by number or name; or 0.
pub(super) fn applied_version(context: &Context, given: &str) -> Result<Version, Failure> {
    if given == "0" {
        return Ok(Version(0));
    }
    let set = context.migrator.set();
    let mut names: Vec<(Version, &str)> = set
        .migrations
        .iter()
        .map(|migration| (migration.version, &*migration.name))
        .collect();
    let rows = context
        .history
        .rows
        .iter()
        .filter(|row| set.get(row.version).is_none());
    names.extend(rows.map(|row| (row.version, &*row.name)));
    one(given, names, "migration")
}

/// The version of a migration that moves data in batches: by number, name, or the change it belongs to.
pub(super) fn backfill_version(context: &Context, given: &str) -> Result<Version, Failure> {
    let migrations = context.migrator.set().migrations.iter();
    let moves = migrations.filter(|migration| migration.backfill.is_some());
    let names = moves.flat_map(|migration| {
        let change = migration.change.as_deref();
        let names = std::iter::once(&*migration.name).chain(change);
        names.map(|name| (migration.version, name))
    });
    one(given, names.collect(), "backfill")
}

/// The one version that a text means.
fn one(given: &str, names: Vec<(Version, &str)>, what: &str) -> Result<Version, Failure> {
    let base = given.rsplit('/').next().unwrap_or(given);
    let base = base.strip_suffix(".sql").unwrap_or(base);
    let means = |(version, name): &(Version, &str)| {
        let number = version.to_string();
        *name == base
            || number == base
            || base
                .strip_prefix(&number)
                .is_some_and(|rest| rest.get(1..) == Some(*name))
    };
    let mut meant: Vec<Version> = names.iter().filter(|one| means(one)).map(|one| one.0).collect();
    meant.sort_unstable();
    meant.dedup();
    match meant[..] {
        [version] => Ok(version),
        [] => {
            let versions: Vec<String> = names.iter().map(|(version, _)| version.to_string()).collect();
            let known = versions
                .iter()
                .map(String::as_str)
                .chain(names.iter().map(|one| one.1));
            let hint =
                nearest(given, known).map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            Err(Failure::new(format!(
                "there is no {what} `{given}`{hint} (`status` lists all)"
            )))
        }
        _ => {
            let versions: Vec<String> = meant.iter().map(Version::to_string).collect();
            Err(Failure::new(format!(
                "`{given}` is more than one {what}: say which, by version ({})",
                versions.join(", ")
            )))
        }
    }
}
