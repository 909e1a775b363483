//! One test for each check.

/// Makes one test of each check of a set: `prove::round_trip`, `prove::data_survival`, `prove::builds`, `prove::order`,
/// `prove::backfills`, `prove::locks` and `prove::schema`.
///
/// ```
/// use migrate_macros::Migrations;
///
/// #[derive(Migrations)]
/// #[migrations(path = "tests/migrations", dialect = "sqlite")]
/// struct Schema;
///
/// migrate_testkit::prove!(Schema);
/// # fn main() {}
/// ```
///
/// Behind the set comes what the checks have to know, as a function from [`Prove`](crate::Prove) to `Prove`; sets for
/// several databases have names, and so have their tests, as `prove::pg::round_trip`:
///
/// ```
/// use migrate_core::Version;
/// # use migrate_macros::Migrations;
/// # #[derive(Migrations)]
/// # #[migrations(path = "tests/migrations", dialect = "sqlite")]
/// # struct OnSqlite;
/// # #[derive(Migrations)]
/// # #[migrations(path = "tests/migrations", dialect = "postgres")]
/// # struct OnPostgres;
///
/// migrate_testkit::prove! {
///     pg: OnPostgres,
///     lite: OnSqlite => |prove| prove.rows(Version(20260101000000), "INSERT INTO account VALUES (7, 'ada')"),
/// }
/// # fn main() {}
/// ```
///
/// Where a folder `tests/builds` is in the crate, it holds the builds, see [`Prove::builds_in`](crate::Prove::builds_in);
/// the expected schema is in `schema.<dialect>.facts` beside `Cargo.toml`, see [`Prove::schema`](crate::Prove::schema).
/// The tests fail where the folder has a migration that the build does not embed: without a `build.rs` cargo does not see a
/// new file, see `migrate_core::build::watch`. (In debug builds, which know their folder.)
///
/// A test whose database is left out by `MIGRATE_TESTKIT_SKIP` ends at once, and says so.
///
/// The macro makes a module `prove`, so it stands in a module once.
#[macro_export]
macro_rules! prove {
    ($($name:ident: $set:ty $(=> $options:expr)?),+ $(,)?) => {
        #[cfg(test)]
        mod prove {
            use super::*;
            $(mod $name {
                use super::*;
                $crate::__prove_tests!(
                    $crate::__private::in_crate(
                        $crate::Prove::new(<$set>::SET),
                        ::core::env!("CARGO_MANIFEST_DIR"),
                    )
                    $(=> $options)?
                );
            })+
        }
    };
    ($set:ty $(=> $options:expr)? $(,)?) => {
        #[cfg(test)]
        mod prove {
            use super::*;
            $crate::__prove_tests!(
                $crate::__private::in_crate(
                    $crate::Prove::new(<$set>::SET),
                    ::core::env!("CARGO_MANIFEST_DIR"),
                )
                $(=> $options)?
            );
        }
    };
}

/// Makes the tests of [`prove!`] for a folder in any layout, without a derive and its rules: `sqlx`, `diesel`,
/// `refinery`, `dbmate` or `native`. The folder is read when a test runs, from the folder of `Cargo.toml` on.
///
/// ```
/// migrate_testkit::prove_dir!("tests/migrations", layout = "native", dialect = "sqlite");
/// # fn main() {}
/// ```
///
/// What the checks have to know comes behind that, as for [`prove!`]:
///
/// ```
/// migrate_testkit::prove_dir!("tests/migrations", layout = "native", dialect = "postgres" => |prove| {
///     prove.prepare("CREATE EXTENSION IF NOT EXISTS pgcrypto")
/// });
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! prove_dir {
    ($path:literal, layout = $layout:literal, dialect = $dialect:tt $(=> $options:expr)? $(,)?) => {
        $crate::__dialect! { $dialect => $path, $layout $(=> $options)? }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dialect {
    ("postgres" => $($rest:tt)*) => {
        $crate::__in_postgres! { Postgres, $($rest)* }
    };
    ("sqlite" => $($rest:tt)*) => {
        $crate::__in_sqlite! { Sqlite, $($rest)* }
    };
    ("mysql" => $($rest:tt)*) => {
        $crate::__in_mysql! { Mysql, $($rest)* }
    };
    ("mariadb" => $($rest:tt)*) => {
        $crate::__in_mysql! { MariaDb, $($rest)* }
    };
    ($other:tt => $($rest:tt)*) => {
        ::core::compile_error!("the dialects are \"postgres\", \"sqlite\", \"mysql\" and \"mariadb\"");
    };
}

/// Makes the tests of a folder where the feature of its database is on, and says which one it is where it is off.
macro_rules! of_feature {
    ($name:ident, $feature:literal, $dollar:tt) => {
        #[cfg(feature = $feature)]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $name {
                                            ($dollar($dollar rest:tt)*) => {
                                                $dollar crate::__prove_folder! { $dollar($dollar rest)* }
                                            };
                                        }

        #[cfg(not(feature = $feature))]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! $name {
            ($dollar($dollar rest:tt)*) => {
                ::core::compile_error!(::core::concat!(
                    "the dialect needs the feature \"",
                    $feature,
                    "\" of migrate-testkit: name it in `features` of the dependency"
                ));
            };
        }
    };
}
of_feature!(__in_postgres, "postgres", $);
of_feature!(__in_sqlite, "sqlite", $);
of_feature!(__in_mysql, "mysql", $);

#[doc(hidden)]
#[macro_export]
macro_rules! __prove_folder {
    ($database:ident, $path:literal, $layout:literal $(=> $options:expr)?) => {
        #[cfg(test)]
        mod prove {
            #[allow(unused_imports, reason = "the options may need nothing of it")]
            use super::*;
            $crate::__prove_tests!(
                $crate::__private::of_folder::<$crate::__private::$database>(
                    ::core::env!("CARGO_MANIFEST_DIR"),
                    $path,
                    $layout,
                )
                $(=> $options)?
            );
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __prove_tests {
    ($prove:expr $(=> $options:expr)?) => {
        $crate::__prove_tests! {
            @each [$prove] [$($options)?]
            round_trip RoundTrip, data_survival DataSurvival, builds Builds, order Order, backfills Backfills,
            locks Locks, schema Schema
        }
    };
    (@each [$prove:expr] $options:tt $($name:ident $check:ident),+) => {
        $(
            #[::core::prelude::v1::test]
            fn $name() {
                $crate::__private::prove(
                    $crate::Check::$check,
                    ::core::concat!(::core::module_path!(), "::", ::core::stringify!($name)),
                    || $crate::__prove_tests!(@with [$prove] $options),
                )
            }
        )+
    };
    (@with [$prove:expr] []) => {
        $prove
    };
    (@with [$prove:expr] [$options:expr]) => {
        $crate::__private::with($prove, $options)
    };
}
