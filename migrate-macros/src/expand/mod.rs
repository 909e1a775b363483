//! What the macros expand to.

mod bindings;
mod directives;
mod emit;
mod migration;
mod set;

use migrate_core::{Dialect, MigrationSet, source};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Meta};

use crate::args::{Args, Reader};
use crate::fallback;
use crate::load::{self, Loaded};
use crate::report::{self, Fault};

/// `#[derive(Migrations)]`.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let blame = input
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("migrations"))
        .and_then(|attribute| attribute.path().get_ident())
        .map_or(input.ident.span(), Ident::span);
    let mut reader = Reader::new(blame);
    for attribute in &input.attrs {
        if attribute.path().is_ident("migrations") {
            read_attribute(attribute, &mut reader);
        }
    }
    check_type(&input, &mut reader.faults);
    let (args, faults) = reader.finish();
    let embedded = Embedded::new(&args, faults, &input.attrs);
    let Embedded {
        errors,
        warnings,
        set,
        bound,
        tracked,
    } = &embedded;
    let (core, database) = (&args.core, database(args.dialect));
    let ident = &input.ident;
    let (impl_generics, type_generics, conditions) = input.generics.split_for_impl();
    quote! {
        #errors
        impl #impl_generics #ident #type_generics #conditions {
            /// The embedded migrations.
            pub const SET: #core::__private::Set<#core::__private::#database> = {
                #bound
                { use #core::__private::*; #set }.binding(__BOUND)
            };

            /// Applies what is pending and says whether this build may serve.
            ///
            /// # Errors
            ///
            /// Whatever kept a migration from being applied, or the build from serving.
            pub async fn run<__P>(
                pool: &__P,
            ) -> #core::__private::Result<#core::__private::Report, #core::__private::Error>
            where
                __P: #core::__private::Pool<#core::__private::#database>,
            {
                #core::__private::run(pool, Self::SET).await
            }
        }
        #tracked
        #warnings
    }
}

/// `migrations!("path", …)`.
pub(crate) fn expression(input: TokenStream) -> TokenStream {
    let mut reader = Reader::new(Span::call_site());
    reader.read(input, true);
    let (args, faults) = reader.finish();
    let embedded = Embedded::new(&args, faults, &[]);
    let Embedded {
        errors,
        warnings,
        set,
        bound,
        tracked,
    } = &embedded;
    let (core, database) = (&args.core, database(args.dialect));
    quote! {{
        #errors
        const __SET: #core::__private::Set<#core::__private::#database> = {
            #bound
            { use #core::__private::*; #set }.binding(__BOUND)
        };
        #tracked
        #warnings
        __SET
    }}
}

fn read_attribute(attribute: &Attribute, reader: &mut Reader) {
    match &attribute.meta {
        Meta::List(list) => reader.read(list.tokens.clone(), false),
        other => {
            let span = other.path().get_ident().map_or_else(Span::call_site, Ident::span);
            reader.unreadable(Fault::option(
                span,
                "the options stand in parentheses",
                "write it like `#[migrations(path = \"migrations\", dialect = \"postgres\")]`",
            ));
        }
    }
}

/// The set is one constant of the type, so there is one type to have it.
fn check_type(input: &DeriveInput, faults: &mut Vec<Fault>) {
    let help = "derive it on a unit struct: `struct Schema;`";
    if let Some(parameter) = input.generics.params.first() {
        let span = syn::spanned::Spanned::span(parameter);
        let message = "a type that embeds migrations has no parameters";
        faults.push(Fault::option(span, message, help));
    }
    if let Data::Union(data) = &input.data {
        let message = "migrations cannot be embedded in a union";
        faults.push(Fault::option(data.union_token.span, message, help));
    }
}

fn database(dialect: Dialect) -> Ident {
    let name = match dialect {
        Dialect::Postgres => "Postgres",
        Dialect::Sqlite => "Sqlite",
        Dialect::Mysql => "Mysql",
        Dialect::MariaDb => "MariaDb",
    };
    Ident::new(name, Span::call_site())
}

/// The parts that both macros are put together from.
struct Embedded {
    errors: TokenStream,
    warnings: TokenStream,
    /// The expression of the set, with the names of `__private` in scope.
    set: TokenStream,
    /// The constant `__BOUND`: the Rust code of its backfills.
    bound: TokenStream,
    /// Items that make cargo watch the files.
    tracked: TokenStream,
}

impl Embedded {
    fn new(args: &Args, faults: Vec<Fault>, attributes: &[Attribute]) -> Self {
        let empty = |faults: Vec<Fault>| Self {
            errors: faults
                .iter()
                .map(Fault::to_tokens)
                .map(|error| quote!(#error))
                .collect(),
            warnings: TokenStream::new(),
            set: set::expression(&fallback::empty_set(args), args.dialect, None),
            bound: bindings::constant(args, &[]),
            tracked: TokenStream::new(),
        };
        if !faults.is_empty() {
            return empty(faults);
        }
        let loaded = load::load(args, proc_macro::Span::call_site().local_file());
        let Loaded {
            set,
            diagnostics,
            folder,
            ..
        } = &loaded;
        if loaded.is_refused() {
            return empty(report::errors(diagnostics, args));
        }
        let unused = bindings::unused(args, set);
        if !unused.is_empty() {
            return empty(unused);
        }
        let (differences, watched) = editions(args, set);
        if !differences.is_empty() {
            return empty(differences);
        }
        Self {
            errors: TokenStream::new(),
            warnings: report::warnings(diagnostics, args.path_span, attributes),
            set: set::expression(set, args.dialect, folder.to_str()),
            bound: bindings::constant(args, &set.migrations),
            tracked: [set::tracked(&loaded), watched].into_iter().collect(),
        }
    }
}

/// Where the set differs from its other editions, and the items that make cargo watch their files.
fn editions(args: &Args, set: &MigrationSet) -> (Vec<Fault>, TokenStream) {
    let (mut faults, mut watched) = (Vec::new(), TokenStream::new());
    for edition in &args.editions {
        let other = load::load_edition(args, edition, proc_macro::Span::call_site().local_file());
        let differences = match other.is_refused() {
            true => other.diagnostics.clone(),
            false => source::editions(set, &other.set, &load::shown(&edition.path)),
        };
        faults.extend(report::errors_at(&differences, |_| edition.span));
        watched.extend(set::tracked(&other));
    }
    (faults, watched)
}
