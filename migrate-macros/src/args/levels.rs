//! The options about rules: `deny(…)`, `warn(…)`, `allow(…)`, `style` and `strict`.

use migrate_core::diagnostic::nearest;
use migrate_core::rules::{Level, configurable};
use proc_macro2::{Delimiter, Ident, Span, TokenTree};

use super::{Reader, pieces};

impl Reader {
    /// The rules in the parentheses behind `deny`, `warn` or `allow`.
    pub(super) fn levels(&mut self, name: &'static str, key: &Ident, value: Vec<TokenTree>) {
        let level = match name {
            "deny" => Level::Deny,
            "warn" => Level::Warn,
            _ => Level::Allow,
        };
        let group = match value.as_slice() {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => group,
            _ => {
                let help = format!("write it like `{name}(drop-column)`");
                return self.fault(
                    key.span(),
                    format!("`{name}` is a list of rules in parentheses"),
                    &help,
                );
            }
        };
        for piece in pieces(group.stream()) {
            let span = piece.first().map_or(group.span(), TokenTree::span);
            self.level(level, &rule_name(&piece), span);
        }
    }

    fn level(&mut self, level: Level, rule: &str, span: Span) {
        let Some(known) = configurable().find(|known| *known == rule) else {
            let meant = nearest(rule, configurable());
            let hint = meant.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            let message = format!("there is no rule `{rule}`{hint}");
            return self.fault(span, message, "`migrate rules` lists all of them");
        };
        if self.args.rules.levels.insert(known.to_owned(), level).is_some() {
            self.fault(span, format!("`{rule}` stands twice"), "keep one of them");
        }
    }

    /// An option that is only there or not.
    pub(super) fn flag(&mut self, name: &'static str, value: Option<TokenTree>) {
        if let Some(token) = value {
            let message = format!("`{name}` takes no value");
            return self.fault(
                token.span(),
                message,
                &format!("write only `{name}`, or leave it out"),
            );
        }
        match name {
            "style" => self.args.rules.style = true,
            _ => self.args.rules.strict = true,
        }
    }
}

/// The name as it is written: the dashes of a rule make several tokens of it. `drop_column` and `"drop-column"` will do.
fn rule_name(tokens: &[TokenTree]) -> String {
    let text: String = tokens.iter().map(ToString::to_string).collect();
    text.trim_matches('"').replace('_', "-")
}
