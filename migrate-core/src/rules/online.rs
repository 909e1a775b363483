//! How MySQL and MariaDB do each action of an ALTER TABLE: the cheapest algorithm that they accept for it.
//!
//! What is said of MariaDB was run on 10.11, and `tests/mysql_server.rs` runs it again; what is said of MySQL is
//! what its manual documents for 8.0, and where the manual is silent what 8.0.46 accepted: expressions in an index, what is
//! computed otherwise, a CHECK at a new column, virtual columns beside others.

mod beside;
mod column;
mod key;
mod redefine;
mod virtuals;

use self::column::{added_column, dropped_column};
use super::Context;
use super::context::Altered;
use crate::model::{Dialect, ServerVersion};
use crate::schema::{ConstraintModel, TableModel};
use crate::sql::{
    Action, Algorithm, ColumnDef, ConstraintKind, Index, IndexKind, Online, Operation, Partitioning, Span,
    TableLock, TableOption,
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
    /// A key too long for an index, of which MariaDB keeps a hash.
    LongKey,
    /// AUTO_INCREMENT.
    Counter,
    /// A full-text or spatial index to build.
    FullText,
    /// An index over an expression to build.
    Expression,
    /// A full-text index that the table has.
    HasFullText,
    /// A generated column that the table has.
    HasVirtual,
    /// A key that the table has and that MariaDB keeps as a hash.
    HasHash,
    /// Rows that are stored compressed.
    Compressed,
    /// Another engine.
    Engine,
    /// An engine that copies whatever is changed.
    OtherEngine,
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
                let table = cx.schema.table_at(&key);
                let (cost, why) = match table.is_some_and(|table| beside::copies_always(table)) {
                    true => (Cost::Copy, Why::OtherEngine),
                    false => index_cost(cx, index),
                };
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
    together(cx, &altered, &mut found);
    beside::full_text(cx, &altered, &mut found);
    beside::virtual_indexes(cx, &altered, &mut found);
    beside::other_engine(&altered, &mut found);
    beside::hashed_key(cx, &altered, &mut found);
    virtuals::beside_others(cx, &altered, &mut found);
    found
}

/// What actions cost that are cheap alone and not in one statement.
///
/// With an index to build the server works in place, and then a column that comes, goes or moves takes every row along.
fn together(cx: &Context<'_>, altered: &Altered<'_>, found: &mut [Judged<'_>]) {
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
    let goes_virtually = |one: &Judged<'_>| virtuals::goes(altered, one);
    // What MySQL does in place, if only by writing it down, makes it do all of the statement in place.
    let in_place = !is_mariadb(cx)
        && found
            .iter()
            .any(|one| one.cost == Cost::Nocopy && !goes_virtually(one));
    for judged in found.iter_mut().filter(|judged| judged.cost < Cost::Rebuild) {
        let (cost, why) = match judged.action {
            What::Action(Action::AddColumn { column, .. }) if virtuals::is_virtual(column) => {
                if !built.contains(&&*column.name.text) {
                    continue;
                }
                (Cost::Shared, Why::HasVirtual)
            }
            _ if goes_virtually(judged) => continue,
            What::Action(Action::AddColumn { .. } | Action::DropColumn { .. })
                if !built.is_empty() || in_place =>
            {
                (Cost::Rebuild, Why::Key)
            }
            What::Action(Action::Redefine { definition, .. }) if definition.placed && !built.is_empty() => {
                (Cost::Rebuild, Why::Place)
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
    cx.since.has(wanted, cx.dialect)
}

fn index_cost(cx: &Context<'_>, index: &Index) -> (Cost, Why) {
    match index.kind {
        // MySQL keeps the value in a column of its own, which comes with the index.
        IndexKind::Plain if !is_mariadb(cx) && index.columns.iter().any(String::is_empty) => {
            (Cost::Shared, Why::Expression)
        }
        IndexKind::Plain => key::of_index(cx, index),
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
        Action::RenameColumn(from, _, _) => (from.span, Cost::Instant, Why::Nothing),
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
            if table.is_some_and(|table| table.has_already(constraint)) {
                return None;
            }
            let (cost, why) = match &constraint.kind {
                ConstraintKind::Check(_) if constraint.not_valid => (Cost::Instant, Why::Nothing),
                ConstraintKind::Check(_) => (Cost::Copy, Why::Check),
                ConstraintKind::ForeignKey(_) if checks_foreign_keys(cx, altered) => {
                    (Cost::Copy, Why::Reference)
                }
                ConstraintKind::PrimaryKey { columns, .. } => key::primary(cx, table, constraint, columns),
                ConstraintKind::Unique { columns, .. } => key::unique(cx, table, constraint, columns),
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
            let (cost, why) = index_cost(cx, index);
            (index.span, cost, why)
        }
        Action::DropIndex { name, .. } => (name.span, Cost::Nocopy, Why::Nothing),
        // MySQL does it in place.
        Action::DropConstraint { name, .. }
            if table.is_some_and(|table| {
                let one = table.constraint(&name.text);
                one.is_some_and(|one| matches!(one.kind, ConstraintModel::ForeignKey(..)))
            }) =>
        {
            (name.span, noted(cx), Why::Nothing)
        }
        Action::RenameIndex(from, _) => (from.span, noted(cx), Why::Nothing),
        Action::Option(option, span) => {
            let (cost, why) = option_cost(cx, table, option)?;
            (*span, cost, why)
        }
        _ => return None,
    })
}

/// What is only written down about a table takes MySQL a moment too, but not as what it calls INSTANT.
fn noted(cx: &Context<'_>) -> Cost {
    match is_mariadb(cx) {
        true => Cost::Instant,
        false => Cost::Nocopy,
    }
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

fn has_full_text(table: &TableModel) -> bool {
    table
        .indexes
        .iter()
        .any(|index| index.kind == IndexKind::FullText)
}

fn of_innodb(table: &TableModel) -> bool {
    table.engine.as_deref().is_none_or(|engine| engine == "innodb")
}

/// Whether the rows of all partitions have to move where there is one more.
fn by_hash(table: &TableModel) -> bool {
    let of_rows = |by: &Partitioning| !matches!(&*by.method, "range" | "list");
    table.partitioning.as_ref().is_some_and(of_rows)
}

fn option_cost(cx: &Context<'_>, table: Option<&TableModel>, option: &TableOption) -> Option<(Cost, Why)> {
    Some(match option {
        TableOption::Convert(charset, collation) => {
            match redefine::converts(cx, table, charset, collation.as_deref()) {
                Some(cost) => (cost, Why::Charset),
                None => (noted(cx), Why::Nothing),
            }
        }
        TableOption::Engine(engine) if engine == "innodb" && table.is_none_or(of_innodb) => {
            (Cost::Rebuild, Why::Engine)
        }
        TableOption::Engine(_) => (Cost::Copy, Why::Engine),
        TableOption::Rebuild => (Cost::Rebuild, Why::Option("this option")),
        TableOption::PartitionBy(_) => (Cost::Copy, Why::Option("PARTITION BY")),
        TableOption::Copy(words) => (Cost::Copy, Why::Option(words)),
        TableOption::Partition(_) if table.is_some_and(by_hash) => {
            (Cost::Copy, Why::Option("adding partitions of a hash"))
        }
        TableOption::Charset(_) | TableOption::Noted | TableOption::Visible(..) => (noted(cx), Why::Nothing),
        TableOption::DropRows { .. } | TableOption::Partition(_) => return None,
    })
}
