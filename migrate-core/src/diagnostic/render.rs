//! The text of a diagnostic, in the shape Rust programmers know from their compiler.

use core::fmt::{self, Write as _};

use super::{Diagnostic, Severity};

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

/// The files to write instead, under one heading.
fn replacement(diagnostic: &Diagnostic) -> Option<String> {
    let files = &diagnostic.replacement;
    let mut text = match files.len() {
        0 => return None,
        1 => "write instead:".to_owned(),
        count => format!("write {count} files instead, in this order:"),
    };
    for (index, file) in files.iter().enumerate() {
        if files.len() > 1 {
            let _ = write!(text, "\n-- file {}", index + 1);
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
