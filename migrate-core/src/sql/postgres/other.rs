//! Everything that is neither a table nor rows.

use squawk_parser::SyntaxKind as K;

use super::expression::expr;
use super::function::{do_block, function};
use super::names::{child_name, child_names, child_word, fold, name, relation, string, word};
use super::table::item_column;
use super::tree::Node;
use super::types::child_type;
use super::view::view;
use crate::sql::expression::normal;
use crate::sql::{Index, LockMode, Name, ObjectKind, Operation, Reads, TypeKind};

pub(super) fn other(node: Node<'_>) -> Option<Operation> {
    Some(match node.kind() {
        K::CREATE_INDEX => index(node)?,
        K::CREATE_VIEW | K::CREATE_MATERIALIZED_VIEW => view(node)?,
        K::CREATE_SEQUENCE => Operation::CreateSequence {
            name: child_name(node, K::SEQUENCE)?,
            if_not_exists: node.has(K::IF_NOT_EXISTS),
        },
        K::CREATE_TYPE => create_type(node)?,
        K::CREATE_DOMAIN => Operation::CreateType {
            name: child_name(node, K::DOMAIN)?,
            kind: TypeKind::Domain {
                base: child_type(node).unwrap_or_default(),
                checks: node
                    .children()
                    .filter(|child| child.kind() == K::CHECK_CONSTRAINT)
                    .map(|check| child_word(check.child(K::CONSTRAINT_NAME_CLAUSE)?, K::CONSTRAINT_NAME))
                    .collect(),
                not_null: node.has(K::NOT_NULL_CONSTRAINT),
                default: node
                    .child(K::DEFAULT_CONSTRAINT)
                    .and_then(Node::last_node)
                    .map(|node| Box::new(expr(node))),
            },
        },
        K::CREATE_FUNCTION | K::CREATE_PROCEDURE | K::CREATE_AGGREGATE => function(node)?,
        K::CREATE_TRIGGER => Operation::CreateTrigger {
            name: child_word(node, K::TRIGGER)?,
            table: relation(node)?,
            or_replace: node.has(K::OR_REPLACE),
            function: node
                .children()
                .filter(|child| child.kind() == K::CALL_EXPR)
                .last()
                .and_then(Node::first_node)
                .and_then(name),
            columns: named_columns(node, &[K::WHEN_CONDITION, K::TRIGGER_EVENT_LIST]),
            manner: Some(super::attached::trigger(node)),
            body: None,
        },
        K::CREATE_RULE => Operation::CreateRule {
            name: child_word(node, K::RULE)?,
            table: relation(node)?,
        },
        K::CREATE_POLICY => Operation::CreatePolicy {
            name: child_word(node, K::POLICY)?,
            table: relation(node)?,
            columns: named_columns(node, &[K::USING_EXPR_CLAUSE, K::WITH_CHECK_EXPR_CLAUSE]),
            manner: super::attached::policy(node),
        },
        K::CREATE_EXTENSION => Operation::CreateExtension {
            name: child_word(node, K::EXTENSION)?,
            if_not_exists: node.has(K::IF_NOT_EXISTS),
        },
        K::TRUNCATE => Operation::Truncate {
            tables: node
                .child(K::TABLE_LIST)?
                .children()
                .filter(|child| !child.is_token())
                .filter_map(relation)
                .collect(),
            cascade: node.has(K::CASCADE),
        },
        K::LOCK => lock(node)?,
        K::REINDEX => reindex(node),
        K::CLUSTER | K::CLUSTER_LEGACY => Operation::Cluster {
            table: relation(node),
        },
        K::REPACK => Operation::Cluster {
            table: relation(node),
        },
        K::VACUUM => vacuum(node),
        K::REFRESH => Operation::Refresh {
            name: child_name(node, K::VIEW_REF)?,
            concurrently: node.has(K::CONCURRENTLY_KW),
        },
        K::REVOKE => Operation::Revoke {
            objects: node
                .descendants()
                .filter(|child| {
                    matches!(
                        child.kind(),
                        K::RELATION_NAME_REF | K::FUNCTION_NAME_REF | K::SCHEMA_REF
                    )
                })
                .filter_map(name)
                .collect(),
        },
        // Who is gone may do nothing any more.
        K::DROP_ROLE | K::DROP_USER | K::DROP_GROUP => Operation::Revoke { objects: Vec::new() },
        K::COMMENT_ON | K::GRANT => mention(node),
        K::SET | K::RESET => set(node),
        K::BEGIN => Operation::Begin,
        K::COMMIT_TRANSACTION | K::PREPARE_TRANSACTION => Operation::Commit {
            chain: node.has(K::AND_CHAIN),
        },
        K::ROLLBACK_TRANSACTION => Operation::Rollback {
            chain: node.has(K::AND_CHAIN),
        },
        K::ROLLBACK_TO_SAVEPOINT => Operation::RollbackTo,
        K::DO => do_block(node)?,
        K::EXECUTE
        | K::DROP_OWNED
        | K::DROP_DATABASE
        | K::DROP_COLLATION
        | K::DROP_CAST
        | K::DROP_OPERATOR
        | K::DROP_OPERATOR_CLASS
        | K::DROP_OPERATOR_FAMILY => return None,
        kind => match drop_kind(kind) {
            Some(dropped) => drop(node, dropped)?,
            None => Operation::Harmless,
        },
    })
}

/// The columns that such parts of a statement name; those with a query in them may mean columns of other tables.
fn named_columns(node: Node<'_>, parts: &[K]) -> Vec<String> {
    let parts = node.children().filter(|child| parts.contains(&child.kind()));
    let of_part = |part: Node<'_>| {
        let listed = part
            .descendants()
            .filter(|child| child.kind() == K::COLUMN_NAME_REF);
        let mut columns: Vec<String> = listed.filter_map(word).map(|column| column.text).collect();
        let named = expr(part);
        if !named.query {
            columns.extend(named.columns);
        }
        columns
    };
    parts.flat_map(of_part).collect()
}

pub(super) fn create_schema(node: Node<'_>, elements: Vec<Operation>) -> Option<Operation> {
    let named = node.find(K::SCHEMA).or_else(|| {
        node.find(K::AUTHORIZATION_SCHEMA)
            .and_then(|at| at.find(K::ROLE_REF))
    })?;
    Some(Operation::CreateSchema {
        name: word(named)?,
        if_not_exists: node.has(K::IF_NOT_EXISTS),
        elements,
    })
}

fn index(node: Node<'_>) -> Option<Operation> {
    let table = relation(node)?;
    let list = node.child(K::PARTITION_ITEM_LIST)?;
    let items: Vec<Node<'_>> = list
        .children()
        .filter(|item| item.kind() == K::PARTITION_ITEM)
        .collect();
    let predicate = node.child(K::WHERE_CLAUSE).and_then(Node::first_node).map(expr);
    let method = node
        .child(K::USING_METHOD)
        .and_then(Node::last_node)
        .and_then(word)
        .map(|method| method.text);
    let included = node.child(K::INDEX_INCLUDE_CLAUSE);
    let included = included.map(|clause| normal(clause.text()).to_lowercase());
    let manner = [
        method.clone().filter(|method| method != "btree"),
        included,
        node.has(K::NULLS_NOT_DISTINCT)
            .then(|| "nulls not distinct".to_owned()),
    ];
    Some(Operation::CreateIndex(Box::new(Index {
        manner: manner.into_iter().flatten().collect::<Vec<_>>().join(" "),
        name: child_name(node, K::INDEX).map(|name| Name {
            schema: table.schema.clone(),
            ..name
        }),
        only: node
            .child(K::TABLE_RELATION_NAME)
            .is_some_and(|table| table.has(K::ONLY_KW)),
        table,
        unique: node.has(K::UNIQUE_KW),
        method,
        concurrently: node.has(K::CONCURRENTLY_KW),
        if_not_exists: node.has(K::IF_NOT_EXISTS),
        columns: items.iter().map(|item| item_column(*item)).collect(),
        definition: normal(list.text()).to_lowercase(),
        predicate,
        expressions: items
            .iter()
            .filter(|item| item_column(**item).is_empty())
            .filter_map(|item| item.first_node())
            .map(expr)
            .collect(),
        ..Index::default()
    })))
}

/// The tables and columns that a statement is about; it does nothing else to them.
fn mention(node: Node<'_>) -> Operation {
    let mut reads = Reads::default();
    let object = node
        .children()
        .find(|child| matches!(child.kind(), K::OBJECT_TABLE | K::OBJECT_VIEW | K::OBJECT_COLUMN));
    match object.or_else(|| node.child(K::ON_PRIVILEGE_OBJECTS_CLAUSE)) {
        Some(of) if of.kind() == K::OBJECT_COLUMN => {
            let parts: Vec<Node<'_>> = of
                .tokens()
                .filter(|token| token.kind() != K::DOT)
                .skip(1)
                .collect();
            if let [qualifier @ .., table, column] = &*parts
                && let Some(column) = word(*column)
            {
                let table = Name {
                    schema: qualifier.last().map(|schema| fold(schema.text())),
                    name: fold(table.text()),
                    span: table.span(),
                };
                reads.tables.push(table.clone());
                reads.columns.push((table, column));
            }
        }
        Some(of) => {
            let named = of.descendants().filter(|child| {
                matches!(
                    child.kind(),
                    K::TABLE_NAME_REF | K::VIEW_REF | K::RELATION_NAME_REF
                )
            });
            reads.tables.extend(named.filter_map(name));
        }
        None => {}
    }
    Operation::Mention(reads)
}

fn create_type(node: Node<'_>) -> Option<Operation> {
    let kind = match node.child(K::ENUM_TYPE) {
        Some(values) => TypeKind::Enum(
            values
                .descendants()
                .filter(|child| child.kind() == K::VARIANT)
                .map(|value| string(value.text()))
                .collect(),
        ),
        None => match node.child(K::COMPOSITE_TYPE) {
            Some(composite) => TypeKind::Composite(
                composite
                    .descendants()
                    .filter(|child| child.kind() == K::COMPOSITE_FIELD)
                    .filter_map(word)
                    .collect(),
            ),
            None => TypeKind::Other,
        },
    };
    Some(Operation::CreateType {
        name: child_name(node, K::TYPE_NAME)?,
        kind,
    })
}

fn lock(node: Node<'_>) -> Option<Operation> {
    let mode = node
        .child(K::LOCK_MODE_CLAUSE)
        .and_then(Node::first_node)
        .map(Node::kind);
    let mode = match mode {
        Some(K::ACCESS_SHARE) => LockMode::AccessShare,
        Some(K::ROW_SHARE) => LockMode::RowShare,
        Some(K::ROW_EXCLUSIVE) => LockMode::RowExclusive,
        Some(K::SHARE_UPDATE_EXCLUSIVE) => LockMode::ShareUpdateExclusive,
        Some(K::SHARE) => LockMode::Share,
        Some(K::SHARE_ROW_EXCLUSIVE) => LockMode::ShareRowExclusive,
        Some(K::EXCLUSIVE) => LockMode::Exclusive,
        _ => LockMode::AccessExclusive,
    };
    let list = node.child(K::RELATION_LIST)?;
    let tables = list
        .children()
        .filter(|child| !child.is_token())
        .filter_map(relation)
        .collect();
    Some(Operation::Lock { tables, mode })
}

/// Whether an option such as `FULL` is given and not switched off.
fn option_on(option: Node<'_>) -> bool {
    let text = option.text().to_lowercase();
    let value = text
        .split_whitespace()
        .nth(1)
        .map(|value| value.trim_matches('\''));
    !matches!(value, Some("false" | "off" | "0"))
}

fn reindex(node: Node<'_>) -> Operation {
    let target = node.children().find_map(|child| {
        let kind = match child.kind() {
            K::REINDEX_TARGET_TABLE => ObjectKind::Table,
            K::REINDEX_TARGET_INDEX => ObjectKind::Index,
            _ => return None,
        };
        let at = child
            .children()
            .find(|part| matches!(part.kind(), K::TABLE_NAME_REF | K::INDEX_REF))?;
        Some((kind, name(at)?))
    });
    let listed = node.find(K::REINDEX_OPTION_CONCURRENTLY).is_some_and(option_on);
    let word = node
        .children()
        .any(|child| child.has(K::CONCURRENTLY_KW) && child.kind() != K::REINDEX_OPTION_LIST);
    Operation::Reindex {
        target,
        concurrently: listed || word,
    }
}

fn vacuum(node: Node<'_>) -> Operation {
    let listed = node
        .descendants()
        .filter(|child| child.kind() == K::VACUUM_OPTION)
        .any(|option| option.text().to_lowercase().starts_with("full") && option_on(option));
    let tables = node
        .descendants()
        .filter(|child| child.kind() == K::TABLE_RELATION_NAME)
        .filter_map(relation)
        .collect();
    Operation::Vacuum {
        tables,
        full: node.has(K::FULL_KW) || listed,
    }
}

fn set(node: Node<'_>) -> Operation {
    let local = node.has(K::LOCAL_SCOPE);
    let value = |token: Node<'_>| match token.kind() {
        K::IDENT => fold(token.text()),
        _ => string(token.text()),
    };
    if let Some(zone) = node.find(K::SET_TIME_ZONE) {
        let values = zone.tokens().skip(2).map(value).collect();
        return Operation::Set {
            name: "timezone".to_owned(),
            values,
            local,
        };
    }
    // Another word for the search path, and one schema only.
    if let Some(schema) = node.child(K::SET_SCHEMA_VALUE) {
        let named = schema.find(K::LITERAL).map(|name| string(name.text()));
        return Operation::Set {
            name: "search_path".to_owned(),
            values: named.into_iter().collect(),
            local,
        };
    }
    let Some(named) = node.find(K::CONFIG_PARAMETER_REF) else {
        return Operation::Harmless;
    };
    let setting = normal(named.text()).to_lowercase();
    let values = node
        .find(K::TO_CONFIG_VALUE)
        .into_iter()
        .flat_map(Node::tokens)
        .filter(|token| !matches!(token.kind(), K::TO_KW | K::EQ | K::COMMA))
        .map(|token| {
            if token.text().starts_with('\'') {
                string(token.text())
            } else {
                fold(token.text())
            }
        })
        .filter(|text| text != "default")
        .collect();
    Operation::Set {
        name: setting,
        values,
        local,
    }
}

fn drop_kind(kind: K) -> Option<ObjectKind> {
    Some(match kind {
        K::DROP_TABLE => ObjectKind::Table,
        K::DROP_FOREIGN_TABLE => ObjectKind::ForeignTable,
        K::DROP_INDEX => ObjectKind::Index,
        K::DROP_VIEW => ObjectKind::View,
        K::DROP_MATERIALIZED_VIEW => ObjectKind::MaterializedView,
        K::DROP_SEQUENCE => ObjectKind::Sequence,
        K::DROP_TYPE => ObjectKind::Type,
        K::DROP_DOMAIN => ObjectKind::Domain,
        K::DROP_FUNCTION | K::DROP_ROUTINE => ObjectKind::Function,
        K::DROP_PROCEDURE => ObjectKind::Procedure,
        K::DROP_AGGREGATE => ObjectKind::Aggregate,
        K::DROP_SCHEMA => ObjectKind::Schema,
        K::DROP_TRIGGER => ObjectKind::Trigger,
        K::DROP_RULE => ObjectKind::Rule,
        K::DROP_POLICY => ObjectKind::Policy,
        K::DROP_EXTENSION => ObjectKind::Extension,
        _ => return None,
    })
}

fn drop(node: Node<'_>, kind: ObjectKind) -> Option<Operation> {
    let on = node
        .children()
        .find(|child| matches!(child.kind(), K::ON_RELATION | K::ON_TABLE))
        .and_then(relation);
    let mut names: Vec<Name> = node
        .descendants()
        .filter(|child| {
            matches!(
                child.kind(),
                K::FUNCTION_NAME_REF | K::PROCEDURE_NAME_REF | K::ROUTINE_NAME_REF | K::AGGREGATE_NAME
            )
        })
        .filter_map(name)
        .collect();
    for ref_kind in [
        K::TABLE_NAME_REF,
        K::RELATION_NAME_REF,
        K::INDEX_REF,
        K::VIEW_REF,
        K::SEQUENCE_REF,
        K::TYPE_NAME_REF,
        K::DOMAIN_REF,
        K::SCHEMA_REF,
        K::TRIGGER_REF,
        K::RULE_REF,
        K::POLICY_REF,
        K::EXTENSION_REF,
    ] {
        if names.is_empty() {
            names = child_names(node, ref_kind);
        }
    }
    if names.is_empty() {
        let aggregate = node.find(K::AGGREGATE);
        let path = aggregate.map(|target| {
            let mut inner = target.children().filter(|child| !child.is_token());
            inner
                .find(|child| child.kind() != K::PARAM_LIST)
                .unwrap_or(target)
        });
        names.extend(path.and_then(name));
    }
    let signatures = node
        .descendants()
        .filter(|child| matches!(child.kind(), K::FUNCTION_SIG | K::PROCEDURE_SIG | K::ROUTINE_SIG));
    Some(Operation::Drop {
        kind,
        names,
        takes: signatures.map(super::function::named_types).collect(),
        on,
        if_exists: node.has(K::IF_EXISTS),
        cascade: node.has(K::CASCADE),
        concurrently: node.has(K::CONCURRENTLY_KW),
    })
}
