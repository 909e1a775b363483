//! `create-index-not-concurrent`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "create-index-not-concurrent",
    "An index is built over a table in use while nobody can write it.",
    Severity::Error,
    Allowed::Never,
    include_str!("create_index_not_concurrent.md"),
    check,
)
.on(SERVERS);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    if cx.dialect.is_mysql_family() {
        return without_writers(cx, out);
    }
    if let Operation::Alter { kind: ObjectKind::Table, name, actions, .. } = cx.operation {
        return attached(cx, name, actions, out);
    }
    let Operation::CreateIndex(index) = cx.operation else { return };
    let Some(table) = cx.existing(&index.table) else { return };
    let model = cx.schema.table_at(&table);
    let partitioned = model.is_some_and(|model| model.partitioned.is_some());
    // ON ONLY of a plain table builds as ever; where the table is not known it makes sense for a parent alone.
    let parent_only = index.only && (partitioned || model.is_none_or(|model| !model.complete));
    let exists = index.if_not_exists && index.name.as_ref().is_some_and(|name| cx.schema.index(name).is_some());
    if index.concurrently || parent_only || exists {
        return;
    }
    let span = index.table.span;
    let finding = out.report(span, format!("building the index stops every write to `{table}`"));
    finding.lock(format!("SHARE on {table} while the index is built: nobody writes it"));
    let head = cx.sql.get(..span.start as usize).unwrap_or("");
    let tail = cx.text(Span { start: span.end, end: cx.sql.len() as u32 });
    if partitioned {
        finding
            .help("build the index of each partition CONCURRENTLY in a file of its own, then ALTER INDEX … ATTACH PARTITION; with the last one the parent's index becomes valid")
            .file(Phase::Expand, format!("{head}ONLY {table}{tail};"));
    } else if let Some(at) = find_word(head, "index") {
        let name = match &index.name {
            Some(_) => String::new(),
            None => format!("{} ", made_name(&[&table.name, &index.columns.join("_"), "idx"])),
        };
        let (create, rest) = head.split_at(at + 5);
        let rest = rest.trim_start();
        finding.file(Phase::Expand, format!("{create} CONCURRENTLY {name}{rest}{table}{tail};"));
    }
}

/// A table that becomes a partition gets each index of its parent that it has not.
fn attached(cx: &Context<'_>, parent: &Name, actions: &[Action], out: &mut Findings<'_>) {
    let parent = cx.schema.resolve(Class::Relation, parent);
    let Some(whole) = cx.schema.table_at(&parent).filter(|_| !cx.schema.is_doubted(&parent)) else { return };
    for action in actions {
        let Action::AttachPartition(name, _) = action else { continue };
        let Some(child) = cx.existing(name).filter(|child| !cx.schema.is_doubted(child)) else { continue };
        let Some(table) = cx.schema.table_at(&child).filter(|table| table.complete && !table.copied) else { continue };
        let has = |index: &TableIndex| {
            table.indexes.iter().any(|own| {
                own.unique == index.unique && own.columns == index.columns && (own.constraint || !index.constraint)
            })
        };
        let Some(index) = whole.indexes.iter().find(|index| !has(index)) else { continue };
        let finding = out.report(
            name.span,
            format!("attaching `{child}` builds an index over it, as it has none that does what `{}` of `{parent}` does", index.name),
        );
        finding.lock(format!("ACCESS EXCLUSIVE on {child} while the index is built: nobody reads or writes it"));
        let unique = if index.unique { "UNIQUE " } else { "" };
        finding.help(match index.constraint {
            true => format!("first build a UNIQUE index over the same columns of {child} CONCURRENTLY, and make it a constraint with USING INDEX"),
            false => format!("first build it with CREATE {unique}INDEX CONCURRENTLY on {child}; ATTACH takes an index that does the same"),
        });
    }
}

/// MySQL and MariaDB build every index while others write, but for full-text and spatial ones, and MySQL for those over an
/// expression.
fn without_writers(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Some(table) = table_of(cx).filter(|_| !asks_for_copy(cx)) else { return };
    for one in copied(cx, &[Why::FullText, Why::Expression]) {
        let what = match one.why {
            Why::Expression => "an index over an expression",
            _ => "a full-text or spatial index",
        };
        let message = format!("building {what} stops every write to `{table}`");
        if let Some(finding) = report(cx, out, &one, message) {
            finding.help(match one.why {
                Why::Expression => "add a virtual column with the expression, which takes a moment; then an index over it, in an ALTER TABLE of its own",
                _ => "make a new table with the index beside it, fill it in batches, and swap the two with one RENAME TABLE",
            });
        }
    }
}
