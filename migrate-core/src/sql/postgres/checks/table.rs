//! Tables, their columns and constraints, and indexes.

use squawk_parser::SyntaxKind as K;

use super::{alone, child_name, child_type, computed, kinds, number, part, refuse, relation, twice, value};
use crate::sql::postgres::expression::expr;
use crate::sql::postgres::names::child_word;
use crate::sql::postgres::table::item_column;
use crate::sql::postgres::tree::Node;
use crate::sql::{Check, Name, TablePart, Type};

/// The names of the columns that every table has.
const SYSTEM: &[&str] = &["cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"];

pub(super) fn created(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(table) = child_name(node, K::TABLE_NAME) else {
        return;
    };
    let list: Vec<Node<'_>> = node
        .child(K::TABLE_ARG_LIST)
        .into_iter()
        .flat_map(Node::children)
        .filter(|item| !item.is_token())
        .collect();
    for item in &list {
        match item.kind() {
            K::COLUMN => column(*item, &table, out),
            K::LIKE_CLAUSE => {}
            _ => constraint(*item, &table, out),
        }
    }
    if let Some(by) = node.child(K::PARTITION_BY) {
        partitioned(by, &list, node, out);
    }
    if let Some(bound) = node.child(K::PARTITION_FOR_VALUES_WITH) {
        hash_bound(bound, out);
    }
    if let Some(options) = node.child(K::WITH_PARAMS) {
        fill(options, out);
    }
}

pub(super) fn fill(options: Node<'_>, out: &mut Vec<Check>) {
    for option in options
        .descendants()
        .filter(|child| child.kind() == K::ATTRIBUTE_OPTION)
    {
        let named = child_word(option, K::ATTRIBUTE_NAME).is_some_and(|named| named.text == "fillfactor");
        let given = option.child(K::ATTRIBUTE_VALUE).and_then(number);
        if named && given.is_some_and(|given| !(10..=100).contains(&given)) {
            refuse(out, option, "fillfactor is from 10 to 100");
        }
    }
}

fn partitioned(by: Node<'_>, list: &[Node<'_>], node: Node<'_>, out: &mut Vec<Check>) {
    let items: Vec<Node<'_>> = by
        .child(K::PARTITION_ITEM_LIST)
        .into_iter()
        .flat_map(|items| kinds(items, K::PARTITION_ITEM))
        .collect();
    let strategy = by.child(K::PARTITION_STRATEGY).map_or("", Node::text);
    if strategy.eq_ignore_ascii_case("list") && items.len() > 1 {
        refuse(out, by, "a table is partitioned by LIST of one column");
    }
    if !["list", "range", "hash"]
        .iter()
        .any(|known| strategy.eq_ignore_ascii_case(known))
    {
        refuse(out, by, format!("there is no partitioning by {strategy}"));
    }
    if let Some(inherits) = node.child(K::INHERITS) {
        refuse(out, inherits, "a partitioned table inherits from none");
    }
    let columns: Vec<&Node<'_>> = list.iter().filter(|item| item.kind() == K::COLUMN).collect();
    let own = list.iter().all(|item| item.kind() != K::LIKE_CLAUSE);
    let whole = own && !node.has(K::PARTITION_OF) && !node.has(K::OF_TYPE) && !node.has(K::INHERITS);
    for item in items {
        let named = item_column(item);
        // In parentheses a name may be the whole row.
        if named.is_empty() || item.first_node().is_none_or(|node| node.kind() != K::NAME_REF) {
            continue;
        }
        let found = columns
            .iter()
            .find(|column| child_word(***column, K::COLUMN_NAME).is_some_and(|word| word.text == named));
        match found {
            None if whole => refuse(out, item, format!("the table has no column `{named}`")),
            Some(column) => {
                let generated = column.child(K::GENERATED_CONSTRAINT);
                if generated.is_some_and(|how| how.child(K::GENERATED_IDENTITY).is_none()) {
                    refuse(
                        out,
                        item,
                        format!("`{named}` is computed, and no table is partitioned by that"),
                    );
                }
            }
            None => {}
        }
    }
}

pub(super) fn hash_bound(bound: Node<'_>, out: &mut Vec<Check>) {
    let of = |which: &str| {
        kinds(bound, K::HASH_PARTITION_BOUND)
            .find(|part| {
                part.text()
                    .get(..which.len())
                    .is_some_and(|word| word.eq_ignore_ascii_case(which))
            })
            .and_then(Node::last_node)
            .and_then(number)
    };
    if let (Some(modulus), Some(remainder)) = (of("modulus"), of("remainder"))
        && (modulus < 1 || remainder < 0 || remainder >= modulus)
    {
        refuse(
            out,
            bound,
            format!("the remainder {remainder} is not below the modulus {modulus}"),
        );
    }
}

fn column(node: Node<'_>, table: &Name, out: &mut Vec<Check>) {
    let name = child_word(node, K::COLUMN_NAME).or_else(|| child_word(node, K::COLUMN_NAME_REF));
    let Some(name) = name else { return };
    if SYSTEM.contains(&&*name.text) {
        let message = format!("every table has a column `{name}` of its own");
        out.push(Check::Refused(name.span, message));
    }
    let default = node.child(K::DEFAULT_CONSTRAINT);
    let generated = node.child(K::GENERATED_CONSTRAINT);
    let identity = generated.and_then(|how| how.child(K::GENERATED_IDENTITY));
    if let (Some(null), true) = (node.child(K::NULL_CONSTRAINT), node.has(K::NOT_NULL_CONSTRAINT)) {
        refuse(out, null, format!("`{name}` is NULL and NOT NULL"));
    }
    if let (Some(default), Some(_)) = (default, identity) {
        refuse(out, default, format!("`{name}` has a default and is an identity"));
    }
    if let Some(second) = kinds(node, K::DEFAULT_CONSTRAINT).nth(1) {
        refuse(out, second, format!("`{name}` has two defaults"));
    }
    if let Some(options) = identity.and_then(|identity| identity.child(K::SEQUENCE_OPTION_LIST)) {
        super::plain::options(options, out);
    }
    let ty = child_type(node);
    if let (Some(ty), Some(default)) = (&ty, default)
        && ty.is_serial()
    {
        refuse(
            out,
            default,
            format!("`{name}` is {ty}, which is a default already"),
        );
    }
    if let (Some(ty), Some(collation)) = (&ty, node.child(K::COLLATE)) {
        let without = [
            "bigint",
            "boolean",
            "date",
            "integer",
            "jsonb",
            "numeric",
            "smallint",
            "timestamp",
            "timestamptz",
            "uuid",
        ];
        if without.contains(&&*ty.name) && ty.schema.is_none() {
            refuse(out, collation, format!("{ty} has no collation"));
        }
    }
    if let Some(ty) = &ty {
        modifiers(ty, out);
        out.push(Check::Types(vec![ty.clone()]));
        if let Some(given) = default.and_then(Node::last_node) {
            out.push(Check::Fits(ty.clone(), value(given), Vec::new()));
        }
    }
    if let Some(how) = generated.filter(|_| identity.is_none()) {
        if let Some(inner) = how.find(K::GENERATED_STORED).and_then(inner) {
            match &ty {
                Some(ty) => out.push(Check::Fits(ty.clone(), value(inner), alone(table))),
                None => computed(out, &alone(table), inner, None),
            }
        }
        let sets = |reference: &Node<'_>| {
            let action = reference.child(K::ON_DELETE_ACTION);
            action.is_some_and(|action| {
                let text = action.text().to_lowercase();
                text.contains("set null") || text.contains("set default")
            })
        };
        if let Some(reference) = kinds(node, K::REFERENCES_CONSTRAINT).find(sets) {
            refuse(
                out,
                reference,
                format!("`{name}` is computed, and no foreign key can set it"),
            );
        }
    }
    for child in node.children().filter(|child| !child.is_token()) {
        constraint(child, table, out);
    }
}

/// What stands in the parentheses of a node.
fn inner(node: Node<'_>) -> Option<Node<'_>> {
    let mut after = node
        .children()
        .skip_while(|child| child.kind() != K::L_PAREN)
        .skip(1);
    after.find(|child| !child.is_token())
}

fn constraint(node: Node<'_>, table: &Name, out: &mut Vec<Check>) {
    let kind = node.kind();
    if matches!(kind, K::UNIQUE_CONSTRAINT | K::PRIMARY_KEY_CONSTRAINT) {
        let columns = node.find(K::CONSTRAINT_COLUMN_REF_LIST).into_iter();
        if let Some((name, span)) = twice(columns.flat_map(|list| kinds(list, K::COLUMN_NAME_REF))) {
            out.push(Check::Refused(span, format!("`{name}` stands in the key twice")));
        }
    }
    if kind == K::EXCLUDE_CONSTRAINT {
        super::index::exclusion(node, table, out);
    }
    if kind == K::CHECK_CONSTRAINT {
        if let Some(value) = inner(node) {
            computed(out, &alone(table), value, Some("CHECK"));
        }
        let waits = node.descendants().find(|child| {
            matches!(
                child.kind(),
                K::DEFERRABLE_CONSTRAINT_OPTION | K::INITIALLY_DEFERRED_CONSTRAINT_OPTION
            )
        });
        if let Some(waits) = waits {
            refuse(out, waits, "a CHECK cannot wait: it is not DEFERRABLE");
        }
    }
}

/// What a type takes in parentheses.
fn modifiers(ty: &Type, out: &mut Vec<Check>) {
    let Some((_, rest)) = ty.text.split_once('(') else {
        return;
    };
    let first: Option<i64> = rest
        .split([',', ')'])
        .next()
        .and_then(|number| number.trim().parse().ok());
    let name = ty
        .text
        .split(['(', ' '])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let why = match (&*ty.name, first) {
        (_, None) => return,
        _ if ty.schema.is_some() => return,
        (_, Some(bits)) if name == "float" && !(1..=53).contains(&bits) => "has from 1 to 53 bits",
        _ if name == "float" => return,
        ("varchar" | "char" | "bit" | "varbit", Some(length)) if length < 1 => "is at least 1 long",
        ("varchar" | "char", Some(length)) if length > 10_485_760 => "is at most 10485760 long",
        ("numeric", Some(digits)) if !(1..=1000).contains(&digits) => "has from 1 to 1000 digits",
        (
            "text" | "uuid" | "json" | "jsonb" | "date" | "boolean" | "bytea" | "smallint" | "integer"
            | "bigint" | "serial" | "bigserial" | "smallserial" | "real" | "double precision" | "inet"
            | "cidr" | "tsvector" | "xml" | "money",
            Some(_),
        ) => "takes nothing in parentheses",
        _ => return,
    };
    out.push(Check::Refused(ty.span, format!("`{name}` {why}")));
}

pub(super) fn domain(node: Node<'_>, out: &mut Vec<Check>) {
    if node.kind() == K::ALTER_DOMAIN {
        let Some(name) = child_name(node, K::DOMAIN_REF) else {
            return;
        };
        let added = node
            .child(K::ADD_CONSTRAINT)
            .and_then(|action| action.child(K::CHECK_CONSTRAINT));
        if let Some(check) = added.and_then(inner) {
            out.push(Check::Domain(Some(name), None, value(check)));
        }
        return;
    }
    let Some(ty) = child_type(node) else { return };
    if let (Some(null), true) = (node.child(K::NULL_CONSTRAINT), node.has(K::NOT_NULL_CONSTRAINT)) {
        refuse(out, null, "the domain is NULL and NOT NULL");
    }
    modifiers(&ty, out);
    out.push(Check::Types(vec![ty.clone()]));
    if let Some(given) = node.child(K::DEFAULT_CONSTRAINT).and_then(Node::last_node) {
        out.push(Check::Fits(ty.clone(), value(given), Vec::new()));
    }
    for check in kinds(node, K::CHECK_CONSTRAINT) {
        if let Some(check) = inner(check) {
            out.push(Check::Domain(None, Some(ty.clone()), value(check)));
        }
        let named = inner(check).map(expr).filter(|check| !check.query);
        if let Some(other) = named.and_then(|check| check.columns.into_iter().next()) {
            refuse(
                out,
                check,
                format!("a CHECK of a domain is about VALUE, and knows no `{other}`"),
            );
        }
    }
}

pub(super) fn altered(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(table) = relation(node) else { return };
    let only = node
        .child(K::TABLE_RELATION_NAME)
        .is_some_and(|table| table.has(K::ONLY_KW));
    let loses = |column: &str| {
        kinds(node, K::ALTER_COLUMN).any(|action| {
            action.has(K::DROP_DEFAULT)
                && child_word(action, K::COLUMN_NAME_REF).is_some_and(|word| word.text == column)
        })
    };
    for action in node.children().filter(|child| !child.is_token()) {
        let mut parts_too = false;
        match action.kind() {
            K::ADD_COLUMN => {
                parts_too = true;
                column(action, &table, out);
                let given = action.child(K::DEFAULT_CONSTRAINT).and_then(Node::last_node);
                if let (Some(ty), Some(given), false) =
                    (child_type(action), given, action.has(K::IF_NOT_EXISTS))
                {
                    out.push(Check::Room(ty, value(given)));
                }
            }
            K::DROP_COLUMN => parts_too = true,
            K::ALTER_COLUMN => {
                let Some(column) = child_word(action, K::COLUMN_NAME_REF) else {
                    continue;
                };
                if let Some(given) = action.child(K::SET_DEFAULT).and_then(Node::last_node) {
                    out.push(Check::Default {
                        table: table.clone(),
                        column,
                        value: value(given),
                    });
                } else if let Some(change) = action.child(K::SET_TYPE) {
                    let Some(ty) = child_type(change) else { continue };
                    modifiers(&ty, out);
                    out.push(Check::Types(vec![ty.clone()]));
                    let using = change.child(K::USING_EXPR).and_then(Node::last_node);
                    out.push(Check::Converted {
                        loses_default: loses(&column.text),
                        table: table.clone(),
                        column,
                        ty,
                        using: using.map(value),
                    });
                } else {
                    parts_too = action.has(K::SET_NOT_NULL);
                }
            }
            K::ADD_CONSTRAINT => {
                let Some(added) = action.first_node() else {
                    continue;
                };
                constraint(added, &table, out);
                parts_too = added.kind() == K::CHECK_CONSTRAINT && added.find(K::NO_INHERIT).is_none();
                if let Some(alone) = added.find(K::NO_INHERIT) {
                    out.push(Check::NoInherit(table.clone(), alone.span()));
                }
                let using = added.child(K::USING_INDEX_NAME);
                part(
                    out,
                    &table,
                    TablePart::Index,
                    using.and_then(|using| using.child(K::INDEX_REF)),
                );
                let waits = action.find(K::NOT_VALID);
                if let Some(waits) = waits
                    && matches!(
                        added.kind(),
                        K::UNIQUE_CONSTRAINT | K::PRIMARY_KEY_CONSTRAINT | K::EXCLUDE_CONSTRAINT
                    )
                {
                    refuse(
                        out,
                        waits,
                        "only a CHECK, a foreign key and a NOT NULL can be NOT VALID",
                    );
                }
            }
            K::CLUSTER_ON => part(out, &table, TablePart::Index, action.child(K::INDEX_REF)),
            K::REPLICA_IDENTITY => {
                let using = action.child(K::USING_INDEX_NAME);
                let index = using.and_then(|using| using.child(K::INDEX_REF));
                part(out, &table, TablePart::UniqueIndex, index);
            }
            K::DISABLE_TRIGGER | K::ENABLE_TRIGGER | K::ENABLE_ALWAYS_TRIGGER | K::ENABLE_REPLICA_TRIGGER => {
                part(out, &table, TablePart::Trigger, action.child(K::TRIGGER_REF));
            }
            K::ATTACH_PARTITION => {
                if let Some(bound) = action.child(K::PARTITION_FOR_VALUES_WITH) {
                    hash_bound(bound, out);
                }
            }
            _ => {}
        }
        if only && parts_too {
            out.push(Check::Only {
                table: table.clone(),
                span: action.span(),
            });
        }
    }
}
