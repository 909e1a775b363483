//! Versions of database servers.

use core::fmt;
use core::str::FromStr;

use super::Dialect;

/// The version of a database server: `14`, `10.6`, `3.45.1`.
///
/// Parts that are not written count as zero, so `14` and `14.0` are equal.
///
/// ```
/// use migrate_core::ServerVersion;
/// let version: ServerVersion = "10.11.6".parse().unwrap();
/// assert!(version >= ServerVersion::new(10, 6, 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ServerVersion {
    major: u32,
    minor: u32,
    patch: u32,
}

impl ServerVersion {
    /// The version of those parts.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Its first part.
    pub const fn major(self) -> u32 {
        self.major
    }

    /// Its second part.
    pub const fn minor(self) -> u32 {
        self.minor
    }

    /// Its third part.
    pub const fn patch(self) -> u32 {
        self.patch
    }

    /// Says what is wrong with it as the oldest server of a database: there never was one, nor will soon be.
    ///
    /// # Errors
    /// A sentence without a full stop that names the versions there are.
    ///
    /// ```
    /// use migrate_core::{Dialect, ServerVersion};
    /// assert!(ServerVersion::new(3, 45, 1).checked(Dialect::Sqlite).is_ok());
    /// assert!(ServerVersion::new(14, 0, 0).checked(Dialect::Sqlite).is_err());
    /// ```
    pub fn checked(self, dialect: Dialect) -> Result<Self, String> {
        let (real, known) = match dialect {
            Dialect::Postgres => (
                matches!((self.major, self.minor), (9, 0..=6) | (10..=29, _)),
                "9.6, or 10 and later in whole numbers, such as 14",
            ),
            Dialect::Sqlite => (
                matches!((self.major, self.minor), (3, 7..=99)),
                "3.x, such as 3.45.1",
            ),
            Dialect::Mysql => (
                matches!(
                    (self.major, self.minor),
                    (5, 5..=7) | (8, 0..=4) | (9, 0..=9) | (10, 0..=9)
                ),
                "5.5 to 5.7, 8.0 to 8.4, and 9.0 and later",
            ),
            Dialect::MariaDb => (
                matches!(
                    (self.major, self.minor),
                    (5, 5) | (10, 0..=11) | (11, 0..=8) | (12..=15, 0..=9)
                ),
                "5.5, 10.0 to 10.11, 11.0 to 11.8, and 12.0 and later",
            ),
        };
        match real {
            true => Ok(self),
            false => Err(format!(
                "there is no {} {self}; there are {known}",
                dialect.title()
            )),
        }
    }

    /// Whether every server from this version on has what came with `wanted`, this one being what a set names as its oldest.
    ///
    /// Who names a series of MySQL or MariaDB and no release of it means those that were made for production: nobody runs
    /// MariaDB 10.3.0, and of MySQL 8.0 nobody the first ones.
    pub(crate) fn has(self, wanted: Self, dialect: Dialect) -> bool {
        let first = match (dialect, self.major, self.minor) {
            (Dialect::Mysql, 5, 7) => 9,
            (Dialect::Mysql, 8, 0) => 19,
            (Dialect::MariaDb, 10, 0) => 10,
            (Dialect::MariaDb, 10, 1) => 8,
            (Dialect::MariaDb, 10, 2 | 4) => 6,
            (Dialect::MariaDb, 10, 3) => 7,
            (Dialect::MariaDb, 10, 5) => 4,
            (Dialect::MariaDb, 10, 6..=8) => 3,
            (Dialect::MariaDb, 10.., _) => 2,
            _ => 0,
        };
        let named = match self.patch {
            0 => Self::new(self.major, self.minor, first),
            _ => self,
        };
        named >= wanted
    }

    /// The version at the start of what a server says of itself, such as `15.18 (Debian 15.18-0)`.
    pub fn from_server(text: &str) -> Option<Self> {
        let end = text
            .find(|character: char| !character.is_ascii_digit() && character != '.')
            .unwrap_or(text.len());
        text[..end].trim_end_matches('.').parse().ok()
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.minor, self.patch) {
            (0, 0) => write!(f, "{}", self.major),
            (minor, 0) => write!(f, "{}.{minor}", self.major),
            (minor, patch) => write!(f, "{}.{minor}.{patch}", self.major),
        }
    }
}

/// The text was not one to three numbers with dots between them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a server version: write it like `14`, `10.6` or `3.45.1`")]
pub struct ParseServerVersionError {
    text: String,
}

impl FromStr for ServerVersion {
    type Err = ParseServerVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fault = || ParseServerVersionError {
            text: text.to_owned(),
        };
        let mut parts = [0; 3];
        for (count, part) in text.split('.').enumerate() {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let slot = parts.get_mut(count).filter(|_| digits).ok_or_else(fault)?;
            *slot = part.parse().map_err(|_| fault())?;
        }
        Ok(Self::new(parts[0], parts[1], parts[2]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_what_was_made_for_production() {
        let has = |since: &str, wanted: &str, dialect| {
            let version = |text: &str| text.parse::<ServerVersion>().unwrap();
            version(since).has(version(wanted), dialect)
        };
        assert!(has("10.3", "10.3.2", Dialect::MariaDb));
        assert!(has("10.5", "10.5.2", Dialect::MariaDb));
        assert!(!has("10.5.1", "10.5.2", Dialect::MariaDb));
        assert!(!has("11.4", "11.4.5", Dialect::MariaDb));
        assert!(has("8.0", "8.0.12", Dialect::Mysql));
        assert!(!has("8.0.11", "8.0.12", Dialect::Mysql));
        assert!(!has("8.0", "8.0.29", Dialect::Mysql));
        assert!(!has("3.35", "3.35.1", Dialect::Sqlite));
    }

    #[test]
    fn what_servers_say() {
        for (text, version) in [
            ("15.18 (Debian 15.18-0+deb12u1)", ServerVersion::new(15, 18, 0)),
            ("10.11.6-MariaDB-0+deb12u1", ServerVersion::new(10, 11, 6)),
            ("3.45.1", ServerVersion::new(3, 45, 1)),
            ("18beta1", ServerVersion::new(18, 0, 0)),
        ] {
            assert_eq!(ServerVersion::from_server(text), Some(version), "{text}");
        }
        for bad in ["", "x", "1.2.3.4", "1..2", "-1"] {
            assert!(bad.parse::<ServerVersion>().is_err(), "{bad:?}");
        }
    }
}
