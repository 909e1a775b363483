//! The version of a migration.

use core::fmt;
use core::str::FromStr;
use core::time::Duration;

/// What identifies a migration within its set and puts it in order: the digits in front of its file's name.
///
/// In the native layout these are a calendar time, `YYYYMMDDHHMMSS`. Foreign layouts may use any number that
/// fits a signed 64-bit integer, which is what every supported database stores.
///
/// ```
/// use migrate_core::Version;
/// assert!(Version(20260101120000) < Version(20260101120001));
/// assert_eq!("20260101120000".parse(), Ok(Version(20260101120000)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub u64);

impl Version {
    /// The largest version that every database can store.
    pub const MAX: Version = Version(i64::MAX as u64);
}

impl Version {
    /// The time from an earlier version to this one, where both are calendar times.
    pub(crate) fn time_since(self, earlier: Version) -> Option<Duration> {
        self.seconds()?
            .checked_sub(earlier.seconds()?)
            .map(Duration::from_secs)
    }

    /// The seconds since 1970, where it is a calendar time behind that, in UTC.
    pub(crate) fn unix_seconds(self) -> Option<u64> {
        self.seconds()?
            .checked_sub(Version(19_700_101_000_000).seconds()?)
    }

    /// The seconds since some moment that is the same for every calendar time.
    fn seconds(self) -> Option<u64> {
        let text = self.to_string();
        if text.len() != 14 || calendar_fault(&text).is_some() {
            return None;
        }
        let field = |from: usize, to: usize| text[from..to].parse::<u64>().ok();
        let (year, month, day) = (field(0, 4)?, field(4, 6)?, field(6, 8)?);
        // A year that starts in March has its leap day last.
        let (year, month) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day;
        Some(days * 86_400 + field(8, 10)? * 3600 + field(10, 12)? * 60 + field(12, 14)?)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The text was not a version: not only digits, or a number beyond [`Version::MAX`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a version: only digits, at most {max}", max = Version::MAX)]
pub struct ParseVersionError {
    text: String,
}

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u64>() {
            Ok(number) if digits && number <= Version::MAX.0 => Ok(Version(number)),
            _ => Err(ParseVersionError {
                text: text.to_owned(),
            }),
        }
    }
}

/// What is wrong with a calendar time, for the message of the fault.
pub(crate) fn calendar_fault(digits: &str) -> Option<String> {
    debug_assert!(digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let field = |from: usize, to: usize| digits[from..to].parse::<u32>().unwrap_or(u32::MAX);
    let (year, month, day) = (field(0, 4), field(4, 6), field(6, 8));
    let (hour, minute, second) = (field(8, 10), field(10, 12), field(12, 14));
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return Some(format!("there is no month {month:02}")),
    };
    if year == 0 {
        Some("there is no year 0000".to_owned())
    } else if day == 0 || day > days {
        Some(format!("{year:04}-{month:02} has no day {day:02}"))
    } else if hour > 23 {
        Some(format!("there is no hour {hour:02}"))
    } else if minute > 59 {
        Some(format!("there is no minute {minute:02}"))
    } else if second > 59 {
        Some(format!("there is no second {second:02}"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar() {
        for good in [
            "20240229235959",
            "20000229000000",
            "00010101000000",
            "99991231000000",
        ] {
            assert_eq!(calendar_fault(good), None, "{good}");
        }
        for (bad, part) in [
            ("20230229000000", "no day 29"),
            ("19000229000000", "no day 29"),
            ("20231301000000", "month 13"),
            ("20230001000000", "month 00"),
            ("20230100000000", "no day 00"),
            ("20230431000000", "no day 31"),
            ("20230101240000", "hour 24"),
            ("20230101006000", "minute 60"),
            ("20230101000060", "second 60"),
            ("00000101000000", "year 0000"),
        ] {
            let fault = calendar_fault(bad).expect(bad);
            assert!(fault.contains(part), "{bad}: {fault}");
        }
    }

    #[test]
    fn time_between_versions() {
        for (earlier, later, seconds) in [
            (20240228000000, 20240301000000, Some(2 * 86_400)),
            (20230228000000, 20230301000000, Some(86_400)),
            (20231231235959, 20240101000000, Some(1)),
            (20240101000000, 20250101000000, Some(366 * 86_400)),
            (19000101000000, 20000101000000, Some(36_524 * 86_400)),
            (20240101000000, 20230101000000, None),
            (1, 20230101000000, None),
        ] {
            let time = Version(later).time_since(Version(earlier));
            assert_eq!(time, seconds.map(Duration::from_secs), "{earlier} {later}");
        }
    }

    #[test]
    fn only_digits_are_a_version() {
        for bad in ["", "+1", "-1", "1_0", " 1", "9223372036854775808", "x"] {
            assert!(bad.parse::<Version>().is_err(), "{bad:?}");
        }
        assert_eq!("007".parse(), Ok(Version(7)));
    }
}
