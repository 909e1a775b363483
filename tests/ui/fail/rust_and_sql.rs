#[path = "../rust_rows.rs"]
mod rows;

#[derive(migrate_macros::Migrations)]
#[migrations(path = "rust_and_sql", dialect = "postgres", rust(nick_of = rows::Nick))]
struct Schema;

fn main() {
    let _ = Schema::SET;
}
