#[path = "../rust_rows.rs"]
mod rows;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres", rust(nick_off = rows::Nick))]
struct Misspelt;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres")]
struct Forgotten;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "unbound_rust", dialect = "postgres", rust(nick_of = rows::Nick, other = rows::Nick))]
struct Unused;

fn main() {
    let _ = (Misspelt::SET, Forgotten::SET, Unused::SET);
}
