//! Sync between two tables: concurrency, refusals, and the way there and back.
