//! The `DELIMITER` line of the `mysql` and `mariadb` command line clients.

/// A `DELIMITER` line.
pub(super) struct Directive<'a> {
    /// What ends statements from here on.
    pub(super) delimiter: &'a str,
    /// Offset of the line's end.
    pub(super) end: usize,
}

/// The directive whose keyword is the word at `start`, if it is one.
///
/// Like in the clients it is one only between statements, which is for the caller to know: within a statement the word
/// can be a column.
pub(super) fn directive(text: &str, start: usize) -> Option<Directive<'_>> {
    let (before, line) = text.split_at_checked(start)?;
    let keyword = line.get(..KEYWORD.len())?;
    let rest = line.get(KEYWORD.len()..)?;
    if !keyword.eq_ignore_ascii_case(KEYWORD) || !rest.starts_with([' ', '\t']) {
        return None;
    }
    let line_start = before.rfind('\n').map_or(0, |found| found + 1);
    if !before[line_start..].chars().all(|c| c == ' ' || c == '\t') {
        return None;
    }
    let rest = rest.split('\n').next().unwrap_or("");
    let argument = rest.trim();
    let delimiter = match argument.as_bytes().first()? {
        b'\'' | b'"' | b'`' => argument.trim_matches(['\'', '"', '`']),
        _ => argument.split([' ', '\t']).next()?,
    };
    if delimiter.is_empty() {
        return None;
    }
    Some(Directive {
        delimiter,
        end: start + KEYWORD.len() + rest.len(),
    })
}

const KEYWORD: &str = "delimiter";
