//! The `migrate` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    migrate_core::cli::main()
}
