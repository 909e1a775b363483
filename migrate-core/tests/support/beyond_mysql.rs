//! The cases of which MySQL and MariaDB tell something else than the model, with why.

/// What the server takes and what fails behind it, with why.
pub(crate) const BEYOND: &[(&str, &str)] = &[
    (
        "a column that a trigger names",
        "the table is changed, and each write fails behind that",
    ),
    (
        "a column that a view shows",
        "the table is changed, and each read of the view fails behind that",
    ),
    (
        "a table that a view reads",
        "the table goes, and each read of the view fails behind that",
    ),
    (
        "a table that a trigger of another one writes",
        "the table goes, and each write fails behind that",
    ),
    (
        "a column for a table that a trigger fills by position",
        "the table is changed, and each write fails behind that",
    ),
    (
        "rows of all columns into one that is computed",
        "MariaDB refuses it where there are rows",
    ),
];
