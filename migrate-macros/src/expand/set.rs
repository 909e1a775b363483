//! A set as Rust source, and the files cargo has to watch.

use std::fmt::Write as _;

use migrate_core::{Dialect, Layout, MigrationSet, ServerVersion};
use proc_macro2::TokenStream;

use super::emit::{Emit, emit_variants};
use crate::load::Loaded;

emit_variants!(Dialect, Layout);

impl Emit for ServerVersion {
    fn emit(&self, to: &mut String) {
        let _ = write!(
            to,
            "ServerVersion::new({},{},{})",
            self.major(),
            self.minor(),
            self.patch()
        );
    }
}

/// The expression of the set, with the names of `__private` in scope.
///
/// `folder` is where it was read from: a debug build looks there for files that are not embedded yet. A release build
/// does not, and does not hold a path of the machine it was built on.
pub(super) fn expression(set: &MigrationSet, dialect: Dialect, folder: Option<&str>) -> TokenStream {
    let MigrationSet {
        name,
        dialect: _,
        layout,
        since,
        migrations,
        tombstones,
        folder: _,
    } = set;
    let mut source = String::with_capacity(1024 * (migrations.len() + 1));
    source.push_str("const MIGRATIONS:&[Migration]=&");
    migrations[..].emit(&mut source);
    source.push_str(";Set::embedded(MigrationSet{name:");
    name.emit(&mut source);
    source.push_str(",dialect:");
    dialect.emit(&mut source);
    source.push_str(",layout:");
    layout.emit(&mut source);
    source.push_str(",since:");
    since.emit(&mut source);
    source.push_str(",migrations:B(MIGRATIONS),tombstones:");
    tombstones.emit(&mut source);
    let _ = match folder {
        Some(folder) => write!(
            source,
            ",folder:if cfg!(debug_assertions){{Some({folder:?})}}else{{None}}}})"
        ),
        None => write!(source, ",folder:None}})"),
    };
    parse(&source)
}

/// One constant for each file that the compiler then watches.
pub(super) fn tracked(loaded: &Loaded) -> TokenStream {
    let mut source = String::new();
    for file in &loaded.tracked {
        if let Some(path) = loaded.folder.join(file).to_str() {
            let _ = write!(
                source,
                "const _:&[::core::primitive::u8]=::core::include_bytes!({path:?});"
            );
        }
    }
    parse(&source)
}

fn parse(source: &str) -> TokenStream {
    match source.parse() {
        Ok(tokens) => tokens,
        // Not reached: what is written here is well formed. A message is still better than a panic.
        Err(error) => {
            let text = format!("the expansion cannot be read: {error}");
            quote::quote!(::core::compile_error! { #text })
        }
    }
}
