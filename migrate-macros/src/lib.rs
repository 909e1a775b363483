//! Embeds migrations at compile time and refuses what could not run.
