//! A start with nothing pending.

use crate::files::{COUNT, files};
use crate::peers::{Race, Sqlx, postgres, postgres_databases, sqlite};
use crate::table::Line;
use crate::{Failure, Options};

/// How often each tool starts before it counts: caches are warm and statements prepared.
const WARM_UP: usize = 20;

pub(crate) async fn measure(options: &Options) -> Result<Vec<Line>, Failure> {
    let times = options.times(1000, 100);
    let mut lines = Vec::new();
    for count in [0, COUNT] {
        let files = files(count);
        let databases = postgres_databases().await?;
        let race = postgres(&files, &databases).await?;
        lines.push(line("PostgreSQL", count, 0.33, starts(race, times).await?));
        let (_folder, race) = sqlite(&files, &options.scratch).await?;
        lines.push(line("SQLite", count, 0.5, starts(race, times).await?));
    }
    Ok(lines)
}

/// The first turn applies everything; the others find nothing to do.
async fn starts<C: Sqlx>(mut race: Race<C>, times: usize) -> Result<Race<C>, Failure> {
    for turn in 0..WARM_UP + times {
        race.turn(turn, turn >= WARM_UP).await?;
        race.ask(turn >= WARM_UP).await?;
    }
    Ok(race)
}

fn line<C: Sqlx>(database: &str, count: usize, target: f64, race: Race<C>) -> Line {
    let ([ours, sqlx, refinery], floor) = race.times();
    Line {
        what: format!("{database}: start, {count} applied"),
        ours,
        sqlx,
        refinery: Some(refinery),
        floor: Some(floor),
        target,
        against_faster: true,
    }
}
