//! The Rust code of backfills, bound to the names that files have for it.

use migrate_core::diagnostic::nearest;
use migrate_core::{Migration, MigrationSet};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use crate::args::{Args, Binding};
use crate::report::{self, Fault};

/// The constant `__BOUND`, with the code that the migrations name; and a check that it is for their tables.
pub(super) fn constant(args: &Args, migrations: &[Migration]) -> TokenStream {
    let core = &args.core;
    let mut bound = TokenStream::new();
    let mut checks = TokenStream::new();
    let mut count = 0_usize;
    for Binding { name, of_type, .. } in &args.bound {
        let mut named = migrations
            .iter()
            .filter(|one| one.rust.as_deref() == Some(name))
            .peekable();
        // After a fault nothing is bound, so that nothing but the fault is reported.
        if named.peek().is_none() {
            continue;
        }
        bound.extend(quote!((#name, #core::__private::Code::of::<#of_type>()),));
        for migration in named {
            let Some(backfill) = &migration.backfill else {
                continue;
            };
            let (table, key) = (&*backfill.table, backfill.key.join(","));
            let message = report::other_rows(&migration.path, table, &key, name);
            checks.extend(quote_spanned! {of_type.span()=>
                const _: () = ::core::assert!(__BOUND[#count].1.is_for(#table, #key), #message);
            });
        }
        count += 1;
    }
    quote! {
        const __BOUND: &[(&str, #core::__private::Code)] = &[#bound];
        #checks
    }
}

/// Names that no file has.
pub(super) fn unused(args: &Args, set: &MigrationSet) -> Vec<Fault> {
    let named: Vec<&str> = set
        .migrations
        .iter()
        .filter_map(|one| one.rust.as_deref())
        .collect();
    let unused = args.bound.iter().filter(|bound| !named.contains(&&*bound.name));
    let faults = unused.map(|Binding { name, span, .. }| {
        let hint = nearest(name, named.iter().copied());
        let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
        Fault::option(
            *span,
            &format!("no file names the Rust code `{name}`{hint}"),
            &format!("a migrate file names it: `-- migrate:rust {name}`"),
        )
    });
    faults.collect()
}
