#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres", rust = "nick_of")]
struct NoList;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres", rust(nick_of))]
struct NoType;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres", rust(nick_of = "Nick"))]
struct TypeAsText;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres", rust(Nick = Nick, nick_of = Nick, nick_of = Nick))]
struct Names;

struct Nick;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres", rust(nick_of = Nick))]
struct NoTransform;

fn main() {}
