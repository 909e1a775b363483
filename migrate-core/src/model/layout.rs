//! The ways in which tools lay out a folder of migrations.

use core::fmt;

/// How a folder of migrations is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// This library's own: `YYYYMMDDHHMMSS_words.sql` with `-- migrate:` directives.
    Native,
    /// sqlx: `<version>_<words>.sql`, or a pair `.up.sql` and `.down.sql`.
    Sqlx,
    /// diesel: a folder `<version>_<words>` with `up.sql` and `down.sql`.
    Diesel,
    /// refinery: `V<version>__<words>.sql`.
    Refinery,
    /// dbmate: `<version>_<words>.sql` with `-- migrate:up` and `-- migrate:down`.
    Dbmate,
}

impl Layout {
    /// Every layout, the native one first.
    pub const ALL: [Layout; 5] = [
        Layout::Native,
        Layout::Sqlx,
        Layout::Diesel,
        Layout::Refinery,
        Layout::Dbmate,
    ];

    /// The word used in `layout = "…"` and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Layout::Native => "native",
            Layout::Sqlx => "sqlx",
            Layout::Diesel => "diesel",
            Layout::Refinery => "refinery",
            Layout::Dbmate => "dbmate",
        }
    }

    /// The layout of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.name() == name)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
