//! The parser's events as a tree in two flat vectors.
//!
//! The parser's own typed tree costs more than the parse itself where nothing is optimised, as in a procedural macro.

use squawk_parser::{EntryPoint, LexedStr, StrStep, SyntaxKind};

use crate::sql::Span;

/// A node or token of a statement.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: SyntaxKind,
    span: Span,
    /// The index behind its last descendant.
    end: u32,
    token: bool,
}

/// The tree of one statement: entries in preorder, without white space and comments.
pub(super) struct Tree<'a> {
    text: &'a str,
    entries: Vec<Entry>,
    /// How many nodes are nested within one another.
    pub(super) depth: usize,
    /// The first thing the parser did not understand.
    pub(super) error: Option<(String, u32)>,
}

/// A node or a token.
#[derive(Clone, Copy)]
pub(super) struct Node<'t> {
    tree: &'t Tree<'t>,
    index: u32,
}

impl<'a> Tree<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let lexed = LexedStr::new(text);
        let output = EntryPoint::SourceFile.parse(&lexed.to_input());
        let mut tree = Tree {
            text,
            entries: Vec::with_capacity(text.len() / 3),
            depth: 0,
            error: None,
        };
        if let Some((range, message)) = lexed.errors().next() {
            tree.error = Some((message.to_owned(), range.start));
        }
        let mut open: Vec<u32> = Vec::new();
        let mut position = 0_u32;
        lexed.intersperse_trivia(&output, &mut |step| match step {
            StrStep::Enter { kind } => {
                open.push(tree.entries.len() as u32);
                tree.depth = tree.depth.max(open.len());
                tree.entries.push(Entry {
                    kind,
                    span: Span {
                        start: u32::MAX,
                        end: 0,
                    },
                    end: 0,
                    token: false,
                });
            }
            StrStep::Exit => {
                let Some(index) = open.pop() else { return };
                let end = tree.entries.len() as u32;
                let entry = &mut tree.entries[index as usize];
                entry.end = end;
                if entry.span.start == u32::MAX {
                    entry.span = Span {
                        start: position,
                        end: position,
                    };
                }
                let span = entry.span;
                if let Some(parent) = open.last() {
                    let parent = &mut tree.entries[*parent as usize];
                    if span.start < span.end {
                        parent.span.start = parent.span.start.min(span.start);
                        parent.span.end = parent.span.end.max(span.end);
                    }
                }
            }
            StrStep::Token { kind, text } => {
                let start = position;
                position += text.len() as u32;
                if matches!(kind, SyntaxKind::WHITESPACE | SyntaxKind::COMMENT) {
                    return;
                }
                let span = Span { start, end: position };
                let end = tree.entries.len() as u32 + 1;
                tree.entries.push(Entry {
                    kind,
                    span,
                    end,
                    token: true,
                });
                if let Some(parent) = open.last() {
                    let parent = &mut tree.entries[*parent as usize];
                    parent.span.start = parent.span.start.min(span.start);
                    parent.span.end = parent.span.end.max(span.end);
                }
            }
            StrStep::Error { msg, pos } => {
                if tree.error.is_none() {
                    tree.error = Some((msg.to_owned(), pos as u32));
                }
            }
        });
        tree
    }

    /// The statements.
    pub(super) fn statements(&self) -> impl Iterator<Item = Node<'_>> {
        let root = (!self.entries.is_empty()).then_some(Node { tree: self, index: 0 });
        root.into_iter()
            .flat_map(Node::children)
            .filter(|node| !node.is_token() && node.kind() != SyntaxKind::EMPTY_STMT)
    }

    /// Every node, in the order of the text.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        let root = (!self.entries.is_empty()).then_some(Node { tree: self, index: 0 });
        root.into_iter()
            .flat_map(Node::descendants)
            .filter(|node| !node.is_token())
    }

    /// Where a second statement begins, with nothing that separates it from the first.
    pub(super) fn second(&self) -> Option<u32> {
        let mut statements = self.statements();
        let first = statements.next()?.span();
        let second = statements.next()?.span();
        let between = self.entries.iter().filter(|entry| entry.token);
        let is_separated = between
            .filter(|entry| entry.kind == SyntaxKind::SEMICOLON)
            .any(|entry| entry.span.end >= first.end && entry.span.end <= second.start);
        (!is_separated).then_some(second.start)
    }

    /// The first statement.
    pub(super) fn statement(&self) -> Option<Node<'_>> {
        self.statements().next()
    }
}

impl<'t> Node<'t> {
    fn entry(self) -> &'t Entry {
        &self.tree.entries[self.index as usize]
    }

    pub(super) fn kind(self) -> SyntaxKind {
        self.entry().kind
    }

    pub(super) fn is_token(self) -> bool {
        self.entry().token
    }

    pub(super) fn span(self) -> Span {
        self.entry().span
    }

    pub(super) fn text(self) -> &'t str {
        let span = self.span();
        self.tree
            .text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Its children, tokens included.
    pub(super) fn children(self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let tree = self.tree;
        let end = self.entry().end;
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let node = Node { tree, index: next };
            next = node.entry().end.max(next + 1);
            Some(node)
        })
    }

    /// Everything below it, in the order of the text.
    pub(super) fn descendants(self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let tree = self.tree;
        (self.index + 1..self.entry().end).map(move |index| Node { tree, index })
    }

    pub(super) fn child(self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.children().find(|node| node.kind() == kind)
    }

    pub(super) fn has(self, kind: SyntaxKind) -> bool {
        self.child(kind).is_some()
    }

    /// Its tokens, those of its children too.
    pub(super) fn tokens(self) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let itself = self.is_token().then_some(self);
        itself
            .into_iter()
            .chain(self.descendants().filter(|node| node.is_token()))
    }

    /// Its last child that is a node: the value after a keyword.
    pub(super) fn last_node(self) -> Option<Node<'t>> {
        self.children().filter(|node| !node.is_token()).last()
    }

    /// Its first child that is a node.
    pub(super) fn first_node(self) -> Option<Node<'t>> {
        self.children().find(|node| !node.is_token())
    }

    pub(super) fn find(self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.descendants().find(|node| node.kind() == kind)
    }
}
