//! `mysql-varchar-length-byte`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-varchar-length-byte",
    "A varchar grows across 255 bytes, which copies the table.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_varchar_length_byte.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx).filter(|_| !asks_for_copy(cx)) else { return };
    for one in copied(cx, &[Why::Length]) {
        let Some((old, new)) = redefined(&one) else { continue };
        let message = format!("`{}` needs a second byte for its length, which copies every row of `{table}`", old.text);
        if let Some(finding) = report(cx, out, &one, message) {
            beside(cx, finding, &table, old, new);
        }
    }
}
