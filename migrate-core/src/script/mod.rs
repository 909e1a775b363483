//! The text of migration files: lexing, splitting, directives.

pub(crate) mod allows;
pub(crate) mod answered;
mod arguments;
pub(crate) mod backfill;
pub(crate) mod copied;
pub mod demand;
mod directives;
pub(crate) mod in_place;
pub mod lex;
pub(crate) mod native;
mod normalise;
pub(crate) mod outside;
mod pairs;
mod scan;
pub(crate) mod section;
pub mod semantic;
pub(crate) mod semicolon;
pub mod split;
mod squash;
pub(crate) mod sync;
mod values;
pub mod words;

pub(crate) use arguments::duration;
pub(crate) use copied::{is_compared, shares_target, varies};
pub(crate) use normalise::normalise;
pub(crate) use scan::File;
