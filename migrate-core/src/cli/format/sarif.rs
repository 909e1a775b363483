//! SARIF 2.1.0, which code hosts and editors read.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::json::{array, object, text};
use super::{Finding, in_full, severity};
use crate::diagnostic::Code;

pub(super) fn write(findings: &[Finding<'_>], out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<&Code> = Vec::new();
    let mut indexes = Vec::with_capacity(findings.len());
    for finding in findings {
        let code = finding.diagnostic.code;
        let known = rules.iter().position(|rule| *rule == code);
        indexes.push(known.unwrap_or(rules.len()));
        if known.is_none() {
            rules.push(code);
        }
    }
    let driver = object([
        ("name", text("migrate")),
        ("version", text(env!("CARGO_PKG_VERSION"))),
        ("rules", array(rules.into_iter().map(rule))),
    ]);
    let results = array(
        findings
            .iter()
            .zip(indexes)
            .map(|(finding, index)| result(finding, index)),
    );
    let run = object([
        ("tool", object([("driver", driver)])),
        ("columnKind", text("unicodeCodePoints")),
        ("results", results),
    ]);
    let log = object([
        ("$schema", text("https://json.schemastore.org/sarif-2.1.0.json")),
        ("version", text("2.1.0")),
        ("runs", array([run])),
    ]);
    writeln!(out, "{log}")
}

fn rule(code: &Code) -> String {
    object([
        ("id", text(code.name)),
        ("shortDescription", object([("text", text(code.summary))])),
    ])
}

fn result(finding: &Finding<'_>, index: usize) -> String {
    let diagnostic = finding.diagnostic;
    let artifact = (
        "artifactLocation",
        object([("uri", text(&uri(&diagnostic.path)))]),
    );
    let place = match &diagnostic.position {
        Some(position) => {
            let region = object([
                ("startLine", position.line.to_string()),
                ("startColumn", position.column.to_string()),
                ("endColumn", (position.column + position.length).to_string()),
            ]);
            object([artifact, ("region", region)])
        }
        None => object([artifact]),
    };
    object([
        ("ruleId", text(diagnostic.code.name)),
        ("ruleIndex", index.to_string()),
        ("level", text(severity(diagnostic))),
        ("message", object([("text", text(&in_full(diagnostic)))])),
        ("locations", array([object([("physicalLocation", place)])])),
    ])
}

/// A path as a relative reference, or an absolute one as what it is.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            // Writing into a string does not fail.
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri
}
