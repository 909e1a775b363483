//! ALTER TABLE.

use super::column::{Read, Refusal, character_set, charset, column, known, name, value};
use super::key::{constraint, index};
use super::options::{online, table_option};
use super::partition::{added_parts, named_parts, whole_lists};
use super::tokens::Cursor;
use crate::sql::{Action, ColumnChange, ColumnDef, Name, ObjectKind, Online, Operation, TableOption};

/// What follows ALTER TABLE.
pub(super) fn alter(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    let if_exists = c.if_exists();
    let name = known(c.name())?;
    if c.eat("wait") {
        c.next();
    }
    c.eat("nowait");
    let mut actions = Vec::new();
    let mut options = Online::default();
    let items = whole_lists(*c);
    let count = items.len();
    for mut item in items {
        if item.done() {
            return Err(Refusal::Fault(
                "expected an action after the comma".to_owned(),
                item.last.saturating_sub(1),
            ));
        }
        let span = item.span();
        if item.at("rename") && count == 1 {
            let mut ahead = item;
            ahead.next();
            _ = ahead.eat("to") || ahead.eat("as") || ahead.eat_punct("=");
            if let Some(to) = ahead.name()
                && to.schema.is_some()
                && ahead.done()
            {
                return Ok(Operation::RenameTables(vec![(name, to)]));
            }
        }
        let mut read = Vec::new();
        match action(&mut item, &name, &mut read, &mut options) {
            Ok(()) => actions.append(&mut read),
            Err(Refusal::Unknown) => actions.push(Action::Unknown(span)),
            Err(fault) => return Err(fault),
        }
    }
    if options != Online::default() {
        actions.push(Action::Online(options));
    }
    Ok(Operation::Alter {
        kind: ObjectKind::Table,
        name,
        if_exists,
        actions,
    })
}

/// The verbs an action starts with; what is close to one and is none is a slip of the pen.
const VERBS: &[&str] = &[
    "add", "drop", "modify", "change", "alter", "rename", "convert", "default",
];

fn action(c: &mut Cursor<'_, '_>, table: &Name, out: &mut Vec<Action>, options: &mut Online) -> Read<()> {
    let start = c.start();
    if online(c, options) {
        while online(c, options) {}
        return Ok(()).and_then(|()| end(c));
    }
    if c.eat("add") {
        return add(c, table, start, out);
    }
    if c.eat("drop") {
        out.push(drop(c, start)?);
        return end(c);
    }
    if c.eat("modify") {
        c.eat("column");
        let if_exists = c.if_exists();
        let definition = column(c)?;
        out.push(Action::Redefine {
            column: definition.name.clone(),
            span: c.since(start),
            definition: Box::new(definition),
            if_exists,
        });
        return Ok(());
    }
    if c.eat("change") {
        c.eat("column");
        let if_exists = c.if_exists();
        let from = name(c)?;
        let definition = column(c)?;
        out.push(Action::Redefine {
            column: from,
            span: c.since(start),
            definition: Box::new(definition),
            if_exists,
        });
        return Ok(());
    }
    if c.eat("alter") {
        return alter_part(c, start, out);
    }
    if c.eat("rename") {
        out.push(rename(c)?);
        return end(c);
    }
    if c.eat("convert") {
        // Its rows go to a table of their own.
        if c.eat("partition") {
            let of = known(c.word())?;
            let taken = TableOption::DropRows {
                of: vec![of],
                stay: false,
            };
            out.push(Action::Option(taken, c.since(start)));
            while !c.done() {
                c.skip();
            }
            return Ok(());
        }
        c.eat("to");
        if !character_set(c) {
            return Err(Refusal::Unknown);
        }
        let set = known(c.setting())?;
        let collation = if c.eat("collate") { c.setting() } else { None };
        let collation = collation.map(|name| name.to_lowercase());
        let span = c.since(start);
        out.push(Action::Option(
            TableOption::Convert(charset(&set), collation),
            span,
        ));
        return rest_of_options(c, out, options);
    }
    if c.eat_all(&["order", "by"]) {
        for item in c.items() {
            let mut column = item;
            let named = column.column().is_some();
            column.eat_any(&["asc", "desc"]);
            if !named || !column.done() {
                let message = "ORDER BY stands last in ALTER TABLE, and names columns".to_owned();
                return Err(Refusal::Fault(message, item.start()));
            }
        }
        while !c.done() {
            c.skip();
        }
        out.push(Action::Option(TableOption::Copy("ORDER BY"), c.since(start)));
        return Ok(());
    }
    if let Some(first) = c.peek()
        && first.is_name()
        && !first.is_any(VERBS)
        && VERBS
            .iter()
            .any(|verb| strsim::osa_distance(verb, &first.text.to_lowercase()) == 1)
        && c.rest.get(1).is_some_and(|next| next.is_name())
    {
        let verb = VERBS
            .iter()
            .find(|verb| strsim::osa_distance(verb, &first.text.to_lowercase()) == 1);
        let message = format!(
            "`{}` starts no action; `{}` does",
            first.text,
            verb.unwrap_or(&"").to_uppercase()
        );
        return Err(Refusal::Fault(message, first.span.start));
    }
    rest_of_options(c, out, options)
}

fn end(c: &Cursor<'_, '_>) -> Read<()> {
    if c.done() { Ok(()) } else { Err(Refusal::Unknown) }
}

/// Table options, which need no commas between them.
fn rest_of_options(c: &mut Cursor<'_, '_>, out: &mut Vec<Action>, options: &mut Online) -> Read<()> {
    while !c.done() {
        if !online(c, options) {
            table_option(c, out)?;
        }
    }
    Ok(())
}

fn add(c: &mut Cursor<'_, '_>, table: &Name, start: u32, out: &mut Vec<Action>) -> Read<()> {
    let second_is = |words: &[&str]| c.rest.get(1).is_some_and(|token| token.is_any(words));
    if c.eat_all(&["system", "versioning"]) {
        out.push(Action::Option(
            TableOption::Copy("system versioning"),
            c.since(start),
        ));
        return end(c);
    }
    if c.at("period") && second_is(&["for"]) {
        let filled = c.rest.get(2).is_some_and(|token| token.is("system_time"));
        while !c.done() {
            c.skip();
        }
        // The rows are looked through; those of SYSTEM_TIME come with columns of their own.
        out.push(match filled {
            true => Action::Harmless,
            false => Action::Option(TableOption::Copy("ADD PERIOD"), c.since(start)),
        });
        return Ok(());
    }
    if c.eat("partition") {
        let added = added_parts(c);
        out.push(Action::Option(added, c.since(start)));
        return Ok(());
    }
    let vector = c.at("vector") && second_is(&["index", "key"]);
    if c.at_any(&["index", "key", "fulltext", "spatial"]) || vector {
        let mut found = known(index(c, table)?)?;
        found.span = c.since(start);
        out.push(Action::AddIndex(Box::new(found)));
        return end(c);
    }
    if c.at_any(&["constraint", "primary", "unique", "foreign", "check"]) {
        let mut found = known(constraint(c, None)?)?;
        found.span = c.since(start);
        out.push(Action::AddConstraint(Box::new(found)));
        return end(c);
    }
    c.eat("column");
    let if_not_exists = c.if_not_exists();
    let columns = match c.at_punct("(") {
        true => {
            let inner = known(c.group())?;
            end(c)?;
            let mut columns = Vec::new();
            for mut item in inner.items() {
                if item.at_any(&["constraint", "primary", "unique", "foreign", "check"]) {
                    let found = known(constraint(&mut item, None)?)?;
                    out.push(Action::AddConstraint(Box::new(found)));
                } else if item.at_any(&["index", "key", "fulltext", "spatial"]) {
                    let found = known(index(&mut item, table)?)?;
                    out.push(Action::AddIndex(Box::new(found)));
                } else {
                    columns.push(column(&mut item)?);
                }
            }
            columns
        }
        false => vec![column(c)?],
    };
    let added = |column: ColumnDef| Action::AddColumn {
        column: Box::new(column),
        if_not_exists,
    };
    out.splice(0..0, columns.into_iter().map(added));
    Ok(())
}

fn drop(c: &mut Cursor<'_, '_>, start: u32) -> Read<Action> {
    if c.eat_all(&["primary", "key"]) {
        return Ok(Action::DropPrimaryKey(c.since(start)));
    }
    if c.eat_all(&["system", "versioning"]) {
        return Ok(Action::Option(
            TableOption::Copy("DROP SYSTEM VERSIONING"),
            c.since(start),
        ));
    }
    if c.eat("partition") {
        let of = named_parts(c);
        return Ok(Action::Option(
            TableOption::DropRows { of, stay: false },
            c.since(start),
        ));
    }
    if c.eat_any(&["index", "key"]) {
        let if_exists = c.if_exists();
        let name = known(c.word())?;
        return Ok(match name.text.as_str() {
            "primary" => Action::DropPrimaryKey(c.since(start)),
            _ => Action::DropIndex { name, if_exists },
        });
    }
    if c.eat_all(&["foreign", "key"]) || c.eat_any(&["constraint", "check"]) {
        let if_exists = c.if_exists();
        let name = known(c.word())?;
        return Ok(match name.text.as_str() {
            "primary" => Action::DropPrimaryKey(c.since(start)),
            _ => Action::DropConstraint {
                name,
                if_exists,
                cascade: false,
            },
        });
    }
    c.eat("column");
    let if_exists = c.if_exists();
    let column = name(c)?;
    c.eat_any(&["restrict", "cascade"]);
    Ok(Action::DropColumn {
        column,
        if_exists,
        cascade: false,
    })
}

fn alter_part(c: &mut Cursor<'_, '_>, start: u32, out: &mut Vec<Action>) -> Read<()> {
    if c.eat_any(&["index", "key"]) {
        let if_exists = c.if_exists();
        let index = known(c.word())?;
        let shows = c.eat("visible") || c.eat_all(&["not", "ignored"]);
        while !c.done() {
            c.next();
        }
        let option = match if_exists {
            true => TableOption::Noted,
            false => TableOption::Visible(index, shows),
        };
        out.push(Action::Option(option, c.since(start)));
        return Ok(());
    }
    if c.eat_any(&["check", "constraint"]) {
        known(c.word())?;
        let relaxes = c.eat("not");
        c.eat("enforced");
        out.push(if relaxes {
            Action::Harmless
        } else {
            Action::Option(TableOption::Copy("ENFORCED"), c.since(start))
        });
        return end(c);
    }
    c.eat("column");
    c.if_exists();
    let column = known(c.word())?;
    let change = if c.eat_all(&["set", "default"]) {
        ColumnChange::SetDefault(value(c)?)
    } else if c.eat_all(&["drop", "default"]) {
        ColumnChange::DropDefault
    } else if c.eat_all(&["set", "visible"]) || c.eat_all(&["set", "invisible"]) {
        ColumnChange::Harmless
    } else if let Some(found) = c.peek().filter(|_| elsewhere(c)) {
        let message = "ALTER COLUMN sets or drops a default; MODIFY changes what a column is".to_owned();
        return Err(Refusal::Fault(message, found.span.start));
    } else {
        return Err(Refusal::Unknown);
    };
    out.push(Action::AlterColumn {
        column,
        change,
        span: c.since(start),
    });
    end(c)
}

/// What ALTER COLUMN says in other databases.
fn elsewhere(c: &Cursor<'_, '_>) -> bool {
    let others: [&[&str]; 4] = [&["type"], &["set", "data"], &["set", "not"], &["drop", "not"]];
    others.iter().any(|words| c.clone().eat_all(words))
}

fn rename(c: &mut Cursor<'_, '_>) -> Read<Action> {
    if c.eat("column") {
        let if_exists = c.if_exists();
        let from = name(c)?;
        c.eat("to");
        return Ok(Action::RenameColumn(from, name(c)?, if_exists));
    }
    if c.at_any(&["index", "key"]) && c.rest.len() > 3 {
        c.next();
        c.if_exists();
        let from = known(c.word())?;
        c.eat("to");
        return Ok(Action::RenameIndex(from, known(c.word())?));
    }
    _ = c.eat("to") || c.eat("as") || c.eat_punct("=");
    let name = known(c.name())?;
    Ok(Action::RenameTo(crate::sql::Word {
        text: name.name,
        span: name.span,
    }))
}
