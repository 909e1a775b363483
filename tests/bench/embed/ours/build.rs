//! Compiles the crate again when migrations are added or removed.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
