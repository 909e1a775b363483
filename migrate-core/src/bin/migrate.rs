//! The `migrate` program.

use std::process::ExitCode;

#[cfg(feature = "program")]
fn main() -> ExitCode {
    // One thread is enough: the database does the work.
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(migrate_core::cli::program(std::env::args_os())),
        Err(error) => {
            eprintln!("error: the runtime cannot be started: {error}");
            ExitCode::from(2)
        }
    }
}

#[cfg(not(feature = "program"))]
fn main() -> ExitCode {
    use futures_util::FutureExt as _;

    // Without databases there is nothing to wait for.
    let done = migrate_core::cli::program(std::env::args_os()).now_or_never();
    done.unwrap_or(ExitCode::from(2))
}
