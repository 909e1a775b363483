//! For `build.rs` of crates that embed migrations.

use std::path::Path;

/// Makes cargo compile the crate again when a file in `folder` is added, removed or edited.
///
/// Call it from the `build.rs` of the crate that embeds the folder. Without it cargo sees edits of files that are
/// embedded already, but not new ones. `folder` counts from the folder of `Cargo.toml`.
///
/// Using this function makes migrate-core a build dependency; a plain
/// `println!("cargo:rerun-if-changed=migrations")` does the same without one.
///
/// ```no_run
/// // in `main` of build.rs
/// migrate_core::build::watch("migrations");
/// ```
pub fn watch(folder: impl AsRef<Path>) {
    println!("cargo:rerun-if-changed={}", folder.as_ref().display());
}
