//! Work on many files at once.
//!
//! The derive runs without optimisation in the builds that its users wait for; reading files is most of what it does.

use std::num::NonZero;
use std::thread;

/// Fewer items are not worth a thread.
const FEWEST: usize = 64;
/// More threads than that win nothing here.
const MOST: usize = 4;

/// What `make` makes of each item, in order.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], make: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST);
    if threads == 1 || items.len() < FEWEST {
        return items.iter().map(make).collect();
    }
    let make = &make;
    let all = |part: &[T]| part.iter().map(make).collect::<Vec<R>>();
    let (first, rest) = items.split_at(items.len().div_ceil(threads));
    thread::scope(|scope| {
        let workers: Vec<_> = rest
            .chunks(items.len().div_ceil(threads))
            .map(|part| {
                // A system that gives no more threads still has this one.
                (
                    part,
                    thread::Builder::new().spawn_scoped(scope, move || all(part)).ok(),
                )
            })
            .collect();
        let mut made = all(first);
        for (part, worker) in workers {
            match worker.and_then(|worker| worker.join().ok()) {
                Some(mut more) => made.append(&mut more),
                // A panic comes again here, where it is seen.
                None => made.extend(all(part)),
            }
        }
        made
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn keeps_the_order() {
        for count in [0, 1, super::FEWEST, 1001] {
            let items: Vec<usize> = (0..count).collect();
            assert_eq!(super::map(&items, |item| *item), items);
        }
    }
}
