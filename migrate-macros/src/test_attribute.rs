//! `#[migrate_test]`: one `#[test]` per named database out of one `async fn`.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, ItemFn, Path, Token, Type};

/// The word in the attribute, and the type in the testkit.
const KINDS: [(&str, &str); 4] = [
    ("postgres", "PostgresDatabase"),
    ("sqlite", "SqliteDatabase"),
    ("mysql", "MysqlDatabase"),
    ("mariadb", "MysqlDatabase"),
];

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let function: ItemFn = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let error = error.into_compile_error();
            return quote! { #error #item };
        }
    };
    let mut faults = Vec::new();
    let arguments = syn::parse2::<Arguments>(arguments).unwrap_or_else(|error| {
        faults.push(error);
        Arguments::default()
    });
    if faults.is_empty() {
        arguments.check(&mut faults);
    }
    check(&function, &mut faults);
    if faults.is_empty() {
        return tests(&arguments, &function);
    }
    // What the function uses stays used, so that only these faults are reported.
    let faults = faults.into_iter().map(Error::into_compile_error);
    quote! {
        #(#faults)*
        #[cfg(test)]
        #[allow(dead_code)]
        #function
    }
}

/// `postgres, sqlite, set = Schema, crate = renamed`.
#[derive(Default)]
struct Arguments {
    kinds: Vec<Ident>,
    set: Option<Type>,
    testkit: Option<Path>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut arguments = Arguments::default();
        while !input.is_empty() {
            let name = Ident::parse_any(input)?;
            if name == "set" {
                input.parse::<Token![=]>()?;
                arguments.set = Some(input.parse()?);
            } else if name == "crate" {
                input.parse::<Token![=]>()?;
                arguments.testkit = Some(input.call(Path::parse_mod_style)?);
            } else {
                arguments.kinds.push(name);
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(arguments)
    }
}

impl Arguments {
    fn check(&self, faults: &mut Vec<Error>) {
        let mut seen = HashSet::new();
        for kind in &self.kinds {
            let name = kind.to_string();
            if database_type(&name).is_none() {
                let known: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
                let message = format!(
                    "there is no database `{name}` here; there are {}",
                    known.join(", ")
                );
                faults.push(Error::new(kind.span(), message));
            }
            if !seen.insert(name.clone()) {
                faults.push(Error::new(kind.span(), format!("`{name}` is named twice")));
            }
        }
        if self.kinds.is_empty() {
            let message = "name the databases to test on, for example `#[migrate_test(postgres, sqlite)]`";
            faults.push(Error::new(proc_macro2::Span::call_site(), message));
        }
        if let (Some(set), [_, second, ..]) = (&self.set, &self.kinds[..]) {
            let message = format!(
                "a set is for one database: leave out `{second}`, or write another test for the set of that database"
            );
            faults.push(Error::new(set.span(), message));
        }
    }
}

fn database_type(kind: &str) -> Option<Ident> {
    let (_, name) = KINDS.iter().find(|(name, _)| *name == kind)?;
    Some(format_ident!("{name}"))
}

fn check(function: &ItemFn, faults: &mut Vec<Error>) {
    let signature = &function.sig;
    if signature.asyncness.is_none() {
        faults.push(Error::new(signature.fn_token.span(), "make this an `async fn`"));
    }
    if signature.inputs.len() != 1 {
        let message = "the test takes the database as its one parameter, for example \
                       `database: migrate_testkit::PostgresDatabase`";
        faults.push(Error::new(signature.inputs.span(), message));
    }
    if signature.generics.params.len() > 1 {
        let message = "the type of the database may be the only generic parameter";
        faults.push(Error::new(signature.generics.span(), message));
    }
    if let Some(test) = function
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("test"))
    {
        faults.push(Error::new(
            test.span(),
            "`#[migrate_test]` makes the tests; leave out `#[test]`",
        ));
    }
}

/// The function itself; beside it one function per database, where the paths of the attribute mean what they mean to
/// the user; and the tests, in a module whose name they are listed under.
fn tests(arguments: &Arguments, function: &ItemFn) -> TokenStream {
    let name = &function.sig.ident;
    let testkit = match &arguments.testkit {
        Some(path) => quote! { #path },
        None => quote! { ::migrate_testkit },
    };
    let (of_tests, of_function): (Vec<&Attribute>, Vec<&Attribute>) =
        function.attrs.iter().partition(|attribute| {
            ["ignore", "should_panic"]
                .iter()
                .any(|name| attribute.path().is_ident(name))
        });
    let conditions: Vec<&Attribute> = of_function
        .iter()
        .copied()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .collect();
    let function = ItemFn {
        attrs: of_function.into_iter().cloned().collect(),
        ..function.clone()
    };
    let mut runners = Vec::new();
    let mut tests = Vec::new();
    for kind in &arguments.kinds {
        let Some(database) = database_type(&kind.to_string()) else {
            continue;
        };
        let runner = format_ident!("__migrate_test_{}_{kind}", name.unraw());
        let run = match &arguments.set {
            None => quote_spanned! { kind.span() =>
                #testkit::__private::test::<#testkit::#database, _>(#name)
            },
            Some(set) => quote_spanned! { kind.span() =>
                #testkit::__private::test_migrated::<_, #testkit::#database, _>(<#set>::SET, #name)
            },
        };
        runners.push(quote! {
            #(#conditions)*
            #[cfg(test)]
            fn #runner() {
                #run
            }
        });
        tests.push(quote! {
            #(#of_tests)*
            #[::core::prelude::v1::test]
            fn #kind() {
                super::#runner()
            }
        });
    }
    quote! {
        #[cfg(test)]
        #function
        #(#runners)*
        #(#conditions)*
        #[cfg(test)]
        mod #name {
            #(#tests)*
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The messages of the faults in `#[migrate_test(arguments)] function`.
    fn check(arguments: &str, function: &str, expected: &[&str]) {
        let text = expand(arguments.parse().unwrap(), function.parse().unwrap()).to_string();
        assert_eq!(text.matches("compile_error !").count(), expected.len(), "{text}");
        for message in expected {
            assert!(text.contains(message), "{message:?} is not in {text}");
        }
    }

    #[test]
    fn each_fault_is_told() {
        let good = "async fn works(database: PostgresDatabase) {}";
        check("postgres", good, &[]);
        check("postgres, sqlite, mysql, mariadb", good, &[]);
        check("postgres, set = Schema, crate = crate::kit", good, &[]);
        check("", good, &["name the databases to test on"]);
        check(
            "postgrs",
            good,
            &["there is no database `postgrs` here; there are postgres, sqlite"],
        );
        check("sqlite, sqlite", good, &["`sqlite` is named twice"]);
        check(
            "sqlite, mysql, set = Schema",
            good,
            &["a set is for one database: leave out `mysql`"],
        );
        check("sqlite mysql", good, &["expected `,`"]);
        check("sqlite", "fn works(database: D) {}", &["make this an `async fn`"]);
        check(
            "sqlite",
            "async fn works() {}",
            &["takes the database as its one parameter"],
        );
        check(
            "sqlite",
            "async fn works<A, B>(a: A) {}",
            &["may be the only generic parameter"],
        );
        check(
            "sqlite",
            "#[test] async fn works(a: A) {}",
            &["leave out `#[test]`"],
        );
        check("sqlite", "struct Works;", &["expected `fn`"]);
        check(
            "what",
            "fn works() {}",
            &["no database `what`", "`async fn`", "one parameter"],
        );
    }
}
