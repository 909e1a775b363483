//! `drop-not-null`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "drop-not-null",
    "A column in use may be NULL from here on.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("drop_not_null.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if let Some(rebuild) = rebuild(cx) {
        for (old, new) in rebuild.kept() {
            if old.not_null && !rebuild.is_required(new) {
                out.report(rebuild.span, format!("the running build may read NULL from `{}.{}`", rebuild.key, old.name))
                    .breaks("the running build, where it decodes the column into a type without NULL; write no NULL before it is gone");
            }
        }
    }
    let Some(altered) = cx.altered() else { return };
    for action in altered.actions {
        let named;
        let (column, span) = match action {
            Action::AlterColumn { column, change: ColumnChange::DropNotNull, span } => (column, span),
            // Without the word NULL it is probably a slip, which has a rule of its own.
            Action::Redefine { column, definition, span, .. } if definition.attributes.null => {
                if !altered.table.is_some_and(|table| table.is_not_null(&column.text)) {
                    continue;
                }
                (column, span)
            }
            // From PostgreSQL 18 on it has a name.
            Action::DropConstraint { name, .. } => {
                let known = altered.table.and_then(|table| table.constraint(&name.text));
                let Some(ConstraintModel::NotNull(column)) = known.filter(|one| one.valid).map(|one| &one.kind) else {
                    continue;
                };
                if altered.table.is_some_and(|table| table.is_key_column(column)) {
                    continue;
                }
                named = Word { text: column.clone(), span: name.span };
                (&named, &named.span)
            }
            _ => continue,
        };
        let model = altered.table.and_then(|table| table.column(&column.text));
        let new = model.is_some_and(|model| model.added_by.is_some_and(|index| cx.is_new(Origin::Draft(index))));
        let nullable = model.is_some_and(|model| model.ty.is_some() && !model.not_null);
        if new || nullable {
            continue;
        }
        out.report(*span, format!("the running build may read NULL from `{}.{}`", altered.key, column.text))
            .lock(brief_lock(cx, &altered.key))
            .breaks("the running build, where it decodes the column into a type without NULL; write no NULL before it is gone");
    }
}
