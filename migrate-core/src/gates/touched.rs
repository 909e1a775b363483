//! What a section drops, transforms or defaults, as far as its words tell, for it to be counted before it runs.

use super::loss::{NO_COLUMN, WITHOUT_VALUES};
use crate::model::{Dialect, Section};
use crate::script::lex::TokenKind;
use crate::script::outside::rebuilds;
use crate::script::words::{Word, Words};

/// What becomes of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Drops,
    Transforms,
    Defaults,
}

impl Way {
    /// The name of its figures in the log.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Way::Drops => "drops",
            Way::Transforms => "transforms",
            Way::Defaults => "defaults",
        }
    }
}

/// What a statement does to the values of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// Rows of a table, those that meet a condition, or those that have a value in a column.
    Rows {
        way: Way,
        /// Its name, in parts.
        table: Vec<String>,
        column: Option<String>,
        condition: Option<String>,
    },
    /// The values of a table that is made anew, in the columns whose names are not said again.
    Rebuilt { table: Vec<String>, kept: Vec<String> },
    /// The words do not tell; what is not told.
    Unread(String),
}

/// What the statements of a section do, in their order. What only adds does nothing.
pub(crate) fn touched(section: &Section, dialect: Dialect) -> Vec<Touched> {
    let rebuilds = rebuilds(section, dialect);
    let mut found = Vec::new();
    for (_, sql) in section.iter() {
        let before = found.len();
        let Some(()) = Reader { sql, dialect }.read(&mut found) else {
            found.truncate(before);
            found.push(Touched::Unread(shortened(sql)));
            continue;
        };
        if rebuilds {
            for one in &mut found[before..] {
                let Touched::Rows {
                    way: Way::Drops,
                    table,
                    column: None,
                    condition: None,
                } = one
                else {
                    continue;
                };
                if let Some(rebuilt) = rebuilt(section, table, dialect) {
                    *one = rebuilt;
                }
            }
        }
    }
    found
}

/// What becomes of a table that another one takes the place of; `None` where none does.
fn rebuilt(section: &Section, table: &[String], dialect: Dialect) -> Option<Touched> {
    let name = table.last()?;
    let takes_its_place = section.iter().any(|(_, sql)| {
        let mut words = Words::new(sql, dialect);
        words.eat_all(&["alter", "table"])
            && words.qualified_name().is_some()
            && words.eat_all(&["rename", "to"])
            && is_called(&mut words, name)
    });
    if !takes_its_place {
        return None;
    }
    let whole = || {
        Touched::Unread(format!(
            "the rows of {name} that are not copied into the table in its place"
        ))
    };
    let mut copies = section.iter().filter_map(|(_, sql)| {
        let mut words = Words::new(sql, dialect);
        if !words.eat_all(&["insert", "into"]) || !words.skip_past(&["select"]) {
            return None;
        }
        let mut items = Vec::new();
        loop {
            let word = words.next()?;
            if word.is("from") {
                break;
            }
            items.push(word);
        }
        is_called(&mut words, name).then_some((items, words))
    });
    let Some((items, mut behind)) = copies.next() else {
        return Some(whole());
    };
    if behind.next().is_some() {
        return Some(whole());
    }
    let kept: Option<Vec<String>> = items
        .iter()
        .map(|word| match word.text {
            "*" => None,
            text => Some(text.trim_matches(['"', '`', '[', ']']).to_lowercase()),
        })
        .collect();
    // All of its columns.
    let Some(kept) = kept else {
        return Some(Touched::Rebuilt {
            table: table.to_vec(),
            kept: vec!["*".to_owned()],
        });
    };
    Some(Touched::Rebuilt {
        table: table.to_vec(),
        kept,
    })
}

/// Moves past a name, and tells whether it is that one.
fn is_called(words: &mut Words<'_>, name: &str) -> bool {
    let found = words.qualified_name();
    found.is_some_and(|parts| parts.last().is_some_and(|last| last.eq_ignore_ascii_case(name)))
}

/// The first words of a statement, on one line.
fn shortened(sql: &str) -> String {
    const LONGEST: usize = 60;
    let line = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some((at, _)) => format!("{} …", &line[..at]),
    }
}

struct Reader<'a> {
    sql: &'a str,
    dialect: Dialect,
}

impl<'a> Reader<'a> {
    /// Adds what the statement does; `None` where its words do not tell.
    fn read(&self, found: &mut Vec<Touched>) -> Option<()> {
        let mut words = Words::new(self.sql, self.dialect);
        let Some(first) = words.next() else {
            return Some(());
        };
        if first.is_any(&[
            "comment", "grant", "revoke", "set", "reset", "reindex", "analyze", "vacuum", "cluster", "lock",
            "pragma", "optimize",
        ]) {
            return Some(());
        }
        if first.is("create") {
            if words.eat_all(&["or", "replace", "table"]) {
                words.eat_all(&["if", "not", "exists"]);
                found.push(rows(Way::Drops, words.qualified_name()?));
            }
            return Some(());
        }
        if first.is("insert") {
            let overwrites = words.contains(&["duplicate"]) || words.contains(&["conflict"]);
            return (!overwrites).then_some(());
        }
        if first.is("drop") {
            return self.drop(words, found);
        }
        if first.is("truncate") {
            words.eat("table");
            words.eat("only");
            return self.tables(words, found);
        }
        if first.is("delete") {
            if !words.eat("from") {
                return None;
            }
            words.eat("only");
            let table = words.qualified_name()?;
            let condition = self.condition(words)?;
            found.push(rows_where(Way::Drops, table, condition));
            return Some(());
        }
        if first.is("update") {
            words.eat("only");
            let table = words.qualified_name()?;
            if !words.eat("set") {
                return None;
            }
            let mut ahead = words.clone();
            if words.contains(&["from"]) {
                return None;
            }
            let has_condition = ahead.contains(&["where"]);
            while has_condition && !ahead.starts_with(&["where"]) {
                self.step(&mut ahead)?;
            }
            let condition = match has_condition {
                true => self.condition(ahead)?,
                false if self.is_limited(&ahead) => return None,
                false => None,
            };
            found.push(rows_where(Way::Transforms, table, condition));
            return Some(());
        }
        if first.is("alter") {
            return self.alter(words, found);
        }
        None
    }

    fn drop(&self, mut words: Words<'a>, found: &mut Vec<Touched>) -> Option<()> {
        if words.eat("table") {
            words.eat_all(&["if", "exists"]);
            return self.tables(words, found);
        }
        let what = words.next()?;
        (what.is("temporary") || what.is_any(WITHOUT_VALUES)).then_some(())
    }

    /// The names of tables up to the end.
    fn tables(&self, mut words: Words<'a>, found: &mut Vec<Touched>) -> Option<()> {
        loop {
            found.push(rows(Way::Drops, words.qualified_name()?));
            words.eat_punct("*");
            if !words.eat_punct(",") {
                break;
            }
        }
        if words.contains(&["cascade"]) {
            found.push(along());
            return Some(());
        }
        let rest = words.next();
        rest.is_none_or(|word| word.is_any(&["restrict", "restart", "continue"]))
            .then_some(())
    }

    /// What stands behind WHERE, if that follows; `None` where something else does, or rows are chosen in another way.
    fn condition(&self, mut words: Words<'a>) -> Option<Option<String>> {
        let Some(word) = words.next() else {
            return Some(None);
        };
        if !word.is("where") || self.is_limited(&words) {
            return None;
        }
        let start = offset(self.sql, word.text)? + word.text.len();
        Some(Some(
            self.sql.get(start..)?.trim().trim_end_matches(';').to_owned(),
        ))
    }

    fn is_limited(&self, words: &Words<'a>) -> bool {
        ["returning", "order", "limit"]
            .iter()
            .any(|word| words.contains(&[word]))
    }

    /// Moves past one word, or what stands in parentheses.
    fn step(&self, words: &mut Words<'a>) -> Option<Word<'a>> {
        let first = words.next()?;
        let mut depth = usize::from(is_punct(&first, "("));
        while depth > 0 {
            let word = words.next()?;
            depth += usize::from(is_punct(&word, "("));
            depth -= usize::from(is_punct(&word, ")"));
        }
        Some(first)
    }

    fn alter(&self, mut words: Words<'a>, found: &mut Vec<Touched>) -> Option<()> {
        words.eat_any(&["online", "ignore"]);
        if !words.eat("table") {
            // Types and domains may turn every value of theirs into another one; the rest holds none.
            let what = words.next()?;
            return (!what.is_any(&["type", "domain"])).then_some(());
        }
        words.eat_all(&["if", "exists"]);
        words.eat("only");
        let table = words.qualified_name()?;
        words.eat_punct("*");
        loop {
            let mut action = Vec::new();
            let mut more = false;
            let mut inner = words.clone();
            while let Some(word) = self.step(&mut inner) {
                if is_punct(&word, ",") {
                    more = true;
                    break;
                }
                action.push(word);
            }
            self.action(words, &action, &table, found)?;
            if !more {
                return Some(());
            }
            words = inner;
        }
    }

    /// One action of an ALTER TABLE; `words` stand at its beginning.
    fn action(
        &self,
        mut words: Words<'a>,
        action: &[Word<'a>],
        table: &[String],
        found: &mut Vec<Touched>,
    ) -> Option<()> {
        let has = |keyword: &str| action.iter().any(|word| word.is(keyword));
        let column = |words: &mut Words<'a>, ifs: &[&str]| {
            words.eat("column");
            words.eat_all(ifs);
            words.qualified_name()?.pop()
        };
        let values = |way, column| Touched::Rows {
            way,
            table: table.to_vec(),
            column: Some(column),
            condition: None,
        };
        let Some(first) = words.next() else {
            return Some(());
        };
        if first.is("drop") {
            let what = words.peek()?;
            if what.is_any(NO_COLUMN) {
                return Some(());
            }
            if what.is_any(&["partition", "partitions", "system", "period"]) {
                return None;
            }
            found.push(values(Way::Drops, column(&mut words, &["if", "exists"])?));
            found.extend(has("cascade").then(along));
        } else if first.is("alter") {
            let name = column(&mut words, &[])?;
            let is_type = words.starts_with(&["type"]) || words.starts_with(&["set", "data", "type"]);
            if is_type {
                found.push(values(Way::Transforms, name));
            }
        } else if first.is_any(&["modify", "change"]) {
            found.push(values(Way::Transforms, column(&mut words, &["if", "exists"])?));
        } else if first.is("convert") {
            found.push(rows(Way::Transforms, table.to_vec()));
        } else if first.is("add") {
            let adds = [
                "constraint",
                "index",
                "key",
                "unique",
                "primary",
                "foreign",
                "check",
                "fulltext",
                "spatial",
                "partition",
            ];
            let what = words.peek()?;
            if what.is_any(&adds) {
                return Some(());
            }
            let implied = self.dialect.is_mysql_family() && has("not") && has("null");
            if has("default") || implied {
                if is_punct(&what, "(") {
                    return None;
                }
                found.push(values(
                    Way::Defaults,
                    column(&mut words, &["if", "not", "exists"])?,
                ));
            }
        } else if first.is_any(&["truncate", "exchange", "discard", "coalesce", "reorganize"]) {
            return None;
        }
        Some(())
    }
}

fn is_punct(word: &Word<'_>, text: &str) -> bool {
    word.kind == TokenKind::Punct && word.text == text
}

/// Where a part of a text stands in it.
fn offset(text: &str, part: &str) -> Option<usize> {
    (part.as_ptr() as usize)
        .checked_sub(text.as_ptr() as usize)
        .filter(|offset| *offset <= text.len())
}

/// What refers to it goes as well, and nobody reads here what that is.
fn along() -> Touched {
    Touched::Unread("what goes along by CASCADE".to_owned())
}

fn rows(way: Way, table: Vec<String>) -> Touched {
    rows_where(way, table, None)
}

fn rows_where(way: Way, table: Vec<String>, condition: Option<String>) -> Touched {
    Touched::Rows {
        way,
        table,
        column: None,
        condition,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TransactionMode;

    fn told(sql: &str, dialect: Dialect) -> String {
        let section = crate::script::section::stored(sql, "test", dialect, TransactionMode::One)
            .unwrap_or_else(|| panic!("{sql}"));
        let one = |touched: Touched| match touched {
            Touched::Rows {
                way,
                table,
                column,
                condition,
            } => {
                let column = column.map_or(String::new(), |column| format!(":{column}"));
                let condition = condition.map_or(String::new(), |condition| format!(" where {condition}"));
                format!("{} {}{column}{condition}", way.name(), table.join("."))
            }
            Touched::Rebuilt { table, kept } => {
                format!("rebuilds {} with {}", table.join("."), kept.join(" "))
            }
            Touched::Unread(what) => format!("? {what}"),
        };
        let all: Vec<String> = touched(&section, dialect).into_iter().map(one).collect();
        all.join("; ")
    }

    /// The cases stand in a file: the statements, then what they do behind `=>`; `== ` names the dialect.
    #[test]
    fn what_is_touched() {
        let cases = include_str!("../../tests/touched.txt");
        let mut dialect = Dialect::Postgres;
        let mut checked = 0;
        for line in cases.lines().filter(|line| !line.trim().is_empty()) {
            if let Some(name) = line.strip_prefix("== ") {
                let known = Dialect::ALL.into_iter().find(|dialect| dialect.name() == name);
                dialect = known.unwrap_or_else(|| panic!("{name}"));
                continue;
            }
            let (sql, expected) = line.split_once("=>").unwrap_or_else(|| panic!("{line}"));
            assert_eq!(told(sql.trim(), dialect), expected.trim(), "{line}");
            checked += 1;
        }
        assert!(checked >= 40, "{checked} cases");
    }
}
