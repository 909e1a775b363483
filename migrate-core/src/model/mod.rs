//! What a migration set is made of. Everything here can be built in a `const` and does no I/O.

mod dialect;

pub use dialect::Dialect;
