//! What the names of migration files say.

use crate::diagnostic::{Diagnostic, codes};
use crate::model::{Version, calendar_fault};

/// A version and the words behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileName {
    pub(super) version: Version,
    pub(super) name: String,
}

/// `YYYYMMDDHHMMSS_words.sql`; `shown` is the path for messages.
pub(super) fn native(stem: &str, shown: &str) -> Result<FileName, Diagnostic> {
    let fault = |message: String| {
        Diagnostic::error(&codes::BAD_FILE_NAME, shown, message)
            .help("name it `YYYYMMDDHHMMSS_words.sql`, for example `20260131120000_create_users.sql`")
    };
    let digits_end = stem
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(stem.len());
    let (digits, rest) = stem.split_at(digits_end);
    if digits.is_empty() {
        return Err(fault(format!("`{stem}` does not start with a version")));
    }
    if digits.len() != 14 {
        return Err(fault(format!(
            "the version `{digits}` has {} {} instead of 14",
            digits.len(),
            if digits.len() == 1 { "digit" } else { "digits" }
        )));
    }
    if let Some(other) = rest.chars().next().filter(|first| *first != '_') {
        return Err(fault(format!(
            "between the version and the words of `{stem}` stands `{other}` instead of `_`"
        )));
    }
    let name = rest.strip_prefix('_').unwrap_or_default();
    if name.is_empty() {
        return Err(fault(format!("`{stem}` has no words behind the version")));
    }
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.');
    if let Some(other) = name.chars().find(|character| !fits(*character)) {
        return Err(fault(format!(
            "`{other}` may not stand in the name of a migration"
        )));
    }
    if let Some(fault) = calendar_fault(digits) {
        return Err(Diagnostic::error(
            &codes::BAD_CALENDAR_TIME,
            shown,
            format!("`{digits}` is not a calendar time: {fault}"),
        ));
    }
    Ok(FileName {
        version: version(digits, shown)?,
        name: name.to_owned(),
    })
}

/// A number as other tools have it.
pub(super) fn version(digits: &str, shown: &str) -> Result<Version, Diagnostic> {
    digits
        .parse()
        .map_err(|error| Diagnostic::error(&codes::BAD_VERSION, shown, format!("{error}")))
}
