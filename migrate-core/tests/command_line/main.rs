//! The command line, run as users run it: as a process, on real databases.

mod cases;
mod embedded;
mod json;
mod long;
mod masked;
mod place;
mod streams;
mod terminal;
