//! A sync as the generators need it: names without quotes, one expression for each column.

use crate::model::directives::{Sync, SyncSide, Text};
use crate::model::{Dialect, Digest};
use crate::script::lex::{Lexer, TokenKind};
use crate::script::words::Words;

/// How much of a change's name stands in the names of its triggers: 63 bytes is what PostgreSQL keeps.
const CHANGE_LENGTH: usize = 24;

/// Two sides of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) dialect: Dialect,
    pub(crate) schema: Option<String>,
    pub(crate) table: String,
    pub(crate) old: Vec<String>,
    pub(crate) new: Vec<String>,
    pub(crate) both_ways: bool,
    /// The expressions of the new side's columns; `None` copies.
    pub(crate) forward: Option<Vec<String>>,
    /// The expressions of the old side's columns; `None` copies.
    pub(crate) backward: Option<Vec<String>>,
    /// What the names of its triggers start with.
    pub(crate) name: String,
    /// The pair as it is written.
    pub(crate) shown: String,
}

impl Pair {
    /// The pair of a sync of that change, or what is wrong with it. Two tables are none.
    pub(crate) fn new(sync: &Sync, dialect: Dialect, set: &str, change: &str) -> Result<Self, String> {
        let (schema, table) = table_name(&sync.old, dialect)?;
        if table_name(&sync.new, dialect)? != (schema.clone(), table.clone()) {
            return Err("its sides are in two tables".to_owned());
        }
        let old = columns(&sync.old, dialect)?;
        let new = columns(&sync.new, dialect)?;
        let same = |one: &String, other: &String| same_column(one, other, dialect);
        if let Some(column) = old
            .iter()
            .find(|column| new.iter().any(|other| same(column, other)))
        {
            return Err(format!("the column `{column}` stands on both sides"));
        }
        each_once(&old, dialect)?;
        each_once(&new, dialect)?;
        let forward = expressions(sync.forward.as_deref(), new.len(), dialect)?;
        let backward = expressions(sync.backward.as_deref(), old.len(), dialect)?;
        both_computed(sync, &forward, &backward)?;
        let mut fields = vec![set, change, schema.as_deref().unwrap_or_default(), &table];
        fields.extend(old.iter().map(String::as_str));
        fields.push("->");
        fields.extend(new.iter().map(String::as_str));
        let name = trigger_name(change, fields);
        Ok(Self {
            dialect,
            schema,
            table,
            old,
            new,
            both_ways: sync.both_ways,
            forward,
            backward,
            name,
            shown: sync.to_string(),
        })
    }

    /// Its old and its new side, each as if it were a table of its own.
    #[cfg(feature = "sql")]
    pub(crate) fn sides(&self) -> [super::Side; 2] {
        [&self.old, &self.new].map(|columns| super::Side {
            dialect: self.dialect,
            schema: self.schema.clone(),
            table: self.table.clone(),
            keys: Vec::new(),
            columns: columns.clone(),
        })
    }

    pub(crate) fn quoted(&self, name: &str) -> String {
        quoted(name, self.dialect)
    }

    /// The table, with its schema where one is written.
    pub(crate) fn quoted_table(&self) -> String {
        self.in_schema(&self.table)
    }

    /// A name of an object in the table's schema.
    pub(crate) fn in_schema(&self, name: &str) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{}", self.quoted(schema), self.quoted(name)),
            None => self.quoted(name),
        }
    }

    /// The name of the trigger of an event, quoted.
    pub(crate) fn trigger(&self, event: &str) -> String {
        self.in_schema(&format!("{}_{event}", self.name))
    }

    /// Columns behind `NEW.` or `OLD.`, or without either.
    pub(crate) fn list(&self, columns: &[String], row: &str) -> Vec<String> {
        let written = |column: &String| format!("{row}{}", self.quoted(column));
        columns.iter().map(written).collect()
    }

    /// The query of the expressions of one side over the columns of the other, of which they see nothing else.
    pub(crate) fn computed(&self, expressions: &[String], from: &[String], row: &str) -> String {
        computed(expressions, from, row, &self.table, self.dialect)
    }
}

/// The query of expressions over the columns of a row, which they see as a table of that name.
pub(super) fn computed(
    expressions: &[String],
    from: &[String],
    row: &str,
    table: &str,
    dialect: Dialect,
) -> String {
    let columns: Vec<String> = from
        .iter()
        .map(|column| format!("{row}{0} AS {0}", quoted(column, dialect)))
        .collect();
    let expressions: Vec<String> = expressions.iter().map(|one| format!("({one})")).collect();
    format!(
        "SELECT {} FROM (SELECT {}) AS {}",
        expressions.join(", "),
        columns.join(", "),
        quoted(table, dialect)
    )
}

/// What the names of the triggers of a sync start with. The fields tell it from every other one.
pub(super) fn trigger_name<'a>(change: &str, fields: impl IntoIterator<Item = &'a str>) -> String {
    let digest = Digest::of_fields(fields);
    let start: String = change.chars().take(CHANGE_LENGTH).collect();
    format!("{}{start}_{digest:.16}", super::PREFIX)
}

/// Whether two names are of one column.
pub(super) fn same_column(one: &str, other: &str, dialect: Dialect) -> bool {
    match dialect {
        Dialect::Postgres => one == other,
        _ => one.to_lowercase() == other.to_lowercase(),
    }
}

pub(super) fn each_once(side: &[String], dialect: Dialect) -> Result<(), String> {
    let twice = side.iter().enumerate().find(|(index, column)| {
        side[..*index]
            .iter()
            .any(|earlier| same_column(column, earlier, dialect))
    });
    match twice {
        Some((_, column)) => Err(format!("the column `{column}` stands twice on one side")),
        None => Ok(()),
    }
}

pub(super) fn both_computed(
    sync: &Sync,
    forward: &Option<Vec<String>>,
    backward: &Option<Vec<String>>,
) -> Result<(), String> {
    if sync.both_ways && forward.is_some() != backward.is_some() {
        return Err(
            "a sync both ways (`<->`) with an expression needs the one back too: `using (…) <- using (…)`"
                .to_owned(),
        );
    }
    Ok(())
}

/// The identifier as the dialect quotes it.
pub(crate) fn quoted(name: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Postgres | Dialect::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
        Dialect::Mysql | Dialect::MariaDb => format!("`{}`", name.replace('`', "``")),
    }
}

/// The string literal of a text of ours.
pub(crate) fn literal(text: &str, dialect: Dialect) -> String {
    let text = text.replace('\'', "''");
    match dialect {
        Dialect::Postgres | Dialect::Sqlite => format!("'{text}'"),
        Dialect::Mysql | Dialect::MariaDb => format!("'{}'", text.replace('\\', "\\\\")),
    }
}

/// The parts of a name, without quotes, as the server folds them.
fn parts(written: &str, dialect: Dialect) -> Vec<String> {
    Words::new(written, dialect).qualified_name().unwrap_or_default()
}

pub(super) fn columns(side: &SyncSide, dialect: Dialect) -> Result<Vec<String>, String> {
    let column = |written: &Text| match &mut parts(written, dialect)[..] {
        [column] => Ok(std::mem::take(column)),
        _ => Err(format!("`{written}` is no name of a column")),
    };
    side.columns.iter().map(column).collect()
}

fn table_of(side: &SyncSide, dialect: Dialect) -> Result<(Option<String>, String), String> {
    match &mut parts(&side.table, dialect)[..] {
        [table] => Ok((None, std::mem::take(table))),
        [schema, table] => Ok((Some(std::mem::take(schema)), std::mem::take(table))),
        _ => Err(format!("`{}` is no name of a table", side.table)),
    }
}

pub(super) fn table_name(side: &SyncSide, dialect: Dialect) -> Result<(Option<String>, String), String> {
    let (schema, table) = table_of(side, dialect)?;
    match schema {
        // A trigger of SQLite names the tables it writes to without their schema.
        Some(schema) if dialect == Dialect::Sqlite && !schema.eq_ignore_ascii_case("main") => Err(format!(
            "a trigger cannot keep a table of `{schema}` equal, only one of `main`"
        )),
        schema => Ok((schema, table)),
    }
}

/// The expressions of a side's columns: what stands between the commas outside parentheses.
pub(super) fn expressions(
    text: Option<&str>,
    count: usize,
    dialect: Dialect,
) -> Result<Option<Vec<String>>, String> {
    let Some(text) = text else {
        return Ok(None);
    };
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_u32, 0);
    for token in Lexer::new(text, dialect).map_while(Result::ok) {
        match token.text(text) {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                parts.push(text[start..token.start].trim().to_owned());
                start = token.end;
            }
            _ if matches!(token.kind, TokenKind::Semicolon | TokenKind::LineComment) => {
                return Err(format!("`{text}` is no expression"));
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim().to_owned());
    if parts.len() != count || parts.iter().any(String::is_empty) {
        let plural = if count == 1 { "" } else { "s" };
        return Err(format!(
            "`using ({text})` gives {} expressions for {count} column{plural}",
            parts.len()
        ));
    }
    Ok(Some(parts))
}
