//! Whether a person is there, and what one is asked.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{self, TryRecvError};
use std::time::Duration;

use futures_timer::Delay;

use super::answer::Failure;

/// How often it is looked whether an answer came.
const LOOK: Duration = Duration::from_millis(50);

/// Whether a person can be asked: one who sees the question and can answer it.
fn is_attended() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether the standard error is a terminal that can move its cursor.
pub(super) fn can_draw() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stderr().is_terminal() && !dumb
}

/// Tells a person something. A reader that went away is no failure of the command.
pub(super) fn tell(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Asks before something that is not undone easily. Where nobody can be asked, nothing is guessed.
pub(super) async fn confirm(what: &str, yes: bool) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    let Some(answer) = ask(&format!("{what}\nGo on? [y/N]")).await? else {
        return Err(Failure::new(format!(
            "{what}\nThere is no terminal to ask on: say `--yes` if this is what you want. Nothing was done"
        )));
    };
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new("nothing was done")),
    }
}

/// Asks a person, and gives back the line that was answered; `None` where nobody can be asked.
///
/// The answer is read beside the caller, so that a signal still reaches it.
pub(super) async fn ask(question: &str) -> Result<Option<String>, Failure> {
    if !is_attended() {
        return Ok(None);
    }
    write!(std::io::stderr(), "{question} ")?;
    std::io::stderr().flush()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut answer = String::new();
        let _ = std::io::stdin().read_line(&mut answer);
        let _ = send.send(answer);
    });
    let answer = loop {
        match receive.try_recv() {
            Ok(answer) => break answer,
            Err(TryRecvError::Empty) => Delay::new(LOOK).await,
            Err(TryRecvError::Disconnected) => break String::new(),
        }
    };
    // Whoever ends the input answers nothing, which is not an empty line.
    match answer.is_empty() {
        true => Err(Failure::new("nothing was done")),
        false => Ok(Some(answer)),
    }
}

/// Colours, where they are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    on: bool,
}

impl Paint {
    /// For the standard error: off where that is no terminal, and where `NO_COLOR` is set.
    pub(super) fn of_stderr() -> Self {
        Self {
            on: can_draw() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// No colours.
    #[cfg(test)]
    pub(super) fn none() -> Self {
        Self { on: false }
    }

    /// Whether anything is coloured.
    pub(super) fn is_on(self) -> bool {
        self.on
    }

    /// What is wrong.
    pub(super) fn bad(self, text: &str) -> String {
        self.in_color(31, text)
    }

    /// What waits, or slows something down.
    pub(super) fn slow(self, text: &str) -> String {
        self.in_color(33, text)
    }

    fn in_color(self, code: u8, text: &str) -> String {
        if self.on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}
