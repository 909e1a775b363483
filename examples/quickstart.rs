//! The quickstart: grows with the library.

fn main() {}
