//! Calendar times.

use std::time::Duration;
#[cfg(feature = "cli")]
use std::time::{SystemTime, UNIX_EPOCH};

use crate::model::Version;

/// How long something took, in the unit that fits.
pub(crate) fn took(time: Duration) -> String {
    let tenths = (time.as_millis() + 50) / 100;
    match time.as_micros() {
        0..999_950 => format!("{:.1} ms", time.as_secs_f64() * 1000.0),
        _ if tenths < 600 => format!("{}.{} s", tenths / 10, tenths % 10),
        _ => format!("{} min {:02} s", tenths / 600, tenths % 600 / 10),
    }
}

/// The version of a file that is written at that time, in UTC.
#[cfg(feature = "cli")]
pub(crate) fn version_at(time: SystemTime) -> Version {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    version_of(seconds)
}

/// The version of that many seconds since 1970.
pub(crate) fn version_of(seconds: u64) -> Version {
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let mut year = 1970;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_of_month(year, month) {
        days -= days_of_month(year, month);
        month += 1;
    }
    let date = (year * 100 + month) * 100 + days + 1;
    Version(((date * 100 + rest / 3600) * 100 + rest / 60 % 60) * 100 + rest % 60)
}

/// A time in milliseconds since 1970, as the history writes it: in UTC, though without milliseconds.
pub(crate) fn shown(ms: u64) -> String {
    let Version(digits) = version_of(ms / 1000);
    let two = |place: u64| digits / place % 100;
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        digits / 10_000_000_000,
        two(100_000_000),
        two(1_000_000),
        two(10_000),
        two(100),
        two(1)
    )
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u64) -> u64 {
    365 + u64::from(is_leap(year))
}

fn days_of_month(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_something_took() {
        for (ms, expected) in [
            (0, "0.0 ms"),
            (999, "999.0 ms"),
            (1_000, "1.0 s"),
            (20_024, "20.0 s"),
            (59_980, "1 min 00 s"),
            (75_300, "1 min 15 s"),
            (3_600_000, "60 min 00 s"),
        ] {
            assert_eq!(took(Duration::from_millis(ms)), expected);
        }
    }

    #[test]
    fn known_times() {
        for (seconds, version) in [
            (0, 19_700_101_000_000),
            (951_827_696, 20_000_229_123_456),
            (1_709_251_199, 20_240_229_235_959),
            (1_735_689_600, 20_250_101_000_000),
            (4_107_542_400, 21_000_301_000_000),
        ] {
            assert_eq!(version_of(seconds), Version(version));
            let digits: String = shown(seconds * 1000 + 999)
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            assert_eq!(digits, version.to_string());
        }
    }
}
