//! `statement-while-holding-access-exclusive`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "statement-while-holding-access-exclusive",
    "A statement works while a table in use is locked against everybody.",
    Severity::Error,
    Allowed::Never,
    include_str!("statement_while_holding_access_exclusive.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    // A constraint that is validated under its own lock is told as that.
    if cx.nested || out.has_error_of("validate-same-transaction") {
        return;
    }
    let held = cx.transaction.effects.iter().map(|(_, effect)| effect).find(|effect| effect.lock == LockMode::AccessExclusive);
    let Some(held) = held else { return };
    let mut works: Vec<Effect> = effects(cx).into_iter().filter(|effect| effect.work != Work::None).collect();
    if let Operation::Do { body, .. } = cx.operation {
        let writes = body.iter().any(|nested| matches!(&nested.operation, Operation::Data { writes, .. } if writes.iter().any(|write| write.bulk)));
        if writes {
            works.push(Effect { table: held.table.clone(), lock: LockMode::RowExclusive, work: Work::Write });
        }
    }
    let bulk_into_new = matches!(cx.operation, Operation::Data { writes, .. } if writes.iter().any(|write| write.bulk));
    if works.is_empty() && !bulk_into_new && !copies(cx) {
        return;
    }
    // An error of its own may be allowed for a reason that knows nothing of this lock; what is printed there goes into files
    // of its own already.
    let has_error = out.has_error();
    let finding = out
        .report(cx.whole(), format!("nobody can use `{}` until this statement is done", held.table))
        .lock(format!("ACCESS EXCLUSIVE on {}, taken before in this file and held until it commits", held.table))
        .help("move this statement to a file of its own");
    if !has_error {
        finding.file(cx.phase(), format!("{};", cx.sql));
    }
}

/// Whether the statement fills something new with rows of a table in use.
fn copies(cx: &Context<'_>) -> bool {
    let reads = match cx.operation {
        Operation::CreateTable(table) if matches!(table.source, TableSource::Query) => &table.reads,
        Operation::CreateView(view) if view.materialized => &view.reads,
        _ => return false,
    };
    !contains_word(&cx.sql.to_lowercase(), "with no data") && reads.tables.iter().any(|table| cx.existing(table).is_some())
}
