//! Which functions a default may call without the table being rewritten.

use crate::schema::Schema;
use crate::sql::{Expr, Name, Volatility};

/// PostgreSQL's own functions that are not volatile in any of their forms, one per line, sorted.
const POSTGRES: &str = include_str!("postgres_functions.txt");

/// The volatile ones of PostgreSQL, and of the extensions that make identifiers, that stand in defaults.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "gen_random_bytes",
    "gen_random_uuid",
    "nextval",
    "random",
    "random_normal",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

/// Whether a function is known to give another value for each row, whatever a migration would say of it.
pub(super) fn is_sure_to_vary(call: &Name) -> bool {
    VOLATILE.contains(&call.name.as_str())
}

/// The first call in an expression that may give another value for each row.
pub(super) fn volatile_call<'a>(expr: &'a Expr, schema: &Schema) -> Option<&'a Name> {
    volatile(&expr.calls, schema)
}

/// The first of the functions that is volatile, or not known.
pub(super) fn volatile<'a>(calls: &'a [Name], schema: &Schema) -> Option<&'a Name> {
    calls.iter().find(|call| match schema.volatility(call) {
        Some(volatility) => volatility == Volatility::Volatile,
        None => !is_builtin(call),
    })
}

fn is_builtin(call: &Name) -> bool {
    let own = call.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    own && POSTGRES.lines().any(|name| name == call.name)
}
