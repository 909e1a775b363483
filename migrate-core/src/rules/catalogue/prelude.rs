//! What the rules share.

mod gone;
mod moved;
mod mysql;
mod partition;
mod rebuild;
mod retype;
mod view;

pub(super) use super::super::builtin::{is_sure_to_vary, volatile_call};
pub(super) use super::super::change::{Change, base, may_write};
pub(super) use super::super::context::Altered;
pub(super) use super::super::effect::{Effect, Work, effects};
pub(super) use super::super::finding::Finding;
pub(super) use super::super::online::{Cost, Why, copies_online, is_guarded, judged, written};
pub(super) use super::super::steps::{backfill, list, made_name, not_null};
pub(super) use super::super::{
    Allowed, Context, EVERYWHERE, Findings, MYSQL, Rule, SERVERS, SQLITE, TRANSACTIONAL,
};
pub(super) use crate::diagnostic::{Severity, slip};
pub(super) use crate::model::{Dialect, Layout, Phase, ServerVersion, TransactionMode};
pub(super) use crate::schema::{
    Class, Column, ConstraintModel, Key, Object, Origin, TableConstraint, TableIndex, TableKind, TableModel,
};
pub(super) use crate::sql::{
    Action, Algorithm, AttributeChange, Attributes, Bound, ColumnChange, ColumnDef, Constraint,
    ConstraintKind, DomainChange, Expr, Filter, Generated, Index, IndexKind, LockMode, Name, ObjectKind,
    Operation, Parsed, Shape, Span, TableLock, TableOption, TableSource, Type, TypeChange, View, Word, Write,
    WriteKind, quote, words,
};
pub(super) use gone::{dropped, lost_column, renamed};
pub(super) use moved::{Moved, held};
pub(super) use mysql::{
    asks_for_copy, beside, clause_span, copied, redefined, report, table_of, with_clause, written_name,
};
pub(super) use partition::{bound_condition, implies_bound};
pub(super) use rebuild::{Rebuild, rebuild, rebuild_from, rebuild_sql, renamed_away};
pub(super) use retype::free_change;
pub(super) use view::{moved_view_keeps, view_keeps};

/// What is picked of the actions on a table in use, each with the table.
fn picked<'a, T>(
    cx: &Context<'a>,
    pick: impl Fn(&Altered<'a>, &'a Action) -> Option<T>,
) -> impl Iterator<Item = (Altered<'a>, T)> {
    let altered = cx.altered();
    let actions = altered
        .as_ref()
        .map(|altered| altered.actions)
        .unwrap_or_default();
    actions.iter().filter_map(move |action| {
        let altered = altered.as_ref()?;
        let picked = pick(altered, action)?;
        Some((altered.clone(), picked))
    })
}

/// The columns that are added to a table in use, those aside that are there already.
pub(super) fn added_columns<'a>(cx: &Context<'a>) -> impl Iterator<Item = (Altered<'a>, &'a ColumnDef)> {
    picked(cx, |altered, action| {
        let Action::AddColumn {
            column,
            if_not_exists,
        } = action
        else {
            return None;
        };
        let there = *if_not_exists
            && altered
                .table
                .is_some_and(|table| table.column(&column.name.text).is_some());
        (!there).then_some(&**column)
    })
}

/// How a statement that may not run in a transaction is written for another tool.
pub(super) fn apart(layout: Layout) -> String {
    let way = crate::script::outside::outside(layout);
    match layout {
        Layout::Native | Layout::Plain => way.to_owned(),
        // It has to be run by hand, or by this library after `adopt`.
        Layout::Refinery => format!("{way}: it opens a transaction for every file"),
        _ => format!("move it to a file of its own, and {way}"),
    }
}

/// An identifier that is written nowhere.
pub(super) fn word(text: &str) -> Word {
    Word {
        text: text.to_owned(),
        span: Span::default(),
    }
}

/// What a change of the schema locks, where it takes a moment only.
pub(super) fn brief_lock(cx: &Context<'_>, table: &impl std::fmt::Display) -> String {
    match cx.dialect {
        Dialect::Sqlite => "the database, until the file commits: nobody else writes it".to_owned(),
        _ => format!("{} on {table}, for a moment", strongest(cx)),
    }
}

/// The constraints that are added to a table in use, those at new columns aside.
pub(super) fn added_constraints<'a>(cx: &Context<'a>) -> impl Iterator<Item = (Altered<'a>, &'a Constraint)> {
    picked(cx, |_, action| match action {
        Action::AddConstraint(constraint) => Some(&**constraint),
        _ => None,
    })
}

/// The columns whose type is changed in a table in use: table, column, new type, USING, place.
pub(super) fn retyped<'a>(
    cx: &Context<'a>,
) -> impl Iterator<Item = (Altered<'a>, &'a Word, &'a Type, Option<&'a Expr>, Span)> {
    let retyped = picked(cx, |_, action| match action {
        Action::AlterColumn {
            column,
            change: ColumnChange::Type { ty, using, .. },
            span,
        } => Some((column, ty, using.as_ref(), *span)),
        _ => None,
    });
    retyped.map(|(altered, (column, ty, using, span))| (altered, column, ty, using, span))
}

/// The columns a statement makes, of new tables and old ones.
pub(super) fn new_columns<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a ColumnDef> {
    let (columns, actions): (&[ColumnDef], &[Action]) = match cx.operation {
        Operation::CreateTable(table) if !table.temporary => (&table.columns, &[]),
        Operation::Alter {
            kind: ObjectKind::Table,
            actions,
            ..
        } => (&[], actions),
        _ => (&[], &[]),
    };
    let added = actions.iter().filter_map(|action| match action {
        Action::AddColumn { column, .. } => Some(&**column),
        _ => None,
    });
    columns.iter().chain(added)
}

/// The tables in use that the foreign keys of a statement refer to, itself aside.
pub(in super::super) fn new_parents(cx: &Context<'_>) -> Vec<(Span, Key)> {
    let (name, constraints): (&Name, Vec<&Constraint>) = match cx.operation {
        Operation::CreateTable(table) => {
            let inline = table.columns.iter().flat_map(|column| &column.constraints);
            (&table.name, inline.chain(&table.constraints).collect())
        }
        Operation::Alter {
            kind: ObjectKind::Table,
            name,
            actions,
            ..
        } => {
            let constraints = actions.iter().flat_map(|action| match action {
                Action::AddColumn { column, .. } => column.constraints.iter().collect(),
                Action::AddConstraint(constraint) => vec![&**constraint],
                _ => Vec::new(),
            });
            (name, constraints.collect())
        }
        _ => return Vec::new(),
    };
    let own = cx.schema.resolve(Class::Relation, name);
    let parents = constraints
        .into_iter()
        .filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(foreign) => cx
                .existing(&foreign.parent)
                .filter(|parent| *parent != own)
                .map(|parent| (constraint.span, parent)),
            _ => None,
        });
    parents.collect()
}

/// The type under a domain and whether the domain has a constraint, where the type is a known domain.
pub(super) fn domain(cx: &Context<'_>, ty: &Type) -> Option<(Type, bool)> {
    let name = Name {
        schema: ty.schema.clone(),
        ..Name::plain(&*ty.name)
    };
    match cx.schema.get(&cx.schema.resolve(Class::Type, &name)) {
        Some(Object::Domain {
            base, constrained, ..
        }) if !ty.array => {
            let under = domain(cx, base).map_or_else(|| base.clone(), |(base, _)| base);
            Some((under, *constrained))
        }
        _ => None,
    }
}

/// The default that a column has of its type, where that is a known domain.
pub(super) fn domain_default<'a>(cx: &Context<'a>, ty: &Type) -> Option<&'a Expr> {
    let name = Name {
        schema: ty.schema.clone(),
        ..Name::plain(&*ty.name)
    };
    match cx.schema.get(&cx.schema.resolve(Class::Type, &name)) {
        Some(Object::Domain { default, .. }) if !ty.array => default.as_deref(),
        _ => None,
    }
}

/// The lock under which the server changes what a table is.
pub(super) const fn strongest(cx: &Context<'_>) -> &'static str {
    match cx.dialect {
        Dialect::Mysql | Dialect::MariaDb => "an exclusive metadata lock",
        _ => "ACCESS EXCLUSIVE",
    }
}

/// Whether rows that exist get a value other than NULL.
pub(super) fn has_value(column: &ColumnDef) -> bool {
    column
        .default
        .as_ref()
        .is_some_and(|value| value.shape != Shape::Null)
        || column.generated.is_some()
        || column.ty.is_serial()
}

/// The name of a constraint, or one made of the parts.
pub(super) fn constraint_name(constraint: &Constraint, parts: &[&str]) -> String {
    match &constraint.name {
        Some(name) => name.to_string(),
        None => made_name(parts),
    }
}

/// The definition of a column as written, without one of its constraints.
pub(super) fn without(cx: &Context<'_>, column: &ColumnDef, constraint: &Constraint) -> String {
    let start = column.name.span.start;
    let before = cx
        .text(Span {
            start,
            end: constraint.span.start,
        })
        .trim_end();
    let after = cx
        .text(Span {
            start: constraint.span.end,
            end: column.span.end,
        })
        .trim();
    format!("{before} {after}").trim_end().to_owned()
}

/// A constraint as written, under a name.
pub(super) fn named(cx: &Context<'_>, constraint: &Constraint, name: &str) -> String {
    let text = cx.text(constraint.span).trim();
    match constraint.name {
        Some(_) => text.to_owned(),
        None => format!("CONSTRAINT {name} {text}"),
    }
}

/// What follows from a word of a constraint on, as written; empty where the word does not stand there.
pub(super) fn from_word<'a>(cx: &Context<'a>, constraint: &Constraint, word: &str) -> &'a str {
    let text = cx.text(constraint.span);
    find_word(text, word).map_or("", |at| text[at..].trim())
}

/// The statement that adds the columns which an ALTER adds beside a constraint.
pub(super) fn columns_beside(cx: &Context<'_>, altered: &Altered<'_>) -> Option<String> {
    let columns: Vec<&str> = altered
        .actions
        .iter()
        .filter_map(|action| match action {
            Action::AddColumn { column, .. } => Some(cx.text(column.span)),
            _ => None,
        })
        .collect();
    (!columns.is_empty()).then(|| format!("ALTER TABLE {} {};", altered.key, columns.join(", ")))
}

/// What an index needs beside its columns for a key with these words, and what the constraint that takes it over keeps.
pub(super) fn key_options(cx: &Context<'_>, constraint: &Constraint) -> (String, String) {
    let include = from_word(cx, constraint, "include");
    let include = include.find(')').map_or("", |end| &include[..=end]);
    let spaced = |text: &str| {
        if text.is_empty() {
            String::new()
        } else {
            format!(" {text}")
        }
    };
    let nulls = match from_word(cx, constraint, "nulls")
        .to_lowercase()
        .starts_with("nulls not")
    {
        true => " NULLS NOT DISTINCT",
        false => "",
    };
    let deferrable = match contains_word(cx.text(constraint.span), "not deferrable") {
        true => "",
        false => from_word(cx, constraint, "deferrable"),
    };
    (format!("{}{nulls}", spaced(include)), spaced(deferrable))
}

/// Where a word starts in a text, whatever its case.
pub(super) fn find_word(text: &str, word: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let part = |character: char| character.is_alphanumeric() || character == '_';
    lower.match_indices(word).map(|(at, _)| at).find(|at| {
        !lower[..*at].chars().next_back().is_some_and(part)
            && !lower[at + word.len()..].chars().next().is_some_and(part)
    })
}

/// Whether what a PRAGMA is set to says yes.
pub(super) fn is_on(value: &str) -> bool {
    matches!(value, "on" | "1" | "true" | "yes")
}

/// Whether a word stands in a text.
pub(super) fn contains_word(text: &str, word: &str) -> bool {
    find_word(text, &word.to_ascii_lowercase()).is_some()
}

/// Whether a constraint that the model does not know sounds like a foreign key.
pub(super) fn looks_like_foreign_key(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with("_fkey") || name.ends_with("_fk") || name.starts_with("fk_") || name.contains("foreign")
}

/// Whether a constraint that the model does not know sounds like a key.
pub(super) fn looks_unique(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with("_key")
        || name.ends_with("_pkey")
        || name.contains("uniq")
        || name.starts_with("uq_")
        || name.ends_with("_uq")
        || name.starts_with("pk_")
}

/// Whether TRUNCATE has emptied a table and keeps everybody out of it until the transaction ends.
pub(super) fn is_emptied(cx: &Context<'_>, key: &Key) -> bool {
    let before = cx.all.get(..cx.at).unwrap_or_default();
    let ends =
        |operation: &Operation| matches!(operation, Operation::Commit { .. } | Operation::Rollback { .. });
    let start = before.iter().rposition(ends).map_or(0, |at| at + 1);
    cx.transaction.open
        && cx.dialect == Dialect::Postgres
        && before[start..].iter().any(|operation| match operation {
            Operation::Truncate { tables, .. } => tables
                .iter()
                .any(|table| cx.schema.resolve(Class::Relation, table) == *key),
            _ => false,
        })
}
