//! Why SQLite does not read a statement, where its words tell more than the place at which its grammar stops.

use super::cursor::Cursor;
use crate::diagnostic::nearest;
use crate::sql::SyntaxFault;

/// What a statement can begin with. Neither extensions nor options of a build add to it.
#[rustfmt::skip]
const BEGINNINGS: &[&str] = &[
    "alter", "analyze", "attach", "begin", "commit", "create", "delete", "detach", "drop", "end", "explain", "insert",
    "pragma", "reindex", "release", "replace", "rollback", "savepoint", "select", "update", "vacuum", "values", "with",
];

/// What CREATE, DROP and ALTER are about.
const KINDS: &[(&str, &[&str])] = &[
    (
        "create",
        &[
            "index",
            "table",
            "temp",
            "temporary",
            "trigger",
            "unique",
            "view",
            "virtual",
        ],
    ),
    ("drop", &["index", "table", "trigger", "view"]),
    ("alter", &["table"]),
];

/// Functions of other servers that tell the time.
const CLOCKS: &[&str] = &[
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "getdate",
    "sysdate",
];

/// A comment of MySQL's kind, which is none here.
pub(super) fn comment(cursor: Cursor<'_>) -> Option<SyntaxFault> {
    (!cursor.is_empty() && cursor.text_at(0) == "#").then(|| SyntaxFault {
        message: "`#` begins no comment; `--` does".to_owned(),
        at: cursor.span_at(0).start,
    })
}

/// What the words say of a statement that the grammar refuses.
pub(super) fn unheard(cursor: Cursor<'_>, fault: &SyntaxFault) -> Option<SyntaxFault> {
    let first = cursor.word_at(0)?;
    if !BEGINNINGS.iter().any(|known| known.eq_ignore_ascii_case(first)) {
        let meant = meant(first, "", BEGINNINGS);
        return Some(SyntaxFault {
            message: format!("no statement starts with `{first}`{meant}"),
            at: cursor.span_at(0).start,
        });
    }
    let kinds = KINDS.iter().find(|(verb, _)| verb.eq_ignore_ascii_case(first));
    if let (Some((verb, kinds)), Some(kind)) = (kinds, cursor.word_at(1))
        && !kinds.iter().any(|known| known.eq_ignore_ascii_case(kind))
    {
        let verb = verb.to_uppercase();
        let meant = meant(kind, &format!("{verb} "), kinds);
        return Some(SyntaxFault {
            message: format!("there is no `{verb} {}`{meant}", kind.to_uppercase()),
            at: cursor.span_at(1).start,
        });
    }
    let called = |at: &usize| {
        cursor.is_at(*at, "default")
            && cursor.word_at(*at + 1).is_some()
            && cursor.text_at(*at + 2) == "("
            && cursor.span_at(*at + 2).start == fault.at
    };
    let at = (0..cursor.len()).find(called)?;
    let function = cursor.word_at(at + 1)?;
    let message = match CLOCKS.iter().any(|clock| clock.eq_ignore_ascii_case(function)) {
        true => format!("it has no `{function}()`: the present time is `DEFAULT CURRENT_TIMESTAMP`"),
        false => "a default that is computed stands in parentheses: `DEFAULT (…)`".to_owned(),
    };
    Some(SyntaxFault {
        message,
        at: cursor.span_at(at + 1).start,
    })
}

fn meant(word: &str, before: &str, known: &[&str]) -> String {
    nearest(word, known.iter().copied()).map_or(String::new(), |near| {
        format!("; did you mean `{before}{}`?", near.to_uppercase())
    })
}
