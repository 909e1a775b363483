//! All migrations on a fresh database.

use crate::files::{COUNT, files, tables};
use crate::peers::{postgres, postgres_databases, sqlite};
use crate::samples::Samples;
use crate::table::Line;
use crate::{Failure, Options};

pub(crate) async fn measure(options: &Options) -> Result<Vec<Line>, Failure> {
    let mixed = files(COUNT);
    let mut times = <[Samples; 3]>::default();
    for turn in 0..options.times(9, 3) {
        let databases = postgres_databases().await?;
        let mut race = postgres(&mixed, &databases).await?;
        race.turn(turn, true).await?;
        gather(&mut times, race.times());
    }
    let mut lines = vec![line("PostgreSQL: apply 500", times, 1.0, true)];
    // SQLite looks through the whole schema at each ALTER TABLE ADD COLUMN, whoever runs it, and most of the time
    // that is all it does. So the tools are compared without it as well.
    for (what, files) in [
        ("SQLite: apply 500, three of four alter", mixed),
        ("SQLite: apply 500, all create", tables(COUNT)),
    ] {
        let mut times = <[Samples; 3]>::default();
        for turn in 0..options.times(5, 1) {
            let (_folder, mut race) = sqlite(&files, &options.scratch).await?;
            race.turn(turn, true).await?;
            gather(&mut times, race.times());
        }
        lines.push(line(what, times, 0.05, false));
    }
    Ok(lines)
}

fn line(what: &str, times: [Samples; 3], target: f64, against_faster: bool) -> Line {
    let [ours, sqlx, refinery] = times;
    Line {
        what: what.to_owned(),
        ours,
        sqlx,
        refinery: Some(refinery),
        target,
        against_faster,
    }
}

fn gather(all: &mut [Samples; 3], times: [Samples; 3]) {
    for (all, times) in all.iter_mut().zip(times) {
        all.extend(times);
    }
}
