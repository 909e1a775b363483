//! How MySQL and MariaDB do each action of an ALTER TABLE: the cheapest algorithm that they accept for it.
//!
//! What is said of MariaDB was run on 10.11, and `tests/mysql_server.rs` runs it again; what is said of MySQL is
//! what its manual documents for 8.0.

mod redefine;

use super::Context;
use super::context::Altered;
use crate::model::{Dialect, ServerVersion};
use crate::schema::TableModel;
use crate::sql::{
    Action, Algorithm, ColumnDef, ConstraintKind, Expr, Generated, Index, IndexKind, Name, Online, Operation,
    Span, TableLock, TableOption,
};

/// What an action costs, the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cost {
    /// Only what is written down about the table changes.
    Instant,
    /// No row is written again, and everybody goes on.
    Nocopy,
    /// The table is built anew while everybody goes on.
    Rebuild,
    /// Nobody writes meanwhile.
    Shared,
    /// Every row is copied, and nobody writes meanwhile.
    Copy,
}

impl Cost {
    /// The algorithm that has to be allowed.
    pub(crate) fn algorithm(self, dialect: Dialect) -> Algorithm {
        match self {
            Cost::Instant => Algorithm::Instant,
            Cost::Nocopy if dialect == Dialect::MariaDb => Algorithm::Nocopy,
            Cost::Nocopy | Cost::Rebuild | Cost::Shared => Algorithm::Inplace,
            Cost::Copy => Algorithm::Copy,
        }
    }
}

/// What makes an action cost more than a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It costs a moment, or the index that it builds.
    Nothing,
    /// The version is too old for a change that takes a moment.
    Version,
    /// The column gets its place in the middle, or several move.
    Place,
    /// Another type.
    Type,
    /// A varchar across 255 bytes.
    Length,
    /// Values of an ENUM or SET that move.
    Values,
    /// Another character set or collation.
    Charset,
    /// NULL or NOT NULL.
    Null,
    /// A foreign key.
    Reference,
    /// A CHECK.
    Check,
    /// A generated column that is stored.
    Stored,
    /// A default that differs from row to row.
    Default,
    /// The primary key.
    Key,
    /// AUTO_INCREMENT.
    Counter,
    /// A full-text or spatial index to build.
    FullText,
    /// A full-text index that the table has.
    HasFullText,
    /// A generated column that the table has.
    HasVirtual,
    /// Rows that are stored compressed.
    Compressed,
    /// Another engine.
    Engine,
    /// A table option.
    Option(&'static str),
    /// What the column was is not known.
    Unknown,
}

/// One action and what it costs.
#[derive(Clone, Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) span: Span,
    pub(crate) cost: Cost,
    pub(crate) why: Why,
    pub(crate) action: What<'a>,
}

/// What was judged.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What<'a> {
    Action(&'a Action),
    Index,
}

/// The actions of a statement on a table in use, and what each costs.
pub(crate) fn judged<'a>(cx: &Context<'a>) -> Vec<Judged<'a>> {
    if let Operation::CreateIndex(index) = cx.operation {
        let exists = |table: &TableModel| {
            let named = index.name.as_ref();
            index.if_not_exists
                && table
                    .indexes
                    .iter()
                    .any(|known| named.is_some_and(|name| name.name == known.name))
        };
        return match cx.existing(&index.table) {
            Some(key) if !cx.schema.table_at(&key).is_some_and(|table| exists(table)) => {
                let (cost, why) = index_cost(index);
                vec![Judged {
                    span: index.span,
                    cost,
                    why,
                    action: What::Index,
                }]
            }
            _ => Vec::new(),
        };
    }
    let Some(altered) = cx.altered() else {
        return Vec::new();
    };
    let one = |action: &'a Action| {
        let (span, cost, why) = action_cost(cx, &altered, action)?;
        Some(Judged {
            span,
            cost,
            why,
            action: What::Action(action),
        })
    };
    let mut found: Vec<Judged<'a>> = altered.actions.iter().filter_map(one).collect();
    together(&altered, &mut found);
    found
}

/// What actions cost that are cheap alone and not in one statement.
///
/// With an index to build the server works in place, and then a column that comes or goes takes every row along. A
/// virtual column is only added beside nothing else that is new.
fn together(altered: &Altered<'_>, found: &mut [Judged<'_>]) {
    let built: Vec<&str> = altered
        .actions
        .iter()
        .flat_map(|action| match action {
            Action::AddIndex(index) => index.columns.iter().map(String::as_str).collect(),
            Action::AddConstraint(constraint) => match &constraint.kind {
                ConstraintKind::Unique { columns, .. } => {
                    columns.iter().map(|column| &*column.text).collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        })
        .collect();
    let is_virtual = |column: &ColumnDef| matches!(column.generated, Some(Generated::Virtual(_)));
    let stores = altered
        .actions
        .iter()
        .any(|action| matches!(action, Action::AddColumn { column, .. } if !is_virtual(column)));
    for judged in found.iter_mut().filter(|judged| judged.cost < Cost::Rebuild) {
        let (cost, why) = match judged.action {
            What::Action(Action::AddColumn { column, .. }) if is_virtual(column) => {
                if built.contains(&&*column.name.text) {
                    (Cost::Shared, Why::HasVirtual)
                } else if stores {
                    (Cost::Copy, Why::HasVirtual)
                } else {
                    continue;
                }
            }
            What::Action(Action::AddColumn { .. } | Action::DropColumn { .. }) if !built.is_empty() => {
                (Cost::Rebuild, Why::Key)
            }
            _ => continue,
        };
        (judged.cost, judged.why) = (cost, why);
    }
}

/// ALGORITHM and LOCK as the statement has them.
pub(crate) fn written(cx: &Context<'_>) -> Online {
    match cx.operation {
        Operation::CreateIndex(index) => index.online,
        Operation::Alter { actions, .. } => actions
            .iter()
            .find_map(|action| match action {
                Action::Online(online) => Some(*online),
                _ => None,
            })
            .unwrap_or_default(),
        _ => Online::default(),
    }
}

/// Whether the server would refuse the statement rather than keep writers out.
pub(crate) fn is_guarded(online: Online) -> bool {
    online
        .algorithm
        .is_some_and(|algorithm| algorithm < Algorithm::Copy)
        && (online.lock == Some(TableLock::None) || online.algorithm <= Some(Algorithm::Nocopy))
}

/// Whether a copy goes on while others write, which MariaDB 11.2 learnt.
pub(crate) fn copies_online(cx: &Context<'_>) -> bool {
    cx.dialect == Dialect::MariaDb && cx.since >= ServerVersion::new(11, 2, 0)
}

fn is_mariadb(cx: &Context<'_>) -> bool {
    cx.dialect == Dialect::MariaDb
}

/// Whether the oldest server has what MySQL has since `8.0.patch` and MariaDB since `10.minor`.
fn has(cx: &Context<'_>, mysql_patch: u32, mariadb_minor: u32) -> bool {
    let wanted = match is_mariadb(cx) {
        true => ServerVersion::new(10, mariadb_minor, 0),
        false => ServerVersion::new(8, 0, mysql_patch),
    };
    // Who writes 8.0 means what everybody runs; only its first release lacks what 8.0.12 brought.
    cx.since >= wanted || (!is_mariadb(cx) && mysql_patch <= 12 && cx.since >= ServerVersion::new(8, 0, 0))
}

fn index_cost(index: &Index) -> (Cost, Why) {
    match index.kind {
        IndexKind::Plain => (Cost::Nocopy, Why::Nothing),
        _ => (Cost::Shared, Why::FullText),
    }
}

fn action_cost(cx: &Context<'_>, altered: &Altered<'_>, action: &Action) -> Option<(Span, Cost, Why)> {
    let table = altered.table;
    Some(match action {
        Action::AddColumn {
            column,
            if_not_exists,
        } => {
            let there = table.is_some_and(|table| table.column(&column.name.text).is_some());
            if there && *if_not_exists {
                return None;
            }
            let (cost, why) = added_column(cx, altered, column);
            (column.span, cost, why)
        }
        Action::DropColumn { column, .. } => {
            let (cost, why) = dropped_column(cx, altered, &column.text);
            (column.span, cost, why)
        }
        Action::RenameColumn(from, _) => (from.span, Cost::Instant, Why::Nothing),
        Action::Redefine {
            column,
            definition,
            span,
            ..
        } => {
            let (cost, why) = redefine::cost(cx, table, &column.text, definition);
            (*span, cost, why)
        }
        Action::AddConstraint(constraint) => {
            let (cost, why) = match &constraint.kind {
                ConstraintKind::Check(_) if constraint.not_valid => (Cost::Instant, Why::Nothing),
                ConstraintKind::Check(_) => (Cost::Copy, Why::Check),
                ConstraintKind::ForeignKey(_) if checks_foreign_keys(cx, altered) => {
                    (Cost::Copy, Why::Reference)
                }
                ConstraintKind::PrimaryKey { .. } => (Cost::Rebuild, Why::Key),
                _ => (Cost::Nocopy, Why::Nothing),
            };
            (constraint.span, cost, why)
        }
        Action::DropPrimaryKey(span) => {
            let again = altered.actions.iter().any(is_new_key);
            let cost = if again { Cost::Rebuild } else { Cost::Copy };
            (*span, cost, Why::Key)
        }
        Action::AddIndex(index) => {
            let exists = index.name.as_ref().is_some_and(|name| {
                table.is_some_and(|table| table.indexes.iter().any(|known| known.name == name.name))
            });
            if exists && index.if_not_exists {
                return None;
            }
            let (cost, why) = index_cost(index);
            (index.span, cost, why)
        }
        Action::DropIndex { name, .. } => (name.span, Cost::Nocopy, Why::Nothing),
        Action::Option(option, span) => {
            let (cost, why) = option_cost(cx, table, option)?;
            (*span, cost, why)
        }
        _ => return None,
    })
}

fn is_new_key(action: &Action) -> bool {
    match action {
        Action::AddConstraint(one) => matches!(one.kind, ConstraintKind::PrimaryKey { .. }),
        Action::AddColumn { column, .. } => has_key(column),
        _ => false,
    }
}

fn has_key(column: &ColumnDef) -> bool {
    column
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::PrimaryKey { .. }))
}

fn checks_foreign_keys(cx: &Context<'_>, altered: &Altered<'_>) -> bool {
    let unchecked = |action: &Action| matches!(action, Action::Unchecked);
    cx.schema.checks_foreign_keys() && !altered.actions.iter().any(unchecked)
}

fn added_column(cx: &Context<'_>, altered: &Altered<'_>, column: &ColumnDef) -> (Cost, Why) {
    let mariadb = is_mariadb(cx);
    let references = column
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::ForeignKey(_)));
    // MySQL read REFERENCES at a column and made nothing of it until 9.0.
    let makes_key = references && (mariadb || cx.since >= ServerVersion::new(9, 0, 0));
    if makes_key && checks_foreign_keys(cx, altered) {
        return (Cost::Copy, Why::Reference);
    }
    if matches!(column.generated, Some(Generated::Stored(_))) {
        return (Cost::Copy, Why::Stored);
    }
    if column
        .default
        .as_ref()
        .is_some_and(|value| differs_by_row(cx, value))
    {
        return (Cost::Copy, Why::Default);
    }
    if column.attributes.auto_increment {
        return (Cost::Shared, Why::Counter);
    }
    let table = altered.table;
    let is_virtual = matches!(column.generated, Some(Generated::Virtual(_)));
    if is_virtual && !column.placed {
        return (Cost::Instant, Why::Nothing);
    }
    let has_virtual = table.is_some_and(has_virtual);
    let drops = altered
        .actions
        .iter()
        .any(|action| matches!(action, Action::DropColumn { .. }));
    if mariadb && has_virtual && (column.placed || drops) {
        return (Cost::Copy, Why::HasVirtual);
    }
    if mariadb && table.is_some_and(has_indexed_virtual) {
        return (Cost::Shared, Why::HasVirtual);
    }
    if table.is_some_and(has_full_text) {
        return (Cost::Shared, Why::HasFullText);
    }
    if has_key(column) {
        return (Cost::Rebuild, Why::Key);
    }
    if table.is_some_and(|table| table.compressed) {
        return (Cost::Rebuild, Why::Compressed);
    }
    let unique = column
        .constraints
        .iter()
        .any(|one| matches!(one.kind, ConstraintKind::Unique { .. }));
    if unique || makes_key {
        return (Cost::Rebuild, Why::Key);
    }
    match column.placed && !is_last(altered, column) {
        true if !has(cx, 29, 4) => (Cost::Rebuild, Why::Version),
        false if !has(cx, 12, 3) => (Cost::Rebuild, Why::Version),
        _ => (Cost::Instant, Why::Nothing),
    }
}

/// Whether AFTER names the column that is the last one anyway.
fn is_last(altered: &Altered<'_>, column: &ColumnDef) -> bool {
    let (Some(table), Some(after)) = (altered.table.filter(|table| table.complete), &column.after) else {
        return false;
    };
    let mut last = table.columns.last().map(|column| &*column.name);
    for action in altered.actions {
        match action {
            Action::AddColumn { column: added, .. } if added.name == column.name => break,
            Action::AddColumn { column: added, .. } => {
                let behind = added
                    .after
                    .as_ref()
                    .is_some_and(|after| last == Some(&*after.text));
                if behind || !added.placed {
                    last = Some(&added.name.text);
                }
            }
            Action::DropColumn { .. } | Action::Redefine { .. } => return false,
            _ => {}
        }
    }
    last == Some(&*after.text)
}

fn dropped_column(cx: &Context<'_>, altered: &Altered<'_>, column: &str) -> (Cost, Why) {
    let known = altered.table.and_then(|table| table.column(column));
    if known.is_some_and(|column| matches!(column.generated, Some(Generated::Virtual(_)))) {
        return (Cost::Nocopy, Why::Nothing);
    }
    let Some(table) = altered.table else {
        return match has(cx, 29, 4) {
            true => (Cost::Instant, Why::Nothing),
            false => (Cost::Rebuild, Why::Version),
        };
    };
    let own_full_text = |index: &&crate::schema::TableIndex| index.kind == IndexKind::FullText;
    let others = table
        .indexes
        .iter()
        .filter(own_full_text)
        .any(|index| index.columns != [column]);
    if others {
        return (Cost::Shared, Why::HasFullText);
    }
    if has_full_text(table) || table.compressed {
        return (Cost::Rebuild, Why::Compressed);
    }
    if !has(cx, 29, 4) {
        return (Cost::Rebuild, Why::Version);
    }
    let indexed = table
        .indexes
        .iter()
        .any(|index| index.columns.iter().any(|name| name == column));
    let goes = |action: &Action, index: &crate::schema::TableIndex| match action {
        Action::DropIndex { name, .. } => name.text == index.name,
        _ => false,
    };
    let drops = |other: &String| {
        altered
            .actions
            .iter()
            .any(|action| matches!(action, Action::DropColumn { column, .. } if column.text == *other))
    };
    // An index over columns that stay is built anew, and takes the table along; a unique one keeps its column.
    let shortened = table.indexes.iter().any(|index| {
        !index.unique
            && index.columns.iter().any(|name| name == column)
            && !index.columns.iter().all(drops)
            && !altered.actions.iter().any(|action| goes(action, index))
    });
    match (indexed, is_mariadb(cx)) {
        (false, _) => (Cost::Instant, Why::Nothing),
        (true, true) if !shortened => (Cost::Nocopy, Why::Nothing),
        // What is dropped with an index is not dropped instantly, and in place takes every row along.
        (true, _) => (Cost::Rebuild, Why::Key),
    }
}

fn has_full_text(table: &TableModel) -> bool {
    table
        .indexes
        .iter()
        .any(|index| index.kind == IndexKind::FullText)
}

fn has_virtual(table: &TableModel) -> bool {
    table
        .columns
        .iter()
        .any(|column| matches!(column.generated, Some(Generated::Virtual(_))))
}

fn has_indexed_virtual(table: &TableModel) -> bool {
    let mut columns = table
        .columns
        .iter()
        .filter(|column| matches!(column.generated, Some(Generated::Virtual(_))));
    columns.any(|column| {
        table
            .indexes
            .iter()
            .any(|index| index.columns.contains(&column.name))
    })
}

/// Whether existing rows would get different values, so that the server has to write them.
pub(super) fn differs_by_row(cx: &Context<'_>, value: &Expr) -> bool {
    let now = [
        "now",
        "current_timestamp",
        "localtime",
        "localtimestamp",
        "current_date",
        "curdate",
    ];
    let is_now = |name: &Name| now.contains(&name.name.as_str());
    if is_mariadb(cx) {
        let own = [
            "uuid",
            "sys_guid",
            "uuid_short",
            "nextval",
            "uuid_v4",
            "uuid_v7",
            "sysdate",
        ];
        return value.calls.iter().any(|call| own.contains(&call.name.as_str()))
            || value.columns.iter().any(|column| !now.contains(&column.as_str()));
    }
    // MySQL adds no column with an expression for its default without writing the rows.
    value.text.starts_with('(') && !value.calls.iter().all(is_now)
        || value.text.starts_with('(') && value.calls.is_empty() && value.shape == crate::sql::Shape::Other
}

fn of_innodb(table: &TableModel) -> bool {
    table.engine.as_deref().is_none_or(|engine| engine == "innodb")
}

fn option_cost(cx: &Context<'_>, table: Option<&TableModel>, option: &TableOption) -> Option<(Cost, Why)> {
    Some(match option {
        TableOption::Convert(charset, _) => (redefine::converts(cx, table, charset)?, Why::Charset),
        TableOption::Engine(engine) if engine == "innodb" && table.is_none_or(of_innodb) => {
            (Cost::Rebuild, Why::Engine)
        }
        TableOption::Engine(_) => (Cost::Copy, Why::Engine),
        TableOption::Rebuild if table.is_some_and(has_full_text) => (Cost::Shared, Why::HasFullText),
        TableOption::Rebuild => (Cost::Rebuild, Why::Option("this option")),
        TableOption::Copy(words) => (Cost::Copy, Why::Option(words)),
        TableOption::Charset(_) | TableOption::DropRows { .. } | TableOption::Partition(_) => return None,
    })
}
