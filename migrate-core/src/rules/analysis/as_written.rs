//! Names in messages, as the file has them.

use crate::model::Dialect;
use crate::script::lex::TokenKind;
use crate::script::words::Words;
use crate::sql;

/// The message with those names bare that the statement has bare. Names are written for SQL, where a word that some
/// server reserves stands in quotes; whoever wrote it without them looks for it in vain.
pub(super) fn as_written(mut message: String, statement: &str, dialect: Dialect) -> String {
    let (mark, ticks) = match dialect.is_mysql_family() {
        true => ('`', "`"),
        false => ('"', ""),
    };
    if !message.contains(&format!("{ticks}{mark}")) && !message.contains(&format!("{mark}{ticks}")) {
        return message;
    }
    for word in Words::new(statement, dialect) {
        let quoted = sql::quote(&folded(word.text, dialect));
        if word.kind != TokenKind::Word || !quoted.starts_with(mark) || statement.contains(&quoted) {
            continue;
        }
        let bare = &quoted[1..quoted.len() - 1];
        message = match ticks {
            "" => message.replace(&quoted, bare),
            // There a message has its names in the same marks.
            _ => message
                .replace(&format!("`{quoted}"), &format!("`{bare}"))
                .replace(&format!(".{quoted}`"), &format!(".{bare}`")),
        };
    }
    message
}

fn folded(word: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres => word.to_lowercase(),
        _ => word.to_owned(),
    }
}
