//! What the parameters of a query stand for, as far as its text tells.

/// What a parameter stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The value of a column of a new row.
    Inserted {
        table: String,
        column: String,
        row: usize,
    },
    /// The new value of a column.
    Assigned(String),
    /// What a column is compared with.
    Compared(String),
    /// A number of rows.
    Count,
    /// Something else.
    Unknown,
}

/// The parameters in the order of their numbers, and the tables that the query names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Targets {
    pub(super) parameters: Vec<Target>,
    pub(super) tables: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A name or word, the last part of a qualified one; unquoted ones in lower case.
    Word(String),
    /// A parameter, from 0.
    Parameter(usize),
    Symbol(char),
    /// A literal.
    Other,
}

pub(super) fn targets(sql: &str) -> Targets {
    let tokens = tokens(sql);
    let mut targets = Targets::default();
    let count = tokens.iter().filter_map(|token| match token {
        Token::Parameter(number) => Some(number + 1),
        _ => None,
    });
    targets.parameters = vec![Target::Unknown; count.max().unwrap_or(0)];
    let mut assigning = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Word(word) => match word.as_str() {
                "set" => assigning = true,
                "where" | "from" | "returning" => assigning = false,
                _ => {}
            },
            Token::Parameter(number) => {
                let target = of_place(&tokens, at, assigning);
                if targets.parameters[*number] == Target::Unknown {
                    targets.parameters[*number] = target;
                }
            }
            _ => {}
        }
        if let (Token::Word(before), Some(Token::Word(name))) = (token, tokens.get(at + 1))
            && ["from", "join", "into", "update"].contains(&before.as_str())
            && !targets.tables.contains(name)
        {
            targets.tables.push(name.clone());
        }
    }
    insert(&tokens, &mut targets.parameters);
    targets
}

fn of_place(tokens: &[Token], at: usize, assigning: bool) -> Target {
    let word = |back: usize| match at.checked_sub(back).and_then(|index| tokens.get(index)) {
        Some(Token::Word(word)) => Some(word.as_str()),
        _ => None,
    };
    let is_symbol = |index: Option<usize>| {
        let token = index.and_then(|index| tokens.get(index));
        matches!(token, Some(Token::Symbol('=' | '<' | '>' | '!')))
    };
    if matches!(word(1), Some("limit" | "offset")) {
        return Target::Count;
    }
    if let (Some("like" | "ilike" | "from" | "between"), Some(column)) = (word(1), word(2)) {
        return Target::Compared(column.to_owned());
    }
    // `column = ?`, `column <> ?`, and `column IN (?`, `column = ANY (?`.
    let mut back = 1;
    while is_symbol(at.checked_sub(back)) {
        back += 1;
    }
    if let (true, Some(column)) = (back > 1, word(back)) {
        return if assigning {
            Target::Assigned(column.to_owned())
        } else {
            Target::Compared(column.to_owned())
        };
    }
    if let (Some("in"), Some(column)) = (word(2), word(3)) {
        return Target::Compared(column.to_owned());
    }
    let mut ahead = at + 1;
    while is_symbol(Some(ahead)) {
        ahead += 1;
    }
    if let (true, Some(Token::Word(column))) = (ahead > at + 1, tokens.get(ahead)) {
        return Target::Compared(column.clone());
    }
    Target::Unknown
}

/// `INSERT INTO table (a, b) VALUES (?, ?), (?, ?)`.
fn insert(tokens: &[Token], parameters: &mut [Target]) -> Option<()> {
    let into = tokens
        .iter()
        .position(|token| *token == Token::Word("into".to_owned()))?;
    let Token::Word(table) = tokens.get(into + 1)? else {
        return None;
    };
    if *tokens.get(into + 2)? != Token::Symbol('(') {
        return None;
    }
    let mut columns = Vec::new();
    let mut at = into + 3;
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Word(column) => columns.push(column.clone()),
            Token::Symbol(')') => break,
            _ => {}
        }
        at += 1;
    }
    if *tokens.get(at + 1)? != Token::Word("values".to_owned()) {
        return None;
    }
    let (mut depth, mut item, mut row) = (0, 0, 0);
    for token in tokens.get(at + 2..)? {
        match token {
            Token::Symbol('(') => {
                depth += 1;
                if depth == 1 {
                    item = 0;
                }
            }
            Token::Symbol(')') => {
                depth -= 1;
                if depth == 0 {
                    row += 1;
                }
            }
            Token::Symbol(',') if depth == 1 => item += 1,
            Token::Parameter(number) if depth > 0 => {
                if let (Some(column), Some(target)) = (columns.get(item), parameters.get_mut(*number)) {
                    *target = Target::Inserted {
                        table: table.clone(),
                        column: column.clone(),
                        row,
                    };
                }
            }
            Token::Word(_) if depth == 0 => break,
            _ => {}
        }
    }
    Some(())
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut next = 0;
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let end;
        match first {
            '\'' => {
                end = 1 + closing(&rest[1..], '\'');
                tokens.push(Token::Other);
            }
            '"' | '`' => {
                end = 1 + closing(&rest[1..], first);
                word(&mut tokens, rest[1..end].trim_end_matches(first).to_owned());
            }
            '-' if rest.starts_with("--") => end = rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => end = rest.find("*/").map_or(rest.len(), |at| at + 2),
            '?' | '$' if first == '?' || rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                end = 1 + rest[1..]
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(rest.len() - 1);
                let number = rest[1..end]
                    .parse::<usize>()
                    .ok()
                    .and_then(|number| number.checked_sub(1));
                let number = number.unwrap_or(next);
                next = number + 1;
                tokens.push(Token::Parameter(number));
            }
            c if c.is_alphabetic() || c == '_' => {
                let in_word = |c: char| c.is_alphanumeric() || c == '_';
                end = rest.find(|c| !in_word(c)).unwrap_or(rest.len());
                word(&mut tokens, rest[..end].to_lowercase());
            }
            c if c.is_ascii_digit() => {
                end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                tokens.push(Token::Other);
            }
            // A cast does not stand between a column and its parameter.
            ':' if rest.starts_with("::") => {
                let name = rest[2..].find(|c: char| !c.is_alphanumeric() && c != '_');
                end = name.map_or(rest.len(), |at| at + 2);
            }
            c => {
                end = c.len_utf8();
                if !c.is_whitespace() {
                    tokens.push(Token::Symbol(c));
                }
            }
        }
        rest = &rest[end..];
    }
    tokens
}

/// Adds a name; behind a point it takes the place of its qualifier.
fn word(tokens: &mut Vec<Token>, name: String) {
    if tokens.last() == Some(&Token::Symbol('.')) {
        tokens.pop();
        tokens.pop();
    }
    tokens.push(Token::Word(name));
}

/// The length up to and with the closing quote; a doubled one does not close.
fn closing(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return at + 1;
            }
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, tables: &[&str], parameters: &[Target]) {
        let targets = targets(sql);
        assert_eq!(targets.tables, tables, "{sql}");
        assert_eq!(targets.parameters, parameters, "{sql}");
    }

    fn inserted(column: &str, row: usize) -> Target {
        Target::Inserted {
            table: "users".to_owned(),
            column: column.to_owned(),
            row,
        }
    }

    #[test]
    fn places_tell_what_is_meant() {
        let compared = |column: &str| Target::Compared(column.to_owned());
        check(
            "SELECT u.id FROM users u WHERE u.\"id\" = $2 AND name LIKE $1::text AND 'a''?' <> ''",
            &["users"],
            &[compared("name"), compared("id")],
        );
        check(
            "SELECT 1 FROM app.users WHERE ? <= age LIMIT ?",
            &["users"],
            &[compared("age"), Target::Count],
        );
        check("SELECT 1 FROM t WHERE a IN (?) -- ?\n", &["t"], &[compared("a")]);
        check(
            "UPDATE users SET name = ?, age = age + ? WHERE id = ?",
            &["users"],
            &[
                Target::Assigned("name".to_owned()),
                Target::Unknown,
                compared("id"),
            ],
        );
        check(
            "INSERT INTO users (id, `name`, at) VALUES (?, lower(?), now()), (?, ?, now()) RETURNING id",
            &["users"],
            &[
                inserted("id", 0),
                inserted("name", 0),
                inserted("id", 1),
                inserted("name", 1),
            ],
        );
        check("INSERT INTO users VALUES ($1)", &["users"], &[Target::Unknown]);
    }
}
