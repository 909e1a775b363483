//! Real databases in `cargo test`, and proofs that migrations go up, down and up again.
