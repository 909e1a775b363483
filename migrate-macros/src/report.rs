//! Faults and warnings as the compiler shows them.

use migrate_core::diagnostic::{Diagnostic, Severity, codes};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Attribute;

use crate::args::Args;

/// More findings than anybody reads at once: the rest is counted.
const MOST: usize = 50;

/// How many files a summary names.
const NAMED: usize = 5;

/// An error and the token it is shown at.
pub(crate) struct Fault {
    span: Span,
    text: String,
}

impl Fault {
    /// A fault of an option of the derive.
    pub(crate) fn option(span: Span, message: &str, help: &str) -> Self {
        let mut text = format!("[{}]: {message}", codes::BAD_OPTION.name);
        if !help.is_empty() {
            text.push_str(&format!("\n = help: {help}"));
        }
        Self { span, text }
    }

    /// The error.
    pub(crate) fn to_tokens(&self) -> TokenStream {
        let text = &self.text;
        quote_spanned!(self.span=> ::core::compile_error! { #text })
    }
}

/// The errors among `diagnostics`, each of its own, up to a number that can be read.
pub(crate) fn errors(diagnostics: &[Diagnostic], args: &Args) -> Vec<Fault> {
    // What stands in no file was named by an option.
    errors_at(diagnostics, |diagnostic| match diagnostic {
        Some(one) if one.position.is_none() && one.code == &codes::UNKNOWN_VERSION => args.baseline_span,
        _ => args.path_span,
    })
}

/// As [`errors`], each at its place; `None` stands for those that are only counted.
pub(crate) fn errors_at(
    diagnostics: &[Diagnostic],
    span: impl Fn(Option<&Diagnostic>) -> Span,
) -> Vec<Fault> {
    let all: Vec<&Diagnostic> = of(diagnostics, Severity::Error).collect();
    let mut faults: Vec<Fault> = all
        .iter()
        .take(MOST)
        .map(|diagnostic| Fault {
            span: span(Some(diagnostic)),
            text: text(diagnostic),
        })
        .collect();
    if all.len() > MOST {
        let text = format!("there are {} more errors in these migrations", all.len() - MOST);
        faults.push(Fault {
            span: span(None),
            text,
        });
    }
    faults
}

/// The warnings among `diagnostics`: one for each code, naming the files.
///
/// Stable Rust has no way to warn. What the compiler does warn about is the use of something deprecated, wherever the
/// user's own token says so; hence `span`. `attributes` are those of the user's type, for its `allow` and `deny`.
///
/// `warn(warnings)` keeps it a warning under `deny(warnings)` and `-D warnings`: a rule that a new release brings must not
/// break a build, and whoever wants a rule to break it has `deny(…)` in the derive.
pub(crate) fn warnings(diagnostics: &[Diagnostic], span: Span, attributes: &[Attribute]) -> TokenStream {
    let levels: Vec<&Attribute> = attributes
        .iter()
        .filter(|attribute| {
            ["allow", "expect", "warn", "deny", "forbid"]
                .iter()
                .any(|level| attribute.path().is_ident(level))
        })
        .collect();
    let mut seen = Vec::new();
    let mut tokens = TokenStream::new();
    for first in of(diagnostics, Severity::Warning) {
        if seen.contains(&first.code.name) {
            continue;
        }
        seen.push(first.code.name);
        let others: Vec<&str> = of(diagnostics, Severity::Warning)
            .filter(|other| other.code == first.code && other.path != first.path)
            .map(|other| other.path.as_str())
            .collect();
        let mut note = text(first);
        if !others.is_empty() {
            note.push_str(&same_holds_for(&others));
        }
        let name = proc_macro2::Ident::new("MIGRATIONS", span);
        tokens.extend(quote! {
            #[warn(warnings)]
            #(#levels)*
            const _: () = {
                #[deprecated(note = #note)]
                const #name: () = ();
                #name
            };
        });
    }
    tokens
}

fn of(diagnostics: &[Diagnostic], severity: Severity) -> impl Iterator<Item = &Diagnostic> {
    diagnostics
        .iter()
        .filter(move |diagnostic| diagnostic.severity == severity)
}

/// The compiler says itself whether it is an error or a warning.
fn text(diagnostic: &Diagnostic) -> String {
    let shown = diagnostic.to_string();
    let word = shown.find('[').unwrap_or(0);
    shown[word..].to_owned()
}

fn same_holds_for(paths: &[&str]) -> String {
    let named = paths
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join("\n         ");
    let files = if paths.len() == 1 { "file" } else { "files" };
    let rest = match paths.len().saturating_sub(NAMED) {
        0 => String::new(),
        rest => format!("\n         and {rest} more"),
    };
    format!(
        "\n = note: the same holds for {} more {files}:\n         {named}{rest}",
        paths.len()
    )
}

/// A type is bound to a file that is about other rows.
pub(crate) fn other_rows(path: &str, table: &str, key: &str, name: &str) -> String {
    format!(
        "[{}]: `{path}` gives rows of table={table} key={key} to `{name}`, and this type is for other rows",
        codes::BAD_OPTION.name
    )
}
