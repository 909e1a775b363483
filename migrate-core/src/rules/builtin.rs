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
    find(expr, schema, 0)
}

/// A call counts where its function is volatile or not known, or where what it is not given is computed by such a one.
fn find<'a>(expr: &'a Expr, schema: &Schema, depth: u32) -> Option<&'a Name> {
    let mut calls = expr.calls.iter().enumerate();
    let varies = |(at, call): &(usize, &Name)| match schema.called(call, expr.given.get(*at), &[]) {
        Some(called) => {
            let mut defaults = called.defaults.iter();
            called.volatility == Volatility::Volatile
                || defaults.any(|default| depth > DEEPEST || find(default, schema, depth + 1).is_some())
        }
        None => !is_builtin(call),
    };
    calls.find(varies).map(|(_, call)| call)
}

/// Defaults of parameters that call functions with defaults, and so on, are followed so far.
const DEEPEST: u32 = 8;

fn is_builtin(call: &Name) -> bool {
    let own = call.schema.as_deref().is_none_or(|schema| schema == "pg_catalog");
    own && POSTGRES.lines().any(|name| name == call.name) || EXTENSIONS.contains(&&*call.name)
}
