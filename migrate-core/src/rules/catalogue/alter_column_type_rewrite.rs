//! `alter-column-type-rewrite`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "alter-column-type-rewrite",
    "A column gets a type that its values have to be converted to.",
    Severity::Error,
    Allowed::Never,
    include_str!("alter_column_type_rewrite.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    for (altered, column, ty, using, span) in retyped(cx) {
        let table = &altered.key;
        let known = altered.table.and_then(|table| table.column(&column.text));
        let old = known.and_then(|column| column.ty.as_ref());
        if free_change(cx, &column.text, old, ty, using) {
            continue;
        }
        let from = old.map_or_else(String::new, |old| format!(" from {old}"));
        let finding = out.report(span, format!("changing `{}`{from} to {ty} rewrites all of `{table}`", column.text))
            .lock(format!("ACCESS EXCLUSIVE on {table} while every row and index is written again: nobody reads or writes it"))
            .breaks("the running build, which reads and writes the old type, and holds prepared statements for it");
        if let Some((base, true)) = domain(cx, ty) {
            let check = made_name(&[&table.name, &column.text, "check"]);
            finding
                .help(format!("a column of the domain {ty} cannot be had without a rewrite: keep {base}, and write the condition of the domain into a CHECK, with the column for VALUE"))
                .file(Phase::Expand, format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK (…) NOT VALID;"))
                .file(Phase::Expand, format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};"));
            continue;
        }
        if let Some(why) = held(cx, altered.table, &column.text) {
            finding.help(format!(
                "`{}` {why}, so no sync can keep a second column equal to it, and it is not dropped like another: add the column of the new type beside it, let a trigger of your own and a backfill fill it, build a unique index over it CONCURRENTLY, and let one ALTER TABLE of a contract move the key to it; or keep the type",
                column.text
            ));
            continue;
        }
        let new = format!("{}_new", column.text);
        let quoted = made_name(&[&new]);
        let forward = match using {
            Some(using) => using.text.clone(),
            // A cast cuts off what does not fit, and an assignment refuses it, as the change of the type would.
            None if is_limited_text(ty) => column.to_string(),
            None => format!("{column}::{ty}"),
        };
        // What another expression computed is for its author to turn back.
        let plain = using.is_none_or(|using| matches!(&using.shape, Shape::Cast(name, _) | Shape::Column(name) if *name == column.text));
        let backward = match old.filter(|_| plain) {
            Some(old) => format!("{quoted}::{old}"),
            None => "…".to_owned(),
        };
        finding.help(format!(
            "move to a new column, which is called {quoted} from then on, so write the name that it is to keep; while both builds run, each value has to fit both types"
        ));
        let moved = Moved {
            table,
            model: altered.table,
            old: (&column.text, column.to_string()),
            new: (&new, quoted),
            ty: ty.to_string(),
            collation: None,
            using: Some((forward, backward)),
        };
        moved.tell(cx, finding);
    }
}

/// Whether a value may be too long for the type, which takes any other type by an assignment.
fn is_limited_text(ty: &Type) -> bool {
    (ty.is("varchar") || ty.is("char")) && !ty.arguments.is_empty()
}
