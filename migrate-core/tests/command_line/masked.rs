//! What differs from run to run, masked.

/// The text with times and rates replaced by dots. What a database estimates is its own affair, and left out.
pub(crate) fn masked(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.map(|text| line(&without_estimate(text))).collect()
}

fn without_estimate(text: &str) -> String {
    const ESTIMATE: &str = " of about ";
    let Some((before, behind)) = text.split_once(ESTIMATE) else {
        return text.to_owned();
    };
    let rest = behind.trim_start_matches(|character: char| character.is_ascii_digit());
    let rest = match rest.strip_prefix(" (") {
        Some(percent) => percent.split_once(')').map_or(rest, |(_, rest)| rest),
        None => rest,
    };
    format!("{before}{rest}")
}

fn line(text: &str) -> String {
    let mut masked = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, from) = rest.split_at(at);
        masked.push_str(before);
        let end = from
            .find(|character: char| !(character.is_ascii_digit() || ".:-".contains(character)))
            .unwrap_or(from.len());
        // A sentence may end behind a number.
        let end = from[..end].trim_end_matches(['.', ':', '-']).len();
        let (number, behind) = from.split_at(end);
        let before = masked.as_str();
        let is_process = before.ends_with("host:");
        let is_time = behind.starts_with(" ms)")
            || behind.starts_with(" rows/s")
            || behind.starts_with(" per worker")
            || behind.starts_with(" elapsed")
            || behind.starts_with(" to go")
            || (behind.starts_with(" s")
                && [" in ", "about ", "at least "]
                    .iter()
                    .any(|word| before.ends_with(word)))
            || behind.starts_with(" s to go")
            || before.ends_with("\"estimate\":")
            || before.ends_with("seconds\":")
            || before.ends_with("\"worked\":")
            || before.ends_with("_per_second\":")
            || is_process
            || behind.starts_with(" bytes")
            || behind.starts_with(" kB")
            || ["connections: ", "PostgreSQL ", "SQLite ", "MariaDB "]
                .iter()
                .any(|word| before.ends_with(word));
        // `2026-01-31 12:00:00` and its like, in one part or two.
        let is_date = number.len() >= 8 && number.matches(['-', ':']).count() >= 2;
        // How long something is seen already, in a unit that depends on how busy the machine is.
        let is_age = ["in use for ", "shape only for "]
            .iter()
            .any(|words| before.ends_with(words));
        let unit = [" ms", " s"]
            .iter()
            .find(|unit| is_age && behind.starts_with(**unit));
        // A busy machine takes a second or more for what takes milliseconds else.
        if before.ends_with('(') && behind.starts_with(" s)") {
            masked.push_str("… ms");
            rest = &behind[" s".len()..];
            continue;
        }
        masked.push_str(if is_time || is_date || unit.is_some() {
            "…"
        } else {
            number
        });
        rest = &behind[unit.map_or(0, |unit| unit.len())..];
    }
    masked + rest
}

#[test]
fn what_is_masked() {
    for (text, expected) in [
        ("1 migration applied (12.5 ms)", "1 migration applied (… ms)"),
        ("1 migration applied (1.2 s)", "1 migration applied (… ms)"),
        ("applied 2026 in 0.003 s.", "applied 2026 in … s."),
        ("\"seconds\":0.001,\"n\":2", "\"seconds\":…,\"n\":2"),
        ("at 2026-11-21 09:16:09.123Z", "at … …Z"),
        (
            "20260101120000 x: 5 rows, 12 rows/s, 0:01 elapsed",
            "20260101120000 x: 5 rows, … rows/s, … elapsed",
        ),
        (
            "about 0.004 s: 3 rows were read in 0.004 s",
            "about … s: 3 rows were read in … s",
        ),
        (
            "on SQLite 3.46.0. 16 kB, (connections: 2)",
            "on SQLite …. … kB, (connections: …)",
        ),
        ("in use for 25 ms of 1 d", "in use for … of 1 d"),
        ("in use for 1 s of 1 d", "in use for … of 1 d"),
        ("seen (host:4711)", "seen (host:…)"),
        ("5 rows of about 7 (71 %), batch", "5 rows, batch"),
        ("5 rows of about 7, 1 changed", "5 rows, 1 changed"),
    ] {
        assert_eq!(masked(text), expected);
    }
}
