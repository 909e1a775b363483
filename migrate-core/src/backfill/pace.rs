//! How many rows the next batch has, and how long the pause before it is.

use core::time::Duration;

use crate::database::mover::Spent;

/// How long a batch should take where a pause is set. Short enough that nobody waits for its row locks, long enough that
/// the commit is a small part of it.
const TARGET: Duration = Duration::from_millis(100);
/// How long it should take by default: what the application asks meanwhile waits for a processor, and for what the commit
/// writes, about this long. Longer than what a scheduler gives a process at a time is what a p99 shows (docs/backfill.md has
/// figures). Throughput pays for it, of which the pause takes two thirds anyway.
const GENTLE: Duration = Duration::from_millis(2);
/// The same where code makes the rows: the database waits for nothing meanwhile.
const GENTLE_CODE: Duration = Duration::from_millis(25);
/// One of that many times its target, or of [`GENTLE_CODE`], was in somebody's way.
const TOO_LONG: u32 = 5;
/// How many statements a batch has beside its commit; each is a round trip.
const STATEMENTS: f64 = 4.0;
/// How many times a batch without rows a batch should be: by default as much again, which is half of the throughput; where
/// a pause is set, two thirds are for rows.
const TIMES: (f64, f64) = (2.0, 3.0);
/// The share of the newest batches that may take longer than the target.
const NEWEST: usize = 10;
/// The fewest rows of a batch, whatever it takes.
pub(crate) const FEWEST: u32 = 10;
/// The most rows of a batch, where the file says nothing.
pub(crate) const MOST: u32 = 50_000;
/// The rows of the first batch, where the file says nothing.
pub(crate) const FIRST: u32 = 1_000;
/// The least pause of a default one, so that a fast batch lets others in as well.
const LEAST_PAUSE: Duration = Duration::from_millis(2);

/// The longest target, however long a batch without rows takes.
const LONGEST: Duration = Duration::from_secs(2);

/// Adapts the size of batches to a target time per batch.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    rows: u32,
    most: u32,
    /// The most rows where no setting says how many: who asks for a larger first batch gets it.
    unset_most: u32,
    /// The pause that is set, if one is.
    pause: Option<Duration>,
    /// How long a batch should take where none is.
    gentle: Duration,
    /// Seconds per row of the newest batches.
    newest: Vec<f64>,
    /// Rows and seconds of the newest batches, whatever was learnt from them.
    seen: Vec<(f64, f64)>,
    /// How many seconds a batch takes whatever its size, beside its commit: round trips.
    fixed: f64,
    /// Rows and seconds of the newest commits.
    commits: Vec<(f64, f64)>,
    /// How many seconds of a commit each row adds.
    of_commit: f64,
    /// How many seconds a commit takes whatever there is in it: it waits for a disk, or a replica.
    commit: f64,
    /// Seconds of the newest round trips.
    round_trips: Vec<f64>,
    /// For how many seconds the newest batches waited for their turn.
    waits: Vec<f64>,
}

impl Pace {
    /// `first` and `most` as the file, or a setting, has them.
    pub(crate) fn new(first: Option<u32>, most: Option<u32>) -> Self {
        let first = first.unwrap_or(FIRST);
        let unset_most = MOST.max(first);
        let most = most.unwrap_or(unset_most).max(1);
        Self {
            rows: first.clamp(1, most),
            most,
            unset_most,
            pause: None,
            gentle: GENTLE,
            newest: Vec::with_capacity(NEWEST),
            seen: Vec::with_capacity(NEWEST),
            fixed: 0.0,
            commits: Vec::with_capacity(NEWEST),
            of_commit: 0.0,
            commit: 0.0,
            round_trips: Vec::with_capacity(NEWEST),
            waits: Vec::with_capacity(NEWEST),
        }
    }

    /// For rows that code makes.
    pub(crate) fn of_code(self) -> Self {
        Self {
            gentle: GENTLE_CODE,
            ..self
        }
    }

    /// How long a batch should take. Where one without rows took longer than that already, smaller ones would only be
    /// more of them.
    fn target(&self) -> Duration {
        let times = self.pause.map_or(TIMES.0, |_| TIMES.1);
        // Batches of one size do not tell what they would take without rows.
        let fixed = self.fixed.max(median(self.round_trips.clone()) * STATEMENTS);
        Duration::from_secs_f64((fixed + self.commit) * times).clamp(self.least(), LONGEST)
    }

    /// How long a batch may take, however fast its commit is.
    fn least(&self) -> Duration {
        // Whoever makes others wait for the one lock of all writers has to wait as well; a turn that was waited for is used.
        let waited = Duration::from_secs_f64(median(self.waits.clone())).min(GENTLE_CODE);
        self.pause.map_or(self.gentle.max(waited), |_| TARGET)
    }

    /// What is left of the target for what grows with the rows.
    fn for_rows(&self) -> Duration {
        let commit = Duration::from_secs_f64(self.commit);
        self.target().saturating_sub(commit).max(self.least())
    }

    /// What of the newest commits does not come of their rows. How long a disk takes is another time for each of them, so
    /// only medians say something: of what a row adds between two commits, and of what is left of each.
    fn learn_commit(&mut self) {
        let count = self.commits.len() as f64;
        let mean = self.commits.iter().map(|one| one.0).sum::<f64>() / count;
        let mut slopes = Vec::new();
        for (index, one) in self.commits.iter().enumerate() {
            let others = self.commits.iter().take(index);
            let unlike = others.filter(|other| (other.0 - one.0).abs() > mean / 10.0);
            slopes.extend(unlike.map(|other| (one.1 - other.1) / (one.0 - other.0)));
        }
        // Where they are too much alike to tell, it is as before. Where they are not, and what a row adds is now more and now
        // less than nothing, it is nothing.
        if slopes.len() >= NEWEST {
            let more = slopes.iter().filter(|slope| **slope > 0.0).count();
            let is_certain = more * 4 >= slopes.len() * 3;
            self.of_commit = if is_certain { median(slopes) } else { 0.0 };
        }
        let rest = self.commits.iter().map(|one| one.1 - one.0 * self.of_commit);
        self.commit = median(rest.collect()).max(0.0);
    }

    /// Where the line through the newest batches begins; as before where they are too much alike to tell.
    fn learn_fixed(&mut self) {
        let count = self.seen.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| self.seen.iter().map(of).sum::<f64>() / count;
        let (rows, seconds) = (mean(|one| one.0), mean(|one| one.1));
        let varies: f64 = self.seen.iter().map(|one| (one.0 - rows).powi(2)).sum();
        if self.seen.len() < 2 || varies <= count * (rows / 10.0).powi(2) {
            return;
        }
        let together: f64 = self
            .seen
            .iter()
            .map(|one| (one.0 - rows) * (one.1 - seconds))
            .sum();
        let shortest = self.seen.iter().map(|one| one.1).fold(f64::MAX, f64::min);
        self.fixed = (seconds - together / varies * rows).clamp(0.0, shortest);
    }

    /// The rows of the next batch.
    pub(crate) fn rows(&self) -> u32 {
        self.rows
    }

    /// Another upper bound and another pause from here on.
    pub(crate) fn set(&mut self, most: Option<u32>, pause: Option<Duration>) {
        self.pause = pause;
        self.most = most.unwrap_or(self.unset_most).max(1);
        self.rows = self.rows.min(self.most);
    }

    /// Learns from a batch of that many rows. What it took is without the time for which it waited and held nothing, and
    /// with its commit.
    pub(crate) fn took(&mut self, rows: u32, took: Duration, spent: Spent) {
        let Spent {
            waited,
            committing,
            round_trip,
        } = spent;
        let least = FEWEST.min(self.most);
        for newest in [&mut self.seen, &mut self.commits] {
            if newest.len() == NEWEST {
                newest.remove(0);
            }
        }
        for (newest, time) in [(&mut self.round_trips, round_trip), (&mut self.waits, waited)] {
            if newest.len() == NEWEST {
                newest.remove(0);
            }
            newest.push(time.as_secs_f64());
        }
        let commit = committing.as_secs_f64();
        let work = (took.as_secs_f64() - commit).max(0.0);
        self.seen.push((f64::from(rows), work));
        self.commits.push((f64::from(rows), commit));
        self.learn_fixed();
        self.learn_commit();
        let of_rows = work + self.of_commit * f64::from(rows);
        if of_rows > (self.target().max(GENTLE_CODE) * TOO_LONG).as_secs_f64() {
            // The next one is small, and grows again.
            self.newest.clear();
            self.rows = (self.rows / 10).clamp(least, self.most);
            return;
        }
        // What is left of a range says little of a whole batch.
        if rows < self.rows / 2 || rows == 0 {
            return;
        }
        if self.newest.len() == NEWEST {
            self.newest.remove(0);
        }
        self.newest.push(of_rows / f64::from(rows));
        let mut sorted = self.newest.clone();
        sorted.sort_by(f64::total_cmp);
        let p90 = sorted[(sorted.len() * 9).div_ceil(10) - 1].max(1e-9);
        let fits = self.for_rows().as_secs_f64() / p90;
        let grown = f64::from(self.rows) * 1.5;
        self.rows = (fits.min(grown) as u32).clamp(least, self.most);
    }

    /// Half of it, after a batch that did not get its locks or its time.
    pub(crate) fn halve(&mut self) {
        self.newest.clear();
        self.rows = (self.rows / 2).max(1);
    }

    /// As few rows as make sense, while something asks for care.
    pub(crate) fn shrink(&mut self) {
        self.newest.clear();
        self.rows = FEWEST.min(self.most);
    }

    /// The pause after a batch; where none is set, twice as long as the batch, so that two thirds of the time are everybody
    /// else's.
    pub(crate) fn pause(&self, took: Duration) -> Duration {
        self.pause.unwrap_or_else(|| (took * 2).max(LEAST_PAUSE))
    }
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Pace {
        /// A batch whose commit is nothing.
        fn worked(&mut self, rows: u32, took: Duration) {
            self.took(rows, took, Spent::default());
        }
    }

    const MS: Duration = Duration::from_millis(1);

    fn committing(committing: Duration) -> Spent {
        Spent {
            committing,
            ..Spent::default()
        }
    }

    #[test]
    fn a_turn_that_was_waited_for_is_used() {
        for (waited, rows) in [(0, 200), (1, 200), (10, 1_000), (25, 2_500), (500, 2_500)] {
            let mut pace = Pace::new(None, None);
            for _ in 0..30 {
                let spent = Spent {
                    waited: MS * waited,
                    ..Spent::default()
                };
                pace.took(pace.rows(), MS * pace.rows() / 100, spent);
            }
            assert!(pace.rows().abs_diff(rows) <= 1, "{waited} ms: {}", pace.rows());
        }
    }

    /// With the pause that somebody set.
    fn hurried() -> Pace {
        let mut pace = Pace::new(None, None);
        pace.set(None, Some(Duration::ZERO));
        pace
    }

    #[test]
    fn batches_are_shorter_where_no_pause_is_set() {
        for (pause, rows) in [(None, 200), (Some(MS), 10_000)] {
            let mut pace = Pace::new(None, None);
            pace.set(None, pause);
            for _ in 0..30 {
                pace.worked(pace.rows(), MS * pace.rows() / 100);
            }
            assert_eq!(pace.rows(), rows, "{pause:?}");
            assert_eq!(pace.pause(MS * 30), pause.unwrap_or(MS * 60));
        }
    }

    #[test]
    fn fast_batches_grow_by_half_at_most() {
        let mut pace = hurried();
        pace.worked(1_000, MS);
        assert_eq!(pace.rows(), 1_500);
        for _ in 0..30 {
            pace.worked(pace.rows(), MS);
        }
        assert_eq!(pace.rows(), MOST);
    }

    #[test]
    fn one_slow_batch_of_ten_passes_and_two_do_not() {
        let mut pace = hurried();
        for _ in 0..20 {
            pace.worked(pace.rows(), MS * pace.rows() / 10);
        }
        assert_eq!(
            pace.rows(),
            1_000,
            "a tenth of a millisecond for each row fits a thousand"
        );
        pace.worked(1_000, MS * 400);
        assert_eq!(pace.rows(), 1_000);
        pace.worked(1_000, MS * 400);
        assert_eq!(pace.rows(), 250);
    }

    #[test]
    fn a_very_long_batch_makes_the_next_one_small() {
        let mut pace = hurried();
        pace.worked(1_000, MS * 501);
        assert_eq!(pace.rows(), 100);
    }

    #[test]
    fn heavy_rows_make_small_batches() {
        let mut pace = Pace::new(None, None);
        for _ in 0..20 {
            pace.worked(pace.rows(), MS * 60 * pace.rows());
        }
        assert_eq!(pace.rows(), FEWEST);
    }

    #[test]
    fn slow_commits_do_not_make_batches_small_for_ever() {
        let mut pace = hurried();
        for _ in 0..100 {
            let rows = pace.rows();
            pace.worked(rows, MS * 150 + MS * rows / 20);
        }
        assert!((4_000..8_000).contains(&pace.rows()), "{}", pace.rows());
    }

    /// What commits take on a disk that others use as well: mostly long, and now and then nothing.
    const COMMITS: [u64; 11] = [150, 400, 3, 90, 2_000, 120, 5, 700, 60, 180, 240];

    #[test]
    fn a_disk_that_is_slow_now_and_then_does_not_make_batches_small() {
        let mut pace = Pace::new(None, None);
        for ms in COMMITS.iter().cycle().take(200) {
            let (rows, commit) = (pace.rows(), MS * *ms as u32);
            // A hundredth of a millisecond for each row.
            pace.took(rows, commit + MS * rows / 100, committing(commit));
            assert!(pace.rows() >= FIRST, "{}", pace.rows());
        }
        // As long as a commit of 150 ms or so.
        assert!((10_000..20_000).contains(&pace.rows()), "{}", pace.rows());
    }

    #[test]
    fn a_commit_that_grows_with_its_rows_is_no_reason_for_more_of_them() {
        let mut pace = Pace::new(None, None);
        for _ in 0..100 {
            let rows = pace.rows();
            let commit = MS * rows / 20;
            pace.took(rows, commit + MS * rows / 100, committing(commit));
        }
        // 60 µs for each row, and 2 ms for all of them.
        assert!((20..70).contains(&pace.rows()), "{}", pace.rows());
    }

    #[test]
    fn a_long_way_to_the_server_does_not_make_batches_small() {
        for ms in [1, 5, 20] {
            let mut pace = Pace::new(None, None);
            for _ in 0..100 {
                let rows = pace.rows();
                let spent = Spent {
                    round_trip: MS * ms,
                    ..committing(MS * ms)
                };
                pace.took(rows, MS * ms * 5 + MS * rows / 100, spent);
            }
            // As long for the rows as for the way: five times, at a hundredth of a millisecond for each row.
            let expected = 500 * ms;
            assert!(
                (expected * 8 / 10..expected * 12 / 10).contains(&pace.rows()),
                "{ms} ms: {}",
                pace.rows()
            );
        }
    }

    #[test]
    fn rows_that_code_makes_come_in_larger_batches() {
        let mut pace = Pace::new(None, None).of_code();
        for _ in 0..30 {
            pace.worked(pace.rows(), MS * pace.rows() / 100);
        }
        assert_eq!(pace.rows(), 2_500);
    }

    #[test]
    fn batches_without_rows_teach_nothing() {
        let mut pace = Pace::new(None, None);
        for _ in 0..10 {
            pace.worked(0, MS * 3);
        }
        assert_eq!(pace.rows(), FIRST);
    }

    #[test]
    fn halving_ends_at_one_row() {
        let mut pace = Pace::new(Some(100), None);
        for _ in 0..20 {
            pace.halve();
        }
        assert_eq!(pace.rows(), 1);
    }

    #[test]
    fn a_bound_holds() {
        let mut pace = Pace::new(Some(80_000), None);
        pace.set(None, None);
        assert_eq!(pace.rows(), 80_000, "what the file says");
        let mut pace = Pace::new(Some(500), Some(200));
        assert_eq!(pace.rows(), 200);
        pace.worked(200, MS);
        assert_eq!(pace.rows(), 200);
        pace.set(Some(5), None);
        pace.worked(5, MS * 600);
        assert_eq!(pace.rows(), 5, "the fewest rows are no more than the most");
    }
}
