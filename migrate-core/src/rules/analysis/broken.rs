//! What a server lets go of or changes although something else needs it, which fails from then on whenever it is used: views
//! and triggers in SQLite, MySQL and MariaDB, foreign keys in SQLite.

use crate::model::Dialect;
use crate::rules::catalogue::{left_behind, orphaned};
use crate::rules::file::File;
use crate::schema::{Class, ConstraintModel, Fault, FaultKind, Key, Schema, TableConstraint, TableKind};
use crate::script::lex::{Lexer, Token, TokenKind};
use crate::sql::{Action, ColumnDef, Generated, Name, ObjectKind, Operation, Span};

/// What the statement breaks, unless the file drops that or makes it again behind it.
pub(super) fn broken(schema: &Schema, operations: &[Operation], at: usize) -> Option<Fault> {
    orphaned(schema, operations, at)
        .or_else(|| left_behind(schema, operations, at))
        .or_else(|| left_over(schema, operations, at))
}

/// Views, triggers and foreign keys that name what goes, and triggers that know how many columns there are.
fn left_over(schema: &Schema, operations: &[Operation], at: usize) -> Option<Fault> {
    let rest = operations.get(at + 1..).unwrap_or_default();
    match operations.get(at)? {
        Operation::Drop {
            kind: kind @ (ObjectKind::Table | ObjectKind::View),
            names,
            ..
        } if schema.dialect() != Dialect::Postgres => {
            let mut names = names.iter().filter(|name| !is_made(operations, &name.name));
            names.find_map(|name| {
                let key = schema.resolve(Class::Relation, name);
                let user = user(schema, operations, rest, &key)?;
                let message = format!("{user} names the {} `{key}`, and fails without it", kind.word());
                Some(needed(name.span, message))
            })
        }
        Operation::Drop {
            kind: ObjectKind::Index,
            names,
            cascade: false,
            ..
        } if !schema.dialect().is_mysql_family() => names.iter().find_map(|name| {
            let (parent, columns) = schema
                .index(name)
                .map(|(parent, index)| (&parent.name, &index.columns))?;
            // PostgreSQL refuses at once.
            let again = schema.dialect() == Dialect::Sqlite && is_made_unique(rest, parent, columns);
            let gone = |child: &Key| is_dropped(operations, ObjectKind::Table, &child.name);
            let needs = schema.looks_up_by(name, gone).filter(|_| !again)?;
            let message = format!("{needs} needs the index `{name}`");
            Some(needed(name.span, message))
        }),
        Operation::Alter {
            kind: ObjectKind::Table,
            name,
            actions,
            ..
        } if schema.dialect() != Dialect::Postgres => misfit(schema, rest, name, actions),
        _ => None,
    }
}

/// A foreign key of SQLite that the statement has made and that refers to what nothing makes unique, behind it neither.
pub(super) fn mismatched(
    schema: &Schema,
    operations: &[Operation],
    at: usize,
    later: &[File],
) -> Option<Fault> {
    if schema.dialect() != Dialect::Sqlite {
        return None;
    }
    let (table, written, span): (_, Option<&str>, _) = match operations.get(at)? {
        Operation::CreateTable(table) if !table.temporary => (&table.name, None, table.name.span),
        Operation::Alter { name, actions, .. } => {
            let added = actions.iter().find_map(|action| match action {
                Action::AddColumn { column, .. } => Some(&column.name),
                _ => None,
            })?;
            (name, Some(&*added.text), added.span)
        }
        _ => return None,
    };
    let key = schema.resolve(Class::Relation, table);
    let own = |one: &TableConstraint| written.is_none() || one.written_at.as_deref() == written;
    let (one, message) = schema.mismatch(&key, own)?;
    let ConstraintModel::ForeignKey(_, parent, columns) = &one.kind else {
        return None;
    };
    let rest = operations.get(at + 1..).unwrap_or_default();
    let changed = |operation: &Operation| match operation {
        Operation::CreateTable(table) => table.name.name == parent.name,
        Operation::Alter { actions, .. } => actions
            .iter()
            .any(|action| matches!(action, Action::RenameTo(to) if to.text == parent.name)),
        Operation::Drop { names, .. } => names
            .iter()
            .any(|name| name.name == key.name || name.name == parent.name),
        _ => false,
    };
    let mut files = std::iter::once(rest).chain(later.iter().map(|file| &*file.up));
    let mended = files.any(|rest| is_made_unique(rest, &parent.name, columns) || rest.iter().any(changed));
    (!mended).then_some(Fault {
        kind: FaultKind::Refused,
        span,
        message,
        nearest: None,
    })
}

fn needed(span: Span, message: String) -> Fault {
    Fault {
        kind: FaultKind::Needed,
        span,
        message,
        nearest: None,
    }
}

/// Whether the file makes a table or a view of that name, or calls one so.
fn is_made(operations: &[Operation], name: &str) -> bool {
    operations.iter().any(|operation| match operation {
        Operation::CreateTable(table) => table.name.name == name,
        Operation::CreateView(view) => view.name.name == name,
        Operation::Alter { actions, .. } => actions
            .iter()
            .any(|action| matches!(action, Action::RenameTo(to) if to.text == name)),
        Operation::Opaque { .. } => true,
        _ => false,
    })
}

fn is_made_unique(operations: &[Operation], table: &str, columns: &[String]) -> bool {
    operations.iter().any(|operation| match operation {
        Operation::CreateIndex(index) => {
            let mut made: Vec<&String> = index.columns.iter().collect();
            let mut wanted: Vec<&String> = columns.iter().collect();
            made.sort();
            wanted.sort();
            index.unique && index.predicate.is_none() && index.table.name == table && made == wanted
        }
        Operation::Opaque { .. } => true,
        _ => false,
    })
}

fn is_dropped(operations: &[Operation], wanted: ObjectKind, name: &str) -> bool {
    operations.iter().any(|operation| match operation {
        Operation::Drop { kind, names, .. } => {
            *kind == wanted && names.iter().any(|other| other.name == name)
        }
        _ => false,
    })
}

/// Whether the statements drop a trigger or its table, or make the trigger again.
fn is_trigger_gone(operations: &[Operation], trigger: &str, of: &Key) -> bool {
    is_dropped(operations, ObjectKind::Trigger, trigger)
        || is_dropped(operations, ObjectKind::Table, &of.name)
        || is_dropped(operations, ObjectKind::View, &of.name)
        || operations.iter().any(|operation| match operation {
            Operation::CreateTrigger { name, .. } => name.text == trigger,
            Operation::CreateNamedTrigger { name, .. } => name.name == trigger,
            _ => false,
        })
}

/// Every trigger that is known by what it does: its name, its table, its text.
fn triggers(schema: &Schema) -> impl Iterator<Item = (&str, &Key, &str)> {
    let named = schema
        .triggers()
        .map(|(trigger, of, body)| (&*trigger.name, of, body));
    named.chain(schema.tables().flat_map(|(key, table)| {
        let fired = table.fired.iter();
        fired.map(move |(trigger, fired)| (&**trigger, key, &*fired.definition))
    }))
}

/// The view or the trigger of another table that names a relation and is still there once the file is through.
fn user(schema: &Schema, operations: &[Operation], rest: &[Operation], key: &Key) -> Option<String> {
    let dialect = schema.dialect();
    if key.schema == schema.temporary() {
        return None;
    }
    let view = schema.views().find(|(view, query)| {
        let again = rest.iter().any(
            |operation| matches!(operation, Operation::CreateView(other) if other.name.name == view.name),
        );
        *view != key
            && !schema.is_doubted(view)
            && !again
            && !is_dropped(operations, ObjectKind::View, &view.name)
            && names(query, key, dialect)
    });
    if let Some((view, _)) = view {
        return Some(format!("the view `{view}`"));
    }
    let mut triggers = triggers(schema);
    let trigger = triggers.find(|(trigger, of, body)| {
        *of != key
            && !schema.is_doubted(of)
            && !is_trigger_gone(rest, trigger, of)
            && !is_dropped(operations, ObjectKind::Table, &of.name)
            && names(body, key, dialect)
    });
    trigger.map(|(trigger, of, _)| format!("the trigger `{trigger}` of `{of}`"))
}

/// The words of a statement, without quotes.
struct Text<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl<'a> Text<'a> {
    fn of(text: &'a str, dialect: Dialect) -> Self {
        let lexed = Lexer::new(text, dialect).map_while(Result::ok);
        Self {
            text,
            tokens: lexed.filter(|token| !token.kind.is_trivia()).collect(),
        }
    }

    fn at(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| token.text(self.text))
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.at(at).eq_ignore_ascii_case(word)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(at, word))
    }

    /// Whether a name is here, in quotes or not; a text is none.
    fn is_name(&self, at: usize, name: &str) -> bool {
        let text = self
            .tokens
            .get(at)
            .is_some_and(|token| token.kind == TokenKind::String);
        let bare = self
            .at(at)
            .trim_matches(|one| matches!(one, '"' | '`' | '[' | ']'));
        !text && bare.eq_ignore_ascii_case(name)
    }
}

/// Whether a query or the body of a trigger reads or writes that relation.
fn names(text: &str, key: &Key, dialect: Dialect) -> bool {
    let text = Text::of(text, dialect);
    let mut listed = false;
    let mut found = false;
    for at in 0..text.tokens.len() {
        let ends = [
            "where", "group", "having", "order", "limit", "set", "values", "select", ";", ")",
        ];
        match () {
            () if text.is(at, "from") => listed = true,
            () if text.is_any(at, &ends) => listed = false,
            () => {}
        }
        if !text.is_name(at, &key.name) {
            continue;
        }
        // What WITH names hides it.
        if text.is(at + 1, "as") && text.is(at + 2, "(") {
            return false;
        }
        let qualified = at > 1 && text.at(at - 1) == ".";
        if qualified && !(text.is_name(at - 2, &key.schema) || text.is_name(at - 2, "main")) {
            continue;
        }
        let Some(before) = at.checked_sub(if qualified { 3 } else { 1 }) else {
            continue;
        };
        found |= match () {
            () if text.at(at + 1) == "." => false,
            () if text.is_any(before, &["from", "join", "into"]) => true,
            () if text.is(before, "update") => {
                let upsert = |at: usize| text.is_any(at, &["do", "key"]);
                !before.checked_sub(1).is_some_and(upsert)
            }
            () if before > 1 && text.is(before - 1, "or") => text.is(before - 2, "update"),
            () => listed && text.at(before) == ",",
        };
    }
    found
}

/// A trigger that inserts by position into a table which gets or loses columns.
fn misfit(schema: &Schema, rest: &[Operation], name: &Name, actions: &[Action]) -> Option<Fault> {
    let key = schema.resolve(Class::Relation, name);
    let table = schema
        .table_at(&key)
        .filter(|table| table.complete && !schema.is_doubted(&key))?;
    if table.kind == TableKind::Virtual {
        return None;
    }
    let lists_computed = schema.dialect() != Dialect::Sqlite;
    let counts = |generated: &Option<Generated>, hidden: bool| {
        let computed = matches!(generated, Some(Generated::Stored(_) | Generated::Virtual(_)));
        !hidden && (lists_computed || !computed)
    };
    let known = table.columns.iter();
    let width = known
        .filter(|column| counts(&column.generated, column.attributes.invisible))
        .count();
    let (mut after, mut place) = (width, None);
    for action in actions {
        let span = match action {
            Action::AddColumn { column, .. } if table.column(&column.name.text).is_none() => {
                let column: &ColumnDef = column;
                if !counts(&column.generated, column.attributes.invisible) {
                    continue;
                }
                after += 1;
                column.name.span
            }
            Action::DropColumn { column, .. } => {
                let Some(known) = table.column(&column.text) else {
                    continue;
                };
                if !counts(&known.generated, known.attributes.invisible) {
                    continue;
                }
                after -= 1;
                column.span
            }
            _ => continue,
        };
        place.get_or_insert(span);
    }
    let place = place.filter(|_| after != width)?;
    let mut triggers = triggers(schema);
    let (trigger, of, _) = triggers.find(|(trigger, of, body)| {
        !is_trigger_gone(rest, trigger, of) && listed(body, &key, schema.dialect()).contains(&width)
    })?;
    let message = format!(
        "the trigger `{trigger}` of `{of}` gives `{key}` {width} values without naming the columns, and fails when it has {after}"
    );
    Some(needed(place, message))
}

/// How many values the INSERTs into a table list that do not name its columns.
fn listed(body: &str, key: &Key, dialect: Dialect) -> Vec<usize> {
    let text = Text::of(body, dialect);
    let mut found = Vec::new();
    for at in 0..text.tokens.len() {
        if !(text.is(at, "into") && text.is_name(at + 1, &key.name)) {
            continue;
        }
        let values = at + 2;
        if !(text.is_any(values, &["values", "value"]) && text.at(values + 1) == "(") {
            continue;
        }
        let (mut depth, mut width) = (0_u32, 1);
        for next in values + 1..text.tokens.len() {
            match text.at(next) {
                "(" => depth += 1,
                ")" => depth -= 1,
                "," if depth == 1 => width += 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        found.push(width);
    }
    found
}
