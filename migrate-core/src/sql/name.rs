//! Names of objects, folded as the server folds them, and quoted again where they are written.

use core::fmt;
use std::cell::Cell;

use super::Span;
use crate::model::Dialect;

/// One identifier: a column, a constraint, a role.
#[derive(Clone, Debug, Default, Eq)]
pub struct Word {
    /// The identifier without quotes, folded.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&quote(&self.text))
    }
}

/// The name of an object, with its schema where one is written.
#[derive(Clone, Debug, Default, Eq)]
pub struct Name {
    /// The schema, without quotes, folded.
    pub schema: Option<String>,
    /// The name, without quotes, folded.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.schema == other.schema && self.name == other.name
    }
}

impl Name {
    /// A name without schema that stands nowhere.
    pub fn plain(name: impl Into<String>) -> Self {
        Self {
            schema: None,
            name: name.into(),
            span: Span::default(),
        }
    }

    /// Another name in the same schema.
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self {
            schema: self.schema.clone(),
            name: name.into(),
            span: self.span,
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{}.", quote(schema))?;
        }
        f.write_str(&quote(&self.name))
    }
}

thread_local! {
    /// Whether names are written for MySQL and MariaDB. Names do not know their dialect, and an analysis is of one.
    static BACKTICKS: Cell<bool> = const { Cell::new(false) };
}

/// While it lives, names on this thread are written as one dialect has them.
pub(crate) struct Quoting(bool);

impl Quoting {
    /// Names as the dialect has them.
    pub(crate) fn of(dialect: Dialect) -> Self {
        Self(BACKTICKS.replace(dialect.is_mysql_family()))
    }
}

impl Drop for Quoting {
    fn drop(&mut self) {
        BACKTICKS.set(self.0);
    }
}

/// The identifier as it has to be written: in quotes unless it is plain and no reserved word. Double quotes, or while
/// the migrations of MySQL or MariaDB are analysed, backticks.
pub fn quote(name: &str) -> String {
    if BACKTICKS.get() {
        return in_backticks(name);
    }
    let plain = name.bytes().enumerate().all(|(index, byte)| {
        matches!(byte, b'a'..=b'z' | b'_') || (index > 0 && (byte.is_ascii_digit() || byte == b'$'))
    });
    if plain && !name.is_empty() && RESERVED.binary_search(&name).is_err() {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

fn in_backticks(name: &str) -> String {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let lower = name.to_lowercase();
    let reserved = RESERVED.binary_search(&lower.as_str()).is_ok()
        || RESERVED_MYSQL.binary_search(&lower.as_str()).is_ok();
    if name.bytes().all(part)
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && !reserved
    {
        name.to_owned()
    } else {
        format!("`{}`", name.replace('`', "``"))
    }
}

/// Further words that MySQL or MariaDB takes for no name; sorted.
const RESERVED_MYSQL: &[&str] = &[
    "accessible",
    "add",
    "alter",
    "asensitive",
    "before",
    "bigint",
    "binary",
    "blob",
    "call",
    "cascade",
    "change",
    "char",
    "character",
    "condition",
    "continue",
    "convert",
    "cube",
    "cume_dist",
    "cursor",
    "database",
    "databases",
    "day_hour",
    "dec",
    "decimal",
    "declare",
    "delayed",
    "dense_rank",
    "describe",
    "deterministic",
    "div",
    "double",
    "dual",
    "each",
    "elseif",
    "empty",
    "enclosed",
    "escaped",
    "exit",
    "explain",
    "first_value",
    "float",
    "force",
    "fulltext",
    "function",
    "generated",
    "get",
    "grouping",
    "groups",
    "high_priority",
    "hour_minute",
    "hour_second",
    "if",
    "ignore",
    "infile",
    "inout",
    "insensitive",
    "insert",
    "int",
    "integer",
    "interval",
    "iterate",
    "json_table",
    "keys",
    "kill",
    "lag",
    "last_value",
    "lead",
    "leave",
    "linear",
    "lines",
    "load",
    "lock",
    "long",
    "longblob",
    "longtext",
    "loop",
    "low_priority",
    "match",
    "maxvalue",
    "mediumblob",
    "mediumint",
    "mediumtext",
    "mod",
    "modifies",
    "nth_value",
    "ntile",
    "numeric",
    "of",
    "optimize",
    "option",
    "optionally",
    "out",
    "outfile",
    "over",
    "partition",
    "percent_rank",
    "precision",
    "procedure",
    "purge",
    "range",
    "rank",
    "read",
    "reads",
    "real",
    "recursive",
    "regexp",
    "release",
    "rename",
    "repeat",
    "replace",
    "require",
    "resignal",
    "restrict",
    "return",
    "revoke",
    "rlike",
    "row",
    "row_number",
    "rows",
    "schema",
    "schemas",
    "sensitive",
    "separator",
    "show",
    "signal",
    "smallint",
    "spatial",
    "specific",
    "sql",
    "ssl",
    "starting",
    "stored",
    "straight_join",
    "system",
    "terminated",
    "tinyblob",
    "tinyint",
    "tinytext",
    "trigger",
    "undo",
    "unlock",
    "unsigned",
    "usage",
    "use",
    "utc_date",
    "utc_time",
    "utc_timestamp",
    "varbinary",
    "varchar",
    "varying",
    "virtual",
    "while",
    "write",
    "xor",
    "zerofill",
];

/// The words no dialect, or not every one, takes as a name without quotes; sorted.
const RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "between",
    "both",
    "by",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "delete",
    "desc",
    "distinct",
    "do",
    "drop",
    "else",
    "end",
    "except",
    "exists",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "index",
    "initially",
    "inner",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "key",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "set",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "update",
    "user",
    "using",
    "values",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        assert!(RESERVED.is_sorted() && RESERVED_MYSQL.is_sorted());
        for (name, written) in [
            ("users", "users"),
            ("Users", "\"Users\""),
            ("a\"b", "\"a\"\"b\""),
            ("order", "\"order\""),
            ("", "\"\""),
            ("1a", "\"1a\""),
        ] {
            assert_eq!(quote(name), written);
        }
        let _names = Quoting::of(Dialect::Mysql);
        for (name, written) in [
            ("Users", "Users"),
            ("a`b", "`a``b`"),
            ("Order", "`Order`"),
            ("rank", "`rank`"),
            ("1a", "`1a`"),
        ] {
            assert_eq!(quote(name), written);
        }
    }
}
