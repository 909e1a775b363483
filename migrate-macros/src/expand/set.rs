//! A set as Rust source, and the files cargo has to watch.

use std::fmt::Write as _;

use migrate_core::{Dialect, Layout, MigrationSet, ServerVersion};
use proc_macro2::TokenStream;

use super::emit::{Emit, byte_string, emit_variants};
use super::migration::Plain;
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
    let mut plain = Plain::default();
    let mut full = String::new();
    for (index, migration) in migrations.iter().enumerate() {
        if !plain.push(migration) {
            plain.values.push_str("Plain::NONE");
            // A constant of its own: the compiler's work on one body grows faster than the body.
            full.push_str("{const M:Migration=");
            migration.emit(&mut full);
            let _ = write!(full, ";put(&mut all,{index},M);}}");
        }
        plain.values.push(',');
    }
    let Plain {
        values,
        statements,
        tables,
    } = plain;
    let (count, mut bytes) = (statements.len() / 12, String::new());
    byte_string(&statements, &mut bytes);
    let mutable = if full.is_empty() { "" } else { "mut " };
    let mut source = format!(
        "const PLAIN:[Plain;{}]=[{values}];\
         #[allow(long_running_const_eval)]\
         const STATEMENTS:&[Statement]=&statements::<{count}>({bytes});\
         const TABLES:&[Text]=&[{tables}];\
         #[allow(long_running_const_eval)]\
         const MIGRATIONS:&[Migration]=&{{let {mutable}all=plain(&PLAIN,STATEMENTS,TABLES);{full}all}};\
         Set::embedded(MigrationSet{{name:",
        migrations.len(),
    );
    name.emit(&mut source);
    source.push_str(",dialect:");
    dialect.emit(&mut source);
    source.push_str(",layout:");
    layout.emit(&mut source);
    source.push_str(",since:");
    since.emit(&mut source);
    source.push_str(",migrations:List::<Migration>::Borrowed(MIGRATIONS),tombstones:");
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

/// The files, in a constant that nobody uses: the compiler then watches them. One body is cheaper than many.
pub(super) fn tracked(loaded: &Loaded) -> TokenStream {
    let mut source = "const _:()={".to_owned();
    for file in &loaded.tracked {
        if let Some(path) = loaded.folder.join(file).to_str() {
            let _ = write!(source, "let _=::core::include_bytes!({path:?});");
        }
    }
    source.push_str("};");
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
