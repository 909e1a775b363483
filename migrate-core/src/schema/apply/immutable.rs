//! What the expressions of indexes and computed columns may call: only what is the same for ever.

use super::super::{Class, Fault, Key, Object, Schema};
use super::refused::refused;
use crate::model::Dialect;
use crate::script::words::Words;
use crate::sql::{Expr, Name, Shape, Source, Volatility};

/// Functions of PostgreSQL that are immutable in none of their forms, sorted: those that somebody may think are.
const CHANGING: &[&str] = &[
    "array_to_string",
    "clock_timestamp",
    "concat",
    "concat_ws",
    "current_setting",
    "currval",
    "format",
    "gen_random_uuid",
    "nextval",
    "now",
    "pg_backend_pid",
    "random",
    "setval",
    "statement_timestamp",
    "timeofday",
    "to_char",
    "to_date",
    "to_json",
    "to_jsonb",
    "transaction_timestamp",
    "txid_current",
    "uuid_generate_v1",
    "uuid_generate_v4",
    "uuidv7",
];

/// What looks like a column and is the time or the user.
const KEYWORDS: &[&str] = &[
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
];

impl Schema {
    /// Reports what may give another value tomorrow. `what` says where it stands.
    pub(super) fn expect_immutable(&self, key: &Key, value: &Expr, what: &str, faults: &mut Vec<Fault>) {
        if self.dialect != Dialect::Postgres {
            return;
        }
        let Some(why) = self.changing(key, value) else {
            return;
        };
        let message = format!("{what} is the same for ever, and {why}");
        faults.push(refused(value.span, message));
    }

    fn changing(&self, key: &Key, value: &Expr) -> Option<String> {
        let scope = [Source {
            called: key.name.clone(),
            table: Some(Name {
                schema: Some(key.schema.clone()),
                ..Name::plain(&*key.name)
            }),
        }];
        let changes = |(at, call): &(usize, &Name)| match self.get(&self.resolve(Class::Function, call)) {
            Some(Object::Function { overloads, .. }) => {
                let asked = !overloads.is_empty() && overloads.iter().all(|one| !one.inlined);
                let called = self.called(call, value.given.get(*at), &scope);
                asked && called.is_some_and(|called| called.best != Volatility::Immutable)
            }
            _ => {
                let own = call.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
                own && CHANGING.contains(&call.name.as_str())
            }
        };
        if let Some((_, call)) = value.calls.iter().enumerate().find(changes) {
            return Some(format!("`{}` is not immutable", call.name));
        }
        let mut words = Words::new(&value.text, self.dialect);
        if let Some(word) = words.find(|word| word.is_any(KEYWORDS)) {
            return Some(format!("{} is not", word.text.to_uppercase()));
        }
        if value.calls.iter().any(|call| call.name == "to_tsvector") && !names_configuration(&value.text) {
            return Some("to_tsvector without a configuration uses the session's".to_owned());
        }
        // What a point in time is called depends on the zone of the session.
        let table = self.certain_table(key)?;
        let of_time = ["date", "date_trunc", "date_part"];
        if let ([call], [column]) = (&*value.calls, &*value.columns)
            && of_time.contains(&call.name.as_str())
            && !Words::new(&value.text, self.dialect).any(|word| word.is("zone"))
            && table
                .column(column)
                .and_then(|column| column.ty.as_ref())
                .is_some_and(|ty| ty.is("timestamptz"))
        {
            return Some(format!(
                "`{}` of `{column}` depends on the zone of the session",
                call.name
            ));
        }
        let Shape::Cast(column, ty) = &value.shape else {
            return None;
        };
        let from = table.column(column)?.ty.as_ref()?;
        let zoned =
            from.is("timestamptz") && matches!(&*ty.name, "date" | "timestamp" | "time" | "text" | "varchar");
        let read = matches!(&*from.name, "text" | "varchar")
            && matches!(&*ty.name, "date" | "timestamp" | "timestamptz");
        (zoned || read).then(|| format!("what `{column}` is as {ty} depends on the session"))
    }
}

/// Whether each to_tsvector of a text has two arguments.
fn names_configuration(text: &str) -> bool {
    let lower = text.to_lowercase();
    let part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$');
    lower.match_indices("to_tsvector").all(|(at, name)| {
        // Another function's name may end so.
        if lower.get(..at).is_some_and(|before| before.ends_with(part)) {
            return true;
        }
        let rest = lower.get(at + name.len()..).unwrap_or_default().trim_start();
        let Some(inner) = rest.strip_prefix('(') else {
            return true;
        };
        let mut depth = 1_i32;
        let end = inner.find(|character| {
            depth += match character {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth == 0
        });
        end.and_then(|end| inner.get(..end))
            .is_none_or(|arguments| super::index::split_list(arguments).len() > 1)
    })
}
