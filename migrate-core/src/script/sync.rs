//! The arguments of `sync` and `unsync`.
//!
//! ```text
//! users.username <-> users.display_name
//! users.(first, last) -> users.full using (first || ' ' || last)
//! users.email <-> addresses.email on (addresses.user_id = users.id)
//! profiles.bio -> users.bio on (profiles.user_id = users.id) rows (profiles)
//! users.cents <-> users.euros using (cents / 100.0) <- using (round(euros * 100))
//! ```

use super::arguments::ArgumentFault;
use super::lex::{Lexer, TokenKind};
use crate::model::Dialect;
use crate::model::directives::{Sync, SyncRows, SyncSide, Text};
use crate::sync::Kept;

struct Parser<'a> {
    text: &'a str,
    /// Where `text` stands in the file.
    offset: usize,
    at: usize,
    dialect: Dialect,
}

/// Reads the pair. `offset` is where `text` stands in the file. One that is `ended` needs no expressions: those of the
/// sync that it ends hold.
pub(crate) fn parse(text: &str, offset: usize, dialect: Dialect, ended: bool) -> Result<Sync, ArgumentFault> {
    let mut parser = Parser {
        text,
        offset,
        at: 0,
        dialect,
    };
    let old = parser.side(None)?;
    let both_ways = if parser.eat("<->") {
        true
    } else if parser.eat("->") {
        false
    } else {
        return Err(parser.fault("expected `<->` or `->`"));
    };
    let new = parser.side(Some(&old.table))?;
    let mut sync = Sync {
        old,
        new,
        both_ways,
        forward: None,
        backward: None,
        on: None,
        rows: SyncRows::New,
    };
    let mut rows_named = false;
    loop {
        let start = parser.position();
        if parser.eat_word("rows") {
            if core::mem::replace(&mut rows_named, true) {
                return Err(ArgumentFault::new("this stands twice", start, parser.position()));
            }
            sync.rows = parser.rows(&sync)?;
            continue;
        }
        let slot = if parser.eat_word("using") {
            &mut sync.forward
        } else if parser.eat("<-") {
            if !parser.eat_word("using") {
                return Err(parser.fault("expected `using (…)`"));
            }
            if !both_ways {
                let message = "a one-way sync (`->`) has no expression back";
                return Err(ArgumentFault::new(message, start, parser.position()));
            }
            &mut sync.backward
        } else if parser.eat_word("on") {
            &mut sync.on
        } else {
            break;
        };
        if slot.is_some() {
            return Err(ArgumentFault::new("this stands twice", start, parser.position()));
        }
        *slot = Some(parser.parenthesised()?);
    }
    if parser.at < text.trim_end().len() {
        return Err(parser.fault("expected the end, `using (…)`, `<- using (…)`, `on (…)` or `rows (…)`"));
    }
    let bare = ended && sync.forward.is_none() && sync.backward.is_none();
    if sync.old.table != sync.new.table && sync.on.is_none() && !bare {
        let message = "two tables need the condition that pairs their rows: `on (…)`";
        return Err(ArgumentFault::new(
            message,
            offset,
            offset + text.trim_end().len(),
        ));
    }
    if sync.old.table == sync.new.table && (sync.on.is_some() || rows_named) {
        let message = "`on` and `rows` are for two tables: the sides of one are in the same row";
        return Err(ArgumentFault::new(
            message,
            offset,
            offset + text.trim_end().len(),
        ));
    }
    if sync.old == sync.new {
        let message = "both sides are the same";
        return Err(ArgumentFault::new(
            message,
            offset,
            offset + text.trim_end().len(),
        ));
    }
    if sync.old.columns.len() != sync.new.columns.len() && sync.forward.is_none() && !bare {
        let message = "sides of different width need `using (…)`";
        return Err(ArgumentFault::new(
            message,
            offset,
            offset + text.trim_end().len(),
        ));
    }
    if !bare {
        let made = Kept::new(&sync, dialect, "", "");
        made.map_err(|fault| ArgumentFault::new(fault, offset, offset + text.trim_end().len()))?;
    }
    Ok(sync)
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn position(&mut self) -> usize {
        self.skip_space();
        self.offset + self.at
    }

    fn fault(&mut self, message: &str) -> ArgumentFault {
        let start = self.position();
        let word = self.rest().split_whitespace().next().map_or(1, str::len);
        ArgumentFault::new(message, start, start + word)
    }

    fn eat(&mut self, text: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let rest = self.rest();
        let found = rest
            .get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word))
            && !rest[word.len()..].starts_with(|next: char| next.is_alphanumeric() || next == '_');
        if found {
            self.at += word.len();
        }
        found
    }

    /// One part of a name: quoted as the dialect does, or a word.
    fn name(&mut self) -> Result<String, ArgumentFault> {
        self.skip_space();
        let token = Lexer::new(self.rest(), self.dialect).next().and_then(Result::ok);
        match token {
            Some(token) if matches!(token.kind, TokenKind::Word | TokenKind::Quoted) => {
                let name = self.rest()[token.start..token.end].to_owned();
                self.at += token.end;
                Ok(name)
            }
            _ => Err(self.fault("expected a name, as in `users.username`")),
        }
    }

    /// `table.column`, `schema.table.column` or `table.(a, b)`; the table may be left out of the second side.
    fn side(&mut self, default_table: Option<&Text>) -> Result<SyncSide, ArgumentFault> {
        let mut names = Vec::new();
        let columns = loop {
            if self.eat("(") {
                let mut columns = vec![Text::from(self.name()?)];
                while self.eat(",") {
                    columns.push(self.name()?.into());
                }
                if !self.eat(")") {
                    return Err(self.fault("expected `,` or `)`"));
                }
                break columns;
            }
            names.push(self.name()?);
            if !self.eat(".") {
                break vec![names.pop().unwrap_or_default().into()];
            }
        };
        let table = match (names.is_empty(), default_table) {
            (false, _) => names.join(".").into(),
            (true, Some(table)) => table.clone(),
            (true, None) => return Err(self.fault("name the table too, as in `users.username`")),
        };
        Ok(SyncSide {
            table,
            columns: columns.into(),
        })
    }

    /// The tables whose rows come and go with those of the other: `(users)`, `(users, people)`.
    fn rows(&mut self, sync: &Sync) -> Result<SyncRows, ArgumentFault> {
        if !self.eat("(") {
            return Err(self.fault("expected `(`"));
        }
        let (mut old, mut new) = (false, false);
        loop {
            let start = self.position();
            let mut name = self.name()?;
            while self.eat(".") {
                name = format!("{name}.{}", self.name()?);
            }
            match &*name {
                name if *name == *sync.old.table && !old => old = true,
                name if *name == *sync.new.table && !new => new = true,
                _ => {
                    let message = "expected one of the two tables, or both";
                    return Err(ArgumentFault::new(message, start, self.position()));
                }
            }
            if self.eat(")") {
                break;
            }
            if !self.eat(",") {
                return Err(self.fault("expected `,` or `)`"));
            }
        }
        Ok(match (old, new) {
            (true, true) => SyncRows::Both,
            (true, false) => SyncRows::Old,
            _ => SyncRows::New,
        })
    }

    /// The text between balanced parentheses.
    fn parenthesised(&mut self) -> Result<Text, ArgumentFault> {
        if !self.eat("(") {
            return Err(self.fault("expected `(`"));
        }
        let start = self.at;
        let mut depth = 1;
        for token in Lexer::new(&self.text[start..], self.dialect).map_while(Result::ok) {
            match &self.text[start + token.start..start + token.end] {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = start + token.end;
                let inner = self.text[start..start + token.start].trim();
                if inner.is_empty() {
                    return Err(ArgumentFault::new(
                        "the parentheses are empty",
                        self.offset + start - 1,
                        self.offset + self.at,
                    ));
                }
                return Ok(inner.to_owned().into());
            }
        }
        let end = self.offset + self.text.trim_end().len();
        Err(ArgumentFault::new(
            "this parenthesis is not closed",
            self.offset + start - 1,
            end,
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        for (text, shown) in [
            (
                "users.username <-> users.display_name",
                "users.username <-> users.display_name",
            ),
            ("users.a->b", "users.a -> users.b"),
            (
                "users.(first, last) -> full using (concat(first, ' ', last)) ",
                "users.(first, last) -> users.full",
            ),
            (
                "app.users.email <-> addresses.email ON (addresses.user_id = users.id)",
                "app.users.email <-> addresses.email",
            ),
            (
                "profiles.bio -> users.bio on (profiles.user_id = users.id) rows (profiles)",
                "profiles.bio -> users.bio",
            ),
            (
                "a.x <-> app.b.y on (a.k = app.b.k AND a.m = b.m) rows (a, app.b)",
                "a.x <-> app.b.y",
            ),
            (r#""My users".a <-> b"#, r#""My users".a <-> "My users".b"#),
            ("t.a <-> b using (a * 2) <- using (b / 2)", "t.a <-> t.b"),
        ] {
            let sync =
                parse(text, 0, Dialect::Postgres, false).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
            assert_eq!(sync.to_string(), shown);
        }
        let ended = parse("users.(first, last) <-> full", 0, Dialect::Postgres, true).unwrap();
        assert_eq!(ended.to_string(), "users.(first, last) <-> users.full");
        let sync = parse(
            "t.a <-> b using (f(a, ')')) <- using (b)",
            0,
            Dialect::Postgres,
            false,
        )
        .unwrap();
        assert_eq!(
            (sync.forward.as_deref(), sync.backward.as_deref()),
            (Some("f(a, ')')"), Some("b"))
        );
    }

    #[test]
    fn faults() {
        for (text, part) in [
            ("", "expected a name"),
            ("username <-> display_name", "name the table too"),
            ("t.a = t.b", "expected `<->`"),
            ("t.a <-> ", "expected a name"),
            ("t.a <-> t.a", "the same"),
            ("t.a <-> u.b", "pairs their rows"),
            ("t.a <-> u.b on (t.id)", "t.id = u.id"),
            ("t.a <-> u.b on (t.id = t.k)", "one column of each table"),
            ("t.a <-> u.b on (t.id = v.k)", "one column of each table"),
            ("t.a <-> u.b on (t.a = u.k)", "belongs to the key and to the side"),
            ("t.a <-> u.b on (t.id = u.id OR t.id = 1)", "t.id = u.id"),
            ("t.a <-> u.b on (t.id = u.id) rows (v)", "one of the two tables"),
            ("t.a <-> b rows (t)", "two tables"),
            ("t.(a, b) -> c", "different width"),
            ("t.a -> b <- using (b)", "one-way"),
            ("t.a <-> b using (a", "not closed"),
            ("t.a <-> b using ()", "empty"),
            ("t.a <-> b using (a) using (a)", "twice"),
            ("t.a <-> b whatever", "expected the end"),
            ("t.a <-> b using (a)", "needs the one back too"),
            ("t.(a, b) <-> (b, c)", "stands on both sides"),
            ("t.(a, A) <-> (b, c)", "stands twice"),
            ("t.(a, b) -> c using (a, b)", "gives 2 expressions for 1 column"),
            (
                "t.a -> (b, c) using (f(a, 1))",
                "gives 1 expressions for 2 columns",
            ),
            ("t.a -> b using (a; DROP TABLE t)", "no expression"),
        ] {
            let fault = parse(text, 0, Dialect::Postgres, false).expect_err(text);
            assert!(fault.message.contains(part), "{text}: {}", fault.message);
        }
    }
}
