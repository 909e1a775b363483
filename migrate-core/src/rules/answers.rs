//! Whether a verify query can answer what is expected of it, as far as its text and the model say it: else it is
//! found when all rows are moved.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::directives::Expectation;
use crate::model::{Dialect, Migration, Verify};
use crate::schema::Schema;
use crate::script::answered::{Answered, answered};
use crate::sql::Type;

use super::analysis::position;

/// Judges the verify queries by the schema that the file leaves.
pub(super) fn check(schema: &Schema, migration: &Migration, dialect: Dialect) -> Vec<Diagnostic> {
    let queries = migration.verify.iter();
    let found = queries.filter_map(|verify| one(schema, migration, verify, dialect));
    found.collect()
}

fn one(schema: &Schema, migration: &Migration, verify: &Verify, dialect: Dialect) -> Option<Diagnostic> {
    let (statement, sql) = verify.query.iter().next()?;
    let (what, place) = answered(sql, dialect)?;
    let (named, expected) = match &verify.expectation {
        Expectation::Zero => ("zero", Some("0")),
        Expectation::Equals(literal) => ("equals", Some(&**literal)),
        Expectation::Unchanged => ("unchanged", None),
    };
    let mut help = None;
    let message = match (what, expected) {
        (Answered::Columns(count), _) => {
            format!("this query answers {count} columns instead of one value")
        }
        (Answered::Literal(text), Some(expected)) if is_plain(&text) && text != expected => {
            format!("this query answers `{text}`, whatever the rows are, and `{named}` expects `{expected}`")
        }
        (Answered::Count, Some(expected)) if !is_number(expected) => {
            help = Some("write the number of rows that there have to be".to_owned());
            format!("this query answers a number of rows, and `equals` expects `{expected}`")
        }
        (Answered::Column(mut table, column), Some(_)) if named == "zero" => {
            let name = table.pop()?;
            let side = schema.side(table.pop().as_deref(), &name, std::slice::from_ref(&column));
            let ty = side.columns.first().filter(|_| side.sure)?.ty.as_ref()?;
            if !is_no_number(ty, dialect) {
                return None;
            }
            help = Some(format!(
                "let it count the rows that are wrong: `SELECT count(*) FROM {name} WHERE …`; where one row is looked at, and \
                 `{column}` is to have a value, say `equals '…'`"
            ));
            format!("this query answers `{column}`, which is `{ty}`, and `zero` expects the number 0")
        }
        _ => return None,
    };
    let mut told = Diagnostic::error(&codes::VERIFY_ANSWER, &*migration.path, message)
        .note("the data would be moved to its end, and then be found wrong");
    if help.is_some() {
        told.help = help;
    }
    Some(told.at(position(&verify.query, statement, place)))
}

/// Whether the database answers a literal as it is written.
fn is_plain(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = text.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    !is_number || digits && (text == "0" || !text.starts_with('0'))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether no value of the type is shown as a number, but for texts that look like one.
fn is_no_number(ty: &Type, dialect: Dialect) -> bool {
    const TEXTS: &[&str] = &["text", "varchar", "char", "nvarchar", "nchar"];
    const OTHERS: &[&str] = &[
        "bpchar",
        "citext",
        "uuid",
        "date",
        "time",
        "timetz",
        "timestamp",
        "timestamptz",
        "datetime",
        "json",
        "jsonb",
        "bytea",
        "tinytext",
        "mediumtext",
        "longtext",
        "blob",
        "inet",
        "xml",
    ];
    let is_other = dialect != Dialect::Sqlite && OTHERS.contains(&&*ty.name);
    let is_truth = dialect == Dialect::Postgres && ty.name == "boolean";
    ty.array || TEXTS.contains(&&*ty.name) || is_other || is_truth
}
