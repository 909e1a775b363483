//! `enum-add-value-in-transaction`.

use super::prelude::*;

pub(super) static RULE: Rule = Rule::new(
    "enum-add-value-in-transaction",
    "A new enum value is added, or used, where the transaction does not allow it.",
    Severity::Error,
    Allowed::Never,
    include_str!("enum_add_value_in_transaction.md"),
    check,
);

fn check(cx: &Context<'_>, out: &mut Findings<'_>) {
    let Operation::AlterType { name, change: TypeChange::AddValue { value, .. } } = cx.operation else { return };
    let key = cx.schema.resolve(Class::Type, name);
    let made_here = cx.schema.get(&key).is_some_and(|object| object.origin() == Origin::Draft(cx.index));
    if !cx.transaction.open && !cx.nested {
        return;
    }
    // Other tools run a file of one such statement as it is.
    let settings = |(at, operation): (usize, &Operation)| at == cx.at || matches!(operation, Operation::Set { .. });
    let apart = cx.layout == Layout::Plain && cx.all.iter().enumerate().all(settings);
    let written = format!("'{}'", value.replace('\'', "''"));
    if !cx.at_least(12) && !made_here && !apart {
        out.report(cx.whole(), "before PostgreSQL 12 an enum value cannot be added in a transaction")
            .breaks("the migration: the server refuses the statement")
            .help(match cx.layout {
                Layout::Native => "put it alone into a file with `-- migrate:transaction off`".to_owned(),
                layout => self::apart(layout),
            })
            .steps(Phase::Expand, format!("{};", cx.sql));
    } else if !(made_here && cx.at_least(17)) && uses(cx, &key, &written) {
        out.report(cx.whole(), format!("{written} is used in the transaction that adds it"))
            .breaks("the migration: unsafe use of new value of enum type")
            .help("put it into a file of its own, before this one")
            .file(Phase::Expand, format!("{};", cx.sql));
    }
}

/// Whether a later statement of the transaction may read the text as a value of the enum.
fn uses(cx: &Context<'_>, key: &Key, written: &str) -> bool {
    let later = cx.later_in_transaction().iter().zip(cx.later_texts());
    let named_later = later.clone().any(|(operation, text)| names(key, operation, text));
    later.filter(|(_, text)| text.contains(written)).any(|(operation, text)| match operation {
        _ if is_label(operation) || !may_hold(cx, key, operation, text, written) => false,
        // What a body in another language than SQL says is read when it is called.
        Operation::CreateFunction { signature: Some(signature), .. } => signature.inlined,
        Operation::Data { writes, .. } => {
            // Plain rows of a table that has no column of the enum hold it as another type.
            let elsewhere = |write: &Write| {
                let table = cx.schema.table(&write.table).filter(|table| table.complete);
                let another = |column: &Column| column.ty.as_ref().is_some_and(|ty| ty.name != key.name);
                write.kind == WriteKind::Insert
                    && !write.bulk
                    && table.is_some_and(|table| table.columns.iter().all(another))
            };
            writes.is_empty() || !writes.iter().all(elsewhere) || text.contains(&*key.name)
        }
        Operation::Alter { name, .. } => named_later || reads(cx, key, Some(name), text),
        Operation::CreateIndex(index) => named_later || reads(cx, key, Some(&index.table), text),
        Operation::CreateTable(_) => named_later || reads(cx, key, None, text),
        _ => !text.trim_start().get(..7).is_some_and(|word| word.eq_ignore_ascii_case("comment")),
    })
}

/// Whether what it says in quotes is the name of a value, of this enum or of another.
fn is_label(operation: &Operation) -> bool {
    matches!(operation, Operation::AlterType { .. } | Operation::CreateType { .. })
}

/// Whether a statement has a column of the enum, or casts to it.
fn names(key: &Key, operation: &Operation, text: &str) -> bool {
    let of_it = |ty: &Type| ty.name == key.name;
    let defines = match operation {
        operation if is_label(operation) => return false,
        Operation::CreateTable(table) => table.columns.iter().any(|column| of_it(&column.ty)),
        Operation::Alter { actions, .. } => actions.iter().any(|action| match action {
            Action::AddColumn { column, .. } => of_it(&column.ty),
            Action::AlterColumn { change: ColumnChange::Type { ty, .. }, .. } => of_it(ty),
            _ => false,
        }),
        _ => false,
    };
    let words = words(text);
    let is_type = |word: &String| word.trim_matches('"').eq_ignore_ascii_case(&key.name);
    defines || words.windows(2).any(|pair| matches!(pair, [sign, ty] if (sign == "::" || sign == "as") && is_type(ty)))
}

/// Whether a definition may compare something with the enum that does not name it: a column of it, other than as text.
fn reads(cx: &Context<'_>, key: &Key, table: Option<&Name>, text: &str) -> bool {
    let made_later = |name: &Name| {
        cx.later_in_transaction().iter().any(|operation| {
            matches!(operation, Operation::CreateTable(table) if table.name.name == name.name && !table.if_not_exists)
        })
    };
    let of_unknown = |name: &Name| match cx.schema.table(name) {
        Some(table) => !table.complete,
        None => !made_later(name),
    };
    if cx.schema.get(key).is_none() || table.is_some_and(of_unknown) {
        return true;
    }
    let words = words(text);
    let columns = cx.schema.tables().flat_map(|(_, table)| &table.columns);
    let mut of_it = columns.filter(|column| column.ty.as_ref().is_none_or(|ty| ty.name == key.name));
    of_it.any(|column| {
        let named = |word: &String| word.trim_matches('"').eq_ignore_ascii_case(&column.name);
        words.iter().enumerate().any(|(at, word)| named(word) && !is_cast_to_text(&words[at + 1..]))
    })
}

/// Whether a cast to text follows, behind parentheses that only group.
fn is_cast_to_text(rest: &[String]) -> bool {
    let mut rest = rest.iter().skip_while(|word| *word == ")");
    rest.next().is_some_and(|word| word == "::")
        && rest.next().is_some_and(|word| ["text", "varchar", "character"].contains(&word.as_str()))
}

/// Whether a column of the enum, or a cast to it, is anywhere near the text.
fn may_hold(cx: &Context<'_>, key: &Key, operation: &Operation, text: &str, written: &str) -> bool {
    let named = |text: &str| contains_word(&text.to_lowercase(), &key.name.to_lowercase());
    match operation {
        // What a body does in another language than SQL is read when it runs.
        Operation::CreateFunction { signature: Some(signature), .. } if !signature.inlined => {
            let body = find_word(text, "as").unwrap_or(text.len());
            text[..body].contains(written)
        }
        // A text in a table that has no column of the enum is of another type, unless it is cast.
        _ => match tables(operation) {
            Tables::All(tables) => named(text) || tables.into_iter().any(|table| holds(cx, table, key)),
            Tables::Unknown => true,
            Tables::No => false,
        },
    }
}

/// The tables whose columns a statement can hold against a text.
enum Tables<'a> {
    No,
    All(Vec<&'a Name>),
    Unknown,
}

fn tables(operation: &Operation) -> Tables<'_> {
    Tables::All(match operation {
        Operation::Data { writes, reads, .. } => {
            // What MERGE reads is not told.
            if writes.iter().any(|write| write.kind == WriteKind::Merge) {
                return Tables::Unknown;
            }
            writes.iter().map(|write| &write.table).chain(&reads.tables).collect()
        }
        Operation::Alter { kind: ObjectKind::Table, name, .. } => vec![name],
        Operation::CreateTable(table) if matches!(table.source, TableSource::None | TableSource::Query) => table.reads.tables.iter().collect(),
        Operation::CreateView(view) => view.reads.tables.iter().collect(),
        Operation::CreateIndex(index) => vec![&index.table],
        Operation::Mention(_) => return Tables::No,
        _ => return Tables::Unknown,
    })
}

/// Whether a table may have a column of the enum.
fn holds(cx: &Context<'_>, table: &Name, key: &Key) -> bool {
    let of_enum = |column: &Column| match &column.ty {
        Some(ty) => domain(cx, ty).map_or(*ty.name == key.name, |(base, _)| base.name == key.name),
        None => true,
    };
    match cx.schema.table(table).filter(|table| table.complete) {
        Some(table) => table.columns.iter().any(of_enum),
        None => true,
    }
}
