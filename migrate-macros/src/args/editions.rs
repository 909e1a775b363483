//! The option `same_as(…)`: the other editions of the set, by their database and folder.

use migrate_core::Dialect;
use proc_macro2::{Delimiter, Ident, Span, TokenTree};

use super::{Reader, any_of, pieces};

/// One `dialect = "folder"`.
pub(crate) struct Edition {
    pub(crate) dialect: Dialect,
    pub(crate) path: String,
    /// What its differences are shown at.
    pub(crate) span: Span,
}

impl Reader {
    /// The databases and folders in the parentheses behind `same_as`.
    pub(super) fn editions(&mut self, key: &Ident, value: &[TokenTree]) {
        let help = "write it like `same_as(sqlite = \"migrations/sqlite\")`";
        let group = match value {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => group,
            _ => {
                let message = "`same_as` is a list of databases and folders in parentheses";
                return self.fault(key.span(), message, help);
            }
        };
        for piece in pieces(group.stream()) {
            let span = piece.first().map_or(group.span(), TokenTree::span);
            let (name, folder) = match piece.split_first_chunk() {
                Some(([TokenTree::Ident(name), TokenTree::Punct(equals)], rest))
                    if equals.as_char() == '=' =>
                {
                    (name.to_string(), rest.iter().cloned().collect())
                }
                _ => {
                    self.fault(span, "expected a database and its folder", help);
                    continue;
                }
            };
            let Some(dialect) = Dialect::ALL.into_iter().find(|dialect| dialect.name() == name) else {
                let known = any_of(&Dialect::ALL.map(Dialect::name));
                self.fault(
                    span,
                    format!("there is no dialect `{name}`"),
                    &format!("a dialect is {known}"),
                );
                continue;
            };
            let Some(folder) = self.text(&name, span, folder) else {
                continue;
            };
            self.args.editions.push(Edition {
                dialect,
                path: folder.value(),
                span: folder.span(),
            });
        }
    }
}
