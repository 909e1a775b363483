//! The report that a person reads.

use std::io::{self, Write};

use super::Finding;
use crate::diagnostic::Severity;

pub(super) fn write(findings: &[Finding<'_>], migrations: usize, out: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        writeln!(out, "{}\n", finding.diagnostic)?;
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

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
