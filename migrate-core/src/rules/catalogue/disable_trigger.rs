//! `disable-trigger`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "disable-trigger",
    "Triggers of a table in use are switched off.",
    Severity::Warning,
    Allowed::Never,
    include_str!("disable_trigger.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let Action::Toggle(toggle) = action else { continue };
        if !toggle.trigger || !toggle.disable {
            continue;
        }
        let table = &altered.key;
        match &toggle.name {
            Some(name) => _ = out
                .report(cx.whole(), format!("without the trigger `{name}` the running build's writes to `{table}` do less than it expects"))
                .lock(format!("SHARE ROW EXCLUSIVE on {table} until the file commits: nobody writes it")),
            None => _ = out
                .report(cx.whole(), format!("this switches off every trigger of `{table}`, for everybody"))
                .error()
                .lock(format!("SHARE ROW EXCLUSIVE on {table} until the file commits: nobody writes it"))
                .breaks("the running build: nothing checks its foreign keys, and no trigger runs")
                .help("where only this session is meant: SET LOCAL session_replication_role = 'replica'"),
        }
    }
}
