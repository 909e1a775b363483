//! Statements about objects by their names: policies, publications, comments, rights.

use squawk_parser::SyntaxKind as K;

use super::{alone, child_name, computed, kinds, name, part, refuse, relation};
use crate::sql::postgres::tree::Node;
use crate::sql::{Check, ObjectKind, TablePart};

pub(super) fn policy(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(table) = relation(node) else { return };
    let using = node.find(K::USING_EXPR_CLAUSE);
    let check = node.find(K::WITH_CHECK_EXPR_CLAUSE);
    let command = node
        .child(K::POLICY_COMMAND)
        .and_then(Node::first_node)
        .map(Node::kind);
    match (command, using, check) {
        (Some(K::POLICY_COMMAND_INSERT), Some(using), _) => {
            refuse(out, using, "a policy of INSERT has WITH CHECK and no USING");
        }
        (Some(K::POLICY_COMMAND_SELECT | K::POLICY_COMMAND_DELETE), _, Some(check)) => {
            refuse(
                out,
                check,
                "a policy of SELECT or DELETE has USING and no WITH CHECK",
            );
        }
        _ => {}
    }
    for clause in using.into_iter().chain(check) {
        if let Some(value) = clause.children().find(|child| !child.is_token()) {
            computed(out, &alone(&table), value, Some("a policy"));
        }
    }
    out.push(Check::There(ObjectKind::Table, table.clone()));
    if node.kind() == K::ALTER_POLICY {
        part(out, &table, TablePart::Policy, node.child(K::POLICY_REF));
    }
}

pub(super) fn refresh(node: Node<'_>, out: &mut Vec<Check>) {
    let nothing = node.child(K::WITH_NO_DATA);
    if let Some(nothing) = nothing.filter(|_| node.has(K::CONCURRENTLY_KW)) {
        refuse(
            out,
            nothing,
            "CONCURRENTLY compares with new data, so it does not go with WITH NO DATA",
        );
    }
}

/// The catalogs of the server are locked while their indexes are built again.
pub(super) fn reindex(node: Node<'_>, out: &mut Vec<Check>) {
    let waits = node.tokens().any(|token| token.kind() == K::CONCURRENTLY_KW);
    if waits && !node.text().contains('(') {
        refuse(
            out,
            node,
            "the system catalogs are not indexed again CONCURRENTLY",
        );
    }
}

pub(super) fn publication(node: Node<'_>, out: &mut Vec<Check>) {
    if node.find(K::DROP_PUBLICATION_OBJECTS).is_some() {
        return;
    }
    for object in node
        .descendants()
        .filter(|child| child.kind() == K::PUBLICATION_OBJECT_TABLE)
    {
        let Some(table) = child_name(object, K::TABLE_NAME_REF) else {
            continue;
        };
        out.push(Check::There(ObjectKind::Table, table.clone()));
        let columns = object.child(K::COLUMN_REF_LIST).into_iter();
        for column in columns.flat_map(|list| kinds(list, K::COLUMN_NAME_REF)) {
            part(out, &table, TablePart::Column, Some(column));
        }
        let condition = object.child(K::WHERE_CONDITION_CLAUSE);
        if let Some(value) = condition.and_then(|clause| clause.children().find(|child| !child.is_token())) {
            computed(out, &alone(&table), value, Some("WHERE"));
        }
    }
}

pub(super) fn comment(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(object) = node.children().find(|child| !child.is_token()) else {
        return;
    };
    let on = |kind: K| child_name(object, kind);
    let of_table = match object.kind() {
        K::OBJECT_CONSTRAINT => Some((TablePart::Constraint, K::CONSTRAINT_NAME_REF)),
        K::OBJECT_TRIGGER => Some((TablePart::Trigger, K::TRIGGER_REF)),
        K::OBJECT_POLICY => Some((TablePart::Policy, K::POLICY_REF)),
        _ => None,
    };
    if let Some((kind, at)) = of_table {
        if object
            .children()
            .any(|child| child.is_token() && child.text().eq_ignore_ascii_case("domain"))
        {
            return;
        }
        if let Some(table) = on(K::TABLE_NAME_REF).or_else(|| on(K::RELATION_NAME_REF)) {
            part(out, &table, kind, object.child(at));
        }
        return;
    }
    let (kind, at) = match object.kind() {
        K::OBJECT_TABLE => (ObjectKind::Table, K::TABLE_NAME_REF),
        K::OBJECT_VIEW => (ObjectKind::View, K::VIEW_REF),
        K::OBJECT_MATERIALIZED_VIEW => (ObjectKind::MaterializedView, K::VIEW_REF),
        K::OBJECT_INDEX => (ObjectKind::Index, K::INDEX_REF),
        K::OBJECT_SEQUENCE => (ObjectKind::Sequence, K::SEQUENCE_REF),
        K::OBJECT_TYPE => (ObjectKind::Type, K::TYPE_NAME_REF),
        _ => return,
    };
    let named = on(at).or_else(|| on(K::RELATION_NAME_REF));
    out.extend(named.map(|name| Check::There(kind, name)));
}

pub(super) fn grant(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(objects) = node
        .child(K::ON_PRIVILEGE_OBJECTS_CLAUSE)
        .and_then(Node::first_node)
    else {
        return;
    };
    let commands = || {
        let list = node.child(K::REVOKE_COMMAND_LIST).into_iter();
        list.flat_map(|list| kinds(list, K::REVOKE_COMMAND))
    };
    match objects.kind() {
        K::PRIVILEGE_TABLE | K::PRIVILEGE_DEFAULT => {
            for command in commands() {
                let text = command.text().to_lowercase();
                if matches!(&*text, "execute" | "create" | "connect" | "temporary" | "temp") {
                    refuse(
                        out,
                        command,
                        format!("a table has no right to {}", text.to_uppercase()),
                    );
                }
            }
            for table in kinds(objects, K::RELATION_NAME_REF).filter_map(name) {
                out.push(Check::There(ObjectKind::Other, table.clone()));
                let columns = commands().filter_map(|command| command.child(K::COLUMN_REF_LIST));
                for column in columns.flat_map(|list| kinds(list, K::COLUMN_NAME_REF)) {
                    part(out, &table, TablePart::Column, Some(column));
                }
            }
        }
        K::PRIVILEGE_SEQUENCE => {
            let named = kinds(objects, K::SEQUENCE_REF).filter_map(name);
            out.extend(named.map(|name| Check::There(ObjectKind::Sequence, name)));
        }
        _ => {}
    }
}

pub(super) fn cluster(node: Node<'_>, out: &mut Vec<Check>) {
    let (Some(table), Some(using)) = (
        child_name(node, K::TABLE_NAME_REF),
        node.child(K::CLUSTER_USING_INDEX),
    ) else {
        return;
    };
    part(out, &table, TablePart::Index, using.child(K::INDEX_REF));
}
