//! What an INSERT … SELECT of a backfill copies, as far as its text says it.

use super::backfill::Reader;
use super::lex::{Lexer, TokenKind};
use super::words::Words;
use crate::model::directives::Batched;
use crate::model::{Dialect, Migration, MigrationSet};

/// Rows of one table that an INSERT … SELECT makes of those of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copied {
    /// The table that is written to, as written.
    pub(crate) target: String,
    /// Its columns, as written; `None` where all of them are meant, in their order.
    pub(crate) columns: Option<Vec<String>>,
    /// What is selected for each of them.
    pub(crate) items: Vec<Item>,
    /// The query up to its condition, `WHERE` included.
    pub(crate) select: String,
    /// The condition that is written.
    pub(crate) condition: Option<String>,
    /// Whether a row that is there already may stand for one that is selected.
    pub(crate) upserts: bool,
    /// PostgreSQL: what is said of columns that number themselves, `OVERRIDING … VALUE`.
    pub(crate) overriding: Option<String>,
    /// What makes one value of several rows, where something does: such a value is another one for each batch.
    pub(crate) gathers: Option<String>,
}

/// One expression that is selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// The column of the visited table, as written, where it is nothing but that.
    pub(crate) column: Option<String>,
    /// Whether it may be another value each time.
    pub(crate) varies: bool,
}

/// What is another value each time without being called.
const WITHOUT_PARENTHESES: &[&str] = &[
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "utc_date",
    "utc_time",
    "utc_timestamp",
];

/// Functions that make another value each time, or at another time.
const VARIES: &[&str] = &[
    "now",
    "random",
    "rand",
    "uuid",
    "uuid_short",
    "gen_random_uuid",
    "gen_random_bytes",
    "uuid_generate_v1",
    "uuid_generate_v4",
    "randomblob",
    "nextval",
    "currval",
    "lastval",
    "last_insert_id",
    "last_insert_rowid",
    "changes",
    "row_number",
    "clock_timestamp",
    "statement_timestamp",
    "transaction_timestamp",
    "timeofday",
    "sysdate",
    "curdate",
    "curtime",
    "utc_date",
    "utc_time",
    "utc_timestamp",
    "unix_timestamp",
    "unixepoch",
    "age",
    "current_date",
    "current_time",
    "current_timestamp",
    "localtime",
    "localtimestamp",
    "sleep",
    "pg_sleep",
];

/// Functions that make one value of several rows.
const GATHERS: &[&str] = &[
    "any_value",
    "array_agg",
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "count",
    "every",
    "group_concat",
    "json_agg",
    "json_arrayagg",
    "json_group_array",
    "json_group_object",
    "json_object_agg",
    "json_objectagg",
    "jsonb_agg",
    "jsonb_object_agg",
    "max",
    "min",
    "std",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "string_agg",
    "sum",
    "total",
    "var_pop",
    "var_samp",
    "variance",
];

/// What a statement copies; `None` where its text does not say it.
pub(crate) fn copied(sql: &str, table: &str, dialect: Dialect) -> Option<Copied> {
    let mut reader = Reader::new(sql, table, dialect);
    let replaces = dialect != Dialect::Postgres && reader.eat("replace");
    if !replaces && !reader.eat("insert") {
        return None;
    }
    let into = reader.find(reader.at, &["into"]);
    let select = reader.find(reader.at, &["select"]);
    let is_more = reader.is_any(reader.at, &["or", "ignore"]);
    // MySQL takes an INSERT without INTO.
    reader.at = if into < select { into + 1 } else { reader.at };
    while reader.is_any(reader.at, &["ignore", "low_priority", "high_priority", "delayed"]) {
        reader.at += 1;
    }
    let target = reader.name()?.to_owned();
    if reader.eat("as") {
        reader.at += 1;
    }
    let columns = (reader.text(reader.at) == "(").then(|| {
        let list = &sql[reader.end(reader.at + 1)..reader.start(reader.at + 1)];
        parts(list, dialect)
    });
    let overriding = reader.find(reader.at, &["overriding"]);
    let overriding = (overriding < select).then(|| reader.between(overriding, select).to_owned());
    let from = reader.find(select, &["from"]);
    let condition = reader.find(from, &["where"]);
    let end = reader.condition_end(from);
    let row = reader.source(from + 1, condition.min(end))?;
    let mut items = Vec::new();
    let mut start = select + 1;
    if reader.is_any(start, &["all", "straight_join"]) {
        start += 1;
    }
    while start < from {
        let comma = (start..from)
            .find(|index| reader.text(*index) == ",")
            .unwrap_or(from);
        items.push(item(&reader, start, comma, row)?);
        start = comma + 1;
    }
    let gathers = gathers(reader.between(select + 1, from), dialect);
    let has_condition = condition < end;
    let head = if has_condition {
        reader.end(condition + 1)
    } else {
        reader.end(end)
    };
    let query = &sql[reader.start(select)..head];
    // What goes by the rows that are there already selects others once they are.
    let name = Words::new(&target, dialect).qualified_name()?.pop()?;
    let source = &sql[reader.start(select)..reader.end(end)];
    if Words::new(source, dialect).any(|word| is_name_of(word.text, &name)) {
        return None;
    }
    let upserts = is_more || replaces || reader.find_conflict(from).is_some();
    Some(Copied {
        target,
        columns,
        items,
        select: if has_condition {
            query.to_owned()
        } else {
            format!("{query} WHERE")
        },
        condition: has_condition.then(|| reader.between(condition + 1, end).to_owned()),
        upserts,
        overriding,
        gathers,
    })
}

/// The word in a list of what is selected that makes one value of several rows. What a subquery makes of its own rows is
/// its own affair, and `max` of two values is none of them on SQLite.
fn gathers(list: &str, dialect: Dialect) -> Option<String> {
    let tokens: Vec<_> = Lexer::new(list, dialect)
        .map_while(Result::ok)
        .filter(|token| !token.kind.is_trivia())
        .collect();
    let text = |index: usize| tokens.get(index).map_or("", |token| token.text(list));
    // For each parenthesis that is open, whether it holds a query.
    let mut open: Vec<bool> = Vec::new();
    for index in 0..tokens.len() {
        match text(index) {
            "(" => open.push(text(index + 1).eq_ignore_ascii_case("select")),
            ")" => {
                open.pop();
            }
            word if !open.contains(&true) && tokens[index].kind == TokenKind::Word => {
                let of_rows = GATHERS.iter().any(|other| word.eq_ignore_ascii_case(other))
                    && text(index + 1) == "("
                    && !(dialect == Dialect::Sqlite && has_two(&tokens[index + 2..], list));
                if of_rows || (word.eq_ignore_ascii_case("over") && text(index.wrapping_sub(1)) == ")") {
                    return Some(word.to_owned());
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether a list of arguments that begins there has more than one.
fn has_two(tokens: &[super::lex::Token], list: &str) -> bool {
    let mut depth = 0;
    for token in tokens {
        match token.text(list) {
            "(" => depth += 1,
            ")" if depth == 0 => return false,
            ")" => depth -= 1,
            "," if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Whether another backfill of the set inserts into the table that this one inserts into.
pub(crate) fn shares_target(set: &MigrationSet, migration: &Migration) -> bool {
    let target = |migration: &Migration| {
        let backfill = migration.backfill.as_ref()?;
        let inserts = backfill.batched.as_ref().is_some_and(|batched| batched.inserts);
        let (_, sql) = migration.up.iter().next().filter(|_| inserts)?;
        let target = copied(sql, &backfill.table, set.dialect)?.target;
        Words::new(&target, set.dialect)
            .qualified_name()?
            .pop()
            .map(|name| name.to_lowercase())
    };
    let Some(own) = target(migration) else {
        return false;
    };
    let mut others = set
        .migrations
        .iter()
        .filter(|other| other.version != migration.version);
    others.any(|other| target(other).as_ref() == Some(&own))
}

/// The item between two tokens; `None` where it is more than one value.
fn item(reader: &Reader<'_>, start: usize, end: usize, row: &str) -> Option<Item> {
    if start >= end || reader.text(end - 1) == "*" {
        return None;
    }
    let aliased = end >= start + 3 && reader.is(end - 2, "as");
    let end = if aliased { end - 2 } else { end };
    let text = reader.between(start, end);
    let is_name = |index: usize| {
        let kind = reader.top.get(index).map(|token| token.kind);
        matches!(kind, Some(TokenKind::Word | TokenKind::Quoted))
    };
    let own =
        reader.between(start, end.saturating_sub(2)) == row && reader.text(end.saturating_sub(2)) == ".";
    let column = (is_name(end - 1) && (end == start + 1 || own)).then(|| reader.text(end - 1).to_owned());
    let varies = varies(text, reader.dialect);
    Some(Item { column, varies })
}

/// Whether an expression may be another value each time: it calls something of that kind, or names one that needs no
/// parentheses. A column of such a name is a column.
pub(crate) fn varies(text: &str, dialect: Dialect) -> bool {
    let words = Lexer::new(text, dialect).map_while(Result::ok);
    let mut words = words.filter(|token| !token.kind.is_trivia()).peekable();
    while let Some(token) = words.next() {
        let word = token.text(text);
        let is_any = |of: &[&str]| of.iter().any(|other| word.eq_ignore_ascii_case(other));
        let is_called = words.peek().is_some_and(|next| next.text(text) == "(");
        // SQLite's `datetime('now')`.
        if is_any(&["'now'"]) || is_any(WITHOUT_PARENTHESES) || is_called && is_any(VARIES) {
            return true;
        }
    }
    false
}

/// Whether what an UPDATE leaves in each row follows from its text, so that rows can be compared by it.
pub(crate) fn is_compared(batched: &Batched, dialect: Dialect) -> bool {
    let mut assigned = batched.assignments.iter();
    !batched.joined
        && !batched.assignments.is_empty()
        && !assigned.any(|assignment| varies(&assignment.expression, dialect))
}

fn is_name_of(word: &str, name: &str) -> bool {
    word.trim_matches(['"', '`', '[', ']']).eq_ignore_ascii_case(name)
}

/// What stands between the commas outside parentheses.
fn parts(list: &str, dialect: Dialect) -> Vec<String> {
    let mut parts = Vec::new();
    let mut start = 0;
    for token in Lexer::new(list, dialect).map_while(Result::ok) {
        if token.text(list) == "," {
            parts.push(list[start..token.start].trim().to_owned());
            start = token.end;
        }
    }
    parts.push(list[start..].trim().to_owned());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_gathers_rows_is_told() {
        let check = |list: &str, dialect, expected: Option<&str>| {
            assert_eq!(gathers(list, dialect).as_deref(), expected, "{list}");
        };
        check("u.id, count(*)", Dialect::Postgres, Some("count"));
        check("u.id, upper( MAX (u.name))", Dialect::MariaDb, Some("MAX"));
        check(
            "u.id, row_number() over (order by id)",
            Dialect::Postgres,
            Some("over"),
        );
        check("u.id, (SELECT max(x) FROM t)", Dialect::Postgres, None);
        check("u.id, max(u.a, u.b)", Dialect::Sqlite, None);
        check("u.id, max(abs(u.a))", Dialect::Sqlite, Some("max"));
        check("u.count, u.\"max\" AS over", Dialect::Postgres, None);
    }

    #[test]
    fn what_is_copied_is_read() {
        let check = |sql: &str, expected: &str| {
            let shown = copied(sql, "users", Dialect::Postgres).map(|copied| {
                let items = copied.items.iter().map(|item| match (&item.column, item.varies) {
                    (Some(column), false) => column.clone(),
                    (_, true) => "varies".to_owned(),
                    (None, false) => "expression".to_owned(),
                });
                let columns = copied
                    .columns
                    .map_or("all".to_owned(), |columns| columns.join("+"));
                format!(
                    "{} {columns} <- {} | {} | {} | {}",
                    copied.target,
                    items.collect::<Vec<_>>().join("+"),
                    copied.select,
                    copied.condition.unwrap_or_default(),
                    if copied.upserts { "upserts" } else { "inserts" }
                )
            });
            assert_eq!(shown.unwrap_or_else(|| "nothing".to_owned()), expected, "{sql}");
        };
        check(
            "INSERT INTO names (person, name) SELECT u.id, u.name FROM users u WHERE u.id > 3",
            "names person+name <- id+name | SELECT u.id, u.name FROM users u WHERE | u.id > 3 | inserts",
        );
        check(
            "INSERT INTO names SELECT id, upper(name) AS n, now() FROM users ON CONFLICT (person) DO NOTHING",
            "names all <- id+expression+varies | SELECT id, upper(name) AS n, now() FROM users WHERE |  | upserts",
        );
        check(
            "INSERT INTO s.names AS n (person, \"Name\", at) SELECT users.id, (SELECT max(x) FROM t), current_date \
             FROM users JOIN t ON t.id = users.id WHERE true ORDER BY users.id",
            "s.names person+\"Name\"+at <- id+expression+varies | SELECT users.id, (SELECT max(x) FROM t), \
             current_date FROM users JOIN t ON t.id = users.id WHERE | true | inserts",
        );
        check(
            "INSERT INTO names SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM names WHERE person = u.id)",
            "nothing",
        );
        check("INSERT INTO names SELECT u.* FROM users u", "nothing");
        check("UPDATE users SET a = 1", "nothing");
    }
}
