//! Reads from the stored text of an SQLite object what no pragma tells, whatever its layout, comments and quotes.

use std::collections::HashMap;

/// A piece of SQL that white space and comments cannot change.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Token {
    /// The text; a quoted name without its quotes.
    text: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Word,
    QuotedName,
    Literal,
    Symbol,
}

impl Token {
    fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == Kind::Symbol && self.text == symbol
    }

    fn is_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(keyword))
    }
}

/// A name as it appears in facts: quoted only where it has to be.
pub(super) fn name(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    if !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// The same statement in one layout, without comments and needless quotes. ALTER TABLE … RENAME adds such quotes.
pub(super) fn normalised(sql: &str) -> String {
    render(&tokens(sql))
}

fn render(tokens: &[Token]) -> String {
    let mut text = String::new();
    let mut previous: Option<&Token> = None;
    for token in tokens {
        let glued = token.kind == Kind::Symbol && matches!(token.text.as_str(), ")" | "," | "." | ";")
            || previous.is_some_and(|previous| previous.is_symbol("(") || previous.is_symbol("."));
        if previous.is_some_and(|previous| previous.is_symbol(";")) {
            text.push('\n');
        } else if previous.is_some() && !glued {
            text.push(' ');
        }
        match token.kind {
            Kind::QuotedName => text += &name(&token.text),
            Kind::Word | Kind::Literal | Kind::Symbol => text += &token.text,
        }
        previous = Some(token);
    }
    text
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let (length, kind) = match first {
            _ if first.is_whitespace() => {
                rest = rest.trim_start();
                continue;
            }
            '-' if rest.starts_with("--") => {
                rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
                continue;
            }
            '/' if rest.starts_with("/*") => {
                rest = rest
                    .get(2..)
                    .and_then(|rest| rest.split_once("*/"))
                    .map_or("", |(_, rest)| rest);
                continue;
            }
            '\'' => (quoted(rest, '\''), Kind::Literal),
            '"' | '`' => (quoted(rest, first), Kind::QuotedName),
            '[' => (rest.find(']').map_or(rest.len(), |end| end + 1), Kind::QuotedName),
            _ if first.is_alphanumeric() || first == '_' || first == '$' => {
                let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == '$');
                (rest.find(word).unwrap_or(rest.len()), Kind::Word)
            }
            _ => (symbol(rest, first), Kind::Symbol),
        };
        let (text, after) = rest.split_at(length);
        let text = match kind {
            Kind::QuotedName => unquoted(text, first),
            _ => text.to_owned(),
        };
        tokens.push(Token { text, kind });
        rest = after;
    }
    tokens
}

/// The length of a quoted piece, where a doubled quote stands for itself.
fn quoted(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((index, c)) = characters.next() {
        if c == quote {
            match characters.peek() {
                Some((_, next)) if *next == quote => drop(characters.next()),
                _ => return index + 1,
            }
        }
    }
    text.len()
}

fn unquoted(text: &str, quote: char) -> String {
    let mut inner = text.chars();
    inner.next();
    inner.next_back();
    if quote == '[' {
        inner.collect()
    } else {
        inner
            .as_str()
            .replace(&format!("{quote}{quote}"), &quote.to_string())
    }
}

/// Operators of several characters stay together.
fn symbol(text: &str, first: char) -> usize {
    ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "==", "!="]
        .iter()
        .find(|operator| text.starts_with(**operator))
        .map_or(first.len_utf8(), |operator| operator.len())
}

/// The tokens between the parenthesis at `open` and its partner, and where that is.
fn group(tokens: &[Token], open: usize) -> (&[Token], usize) {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        if token.is_symbol("(") {
            depth += 1;
        } else if token.is_symbol(")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return (&tokens[open + 1..index], index);
            }
        }
    }
    (tokens.get(open + 1..).unwrap_or_default(), tokens.len())
}

/// The items of a list, split at the commas outside parentheses.
fn items(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            if token.is_symbol("(") {
                depth += 1;
            } else if token.is_symbol(")") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && token.is_symbol(",")
        })
        .collect()
}

/// What only the text of a CREATE TABLE tells.
#[derive(Debug, Default)]
pub(super) struct TableText {
    /// By the lower-case name.
    pub(super) columns: HashMap<String, ColumnText>,
    /// Name, if it has one, and expression.
    pub(super) checks: Vec<(Option<String>, String)>,
    /// For each foreign key in the order of the text, whether it is checked at the end of the transaction.
    pub(super) deferred: Vec<bool>,
    /// Constraint or column, and what happens on a conflict.
    pub(super) conflicts: Vec<(String, String)>,
    pub(super) autoincrement: bool,
}

/// What only the text tells of a column.
#[derive(Debug, Default)]
pub(super) struct ColumnText {
    pub(super) collation: Option<String>,
    pub(super) generated: Option<String>,
}

impl TableText {
    pub(super) fn parse(sql: &str) -> Self {
        let tokens = tokens(sql);
        let mut table = TableText::default();
        let Some(open) = tokens.iter().position(|token| token.is_symbol("(")) else {
            return table;
        };
        for item in items(group(&tokens, open).0) {
            let Some(first) = item.first() else { continue };
            let mut column = (!first.is_any(&["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]))
                .then(ColumnText::default);
            table.item(item, column.as_mut());
            if let Some(column) = column {
                table.columns.insert(first.text.to_lowercase(), column);
            }
        }
        table
    }

    /// Reads a column or a table constraint. SQLite lets several constraints stand without commas between them.
    fn item(&mut self, item: &[Token], mut column: Option<&mut ColumnText>) {
        let mut constraint_name = None;
        let mut constraint_start = 0;
        let mut index = 0;
        while let Some(token) = item.get(index) {
            let next = item.get(index + 1);
            if token.is_symbol("(") {
                index = group(item, index).1;
            } else if token.is("CONSTRAINT") && column.as_ref().is_none_or(|_| index > 0) {
                constraint_name = next.map(|name| self::name(&name.text));
                index += 1;
            } else if token.is_any(&["CHECK", "AS"]) && next.is_some_and(|next| next.is_symbol("(")) {
                let (expression, end) = group(item, index + 1);
                let expression = format!("({})", render(expression));
                if token.is("CHECK") {
                    self.checks.push((constraint_name.take(), expression));
                } else if let Some(column) = &mut column {
                    column.generated = Some(expression);
                }
                index = end;
            } else if token.is_any(&["PRIMARY", "UNIQUE", "NOT", "FOREIGN"]) {
                constraint_start = index;
                constraint_name = None;
            } else if token.is("COLLATE") {
                if let Some(column) = &mut column {
                    column.collation = next
                        .map(|name| name.text.to_uppercase())
                        .filter(|name| name != "BINARY");
                }
            } else if token.is("REFERENCES") {
                self.deferred.push(deferred(&item[index + 1..]));
            } else if token.is("ON") && next.is_some_and(|next| next.is("CONFLICT")) {
                let mut clause = if column.is_some() {
                    vec![item[0].clone()]
                } else {
                    Vec::new()
                };
                clause.extend_from_slice(&item[constraint_start..index]);
                let action = item
                    .get(index + 2)
                    .map_or(String::new(), |action| action.text.to_lowercase());
                self.conflicts.push((render(&clause), action));
            } else if token.is("AUTOINCREMENT") {
                self.autoincrement = true;
            }
            index += 1;
        }
    }
}

/// Whether the reference that starts here is DEFERRABLE INITIALLY DEFERRED; any other wording means at once.
fn deferred(tokens: &[Token]) -> bool {
    let end = tokens
        .iter()
        .position(|token| token.is("REFERENCES"))
        .unwrap_or(tokens.len());
    let tokens = &tokens[..end];
    tokens
        .iter()
        .position(|token| token.is("DEFERRABLE"))
        .is_some_and(|at| {
            let not = at > 0 && tokens[at - 1].is("NOT");
            let initially = tokens.get(at + 1).is_some_and(|token| token.is("INITIALLY"));
            !not && initially && tokens.get(at + 2).is_some_and(|token| token.is("DEFERRED"))
        })
}

/// What only the text of a CREATE INDEX tells.
#[derive(Debug, Default)]
pub(super) struct IndexText {
    /// The indexed columns and expressions.
    pub(super) items: Vec<String>,
    /// The condition of a partial index.
    pub(super) condition: Option<String>,
}

impl IndexText {
    pub(super) fn parse(sql: &str) -> Self {
        let tokens = tokens(sql);
        let Some(open) = tokens.iter().position(|token| token.is_symbol("(")) else {
            return Self::default();
        };
        let (list, end) = group(&tokens, open);
        let condition = tokens
            .get(end + 1)
            .filter(|token| token.is("WHERE"))
            .map(|_| render(&tokens[end + 2..]));
        IndexText {
            items: items(list).into_iter().map(render).collect(),
            condition,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IndexText, TableText, normalised};

    #[test]
    fn layout_comments_and_quotes_do_not_count() {
        let plain = normalised("CREATE VIEW v AS SELECT a, 'x  --y' FROM t WHERE a<=1");
        assert_eq!(
            plain,
            normalised("CREATE VIEW \"v\" AS -- why\n SELECT [a] ,'x  --y' /* * */ FROM `t`\tWHERE a <= 1")
        );
        assert_ne!(
            plain,
            normalised("CREATE VIEW v AS SELECT a, 'x --y' FROM t WHERE a<=1")
        );
        assert_eq!(
            normalised("SELECT \"a b\", \"c\"\"d\""),
            "SELECT \"a b\", \"c\"\"d\""
        );
        assert_eq!(normalised("'open"), "'open");
    }

    #[test]
    fn a_table_text_tells_what_pragmas_leave_out() {
        let table = TableText::parse(
            "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, -- CHECK (no)
              a TEXT COLLATE nocase CONSTRAINT len CHECK (length(a) > 1) NOT NULL ON CONFLICT IGNORE,
              b INT GENERATED ALWAYS AS (a || ',') STORED REFERENCES u DEFERRABLE INITIALLY DEFERRED,
              \"check\" INT REFERENCES u NOT DEFERRABLE INITIALLY DEFERRED,
              UNIQUE (a) ON CONFLICT ROLLBACK CHECK (b IN (1, 2)))",
        );
        assert!(table.autoincrement);
        assert_eq!(table.columns["a"].collation.as_deref(), Some("NOCASE"));
        assert_eq!(table.columns["b"].generated.as_deref(), Some("(a || ',')"));
        assert!(table.columns.contains_key("check"));
        assert_eq!(
            table.checks,
            [
                (Some("len".to_owned()), "(length (a) > 1)".to_owned()),
                (None, "(b IN (1, 2))".to_owned())
            ]
        );
        assert_eq!(table.deferred, [true, false]);
        let conflicts: Vec<(&str, &str)> = table
            .conflicts
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        assert_eq!(conflicts, [("a NOT NULL", "ignore"), ("UNIQUE (a)", "rollback")]);
    }

    #[test]
    fn an_index_text_has_items_and_a_condition() {
        let index = IndexText::parse("CREATE INDEX i ON t (a, lower(b) DESC) WHERE a > 0");
        assert_eq!(index.items, ["a", "lower (b) DESC"]);
        assert_eq!(index.condition.as_deref(), Some("a > 0"));
    }
}
