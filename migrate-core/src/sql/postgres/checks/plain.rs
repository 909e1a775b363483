//! What of a statement no schema would make right: triggers, functions, sequences, types.

use squawk_parser::SyntaxKind as K;

use super::{alone, child_name, child_type, computed, kinds, number, refuse, relation, twice};
use crate::sql::postgres::names::{fold, string, word};
use crate::sql::postgres::tree::Node;
use crate::sql::{Check, Name, ObjectKind, Source, TablePart};

pub(super) fn trigger(node: Node<'_>, out: &mut Vec<Check>) {
    let Some(table) = relation(node) else { return };
    let instead = node.child(K::TIMING_INSTEAD_OF);
    let after = node.has(K::TIMING_AFTER);
    let row = node.has(K::FOR_EACH_ROW);
    let events: Vec<Node<'_>> = node
        .child(K::TRIGGER_EVENT_LIST)
        .into_iter()
        .flat_map(Node::children)
        .filter(|event| !event.is_token())
        .collect();
    let has = |kind: K| events.iter().any(|event| event.kind() == kind);
    let (inserts, deletes, truncates) = (
        has(K::TRIGGER_EVENT_INSERT),
        has(K::TRIGGER_EVENT_DELETE),
        has(K::TRIGGER_EVENT_TRUNCATE),
    );
    if truncates && row {
        refuse(out, node, "a trigger of TRUNCATE is FOR EACH STATEMENT");
    }
    let condition = node.child(K::WHEN_CONDITION);
    if let Some(instead) = instead {
        if !row {
            refuse(out, instead, "an INSTEAD OF trigger is FOR EACH ROW");
        }
        if let Some(condition) = condition {
            refuse(out, condition, "an INSTEAD OF trigger has no WHEN");
        }
    }
    let tables = node.child(K::REFERENCING);
    if let Some(tables) = tables {
        let several = events.len() > 1;
        if !after {
            refuse(
                out,
                tables,
                "only an AFTER trigger has tables of its old and new rows",
            );
        } else if several {
            refuse(
                out,
                tables,
                "a trigger with tables of its rows is for one kind of event",
            );
        } else if tables.has(K::OLD_TABLE) && inserts {
            refuse(out, tables, "an INSERT has no old rows");
        } else if tables.has(K::NEW_TABLE) && deletes {
            refuse(out, tables, "a DELETE has no new rows");
        }
    }
    if let Some(condition) = condition {
        let of = |row: &str| {
            condition
                .descendants()
                .find(|part| part.kind() == K::NAME_REF && part.text().eq_ignore_ascii_case(row))
        };
        if let Some(at) = of("old").or(of("new")).filter(|_| !row) {
            refuse(
                out,
                at,
                "a trigger FOR EACH STATEMENT has no row that WHEN could ask",
            );
        } else if let Some(at) = of("old").filter(|_| inserts) {
            refuse(out, at, "an INSERT has no old row that WHEN could ask");
        } else if let Some(at) = of("new").filter(|_| deletes) {
            refuse(out, at, "a DELETE has no new row that WHEN could ask");
        } else if let Some(value) = condition.children().find(|child| !child.is_token()) {
            let row = |called: &str| Source {
                called: called.to_owned(),
                table: Some(table.clone()),
            };
            computed(out, &[row("old"), row("new")], value, Some("WHEN"));
        }
    }
    let constraint = node
        .tokens()
        .nth(1)
        .is_some_and(|token| token.kind() == K::CONSTRAINT_KW);
    if constraint && !after {
        refuse(out, node, "a CONSTRAINT TRIGGER is AFTER its event");
    } else if constraint && !row {
        refuse(out, node, "a CONSTRAINT TRIGGER is FOR EACH ROW");
    }
    out.push(Check::Trigger {
        table,
        instead: instead.is_some(),
        row,
    });
}

pub(super) fn function(node: Node<'_>, out: &mut Vec<Check>) {
    let parameters = || {
        node.child(K::PARAM_LIST)
            .into_iter()
            .flat_map(|list| kinds(list, K::PARAM))
    };
    let takes = |param: &Node<'_>| !param.has(K::PARAM_OUT);
    let named = |given: bool| {
        parameters()
            .filter(move |param| match given {
                true => !takes(param),
                false => takes(param),
            })
            .filter_map(|param| param.child(K::PARAM_NAME))
    };
    if let Some((name, span)) = twice(named(false)).or_else(|| twice(named(true))) {
        let message = format!("two parameters are called `{name}`");
        out.push(Check::Refused(span, message));
    }
    let last = parameters().filter(takes).last().map(Node::span);
    let open = parameters()
        .filter(takes)
        .find(|param| param.has(K::PARAM_VARIADIC));
    if let Some(open) = open.filter(|open| Some(open.span()) != last) {
        refuse(out, open, "VARIADIC is the last parameter");
    }
    for param in parameters().filter(takes) {
        let given = param.child(K::PARAM_DEFAULT).and_then(Node::last_node);
        if let (Some(ty), Some(given)) = (child_type(param), given) {
            out.push(Check::Fits(ty, super::value(given), Vec::new()));
        }
    }
    let mut defaulted = false;
    for param in parameters()
        .filter(takes)
        .filter(|param| !param.has(K::PARAM_VARIADIC))
    {
        let has = param.has(K::PARAM_DEFAULT);
        if defaulted && !has {
            refuse(out, param, "a parameter behind one with a default has one too");
            break;
        }
        defaulted |= has;
    }
    let Some(options) = node.child(K::FUNC_OPTION_LIST) else {
        return;
    };
    let promises = [K::IMMUTABLE, K::STABLE, K::VOLATILE];
    let said = options
        .children()
        .filter(|option| promises.contains(&option.kind()));
    if let Some(second) = said.into_iter().nth(1) {
        refuse(out, second, "a function is IMMUTABLE, STABLE or VOLATILE, once");
    }
    let language = options.child(K::LANGUAGE_FUNC_OPTION);
    if let Some(second) = kinds(options, K::LANGUAGE_FUNC_OPTION).nth(1) {
        refuse(out, second, "a function is written in one language");
    }
    let returns = node.child(K::RET_TYPE).and_then(child_type);
    if returns.is_some_and(|ty| ty.name == "trigger" && !ty.array && ty.schema.is_none()) {
        let word = language
            .and_then(|language| language.tokens().last())
            .map_or("", |token| token.text());
        if word.trim_matches('\'').eq_ignore_ascii_case("sql") {
            refuse(out, node, "a function in SQL is called by no trigger");
        } else if let Some(param) = parameters().next() {
            refuse(out, param, "a function that triggers call declares no parameters");
        }
    }
    let body = options.child(K::AS_FUNC_OPTION);
    if let (None, Some(body)) = (language, body) {
        refuse(out, body, "no LANGUAGE says how to read the body");
    }
    let types = parameters().filter_map(child_type);
    let returned = node.child(K::RET_TYPE).and_then(child_type);
    out.push(Check::Types(types.chain(returned).collect()));
}

pub(super) fn sequence(node: Node<'_>, out: &mut Vec<Check>) {
    options(node, out);
    if node.kind() == K::ALTER_SEQUENCE
        && !node.has(K::IF_EXISTS)
        && let Some(name) = child_name(node, K::SEQUENCE_REF)
    {
        out.push(Check::There(ObjectKind::Sequence, name));
    }
    let Some(owned) = node.child(K::OPTION_OWNED_BY) else {
        return;
    };
    if owned.has(K::OWNED_BY_NONE) {
        return;
    }
    let Some(column) = owned.child(K::QUALIFIED_COLUMN_NAME_REF) else {
        return;
    };
    let tokens: Vec<Node<'_>> = column.tokens().filter(|token| token.kind() != K::DOT).collect();
    match &*tokens {
        [_] => refuse(out, column, "OWNED BY names a table and its column"),
        [qualifier @ .., table, last] => {
            let table = Name {
                schema: qualifier.last().and_then(|one| word(*one)).map(|word| word.text),
                name: fold(table.text()),
                span: table.span(),
            };
            super::part(out, &table, TablePart::Column, Some(*last));
            let made = node.kind() == K::CREATE_SEQUENCE;
            let at = if made { K::SEQUENCE } else { K::SEQUENCE_REF };
            if let Some(sequence) = child_name(node, at) {
                out.push(Check::Owner {
                    sequence,
                    made,
                    table,
                });
            }
        }
        [] => {}
    }
}

/// The options of a sequence, which an identity has too.
pub(super) fn options(node: Node<'_>, out: &mut Vec<Check>) {
    let of = |kind: K| node.child(kind);
    let given = |kind: K| of(kind).and_then(|option| option.last_node()).and_then(number);
    let ty = of(K::OPTION_AS_TYPE).and_then(child_type);
    let most = match ty.as_ref().map(|ty| &*ty.name) {
        None | Some("bigint") => i128::from(i64::MAX),
        Some("integer") => i128::from(i32::MAX),
        Some("smallint") => i128::from(i16::MAX),
        Some(_) => {
            refuse(out, node, "a sequence is a smallint, integer or bigint");
            return;
        }
    };
    let increment = given(K::OPTION_INCREMENT);
    if increment == Some(0) {
        return refuse(out, node, "INCREMENT is not zero");
    }
    let (low, high, start) = (
        given(K::OPTION_MIN_VALUE),
        given(K::OPTION_MAX_VALUE),
        given(K::OPTION_START),
    );
    // An ALTER keeps what it does not say.
    let whole = node.kind() == K::CREATE_SEQUENCE;
    let down = increment.is_some_and(|by| by < 0);
    let least = low.or((whole && !down).then_some(1));
    let limit = high.or((whole && !down).then_some(most));
    let outside = |value: Option<i128>| value.is_some_and(|value| value > most || value < -most - 1);
    if (whole || ty.is_some()) && (outside(low) || outside(high)) {
        refuse(out, node, "a limit of the sequence is beyond its type");
    } else if let (Some(low), Some(high)) = (least, limit)
        && low >= high
    {
        refuse(
            out,
            node,
            format!("MINVALUE {low} is not less than MAXVALUE {high}"),
        );
    } else if let (Some(start), Some(low)) = (start, least)
        && start < low
    {
        refuse(out, node, format!("START {start} is less than MINVALUE {low}"));
    } else if let (Some(start), Some(high)) = (start, limit)
        && start > high
    {
        refuse(out, node, format!("START {start} is more than MAXVALUE {high}"));
    }
    if given(K::OPTION_CACHE).is_some_and(|cache| cache < 1) {
        refuse(out, node, "CACHE is at least 1");
    }
}

pub(super) fn ty(node: Node<'_>, out: &mut Vec<Check>) {
    if let Some(values) = node.child(K::ENUM_TYPE) {
        let mut seen: Vec<String> = Vec::new();
        for value in values.descendants().filter(|child| child.kind() == K::VARIANT) {
            let text = string(value.text());
            if text.len() > 63 {
                refuse(out, value, "a value of an enum has at most 63 bytes");
            }
            if seen.contains(&text) {
                return refuse(out, value, format!("'{text}' stands twice"));
            }
            seen.push(text);
        }
    }
    let fields = || {
        node.descendants()
            .filter(|child| child.kind() == K::COMPOSITE_FIELD_DEF)
    };
    if let Some((name, span)) = twice(fields().filter_map(|field| field.child(K::COMPOSITE_FIELD))) {
        out.push(Check::Refused(
            span,
            format!("two attributes are called `{name}`"),
        ));
    }
    let added = node
        .descendants()
        .filter(|child| matches!(child.kind(), K::ADD_ATTRIBUTE | K::ALTER_ATTRIBUTE));
    out.push(Check::Types(
        fields().chain(added).filter_map(child_type).collect(),
    ));
    if node.find(K::ALTER_ATTRIBUTE).is_some() {
        out.extend(child_name(node, K::TYPE_NAME_REF).map(Check::Retyped));
    }
    if let Some(range) = node.child(K::RANGE_TYPE) {
        let options = range
            .descendants()
            .filter(|child| child.kind() == K::ATTRIBUTE_OPTION);
        let of = options.into_iter().find(|option| {
            option
                .child(K::ATTRIBUTE_NAME)
                .is_some_and(|name| name.text().eq_ignore_ascii_case("subtype"))
        });
        let of = of
            .and_then(|option| option.child(K::ATTRIBUTE_VALUE))
            .and_then(child_type);
        out.push(Check::Types(of.into_iter().collect()));
    }
}

pub(super) fn schema(node: Node<'_>, out: &mut Vec<Check>) {
    if let Some(name) = node
        .find(K::SCHEMA)
        .and_then(word)
        .filter(|name| name.text.starts_with("pg_"))
    {
        let message = format!("`{name}` begins like the schemas of the server, and that is theirs");
        out.push(Check::Refused(name.span, message));
    }
}

pub(super) fn statistics(node: Node<'_>, out: &mut Vec<Check>) {
    let known = ["ndistinct", "dependencies", "mcv"];
    let listed = node
        .child(K::STAT_TYPES)
        .into_iter()
        .flat_map(|list| kinds(list, K::STATISTICS_KIND));
    for kind in listed {
        if !known.iter().any(|one| kind.text().eq_ignore_ascii_case(one)) {
            refuse(
                out,
                kind,
                format!("there are no statistics of the kind {}", kind.text()),
            );
        }
    }
    let Some(on) = node.child(K::STATISTICS_ON_CLAUSE) else {
        return;
    };
    let items: Vec<Node<'_>> = on.children().filter(|child| !child.is_token()).collect();
    let columns = items.iter().copied().filter(|item| item.kind() == K::NAME_REF);
    if let [only] = *items
        && only.kind() == K::NAME_REF
    {
        refuse(
            out,
            only,
            "statistics are of two columns or more, or of an expression",
        );
    }
    if let Some((name, span)) = twice(columns.clone()) {
        out.push(Check::Refused(span, format!("`{name}` stands twice")));
    }
    let from = node
        .child(K::FROM_TABLE)
        .and_then(|from| child_name(from, K::TABLE_NAME_REF));
    if let Some(table) = from {
        for column in columns {
            super::part(out, &table, TablePart::Column, Some(column));
        }
        for item in items.into_iter().filter(|item| item.kind() != K::NAME_REF) {
            computed(out, &alone(&table), item, None);
        }
    }
}
