//! Which rows partitions take, and how the literals in their bounds compare.

use std::cmp::Ordering;

use super::Bound;

impl Bound {
    /// Whether some row is sure to belong to both. Keys of several columns are not looked at.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Bound::Default, Bound::Default) => true,
            (Bound::List(one), Bound::List(other)) => one.iter().any(|value| other.contains(value)),
            (Bound::Range(from, to), Bound::Range(other_from, other_to)) => {
                let ([from], [to], [other_from], [other_to]) = (&**from, &**to, &**other_from, &**other_to)
                else {
                    return false;
                };
                begins_before(from, other_to) && begins_before(other_from, to)
            }
            (Bound::Hash(Some(one)), Bound::Hash(Some(other))) => {
                let smaller = one.0.min(other.0).max(1);
                (one.0.max(other.0)).is_multiple_of(smaller) && one.1 % smaller == other.1 % smaller
            }
            _ => false,
        }
    }
}

/// Whether a range that starts there has begun before one ends; nothing stands for no limit.
fn begins_before(from: &Option<String>, to: &Option<String>) -> bool {
    match (from, to) {
        (Some(from), Some(to)) => compare(from, to) == Some(Ordering::Less),
        _ => true,
    }
}

/// How two literals compare: numbers, and times that are written alike.
pub(crate) fn compare(one: &str, other: &str) -> Option<Ordering> {
    if one == other {
        return Some(Ordering::Equal);
    }
    if let (Ok(one), Ok(other)) = (one.parse::<i128>(), other.parse::<i128>()) {
        return Some(one.cmp(&other));
    }
    let time = |text: &str| {
        let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
        let bytes = inner.as_bytes();
        let date = bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let plain = bytes
            .iter()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b' '));
        (date && plain).then(|| inner.to_owned())
    };
    let (one, other) = (time(one)?, time(other)?);
    (one.len() == other.len()).then(|| one.cmp(&other))
}
