//! Two tables whose rows a key pairs: splits, merges and copies.
//!
//! A trigger of either table writes to the row of the other one. What ends it is the value: a row that is consistent
//! already is left alone, so the trigger of the second table finds nothing to do. MySQL and MariaDB refuse any write to
//! the table that a statement is writing to, so there the value is looked at before the write, never in it.

mod mysql;
mod postgres;
#[cfg(feature = "sql")]
pub(crate) mod refusal;
mod sqlite;

use super::pair::{
    both_computed, columns, computed, each_once, expressions, quoted, same_column, table_name, trigger_name,
};
use crate::model::Dialect;
use crate::model::directives::{Sync, SyncRows, SyncSide};
use crate::script::words::Words;

/// A table of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Side {
    pub(crate) dialect: Dialect,
    pub(crate) schema: Option<String>,
    pub(crate) table: String,
    /// The columns that pair its rows with those of the other table, in the order of the other's.
    pub(crate) keys: Vec<String>,
    pub(crate) columns: Vec<String>,
}

/// Two sides in two tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TablePair {
    pub(crate) dialect: Dialect,
    pub(crate) old: Side,
    pub(crate) new: Side,
    pub(crate) both_ways: bool,
    /// The expressions of the new side's columns; `None` copies.
    pub(crate) forward: Option<Vec<String>>,
    /// The expressions of the old side's columns; `None` copies.
    pub(crate) backward: Option<Vec<String>>,
    pub(crate) rows: SyncRows,
    /// What the names of its triggers start with.
    pub(crate) name: String,
    /// The pair as it is written.
    pub(crate) shown: String,
}

/// What a row of the table that fires means for the other table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// Its counterpart is a part of it: made once there is something to say, and deleted with it.
    Whole,
    /// It is a part of its counterpart, which has to be there, and loses the values with it.
    Part,
    /// Both are there or none is.
    Same,
}

/// What the triggers of one table do with the other one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way<'a> {
    pub(crate) pair: &'a TablePair,
    /// The table that fires.
    pub(crate) from: &'a Side,
    pub(crate) to: &'a Side,
    /// The expressions of the other table's columns.
    pub(crate) there: Option<&'a Vec<String>>,
    /// The expressions back, where a row is consistent by them as well.
    pub(crate) back: Option<&'a Vec<String>>,
    pub(crate) row: Row,
    /// What tells the triggers of the two tables apart.
    letter: char,
}

pub(super) fn install(pair: &TablePair) -> Vec<String> {
    let statements = |way: Way<'_>| match pair.dialect {
        Dialect::Postgres => postgres::install(way),
        Dialect::Sqlite => sqlite::install(way),
        Dialect::Mysql | Dialect::MariaDb => mysql::install(way),
    };
    pair.ways().into_iter().flat_map(statements).collect()
}

pub(super) fn remove(pair: &TablePair) -> Vec<String> {
    let statements = |way: Way<'_>| match pair.dialect {
        Dialect::Postgres => postgres::remove(way),
        Dialect::Sqlite | Dialect::Mysql | Dialect::MariaDb => ["insert", "update", "delete"]
            .map(|event| format!("DROP TRIGGER IF EXISTS {}", way.trigger(event)))
            .into(),
    };
    pair.ways().into_iter().flat_map(statements).collect()
}

impl Side {
    pub(crate) fn quoted(&self, name: &str) -> String {
        quoted(name, self.dialect)
    }

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

    /// Whether a name of the condition is of this table, and which column it is.
    fn column_of<'a>(&self, parts: &'a [String]) -> Option<&'a String> {
        let (column, table) = parts.split_last()?;
        let same = |one: &String, other: &String| same_column(one, other, self.dialect);
        let fits = match table {
            [name] => same(name, &self.table),
            [schema, name] => {
                same(name, &self.table) && self.schema.as_ref().is_some_and(|own| same(own, schema))
            }
            _ => false,
        };
        fits.then_some(column)
    }

    fn is(&self, other: &Side) -> bool {
        self.schema == other.schema && same_column(&self.table, &other.table, self.dialect)
    }
}

impl TablePair {
    /// The pair of a sync of that change, or what is wrong with it.
    pub(crate) fn new(sync: &Sync, dialect: Dialect, set: &str, change: &str) -> Result<Self, String> {
        let side = |written: &SyncSide| {
            let (schema, table) = table_name(written, dialect)?;
            let columns = columns(written, dialect)?;
            each_once(&columns, dialect)?;
            Ok::<_, String>(Side {
                dialect,
                schema,
                table,
                keys: Vec::new(),
                columns,
            })
        };
        let (mut old, mut new) = (side(&sync.old)?, side(&sync.new)?);
        if old.is(&new) {
            return Err("its sides are in one table: leave `on (…)` out".to_owned());
        }
        pair_keys(sync.on.as_deref().unwrap_or_default(), &mut old, &mut new)?;
        for side in [&old, &new] {
            each_once(&side.keys, dialect)?;
            let both = side.keys.iter().find(|key| {
                side.columns
                    .iter()
                    .any(|column| same_column(key, column, dialect))
            });
            if let Some(column) = both {
                return Err(format!(
                    "the column `{column}` belongs to the key and to the side: keys are kept equal anyway"
                ));
            }
        }
        let forward = expressions(sync.forward.as_deref(), new.columns.len(), dialect)?;
        let backward = expressions(sync.backward.as_deref(), old.columns.len(), dialect)?;
        both_computed(sync, &forward, &backward)?;
        let mut fields = vec![set, change];
        for side in [&old, &new] {
            fields.push(side.schema.as_deref().unwrap_or_default());
            fields.push(&side.table);
            fields.extend(side.columns.iter().map(String::as_str));
            fields.push("->");
        }
        let name = trigger_name(change, fields);
        Ok(Self {
            dialect,
            old,
            new,
            both_ways: sync.both_ways,
            forward,
            backward,
            rows: sync.rows,
            name,
            shown: sync.to_string(),
        })
    }

    /// The tables that fire, and what they do.
    pub(crate) fn ways(&self) -> Vec<Way<'_>> {
        let row = |own: SyncRows| match self.rows {
            SyncRows::Both => Row::Same,
            rows if rows == own => Row::Part,
            _ => Row::Whole,
        };
        let forward = Way {
            pair: self,
            from: &self.old,
            to: &self.new,
            there: self.forward.as_ref(),
            back: self.backward.as_ref().filter(|_| self.both_ways),
            row: row(SyncRows::Old),
            letter: 'o',
        };
        let backward = Way {
            pair: self,
            from: &self.new,
            to: &self.old,
            there: self.backward.as_ref(),
            back: self.forward.as_ref(),
            row: row(SyncRows::New),
            letter: 'n',
        };
        match self.both_ways {
            true => vec![forward, backward],
            false => vec![forward],
        }
    }

    /// The tables whose rows triggers make.
    pub(crate) fn made(&self) -> Vec<&Side> {
        let ways = self.ways();
        let made = ways.iter().filter(|way| way.row != Row::Part).map(|way| way.to);
        made.collect()
    }

    /// Whether both make rows of one table.
    pub(crate) fn makes_rows_of(&self, other: &TablePair) -> bool {
        let made = other.made();
        self.made()
            .iter()
            .any(|own| made.iter().any(|other| own.is(other)))
    }
}

/// Reads `a.x = b.y AND …` into the keys of the two.
fn pair_keys(on: &str, old: &mut Side, new: &mut Side) -> Result<(), String> {
    let example = format!("`on ({0}.id = {1}.id)`", old.table, new.table);
    let fault = || {
        format!("`on ({on})` has to pair columns by `=`, with AND between several pairs: such as {example}")
    };
    let mut words = Words::new(on, old.dialect);
    loop {
        let one = words.qualified_name().ok_or_else(fault)?;
        if !words.eat_punct("=") {
            return Err(fault());
        }
        let other = words.qualified_name().ok_or_else(fault)?;
        let as_written = old.column_of(&one).zip(new.column_of(&other));
        let (of_old, of_new) = as_written
            .or_else(|| old.column_of(&other).zip(new.column_of(&one)))
            .ok_or_else(|| {
                format!("`on ({on})` has to name one column of each table on the two sides of `=`")
            })?;
        old.keys.push(of_old.clone());
        new.keys.push(of_new.clone());
        if words.peek().is_none() {
            return Ok(());
        }
        if !words.eat("and") {
            return Err(fault());
        }
    }
}

impl Way<'_> {
    /// The name of the trigger of an event, quoted, in the schema of the table that fires.
    pub(crate) fn trigger(&self, event: &str) -> String {
        self.from.in_schema(&self.plain(event))
    }

    /// The same without schema and quotes.
    fn plain(&self, event: &str) -> String {
        format!("{}_{}_{event}", self.pair.name, self.letter)
    }

    fn quoted(&self, name: &str) -> String {
        quoted(name, self.pair.dialect)
    }

    /// Columns behind `NEW.`, `OLD.` or an alias.
    fn list(&self, columns: &[String], row: &str) -> Vec<String> {
        let written = |column: &String| format!("{row}{}", self.quoted(column));
        columns.iter().map(written).collect()
    }

    /// The columns of the other side as a row of this side gives them, which the expressions see as a table.
    fn values(&self, row: &str) -> Vec<String> {
        let Some(expressions) = self.there else {
            return self.list(&self.from.columns, row);
        };
        let value = |one: &String| {
            let one = core::slice::from_ref(one);
            let (columns, table) = (&self.from.columns, &self.from.table);
            format!("({})", computed(one, columns, row, table, self.pair.dialect))
        };
        expressions.iter().map(value).collect()
    }

    /// The columns of this side as the other table's row gives them, in a statement over that table; `None` where a
    /// row is consistent by the values of the other side only.
    fn values_back(&self) -> Option<Vec<String>> {
        let written = |one: &String| format!("({one})");
        Some(self.back?.iter().map(written).collect())
    }

    /// The keys of the other table's row that a row of this one is paired with.
    fn paired(&self, alias: &str, row: &str) -> String {
        let keys = self.list(&self.to.keys, alias);
        let pairs = keys.iter().zip(self.list(&self.from.keys, row));
        let pairs: Vec<String> = pairs.map(|(one, other)| format!("{one} = {other}")).collect();
        pairs.join(" AND ")
    }

    fn all_null(&self, columns: &[String], row: &str) -> String {
        let nulls = self.list(columns, row).into_iter();
        let nulls: Vec<String> = nulls.map(|column| format!("{column} IS NULL")).collect();
        nulls.join(" AND ")
    }

    /// What is told where a part has no whole.
    fn orphan(&self) -> String {
        format!(
            "migrate: {} has no row for this row of {}",
            self.to.table, self.from.table
        )
    }
}

fn assigned(columns: &[String], values: &[String]) -> String {
    let pairs = columns.iter().zip(values);
    let pairs: Vec<String> = pairs
        .map(|(column, value)| format!("{column} = {value}"))
        .collect();
    pairs.join(", ")
}
