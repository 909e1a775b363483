//! Values of arguments.

use crate::diagnostic::nearest;
use crate::model::{Dialect, Layout, Phase};

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
