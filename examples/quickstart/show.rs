//! What the application shows of its migrator.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use migrate_core::backfill::Progress;
use migrate_core::migrator::{Event, Observer};

/// How wide the bar is.
const WIDTH: usize = 30;

/// Prints what happens, and keeps the newest progress.
#[derive(Clone, Default)]
pub(crate) struct Shown {
    newest: Arc<Mutex<Option<Progress>>>,
    /// The tenth of the way that was printed last.
    tenth: Arc<Mutex<u64>>,
}

impl Shown {
    /// Waits until the progress is so far.
    pub(crate) async fn until(&self, far: impl Fn(&Progress) -> bool) {
        for _ in 0..1_000 {
            let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if newest.is_some_and(|newest| far(&newest)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn bar(&self, progress: &Progress) {
        let share = progress.visited as f64 / progress.estimate.max(1) as f64;
        let full = ((share * WIDTH as f64) as usize).min(WIDTH);
        let line = format!("   [{}{}] {progress}", "#".repeat(full), ".".repeat(WIDTH - full));
        if std::io::stdout().is_terminal() {
            print!("\r\x1b[2K{line}");
            let _ = std::io::stdout().flush();
            return;
        }
        // A file gets a line for each tenth.
        let mut tenth = self.tenth.lock().unwrap_or_else(PoisonError::into_inner);
        let now = (share * 10.0) as u64;
        if now > *tenth {
            *tenth = now;
            println!("{line}");
        }
    }
}

impl Observer for Shown {
    fn event(&self, event: &Event) {
        match event {
            Event::Statement { .. } => {}
            Event::Progress(progress) => {
                self.bar(progress);
                *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress.clone());
            }
            _ => {
                if std::io::stdout().is_terminal() {
                    print!("\r\x1b[2K");
                }
                println!("   {event}");
            }
        }
    }
}

pub(crate) fn title(text: &str) {
    println!("\n== {text}\n");
}
