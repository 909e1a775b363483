//! CREATE TABLE, columns and constraints.

use squawk_parser::SyntaxKind as K;

use super::expression::{child_expr, expr, literal};
use super::names::{child_name, child_names, child_word, fold, name, word};
use super::reads::reads;
use super::tree::Node;
use super::twice::{named, shown};
use super::types::child_type;
use crate::model::Dialect;
use crate::sql::behaviour::behaviour;
use crate::sql::{
    Bound, ColumnDef, Constraint, ConstraintKind, ForeignKey, Generated, Name, Operation, Shape, Table,
    TableSource, Word,
};

pub(super) fn create(node: Node<'_>) -> Option<Operation> {
    let into = node.child(K::INTO_CLAUSE);
    let holder = into.unwrap_or(node);
    let mut table = Table {
        name: child_name(holder, K::TABLE_NAME)?,
        temporary: holder.has(K::TEMP),
        if_not_exists: node.has(K::IF_NOT_EXISTS),
        foreign: node.kind() == K::CREATE_FOREIGN_TABLE,
        unlogged: holder.has(K::UNLOGGED) || node.has(K::UNLOGGED),
        ..Table::default()
    };
    table.temporary |= table.name.schema.as_deref() == Some("pg_temp");
    if matches!(node.kind(), K::CREATE_TABLE_AS | K::SELECT_INTO) {
        table.source = TableSource::Query;
        let query = node.children().find(|child| child.kind() == K::SELECT);
        table.reads = reads(node);
        let list = node
            .child(K::COLUMN_LIST)
            .or_else(|| node.child(K::TABLE_ARG_LIST));
        table.twice = match list {
            Some(list) => named(list),
            None => shown(query.unwrap_or(node)),
        };
        let query = match node.kind() {
            K::SELECT_INTO => Some(node),
            _ => node.children().find(|child| {
                let query = [
                    K::SELECT,
                    K::COMPOUND_SELECT,
                    K::PAREN_SELECT,
                    K::VALUES,
                    K::TABLE,
                ];
                query.contains(&child.kind())
            }),
        };
        table.given = query
            .and_then(super::checks::columns)
            .and_then(|given| super::checks::called(given, list));
        return Some(Operation::CreateTable(Box::new(table)));
    }
    let mut like = Vec::new();
    for item in node.child(K::TABLE_ARG_LIST).into_iter().flat_map(Node::children) {
        match item.kind() {
            K::COLUMN => table.columns.extend(column(item)),
            K::LIKE_CLAUSE => {
                table.takes_checks |= includes(item, K::PROPERTY_CONSTRAINTS);
                table.takes_indexes |= includes(item, K::PROPERTY_INDEXES);
                like.extend(item.find(K::RELATION_NAME_REF).and_then(name));
            }
            // A table without rows has none that a constraint could be unproven for.
            _ if !item.is_token() => {
                table
                    .constraints
                    .extend(constraint(item, None).map(|made| Constraint {
                        not_valid: item.descendants().any(|part| part.kind() == K::NOT_ENFORCED),
                        if_not_exists: false,
                        ..made
                    }))
            }
            _ => {}
        }
    }
    if !like.is_empty() {
        table.source = TableSource::Like(like);
    }
    if let Some(inherits) = node.child(K::INHERITS) {
        table.source = TableSource::Inherits(child_names(inherits, K::TABLE_NAME_REF));
    }
    if node.has(K::OF_TYPE) {
        let of = node.child(K::OF_TYPE);
        table.source = TableSource::OfType(of.and_then(Node::last_node).and_then(type_name));
    }
    if let Some(parent) = node
        .child(K::PARTITION_OF)
        .and_then(|of| child_name(of, K::TABLE_NAME_REF))
    {
        let bound = bound(node).unwrap_or(Bound::Hash(None));
        table.source = TableSource::PartitionOf(parent, bound);
    }
    table.partitioned = node.child(K::PARTITION_BY).map(|by| {
        let items = by
            .child(K::PARTITION_ITEM_LIST)
            .into_iter()
            .flat_map(Node::children);
        items
            .filter(|item| item.kind() == K::PARTITION_ITEM)
            .map(item_column)
            .collect()
    });
    table.strategy = node
        .child(K::PARTITION_BY)
        .and_then(|by| by.child(K::PARTITION_STRATEGY))
        .map(|strategy| strategy.text().to_lowercase());
    Some(Operation::CreateTable(Box::new(table)))
}

/// The composite type that stands behind OF.
pub(super) fn type_name(node: Node<'_>) -> Option<Name> {
    let path = node.find(K::PATH_REF).or(Some(node))?;
    name(path)
}

/// Whether LIKE copies that too: the last word on it counts.
fn includes(like: Node<'_>, what: K) -> bool {
    let said = like.children().filter_map(|option| {
        let all = option.find(K::PROPERTY_ALL).is_some() || option.find(what).is_some();
        match option.kind() {
            K::INCLUDING_PROPERTY if all => Some(true),
            K::EXCLUDING_PROPERTY if all => Some(false),
            _ => None,
        }
    });
    said.last().unwrap_or(false)
}

/// The column of an index or partition key; empty for an expression.
pub(super) fn item_column(item: Node<'_>) -> String {
    match item.first_node().map(expr).map(|expr| expr.shape) {
        Some(Shape::Column(column)) => column,
        _ => String::new(),
    }
}

/// The bound among the children.
pub(super) fn bound(node: Node<'_>) -> Option<Bound> {
    let limits = |list: Node<'_>| {
        let items = list.children().filter(|child| !child.is_token());
        items
            .map(|item| {
                let unbounded = ["minvalue", "maxvalue"]
                    .iter()
                    .any(|word| item.text().eq_ignore_ascii_case(word));
                (!unbounded).then(|| literal(item))
            })
            .collect::<Vec<_>>()
    };
    node.children().find_map(|child| match child.kind() {
        K::PARTITION_DEFAULT => Some(Bound::Default),
        K::PARTITION_FOR_VALUES_IN => {
            let items = child.children().filter(|item| !item.is_token());
            Some(Bound::List(items.map(literal).collect()))
        }
        K::PARTITION_FOR_VALUES_FROM => Some(Bound::Range(
            child
                .child(K::PARTITION_FROM_VALUES)
                .map(limits)
                .unwrap_or_default(),
            child
                .child(K::PARTITION_TO_VALUES)
                .map(limits)
                .unwrap_or_default(),
        )),
        K::PARTITION_FOR_VALUES_WITH => {
            let of = |which: &str| {
                let parts = child
                    .children()
                    .filter(|part| part.kind() == K::HASH_PARTITION_BOUND);
                let mut named = parts.filter(|part| part.text().to_lowercase().starts_with(which));
                named.next()?.last_node()?.text().parse().ok()
            };
            Some(Bound::Hash(of("modulus").zip(of("remainder"))))
        }
        _ => None,
    })
}

/// A column definition: `COLUMN` of CREATE TABLE, `ADD_COLUMN` of ALTER TABLE.
pub(super) fn column(node: Node<'_>) -> Option<ColumnDef> {
    let mut column = ColumnDef {
        name: child_word(node, K::COLUMN_NAME).or_else(|| child_word(node, K::COLUMN_NAME_REF))?,
        ty: child_type(node).unwrap_or_default(),
        span: node.span(),
        ..ColumnDef::default()
    };
    for child in node.children().filter(|child| !child.is_token()) {
        match child.kind() {
            K::COLLATE => column.collation = child.tokens().last().map(|token| fold(token.text())),
            K::NOT_NULL_CONSTRAINT => column.not_null = Some(child.span()),
            K::DEFAULT_CONSTRAINT => column.default = child.last_node().map(expr),
            K::GENERATED_CONSTRAINT => column.generated = generated(child),
            _ => {
                let owner = column.name.clone();
                column.constraints.extend(constraint(child, Some(&owner)));
            }
        }
    }
    Some(column)
}

fn generated(node: Node<'_>) -> Option<Generated> {
    if let Some(identity) = node.child(K::GENERATED_IDENTITY) {
        return Some(Generated::Identity {
            always: identity.has(K::GENERATED_ALWAYS),
        });
    }
    let computed = node.child(K::GENERATED_STORED)?;
    let value = child_expr(computed)?;
    Some(if computed.has(K::STORED) {
        Generated::Stored(value)
    } else {
        Generated::Virtual(value)
    })
}

fn columns(list: Option<Node<'_>>) -> Vec<Word> {
    let items = list
        .into_iter()
        .flat_map(Node::children)
        .filter(|child| child.kind() == K::COLUMN_NAME_REF);
    items.filter_map(word).collect()
}

/// A constraint, of a table or at a column.
pub(super) fn constraint(node: Node<'_>, column: Option<&Word>) -> Option<Constraint> {
    let own = || column.cloned().into_iter().collect::<Vec<_>>();
    let index = || {
        node.child(K::USING_INDEX_NAME)
            .and_then(|using| child_name(using, K::INDEX_REF))
    };
    let key = || match node.find(K::CONSTRAINT_COLUMN_REF_LIST) {
        Some(list) => columns(Some(list)),
        None => own(),
    };
    let kind = match node.kind() {
        K::CHECK_CONSTRAINT => ConstraintKind::Check(child_expr(node)?),
        K::NOT_NULL_CONSTRAINT => ConstraintKind::NotNull(child_word(node, K::COLUMN_NAME_REF)?),
        K::UNIQUE_CONSTRAINT => ConstraintKind::Unique {
            columns: key(),
            using_index: index(),
        },
        K::PRIMARY_KEY_CONSTRAINT => ConstraintKind::PrimaryKey {
            columns: key(),
            using_index: index(),
        },
        K::FOREIGN_KEY_CONSTRAINT => {
            let lists: Vec<_> = node
                .children()
                .filter(|child| child.kind() == K::FOREIGN_KEY_COLUMN_LIST)
                .collect();
            ConstraintKind::ForeignKey(ForeignKey {
                columns: columns(lists.first().copied()),
                parent: child_name(node, K::TABLE_NAME_REF)?,
                parent_columns: columns(lists.get(1).copied()),
            })
        }
        K::REFERENCES_CONSTRAINT => ConstraintKind::ForeignKey(ForeignKey {
            columns: own(),
            parent: child_name(node, K::TABLE_NAME_REF)?,
            parent_columns: columns(Some(node)),
        }),
        K::EXCLUDE_CONSTRAINT => ConstraintKind::Exclude,
        _ => return None,
    };
    let name = node
        .child(K::CONSTRAINT_NAME_CLAUSE)
        .and_then(|clause| child_word(clause, K::CONSTRAINT_NAME));
    let behaviour = match kind {
        ConstraintKind::Check(_) => heirs(node),
        ConstraintKind::NotNull(_) => String::new(),
        _ => behaviour(node.text(), Dialect::Postgres),
    };
    Some(Constraint {
        name,
        kind,
        behaviour,
        not_valid: is_unproven(node),
        if_not_exists: false,
        cut: None,
        span: node.span(),
    })
}

/// What a CHECK says of the tables that inherit from its own.
pub(super) fn heirs(node: Node<'_>) -> String {
    match node.descendants().any(|part| part.kind() == K::NO_INHERIT) {
        true => "no inherit".to_owned(),
        false => String::new(),
    }
}

/// Whether a constraint holds for nothing that was there before it.
pub(super) fn is_unproven(node: Node<'_>) -> bool {
    node.descendants()
        .any(|part| matches!(part.kind(), K::NOT_VALID | K::NOT_ENFORCED))
}
