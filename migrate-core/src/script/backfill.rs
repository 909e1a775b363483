//! The one statement of a backfill, made ready to run over a range of keys.

use super::lex::{Lexer, Token, TokenKind};
use super::words::Words;
use crate::model::Dialect;
use crate::model::directives::{Assignment, Batched, Text};

/// Why a statement cannot be run in batches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unbatched {
    /// For what it is.
    Statement(String),
    /// It is about other tables than the one whose rows are visited: those, as written.
    OtherTable { message: String, tables: Vec<String> },
}

impl From<String> for Unbatched {
    fn from(message: String) -> Self {
        Unbatched::Statement(message)
    }
}

impl From<&str> for Unbatched {
    fn from(message: &str) -> Self {
        Unbatched::Statement(message.to_owned())
    }
}

/// The statement with the place where the range of a batch goes, or why it cannot be run in batches.
pub(crate) fn batched(sql: &str, table: &str, dialect: Dialect) -> Result<Batched, Unbatched> {
    let mut reader = Reader::new(sql, table, dialect);
    if reader.eat("update") {
        reader.update()
    } else if reader.eat("insert") || (dialect != Dialect::Postgres && reader.eat("replace")) {
        reader.insert()
    } else {
        Err("a backfill is one UPDATE or one INSERT … SELECT".into())
    }
}

/// What ends the condition of an UPDATE, or of the SELECT of an INSERT.
const AFTER_CONDITION: &[&str] = &["group", "having", "window", "order", "returning", "for"];

/// What would mean something else for each batch than for the whole table.
const WHOLE: &[&str] = &[
    "limit",
    "offset",
    "fetch",
    "union",
    "intersect",
    "except",
    "group",
    "having",
    "window",
];

pub(super) struct Reader<'a> {
    sql: &'a str,
    table: &'a str,
    pub(super) dialect: Dialect,
    /// The tokens outside parentheses that mean something; a group in parentheses is its two ends.
    pub(super) top: Vec<Token>,
    pub(super) at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sql: &'a str, table: &'a str, dialect: Dialect) -> Self {
        let mut depth = 0_u32;
        let mut top = Vec::new();
        for token in Lexer::new(sql, dialect).map_while(Result::ok) {
            let text = token.text(sql);
            if text == ")" {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 && !token.kind.is_trivia() && token.kind != TokenKind::ExecutableComment {
                top.push(token);
            }
            if text == "(" {
                depth += 1;
            }
        }
        Self {
            sql,
            table,
            dialect,
            top,
            at: 0,
        }
    }

    pub(super) fn text(&self, index: usize) -> &'a str {
        self.top.get(index).map_or("", |token| token.text(self.sql))
    }

    pub(super) fn is(&self, index: usize, keyword: &str) -> bool {
        // `a IS DISTINCT FROM b` begins no list of tables.
        if keyword == "from" && index > 0 && self.is(index - 1, "distinct") {
            return false;
        }
        let word = self.top.get(index).filter(|token| token.kind == TokenKind::Word);
        word.is_some_and(|token| token.text(self.sql).eq_ignore_ascii_case(keyword))
    }

    pub(super) fn is_any(&self, index: usize, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is(index, keyword))
    }

    pub(super) fn eat(&mut self, keyword: &str) -> bool {
        let found = self.is(self.at, keyword);
        self.at += usize::from(found);
        found
    }

    /// The index of the first of these keywords from `from` on, or the end.
    pub(super) fn find(&self, from: usize, keywords: &[&str]) -> usize {
        let index = (from..self.top.len()).find(|index| self.is_any(*index, keywords));
        index.unwrap_or(self.top.len())
    }

    /// The offset at which the token of that index begins; the end of the text behind the last one.
    pub(super) fn start(&self, index: usize) -> usize {
        self.top
            .get(index)
            .map_or(self.end(self.top.len()), |token| token.start)
    }

    /// The offset behind the token before that index.
    pub(super) fn end(&self, index: usize) -> usize {
        index
            .checked_sub(1)
            .and_then(|index| self.top.get(index))
            .map_or(0, |token| token.end)
    }

    pub(super) fn between(&self, from: usize, to: usize) -> &'a str {
        match from < to {
            true => &self.sql[self.start(from)..self.end(to)],
            false => "",
        }
    }

    /// A name with its qualifiers; the cursor stands behind it.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let from = self.at;
        let is_part = |reader: &Self| {
            let token = reader.top.get(reader.at);
            token.is_some_and(|token| {
                matches!(token.kind, TokenKind::Word | TokenKind::Quoted)
                    || (token.kind == TokenKind::String && reader.dialect == Dialect::Sqlite)
            })
        };
        while is_part(self) {
            self.at += 1;
            if self.text(self.at) != "." {
                return Some(self.between(from, self.at));
            }
            self.at += 1;
        }
        None
    }

    /// Whether a written name is that of the table the backfill visits.
    fn is_table(&self, written: &str) -> bool {
        let parts = |text: &str| {
            Words::new(text, self.dialect)
                .qualified_name()
                .unwrap_or_default()
        };
        let (mut ours, mut theirs) = (parts(self.table), parts(written));
        if ours.len() != theirs.len() {
            ours = ours.split_off(ours.len().saturating_sub(1));
            theirs = theirs.split_off(theirs.len().saturating_sub(1));
        }
        match self.dialect {
            Dialect::Postgres => ours == theirs,
            _ => ours
                .iter()
                .zip(&theirs)
                .all(|(one, other)| one.eq_ignore_ascii_case(other)),
        }
    }

    /// The alias at the cursor, if one stands there.
    fn alias(&mut self, not: &[&str]) -> Option<&'a str> {
        if self.text(self.at) == "*" {
            self.at += 1;
        }
        if !self.eat("as") && self.is_any(self.at, not) {
            return None;
        }
        let token = self.top.get(self.at)?;
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
        is_name.then(|| {
            self.at += 1;
            self.text(self.at - 1)
        })
    }

    fn update(mut self) -> Result<Batched, Unbatched> {
        while self.is_any(self.at, &["only", "low_priority", "ignore"]) {
            self.at += 1;
        }
        if self.eat("or") {
            self.at += 1;
        }
        let named = self.name();
        let Some(named) = named.filter(|name| self.is_table(name)) else {
            let tables = named.into_iter().map(str::to_owned);
            return Err(self.is_of_other("updates", tables.collect()));
        };
        let row = self
            .alias(&["set", "join", "inner", "left", "cross", "straight_join"])
            .unwrap_or(named);
        let set = self.find(self.at, &["set"]);
        let condition = self.find(set, &["where"]);
        let sets_end = self.find(set, &["from", "where", "returning", "order", "limit"]);
        let end = self.find(set, &["returning", "order", "limit"]);
        if set == self.top.len() {
            return Err("the statement has no SET".into());
        }
        if self.find(end, &["limit"]) != self.top.len() {
            return Err("LIMIT would be the limit of each batch: take it out".into());
        }
        let assignments = self.assignments(row, set + 1, sets_end);
        let joined = self.at != set || self.is(sets_end, "from");
        Ok(self.finish(row, condition, end, assignments, false, joined))
    }

    /// What is assigned, where all of it is one column and one expression each.
    fn assignments(&self, row: &str, from: usize, to: usize) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        let mut start = from;
        while start < to {
            let comma = self.comma(start, to);
            let equals = (start..comma).find(|index| self.text(*index) == "=");
            let Some(equals) = equals else { return Vec::new() };
            let column = equals.saturating_sub(1);
            let is_name = matches!(self.top[column].kind, TokenKind::Word | TokenKind::Quoted);
            // `(a, b) = (SELECT …)`, `a[1] = …` and the default have nothing to compare with.
            let is_ours = start == column || self.between(start, column) == format!("{row}.");
            if equals == start || !is_name || !is_ours || self.is(equals + 1, "default") {
                return Vec::new();
            }
            assignments.push(Assignment {
                column: Text::from(self.text(column).to_owned()),
                expression: Text::from(self.between(equals + 1, comma).to_owned()),
            });
            start = comma + 1;
        }
        assignments
    }

    /// The index of the first comma outside of brackets, or the end.
    pub(super) fn comma(&self, from: usize, to: usize) -> usize {
        let mut depth = 0;
        for index in from..to {
            match self.text(index) {
                "[" => depth += 1,
                "]" => depth -= 1,
                "," if depth == 0 => return index,
                _ => {}
            }
        }
        to
    }

    /// The fault of a statement that is about other tables than the visited one.
    fn is_of_other(&self, does: &str, tables: Vec<String>) -> Unbatched {
        let named = match &tables[..] {
            [] => "no table that can be told".to_owned(),
            tables => format!("`{}`", tables.join("`, `")),
        };
        Unbatched::OtherTable {
            message: format!(
                "the rows of `{}` are visited, and the statement {does} {named}",
                self.table
            ),
            tables,
        }
    }

    fn insert(mut self) -> Result<Batched, Unbatched> {
        let select = self.find(self.at, &["select"]);
        if select == self.top.len() || self.find(self.at, &["values", "with"]) < select {
            return Err(
                "an INSERT that is a backfill takes its rows from a SELECT outside parentheses".into(),
            );
        }
        if self.is(select + 1, "distinct") {
            return Err("DISTINCT would be that of each batch: give the target a unique key instead".into());
        }
        let whole = self.find(select, WHOLE);
        if let Some(token) = self.top.get(whole) {
            let word = token.text(self.sql).to_uppercase();
            return Err(
                format!("{word} would be that of each batch, not of the whole table: take it out").into(),
            );
        }
        let from = self.find(select, &["from"]);
        let condition = self.find(from, &["where"]);
        let end = self.condition_end(from);
        match self.source(from + 1, condition.min(end)) {
            Some(row) => Ok(self.finish(row, condition, end, Vec::new(), true, true)),
            None => {
                let tables = self.sources(from + 1, condition.min(end));
                Err(self.is_of_other("selects from", tables))
            }
        }
    }

    /// Where the condition of a SELECT ends whose FROM is at that index.
    pub(super) fn condition_end(&self, from: usize) -> usize {
        let end = self.find(from, AFTER_CONDITION);
        end.min(self.find_conflict(from).unwrap_or(end))
    }

    /// Where an INSERT says what becomes of a row that is there already.
    pub(super) fn find_conflict(&self, from: usize) -> Option<usize> {
        (from..self.top.len())
            .find(|index| self.is(*index, "on") && self.is_any(*index + 1, &["conflict", "duplicate"]))
    }

    /// What the visited table is called between these tokens, where it is named there.
    pub(super) fn source(&mut self, from: usize, to: usize) -> Option<&'a str> {
        const ENDS: &[&str] = &[
            "where",
            "join",
            "inner",
            "left",
            "right",
            "full",
            "cross",
            "natural",
            "on",
            "using",
            "order",
            "for",
            "returning",
        ];
        self.at = from;
        while self.at < to {
            let start = self.at;
            if let Some(name) = self.name().filter(|name| self.is_table(name)) {
                let row = if self.at < to { self.alias(ENDS) } else { None };
                return Some(row.unwrap_or(name));
            }
            self.at = start + 1;
        }
        None
    }

    /// The tables that are named between these tokens, as written: at the beginning of a list, behind a comma or a JOIN.
    fn sources(&mut self, from: usize, to: usize) -> Vec<String> {
        let mut found = Vec::new();
        for at in from..to {
            self.at = at;
            let begins = at == from || self.text(at - 1) == "," || self.is_any(at - 1, &["join", "only"]);
            if begins
                && !self.is_any(at, &["only", "lateral"])
                && let Some(name) = self.name()
            {
                found.push(name.to_owned());
            }
        }
        found
    }

    fn finish(
        &self,
        row: &str,
        condition: usize,
        end: usize,
        assignments: Vec<Assignment>,
        inserts: bool,
        joined: bool,
    ) -> Batched {
        let (head, given) = if condition < end {
            (self.end(condition + 1), Some(self.between(condition + 1, end)))
        } else {
            (self.end(end), None)
        };
        let before = match given {
            // A comment at the end of a line must not swallow the parenthesis.
            Some(_) => self.sql[..head].to_owned(),
            None => format!("{} WHERE", &self.sql[..head]),
        };
        Batched {
            before: before.into(),
            condition: given.map(|given| Text::from(given.to_owned())),
            after: self.sql[self.end(end)..].trim_end().to_owned().into(),
            row: row.to_owned().into(),
            assignments: assignments.into(),
            inserts,
            joined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One case each: dialect, statement, and what it becomes with `RANGE`, or the fault.
    const CASES: &str = include_str!("backfill_cases.txt");

    fn shown(sql: &str, dialect: Dialect) -> String {
        match batched(sql, "users", dialect) {
            Ok(batched) => {
                let mut text = batched.statement("RANGE");
                for Assignment { column, expression } in batched.assignments.iter() {
                    text.push_str(&format!("\n  {column} := {expression}"));
                }
                format!("{text}\n  row {}", batched.row)
            }
            Err(Unbatched::Statement(fault)) => format!("  fault: {fault}"),
            Err(Unbatched::OtherTable { message, tables }) => format!("  fault: {message} {tables:?}"),
        }
    }

    #[test]
    fn statements_take_a_range() {
        let mut told = Vec::new();
        for case in CASES.split("\n\n").map(str::trim).filter(|case| !case.is_empty()) {
            let (head, expected) = case.split_once("\n=>\n").unwrap_or((case, ""));
            let (dialect, sql) = head.split_once('\n').unwrap_or(("", head));
            let dialect =
                Dialect::from_name(dialect.trim_start_matches("# ")).expect("the dialect of a case");
            let found = shown(sql, dialect);
            if found.trim() != expected.trim() {
                told.push(format!("{head}\n=>\n{found}"));
            }
        }
        assert!(told.is_empty(), "{}", told.join("\n\n"));
    }
}
