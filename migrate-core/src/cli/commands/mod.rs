//! The commands that work on a database. Each is a file here, and a line below.

mod adopt;
mod approve;
mod backfill;
mod baseline;
mod changes;
mod docs;
mod down;
mod drift;
mod events;
mod instances;
mod plan;
mod policy;
mod redo;
mod repair;
mod resume_change;
mod rollback;
mod status;
mod up;
mod verify;
mod worker;

use clap::Subcommand;

use super::answer::Failure;
use super::work::Work;
use crate::error::Error;

macro_rules! commands {
    ($($name:ident($command:ty),)*) => {
        // A command on a database. A doc comment would become the description of the program.
        #[derive(Debug, Subcommand)]
        pub(super) enum DatabaseCommand {
            $($name($command),)*
        }

        impl DatabaseCommand {
            /// What does it.
            pub(super) fn work(&self) -> &(dyn Work + Sync) {
                match self {
                    $(Self::$name(command) => command,)*
                }
            }
        }
    };
}

commands! {
    Up(up::Up),
    Plan(plan::Everything),
    DryRun(plan::DryRun),
    Status(status::Show),
    Verify(verify::Verify),
    Worker(worker::Run),
    Backfill(backfill::Backfill),
    Changes(changes::Changes),
    Instances(instances::Instances),
    Events(events::Events),
    Approve(approve::Approve),
    Rollback(rollback::Rollback),
    ResumeChange(resume_change::ResumeChange),
    Down(down::Down),
    Redo(redo::Redo),
    Repair(repair::Repair),
    Policy(policy::Show),
    Baseline(baseline::Baseline),
    Adopt(adopt::Adopt),
    Drift(drift::Drift),
    Docs(docs::Docs),
}

/// Why a command about a change failed: one that names no change it could be about has not begun anything.
fn known_change(error: Error) -> Failure {
    match error.is_unknown_version() {
        true => Failure::at_start(error),
        false => error.into(),
    }
}
