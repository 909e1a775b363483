//! `mysql-convert-charset`.

use super::super::online::Judged;
use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-convert-charset",
    "Another character set or collation copies a table in use.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_convert_charset.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx).filter(|_| !asks_for_copy(cx)) else { return };
    let noted = |one: &Judged<'_>| one.why == Why::Charset && one.cost == Cost::Nocopy;
    if cx.dialect == Dialect::Mysql && !is_guarded(written(cx)) && let Some(one) = judged(cx).into_iter().find(noted) {
        let finding = out.report(one.span, format!("another character set or collation copies every row of `{table}`, unless no index is over the column"));
        finding.severity = Severity::Warning;
        finding
            .help("no index is known here, so MySQL only notes it; say so, and the server refuses where it would copy")
            .file(cx.phase(), with_clause(cx, "ALGORITHM=INPLACE, LOCK=NONE"));
    }
    for one in copied(cx, &[Why::Charset]) {
        let message = format!("another character set or collation copies every row of `{table}`");
        let redefined = redefined(&one);
        let Some(finding) = report(cx, out, &one, message) else { continue };
        match redefined {
            Some((old, new)) => beside(cx, finding, &table, old, new),
            None => _ = finding.help("convert one column after the other: a new one beside it, a backfill, a contract; for new columns alone `ALTER TABLE … DEFAULT CHARACTER SET` takes a moment"),
        }
    }
}
