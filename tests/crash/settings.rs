//! What the environment says about a run of this harness, and the random numbers that follow from its seed.

use std::str::FromStr;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    match text.parse() {
        Ok(value) => Some(value),
        Err(_) => panic!("{name} is `{text}`, which is not a number"),
    }
}

/// Whether the long version was asked for.
pub(crate) fn is_long() -> bool {
    std::env::var("MIGRATE_LONG").is_ok_and(|value| value == "1")
}

/// Whether everything that happens is to be told.
pub(crate) fn is_told() -> bool {
    std::env::var("MIGRATE_CRASH_TOLD").is_ok_and(|value| value == "1")
}

/// Tells it, if that is so, with the time.
pub(crate) fn tell(what: impl std::fmt::Display) {
    if is_told() {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        eprintln!("{:.3} {}: {what}", now.as_secs_f64(), std::process::id());
    }
}

/// How many rounds a test makes.
pub(crate) fn rounds(short: u64, long: u64) -> u64 {
    variable("MIGRATE_CRASH_ROUNDS").unwrap_or(if is_long() { long } else { short })
}

/// How many processes start at once.
pub(crate) fn processes() -> usize {
    variable("MIGRATE_CRASH_PROCESSES").unwrap_or(if is_long() { 50 } else { 12 })
}

/// The seed of the first round; each round adds one. The short version always has the same one, so that a failure in
/// CI is not a matter of luck more than it has to be.
pub(crate) fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        variable("MIGRATE_CRASH_SEED").unwrap_or_else(|| if is_long() { now() * 1000 } else { 1 })
    })
}

/// Tells how to repeat a round, if the round panics.
pub(crate) struct Repeat {
    pub(crate) test: &'static str,
    pub(crate) seed: u64,
}

impl Drop for Repeat {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "to repeat this round: MIGRATE_CRASH_SEED={} MIGRATE_CRASH_ROUNDS=1 MIGRATE_CRASH_PROCESSES={} \
                 cargo test --test crash -- --exact --nocapture {}",
                self.seed,
                processes(),
                self.test
            );
        }
    }
}

/// SplitMix64: small, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number from 0 to 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        self.next() as f64 / u64::MAX as f64
    }
}
