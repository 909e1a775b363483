//! The cases of which PostgreSQL tells something else than the rules, with why.

/// Cases that this server cannot tell about, and why.
pub(crate) const BEYOND: &[(&str, &str)] = &[
    (
        "a table that nearly is one of ours",
        "nobody knows that the other one is not there, so it is a warning",
    ),
    ("reindex database", "it would have to be the database of the test"),
    ("cluster all", "no table was clustered before"),
    ("tablespace", "there is none"),
    ("table-rewrite-option, bad", "there is no tablespace"),
    (
        "what a rollback took back can be made again",
        "the test looks at each statement in a transaction that is taken back",
    ),
    (
        "a proof that was taken back",
        "the test looks at each statement in a transaction that is taken back",
    ),
    (
        "a table that was taken back",
        "the test looks at each statement in a transaction that is taken back",
    ),
    ("access method", "there is none"),
    (
        "search_path of another file does not last",
        "the table is in another schema",
    ),
    (
        "UTC was reset",
        "the driver connects with UTC, and RESET goes back to that",
    ),
    ("a foreign table has no rows here", "there is no other server"),
    ("a materialized view that no file made", "there is none"),
    (
        "a down that drops a type before its table",
        "the test runs what goes up",
    ),
    (
        "a down that drops what went with the table",
        "the test runs what goes up",
    ),
    (
        "one function of a name is known, and another one may be older than the files",
        "there is none",
    ),
    ("a type of an extension that may be there", "there is none"),
    (
        "an index of a constraint cannot be dropped by itself",
        "the finding says so in words",
    ),
    ("drop two indexes concurrently", "the finding says so in words"),
    ("rename constraint", "there is none"),
    (
        "an extension that no file made goes and comes back",
        "there is none",
    ),
    ("a function of another schema than pg_catalog", "there is none"),
    ("opaque-statement, bad", "the language is not installed"),
];
