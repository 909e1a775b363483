//! How long a statement takes, from what was measured on this database and from nothing else.

use core::fmt;
use std::time::Duration;

use super::{Assessment, Footprint, Known, MoveRate, Rows, Work};

/// How long something takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Estimate {
    /// A moment, however large the table is, once it has its lock.
    Moment,
    /// About so long.
    About {
        /// So long.
        time: Duration,
        /// What that is computed from.
        basis: String,
    },
    /// Longer than that, and nobody measured by how much.
    AtLeast {
        /// So long at least.
        time: Duration,
        /// What that is computed from, and what it leaves out.
        basis: String,
    },
    /// It is not known, for this reason.
    Unknown {
        /// The reason.
        why: String,
    },
}

impl Estimate {
    /// The time that is known, even where it is the least.
    pub fn time(&self) -> Option<Duration> {
        match self {
            Estimate::Moment => Some(Duration::ZERO),
            Estimate::About { time, .. } | Estimate::AtLeast { time, .. } => Some(*time),
            Estimate::Unknown { .. } => None,
        }
    }

    /// Its name for programs.
    pub const fn name(&self) -> &'static str {
        match self {
            Estimate::Moment => "moment",
            Estimate::About { .. } => "about",
            Estimate::AtLeast { .. } => "at-least",
            Estimate::Unknown { .. } => "unknown",
        }
    }

    fn unknown(why: impl Into<String>) -> Self {
        Estimate::Unknown { why: why.into() }
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Estimate::Moment => f.write_str("a moment, whatever the size of the table"),
            Estimate::About { time, basis } => write!(f, "about {}: {basis}", shown(*time)),
            Estimate::AtLeast { time, basis } => write!(f, "at least {}: {basis}", shown(*time)),
            Estimate::Unknown { why } => write!(f, "not known: {why}"),
        }
    }
}

/// A time as people say it.
pub(crate) fn shown(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.3} s", time.as_secs_f64().max(0.001)),
        10..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{:.1} h", time.as_secs_f64() / 3600.0),
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How long reading every row takes.
fn reading(assessment: &Assessment) -> Result<(Duration, String), String> {
    let sample = match &assessment.sample {
        Known::Is(sample) => sample,
        Known::Not(why) => return Err(why.clone()),
    };
    if sample.whole {
        let basis = format!(
            "all {} rows were read in {}",
            grouped(sample.rows),
            shown(sample.took)
        );
        return Ok((sample.took, basis));
    }
    let rows = match &assessment.rows {
        Known::Is(rows) => rows,
        Known::Not(why) => return Err(format!("how many rows there are is not known: {why}")),
    };
    if sample.rows == 0 {
        return Err("no row could be read".to_owned());
    }
    let time = sample.took.as_secs_f64() * rows.count as f64 / sample.rows as f64;
    let basis = format!(
        "{} rows ({}), and {} of them were read in {}",
        grouped(rows.count),
        rows.source,
        grouped(sample.rows),
        shown(sample.took)
    );
    Ok((Duration::try_from_secs_f64(time).unwrap_or(Duration::MAX), basis))
}

/// How long moving every row in batches takes, at the rate at which it went itself, or else at that of its table.
pub(crate) fn moving(assessment: Option<&Assessment>, own: Option<&MoveRate>) -> Estimate {
    let Some(assessment) = assessment.filter(|one| one.exists) else {
        return Estimate::unknown("the table is not there yet");
    };
    let MoveRate {
        rows_per_second,
        source,
    } = match (own, &assessment.moves) {
        (Some(rate), _) | (None, Known::Is(rate)) => rate,
        (None, Known::Not(why)) => return Estimate::unknown(why.clone()),
    };
    let count = match (&assessment.sample, &assessment.rows) {
        (Known::Is(sample), _) if sample.whole => sample.rows,
        (_, Known::Is(Rows { count, .. })) => *count,
        (_, Known::Not(why)) => {
            return Estimate::unknown(format!("how many rows there are is not known: {why}"));
        }
    };
    Estimate::About {
        time: Duration::try_from_secs_f64(count as f64 / rows_per_second).unwrap_or(Duration::MAX),
        basis: format!("{} rows at {rows_per_second:.0} rows/s, {source}", grouped(count)),
    }
}

/// How long a statement takes that does this.
pub(crate) fn estimate(footprint: &Footprint, assessment: Option<&Assessment>) -> Estimate {
    let what_else = match footprint.work {
        Work::New | Work::Catalog => return Estimate::Moment,
        Work::Unknown => {
            let why = footprint.note.as_deref();
            return Estimate::unknown(why.unwrap_or("the statement was not understood"));
        }
        Work::Write => {
            return Estimate::unknown("how many rows it writes, and how fast, was not measured");
        }
        Work::Scan => None,
        Work::IndexBuild => Some("what sorting and writing the index takes beside reading was not measured"),
        Work::Rewrite => {
            Some("what writing the rows and their indexes takes beside reading was not measured")
        }
    };
    let Some(assessment) = assessment.filter(|one| one.exists) else {
        return Estimate::unknown("the table is not there yet");
    };
    match (reading(assessment), what_else) {
        (Err(why), _) => Estimate::unknown(why),
        (Ok((time, basis)), None) => Estimate::About { time, basis },
        (Ok((time, basis)), Some(else_)) => Estimate::AtLeast {
            time,
            basis: format!("{basis}; {else_}"),
        },
    }
}
