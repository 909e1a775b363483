//! Annotations that GitHub Actions shows beside the changed lines.

use std::io::{self, Write};

use super::{Finding, in_full, severity};

pub(super) fn write(findings: &[Finding<'_>], out: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        let diagnostic = finding.diagnostic;
        let position = diagnostic.position.as_ref();
        let (line, column) = position.map_or((1, 1), |position| (position.line, position.column));
        writeln!(
            out,
            "::{} file={},line={line},col={column},title={}::{}",
            severity(diagnostic),
            property(&diagnostic.path),
            property(diagnostic.code.name),
            data(&in_full(diagnostic)),
        )?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
