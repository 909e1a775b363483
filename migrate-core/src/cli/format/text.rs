//! The report that a person reads.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::Finding;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::is_at_large;

pub(super) fn write(findings: &[Finding<'_>], migrations: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut said = BTreeSet::new();
    for finding in findings {
        writeln!(out, "{}\n", once(finding.diagnostic, &mut said))?;
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.diagnostic.severity == Severity::Error)
        .count();
    writeln!(
        out,
        "{}: {}, {}",
        count(migrations, "migration"),
        count(errors, "error"),
        count(findings.len() - errors, "warning")
    )
}

/// The diagnostic without what was said of proposed files at large before.
fn once(diagnostic: &Diagnostic, said: &mut BTreeSet<String>) -> Diagnostic {
    let mut shown = diagnostic.clone();
    let Some(help) = &diagnostic.help else {
        return shown;
    };
    let lines = help
        .lines()
        .filter(|line| !is_at_large(line) || said.insert((*line).to_owned()));
    let lines: Vec<&str> = lines.collect();
    shown.help = (!lines.is_empty()).then(|| lines.join("\n"));
    shown
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
