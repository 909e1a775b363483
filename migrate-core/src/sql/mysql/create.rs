//! CREATE of anything but a table.

use super::column::{Read, Refusal, known};
use super::data::until;
use super::expression::single_quoted;
use super::key::{index_body, index_options, is_hidden};
use super::reads::{given, of_query};
use super::tokens::{Cursor, Token};
use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::sql::HIDDEN;
use crate::sql::{
    Given, Index, IndexKind, Name, Operation, Span, TriggerBody, View, Volatility, Word, counted, single,
};

/// What follows CREATE.
pub(super) fn create(c: &mut Cursor<'_, '_>, dialect: Dialect, depth: u32) -> Read<Operation> {
    let or_replace = c.eat_all(&["or", "replace"]);
    let temporary = c.eat("temporary");
    let kind = match c.peek() {
        Some(token) if token.is("fulltext") => IndexKind::FullText,
        Some(token) if token.is("spatial") => IndexKind::Spatial,
        Some(token) if token.is("vector") => IndexKind::Vector,
        _ => IndexKind::Plain,
    };
    let unique = c.at("unique");
    if unique || kind != IndexKind::Plain {
        c.next();
    }
    if c.eat("index") {
        return create_index(c, kind, unique, or_replace);
    }
    if c.eat("table") {
        return super::table::create(c, temporary, or_replace);
    }
    attributes(c);
    c.eat("aggregate");
    if c.eat("view") {
        let start = c.start();
        let if_not_exists = c.if_not_exists();
        if or_replace && if_not_exists {
            let message = "OR REPLACE and IF NOT EXISTS do not go together".to_owned();
            return Err(Refusal::Fault(message, start));
        }
        return view(c, or_replace, if_not_exists);
    }
    if c.at_any(&["function", "procedure"]) {
        let kind = c.next().map_or("", |token| token.text).to_lowercase();
        let if_not_exists = c.if_not_exists();
        let name = known(c.name())?;
        let text = crate::sql::normal(&single_quoted(*c));
        c.group();
        let body = super::block(c, dialect, depth);
        return Ok(Operation::CreateFunction {
            definition: Some(format!("{kind} {text}")).filter(|_| !if_not_exists),
            signature: None,
            of: None,
            name: Name {
                name: name.name.to_lowercase(),
                ..name
            },
            or_replace,
            alters: false,
            volatility: Volatility::Volatile,
            drops: false,
            of_trigger: false,
            body: Some(Box::new(body)),
        });
    }
    if c.eat("trigger") {
        let if_not_exists = c.if_not_exists();
        let trigger = known(c.name())?;
        let head = *c;
        let when = until(c, &["on"]);
        let head = &head.rest[..head.rest.len() - c.rest.len()];
        c.eat("on");
        let table = known(c.name())?;
        let spelt = |part: Cursor<'_, '_>| crate::sql::normal(&single_quoted(part));
        let body = TriggerBody {
            if_not_exists,
            definition: format!("{} {}", spelt(when), spelt(*c)),
            ..trigger_body(head, c.rest)
        };
        return Ok(Operation::CreateTrigger {
            name: Word {
                text: trigger.name,
                span: trigger.span,
            },
            table,
            or_replace,
            function: None,
            columns: Vec::new(),
            manner: None,
            body: Some(Box::new(body)),
        });
    }
    if c.eat_any(&["database", "schema"]) {
        let if_not_exists = c.if_not_exists() || or_replace;
        let name = known(c.name())?;
        return Ok(Operation::CreateSchema {
            name: Word {
                text: name.name,
                span: name.span,
            },
            if_not_exists,
            elements: Vec::new(),
        });
    }
    if c.eat("sequence") {
        let if_not_exists = c.if_not_exists() || or_replace;
        return Ok(Operation::CreateSequence {
            name: known(c.name())?,
            if_not_exists,
        });
    }
    if c.eat("event") {
        let if_not_exists = c.if_not_exists();
        let name = known(c.name())?;
        return Ok(Operation::CreateEvent {
            name: Name {
                name: name.name.to_lowercase(),
                ..name
            },
            if_not_exists,
            or_replace,
            definition: crate::sql::normal(&single_quoted(*c)),
        });
    }
    let harmless = [
        "user",
        "role",
        "server",
        "resource",
        "spatial",
        "logfile",
        "undo",
        "tablespace",
        "package",
    ];
    if c.at_any(&harmless) {
        return Ok(Operation::Harmless);
    }
    Err(slip(c, CREATED))
}

/// What a trigger's body says of its rows; the head says when it fires.
fn trigger_body(head: &[Token<'_>], body: &[Token<'_>]) -> TriggerBody {
    let is = |word: &str| head.iter().any(|token| token.is(word));
    let mut found = TriggerBody::default();
    if let [each @ .., order, other] = body.get(..5).unwrap_or_default()
        && each
            .iter()
            .zip(["for", "each", "row"])
            .all(|(token, word)| token.is(word))
        && order.is_any(&["follows", "precedes"])
    {
        found.beside = Some(Word {
            text: other.value(),
            span: other.span,
        });
    }
    for (at, part) in body.windows(3).enumerate() {
        let [row, dot, column] = part else { continue };
        let of_row = row.is_any(&["old", "new"]) && dot.punct(".") && column.is_name();
        let qualified = at > 0 && body[at - 1].punct(".");
        if !of_row || qualified {
            continue;
        }
        found.columns.push(Word {
            text: column.value().to_lowercase(),
            span: column.span,
        });
        let name = row.text.to_uppercase();
        let assigned = at > 0 && body[at - 1].is("set");
        // One event of MySQL; MariaDB knows several for one trigger.
        let why = match () {
            () if row.is("old") && is("insert") && !is("update") && !is("delete") => {
                "a trigger ON INSERT has no row OLD"
            }
            () if row.is("new") && is("delete") && !is("update") && !is("insert") => {
                "a trigger ON DELETE has no row NEW"
            }
            () if assigned && row.is("old") => "the row OLD cannot be changed",
            () if assigned && is("after") => "a trigger that fires AFTER the write cannot change the row NEW",
            () => continue,
        };
        let span = Span {
            start: row.span.start,
            end: column.span.end,
        };
        found
            .misused
            .get_or_insert((format!("{why}: `{name}.{}`", column.value()), span));
    }
    found
}

/// What can be created, for telling a slip of the pen from something new.
pub(super) const CREATED: &[&str] = &[
    "table",
    "index",
    "view",
    "function",
    "procedure",
    "trigger",
    "database",
    "schema",
    "sequence",
    "unique",
    "event",
];

/// A word that nearly is one that can stand here.
pub(super) fn slip(c: &Cursor<'_, '_>, words: &[&str]) -> Refusal {
    let Some(token) = c.peek().filter(|token| token.kind == TokenKind::Word) else {
        return Refusal::Unknown;
    };
    let text = token.text.to_lowercase();
    match words.iter().find(|word| strsim::osa_distance(word, &text) == 1) {
        Some(word) => {
            let message = format!(
                "`{}` is nothing that can stand here; `{}` is",
                token.text,
                word.to_uppercase()
            );
            Refusal::Fault(message, token.span.start)
        }
        None => Refusal::Unknown,
    }
}

/// ALGORITHM, DEFINER and SQL SECURITY of views and routines.
pub(super) fn attributes(c: &mut Cursor<'_, '_>) {
    loop {
        if c.eat("algorithm") {
            c.setting();
        } else if c.eat("definer") {
            c.eat_punct("=");
            c.next();
            c.group();
            // An account may be three tokens, `a`@`b`, or two where the lexer takes `@b` for a variable.
            let variable = c.peek().is_some_and(|token| token.kind == TokenKind::Parameter);
            if c.eat_punct("@") || variable {
                c.next();
            }
        } else if c.eat_all(&["sql", "security"]) {
            c.next();
        } else {
            return;
        }
    }
}

fn create_index(c: &mut Cursor<'_, '_>, kind: IndexKind, unique: bool, or_replace: bool) -> Read<Operation> {
    let start = c.start();
    let if_not_exists = c.if_not_exists();
    let word = known(c.word())?;
    if c.eat_any(&["using", "type"]) {
        c.next();
    }
    if !c.eat("on") {
        return Err(Refusal::Unknown);
    }
    let table = known(c.name())?;
    let mut index = Index {
        name: Some(Name {
            schema: None,
            name: word.text,
            span: word.span,
        }),
        table,
        unique,
        if_not_exists,
        or_replace,
        kind,
        ..Index::default()
    };
    index_body(c, &mut index)?;
    if c.eat("wait") {
        c.next();
    }
    c.eat("nowait");
    if is_hidden(c) {
        index.manner = HIDDEN.to_owned();
    }
    index_options(c, &mut index.online);
    index.span = c.since(start);
    Ok(Operation::CreateIndex(Box::new(index)))
}

pub(super) fn view(c: &mut Cursor<'_, '_>, or_replace: bool, if_not_exists: bool) -> Read<Operation> {
    let name = known(c.name())?;
    let shown: Vec<String> = match c.group() {
        Some(list) => list
            .items()
            .into_iter()
            .filter_map(|mut item| item.word())
            .map(|word| word.text)
            .collect(),
        None => Vec::new(),
    };
    if !c.eat("as") {
        return Err(Refusal::Unknown);
    }
    let query = crate::sql::normal(&single_quoted(*c));
    let (updatable, mut targets) =
        simple(*c).map_or((None, Vec::new()), |(table, targets)| (Some(table), targets));
    let named = Some(shown.len()).filter(|named| *named > 0);
    let columns = match named {
        Some(_) => shown.clone(),
        None => named_by(given(*c)),
    };
    let gives = match named {
        Some(_) => shown.clone(),
        None => single(given(*c)),
    };
    let twice = (1..columns.len()).find(|at| columns[..*at].contains(&columns[*at]));
    let twice = twice.map(|at| Word {
        text: columns[at].clone(),
        span: name.span,
    });
    for (target, name) in targets.iter_mut().zip(shown) {
        target.0 = name;
    }
    Ok(Operation::CreateView(Box::new(View {
        computes: false,
        name,
        or_replace,
        if_not_exists,
        updatable,
        targets,
        query,
        counts: named.zip(counted(given(*c))),
        reads: of_query(*c),
        gives,
        twice,
        ..View::default()
    })))
}

/// The columns that a query names one by one, whatever else it gives.
fn named_by(given: Option<Vec<Given>>) -> Vec<String> {
    let one = |given: Given| match given {
        Given::One { name, .. } => Some(name),
        Given::All(_) => None,
    };
    given.unwrap_or_default().into_iter().filter_map(one).collect()
}

/// The one table of a query that can be written through, and the columns that it shows.
fn simple(mut c: Cursor<'_, '_>) -> Option<(Name, Vec<(String, String)>)> {
    if !c.eat("select") || c.at_any(&["distinct", "distinctrow"]) {
        return None;
    }
    let list_from = c;
    while !c.done() && !c.at("from") {
        c.skip();
    }
    let list = Cursor {
        rest: &list_from.rest[..list_from.rest.len() - c.rest.len()],
        ..list_from
    };
    c.eat("from");
    let table = c.name()?;
    if !c.at("where") {
        c.eat("as");
        if !c.at_any(&["join", "left", "right", "inner", "cross", "natural"]) {
            c.word();
        }
    }
    let mut rest = c;
    while !rest.done() {
        if rest.at_any(&["join", "group", "having", "union", "limit"]) || rest.at_punct(",") {
            return None;
        }
        rest.skip();
    }
    let mut targets = Vec::new();
    for mut item in list.items() {
        if item.rest.last().is_some_and(|token| token.punct("*")) && item.rest.len() <= 3 {
            targets.push((String::new(), String::new()));
            continue;
        }
        let Some(column) = item.column() else { continue };
        item.eat("as");
        let shown = item.word();
        if item.done() {
            targets.push((
                shown.map_or_else(|| column.text.clone(), |word| word.text),
                column.text,
            ));
        }
    }
    Some((table, targets))
}
