//! Embeds migrations at compile time and refuses what could not run.
//!
//! [`derive(Migrations)`](macro@Migrations) reads a folder of migration files while the crate compiles, checks them,
//! and gives the type a constant `SET` and a function `run`. Nothing is read or parsed at run time.
//! [`migrations!`] is the same as an expression.
//!
//! # Rebuilding when files change
//!
//! cargo sees edits of files that are embedded already. For new files put one line into the `build.rs` of the crate:
//!
//! ```no_run
//! fn main() {
//!     println!("cargo:rerun-if-changed=migrations");
//! }
//! ```

#![expect(clippy::needless_doctest_main, reason = "the example is a whole file")]

mod args;
mod backfill_row;
mod expand;
mod fallback;
mod load;
mod report;
mod test_attribute;

use proc_macro::TokenStream;

/// Embeds a folder of migrations in the type.
///
/// The type is only a place for the two items that the derive adds, so a unit struct does:
///
/// - `const SET: migrate_core::Set<D>`: the migrations, typed by the database they are for;
/// - `async fn run(pool: &P) -> Result<Report, Error>`: applies what is pending, as the migrator does when nothing
///   about it is changed.
///
/// ```
/// use migrate_macros::Migrations;
///
/// #[derive(Migrations)]
/// #[migrations(path = "doc/migrations", dialect = "sqlite")]
/// struct Schema;
///
/// assert_eq!(Schema::SET.migrations.len(), 2);
/// assert_eq!(Schema::SET.migrations[0].name, "create_users");
/// ```
///
/// # Options
///
/// | option | meaning | if left out |
/// |---|---|---|
/// | `dialect = "…"` | `postgres`, `sqlite`, `mysql` or `mariadb` | required |
/// | `path = "…"` | the folder, from the folder of `Cargo.toml` on | `"migrations"` |
/// | `name = "…"` | names the set in the database, where several sets share one | `"main"` |
/// | `layout = "…"` | `native`, or the tool whose files these are: `sqlx`, `diesel`, `refinery`, `dbmate` | `"native"` |
/// | `since = "…"` | the oldest server it has to run on, such as `"14"` or `"10.6"` | any |
/// | `baseline = "…"` | files up to this version are history and are not judged | none |
/// | `deny(…)`, `warn(…)`, `allow(…)` | what findings of these rules do: `deny(fk-locks-parent)` | as the rule says |
/// | `style` | the rules for style run as well | they do not |
/// | `strict` | the migrations start from an empty database: what they did not make does not exist | what they do not know is assumed to exist |
/// | `rust(…)` | the Rust code of backfills: `rust(split_name = SplitName)` binds a type with [`derive(Backfill)`](macro@Backfill) to the name in `-- migrate:rust split_name` | none |
/// | `same_as(…)` | the folders of the same application's sets for other databases, `same_as(sqlite = "migrations/sqlite")`: a version that only one of them has, or that is of another change or phase, or requires others, is an error. One of the derives may say it | none |
/// | `remind_after = "…"` | how much younger than a change the newest file is when the change is reminded of its contract: `"30d"` | 90 days |
/// | `crate = …` | where `migrate_core` is found, if it is renamed or re-exported | `::migrate_core` |
///
/// # Errors
///
/// Every fault of every file is a compile error of its own, with the place in the file and what to do. A type whose
/// files have faults gets an empty set, so that nothing but those faults is reported.
///
/// The safety rules judge the SQL of files that are not released: for each dialect there is a feature, and all are on by
/// default.
///
/// Warnings, of rules or about a migration of another tool's layout without a way back, come as uses of a deprecated
/// constant: `#[allow(deprecated)]` on the type accepts them, `#![deny(deprecated)]` refuses them. `#![deny(warnings)]`
/// does not: what is only worth a look breaks no build unless `deny(…)` says so.
#[proc_macro_derive(Migrations, attributes(migrations))]
pub fn derive_migrations(input: TokenStream) -> TokenStream {
    expand::derive(input.into()).into()
}

/// Makes a struct the row of a table that Rust code moves: `migrate_core::backfill::Row`, on which
/// `migrate_core::backfill::Transform` says what becomes of the row.
///
/// ```
/// use migrate_core::backfill::Transform;
///
/// #[derive(migrate_macros::Backfill)]
/// #[backfill(table = "users", key = "id")]
/// struct Initial {
///     id: i64,
///     #[backfill(read, column = "name")]
///     full_name: String,
///     #[backfill(write)]
///     initial: Option<String>,
/// }
///
/// impl Transform for Initial {
///     type Error = String;
///
///     async fn transform(&mut self) -> Result<(), String> {
///         let first = self.full_name.chars().next().ok_or_else(|| format!("{} has no name", self.id))?;
///         self.initial = Some(first.to_string());
///         Ok(())
///     }
/// }
/// ```
///
/// # Options
///
/// | option of the struct | meaning |
/// |---|---|
/// | `table = "…"`, `key = "…"` | as `-- migrate:backfill` of the file has them, or the file does not compile |
/// | `crate = …` | where `migrate_core` is found, if it is renamed or re-exported |
///
/// | option of a field | meaning |
/// |---|---|
/// | `key` | a column of the key; a field of its name needs no mark |
/// | `read` | a column that is read |
/// | `write` | a column that is written. It is read as well, and has the value of the row until the code sets another one |
/// | `column = "…"` | the name of the column, where it is not that of the field |
///
/// # Types
///
/// Any type that is read from a text and written as one, `FromStr` and `Display`: numbers, `String`, `bool`, uuids, times
/// of whatever crate; `Vec<u8>` for bytes; and an `Option` of them where the column may be NULL. The texts are those of the
/// database: `2026-01-31 12:00:00+00` on PostgreSQL, for example.
#[proc_macro_derive(Backfill, attributes(backfill))]
pub fn derive_backfill(input: TokenStream) -> TokenStream {
    backfill_row::derive(input.into()).into()
}

/// Embeds a folder of migrations: an expression of type `migrate_core::Set<D>`.
///
/// The first argument is the folder, from the folder of `Cargo.toml` on; the others are the options of
/// [`derive(Migrations)`](macro@Migrations).
///
/// ```
/// use migrate_core::{Set, Sqlite};
///
/// const SET: Set<Sqlite> = migrate_macros::migrations!("doc/migrations", dialect = "sqlite");
/// assert_eq!(SET.migrations.len(), 2);
/// ```
#[proc_macro]
pub fn migrations(input: TokenStream) -> TokenStream {
    expand::expression(input.into()).into()
}

/// Makes one `#[test]` per named database out of an `async fn` that takes the database.
///
/// Use it from `migrate_testkit`, which re-exports it and shows examples. Each test gets a database of its own, which is dropped when the
/// function ends. The parameter's type is that of the database; with several kinds the function is generic over
/// `migrate_testkit::TestDatabase`. The function returns nothing, or a `Result<(), E>` whose error can be printed. It
/// runs on a tokio runtime of one thread. `#[ignore]` and `#[should_panic]` are meant for each of the tests.
///
/// # Options
///
/// | option | meaning |
/// |---|---|
/// | `postgres`, `sqlite`, `mysql`, `mariadb` | the databases; the last two are one, the server that is installed |
/// | `set = Schema` | the database has the set of that type already; it is copied from a template, where the server can copy databases |
/// | `crate = …` | where `migrate_testkit` is found, if it is renamed or re-exported |
///
/// A test whose database is left out by `MIGRATE_TESTKIT_SKIP` ends at once, and says so.
#[proc_macro_attribute]
pub fn migrate_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    test_attribute::expand(arguments.into(), item.into()).into()
}
