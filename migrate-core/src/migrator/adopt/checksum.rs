//! The checksums that other tools keep of what they applied.

use sha2::{Digest as _, Sha384};

use super::Tool;
use crate::database::ToolRow;

/// Whether the tool applied this text, by the checksum that it keeps; `None` where it keeps none.
///
/// A set has its text without byte order mark and with LF line ends, and the tool read the file as it was, so each form is
/// tried: they all mean the same to a database.
pub(super) fn is_of(tool: Tool, text: &str, row: &ToolRow) -> Option<bool> {
    let kept = row.checksum.as_deref()?;
    let found = match tool {
        // sqlx can be told to leave white space out of its checksums, and names these characters in its manual.
        Tool::Sqlx => {
            let bare: String = text.chars().filter(|one| !" \t\r\n".contains(*one)).collect();
            let mut forms = forms(text).into_iter().chain([bare]);
            forms.any(|form| sha384(&form).eq_ignore_ascii_case(kept))
        }
        Tool::Refinery => {
            let (version, kept) = (row.version.parse::<i64>().ok()?, kept.parse::<u64>().ok()?);
            let name = row.name.as_deref().unwrap_or_default();
            forms(text).iter().any(|form| {
                // Its versions have four bytes, or eight with its feature `int8-versions`.
                let narrow = i32::try_from(version).ok();
                let narrow = narrow.map(|version| refinery(name, &version.to_le_bytes(), form));
                narrow == Some(kept) || refinery(name, &version.to_le_bytes(), form) == kept
            })
        }
        Tool::Diesel | Tool::SeaOrm | Tool::Dbmate => return None,
    };
    Some(found)
}

/// The files that a set reads as this text. A section of a native file has lost the line end that its file had there.
fn forms(text: &str) -> Vec<String> {
    let ended = format!("{}\n", text.trim_end());
    let mut forms = Vec::new();
    for text in [text, &ended, text.trim_end()] {
        for mark in ["", "\u{feff}"] {
            forms.push(format!("{mark}{text}"));
            forms.push(format!("{mark}{}", text.replace('\n', "\r\n")));
        }
    }
    forms
}

fn sha384(text: &str) -> String {
    let digest = Sha384::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What refinery makes of a migration: its name, version and text, hashed one after the other as Rust hashes them. It takes
/// the bytes of the version as the machine has them; those that count have the lowest first.
fn refinery(name: &str, version: &[u8], text: &str) -> u64 {
    let end = [0xff];
    let fields = [name.as_bytes(), &end, version, text.as_bytes(), &end];
    sip_1_3(&fields.concat())
}

/// SipHash with one round for each word and three at the end, and a key of zeros.
fn sip_1_3(bytes: &[u8]) -> u64 {
    let mut state = [
        0x736f_6d65_7073_6575_u64,
        0x646f_7261_6e64_6f6d,
        0x6c79_6765_6e65_7261,
        0x7465_6462_7974_6573,
    ];
    let words = bytes.chunks_exact(8);
    let mut last = [0; 8];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    last[7] = bytes.len() as u8;
    let last: &[u8] = &last;
    for chunk in words.chain([last]) {
        let mut word = [0; 8];
        word.copy_from_slice(chunk);
        let word = u64::from_le_bytes(word);
        state[3] ^= word;
        round(&mut state);
        state[0] ^= word;
    }
    state[2] ^= 0xff;
    for _ in 0..3 {
        round(&mut state);
    }
    state.into_iter().fold(0, |all, one| all ^ one)
}

fn round([v0, v1, v2, v3]: &mut [u64; 4]) {
    *v0 = v0.wrapping_add(*v1);
    *v2 = v2.wrapping_add(*v3);
    *v1 = v1.rotate_left(13) ^ *v0;
    *v3 = v3.rotate_left(16) ^ *v2;
    *v0 = v0.rotate_left(32);
    *v2 = v2.wrapping_add(*v1);
    *v0 = v0.wrapping_add(*v3);
    *v1 = v1.rotate_left(17) ^ *v2;
    *v3 = v3.rotate_left(21) ^ *v0;
    *v2 = v2.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sip_is_what_the_standard_library_has_today() {
        use std::hash::Hasher as _;
        for length in 0..40_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            // Its algorithm may change one day; refinery's may not, and was this one when it began.
            let mut default = std::hash::DefaultHasher::new();
            default.write(&bytes);
            assert_eq!(sip_1_3(&bytes), default.finish(), "{length}");
        }
    }

    fn row(version: &str, name: &str, checksum: &str) -> ToolRow {
        ToolRow {
            version: version.to_owned(),
            name: Some(name.to_owned()),
            checksum: Some(checksum.to_owned()),
            failed: false,
        }
    }

    #[test]
    fn every_form_of_a_file_is_its_text() {
        let text = "CREATE TABLE a (id INTEGER);\n-- end\n";
        let others = [
            "CREATE TABLE b (id INTEGER);\n-- end\n",
            "",
            "CREATE TABLE a (id INTEGER);\n",
        ];
        for form in [
            text.to_owned(),
            text.trim_end().to_owned(),
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
            text.split_whitespace().collect(),
        ] {
            let applied = row("1", "a", &sha384(&form));
            assert_eq!(is_of(Tool::Sqlx, text, &applied), Some(true), "{form:?}");
            for other in others {
                assert_eq!(is_of(Tool::Sqlx, other, &applied), Some(false), "{form:?}");
            }
        }
        for version in [&1_i32.to_le_bytes()[..], &1_i64.to_le_bytes()] {
            let applied = row("1", "a", &refinery("a", version, text).to_string());
            assert_eq!(is_of(Tool::Refinery, text, &applied), Some(true));
            assert_eq!(is_of(Tool::Refinery, others[0], &applied), Some(false));
        }
        assert_eq!(is_of(Tool::Diesel, text, &row("1", "a", "")), None);
    }
}
