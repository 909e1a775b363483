//! The rebuild of a table, SQLite's way to change what ALTER TABLE cannot: a new table, a copy of the rows, the old
//! table dropped, the new one under its name.

mod rows;

use self::rows::{crossed, is_helped, partial, text};
use super::{
    Action, Class, ColumnDef, Constraint, ConstraintKind, ConstraintModel, Context, Dialect, Expr, Generated,
    Key, Name, ObjectKind, Operation, Shape, Span, TableIndex, TableModel, TableSource, Word, made_name,
    quote,
};
use crate::schema::Column;
use crate::sql::{Copied, Table, copied};

/// A rebuild, seen from the statement that drops the old table.
pub(in super::super) struct Rebuild<'a> {
    /// The name under which everybody knows the table.
    pub(in super::super) key: Key,
    /// The table as it was.
    pub(in super::super) old: Option<&'a TableModel>,
    /// The table as it is made again.
    pub(in super::super) table: &'a Table,
    /// Columns that the copy puts under another name.
    pub(in super::super) renames: Vec<(String, String)>,
    /// The columns that the copy fills, where it names them.
    pub(in super::super) filled: Option<Vec<String>>,
    /// A column that the copy fills with the values of another one, whose own values go elsewhere: both.
    pub(in super::super) crossed: Option<(String, String)>,
    /// What the copy puts into every row as a text, though it is written like a column; and whether the new table has such a
    /// column.
    pub(in super::super) text: Option<(String, bool)>,
    /// What of the one copy may leave rows out.
    pub(in super::super) partial: Option<&'static str>,
    /// Whether the copy passes over rows that the new table does not take.
    pub(in super::super) lenient: bool,
    /// Where the old table is named.
    pub(in super::super) span: Span,
}

/// The rebuild of a table in use that this DROP TABLE is a step of.
pub(in super::super) fn rebuild<'a>(cx: &Context<'a>) -> Option<Rebuild<'a>> {
    let Operation::Drop {
        kind: ObjectKind::Table,
        names,
        ..
    } = cx.operation
    else {
        return None;
    };
    let [dropped] = names.as_slice() else { return None };
    if cx.dialect != Dialect::Sqlite || cx.existing(dropped).is_none() {
        return None;
    }
    let before = 0..cx.at;
    let after = cx.at + 1..cx.all.len();
    // The old table may have been renamed away first, or the new one may be renamed into its place later.
    let away = cx
        .naming(&dropped.name, before.clone())
        .find_map(|operation| rename(operation, None, Some(&dropped.name)));
    let name = away.map_or(&*dropped.name, |(from, _)| &*from.name);
    let made = match cx
        .naming(name, after.clone())
        .find_map(|operation| rename(operation, None, Some(name)))
    {
        Some((from, _)) if away.is_none() => &*from.name,
        _ => name,
    };
    let tables = match made == name && away.is_none() {
        // The rows were put aside: what is made again comes after, and is filled again.
        true => after,
        false => before,
    };
    let table = cx.naming(made, tables).find_map(|operation| match operation {
        Operation::CreateTable(table) if table.name.name == made && !table.temporary => Some(&**table),
        _ => None,
    })?;
    let copies: Vec<_> = cx
        .texts
        .iter()
        .filter_map(|text| copied(text, cx.dialect))
        .collect();
    let copy = copies.iter().find(|copy| copy.into.name == made);
    if copy.is_none() && !matches!(table.source, TableSource::Query) {
        return None;
    }
    let old_key = cx.schema.resolve(Class::Relation, dropped);
    let old = cx.schema.table_at(&old_key).map(|table| &**table);
    // What comes from a table that was there before, and is not this one, says nothing of its columns.
    let of_it = |copy: &&Copied| {
        let made = |from: &str| {
            cx.all.iter().any(
                |operation| matches!(operation, Operation::CreateTable(table) if table.name.name == from),
            )
        };
        let from = copy.from.as_ref();
        from.is_none_or(|from| from.name == dropped.name || from.name == name || made(&from.name))
    };
    let columns_of = copy.filter(of_it);
    let mut renames = Vec::new();
    if let Some(values) = columns_of.and_then(|copy| copy.values.as_ref()) {
        let named: Vec<String> = match copy.and_then(|copy| copy.columns.clone()) {
            Some(columns) => columns,
            None => table
                .columns
                .iter()
                .map(|column| column.name.text.clone())
                .collect(),
        };
        for (to, value) in named.iter().zip(values) {
            let Shape::Column(from) = &value.shape else {
                continue;
            };
            let there = old.is_none_or(|old| !old.complete || old.column(from).is_some());
            if from != to && there && !table.columns.iter().any(|column| column.name.text == *from) {
                renames.push((from.clone(), to.clone()));
            }
        }
    }
    Some(Rebuild {
        key: Key {
            name: name.to_owned(),
            ..old_key
        },
        old,
        table,
        renames,
        filled: copy.and_then(|copy| copy.columns.clone()),
        crossed: columns_of.and_then(|copy| crossed(copy, old, table)),
        text: copy
            .filter(|copy| copy.from.as_ref().is_some_and(|from| from.name == dropped.name))
            .and_then(|copy| text(copy, old, table)),
        partial: copy
            .filter(|copy| !is_helped(cx, copy, &copies, table))
            .and_then(|copy| partial(copy, old)),
        lenient: copy.is_some_and(|copy| copy.lenient),
        span: dropped.span,
    })
}

/// Where this renames a table in use away whose name a later statement of the file takes for a new table: that name.
pub(in super::super) fn renamed_away<'a>(cx: &Context<'a>) -> Option<(Key, &'a Name)> {
    let (from, _) = rename(cx.operation, None, None)?;
    let key = cx.existing(from).filter(|_| cx.dialect == Dialect::Sqlite)?;
    let after = cx.at + 1..cx.all.len();
    let taken = cx.naming(&from.name, after).any(|operation| match operation {
        Operation::CreateTable(table) => table.name.name == from.name,
        _ => rename(operation, None, Some(&from.name)).is_some(),
    });
    taken.then_some((key, from))
}

fn rename<'a>(operation: &'a Operation, from: Option<&str>, to: Option<&str>) -> Option<(&'a Name, &'a str)> {
    let Operation::Alter {
        kind: ObjectKind::Table,
        name,
        actions,
        ..
    } = operation
    else {
        return None;
    };
    actions.iter().find_map(|action| match action {
        Action::RenameTo(target)
            if from.is_none_or(|from| name.name == from) && to.is_none_or(|to| target.text == to) =>
        {
            Some((name, target.text.as_str()))
        }
        _ => None,
    })
}

impl<'a> Rebuild<'a> {
    fn column(&self, name: &str) -> Option<&'a ColumnDef> {
        self.table.columns.iter().find(|column| column.name.text == name)
    }

    /// Whether a column of the new table is the number of its row, which SQLite gives where a build gives none.
    pub(in super::super) fn counts(&self, column: &ColumnDef) -> bool {
        let name = &column.name.text;
        let table = self.table.constraints.iter().chain(&column.constraints);
        let key = table.into_iter().any(|one| {
            matches!(&one.kind, ConstraintKind::PrimaryKey { columns, .. } if matches!(&columns[..], [only] if only.text == *name))
        });
        key && !self.table.without_rowid && column.ty.text.eq_ignore_ascii_case("integer")
    }

    fn is_renamed_from(&self, name: &str) -> bool {
        self.renames.iter().any(|(from, _)| from == name)
    }

    /// The columns that the new table lacks; none where its columns are those of a query.
    pub(in super::super) fn lost(&self) -> Vec<&'a str> {
        if self.table.columns.is_empty() {
            return Vec::new();
        }
        let columns = self.old.map(|old| &*old.columns).unwrap_or_default();
        let names = columns.iter().map(|column| column.name.as_str());
        names
            .filter(|name| self.column(name).is_none() && !self.is_renamed_from(name))
            .collect()
    }

    /// The columns of both tables, as they were and as they are.
    pub(in super::super) fn kept(&self) -> Vec<(&'a Column, &'a ColumnDef)> {
        let columns = self.old.map(|old| &*old.columns).unwrap_or_default();
        columns
            .iter()
            .filter_map(|old| self.column(&old.name).map(|new| (old, new)))
            .collect()
    }

    /// A column of both tables that the copy leaves out, so that its values are lost.
    pub(in super::super) fn left_out(&self) -> Option<&'a str> {
        let filled = self.filled.as_ref()?;
        let computed = |column: &ColumnDef| {
            matches!(
                column.generated,
                Some(Generated::Stored(_) | Generated::Virtual(_))
            )
        };
        let pairs = self.kept().into_iter();
        pairs
            .filter(|(old, new)| !computed(new) && old.generated.is_none())
            .map(|(old, _)| old.name.as_str())
            .find(|name| !filled.iter().any(|column| column == name))
    }

    /// The columns that only the new table has.
    pub(in super::super) fn added(&self) -> impl Iterator<Item = &'a ColumnDef> {
        let complete = self.old.filter(|old| old.complete);
        self.table.columns.iter().filter(move |column| {
            let name = &column.name.text;
            complete.is_some_and(|old| old.column(name).is_none())
                && !self.renames.iter().any(|(_, to)| to == name)
        })
    }

    /// Whether the new table takes no NULL in the column.
    pub(in super::super) fn is_required(&self, column: &ColumnDef) -> bool {
        column.not_null.is_some()
            || self.constraints().any(|one| match &one.kind {
                ConstraintKind::PrimaryKey { columns, .. } => columns.contains(&column.name),
                _ => false,
            })
    }

    /// Whether the new table refuses rows that the old one had; what is not known may be so.
    pub(in super::super) fn demands_more(&self) -> bool {
        let Some(old) = self.old.filter(|old| old.complete) else {
            return true;
        };
        let required = |(old_column, new): &(&Column, &ColumnDef)| {
            self.is_required(new) && !old.is_not_null(&old_column.name) && !self.counts(new)
        };
        let known = |columns: &[Word]| {
            let same = |names: &[String]| columns.iter().map(|column| &column.text).eq(names.iter());
            let keys = old.constraints.iter().any(|one| match &one.kind {
                ConstraintModel::PrimaryKey(names) | ConstraintModel::Unique(names) => same(names),
                _ => false,
            });
            keys || old
                .indexes
                .iter()
                .any(|index| index.unique && same(&index.columns))
        };
        let checked = |check: &Expr| {
            let mut checks = old.constraints.iter();
            checks.any(|one| matches!(&one.kind, ConstraintModel::Check(known) if known == check))
        };
        let demands = |one: &Constraint| match &one.kind {
            ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => {
                !known(columns)
            }
            ConstraintKind::Check(check) => !checked(check),
            _ => false,
        };
        self.kept().iter().any(required) || self.constraints().any(demands)
    }

    fn constraints(&self) -> impl Iterator<Item = &'a Constraint> {
        let inline = self.table.columns.iter().flat_map(|column| &column.constraints);
        inline.chain(&self.table.constraints)
    }

    /// The indexes over columns that are still there and that no later statement makes again.
    pub(in super::super) fn lost_indexes(&self, cx: &Context<'a>) -> Vec<&'a str> {
        let indexes = self.old.map(|old| old.indexes.as_slice()).unwrap_or_default();
        let lost = indexes.iter().filter(|index| {
            !index.constraint
                && !index.unique
                && self.has_all(&index.columns)
                && !self.is_made_again(cx, index)
        });
        lost.map(|index| index.name.as_str()).collect()
    }

    /// What keeps rows unique over columns that are still there and no longer does.
    pub(in super::super) fn lost_unique(&self, cx: &Context<'a>) -> Vec<String> {
        let indexes = self.old.map(|old| old.indexes.as_slice()).unwrap_or_default();
        let lost = indexes.iter().filter(|index| {
            let demanded = self.constraints().any(|one| match &one.kind {
                ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. } => {
                    columns.iter().map(|column| &column.text).eq(index.columns.iter())
                }
                _ => false,
            });
            index.unique && !demanded && self.has_all(&index.columns) && !self.is_made_again(cx, index)
        });
        lost.map(|index| match index.constraint {
            true => format!("UNIQUE ({})", index.columns.join(", ")),
            false => index.name.clone(),
        })
        .collect()
    }

    fn has_all(&self, columns: &[String]) -> bool {
        columns
            .iter()
            .all(|column| column.is_empty() || self.column(column).is_some())
    }

    /// Whether the file makes an index that does for what another one did.
    fn is_made_again(&self, cx: &Context<'a>, old: &TableIndex) -> bool {
        let (columns, name) = (&old.columns, &old.name);
        let tables = [&self.key.name, &self.table.name.name];
        cx.all.iter().any(|operation| match operation {
            Operation::CreateIndex(index) => {
                tables.contains(&&index.table.name)
                    && (index.unique || !old.unique)
                    && (index.columns == *columns
                        || index.name.as_ref().is_some_and(|made| made.name == *name))
            }
            _ => false,
        })
    }
}

/// The statements that rebuild a table as the model knows it, with what `change` makes of its columns and constraints;
/// none where the model does not know it whole.
pub(in super::super) fn rebuild_sql(
    cx: &Context<'_>,
    key: &Key,
    change: impl FnOnce(&mut TableModel),
) -> Option<String> {
    let old = cx.schema.table_at(key).filter(|table| table.complete)?;
    let mut new = (**old).clone();
    change(&mut new);
    rebuild_from(cx, key, old, &new)
}

/// The statements that rebuild a table from what it is to what it is to be.
pub(in super::super) fn rebuild_from(
    cx: &Context<'_>,
    key: &Key,
    old: &TableModel,
    new: &TableModel,
) -> Option<String> {
    // What a foreign key does on DELETE is not in the model, so it cannot be written again without a loss.
    if old
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintModel::ForeignKey(..)))
    {
        return None;
    }
    let made = made_name(&["new", &key.name]);
    let table = key.to_name();
    let mut lines: Vec<String> = new.columns.iter().map(|column| definition(column, new)).collect();
    lines.extend(
        new.constraints
            .iter()
            .filter(|one| !row_key(new, one))
            .filter_map(constraint),
    );
    let options = match (new.strict, new.without_rowid) {
        (true, true) => " STRICT, WITHOUT ROWID",
        (true, false) => " STRICT",
        (false, true) => " WITHOUT ROWID",
        (false, false) => "",
    };
    let copied = |column: &&Column| {
        old.column(&column.name).is_some()
            && !matches!(
                column.generated,
                Some(Generated::Stored(_) | Generated::Virtual(_))
            )
    };
    let columns: Vec<String> = new
        .columns
        .iter()
        .filter(copied)
        .map(|column| quote(&column.name))
        .collect();
    let columns = columns.join(", ");
    let mut sql = format!(
        "CREATE TABLE {made} (\n    {}\n){options};\n\
         INSERT INTO {made} ({columns}) SELECT {columns} FROM {table};\n\
         DROP TABLE {table};\n\
         ALTER TABLE {made} RENAME TO {};",
        lines.join(",\n    "),
        quote(&key.name)
    );
    for index in new.indexes.iter().filter(|index| !index.constraint) {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let condition = index
            .predicate
            .as_ref()
            .map_or_else(String::new, |text| format!(" WHERE {text}"));
        sql.push_str(&format!(
            "\nCREATE {unique}INDEX {} ON {table} {}{condition};",
            quote(&index.name),
            index.definition
        ));
    }
    for (_, _, body) in cx.schema.triggers().filter(|(_, of, _)| *of == key) {
        sql.push_str(&format!("\nCREATE TRIGGER {body};"));
    }
    Some(sql)
}

/// Whether a constraint is the key that is another name of the row's number, which stands at its column.
fn row_key(table: &TableModel, one: &crate::schema::TableConstraint) -> bool {
    match &one.kind {
        ConstraintModel::PrimaryKey(columns) => match columns.as_slice() {
            [only] => table
                .column(only)
                .and_then(|column| column.ty.as_ref())
                .is_some_and(|ty| ty.name == "integer"),
            _ => false,
        },
        _ => false,
    }
}

fn definition(column: &Column, table: &TableModel) -> String {
    let mut text = quote(&column.name);
    if let Some(ty) = column.ty.as_ref().filter(|ty| !ty.text.is_empty()) {
        text.push_str(&format!(" {}", ty.text));
    }
    if let Some(key) = table.constraints.iter().find(|one| row_key(table, one))
        && matches!(&key.kind, ConstraintModel::PrimaryKey(columns) if columns.contains(&column.name))
    {
        text.push_str(" PRIMARY KEY");
        if column.generated.is_some() {
            text.push_str(" AUTOINCREMENT");
        }
    } else if column.not_null {
        text.push_str(" NOT NULL");
    }
    if let Some(collation) = &column.collation {
        text.push_str(&format!(" COLLATE {collation}"));
    }
    if let Some(default) = &column.default {
        text.push_str(&format!(" DEFAULT {}", default.text));
    }
    match &column.generated {
        Some(Generated::Stored(value)) => {
            text.push_str(&format!(" GENERATED ALWAYS AS ({}) STORED", value.text))
        }
        Some(Generated::Virtual(value)) => {
            text.push_str(&format!(" GENERATED ALWAYS AS ({}) VIRTUAL", value.text))
        }
        _ => {}
    }
    text
}

fn constraint(one: &crate::schema::TableConstraint) -> Option<String> {
    let list = |columns: &[String]| {
        columns
            .iter()
            .map(|name| quote(name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = match one.generated_name {
        true => String::new(),
        false => format!("CONSTRAINT {} ", quote(&one.name)),
    };
    let text = match &one.kind {
        ConstraintModel::Check(check) => format!("CHECK ({})", check.text),
        ConstraintModel::Unique(columns) => format!("UNIQUE ({})", list(columns)),
        ConstraintModel::PrimaryKey(columns) => format!("PRIMARY KEY ({})", list(columns)),
        ConstraintModel::ForeignKey(..) | ConstraintModel::NotNull(_) | ConstraintModel::Exclude => {
            return None;
        }
    };
    Some(format!("{name}{text}"))
}
