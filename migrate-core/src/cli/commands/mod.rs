//! The commands that work on a database. Each is a file here, and a line below.

mod backfill;
mod baseline;
mod down;
mod drift;
mod plan;
mod redo;
mod repair;
mod status;
mod up;
mod verify;
mod worker;

use clap::Subcommand;

use super::work::Work;

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
    Down(down::Down),
    Redo(redo::Redo),
    Repair(repair::Repair),
    Baseline(baseline::Baseline),
    Drift(drift::Drift),
}
