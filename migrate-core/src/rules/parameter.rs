//! Parameters, which nothing gives a value: SQLite takes NULL for them without a word, the servers refuse them.

use super::analysis::position;
use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Dialect, Migration};
use crate::script::lex::{Lexer, TokenKind};
use crate::script::words::Words;
use crate::sql::Span;

/// The first parameter of each statement of a file.
pub(super) fn check(migration: &Migration, dialect: Dialect, diagnostics: &mut Vec<Diagnostic>) {
    let queries = migration.verify.iter().map(|verify| &verify.query);
    for section in [&migration.up].into_iter().chain(&migration.down).chain(queries) {
        for statement in section.statements.iter() {
            let sql = section.sql(statement);
            let Some(span) = first(sql, dialect) else { continue };
            let name = sql
                .get(span.start as usize..span.end as usize)
                .unwrap_or_default();
            let outcome = match dialect {
                Dialect::Sqlite => "SQLite takes NULL for it",
                _ => "the server refuses it",
            };
            let message = format!("`{name}` stands for a value that nothing gives: {outcome}");
            let diagnostic = Diagnostic::error(&codes::PARAMETER, &*section.path, message);
            diagnostics.push(diagnostic.at(position(section, statement, span)));
        }
    }
}

fn first(sql: &str, dialect: Dialect) -> Option<Span> {
    let is_parameter = |text: &str| match dialect {
        Dialect::Postgres => text.starts_with('$'),
        Dialect::Sqlite => true,
        // `@name` is a variable, which a file may set.
        Dialect::Mysql | Dialect::MariaDb => text.starts_with('?'),
    };
    if !sql.contains(['$', '?', ':', '@']) || takes_parameters(sql, dialect) {
        return None;
    }
    let token = Lexer::new(sql, dialect)
        .map_while(Result::ok)
        .find(|token| token.kind == TokenKind::Parameter && is_parameter(token.text(sql)))?;
    Some(Span {
        start: token.start as u32,
        end: token.end as u32,
    })
}

/// Whether it makes something that is called with values.
fn takes_parameters(sql: &str, dialect: Dialect) -> bool {
    let mut words = Words::new(sql, dialect);
    let Some(verb) = words.next() else { return false };
    verb.is("prepare")
        || verb.is("create") && words.take(3).any(|word| word.is_any(&["function", "procedure"]))
}
