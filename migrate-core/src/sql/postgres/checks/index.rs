//! Indexes: their columns, expressions, conditions and options.

use squawk_parser::SyntaxKind as K;

use super::table::fill;
use super::{alone, computed, kinds, part, refuse, relation, value, word};
use crate::sql::postgres::expression::expr;
use crate::sql::postgres::names::{child_word, name};
use crate::sql::postgres::table::item_column;
use crate::sql::postgres::tree::Node;
use crate::sql::{Check, Indexed, Name, TablePart};

pub(super) fn index(node: Node<'_>, out: &mut Vec<Check>) {
    let (Some(table), Some(list)) = (relation(node), node.child(K::PARTITION_ITEM_LIST)) else {
        return;
    };
    let method = node
        .child(K::USING_METHOD)
        .and_then(Node::last_node)
        .and_then(word)
        .map_or_else(|| "btree".to_owned(), |word| word.text);
    let items: Vec<Node<'_>> = kinds(list, K::PARTITION_ITEM).collect();
    if let (Some(second), "hash") = (items.get(1), &*method) {
        refuse(out, *second, "a hash index is over one column");
    }
    for item in &items {
        item_of(*item, &table, &method, out);
    }
    if let Some(clause) = node.child(K::INDEX_INCLUDE_CLAUSE) {
        let included = clause.child(K::PARTITION_ITEM_LIST).into_iter();
        for item in included.flat_map(|list| kinds(list, K::PARTITION_ITEM)) {
            match item_column(item).is_empty() {
                true => refuse(out, item, "INCLUDE takes columns, no expressions"),
                false => part(out, &table, TablePart::Column, Some(item)),
            }
        }
        if matches!(&*method, "hash" | "gin" | "brin") {
            refuse(
                out,
                clause,
                format!("an index of the kind {method} includes no columns"),
            );
        }
    }
    if let Some(condition) = node.child(K::WHERE_CLAUSE).and_then(Node::first_node) {
        if expr(condition).query {
            refuse(out, condition, "the condition of an index asks no query");
        }
        aggregates(condition, out);
        computed(out, &alone(&table), condition, Some("WHERE"));
    }
    if let Some(options) = node.child(K::WITH_PARAMS) {
        storage(options, &method, out);
    }
}

fn aggregates(node: Node<'_>, out: &mut Vec<Check>) {
    over_one(node, "an index", out);
}

/// Reports what is computed over many rows where there is one.
pub(super) fn over_one(node: Node<'_>, what: &str, out: &mut Vec<Check>) {
    let over_rows = ["array_agg", "avg", "count", "string_agg", "sum"];
    // A query within has rows of its own.
    if matches!(node.kind(), K::SELECT | K::COMPOUND_SELECT | K::VALUES) {
        return;
    }
    if node.kind() == K::CALL_EXPR && node.find(K::OVER_CLAUSE).is_none() {
        let called = node.first_node().and_then(name);
        if called.is_some_and(|name| name.schema.is_none() && over_rows.contains(&&*name.name)) {
            return refuse(
                out,
                node,
                format!("{what} is about one row, and this is computed over many"),
            );
        }
    }
    for part in node.children().filter(|part| !part.is_token()) {
        over_one(part, what, out);
    }
}

fn item_of(item: Node<'_>, table: &Name, method: &str, out: &mut Vec<Check>) {
    let Some(first) = item.first_node() else { return };
    let (of, collation) = match first.kind() {
        K::COLLATE => (first.first_node(), Some(first.span())),
        _ => (Some(first), item.child(K::COLLATE).map(Node::span)),
    };
    let Some(of) = of else { return };
    match of.kind() {
        K::BIN_EXPR | K::PREFIX_EXPR | K::CASE_EXPR | K::LITERAL => {
            refuse(out, of, "an expression of an index stands in parentheses");
            return;
        }
        K::CAST_EXPR
            if !of
                .text()
                .get(..4)
                .is_some_and(|word| word.eq_ignore_ascii_case("cast")) =>
        {
            refuse(out, of, "an expression of an index stands in parentheses");
            return;
        }
        K::NAME_REF => {}
        _ => {
            if expr(of).query {
                refuse(out, of, "an index asks no query");
            }
            aggregates(of, out);
            computed(out, &alone(table), of, None);
        }
    }
    out.push(Check::Index(Box::new(Indexed {
        table: table.clone(),
        method: method.to_owned(),
        value: value(of),
        class: item
            .child(K::OP_CLASS_REF)
            .and_then(Node::first_node)
            .and_then(word),
        collation,
    })));
}

/// What an exclusion constraint looks up in its index.
pub(super) fn exclusion(node: Node<'_>, table: &Name, out: &mut Vec<Check>) {
    let method = node
        .child(K::CONSTRAINT_INDEX_METHOD)
        .and_then(Node::last_node)
        .and_then(word)
        .map_or_else(|| "btree".to_owned(), |word| word.text);
    let list = node.child(K::CONSTRAINT_EXCLUSION_LIST).into_iter();
    for item in list.flat_map(|list| kinds(list, K::CONSTRAINT_EXCLUSION)) {
        let Some(of) = item.first_node().filter(|of| of.kind() == K::NAME_REF) else {
            continue;
        };
        out.push(Check::Index(Box::new(Indexed {
            table: table.clone(),
            method: method.clone(),
            value: value(of),
            class: None,
            collation: None,
        })));
    }
}

/// The storage parameters of an index.
fn storage(options: Node<'_>, method: &str, out: &mut Vec<Check>) {
    let known: &[&str] = match method {
        "btree" => &["fillfactor", "deduplicate_items"],
        "hash" | "spgist" => &["fillfactor"],
        "gist" => &["fillfactor", "buffering"],
        "gin" => &["fastupdate", "gin_pending_list_limit"],
        "brin" => &["pages_per_range", "autosummarize"],
        _ => return,
    };
    for option in options
        .descendants()
        .filter(|child| child.kind() == K::ATTRIBUTE_OPTION)
    {
        let Some(named) = child_word(option, K::ATTRIBUTE_NAME) else {
            continue;
        };
        if !known.contains(&&*named.text) {
            refuse(
                out,
                option,
                format!("an index of the kind {method} has no option `{named}`"),
            );
        }
    }
    fill(options, out);
}
