//! Everything that is neither a table nor rows.

use squawk_parser::SyntaxKind as K;

use super::expression::{child_type, expr};
use super::names::{child_name, child_names, child_word, fold, name, relation, string, word};
use super::reads::reads;
use super::table::item_column;
use super::tree::Node;
use crate::model::Dialect;
use crate::sql::expression::normal;
use crate::sql::{Index, LockMode, Name, ObjectKind, Operation, TypeKind, View, Volatility, Word, body};

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
        },
        K::CREATE_RULE => Operation::CreateRule {
            name: child_word(node, K::RULE)?,
            table: relation(node)?,
        },
        K::CREATE_POLICY => Operation::CreatePolicy {
            name: child_word(node, K::POLICY)?,
            table: relation(node)?,
            columns: named_columns(node, &[K::USING_EXPR_CLAUSE, K::WITH_CHECK_EXPR_CLAUSE]),
        },
        K::CREATE_EXTENSION => Operation::CreateExtension {
            name: child_word(node, K::EXTENSION)?,
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
                .filter(|child| matches!(child.kind(), K::RELATION_NAME_REF | K::FUNCTION_NAME_REF))
                .filter_map(name)
                .collect(),
        },
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
    Some(Operation::CreateIndex(Box::new(Index {
        name: child_name(node, K::INDEX).map(|name| Name {
            schema: table.schema.clone(),
            ..name
        }),
        only: node
            .child(K::TABLE_RELATION_NAME)
            .is_some_and(|table| table.has(K::ONLY_KW)),
        table,
        unique: node.has(K::UNIQUE_KW),
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

fn view(node: Node<'_>) -> Option<Operation> {
    let query = node.children().find(|child| {
        matches!(
            child.kind(),
            K::SELECT | K::COMPOUND_SELECT | K::VALUES | K::TABLE
        )
    });
    let plain = query.filter(|query| {
        query.kind() == K::SELECT
            && query
                .children()
                .all(|part| matches!(part.kind(), K::SELECT_CLAUSE | K::FROM_CLAUSE | K::WHERE_CLAUSE))
            && query.find(K::DISTINCT_CLAUSE).is_none()
    });
    let (mut updatable, mut targets, mut computes) = (None, Vec::new(), false);
    if let Some(query) = plain {
        let from = query.child(K::FROM_CLAUSE);
        let tables: Vec<Name> = from
            .into_iter()
            .flat_map(Node::descendants)
            .filter(|child| child.kind() == K::RELATION_NAME_REF)
            .filter_map(name)
            .collect();
        // What is joined or computed beside the table has columns of its own, and so has what an alias renames.
        let item = from
            .filter(|from| from.children().filter(|child| !child.is_token()).count() == 1)
            .and_then(Node::first_node)
            .filter(|item| item.kind() == K::RELATION_FROM_ITEM && item.find(K::COLUMN_LIST).is_none());
        if let ([table], Some(_)) = (&*tables, item) {
            updatable = Some(table.clone());
        }
        let alias = item
            .and_then(|item| item.find(K::TABLE_ALIAS))
            .and_then(|alias| alias.tokens().last())
            .map(|token| fold(token.text()));
        let clause = query.child(K::SELECT_CLAUSE);
        let list = clause.and_then(|clause| clause.find(K::TARGET_LIST));
        let items = list.into_iter().flat_map(Node::children);
        for target in items.filter(|child| child.kind() == K::TARGET) {
            let of_alias = || target.text().trim_end().ends_with(".*");
            if target.has(K::STAR) || of_alias() {
                targets.push((String::new(), String::new()));
                continue;
            }
            let value = target.first_node().map(expr);
            let shown = target
                .find(K::AS_NAME)
                .and_then(|name| name.tokens().last())
                .map(|token| fold(token.text()));
            let column = value.and_then(|value| match value.shape {
                crate::sql::Shape::Column(column) => Some(column),
                _ => value
                    .columns
                    .first()
                    .filter(|_| {
                        let plain = value.calls.is_empty() && !value.query && !value.text.contains('(');
                        plain && value.text.contains('.')
                    })
                    .cloned(),
            });
            match column.filter(|column| alias.as_ref() != Some(column)) {
                Some(column) => targets.push((shown.unwrap_or_else(|| column.clone()), column)),
                None => computes = true,
            }
        }
        if let Some(list) = node.child(K::COLUMN_LIST) {
            let names = list
                .children()
                .filter(|child| child.kind() == K::COLUMN_NAME)
                .filter_map(word);
            for (target, name) in targets.iter_mut().zip(names) {
                target.0 = name.text;
            }
        }
    }
    Some(Operation::CreateView(Box::new(View {
        name: child_name(node, K::VIEW)?,
        materialized: node.kind() == K::CREATE_MATERIALIZED_VIEW,
        temporary: node.has(K::TEMP),
        or_replace: node.has(K::OR_REPLACE),
        if_not_exists: node.has(K::IF_NOT_EXISTS),
        updatable,
        targets,
        computes,
        query: query.map(|query| normal(query.text())).unwrap_or_default(),
        reads: query.map(reads).unwrap_or_default(),
        twice: query
            .filter(|query| query.kind() == K::SELECT && !node.has(K::COLUMN_LIST))
            .and_then(twice),
    })))
}

/// A column that a list shows twice under the same name.
fn twice(query: Node<'_>) -> Option<Word> {
    let list = query.child(K::SELECT_CLAUSE)?.find(K::TARGET_LIST)?;
    let mut shown: Vec<Word> = Vec::new();
    for target in list.children().filter(|child| child.kind() == K::TARGET) {
        let named = target.child(K::AS_NAME).or_else(|| {
            let value = target.first_node()?;
            matches!(value.kind(), K::NAME_REF | K::FIELD_EXPR).then_some(value)
        });
        let last = named.and_then(|named| named.tokens().last());
        let Some(last) = last.filter(|last| last.kind() != K::STAR) else {
            continue;
        };
        let text = fold(last.text());
        if shown.iter().any(|known| known.text == text) {
            let span = last.span();
            return Some(Word { text, span });
        }
        shown.push(Word {
            text,
            span: last.span(),
        });
    }
    None
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
        None => TypeKind::Other,
    };
    Some(Operation::CreateType {
        name: child_name(node, K::TYPE_NAME)?,
        kind,
    })
}

fn function(node: Node<'_>) -> Option<Operation> {
    let named = node.children().find(|child| {
        matches!(
            child.kind(),
            K::FUNCTION_NAME | K::PROCEDURE_NAME | K::AGGREGATE_NAME
        )
    })?;
    let volatility = node
        .child(K::FUNC_OPTION_LIST)
        .and_then(volatility)
        .unwrap_or(Volatility::Volatile);
    let returns = node.child(K::RET_TYPE).map_or("", |returns| returns.text());
    let returned = returns.split_whitespace().last().unwrap_or_default();
    let returned = returned.rsplit('.').next().unwrap_or_default();
    Some(Operation::CreateFunction {
        name: name(named)?,
        or_replace: node.has(K::OR_REPLACE),
        volatility,
        drops: takes_away(node.text()),
        of_trigger: ["trigger", "event_trigger"]
            .iter()
            .any(|kind| returned.eq_ignore_ascii_case(kind)),
        body: None,
    })
}

/// Whether there is a word in a body by which it takes something away or changes it.
fn takes_away(body: &str) -> bool {
    let inside = |character: char| character.is_alphanumeric() || character == '_';
    let words = body.split(|character| !inside(character));
    words.into_iter().any(|word| {
        ["drop", "rename", "alter"]
            .iter()
            .any(|one| word.eq_ignore_ascii_case(one))
    })
}

/// What the options of a function promise.
pub(super) fn volatility(options: Node<'_>) -> Option<Volatility> {
    let promises = [
        (K::IMMUTABLE, Volatility::Immutable),
        (K::STABLE, Volatility::Stable),
        (K::VOLATILE, Volatility::Volatile),
    ];
    let said = |(kind, volatility)| options.has(kind).then_some(volatility);
    promises.into_iter().find_map(said)
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

fn do_block(node: Node<'_>) -> Option<Operation> {
    let language = node.find(K::LANGUAGE_REF).map(|at| at.text().to_lowercase());
    if language.is_some_and(|language| language != "plpgsql") {
        return None;
    }
    let literal = node
        .children()
        .filter(|child| child.kind() == K::LITERAL)
        .find_map(|child| child.tokens().next())?;
    let text = literal.text();
    let start = literal.span().start;
    Some(if text.starts_with('$') {
        let tag = text.get(1..)?.find('$')? + 2;
        let inner = text.get(tag..text.len().saturating_sub(tag))?;
        body::read(inner, start + tag as u32, Dialect::Postgres, 0)
    } else {
        // Doubled quotes shift the offsets, but the lines stay right.
        body::read(&string(text), start + 1, Dialect::Postgres, 0)
    })
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
    Some(Operation::Drop {
        kind,
        names,
        on,
        if_exists: node.has(K::IF_EXISTS),
        cascade: node.has(K::CASCADE),
        concurrently: node.has(K::CONCURRENTLY_KW),
    })
}
