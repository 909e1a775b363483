//! The option `rust(…)`: the types whose code moves data, by the names that files have for them.

use proc_macro2::{Delimiter, Ident, TokenTree};
use syn::Path;

use super::{Reader, is_plain, pieces};

/// One `name = Type`.
pub(crate) struct Binding {
    /// The name, as files write it.
    pub(crate) name: String,
    /// What a name that no file has is blamed on.
    pub(crate) span: proc_macro2::Span,
    pub(crate) of_type: Path,
}

impl Reader {
    /// The names and types in the parentheses behind `rust`.
    pub(super) fn bindings(&mut self, key: &Ident, value: &[TokenTree]) {
        let help = "write it like `rust(split_name = SplitName)`";
        let group = match value {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => group,
            _ => {
                return self.fault(
                    key.span(),
                    "`rust` is a list of names and types in parentheses",
                    help,
                );
            }
        };
        for piece in pieces(group.stream()) {
            let span = piece.first().map_or(group.span(), TokenTree::span);
            let (name, of_type) = match piece.split_first_chunk() {
                Some(([TokenTree::Ident(name), TokenTree::Punct(equals)], rest))
                    if equals.as_char() == '=' =>
                {
                    (name.to_string(), rest.iter().cloned().collect())
                }
                _ => {
                    self.fault(span, "expected a name and its type", help);
                    continue;
                }
            };
            let Ok(of_type) = syn::parse2::<Path>(of_type) else {
                self.fault(span, format!("`{name}` has no type"), help);
                continue;
            };
            if !is_plain(&name) {
                self.fault(
                    span,
                    format!("`{name}` cannot be a name in a file"),
                    "use `a-z`, `0-9` and `_`",
                );
            } else if self.args.bound.iter().any(|bound| bound.name == name) {
                self.fault(span, format!("`{name}` is bound twice"), "keep one of them");
            } else {
                self.args.bound.push(Binding { name, span, of_type });
            }
        }
    }
}
