//! Data that Rust code moves.

use std::any::Any;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_util::FutureExt as _;

use super::Cell;

/// A row of a table as a struct: made by `#[derive(migrate_macros::Backfill)]`, not by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of a table",
    note = "derive it: `#[derive(migrate_macros::Backfill)]`"
)]
pub trait Row: Sized + Send + 'static {
    /// The table, as the files write it.
    const TABLE: &'static str;
    /// The columns of the key, as the files write them, with commas between.
    const KEY: &'static str;
    /// The columns that are read, those that are written too among them.
    const READ: &'static [&'static str];
    /// The columns that are written.
    const WRITTEN: &'static [&'static str];

    /// The row of what was read, in the order of [`READ`](Self::READ); or why it does not fit.
    #[doc(hidden)]
    fn load(cells: Vec<Cell>) -> Result<Self, String>;

    /// The values of the columns that are written, in their order.
    #[doc(hidden)]
    fn store(&self) -> Vec<Cell>;
}

/// What becomes of a row of a table: the part of a backfill that is written in Rust.
///
/// A file with `-- migrate:rust <name>` names it; the name is bound in the derive of the migrations, or by
/// [`MigratorBuilder::rust`](crate::migrator::MigratorBuilder::rust).
///
/// ```
/// use migrate_core::backfill::Transform;
///
/// #[derive(migrate_macros::Backfill)]
/// #[backfill(table = "users", key = "id")]
/// struct SplitName {
///     #[backfill(read)]
///     full_name: String,
///     #[backfill(write)]
///     first_name: Option<String>,
///     #[backfill(write)]
///     last_name: Option<String>,
/// }
///
/// impl Transform for SplitName {
///     type Error = String;
///
///     async fn transform(&mut self) -> Result<(), String> {
///         let (first, last) = self.full_name.split_once(' ').ok_or("a name of one word")?;
///         self.first_name = Some(first.to_owned());
///         self.last_name = Some(last.to_owned());
///         Ok(())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "nothing says what becomes of a `{Self}`",
    note = "implement `migrate_core::backfill::Transform` for it"
)]
pub trait Transform: Row {
    /// Why a row cannot be moved. What it displays stands beside the row's key where a person looks for it.
    type Error: fmt::Display + Send;

    /// Fills in the fields that are written, which have the values of the row as it is. What is left as it was is not
    /// written.
    ///
    /// It runs outside of any transaction. When a build writes one of the columns meanwhile, what came out is thrown
    /// away, and the row is read and given here again: the result is written at most once, but the code may run more
    /// often, so what it does elsewhere has to bear that.
    ///
    /// An error, a panic, and no answer within
    /// [`batch_timeout`](crate::migrator::MigratorBuilder::batch_timeout) set the row aside; the backfill goes on.
    ///
    /// # Cancellation
    ///
    /// Dropped when it is late, and with the worker.
    fn transform(&mut self) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Whether a row that was moved is right, as far as its columns say; `None` where they do not. With an answer, the
    /// comparison of the whole table asks it for each row, until the contract removes the old shape.
    ///
    /// It sees the row as it is in the database, as it was loaded for [`transform`](Self::transform). A panic counts as a
    /// row that is not right.
    fn is_right(&self) -> Option<bool> {
        None
    }
}

/// For each column that is written its new value, or `None` where it is left as it is; or why the row is set aside.
pub(crate) type Outcome = Result<Vec<Option<Cell>>, String>;

type Running = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// A [`Transform`] without its type.
#[derive(Clone, Copy)]
pub struct Code {
    pub(crate) table: &'static str,
    pub(crate) key: &'static str,
    #[cfg_attr(
        not(feature = "sql"),
        expect(dead_code, reason = "columns are read from databases")
    )]
    pub(crate) read: &'static [&'static str],
    #[cfg_attr(
        not(feature = "sql"),
        expect(dead_code, reason = "columns are written to databases")
    )]
    pub(crate) written: &'static [&'static str],
    run: fn(Vec<Cell>) -> Running,
    check: fn(Vec<Cell>) -> Option<bool>,
}

impl Code {
    /// The code of that type.
    pub const fn of<T: Transform>() -> Self {
        Self {
            table: T::TABLE,
            key: T::KEY,
            read: T::READ,
            written: T::WRITTEN,
            run: run::<T>,
            check: check::<T>,
        }
    }

    /// Whether its rows are those of that table and key.
    #[doc(hidden)]
    pub const fn is_for(&self, table: &str, key: &str) -> bool {
        const fn same(one: &str, other: &str) -> bool {
            let (one, other) = (one.as_bytes(), other.as_bytes());
            let mut index = 0;
            while index < one.len() && index < other.len() && one[index] == other[index] {
                index += 1;
            }
            index == one.len() && index == other.len()
        }
        same(self.table, table) && same(self.key, key)
    }

    /// What becomes of a row. Never panics.
    pub(crate) async fn run(&self, cells: Vec<Cell>) -> Outcome {
        let started = std::panic::catch_unwind(AssertUnwindSafe(|| (self.run)(cells)));
        let ended = match started {
            Ok(running) => AssertUnwindSafe(running).catch_unwind().await,
            Err(panic) => Err(panic),
        };
        ended.unwrap_or_else(|panic| Err(panicked(&*panic)))
    }
}

impl Code {
    /// Whether a row is right, where the code says so. Never panics.
    #[cfg_attr(not(feature = "sql"), expect(dead_code, reason = "rows are in databases"))]
    pub(crate) fn is_right(&self, cells: Vec<Cell>) -> Option<bool> {
        std::panic::catch_unwind(AssertUnwindSafe(|| (self.check)(cells))).unwrap_or(Some(false))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code")
            .field("table", &self.table)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

fn run<T: Transform>(cells: Vec<Cell>) -> Running {
    Box::pin(async move {
        let mut row = T::load(cells)?;
        let before = row.store();
        if let Err(error) = row.transform().await {
            return Err(format!("{error:#}"));
        }
        let after = row.store().into_iter();
        let changed = after
            .zip(before)
            .map(|(after, before)| (after != before).then_some(after));
        Ok(changed.collect())
    })
}

fn check<T: Transform>(cells: Vec<Cell>) -> Option<bool> {
    T::load(cells).ok()?.is_right()
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    match said {
        Some(said) => format!("it panicked: {said}"),
        None => "it panicked".to_owned(),
    }
}
