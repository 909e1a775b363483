//! The expansion names nothing of its surroundings.
#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code)]

extern crate migrate_core as renamed;

mod my {
    pub mod path {
        pub use ::migrate_core::*;
    }
}

struct Result;
struct Option;
struct Vec;
struct String;
struct Some;
struct None;
struct Ok;
struct Cow;
struct Text;
struct Migration;
struct Digest;
struct Set;
struct Sync;
mod core {}
mod std {}
mod migrate_core {}

#[derive(::migrate_macros::Backfill)]
#[backfill(table = "users", key = "id", crate = my::path)]
struct Row {
    #[backfill(read)]
    r#type: ::std::string::String,
    #[backfill(write)]
    bytes: ::std::vec::Vec<u8>,
    #[backfill(write)]
    text: ::std::option::Option<::std::string::String>,
}

impl renamed::backfill::Transform for Row {
    type Error = &'static str;

    async fn transform(&mut self) -> ::std::result::Result<(), &'static str> {
        self.text = ::std::option::Option::Some(::std::clone::Clone::clone(&self.r#type));
        ::std::result::Result::Ok(())
    }
}

#[derive(::migrate_macros::Migrations)]
#[migrations(path = "hygiene", dialect = "postgres", baseline = "20260101120000", rust(hash_passwords = Row), crate = my::path)]
struct Schema;

#[derive(::migrate_macros::Migrations)]
#[migrations(path = "hygiene", dialect = "postgres", baseline = "20260101120000", rust(hash_passwords = Row), crate = renamed)]
struct Plain;

#[derive(::migrate_macros::Migrations)]
#[migrations(path = "hygiene", dialect = "postgres", baseline = "20260101120000", rust(hash_passwords = Row), crate = "crate::my::path")]
enum r#Type {}

macro_rules! schema {
    ($name:ident, $path:literal) => {
        #[derive(::migrate_macros::Migrations)]
        #[migrations(path = $path, dialect = "postgres", baseline = "20260101120000", rust(hash_passwords = Row))]
        struct $name;
    };
}
schema!(Made, "hygiene");

fn main() {
    #[derive(::migrate_macros::Migrations)]
    #[migrations(path = "hygiene", dialect = "postgres", baseline = "20260101120000", rust(hash_passwords = Row))]
    struct Local;

    for set in [Schema::SET, Plain::SET, Type::SET, Made::SET, Local::SET] {
        ::std::assert!(set.migrations.len() == 6);
    }
    let set = ::migrate_macros::migrations!(
        "hygiene",
        dialect = "postgres",
        baseline = "20260101120000",
        rust(hash_passwords = Row),
        crate = my::path
    );
    ::std::assert!(set.migrations.len() == 6);
}
