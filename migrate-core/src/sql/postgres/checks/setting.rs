//! Settings whose values have a unit.

use squawk_parser::SyntaxKind as K;

use super::refuse;
use crate::sql::Check;
use crate::sql::postgres::names::string;
use crate::sql::postgres::tree::Node;

const TIMES: &[&str] = &[
    "deadlock_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
    "lock_timeout",
    "statement_timeout",
    "transaction_timeout",
];

const SIZES: &[&str] = &[
    "logical_decoding_work_mem",
    "maintenance_work_mem",
    "temp_buffers",
    "work_mem",
];

/// A time or a size that the server does not read: it takes `5s` for no `5 seconds`, and no unit in other letters.
pub(super) fn setting(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(named) = node.find(K::CONFIG_PARAMETER_REF) else {
        return;
    };
    let name = named.text().to_lowercase();
    let units: &[&str] = match () {
        () if TIMES.contains(&&*name) => &["us", "ms", "s", "min", "h", "d"],
        () if SIZES.contains(&&*name) => &["B", "kB", "MB", "GB", "TB"],
        () => return,
    };
    let given = node.find(K::TO_CONFIG_VALUE);
    let given = given.and_then(|value| value.tokens().find(|token| token.text().starts_with('\'')));
    let Some(given) = given else { return };
    let text = string(given.text());
    let number = |next: char| next.is_ascii_digit() || next == '.';
    let (amount, unit) = text.trim().split_at(
        text.trim()
            .find(|next| !number(next))
            .unwrap_or(text.trim().len()),
    );
    let unit = unit.trim_start();
    // Another begins with what a tool puts in, or is a number in another base.
    let plain = !amount.is_empty()
        && unit.chars().all(char::is_alphabetic)
        && !unit.starts_with(['x', 'X', 'e', 'E', 'o', 'b']);
    if plain && !unit.is_empty() && !units.contains(&unit) {
        let message = format!("{name} has no unit `{unit}`; there are {}", units.join(", "));
        refuse(out, given, message);
    }
}
