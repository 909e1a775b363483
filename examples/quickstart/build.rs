//! Compiles the examples again when a file is added to their migrations. An application calls
//! `migrate_core::build::watch("migrations")` in its `build.rs`; the line that this prints does the same.

fn main() {
    for example in ["quickstart", "rename_column"] {
        println!("cargo:rerun-if-changed=examples/{example}/migrations");
    }
}
