//! `-- migrate:allow` in the files of other tools, to whom it is a comment.

use super::native::arguments;
use super::scan::{File, Found, scan};
use crate::diagnostic::{Diagnostic, codes};
use crate::model::Section;
use crate::model::directives::Allow;

/// The findings that a foreign file accepts. An `allow` is about the statement that follows it.
pub(crate) fn allows(file: &File<'_>, section: &Section, diagnostics: &mut Vec<Diagnostic>) -> Vec<Allow> {
    // Other lines that look like directives are none of our business there.
    if !file.text.contains("-- migrate:allow") {
        return Vec::new();
    }
    let scan = scan(file, &mut Vec::new());
    scan.found
        .iter()
        .filter(|found| found.directive.name == "allow")
        .filter_map(|found| {
            allow(found, section)
                .map_err(|fault| diagnostics.push(fault.in_file(file, found)))
                .ok()
        })
        .collect()
}

enum Fault {
    Malformed(String),
    NoReason(String),
    NoStatement,
}

fn allow(found: &Found<'_>, section: &Section) -> Result<Allow, Fault> {
    let (rule, reason) = arguments(found)
        .allow()
        .map_err(|fault| Fault::Malformed(fault.message))?;
    let reason = match reason {
        Some(reason) => reason,
        None => return Err(Fault::NoReason(rule)),
    };
    let next = section
        .statements
        .iter()
        .position(|statement| statement.line > found.line);
    let next = next.ok_or(Fault::NoStatement)?;
    Ok(Allow {
        rule: rule.into(),
        reason: reason.into(),
        statement: Some(next as u32),
        line: found.line,
    })
}

impl Fault {
    fn in_file(self, file: &File<'_>, found: &Found<'_>) -> Diagnostic {
        let (code, message, help) = match self {
            Self::Malformed(message) => {
                let help = format!("write it like `{}`", found.directive.usage);
                (&codes::BAD_ARGUMENT, message, Some(help))
            }
            Self::NoReason(rule) => (
                &codes::ALLOW_WITHOUT_REASON,
                format!("`allow {rule}` gives no reason"),
                None,
            ),
            Self::NoStatement => (
                &codes::MISPLACED_DIRECTIVE,
                "`allow` stands before no statement".to_owned(),
                Some("put it right before the statement it is about".to_owned()),
            ),
        };
        let diagnostic =
            Diagnostic::error(code, file.path, message).at(file.position(found.start, found.end));
        match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}
