//! How findings are reported.

mod github;
mod json;
mod sarif;
mod text;

use std::io::{self, Write};

use clap::ValueEnum;

use super::finding::Finding;
use crate::diagnostic::{Diagnostic, Severity};

/// A way to report findings.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// As a compiler does
    Text,
    /// An array of objects
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0
    Sarif,
}

impl Format {
    /// Reports the findings about so many migrations.
    pub(super) fn write(
        self,
        findings: &[Finding<'_>],
        migrations: usize,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Text => text::write(findings, migrations, out),
            Self::Json => json::write(findings, out),
            Self::Github => github::write(findings, out),
            Self::Sarif => sarif::write(findings, out),
        }
    }
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// The message with what explains it, line by line.
fn in_full(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for note in &diagnostic.notes {
        text.push('\n');
        text.push_str(note);
    }
    if let Some(help) = &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    if let Some(replacement) = replacement(diagnostic) {
        text.push_str("\nwrite instead:\n");
        text.push_str(&replacement);
    }
    text
}

/// The files to write instead, one after the other.
fn replacement(diagnostic: &Diagnostic) -> Option<String> {
    let files: Vec<String> = diagnostic.replacement.iter().map(ToString::to_string).collect();
    (!files.is_empty()).then(|| files.join("\n\n"))
}
