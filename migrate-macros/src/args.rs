//! The options of the derive and of `migrations!`.

mod bindings;
mod editions;
mod levels;

use migrate_core::diagnostic::nearest;
use migrate_core::rules::Config;
use migrate_core::{Dialect, Layout, ServerVersion, Version};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Lit, LitStr, Path};

pub(crate) use self::bindings::Binding;
pub(crate) use self::editions::Edition;
use crate::report::Fault;

const NAMES: [&str; 15] = [
    "path",
    "dialect",
    "since",
    "name",
    "layout",
    "baseline",
    "deny",
    "warn",
    "allow",
    "style",
    "strict",
    "rust",
    "same_as",
    "remind_after",
    "crate",
];

/// The options, with what stands for those that are left out or faulty.
pub(crate) struct Args {
    pub(crate) path: String,
    /// What faults of the files point at: the path, or else what the caller named.
    pub(crate) path_span: Span,
    pub(crate) name: String,
    pub(crate) dialect: Dialect,
    pub(crate) layout: Layout,
    pub(crate) since: Option<ServerVersion>,
    pub(crate) baseline: Option<Version>,
    /// What a baseline that no file has is blamed on.
    pub(crate) baseline_span: Span,
    /// What the project wants of the rules.
    pub(crate) rules: Config,
    /// The Rust code of backfills.
    pub(crate) bound: Vec<Binding>,
    /// The sets of the same application for other databases.
    pub(crate) editions: Vec<Edition>,
    /// The path to migrate-core.
    pub(crate) core: TokenStream,
}

/// Gathers options and their faults: all of them are reported at once.
pub(crate) struct Reader {
    args: Args,
    given: Vec<&'static str>,
    /// Where `since` stands.
    since_span: Span,
    /// What a missing option is blamed on.
    blame: Span,
    pub(crate) faults: Vec<Fault>,
}

impl Reader {
    /// `blame` is what a missing option is blamed on.
    pub(crate) fn new(blame: Span) -> Self {
        Self {
            args: Args {
                path: "migrations".to_owned(),
                path_span: blame,
                name: "main".to_owned(),
                dialect: Dialect::Postgres,
                layout: Layout::Native,
                since: None,
                baseline: None,
                baseline_span: blame,
                rules: Config {
                    ask_for_release: true,
                    ..Config::default()
                },
                bound: Vec::new(),
                editions: Vec::new(),
                core: quote!(::migrate_core),
            },
            given: Vec::new(),
            since_span: blame,
            blame,
            faults: Vec::new(),
        }
    }

    /// Reads `key = value, …`. In `migrations!` the path comes first, without a key.
    pub(crate) fn read(&mut self, tokens: TokenStream, path_first: bool) {
        let mut pieces = pieces(tokens).into_iter();
        if path_first {
            match pieces.next() {
                Some(piece) if !is_pair(&piece) => {
                    self.given.push("path");
                    let value = self.text("path", self.blame, piece.into_iter().collect());
                    self.path(value);
                }
                other => {
                    self.fault(
                        self.blame,
                        "the folder of the migrations is missing",
                        "write it first: migrations!(\"migrations\", dialect = \"…\")",
                    );
                    other.into_iter().for_each(|piece| self.option(piece));
                }
            }
        }
        pieces.for_each(|piece| self.option(piece));
    }

    /// Takes an attribute that says nothing for one fault, not for several.
    pub(crate) fn unreadable(&mut self, fault: Fault) {
        self.faults.push(fault);
        self.given.push("dialect");
    }

    /// The options and every fault, once everything was read.
    pub(crate) fn finish(mut self) -> (Args, Vec<Fault>) {
        if !self.given.contains(&"dialect") {
            let help = format!(
                "add `dialect = \"…\"`: {}",
                any_of(&Dialect::ALL.map(Dialect::name))
            );
            self.fault(self.blame, "the dialect of the migrations is missing", &help);
        }
        if let Some(Err(message)) = self.args.since.map(|since| since.checked(self.args.dialect)) {
            self.fault(
                self.since_span,
                message,
                "`since` is the version of the oldest server that the migrations have to run on",
            );
        }
        (self.args, self.faults)
    }

    fn fault(&mut self, span: Span, message: impl Into<String>, help: &str) {
        self.faults.push(Fault::option(span, &message.into(), help));
    }

    /// One `key = value`, `key(…)` or `key`.
    fn option(&mut self, piece: Vec<TokenTree>) {
        let mut tokens = piece.into_iter();
        let key = match tokens.next() {
            Some(TokenTree::Ident(key)) => key,
            Some(other) => {
                return self.fault(
                    other.span(),
                    "expected an option",
                    &format!(
                        "write it like `dialect = \"postgres\"`; the options are {}",
                        list(&NAMES)
                    ),
                );
            }
            None => return self.fault(self.blame, "expected an option before this comma", ""),
        };
        let text = key.to_string();
        let name = match NAMES.into_iter().find(|known| *known == text) {
            Some(name) => name,
            None => {
                let meant = nearest(&text, NAMES);
                let hint = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
                let help = format!("the options are {}", list(&NAMES));
                self.fault(key.span(), format!("there is no option `{text}`{hint}"), &help);
                // Read on as what was probably meant, or a missing option would be one more fault.
                match meant.and_then(|meant| NAMES.into_iter().find(|known| *known == meant)) {
                    Some(name) if !self.given.contains(&name) => name,
                    _ => return,
                }
            }
        };
        if self.given.contains(&name) {
            return self.fault(key.span(), format!("`{name}` is given twice"), "keep one of them");
        }
        self.given.push(name);
        match name {
            "deny" | "warn" | "allow" => return self.levels(name, &key, tokens.collect()),
            "rust" => return self.bindings(&key, &tokens.collect::<Vec<_>>()),
            "same_as" => return self.editions(&key, &tokens.collect::<Vec<_>>()),
            "style" | "strict" => return self.flag(name, tokens.next()),
            _ => {}
        }
        if !matches!(tokens.next(), Some(TokenTree::Punct(equals)) if equals.as_char() == '=') {
            return self.fault(
                key.span(),
                format!("`{name}` has no value"),
                &format!(
                    "write `{name} = {}`",
                    if name == "crate" { "my::path" } else { "\"…\"" }
                ),
            );
        }
        self.value(name, &key, tokens.collect());
    }

    fn value(&mut self, name: &'static str, key: &Ident, value: TokenStream) {
        if name == "crate" {
            return self.core(key, value);
        }
        let Some(text) = self.text(name, key.span(), value) else {
            return;
        };
        let (span, value) = (text.span(), text.value());
        match name {
            "path" => self.path(Some(text)),
            "name" if !is_plain(&value) => self.fault(
                span,
                format!("`{value}` cannot be the name of a set"),
                "a name is made of `a-z`, `0-9` and `_`, at most 60 of them; leave `name` out for a set named `main`",
            ),
            "name" => self.args.name = value,
            "dialect" => {
                let names = Dialect::ALL.map(Dialect::name);
                let index = self.choice("dialect", &value, span, &names);
                self.args.dialect = index.map_or(self.args.dialect, |index| Dialect::ALL[index]);
            }
            "layout" => {
                let names = Layout::ALL.map(Layout::name);
                let index = self.choice("layout", &value, span, &names);
                self.args.layout = index.map_or(self.args.layout, |index| Layout::ALL[index]);
            }
            "since" => match value.parse() {
                Ok(since) => {
                    self.args.since = Some(since);
                    self.since_span = span;
                }
                Err(error) => self.fault(span, error.to_string(), ""),
            },
            "remind_after" => match Config::age(&value) {
                Some(age) => self.args.rules.remind_after = Some(age),
                None => self.fault(
                    span,
                    format!("`{value}` is no age"),
                    "write it like `90d`, `12w` or `36h`",
                ),
            },
            _ => match value.parse() {
                Ok(baseline) => {
                    self.args.baseline = Some(baseline);
                    self.args.baseline_span = span;
                }
                Err(error) => self.fault(
                    span,
                    error.to_string(),
                    "`baseline` is the version of the last file that is history: the digits in front of its name",
                ),
            },
        }
    }

    /// The index of `value` among `names`, or of what was probably meant after the fault is reported: guessing
    /// right spares the user faults of types that are none.
    fn choice(&mut self, what: &str, value: &str, span: Span, names: &[&str]) -> Option<usize> {
        if let Some(index) = names.iter().position(|name| *name == value) {
            return Some(index);
        }
        let alias = match value.to_ascii_lowercase().as_str() {
            "postgresql" | "pg" | "psql" => Some("postgres"),
            "sqlite3" => Some("sqlite"),
            _ => None,
        };
        let meant = alias.or_else(|| nearest(value, names.iter().copied()));
        let hint = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
        let help = format!("a {what} is {}", any_of(names));
        self.fault(span, format!("there is no {what} `{value}`{hint}"), &help);
        names.iter().position(|name| Some(*name) == meant)
    }

    fn path(&mut self, text: Option<LitStr>) {
        let Some(text) = text else { return };
        self.args.path_span = text.span();
        let value = text.value();
        if value.trim().is_empty() {
            return self.fault(
                text.span(),
                "the path is empty",
                "name the folder, from the folder of Cargo.toml on",
            );
        }
        self.args.path = value;
    }

    fn core(&mut self, key: &Ident, value: TokenStream) {
        let path = match syn::parse2::<LitStr>(value.clone()) {
            Ok(text) => text.parse_with(Path::parse_mod_style),
            Err(_) => syn::parse::Parser::parse2(Path::parse_mod_style, value.clone()),
        };
        match path {
            Ok(path) => self.args.core = quote!(#path),
            Err(_) => {
                let span = value.into_iter().next().map_or(key.span(), |token| token.span());
                self.fault(
                    span,
                    "expected a path",
                    "write it like `crate = my::migrate_core`",
                );
            }
        }
    }

    /// The text literal that `value` is.
    fn text(&mut self, name: &str, key: Span, value: TokenStream) -> Option<LitStr> {
        let span = value.clone().into_iter().next().map_or(key, |token| token.span());
        let message = format!("`{name}` is text in double quotes");
        match syn::parse2::<Lit>(value.clone()) {
            Ok(Lit::Str(text)) => return Some(text),
            Ok(Lit::Int(_) | Lit::Float(_)) => {
                self.fault(span, message, &format!("write `{name} = \"{value}\"`"));
            }
            _ => self.fault(span, message, &format!("write `{name} = \"…\"`")),
        }
        None
    }
}

/// The tokens between top-level commas; a comma at the end is allowed.
fn pieces(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut pieces = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => pieces.push(Vec::new()),
            _ => pieces
                .last_mut()
                .into_iter()
                .for_each(|piece| piece.push(token.clone())),
        }
    }
    if pieces.last().is_some_and(Vec::is_empty) {
        pieces.pop();
    }
    pieces
}

/// Names go into the database, so they are kept plain.
fn is_plain(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=60).contains(&name.len()) && name.bytes().all(fits)
}

fn is_pair(piece: &[TokenTree]) -> bool {
    matches!(piece, [TokenTree::Ident(_), TokenTree::Punct(equals), ..] if equals.as_char() == '=')
}

fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn any_of(names: &[&str]) -> String {
    match names {
        [head @ .., last] if !head.is_empty() => format!("{} or `{last}`", list(head)),
        _ => list(names),
    }
}
