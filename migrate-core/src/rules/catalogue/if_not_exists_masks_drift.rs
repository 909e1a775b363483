//! `if-not-exists-masks-drift`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "if-not-exists-masks-drift",
    "IF NOT EXISTS keeps something that is different.",
    Severity::Warning,
    Allowed::Anywhere,
    include_str!("if_not_exists_masks_drift.md"),
    check,
)
.on(EVERYWHERE);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let mut report = |span: Span, what: String| {
        out.report(span, format!("{what}, and IF NOT EXISTS keeps it as it is"))
            .breaks("the new build, which expects what this statement says")
            .help("change what is there, or drop it first");
    };
    match cx.operation {
        Operation::CreateTable(table) if table.if_not_exists && !table.temporary => {
            let key = cx.schema.creation(Class::Relation, &table.name);
            let Some(known) = cx.schema.table_at(&key) else { return };
            if known.complete && table.columns.iter().any(|column| differs(known, column)) {
                report(table.name.span, format!("the table `{key}` exists with other columns"));
            }
        }
        Operation::Alter { name, actions, .. } => {
            let Some(known) = cx.schema.table(name) else { return };
            for action in actions {
                if let Action::AddColumn { column, if_not_exists: true } = action
                    && known.column(&column.name.text).is_some()
                    && differs(known, column)
                {
                    report(column.name.span, format!("the column `{name}.{}` exists and is different", column.name.text));
                }
            }
        }
        Operation::CreateIndex(index) if index.if_not_exists && cx.dialect.is_mysql_family() => {
            let known = cx.schema.table(&index.table).and_then(|table| {
                let name = index.name.as_ref()?;
                table.indexes.iter().find(|known| known.name == name.name)
            });
            if let Some(known) = known.filter(|known| known.unique != index.unique || known.columns != index.columns) {
                report(index.table.span, format!("the index `{}` exists and is different", known.name));
            }
        }
        Operation::CreateIndex(index) if index.if_not_exists => {
            let Some((table, known)) = index.name.as_ref().and_then(|name| cx.schema.index(name)) else { return };
            let other_table = *table != cx.schema.resolve(Class::Relation, &index.table);
            if other_table || known.unique != index.unique || known.columns != index.columns {
                report(index.table.span, format!("the index `{}` exists and is different", known.name));
            }
        }
        _ => {}
    }
}

fn differs(known: &TableModel, column: &ColumnDef) -> bool {
    match known.column(&column.name.text) {
        Some(there) => there.ty.as_ref().is_some_and(|ty| *ty != column.ty),
        None => known.complete,
    }
}
