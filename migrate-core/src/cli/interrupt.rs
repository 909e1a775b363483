//! Ctrl-C and SIGTERM, without a runtime.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_timer::Delay;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{SigId, flag, low_level};

use super::WRONG;
use crate::migrator::Stop;

/// How often it is looked whether a signal came.
const LOOK: Duration = Duration::from_millis(50);

/// As long as it lives, the first signal asks to stop, and the second one ends the process.
pub(super) struct Interrupt {
    stop: Stop,
    registered: Vec<SigId>,
}

impl Interrupt {
    /// Begins to listen.
    pub(super) fn listen() -> std::io::Result<Self> {
        let stop = Stop::new();
        let mut interrupt = Self {
            stop: stop.clone(),
            registered: Vec::new(),
        };
        for signal in [SIGINT, SIGTERM] {
            let asked: Arc<AtomicBool> = stop.flag();
            // Looked at before the other sets it: so it acts from the second signal on.
            let again = flag::register_conditional_shutdown(signal, i32::from(WRONG), Arc::clone(&asked))?;
            interrupt.registered.push(again);
            interrupt.registered.push(flag::register(signal, asked)?);
        }
        Ok(interrupt)
    }

    /// What a signal asks to stop.
    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// Returns once a signal came.
    pub(super) async fn came(&self) {
        while !self.stop.is_asked() {
            Delay::new(LOOK).await;
        }
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        for id in self.registered.drain(..) {
            low_level::unregister(id);
        }
    }
}
