//! What the rules about ALTER TABLE of MySQL and MariaDB share.

use super::super::super::online::{Cost, Judged, What, Why, copies_online, is_guarded, judged, written};
use super::{Action, ColumnDef, Context, Finding, Findings, Key, Moved, Name, Operation, Span, held, quote};
use crate::script::lex::{Lexer, TokenKind};
use crate::sql::Algorithm;

/// The table of the statement.
pub(in super::super) fn table_of(cx: &Context<'_>) -> Option<Key> {
    let name: &Name = match cx.operation {
        Operation::Alter { name, .. } => name,
        Operation::CreateIndex(index) => &index.table,
        _ => return None,
    };
    cx.existing(name)
}

/// The actions that keep writers out for one of these reasons, where nothing guards the statement.
pub(in super::super) fn copied<'a>(cx: &Context<'a>, reasons: &[Why]) -> Vec<Judged<'a>> {
    let online = written(cx);
    let mut found = judged(cx);
    // What a guarded statement cannot do the server refuses, and then nothing is harmed; but it is known to fail.
    found.retain(|one| reasons.contains(&one.why) && one.cost >= Cost::Shared);
    found.retain(|one| one.why != Why::Unknown || !is_guarded(online));
    found
}

/// Reports an action that copies the table or keeps writers out.
pub(in super::super) fn report<'f>(
    cx: &Context<'_>,
    out: &'f mut Findings<'_>,
    one: &Judged<'_>,
    message: String,
) -> Option<&'f mut Finding> {
    let table = table_of(cx)?;
    let online = written(cx);
    let refused = is_guarded(online);
    let lenient = copies_online(cx) && one.cost == Cost::Copy && !refused;
    let finding = out.report(one.span, message);
    if lenient {
        finding.severity = crate::diagnostic::Severity::Warning;
        finding.lock(format!(
            "every row of {table} is copied; MariaDB 11.2 and newer let writers go on meanwhile"
        ));
        return Some(finding);
    }
    finding.lock(match (one.cost, refused) {
        (_, true) => {
            "none: the server refuses the statement with the ALGORITHM or LOCK that it names".to_owned()
        }
        (Cost::Copy, _) => format!("LOCK=SHARED on {table} while every row is copied: nobody writes it"),
        _ => format!("LOCK=SHARED on {table} while it is built: nobody writes it"),
    });
    Some(finding)
}

/// The statement with another ALGORITHM and LOCK.
pub(in super::super) fn with_clause(cx: &Context<'_>, clause: &str) -> String {
    let mut sql = without_online(cx);
    sql.push_str(match cx.operation {
        Operation::CreateIndex(_) => " ",
        _ => ", ",
    });
    match cx.operation {
        Operation::CreateIndex(_) => sql.push_str(&clause.replace(',', "")),
        _ => sql.push_str(clause),
    }
    sql.push(';');
    sql
}

/// The statement without ALGORITHM and LOCK.
fn without_online(cx: &Context<'_>) -> String {
    let tokens: Vec<_> = Lexer::new(cx.sql, cx.dialect)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let mut depth = 0_u32;
    let mut cut: Vec<(usize, usize)> = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        let text = tokens[index].text(cx.sql);
        match text {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let named = tokens[index].kind == TokenKind::Word
            && (text.eq_ignore_ascii_case("algorithm") || text.eq_ignore_ascii_case("lock"));
        if depth == 0 && named && index > 2 {
            let assigned = tokens
                .get(index + 1)
                .is_some_and(|token| token.text(cx.sql) == "=");
            let last = (index + if assigned { 2 } else { 1 }).min(tokens.len() - 1);
            let comma = tokens[index - 1].text(cx.sql) == ",";
            let start = if comma {
                tokens[index - 1].start
            } else {
                tokens[index].start
            };
            cut.push((start, tokens[last].end));
            index = last;
        }
        index += 1;
    }
    let mut sql = String::new();
    let mut from = 0;
    for (start, end) in cut {
        sql.push_str(cx.sql.get(from..start).unwrap_or(""));
        from = end;
    }
    sql.push_str(cx.sql.get(from..).unwrap_or(""));
    sql.trim_end().trim_end_matches([';', ',']).trim_end().to_owned()
}

/// The column and its new definition, where the action defines one anew.
pub(in super::super) fn redefined<'a>(one: &Judged<'a>) -> Option<(&'a crate::sql::Word, &'a ColumnDef)> {
    match one.action {
        What::Action(Action::Redefine {
            column, definition, ..
        }) => Some((column, definition)),
        _ => None,
    }
}

/// The files that put a column of another type beside the old one.
pub(in super::super) fn beside(
    cx: &Context<'_>,
    finding: &mut Finding,
    table: &Key,
    old: &crate::sql::Word,
    new: &ColumnDef,
) {
    let from = written_name(cx, old);
    let to = match *old == new.name {
        true => quote(&format!("{}_new", from.trim_matches('`'))),
        false => written_name(cx, &new.name),
    };
    let model = cx.altered().and_then(|altered| altered.table);
    if let Some(why) = held(cx, model, &old.text) {
        finding.help(format!(
            "`{from}` {why}, so no sync can keep a second column equal to it: make a new table beside this one, fill it in batches, and swap the two with one RENAME TABLE"
        ));
        return;
    }
    finding.help(format!(
        "move to a new column, which is called {to} from then on, so write the name that it is to keep; while both builds run, each value has to fit both types"
    ));
    let name = to.trim_matches('`').to_owned();
    let moved = Moved {
        table,
        model,
        old: (&old.text, from.clone()),
        new: (&name, to.clone()),
        ty: new.ty.text.clone(),
        collation: new.collation.clone(),
        using: Some((from, to)),
    };
    moved.tell(cx, finding);
}

/// A name as it stands in the statement, whose case is kept for those who read columns by name.
pub(in super::super) fn written_name(cx: &Context<'_>, word: &crate::sql::Word) -> String {
    match cx.text(word.span) {
        "" => word.to_string(),
        text => text.to_owned(),
    }
}

/// Whether the statement asks for a copy itself.
pub(in super::super) fn asks_for_copy(cx: &Context<'_>) -> bool {
    written(cx).algorithm == Some(Algorithm::Copy)
}

/// Where ALGORITHM and LOCK stand.
pub(in super::super) fn clause_span(cx: &Context<'_>) -> Span {
    match written(cx).span {
        Span { end: 0, .. } => cx.whole(),
        span => span,
    }
}
