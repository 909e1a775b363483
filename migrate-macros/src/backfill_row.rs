//! `#[derive(Backfill)]`: a struct as the row of a table that Rust code moves.

use migrate_core::diagnostic::nearest;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Fields, GenericArgument, LitStr, Path, PathArguments, Type};

use crate::report::Fault;

/// What a field is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    Write,
}

struct Column {
    field: Ident,
    name: String,
    of_type: Type,
    used: Use,
}

/// What the attribute of the struct says.
struct Table {
    name: Option<String>,
    key: Vec<String>,
    core: Path,
}

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut faults = Vec::new();
    let table = table(&input, &mut faults);
    let columns = columns(&input, &table.key, &mut faults);
    if faults.is_empty() && !columns.iter().any(|column| column.used == Use::Write) {
        faults.push(Fault::option(
            input.ident.span(),
            "no field is written, so there is nothing to move",
            "mark the fields that the code fills in with `#[backfill(write)]`",
        ));
    }
    expansion(&input, &table, &columns, &faults)
}

fn expansion(input: &DeriveInput, table: &Table, columns: &[Column], faults: &[Fault]) -> TokenStream {
    let (core, ident) = (&table.core, &input.ident);
    let (impl_generics, type_generics, conditions) = input.generics.split_for_impl();
    let errors = faults.iter().map(Fault::to_tokens);
    // A parameter would need bounds that nobody asked for.
    if !input.generics.params.is_empty() {
        return quote!(#(#errors)*);
    }
    let (name, key) = (table.name.as_deref().unwrap_or_default(), table.key.join(","));
    let read = columns.iter().map(|column| &column.name);
    let written: Vec<&Column> = columns
        .iter()
        .filter(|column| column.used == Use::Write)
        .collect();
    let names = written.iter().map(|column| &column.name);
    let stored = written.iter().map(|column| stored(core, column));
    // With faults there is no row to load, and nothing but those faults to report.
    let load = if faults.is_empty() {
        let loaded = columns.iter().map(|column| loaded(core, column));
        quote!({
            let mut cells = ::core::iter::IntoIterator::into_iter(cells);
            ::core::result::Result::Ok(Self { #(#loaded),* })
        })
    } else {
        quote!({
            let _ = cells;
            ::core::result::Result::Err(::std::string::String::new())
        })
    };
    quote! {
        #(#errors)*
        impl #impl_generics #core::backfill::Row for #ident #type_generics #conditions {
            const TABLE: &'static str = #name;
            const KEY: &'static str = #key;
            const READ: &'static [&'static str] = &[#(#read),*];
            const WRITTEN: &'static [&'static str] = &[#(#names),*];

            fn load(
                cells: ::std::vec::Vec<#core::backfill::Cell>,
            ) -> ::core::result::Result<Self, ::std::string::String> #load

            fn store(&self) -> ::std::vec::Vec<#core::backfill::Cell> {
                ::std::vec![#(#stored),*]
            }
        }
    }
}

fn loaded(core: &Path, column: &Column) -> TokenStream {
    let Column {
        field, name, of_type, ..
    } = column;
    let (parse, inner) = match shape(of_type) {
        Shape::Plain => ("parse", quote!(::<#of_type>)),
        Shape::Option(inner) => ("parse_option", quote!(::<#inner>)),
        Shape::Bytes => ("parse_bytes", quote!()),
        Shape::OptionBytes => ("parse_bytes_option", quote!()),
    };
    let parse = Ident::new(parse, of_type.span());
    let parsed = quote_spanned!(of_type.span()=> #core::backfill::#parse #inner);
    quote! {
        #field: match #parsed(
            ::core::option::Option::unwrap_or(
                ::core::iter::Iterator::next(&mut cells),
                #core::backfill::Cell::Null,
            ),
        ) {
            ::core::result::Result::Ok(value) => value,
            ::core::result::Result::Err(fault) => {
                return ::core::result::Result::Err(::std::format!("the column `{}`: {fault}", #name));
            }
        }
    }
}

fn stored(core: &Path, column: &Column) -> TokenStream {
    let Column { field, of_type, .. } = column;
    let show = match shape(of_type) {
        Shape::Plain => "show",
        Shape::Option(_) => "show_option",
        Shape::Bytes => "show_bytes",
        Shape::OptionBytes => "show_bytes_option",
    };
    let show = Ident::new(show, of_type.span());
    quote_spanned!(of_type.span()=> #core::backfill::#show(&self.#field))
}

/// What a type is to the database, as far as its name tells.
enum Shape<'a> {
    Plain,
    Option(&'a Type),
    Bytes,
    OptionBytes,
}

fn shape(of_type: &Type) -> Shape<'_> {
    match argument(of_type, "Option") {
        Some(inner) if is_bytes(inner) => Shape::OptionBytes,
        Some(inner) => Shape::Option(inner),
        None if is_bytes(of_type) => Shape::Bytes,
        None => Shape::Plain,
    }
}

fn is_bytes(of_type: &Type) -> bool {
    argument(of_type, "Vec")
        .is_some_and(|inner| matches!(ungrouped(inner), Type::Path(path) if path.path.is_ident("u8")))
}

/// The type that another macro passed on, or that stands in parentheses.
fn ungrouped(mut of_type: &Type) -> &Type {
    loop {
        of_type = match of_type {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            other => return other,
        };
    }
}

/// The one argument of a type of that name.
fn argument<'a>(of_type: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ungrouped(of_type) else {
        return None;
    };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

fn table(input: &DeriveInput, faults: &mut Vec<Fault>) -> Table {
    let mut table = Table {
        name: None,
        key: Vec::new(),
        core: syn::parse_quote!(::migrate_core),
    };
    for attribute in of_backfill(&input.attrs) {
        let read = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("table") {
                table.name = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.path.is_ident("key") {
                let key = meta.value()?.parse::<LitStr>()?.value();
                table.key = key.split(',').map(|column| column.trim().to_owned()).collect();
            } else if meta.path.is_ident("crate") {
                table.core = meta.value()?.call(Path::parse_mod_style)?;
            } else {
                return Err(unknown(&meta, &["table", "key", "crate"]));
            }
            Ok(())
        });
        take(read, faults);
    }
    let help = "write it as the file has it: `#[backfill(table = \"users\", key = \"id\")]`";
    if faults.is_empty() && table.name.as_ref().is_none_or(String::is_empty) {
        faults.push(Fault::option(
            input.ident.span(),
            "the table of the rows is missing",
            help,
        ));
    }
    if faults.is_empty() && table.key.iter().all(String::is_empty) {
        faults.push(Fault::option(
            input.ident.span(),
            "the key of the table is missing",
            help,
        ));
    }
    table
}

fn columns(input: &DeriveInput, key: &[String], faults: &mut Vec<Fault>) -> Vec<Column> {
    if let Some(parameter) = input.generics.params.first() {
        let message = "the row of a table has no parameters";
        faults.push(Fault::option(
            parameter.span(),
            message,
            "use the types of the columns",
        ));
        return Vec::new();
    }
    let Data::Struct(data) = &input.data else {
        let message = "the row of a table is a struct";
        faults.push(Fault::option(
            input.ident.span(),
            message,
            "give it a field for each column",
        ));
        return Vec::new();
    };
    let Fields::Named(fields) = &data.fields else {
        let message = "the fields of a row are named like its columns";
        faults.push(Fault::option(
            input.ident.span(),
            message,
            "write `struct Row { id: i64, … }`",
        ));
        return Vec::new();
    };
    let mut columns = Vec::new();
    for field in &fields.named {
        let Some(ident) = field.ident.clone() else {
            continue;
        };
        let mut name = ident.unraw().to_string();
        let mut uses: Vec<(&'static str, Span)> = Vec::new();
        let faults_before = faults.len();
        for attribute in of_backfill(&field.attrs) {
            let read = attribute.parse_nested_meta(|meta| {
                match ["key", "read", "write"]
                    .into_iter()
                    .find(|word| meta.path.is_ident(word))
                {
                    Some(word) => uses.push((word, meta.path.span())),
                    None if meta.path.is_ident("column") => name = meta.value()?.parse::<LitStr>()?.value(),
                    None => return Err(unknown(&meta, &["key", "read", "write", "column"])),
                }
                Ok(())
            });
            take(read, faults);
        }
        // One that is marked by something else is not one without a mark.
        if faults.len() > faults_before {
            continue;
        }
        let in_key = key.contains(&name);
        let used = match uses[..] {
            [] if in_key => Use::Read,
            [("key", _)] if in_key => Use::Read,
            [("key", span)] => {
                let message = format!("`{name}` is no column of the key `{}`", key.join(","));
                faults.push(Fault::option(
                    span,
                    &message,
                    "name it in `key = \"…\"`, or mark the field with `read`",
                ));
                continue;
            }
            [("write", span)] if in_key => {
                let message = format!("`{name}` is in the key, by which the rows are visited");
                faults.push(Fault::option(
                    span,
                    &message,
                    "mark it with `key`; a key is not written",
                ));
                continue;
            }
            [("read", _)] => Use::Read,
            // It says `write`, the third of the words.
            [_] => Use::Write,
            [] => {
                let message = format!("it is not said what `{name}` is for");
                let help =
                    "mark it with `#[backfill(read)]` or `#[backfill(write)]`; what is written is read too";
                faults.push(Fault::option(ident.span(), &message, help));
                continue;
            }
            [_, (_, second), ..] => {
                let message = format!("`{name}` is marked twice");
                faults.push(Fault::option(
                    second,
                    &message,
                    "keep one mark: what is written is read too",
                ));
                continue;
            }
        };
        columns.push(Column {
            field: ident,
            name,
            of_type: field.ty.clone(),
            used,
        });
    }
    columns
}

fn of_backfill(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("backfill"))
}

fn unknown(meta: &ParseNestedMeta<'_>, known: &[&'static str]) -> syn::Error {
    let name = meta
        .path
        .get_ident()
        .map_or_else(String::new, ToString::to_string);
    let hint = nearest(&name, known.iter().copied());
    let hint = hint.map_or(String::new(), |hint| format!("; did you mean `{hint}`?"));
    meta.error(format!("there is no option `{name}`{hint}"))
}

fn take(read: syn::Result<()>, faults: &mut Vec<Fault>) {
    if let Err(error) = read {
        faults.push(Fault::option(error.span(), &error.to_string(), ""));
    }
}
