//! Everything that is neither ALTER TABLE, CREATE nor about rows.

use super::column::{Read, Refusal, known};
use super::create::{CREATED, attributes, slip, view};
use super::tokens::Cursor;
use crate::sql::{
    Action, ConstraintKind, LockMode, Name, ObjectKind, Online, Operation, Span, TEMPORARY, TableOption,
};

/// Where an action forbids rows that are equal.
fn unique(action: &Action) -> Option<Span> {
    match action {
        Action::AddConstraint(one) => match one.kind {
            ConstraintKind::Unique { .. } | ConstraintKind::PrimaryKey { .. } => Some(one.span),
            _ => None,
        },
        _ => None,
    }
}

/// What follows ALTER.
pub(super) fn alter(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    c.eat("online");
    let ignores = c.eat("ignore");
    if c.eat("table") {
        let mut operation = super::alter::alter(c)?;
        if let Operation::Alter { actions, .. } = &mut operation
            && let Some(span) = actions.iter().find_map(unique).filter(|_| ignores)
        {
            actions.push(Action::Option(
                TableOption::Copy("IGNORE beside a unique index drops the rows that are there twice, and"),
                span,
            ));
        }
        return Ok(operation);
    }
    attributes(c);
    if c.eat("view") {
        c.if_exists();
        return view(c, true, false);
    }
    if c.eat("event") {
        let lower = |name: Name| Name {
            name: name.name.to_lowercase(),
            ..name
        };
        let name = lower(known(c.name())?);
        super::data::until(c, &["rename"]);
        let to = match c.eat_all(&["rename", "to"]) {
            true => Some(lower(known(c.name())?)),
            false => None,
        };
        return Ok(Operation::AlterEvent { name, to });
    }
    let harmless = [
        "database",
        "schema",
        "user",
        "procedure",
        "function",
        "server",
        "instance",
        "sequence",
        "role",
        "tablespace",
        "resource",
        "logfile",
        "undo",
    ];
    if c.at_any(&harmless) {
        return Ok(Operation::Harmless);
    }
    Err(slip(c, &["table", "view", "database"]))
}

/// What follows DROP.
pub(super) fn drop(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    let temporary = c.eat("temporary");
    if temporary && !c.at_any(&["table", "tables"]) {
        return Ok(Operation::Harmless);
    }
    if c.eat("index") {
        let start = c.last;
        let if_exists = c.if_exists();
        let name = known(c.word())?;
        if !c.eat("on") {
            return Err(Refusal::Unknown);
        }
        let table = known(c.name())?;
        let mut options = Online::default();
        while super::options::online(c, &mut options) {}
        let mut actions = vec![match name.text.as_str() {
            "primary" => Action::DropPrimaryKey(c.since(start)),
            _ => Action::DropIndex { name, if_exists },
        }];
        if options != Online::default() {
            actions.push(Action::Online(options));
        }
        return Ok(Operation::Alter {
            kind: ObjectKind::Table,
            name: table,
            if_exists: false,
            actions,
        });
    }
    let kind = match c.peek() {
        Some(token) if token.is_any(&["table", "tables"]) => ObjectKind::Table,
        Some(token) if token.is("view") => ObjectKind::View,
        Some(token) if token.is("function") => ObjectKind::Function,
        Some(token) if token.is("procedure") => ObjectKind::Procedure,
        Some(token) if token.is("trigger") => ObjectKind::Trigger,
        Some(token) if token.is("event") => ObjectKind::Event,
        Some(token) if token.is_any(&["database", "schema"]) => ObjectKind::Schema,
        Some(token) if token.is("sequence") => ObjectKind::Sequence,
        Some(token) if token.is_any(&["user", "role"]) => {
            return Ok(Operation::Revoke { objects: Vec::new() });
        }
        Some(token) if token.is_any(&["server", "prepare", "tablespace", "resource", "undo", "package"]) => {
            return Ok(Operation::Harmless);
        }
        _ => return Err(slip(c, CREATED)),
    };
    c.next();
    let if_exists = c.if_exists();
    let mut names = Vec::new();
    loop {
        let mut name = known(c.name())?;
        if matches!(
            kind,
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Event
        ) {
            name.name = name.name.to_lowercase();
        }
        if temporary {
            name.schema = Some(TEMPORARY.to_owned());
        }
        names.push(name);
        if !c.eat_punct(",") {
            break;
        }
    }
    Ok(Operation::Drop {
        kind,
        takes: Vec::new(),
        names,
        on: None,
        if_exists,
        cascade: kind == ObjectKind::Schema,
        concurrently: false,
    })
}

/// What follows RENAME.
pub(super) fn rename(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    if c.at("user") {
        return Ok(Operation::Harmless);
    }
    if !c.eat_any(&["table", "tables"]) {
        return Err(slip(c, &["table"]));
    }
    c.if_exists();
    let mut pairs = Vec::new();
    for mut item in c.items() {
        let from = known(item.name())?;
        if item.eat("wait") {
            item.next();
        }
        item.eat("nowait");
        if !item.eat("to") {
            return Err(Refusal::Unknown);
        }
        pairs.push((from, known(item.name())?));
    }
    Ok(Operation::RenameTables(pairs))
}

/// What follows LOCK.
pub(super) fn lock(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    if !c.eat_any(&["tables", "table"]) {
        return Err(Refusal::Unknown);
    }
    let (mut tables, mut mode) = (Vec::new(), LockMode::Share);
    for mut item in c.items() {
        tables.push(known(item.name())?);
        if item.rest.iter().any(|token| token.is("write")) {
            mode = LockMode::AccessExclusive;
        }
    }
    Ok(Operation::Lock { tables, mode })
}

/// What follows FLUSH: it locks tables WITH READ LOCK and FOR EXPORT, all of them where it names none.
pub(super) fn flush(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    c.eat_any(&["no_write_to_binlog", "local"]);
    let ends = [&["with", "read", "lock"][..], &["for", "export"], &["with"]];
    let ended = |c: &Cursor<'_, '_>| ends.iter().any(|words| c.clone().eat_all(words));
    if !c.eat_any(&["tables", "table"]) {
        return Ok(Operation::Harmless);
    }
    let mut tables = Vec::new();
    while !c.done() && !ended(c) {
        tables.push(known(c.name())?);
        c.eat_punct(",");
    }
    if c.done() {
        return Ok(Operation::Harmless);
    }
    Ok(Operation::Lock {
        tables,
        mode: LockMode::Share,
    })
}

/// What follows TRUNCATE.
pub(super) fn truncate(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    c.eat("table");
    Ok(Operation::Truncate {
        tables: vec![known(c.name())?],
        cascade: false,
    })
}

/// What follows OPTIMIZE: InnoDB builds the tables anew, while they are in use.
pub(super) fn optimize(c: &mut Cursor<'_, '_>) -> Read<Operation> {
    c.eat_any(&["no_write_to_binlog", "local"]);
    if !c.eat_any(&["table", "tables"]) {
        return Err(Refusal::Unknown);
    }
    let start = c.start();
    let name = known(c.name())?;
    Ok(Operation::Alter {
        kind: ObjectKind::Table,
        name,
        if_exists: false,
        actions: vec![Action::Option(TableOption::Rebuild, c.since(start))],
    })
}

/// What follows SET.
pub(super) fn set(c: &mut Cursor<'_, '_>) -> Operation {
    let mut first = None;
    for mut item in c.items() {
        c.rest = &[];
        // The sessions that are there keep what they have.
        let mut of_others = item.eat_any(&["global", "persist", "persist_only"]);
        item.eat_any(&["session", "local"]);
        let Some(token) = item.next() else { continue };
        let mut name = token.text.trim_start_matches('@').to_lowercase();
        of_others |= token.text.starts_with("@@") && matches!(&*name, "global" | "persist" | "persist_only");
        while item.eat_punct(".") {
            name = item
                .next()
                .map(|token| token.text.to_lowercase())
                .unwrap_or_default();
        }
        let user = token.text.starts_with('@') && !token.text.starts_with("@@");
        if !item.eat_punct("=") && !item.eat_punct(":=") || user || of_others {
            continue;
        }
        let values = item
            .rest
            .iter()
            .map(|value| value.value().to_lowercase())
            .collect();
        let set = Operation::Set {
            name,
            values,
            local: false,
        };
        // Of several settings only this one changes what ALTER TABLE does.
        if matches!(&set, Operation::Set { name, .. } if name == "foreign_key_checks") {
            return set;
        }
        first.get_or_insert(set);
    }
    first.unwrap_or(Operation::Harmless)
}

/// What follows REVOKE.
pub(super) fn revoke(c: &mut Cursor<'_, '_>) -> Operation {
    while !c.done() && !c.at("on") {
        c.next();
    }
    c.eat("on");
    c.eat_any(&["table", "function", "procedure"]);
    let objects = c.name().filter(|_| !c.at_punct("*") && !c.at_punct("."));
    Operation::Revoke {
        objects: objects.into_iter().collect(),
    }
}
