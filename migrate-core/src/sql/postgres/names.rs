//! Identifiers and qualified names.

use squawk_parser::SyntaxKind as K;

use super::tree::Node;
use crate::sql::{Name, Word};

/// How many bytes of a name the server keeps.
const KEPT: usize = 63;

/// An identifier as the server folds it, cut off where the server cuts it.
pub(super) fn fold(text: &str) -> String {
    let mut folded = fold_whole(text);
    if folded.len() > KEPT {
        let end = (0..=KEPT).rev().find(|at| folded.is_char_boundary(*at));
        folded.truncate(end.unwrap_or(KEPT));
    }
    folded
}

fn fold_whole(text: &str) -> String {
    let escaped = text.strip_prefix("U&").or_else(|| text.strip_prefix("u&"));
    if let Some(escaped) = escaped.filter(|escaped| escaped.starts_with('"')) {
        return unescape(&fold_whole(escaped));
    }
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest).replace("\"\"", "\""),
        None => text.to_lowercase(),
    }
}

/// A name with `\\0061` and `\\+000061` for what cannot be typed; one with another escape is left as it is.
fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (skip, length) = match rest.as_bytes().first() {
            Some(b'\\') => {
                plain.push('\\');
                rest = &rest[1..];
                continue;
            }
            Some(b'+') => (1, 6),
            _ => (0, 4),
        };
        let digits = rest.get(skip..skip + length);
        let character = digits.and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        let Some(character) = character else {
            return text.to_owned();
        };
        plain.push(character);
        rest = &rest[skip + length..];
    }
    plain + rest
}

/// The identifier below a node.
pub(super) fn word(node: Node<'_>) -> Option<Word> {
    let token = node.tokens().next()?;
    Some(Word {
        text: fold(token.text()),
        span: token.span(),
    })
}

/// The identifier below the child of that kind.
pub(super) fn child_word(node: Node<'_>, kind: K) -> Option<Word> {
    word(node.child(kind)?)
}

/// The qualified name below a node.
pub(super) fn name(node: Node<'_>) -> Option<Name> {
    let mut parts: Vec<String> = node
        .tokens()
        .filter(|token| token.kind() != K::DOT)
        .map(|token| fold(token.text()))
        .collect();
    let name = parts.pop()?;
    Some(Name {
        schema: parts.pop(),
        name,
        span: node.span(),
    })
}

/// The qualified name below the child of that kind.
pub(super) fn child_name(node: Node<'_>, kind: K) -> Option<Name> {
    name(node.child(kind)?)
}

/// The names below the children of that kind.
pub(super) fn child_names(node: Node<'_>, kind: K) -> Vec<Name> {
    node.children()
        .filter(|child| child.kind() == kind)
        .filter_map(name)
        .collect()
}

/// The relation a statement is about: `TABLE_RELATION_NAME`, with or without ONLY, or `RELATION_NAME_REF`.
pub(super) fn relation(node: Node<'_>) -> Option<Name> {
    let below = node
        .descendants()
        .find(|child| matches!(child.kind(), K::TABLE_NAME_REF | K::RELATION_NAME_REF));
    name(below?)
}

/// The content of a string literal of any form.
pub(super) fn string(text: &str) -> String {
    if text.starts_with('$') {
        let tag = text
            .get(1..)
            .and_then(|rest| rest.find('$'))
            .map_or(0, |at| at + 2);
        return text
            .get(tag..text.len().saturating_sub(tag))
            .unwrap_or("")
            .to_owned();
    }
    let from = text.find('\'').map_or(0, |at| at + 1);
    let inner = text.get(from..).unwrap_or("");
    let inner = inner.strip_suffix('\'').unwrap_or(inner).replace("''", "'");
    match text.starts_with(['e', 'E']) && inner.contains('\\') {
        true => unescaped(&inner),
        false => inner,
    }
}

/// What `E'…'` means by a backslash and a letter or sign; numbers stay as they are written.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(one) = rest.next() {
        if one != '\\' {
            out.push(one);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some(sign @ ('\\' | '\'' | '"')) => out.push(sign),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}
