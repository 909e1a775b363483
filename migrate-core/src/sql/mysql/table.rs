//! CREATE TABLE.

use super::column::{Read, Refusal, character_set, charset, column, known, of_collation};
use super::expression::expr;
use super::key::{constraint, index};
use super::partition::parts;
use super::reads::{given, of_query};
use super::tokens::Cursor;
use crate::sql::{Name, Operation, Partitioning, Split, Table, TableSource};

/// What follows CREATE TABLE, whose name is next.
pub(super) fn create(c: &mut Cursor<'_, '_>, temporary: bool, or_replace: bool) -> Read<Operation> {
    let if_not_exists = c.if_not_exists();
    let mut table = Table {
        name: known(c.name())?,
        temporary,
        or_replace,
        if_not_exists,
        ..Table::default()
    };
    if c.eat("like") {
        table.source = TableSource::Like(vec![known(c.name())?]);
        return Ok(Operation::CreateTable(Box::new(table)));
    }
    let mut ahead = *c;
    if let Some(mut inner) = ahead.group()
        && inner.eat("like")
    {
        table.source = TableSource::Like(vec![known(inner.name())?]);
        return Ok(Operation::CreateTable(Box::new(table)));
    }
    if c.at_punct("(")
        && !c
            .rest
            .get(1)
            .is_some_and(|token| token.is_any(&["select", "with", "table", "values"]))
    {
        let inner = known(c.group())?;
        definitions(inner, &mut table)?;
    }
    options(c, &mut table);
    Ok(Operation::CreateTable(Box::new(table)))
}

fn definitions(inner: Cursor<'_, '_>, table: &mut Table) -> Read<()> {
    let name = table.name.clone();
    let items = inner.items();
    for (at, mut item) in items.into_iter().enumerate() {
        if item.done() {
            let what = if at == 0 {
                "expected a column"
            } else {
                "expected a column or a key after the comma"
            };
            return Err(Refusal::Fault(what.to_owned(), item.last.saturating_sub(1)));
        }
        definition(&mut item, &name, table)?;
    }
    Ok(())
}

fn definition(item: &mut Cursor<'_, '_>, name: &Name, table: &mut Table) -> Read<()> {
    // A column may be called `key` or `check` where it is quoted, and `vector` or `period` also where it is not.
    if item.eat_all(&["period", "for"]) {
        table.system_period |= item.next().is_some_and(|token| token.is("system_time"));
        let ends = item.group().map(Cursor::items).unwrap_or_default();
        table
            .periods
            .extend(ends.into_iter().filter_map(|mut end| end.word()));
        return Ok(());
    }
    let is_vector_index = item.at("vector")
        && item
            .rest
            .get(1)
            .is_some_and(|token| token.is_any(&["index", "key"]));
    if item.at_any(&["index", "key", "fulltext", "spatial"]) || is_vector_index {
        let found = index(item, name)?;
        table.indexes.extend(found);
        return Ok(());
    }
    if item.at_any(&["constraint", "primary", "unique", "foreign", "check"]) {
        let found = constraint(item, None)?;
        table.constraints.extend(found);
        return Ok(());
    }
    table.columns.push(column(item)?);
    Ok(())
}

/// The options behind the columns, the partitions and the query.
fn options(c: &mut Cursor<'_, '_>, table: &mut Table) {
    while !c.done() {
        c.eat("default");
        if character_set(c) {
            table.charset = c.setting().map(|name| charset(&name));
        } else if c.eat("engine") {
            table.engine = c.setting().map(|name| name.to_lowercase());
        } else if c.eat("row_format") {
            let format = c.setting().unwrap_or_default().to_lowercase();
            table.compressed = format == "compressed";
            table.short_keys = matches!(&*format, "compact" | "redundant");
            table.redundant = format == "redundant";
        } else if c.eat_all(&["with", "system", "versioning"]) {
            table.versioned = true;
        } else if c.eat("collate") {
            let collation = c.setting().unwrap_or_default();
            table.charset.get_or_insert_with(|| of_collation(&collation));
            table.collation = Some(collation.to_lowercase()).filter(|name| !name.is_empty());
        } else if c.eat_all(&["partition", "by"]) {
            let split = split(c);
            table.partitioned = Some(split.by);
            table.partitioning = Some(split.how);
            table.parts = split.parts;
        } else if c.at_any(&["select", "with", "table", "values"]) || query_in_parentheses(c) {
            table.source = TableSource::Query;
            table.given = given(*c);
            table.reads = of_query(*c);
            return;
        } else {
            c.skip();
        }
    }
}

/// What stands behind PARTITION BY, up to the list of the partitions.
pub(super) fn split(c: &mut Cursor<'_, '_>) -> Split {
    c.eat("linear");
    let method = c
        .next()
        .map(|token| token.text.to_lowercase())
        .unwrap_or_default();
    let columns = c.eat("columns");
    if c.eat("algorithm") {
        c.setting();
    }
    let by = c.group().map(Cursor::items).unwrap_or_default();
    let plain = by.iter().all(|item| matches!(item.rest, [one] if one.is_name()));
    let how = Partitioning {
        method,
        columns,
        plain,
    };
    while c.eat("partitions") || c.eat_all(&["subpartition", "by"]) {
        c.skip();
    }
    Split {
        by: by.into_iter().flat_map(partition_columns).collect(),
        how,
        parts: c.clone().group().map(parts),
    }
}

/// The columns that rows are told apart by; an expression names some, or is empty.
fn partition_columns(item: Cursor<'_, '_>) -> Vec<String> {
    let mut one = item;
    if let Some(word) = one.word().filter(|_| one.done()) {
        return vec![word.text];
    }
    let named = expr(item).columns;
    if named.is_empty() {
        vec![String::new()]
    } else {
        named
    }
}

fn query_in_parentheses(c: &Cursor<'_, '_>) -> bool {
    c.at_punct("(")
        && c.rest
            .get(1)
            .is_some_and(|token| token.is_any(&["select", "with", "table", "values"]))
}
