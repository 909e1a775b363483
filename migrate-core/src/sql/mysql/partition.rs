//! Partitions, as CREATE TABLE and ALTER TABLE have them.

use super::data::until;
use super::tokens::Cursor;
use crate::sql::{Part, TableOption, Word};

/// The actions; one about partitions and ORDER BY have commas of their own and stand last.
pub(super) fn whole_lists<'a, 's>(c: Cursor<'a, 's>) -> Vec<Cursor<'a, 's>> {
    let mut items = c.items();
    let verbs = [
        "drop",
        "truncate",
        "reorganize",
        "rebuild",
        "optimize",
        "analyze",
        "check",
        "repair",
    ];
    let lists = |item: &Cursor<'_, '_>| matches!(item.rest, [verb, partition, ..] if verb.is_any(&verbs) && partition.is("partition"));
    if let Some(at) = items.iter().position(lists) {
        let before: usize = items[..at].iter().map(|item| item.rest.len() + 1).sum();
        items.truncate(at + 1);
        items[at].rest = &c.rest[before..];
    }
    // ORDER BY stands last as well.
    let sorts =
        |item: &Cursor<'_, '_>| matches!(item.rest, [order, by, ..] if order.is("order") && by.is("by"));
    if let Some(at) = items.iter().position(sorts) {
        let before: usize = items[..at].iter().map(|item| item.rest.len() + 1).sum();
        items.truncate(at + 1);
        items[at].rest = &c.rest[before..];
    }
    items
}

/// What ADD PARTITION adds.
pub(super) fn added_parts(c: &mut Cursor<'_, '_>) -> TableOption {
    let sure = !c.if_not_exists();
    let counted = c.at("partitions");
    let added = c.clone().group().filter(|_| sure).map(parts).unwrap_or_default();
    rest(c);
    match counted {
        true => TableOption::Copy("adding partitions of a hash"),
        false => TableOption::Partition(added),
    }
}

/// The partitions of a list.
pub(super) fn parts(list: Cursor<'_, '_>) -> Vec<Part> {
    let part = |mut item: Cursor<'_, '_>| {
        item.eat("partition");
        let name = item.word()?;
        let less_than = item.eat_all(&["values", "less", "than"]).then(|| limit(item));
        let mut list = item;
        let values = list.eat_all(&["values", "in"]).then(|| list.group()).flatten();
        let value = |value: Cursor<'_, '_>| crate::sql::normal(value.span().of(value.text)).to_lowercase();
        Some(Part {
            name,
            less_than: less_than.flatten(),
            values: values.map_or_else(Vec::new, |list| list.items().into_iter().map(value).collect()),
        })
    };
    list.items().into_iter().filter_map(part).collect()
}

/// Functions of a date that keep its order.
const CLOCKS: &[&str] = &["to_days", "to_seconds", "unix_timestamp", "year"];

/// What the values of a partition are less than, where that is one word, number or text, or a date as a number.
fn limit(mut c: Cursor<'_, '_>) -> Option<String> {
    if c.at("maxvalue") {
        return Some("maxvalue".to_owned());
    }
    match c.group()?.rest {
        [one] => Some(one.text.to_lowercase()),
        [minus, one] if minus.punct("-") => Some(format!("-{}", one.text)),
        // The later the day, the greater the number.
        [function, open, one, close] if function.is_any(CLOCKS) && open.punct("(") && close.punct(")") => {
            Some(format!("{} {}", function.text.to_lowercase(), one.text))
        }
        _ => None,
    }
}

/// The partitions that an action names; none where they may be missing or all are meant.
pub(super) fn named_parts(c: &mut Cursor<'_, '_>) -> Vec<Word> {
    let sure = !c.if_exists() && !c.at("all");
    let list = until(c, &["with"]);
    rest(c);
    let names = list.items().into_iter().filter_map(|mut item| item.word());
    names.filter(|_| sure).collect()
}

/// Moves behind all that is left.
pub(super) fn rest(c: &mut Cursor<'_, '_>) {
    while !c.done() {
        c.skip();
    }
}
