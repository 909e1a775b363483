use std::error::Error as StdError;
use std::fmt;

/// The error a caller's own closure may return.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Why there is no database, or what a check found.
///
/// The message says what to do. `{:#}` and `{:?}` print the causes after it.
pub struct Error(Box<Inner>);

struct Inner {
    message: String,
    skipped: bool,
    source: Option<BoxError>,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            message: message.into(),
            skipped: false,
            source: None,
        }))
    }

    pub(crate) fn caused(message: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self(Box::new(Inner {
            message: message.into(),
            skipped: false,
            source: Some(source.into()),
        }))
    }

    pub(crate) fn skipped(message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            message: message.into(),
            skipped: true,
            source: None,
        }))
    }

    /// Whether this kind of database was left out by `MIGRATE_TESTKIT_SKIP`: the test should return
    /// without failing.
    pub fn is_skipped(&self) -> bool {
        self.0.skipped
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if f.alternate() {
            let mut source = self.source();
            while let Some(cause) = source {
                write!(f, ": {cause}")?;
                source = cause.source();
            }
        }
        Ok(())
    }
}

/// Prints what `{:#}` prints, since this is what a test that returns the error shows.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// Names the file and the action of a failed file operation.
pub(crate) trait IoContext<T> {
    fn doing(self, action: &str, path: &std::path::Path) -> Result<T, Error>;
}

impl<T> IoContext<T> for std::io::Result<T> {
    fn doing(self, action: &str, path: &std::path::Path) -> Result<T, Error> {
        self.map_err(|source| Error::caused(format!("cannot {action} {}", path.display()), source))
    }
}
