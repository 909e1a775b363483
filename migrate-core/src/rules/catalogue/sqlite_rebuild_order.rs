//! `sqlite-rebuild-order`.

mod cascades;

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "sqlite-rebuild-order",
    "A table is rebuilt in an order that breaks or loses what belongs to it.",
    Severity::Error,
    Allowed::Never,
    include_str!("sqlite_rebuild_order.md"),
    check,
)
.on(SQLITE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let legacy = is_legacy(cx);
    // Where the files made the table, they made what refers to it too.
    let alone = |key: &Key| cx.schema.table_at(key).is_some_and(|known| known.complete) && followers(cx, key).is_empty();
    if let Some((key, from)) = renamed_away(cx).filter(|(key, _)| !legacy && !alone(key)) {
        let table = &key.name;
        out.report(from.span, format!("renaming the old `{table}` away takes along what refers to it"))
            .breaks(format!("the foreign keys, views and triggers that name `{table}`: they follow to the new name, even with foreign keys off, and dangle once that table is dropped"))
            .help("the other way round: create the new table under another name, copy, drop the old one, then rename the new one");
    }
    if let Some((table, span)) = uncopied(cx) {
        out.report(span, format!("nothing copies the rows of `{table}` into the new table that takes its name"))
            .breaks("every row: the table is empty once the file is through")
            .help(format!("before this statement: INSERT INTO … (columns) SELECT columns FROM {};", quote(table)));
    }
    let Some(rebuild) = rebuild(cx) else { return };
    let table = &rebuild.key.name;
    if let Some(column) = rebuild.left_out() {
        out.report(rebuild.span, format!("the copy of `{table}` leaves out `{column}`, which both tables have"))
            .breaks(format!("the values of `{column}`: they go with the old table"))
            .help(format!("name `{column}` on both sides of the copy"));
    }
    if let Some((to, from)) = &rebuild.crossed {
        out.report(rebuild.span, format!("the copy of `{table}` puts the values of `{from}` into `{to}`, and others into `{from}`"))
            .breaks("every row: values stand in the wrong columns, and nothing says so where the types allow it")
            .help("name the columns on both sides, in the same order: INSERT INTO … (a, b) SELECT a, b FROM …");
    }
    if let Some((text, is_column)) = &rebuild.text {
        let finding = out.report(rebuild.span, format!("the copy of `{table}` reads {text}, which is no column of it: SQLite takes that for a text"));
        finding.breaks("every row: it gets the name itself for a value");
        if *is_column {
            finding.help("leave the column out of both lists, so that it gets its default, or give it a value in single quotes");
        } else {
            finding.warning().help("if the text is meant, write it in single quotes: in double quotes it is one only as long as no column has that name");
        }
    }
    if let Some(words) = rebuild.partial.filter(|_| !is_declared(cx)) {
        out.report(rebuild.span, format!("the copy of `{table}` has a {words}: rows that it leaves out go with the old table"))
            .breaks("these rows: nothing else of the file copies or deletes them")
            .help("copy every row; what is to go, delete in batches by a migrate file before, or say what is lost in a contract:\n-- migrate:rollback data-loss=\"…\"");
    }
    if rebuild.lenient {
        out.report(rebuild.span, format!("the copy of `{table}` passes over rows that the new table does not take, or replaces others with them"))
            .breaks("these rows: they go with the old table, and nothing says so")
            .help("a plain INSERT fails at the first of them, and the file is undone")
            .severity = if rebuild.demands_more() { Severity::Error } else { Severity::Warning };
    }
    cascades::check(cx, &rebuild, out);
    if matches!(rebuild.table.source, TableSource::Query) {
        out.report(rebuild.span, format!("the new `{table}` is made from a query, which gives it columns and rows only"))
            .breaks("the running build: keys, NOT NULL, defaults and foreign keys are gone, so an INSERT gets no id")
            .help("CREATE TABLE with its columns and constraints, then INSERT INTO … SELECT");
    }
    let renames_later = rebuild.table.name.name != *table;
    for view in views(cx, table).into_iter().filter(|_| renames_later && !legacy) {
        out.report(rebuild.span, format!("the view `{view}` names `{table}`, so the new table cannot be renamed while it is gone"))
            .breaks("the migration: RENAME TO fails with an error in the view")
            .help(format!("DROP VIEW {view} before this statement, and create it again at the end"));
    }
    for (trigger, of, _) in triggers(cx, table) {
        if of.name == *table && !is_made_again(cx, trigger) {
            out.report(rebuild.span, format!("the trigger `{trigger}` goes with the old table, and nothing makes it again"))
                .help("create it again behind the renaming; where it is to go, DROP TRIGGER before this statement says so");
        } else if of.name != *table && renames_later && !legacy && !is_dropped_before(cx, ObjectKind::Trigger, &trigger.name) {
            out.report(rebuild.span, format!("the trigger `{trigger}` names `{table}`, so the new table cannot be renamed while it is gone"))
                .breaks("the migration: RENAME TO fails with an error in the trigger")
                .help(format!("DROP TRIGGER {trigger} before this statement, and create it again at the end"));
        }
    }
    for index in rebuild.lost_indexes(cx) {
        out.report(rebuild.span, format!("the index `{index}` goes with the old table, and nothing makes it again"))
            .help("create it again behind the renaming; where it is to go, DROP INDEX before this statement says so");
    }
}

/// Whether the file says that rows are lost.
fn is_declared(cx: &Context<'_>) -> bool {
    let told = cx.migration.rollback.as_ref().is_some_and(|note| note.data_loss.is_some());
    cx.phase() == Phase::Contract && (told || cx.migration.irreversible.is_some())
}

/// The table in use that is dropped here and whose name a table of this file gets that nothing writes to before.
fn uncopied<'a>(cx: &Context<'a>) -> Option<(&'a str, Span)> {
    let Operation::Drop { kind: ObjectKind::Table, names, .. } = cx.operation else { return None };
    let [dropped] = names.as_slice() else { return None };
    cx.existing(dropped)?;
    let after = cx.all.get(cx.at + 1..).unwrap_or_default();
    let made = after.iter().find_map(|operation| match operation {
        Operation::Alter { kind: ObjectKind::Table, name, actions, .. } => actions
            .iter()
            .any(|action| matches!(action, Action::RenameTo(to) if to.text == dropped.name))
            .then_some(&name.name),
        _ => None,
    })?;
    let is_new = cx.all.iter().any(|operation| {
        matches!(operation, Operation::CreateTable(table)
            if table.name.name == *made && !table.temporary && matches!(table.source, TableSource::None))
    });
    let written = |operation: &Operation| match operation {
        Operation::Data { writes, .. } => writes.iter().any(|write| write.table.name == *made || write.table.name == dropped.name),
        Operation::Opaque { .. } => true,
        _ => false,
    };
    (is_new && !cx.all.iter().any(written)).then_some((&*dropped.name, dropped.span))
}

/// Whether renaming leaves alone what names the table, as it did long ago.
fn is_legacy(cx: &Context<'_>) -> bool {
    let before = cx.all.get(..cx.at).unwrap_or_default();
    let set = before.iter().rev().find_map(|operation| match operation {
        Operation::Set { name, values, .. } if name == "legacy_alter_table" => values.first(),
        _ => None,
    });
    set.is_some_and(|value| is_on(value))
}

/// What a renaming of the table takes along.
fn followers(cx: &Context<'_>, key: &Key) -> Vec<String> {
    let refers = |table: &TableModel| {
        table.constraints.iter().any(|one| matches!(&one.kind, ConstraintModel::ForeignKey(_, parent, _) if parent == key))
    };
    let children = cx.schema.tables().filter(|(child, table)| *child != key && refers(table));
    let mut found: Vec<String> = children.map(|(child, _)| child.to_string()).collect();
    found.extend(views(cx, &key.name));
    found.extend(triggers(cx, &key.name).map(|(trigger, _, _)| trigger.to_string()));
    found
}

fn views(cx: &Context<'_>, table: &str) -> Vec<String> {
    let naming = cx.schema.views().filter(|(_, query)| contains_word(query, table));
    naming.map(|(view, _)| view.to_string()).collect()
}

fn triggers<'a>(cx: &Context<'a>, table: &str) -> impl Iterator<Item = (&'a Key, &'a Key, &'a str)> {
    let table = table.to_owned();
    cx.schema.triggers().filter(move |(_, of, body)| of.name == table || contains_word(body, &table))
}

fn is_made_again(cx: &Context<'_>, trigger: &Key) -> bool {
    let after = cx.all.get(cx.at + 1..).unwrap_or_default();
    after.iter().any(|operation| matches!(operation, Operation::CreateNamedTrigger { name, .. } if name.name == trigger.name))
}

fn is_dropped_before(cx: &Context<'_>, kind: ObjectKind, name: &str) -> bool {
    let before = cx.all.get(..cx.at).unwrap_or_default();
    before.iter().any(|operation| match operation {
        Operation::Drop { kind: dropped, names, .. } => *dropped == kind && names.iter().any(|one| one.name == name),
        _ => false,
    })
}
