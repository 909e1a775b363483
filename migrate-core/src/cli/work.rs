//! How a command on a database is run: the terminal hears of it, and a signal stops it.

use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use async_trait::async_trait;
use futures_timer::Delay;
use futures_util::future::{Either, select};

use super::answer::{Answer, Failure};
use super::arguments::{Format, Given};
use super::bars::Bars;
use super::interrupt::Interrupt;
use crate::history::History;
use crate::migrator::{Migrator, Stop};

/// How long the process stays after a command was dropped, so that the server hears of it.
const FAREWELL: Duration = Duration::from_secs(1);

/// What a command works with.
pub(super) struct Context {
    pub(super) migrator: Migrator,
    /// What the database knew when the command began.
    pub(super) history: History,
    /// A signal asks it to stop.
    pub(super) stop: Stop,
    /// Where progress is shown.
    pub(super) bars: Bars,
}

/// A command on a database.
#[async_trait]
pub(super) trait Work {
    /// Does it.
    async fn run(&self, context: &Context) -> Result<Answer, Failure>;

    /// Whether it applies what the folder holds, so that drafts in it are judged.
    fn applies(&self) -> bool {
        false
    }

    /// Whether it runs at every deployment: what it warns of was told before.
    fn repeats(&self) -> bool {
        false
    }

    /// Whether what it answers is a document, which can be written as Markdown.
    fn documents(&self) -> bool {
        false
    }

    /// The file that gets the answer instead of the standard output.
    fn output(&self) -> Option<&Path> {
        None
    }

    /// Whether it stops by itself when it is asked to.
    fn stops(&self) -> bool {
        false
    }
}

/// Runs a command to its end, or until a signal comes.
pub(super) async fn answer(given: &Given, migrator: Migrator) -> Result<Answer, Failure> {
    let command = given.command.work();
    if given.output.format == Format::Markdown && !command.documents() {
        return Err(Failure::new(
            "`--format markdown` is for documents: `plan --document`, `dry-run --document` and `docs`",
        ));
    }
    let interrupt = Interrupt::listen()?;
    let bars = Bars::new().verbose(given.output.verbose);
    let migrator = migrator.also_observed_by(bars.clone());
    let working = Box::pin(async {
        let history = migrator.reach().await.map_err(Failure::at_start)?;
        let context = Context {
            migrator,
            history,
            stop: interrupt.stop().clone(),
            bars: bars.clone(),
        };
        command.run(&context).await
    });
    let answered = if command.stops() {
        working.await
    } else {
        match select(working, pin!(interrupt.came())).await {
            Either::Left((answered, _)) => answered,
            Either::Right(((), working)) => {
                drop(working);
                Delay::new(FAREWELL).await;
                Err(Failure::wrong(
                    "interrupted: what was not committed is undone; the same command goes on from there",
                ))
            }
        }
    };
    bars.end();
    answered
}
