//! Rows that are written, and what queries compute.

use squawk_parser::SyntaxKind as K;

use super::query::{self, from};
use super::{alone, child_name, kinds, refuse, relation, value, word};
use crate::sql::postgres::tree::Node;
use crate::sql::{Assigned, Check, Name, Source, TablePart, Term, Value, Word};

pub(super) fn statement(node: Node<'_>, out: &mut Vec<Check>) {
    let itself = || std::iter::once(node).chain(node.descendants());
    if itself().any(|child| child.kind() == K::MERGE) {
        return;
    }
    for child in itself() {
        match child.kind() {
            K::INSERT => insert(child, out),
            K::UPDATE => update(child, out),
            K::DELETE => {
                let scope = scope(child);
                condition(child, &scope, out);
                if let Some(table) = scope.into_iter().next().and_then(|source| source.table) {
                    out.push(Check::Assigned(Box::new(Assigned {
                        table,
                        columns: Some(Vec::new()),
                        values: Vec::new(),
                        scope: Vec::new(),
                        inserts: false,
                        overriding: false,
                    })));
                }
            }
            _ => {}
        }
    }
    query::queries(node, out);
}

/// What an UPDATE or DELETE may name columns of.
fn scope(node: Node<'_>) -> Vec<Source> {
    let mut sources = Vec::new();
    if let Some(table) = node.child(K::RELATION_NAME).and_then(relation) {
        let alias = node
            .child(K::OPTIONAL_AS_ALIAS)
            .and_then(|alias| alias.find(K::TABLE_ALIAS))
            .and_then(word);
        sources.push(Source {
            called: alias.map_or_else(|| table.name.clone(), |alias| alias.text),
            table: Some(table),
        });
    }
    let more = node
        .children()
        .filter(|child| matches!(child.kind(), K::FROM_CLAUSE | K::USING_CLAUSE));
    more.for_each(|clause| from(clause, &mut sources));
    query::without_ctes(node, &mut sources);
    sources
}

fn condition(node: Node<'_>, scope: &[Source], out: &mut Vec<Check>) {
    if let Some(condition) = node.child(K::WHERE_CLAUSE).and_then(Node::first_node) {
        super::index::over_one(condition, "WHERE", out);
        super::closed(out, scope, condition, Some("WHERE"));
    }
    returning(node, scope, out);
}

fn returning(node: Node<'_>, scope: &[Source], out: &mut Vec<Check>) {
    let list = node
        .child(K::RETURNING_CLAUSE)
        .and_then(|clause| clause.child(K::TARGET_LIST));
    let targets = list.into_iter().flat_map(|list| kinds(list, K::TARGET));
    for value in targets.filter_map(query::shown_value) {
        super::closed(out, scope, value, None);
    }
}

/// A column that is written as a whole.
fn target(node: Node<'_>) -> Option<Word> {
    let mut parts = node.children();
    let (only, None) = (parts.next()?, parts.next()) else {
        return None;
    };
    (only.kind() == K::COLUMN_NAME_REF).then(|| word(only)).flatten()
}

fn insert(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(table) = child_name(node, K::RELATION_NAME_REF) else {
        return;
    };
    let list = node.child(K::COLUMN_TARGET_LIST);
    let targets: Option<Vec<Word>> = match list {
        Some(list) => {
            let whole: Option<Vec<Word>> = kinds(list, K::COLUMN_TARGET).map(target).collect();
            match whole {
                Some(whole) => Some(whole),
                None => return,
            }
        }
        None => None,
    };
    if let Some(again) = targets.as_ref().and_then(|targets| {
        let earlier = |at: usize| targets[..at].iter().any(|one| one.text == targets[at].text);
        (0..targets.len()).find(|at| earlier(*at)).map(|at| &targets[at])
    }) {
        let message = format!("`{again}` is written twice");
        out.push(Check::Refused(again.span, message));
    }
    let overriding = node.has(K::OVERRIDING_SYSTEM_VALUE) || node.has(K::OVERRIDING_USER_VALUE);
    let assigned = |values: Vec<Value>, scope: Vec<Source>| {
        Check::Assigned(Box::new(Assigned {
            table: table.clone(),
            columns: targets.clone(),
            values,
            scope,
            inserts: true,
            overriding,
        }))
    };
    if let Some(values) = node.child(K::VALUES) {
        even(values, out);
        let rows = values.child(K::ROW_LIST).into_iter();
        // A file of data has many rows alike.
        for row in rows.flat_map(|rows| kinds(rows, K::ROW)).take(200) {
            let cells = row.children().filter(|cell| !cell.is_token());
            if !row.text().contains('*') {
                out.push(assigned(cells.map(value).collect(), Vec::new()));
            }
        }
    } else if let Some(select) = node.child(K::SELECT)
        && let Some(clause) = select.child(K::SELECT_CLAUSE)
        && let Some(list) = clause.child(K::TARGET_LIST)
    {
        let plain = !clause.has(K::DISTINCT_CLAUSE) && !select.has(K::GROUP_BY_CLAUSE);
        let values: Option<Vec<Node<'_>>> = kinds(list, K::TARGET).map(query::shown_value).collect();
        if let Some(values) = values {
            let scope = query::scope(select, node);
            let width = values.len();
            if let Some(targets) = targets.as_ref().filter(|targets| targets.len() != width) {
                let message = format!("{} columns get {width} values", targets.len());
                refuse(out, list, message);
                return;
            }
            for value in values
                .iter()
                .filter(|value| value.text().eq_ignore_ascii_case("default"))
            {
                refuse(out, *value, "a query does not give DEFAULT");
            }
            if plain {
                out.push(assigned(values.into_iter().map(value).collect(), scope));
            }
        }
    }
    returning(node, &alone(&table), out);
    if let Some(clause) = node.child(K::ON_CONFLICT_CLAUSE) {
        conflict(clause, &table, node, out);
    }
}

/// All rows of VALUES have as many values, whatever the table is.
fn even(values: Node<'_>, out: &mut Vec<Check>) {
    let width = |row: &Node<'_>| row.children().filter(|cell| !cell.is_token()).count();
    let list = values.child(K::ROW_LIST).into_iter();
    let mut rows = list.flat_map(|rows| kinds(rows, K::ROW));
    let Some(first) = rows.next().map(|row| width(&row)) else {
        return;
    };
    if values.text().contains('*') {
        return;
    }
    if let Some(other) = rows.find(|row| width(row) != first) {
        let message = format!("the first row has {first} values, and this one {}", width(&other));
        refuse(out, other, message);
    }
}

fn conflict(clause: Node<'_>, table: &Name, insert: Node<'_>, out: &mut Vec<Check>) {
    let update = clause.child(K::CONFLICT_DO_UPDATE_SET);
    let on_constraint = clause.child(K::CONFLICT_ON_CONSTRAINT);
    let on_index = clause.child(K::CONFLICT_ON_INDEX);
    if let (Some(update), None, None) = (update, on_constraint, on_index) {
        refuse(out, update, "ON CONFLICT DO UPDATE says which conflict it means");
    }
    if let Some(on) = on_constraint {
        super::part(
            out,
            table,
            TablePart::Constraint,
            on.child(K::CONSTRAINT_NAME_REF),
        );
    }
    let Some(update) = update else { return };
    // The row that was not taken has the columns of the table.
    for field in update.descendants().filter(|part| part.kind() == K::FIELD_EXPR) {
        let parts: Vec<Node<'_>> = field.children().collect();
        if let [of, _, column] = *parts
            && word(of).is_some_and(|of| of.text == "excluded")
            && of.kind() == K::NAME_REF
        {
            super::part(out, table, TablePart::Column, Some(column));
        }
    }
    let alias = insert
        .child(K::REQUIRED_AS_ALIAS)
        .and_then(|alias| alias.find(K::TABLE_ALIAS))
        .and_then(word);
    let called = alias.map_or_else(|| table.name.clone(), |alias| alias.text);
    let source = |called: String| Source {
        called,
        table: Some(table.clone()),
    };
    // `excluded` has the same columns, so one without a name before it may be of either.
    let scope = [source(called), source("excluded".to_owned())];
    if let Some(set) = update.child(K::SET_CLAUSE) {
        sets(set, table, &scope, out);
    }
    if let Some(condition) = update.child(K::WHERE_CLAUSE).and_then(Node::first_node) {
        super::closed(out, &scope, condition, Some("WHERE"));
    }
}

fn update(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(table) = node.child(K::RELATION_NAME).and_then(relation) else {
        return;
    };
    let scope = scope(node);
    if let Some(set) = node.child(K::SET_CLAUSE) {
        sets(set, &table, &scope, out);
    }
    condition(node, &scope, out);
}

fn sets(clause: Node<'_>, table: &Name, scope: &[Source], out: &mut Vec<Check>) {
    let Some(list) = clause.child(K::SET_COLUMN_LIST) else {
        return;
    };
    let mut seen: Vec<Word> = Vec::new();
    for set in list.children().filter(|set| !set.is_token()) {
        let mut pairs: Vec<(Word, Value)> = Vec::new();
        match set.kind() {
            K::SET_SINGLE_COLUMN => {
                let column = set.child(K::COLUMN_TARGET).and_then(target);
                let given = set.child(K::SET_EXPR).map(value);
                pairs.extend(column.zip(given));
            }
            K::SET_MULTIPLE_COLUMNS => {
                let Some(targets) = set.child(K::COLUMN_TARGET_LIST) else {
                    continue;
                };
                let columns: Vec<Node<'_>> = kinds(targets, K::COLUMN_TARGET).collect();
                let given: Vec<Node<'_>> = match set.child(K::SET_EXPR_LIST) {
                    Some(given) => kinds(given, K::SET_EXPR).collect(),
                    None => Vec::new(),
                };
                let listed = set.has(K::SET_EXPR_LIST) && !set.text().contains('*');
                if listed && columns.len() != given.len() && !given.is_empty() {
                    let message = format!("{} columns get {} values", columns.len(), given.len());
                    refuse(out, set, message);
                    continue;
                }
                let values = given
                    .into_iter()
                    .map(value)
                    .map(Some)
                    .chain(std::iter::repeat(None));
                for (column, given) in columns.into_iter().zip(values) {
                    let other = Value {
                        span: column.span(),
                        term: Term::Other,
                    };
                    pairs.extend(target(column).map(|column| (column, given.unwrap_or(other))));
                }
            }
            _ => continue,
        }
        if let Some(given) = set.child(K::SET_EXPR) {
            super::index::over_one(given, "SET", out);
        }
        for (column, given) in pairs {
            if seen.iter().any(|one| one.text == column.text) {
                let message = format!("`{column}` is written twice");
                out.push(Check::Refused(column.span, message));
                continue;
            }
            seen.push(column.clone());
            out.push(Check::Assigned(Box::new(Assigned {
                table: table.clone(),
                columns: Some(vec![column]),
                values: vec![given],
                scope: scope.to_vec(),
                inserts: false,
                overriding: false,
            })));
        }
    }
}
