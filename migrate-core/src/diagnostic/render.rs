//! The text of a diagnostic, in the shape Rust programmers know from their compiler.

use core::fmt::{self, Write as _};

use super::{Diagnostic, ProposedFile, Severity};
use crate::model::Phase;

/// Longer lines are cut around the place that is meant, so that a one-line dump stays readable.
const WIDEST: usize = 160;

pub(super) fn render(diagnostic: &Diagnostic, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let severity = match diagnostic.severity {
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    write!(f, "{severity}[{}]: {}", diagnostic.code.name, diagnostic.message)?;
    let Some(position) = &diagnostic.position else {
        write!(f, "\n --> {}", diagnostic.path)?;
        return trailer(diagnostic, "", f);
    };
    let number = position.line.to_string();
    let margin = " ".repeat(number.len());
    let (text, column) = window(&position.text, position.column as usize);
    // A place that goes on beyond the cut is marked up to there.
    let room = (text.chars().count() + 1).saturating_sub(column).max(1);
    let carets = "^".repeat((position.length as usize).min(room));
    write!(
        f,
        "\n{margin}--> {}:{}:{}\n{margin} |\n{number} | {text}\n{margin} | {}{carets}",
        diagnostic.path,
        position.line,
        position.column,
        " ".repeat(column - 1),
    )?;
    if let Some(label) = &diagnostic.label {
        write!(f, " {label}")?;
    }
    if !diagnostic.notes.is_empty() || diagnostic.help.is_some() || !diagnostic.replacement.is_empty() {
        write!(f, "\n{margin} |")?;
    }
    trailer(diagnostic, &margin, f)
}

fn trailer(diagnostic: &Diagnostic, margin: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let notes = diagnostic.notes.iter().map(|note| ("note", note));
    let help = diagnostic.help.iter().map(|help| ("help", help));
    let replacement = replacement(diagnostic);
    let instead = replacement.iter().map(|text| ("help", text));
    for (word, text) in notes.chain(help).chain(instead) {
        let mut lines = text.lines();
        write!(f, "\n{margin} = {word}: {}", lines.next().unwrap_or_default())?;
        for line in lines {
            f.write_char('\n')?;
            if !line.is_empty() {
                write!(f, "{margin}         {line}")?;
            }
        }
    }
    Ok(())
}

/// The files to write instead, under one heading, each with the release that it goes out with.
fn replacement(diagnostic: &Diagnostic) -> Option<String> {
    let files = &diagnostic.replacement;
    let named = |file: &ProposedFile| {
        let change = file.change.as_ref();
        let change = change.map_or_else(String::new, |change| format!(" --change {change}"));
        format!("`migrate new <words> --phase {}{change}`", file.phase)
    };
    let later = files.iter().any(|file| file.phase == Phase::Contract);
    let sooner = files.iter().any(|file| file.phase != Phase::Contract);
    let mut text = match files.as_slice() {
        [] => return None,
        [one] => match one.phase {
            Phase::Contract => format!(
                "write instead, with a release whose code no longer needs the old shape ({} names the file):",
                named(one)
            ),
            _ => "write instead:".to_owned(),
        },
        many => {
            let names = match many.first() {
                Some(first) => named(first).replace(&format!("--phase {}", first.phase), "--phase <phase>"),
                None => String::new(),
            };
            format!(
                "write {} files instead, in this order; {names} names each:",
                many.len()
            )
        }
    };
    for (index, file) in files.iter().enumerate() {
        if files.len() > 1 {
            let release = match (file.phase, sooner, later) {
                (Phase::Contract, true, _) => {
                    "with the next release, once its code needs only the new shape (docs/releases.md)"
                }
                (Phase::Contract, ..) => {
                    "with a release whose code no longer needs the old shape (docs/releases.md)"
                }
                (_, _, true) => "with this release",
                _ => "",
            };
            let separator = if release.is_empty() { "" } else { ", " };
            let _ = write!(text, "\n-- file {}{separator}{release}", index + 1);
        }
        let _ = write!(text, "\n{file}");
    }
    Some(text)
}

/// The line with tabs as four spaces and without control characters, cut where it is too long; and where the
/// column has gone.
fn window(line: &str, column: usize) -> (String, usize) {
    let mut shown = String::new();
    let mut shown_column = 1;
    let mut width = 0;
    for (index, character) in line.chars().enumerate() {
        if index + 1 == column {
            shown_column = width + 1;
        }
        let piece = match character {
            '\t' => "    ",
            control if control.is_control() => "\u{fffd}",
            _ => {
                shown.push(character);
                width += 1;
                continue;
            }
        };
        shown.push_str(piece);
        width += piece.chars().count();
    }
    if line.chars().count() < column {
        shown_column = width + 1;
    }
    if width <= WIDEST {
        return (shown, shown_column);
    }
    let from = shown_column.saturating_sub(WIDEST / 2).min(width - WIDEST);
    let cut: String = shown.chars().skip(from).take(WIDEST).collect();
    let head = if from > 0 { "…" } else { "" };
    let tail = if from + WIDEST < width { "…" } else { "" };
    (
        format!("{head}{cut}{tail}"),
        shown_column - from + head.chars().count(),
    )
}
