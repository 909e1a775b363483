//! ALTER of tables and of everything else that has a name.

use squawk_parser::SyntaxKind as K;

use super::expression::{cast_value, child_expr, expr, shape, strip, tested_column};
use super::names::{child_name, child_word, fold, name, relation, string, word};
use super::table::{bound, column, constraint, heirs, is_unproven};
use super::tree::Node;
use super::types::child_type;
use crate::model::Dialect;
use crate::sql::behaviour::behaviour;
use crate::sql::{
    Action, AttributeChange, ColumnChange, ConstraintKind, DomainChange, Expr, ObjectKind, Operation, Shape,
    Toggle, Type, TypeChange, Word,
};

pub(super) fn alter(node: Node<'_>) -> Option<Operation> {
    let kind = match node.kind() {
        K::ALTER_TABLE => ObjectKind::Table,
        K::ALTER_FOREIGN_TABLE => ObjectKind::ForeignTable,
        K::ALTER_INDEX => ObjectKind::Index,
        K::ALTER_VIEW => ObjectKind::View,
        K::ALTER_MATERIALIZED_VIEW => ObjectKind::MaterializedView,
        K::ALTER_SEQUENCE => ObjectKind::Sequence,
        K::ALTER_TYPE => ObjectKind::Type,
        K::ALTER_DOMAIN => ObjectKind::Domain,
        K::ALTER_PROCEDURE => ObjectKind::Procedure,
        K::ALTER_AGGREGATE => ObjectKind::Aggregate,
        K::ALTER_SCHEMA => ObjectKind::Schema,
        K::ALTER_TRIGGER => ObjectKind::Trigger,
        K::ALTER_POLICY => ObjectKind::Policy,
        _ => ObjectKind::Function,
    };
    if let Some(all) = node.child(K::ALL_IN_TABLESPACE) {
        return Some(Operation::MoveAll {
            kind,
            from: child_word(all, K::TABLESPACE_REF)?,
            to: last(all.child(K::SET_TABLESPACE)?)?,
        });
    }
    let target = node.children().find(|child| {
        matches!(
            child.kind(),
            K::TABLE_RELATION_NAME
                | K::RELATION_NAME
                | K::TABLE_NAME_REF
                | K::RELATION_NAME_REF
                | K::INDEX_REF
                | K::VIEW_REF
                | K::SEQUENCE_REF
                | K::TYPE_NAME_REF
                | K::DOMAIN_REF
                | K::FUNCTION_SIG
                | K::PROCEDURE_SIG
                | K::ROUTINE_SIG
                | K::AGGREGATE
                | K::SCHEMA_REF
                | K::TRIGGER_REF
                | K::POLICY_REF
        )
    })?;
    let path = target
        .children()
        .find(|child| !child.is_token() && child.kind() != K::PARAM_LIST);
    let name = match target.kind() {
        K::TABLE_RELATION_NAME | K::RELATION_NAME | K::FUNCTION_SIG | K::PROCEDURE_SIG | K::ROUTINE_SIG => {
            name(path?)?
        }
        K::AGGREGATE => name(path.unwrap_or(target))?,
        _ => name(target)?,
    };
    let rest = || {
        node.children()
            .skip_while(move |child| child.span() != target.span())
            .skip(1)
    };
    if matches!(kind, ObjectKind::Trigger | ObjectKind::Policy) {
        let renamed = [K::TRIGGER_RENAME_TO, K::POLICY_RENAME_TO]
            .iter()
            .find_map(|how| node.child(*how));
        let actions = match (word(target), renamed.and_then(Node::first_node).and_then(word)) {
            (Some(from), Some(to)) if kind == ObjectKind::Policy => vec![Action::RenamePolicy(from, to)],
            (Some(from), Some(to)) => vec![Action::RenameTrigger(from, to)],
            (Some(name), None) if kind == ObjectKind::Policy => vec![Action::ChangePolicy(name)],
            _ => vec![Action::Harmless],
        };
        return Some(Operation::Alter {
            kind: ObjectKind::Table,
            name: relation(node)?,
            if_exists: false,
            actions,
        });
    }
    if kind == ObjectKind::Type
        && let Some(change) = rest().find_map(type_change)
    {
        return Some(Operation::AlterType { name, change });
    }
    if kind == ObjectKind::Domain
        && let Some(change) = rest().find_map(domain_change)
    {
        return Some(Operation::AlterDomain { name, change });
    }
    if matches!(kind, ObjectKind::Function | ObjectKind::Procedure)
        && let Some(volatility) = node
            .child(K::FUNC_OPTION_LIST)
            .and_then(super::function::volatility)
    {
        return Some(Operation::CreateFunction {
            name,
            or_replace: true,
            alters: true,
            volatility,
            drops: false,
            of_trigger: false,
            definition: None,
            signature: None,
            of: super::function::named_types(node),
            body: None,
        });
    }
    let if_exists = node.has(K::IF_EXISTS);
    let mut actions: Vec<Action> = rest()
        .filter(|child| !child.is_token())
        .map(|child| action(child, kind))
        .collect();
    let moves = |action: &Action| matches!(action, Action::RenameTo(_) | Action::SetSchema(_));
    if matches!(kind, ObjectKind::Function | ObjectKind::Procedure)
        && actions.iter().any(moves)
        && let Some(takes) = super::function::named_types(node)
    {
        actions.push(Action::Takes(takes));
    }
    Some(Operation::Alter {
        kind,
        name,
        if_exists,
        actions,
    })
}

fn type_change(node: Node<'_>) -> Option<TypeChange> {
    let values: Vec<String> = node
        .children()
        .filter(|child| child.kind() == K::LITERAL)
        .map(|value| string(value.text()))
        .collect();
    match node.kind() {
        K::ADD_VALUE => Some(TypeChange::AddValue {
            value: values.first()?.clone(),
            beside: node
                .children()
                .filter(|child| !child.is_token() && child.kind() != K::LITERAL)
                .find_map(|at| at.find(K::LITERAL))
                .map(|value| string(value.text())),
            before: node.has(K::BEFORE_VALUE),
            if_not_exists: node.has(K::IF_NOT_EXISTS),
        }),
        K::RENAME_VALUE => {
            let mut values = values.into_iter();
            Some(TypeChange::RenameValue(values.next()?, values.next()?))
        }
        K::RENAME_ATTRIBUTE => Some(TypeChange::Attributes(vec![attribute(node)?])),
        K::ALTER_TYPE_ATTRIBUTE_ACTION_LIST => {
            let actions = node.children().filter(|child| !child.is_token());
            Some(TypeChange::Attributes(actions.filter_map(attribute).collect()))
        }
        _ => None,
    }
}

fn attribute(node: Node<'_>) -> Option<AttributeChange> {
    Some(match node.kind() {
        K::RENAME_ATTRIBUTE => AttributeChange::Rename(
            child_word(node, K::COMPOSITE_FIELD_REF)?,
            child_word(node, K::COMPOSITE_FIELD)?,
        ),
        K::DROP_ATTRIBUTE => {
            AttributeChange::Drop(child_word(node, K::COMPOSITE_FIELD_REF)?, node.has(K::IF_EXISTS))
        }
        K::ADD_ATTRIBUTE => AttributeChange::Add(word(node.find(K::COMPOSITE_FIELD)?)?),
        _ => AttributeChange::Other,
    })
}

fn domain_change(node: Node<'_>) -> Option<DomainChange> {
    Some(match node.kind() {
        K::ADD_CONSTRAINT => {
            let mut added = constraint(node.first_node()?, None)?;
            added.not_valid |= is_unproven(node);
            DomainChange::AddConstraint(Box::new(added))
        }
        K::VALIDATE_CONSTRAINT => DomainChange::Validate(last_word(node)?),
        K::DROP_CONSTRAINT => DomainChange::DropConstraint(last_word(node)?, node.has(K::IF_EXISTS)),
        K::SET_NOT_NULL => DomainChange::SetNotNull,
        K::DROP_NOT_NULL | K::SET_DEFAULT | K::DROP_DEFAULT => DomainChange::Harmless,
        _ => return None,
    })
}

fn last_word(node: Node<'_>) -> Option<Word> {
    let at = node
        .children()
        .find(|child| matches!(child.kind(), K::CONSTRAINT_NAME_REF))?;
    word(at)
}

fn action(node: Node<'_>, kind: ObjectKind) -> Action {
    read(node, kind).unwrap_or(Action::Unknown(node.span()))
}

fn read(node: Node<'_>, kind: ObjectKind) -> Option<Action> {
    Some(match node.kind() {
        K::ADD_COLUMN => Action::AddColumn {
            column: Box::new(column(node)?),
            if_not_exists: node.has(K::IF_NOT_EXISTS),
        },
        K::DROP_COLUMN => Action::DropColumn {
            column: child_word(node, K::COLUMN_NAME_REF)?,
            if_exists: node.has(K::IF_EXISTS),
            cascade: node.has(K::CASCADE),
        },
        K::ALTER_COLUMN | K::ALTER_VIEW_COLUMN => {
            let change = node.children().filter(|child| !child.is_token()).last()?;
            let Some(column) = child_word(node, K::COLUMN_NAME_REF) else {
                return Some(Action::Harmless);
            };
            Action::AlterColumn {
                column,
                change: column_change(change),
                span: node.span(),
            }
        }
        K::ADD_CONSTRAINT => {
            let mut added = constraint(node.first_node()?, None)?;
            added.not_valid |= is_unproven(node);
            if matches!(added.kind, ConstraintKind::Check(_)) {
                added.behaviour = heirs(node);
            }
            Action::AddConstraint(Box::new(added))
        }
        K::ALTER_CONSTRAINT => {
            let text = node.text();
            let lower = text.to_lowercase();
            match lower.contains("deferr") || lower.contains("initially") {
                true => Action::AlterConstraint(last_word(node)?, behaviour(text, Dialect::Postgres)),
                false => Action::Harmless,
            }
        }
        K::VALIDATE_CONSTRAINT => Action::ValidateConstraint(last_word(node)?),
        K::DROP_CONSTRAINT => Action::DropConstraint {
            name: last_word(node)?,
            if_exists: node.has(K::IF_EXISTS),
            cascade: node.has(K::CASCADE),
        },
        K::TABLE_RENAME_TO
        | K::VIEW_RENAME_TO
        | K::INDEX_RENAME_TO
        | K::SEQUENCE_RENAME_TO
        | K::TYPE_RENAME_TO
        | K::DOMAIN_RENAME_TO
        | K::FUNCTION_RENAME_TO
        | K::PROCEDURE_RENAME_TO
        | K::ROUTINE_RENAME_TO
        | K::AGGREGATE_RENAME_TO
        | K::SCHEMA_RENAME_TO
        | K::TRIGGER_RENAME_TO => Action::RenameTo(word(node.first_node()?)?),
        K::RENAME_COLUMN => Action::RenameColumn(
            child_word(node, K::COLUMN_NAME_REF)?,
            child_word(node, K::COLUMN_NAME)?,
            false,
        ),
        K::RENAME_CONSTRAINT => {
            Action::RenameConstraint(last_word(node)?, child_word(node, K::CONSTRAINT_NAME)?)
        }
        K::SET_SCHEMA => Action::SetSchema(child_word(node, K::SCHEMA_REF)?),
        K::ATTACH_PARTITION => Action::AttachPartition(child_name(node, K::TABLE_NAME_REF)?, bound(node)?),
        K::DETACH_PARTITION => Action::DetachPartition {
            child: child_name(node, K::TABLE_NAME_REF)?,
            concurrently: node.has(K::DETACH_CONCURRENTLY),
            finalize: node.has(K::DETACH_FINALIZE),
        },
        K::ATTACH_INDEX_PARTITION => Action::AttachIndex(child_name(node, K::INDEX_REF)?),
        K::SET_LOGGED => Action::SetLogged(true),
        K::SET_UNLOGGED => Action::SetLogged(false),
        K::SET_TABLESPACE if kind == ObjectKind::Index => Action::SetTablespace(last(node)?),
        K::SET_TABLESPACE => Action::SetTablespace(last(node)?),
        K::SET_ACCESS_METHOD => Action::SetAccessMethod(last(node)?),
        K::ENABLE_RLS | K::DISABLE_RLS => Action::RowSecurity {
            hides: node.kind() == K::ENABLE_RLS,
            owner: false,
        },
        K::FORCE_RLS | K::NO_FORCE_RLS => Action::RowSecurity {
            hides: node.kind() == K::FORCE_RLS,
            owner: true,
        },
        K::DISABLE_TRIGGER => toggle(node, true, true),
        K::ENABLE_TRIGGER | K::ENABLE_ALWAYS_TRIGGER | K::ENABLE_REPLICA_TRIGGER => toggle(node, true, false),
        K::DISABLE_RULE => toggle(node, false, true),
        K::ENABLE_RULE | K::ENABLE_ALWAYS_RULE | K::ENABLE_REPLICA_RULE => toggle(node, false, false),
        K::INHERIT_TABLE => Action::Inherit {
            parent: child_name(node, K::TABLE_NAME_REF)?,
            on: true,
        },
        K::NO_INHERIT_TABLE => Action::Inherit {
            parent: child_name(node, K::TABLE_NAME_REF)?,
            on: false,
        },
        K::OF_TYPE => Action::Typed(Some(node.last_node().and_then(super::table::type_name)?)),
        K::NOT_OF => Action::Typed(None),
        K::MERGE_PARTITIONS | K::SPLIT_PARTITION => return None,
        _ => Action::Harmless,
    })
}

fn last(node: Node<'_>) -> Option<Word> {
    let token = node.tokens().last()?;
    Some(Word {
        text: fold(token.text()),
        span: token.span(),
    })
}

fn toggle(node: Node<'_>, trigger: bool, disable: bool) -> Action {
    let named = node
        .children()
        .find(|child| matches!(child.kind(), K::TRIGGER_REF | K::RULE_REF));
    let name = named.and_then(word).map(|word| word.text);
    Action::Toggle(Toggle {
        trigger,
        name,
        disable,
    })
}

/// The value of USING. A last cast to the type that the column gets anyway says nothing, and a column can only be one of
/// the table, named with it or without.
fn using(value: Node<'_>, ty: Option<&Type>) -> Expr {
    let mut inner = strip(value);
    while inner.kind() == K::CAST_EXPR
        && child_type(inner).as_ref() == ty
        && let Some(cast) = cast_value(inner).map(strip)
        && cast.kind() == K::CAST_EXPR
    {
        inner = cast;
    }
    let mut using = expr(value);
    using.shape = match (inner.kind(), tested_column(inner)) {
        (K::FIELD_EXPR, Some(column)) => Shape::Column(column),
        _ => shape(inner),
    };
    using
}

fn column_change(node: Node<'_>) -> ColumnChange {
    match node.kind() {
        K::SET_TYPE => ColumnChange::Type {
            ty: child_type(node).unwrap_or_default(),
            collation: node
                .child(K::COLLATE)
                .and_then(|collate| last(collate))
                .map(|word| word.text),
            using: node
                .child(K::USING_EXPR)
                .and_then(|using| using.last_node())
                .map(|value| using(value, child_type(node).as_ref())),
        },
        K::SET_DEFAULT => match node.last_node().map(expr) {
            Some(value) => ColumnChange::SetDefault(value),
            None => ColumnChange::Harmless,
        },
        K::DROP_DEFAULT => ColumnChange::DropDefault,
        K::SET_NOT_NULL => ColumnChange::SetNotNull,
        K::DROP_NOT_NULL => ColumnChange::DropNotNull,
        K::ADD_GENERATED => ColumnChange::AddIdentity {
            always: node.has(K::GENERATED_ALWAYS),
        },
        K::SET_GENERATED_OPTIONS | K::SET_GENERATED | K::RESTART => ColumnChange::SetIdentity,
        K::DROP_IDENTITY => ColumnChange::DropIdentity {
            if_exists: node.has(K::IF_EXISTS),
        },
        K::SET_EXPRESSION => match child_expr(node) {
            Some(value) => ColumnChange::SetExpression(value),
            None => ColumnChange::Harmless,
        },
        K::DROP_EXPRESSION => ColumnChange::DropExpression {
            if_exists: node.has(K::IF_EXISTS),
        },
        _ => ColumnChange::Harmless,
    }
}
