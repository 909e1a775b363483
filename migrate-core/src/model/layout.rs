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
    /// Every `*.sql` in the order of the names. Only to be audited: the versions are the places in that order, and a new
    /// file would move them.
    Plain,
}

impl Layout {
    /// Every layout that can be embedded, the native one first.
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
            Layout::Plain => "plain",
        }
    }

    /// The layout of that name, if there is one that can be embedded.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layout| layout.name() == name)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
