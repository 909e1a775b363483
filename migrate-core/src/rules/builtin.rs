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

/// Functions of the extensions that come with PostgreSQL, as far as a default may call them, that are not volatile in any
/// of their forms; whoever installs one says in which schema. Version 15 was asked.
#[rustfmt::skip]
const EXTENSIONS: &[&str] = &[
    "armor", "citext", "crypt", "cube", "dearmor", "decrypt", "decrypt_iv", "digest", "earth", "encrypt", "encrypt_iv",
    "hmac", "hstore", "hstore_to_array", "hstore_to_json", "hstore_to_jsonb", "icount", "levenshtein", "ll_to_earth",
    "ltree2text", "metaphone", "nlevel", "pgp_key_id", "pgp_pub_decrypt", "pgp_sym_decrypt", "show_trgm", "similarity",
    "soundex", "subltree", "subpath", "text2ltree", "unaccent", "uuid_generate_v3", "uuid_generate_v5", "uuid_nil",
    "uuid_ns_dns", "uuid_ns_oid", "uuid_ns_url", "uuid_ns_x500", "word_similarity",
];

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
    own && POSTGRES.lines().any(|name| name == call.name) || EXTENSIONS.contains(&&*call.name)
}
