//! What the triggers of a `sync` cost an UPDATE of the whole table.

use std::time::Instant;

use crate::items::{Kind, OnMariaDb, OnPostgres, OnSqlite, Runs, filled, grouped, migrator, settle, table};
use crate::samples::Samples;
use crate::{Failure, Options};

const EXPAND: &str = "-- migrate:change heading\n-- migrate:phase expand\n-- migrate:sync items.name <-> items.heading\n\
                      -- migrate:up\nALTER TABLE items ADD COLUMN heading VARCHAR(40);\n\
                      -- migrate:down\nALTER TABLE items DROP COLUMN heading;\n";
/// What of the change is not looked at here; a sync has to say when it ends.
const CONTRACT: &str = "-- migrate:change heading\n-- migrate:phase contract\n-- migrate:unsync items.name <-> items.heading\n\
                        -- migrate:irreversible \"the names stand in heading\"\n\
                        -- migrate:up\nALTER TABLE items DROP COLUMN name;\n";

struct Line {
    what: String,
    with: Samples,
    /// With a trigger that does nothing: what no trigger can be cheaper than.
    idle: Samples,
    without: Samples,
    target: f64,
}

pub(crate) async fn measure(options: &Options) -> Result<(), Failure> {
    let rows = if options.quick { 30_000 } else { 300_000 };
    let times = options.times(9, 3);
    let mut lines = Vec::new();
    lines.extend(lines_of::<OnPostgres>(options, rows, times).await?);
    lines.extend(lines_of::<OnMariaDb>(options, rows, times).await?);
    lines.extend(lines_of::<OnSqlite>(options, rows, times).await?);
    println!(
        "| {} rows | triggers of the sync | one that does nothing | none | ratio | of an idle one | target |",
        grouped(rows)
    );
    println!("|---|---|---|---|---|---|---|");
    for line in lines {
        let of_none =
            |samples: &Samples| samples.median().as_secs_f64() / line.without.median().as_secs_f64();
        println!(
            "| {} | {} | {} | {} | **{:.2}** | {:.2} | ≤ {} |",
            line.what,
            line.with,
            line.idle,
            line.without,
            of_none(&line.with),
            of_none(&line.idle),
            line.target
        );
    }
    println!(
        "\n`sync name <-> heading`: one UPDATE of all rows of `name`, and of a column that no sync has; in turns."
    );
    Ok(())
}

async fn lines_of<K: Kind>(options: &Options, rows: u64, times: usize) -> Result<Vec<Line>, Failure> {
    if !options.measures::<K>() {
        return Ok(Vec::new());
    }
    let scratch = &options.scratch;
    let (_with, with, _) = filled::<K>(scratch, rows).await?;
    let (_idle, idle, _) = filled::<K>(scratch, rows).await?;
    let (_without, without, _) = filled::<K>(scratch, rows).await?;
    let files = [
        table(),
        ("20260102000000_heading", EXPAND.to_owned()),
        ("20260103000000_name", CONTRACT.to_owned()),
    ];
    migrator::<K>(&with, &files)?.build().run().await?;
    // The column alone, so that all tables have rows of one shape.
    for pool in [&without, &idle] {
        pool.run("ALTER TABLE items ADD COLUMN heading VARCHAR(40)")
            .await?;
    }
    for sql in K::SQL.idle_trigger {
        idle.run(sql).await?;
    }
    let mut lines = [
        ("the column of the sync", "name", 1.6),
        ("another column", "title", 1.2),
    ]
    .map(|(what, column, target)| {
        let line = Line {
            what: format!("{}, {what}", K::SQL.name),
            with: Samples::default(),
            idle: Samples::default(),
            without: Samples::default(),
            target,
        };
        (line, column)
    });
    for turn in 0..=times {
        for (line, column) in &mut lines {
            for one in 0..3 {
                let (pool, samples) = match (one + turn) % 3 {
                    0 => (&with, &mut line.with),
                    1 => (&idle, &mut line.idle),
                    _ => (&without, &mut line.without),
                };
                settle::<K>(pool).await?;
                let started = Instant::now();
                pool.run(&format!("UPDATE items SET {column} = 'turn {turn}'"))
                    .await?;
                // The first turn fills what was empty, on one side by the triggers.
                if turn > 0 {
                    samples.push(started.elapsed());
                }
            }
        }
    }
    Ok(lines.map(|(line, _)| line).into())
}
