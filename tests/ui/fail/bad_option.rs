use migrate_macros::{Migrations, migrations};

#[derive(Migrations)]
struct NoOptions;

#[derive(Migrations)]
#[migrations]
struct NoList;

#[derive(Migrations)]
#[migrations(path = "", dialekt = "postgres", since = 14, name = "Main", layout = "sqlxx", baseline = "v1")]
struct Several;

#[derive(Migrations)]
#[migrations(dialect = "postgresql", since = "14.x", path, crate = 7, since = "13", = 3)]
struct More;

#[derive(Migrations)]
#[migrations(dialect = "oracle")]
struct Unknown<T>(T);

#[derive(Migrations)]
#[migrations(dialect = "sqlite")]
union Union {
    a: u8,
    b: u8,
}

fn main() {
    let _: migrate_core::Set<migrate_core::Postgres> = Several::SET;
    let _: migrate_core::Set<migrate_core::Postgres> = More::SET;
    let _ = Unknown::<u8>::SET;
    let _: migrate_core::Set<migrate_core::Sqlite> = migrations!(dialect = "sqlite");
    let _: migrate_core::Set<migrate_core::Mysql> = migrations!("users", dialect = "mysqll");
    let _ = migrations!();
    let _ = migrations!(env!("FOLDER"), dialect = "sqlite");
}
