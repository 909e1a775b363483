//! From the bytes of a file to the text that everything else works on.

use crate::diagnostic::{Diagnostic, Position, codes};

/// The text without byte order mark and with LF line ends, or where it stops being UTF-8.
pub(crate) fn normalise(bytes: &[u8], path: &str) -> Result<String, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\r') => Ok(text.replace("\r\n", "\n")),
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or_default();
            let diagnostic =
                Diagnostic::error(&codes::NOT_UTF8, path, format!("byte {byte:#04x} is not UTF-8"));
            let utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
            Err(if utf16 {
                diagnostic.note("the file looks like UTF-16")
            } else {
                // What is valid up to the fault is the same text here, and the rest of the line is there to be seen.
                diagnostic.at(Position::of(&String::from_utf8_lossy(bytes), at, at + 1))
            })
        }
    }
}
