//! The report that a program reads: an array with an object for each finding.

use std::io::{self, Write};

use super::super::json::{array, object, optional, text};
use super::{Finding, replacement, severity};
use crate::diagnostic::ProposedFile;

pub(super) fn write(findings: &[Finding<'_>], out: &mut dyn Write) -> io::Result<()> {
    write!(out, "[")?;
    for (index, finding) in findings.iter().enumerate() {
        let separator = if index == 0 { "\n" } else { ",\n" };
        write!(out, "{separator}{}", one(finding))?;
    }
    writeln!(out, "\n]")
}

fn one(finding: &Finding<'_>) -> String {
    let diagnostic = finding.diagnostic;
    let position = diagnostic.position.as_ref();
    let number = |value: Option<u32>| value.map_or_else(|| "null".to_owned(), |value| value.to_string());
    // What is about a file as a whole is shown at its beginning.
    let (line, column) = position.map_or((1, 1), |position| (position.line, position.column));
    object([
        ("rule", text(diagnostic.code.name)),
        ("severity", text(severity(diagnostic))),
        ("file", text(&diagnostic.path)),
        ("line", line.to_string()),
        ("column", column.to_string()),
        ("statement", optional(finding.statement)),
        ("statement_line", number(finding.statement_line)),
        ("message", text(&diagnostic.message)),
        ("notes", array(diagnostic.notes.iter().map(|note| text(note)))),
        ("help", optional(diagnostic.help.as_deref())),
        ("replacement", optional(replacement(diagnostic).as_deref())),
        (
            "replacement_files",
            array(diagnostic.replacement.iter().map(|file| {
                object([
                    ("change", optional(file.change.as_deref())),
                    ("phase", text(file.phase.name())),
                    ("per_statement", file.per_statement.to_string()),
                    ("directive", optional(file.directive.as_deref())),
                    ("irreversible", optional(file.irreversible.as_deref())),
                    ("sql", text(&file.sql)),
                    ("down", optional(section(file, "down"))),
                    ("verify", optional(section(file, "verify zero"))),
                ])
            })),
        ),
    ])
}

/// What stands in a section behind the SQL of a file.
fn section<'a>(file: &'a ProposedFile, start: &str) -> Option<&'a str> {
    let behind = file.behind.as_deref()?;
    behind
        .strip_prefix("-- migrate:")?
        .strip_prefix(start)?
        .strip_prefix('\n')
}
