//! `mysql-add-foreign-key`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "mysql-add-foreign-key",
    "A foreign key on a table in use copies it.",
    Severity::Error,
    Allowed::Never,
    include_str!("mysql_add_foreign_key.md"),
    check,
)
.on(MYSQL);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx).filter(|_| !asks_for_copy(cx)) else { return };
    for one in copied(cx, &[Why::Reference]) {
        let message = format!("checking the foreign key copies every row of `{table}`");
        let algorithm = if cx.dialect == Dialect::MariaDb { "NOCOPY" } else { "INPLACE" };
        let column = matches!(one.action, super::super::online::What::Action(Action::AddColumn { .. }));
        let algorithm = if column { "INPLACE" } else { algorithm };
        if let Some(finding) = report(cx, out, &one, message) {
            finding
                .lock("the parent is locked against changes of its shape meanwhile")
                .help("without the check it takes a moment; look for rows without a parent yourself, before or after")
                .file(cx.phase(), format!(
                    "SET foreign_key_checks = 0;\n{}\nSET foreign_key_checks = 1;",
                    with_clause(cx, &format!("ALGORITHM={algorithm}, LOCK=NONE"))
                ));
        }
    }
}
