//! How this instance shows to the others that it lives.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_timer::Delay;
use futures_util::future::{Either, select};

use super::{Event, Migrator, Observer, Stop};
use crate::database::presence::{Arriving, Beat, Presence};
use crate::error::{Error, Kind};
use crate::history::Standing;
use crate::live::{Build, Liveness};

/// How often it is looked whether the registration holds.
const BEAT: Duration = Duration::from_secs(3);

/// When it is looked for the first time: what this build embeds is written down then, if nobody did.
const FIRST_BEAT: Duration = Duration::from_secs(1);

/// How long it takes to leave at most, where the database answers.
const LEAVE: Duration = Duration::from_secs(2);

/// How often an instance looks again that starts while a contract is being applied.
const DOOR: Duration = Duration::from_millis(100);

/// The registration of an instance, shared by the clones of its migrator.
#[derive(Clone, Default)]
pub(super) struct Registration(Arc<Mutex<Held>>);

#[derive(Default)]
enum Held {
    #[default]
    Not,
    /// Registered, and kept by whoever holds this.
    Here(Box<dyn Presence>),
    /// Kept by a task that ends when it is asked to, and says when it has.
    Watched(Stop, Arc<AtomicBool>),
}

impl Registration {
    fn take(&self) -> Held {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, held: Held) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = held;
    }

    fn is_held(&self) -> bool {
        !matches!(*self.0.lock().unwrap_or_else(PoisonError::into_inner), Held::Not)
    }
}

/// Ends a registration that is not kept: its start was cancelled, or may not serve.
pub(super) struct Unkept(Registration);

impl Drop for Unkept {
    fn drop(&mut self) {
        match self.0.take() {
            Held::Here(presence) => drop(presence),
            held => self.0.put(held),
        }
    }
}

impl Migrator {
    /// What ends the registration, unless that is kept by then.
    pub(super) fn unkept(&self) -> Unkept {
        Unkept(self.registration.clone())
    }

    /// What this build embeds.
    pub(super) fn own_build(&self) -> Arc<Build> {
        Arc::clone(self.build.get_or_init(|| Arc::new(Build::of(&self.set))))
    }

    /// Registers, unless that was done, and reads what a start asks for behind it.
    pub(super) async fn arrive(&self) -> Result<Standing, Error> {
        if self.registration.is_held() {
            return self.driver.read_standing(&self.namespace, self.expected()).await;
        }
        let started = Instant::now();
        let arriving = Arriving {
            build: self.own_build(),
            liveness: self.liveness,
            instance: self.session.instance.clone(),
        };
        loop {
            let arrival = self
                .driver
                .arrive(&self.namespace, &arriving, self.expected())
                .await?;
            if !arrival.door_closed {
                if let Some(presence) = arrival.presence {
                    self.registration.put(Held::Here(presence));
                }
                return Ok(arrival.standing);
            }
            // What the history says now is old in a moment.
            if let Some(presence) = arrival.presence {
                presence.leave().await;
            }
            let waited = started.elapsed();
            if waited >= self.lock_wait {
                let message = format!("a contract is being applied for more than {waited:.1?}");
                return Err(Error::new(Kind::LockTimeout, message).help(
                    "instances start behind it; `MigratorBuilder::lock_wait` sets how long they wait",
                ));
            }
            Delay::new(DOOR).await;
        }
    }

    /// Registers where the tables that it takes were not there before.
    pub(super) async fn arrive_late(&self) -> Result<(), Error> {
        match (self.liveness, self.registration.is_held()) {
            (Liveness::Heartbeat { .. }, false) => self.arrive().await.map(drop),
            _ => Ok(()),
        }
    }

    /// Whether this instance is registered.
    pub(super) fn is_registered(&self) -> bool {
        self.registration.is_held()
    }

    /// Keeps the registration for as long as the pool is in use.
    pub(super) fn keep_registered(&self) {
        let presence = match self.registration.take() {
            Held::Here(presence) => presence,
            held => return self.registration.put(held),
        };
        let (stop, ended) = (Stop::new(), Arc::new(AtomicBool::new(false)));
        self.registration
            .put(Held::Watched(stop.clone(), Arc::clone(&ended)));
        let every = match self.liveness {
            Liveness::Session => BEAT,
            Liveness::Heartbeat { every, .. } => every,
        };
        let observer = Arc::clone(&self.session.observer);
        self.driver.spawn(Box::pin(async move {
            watch(presence, stop, every, observer).await;
            ended.store(true, Ordering::Release);
        }));
    }

    /// Ends the registration of this instance: it does not use the database any more, as far as the migrations go.
    ///
    /// A registration ends by itself with the process, and when the pool is closed or dropped; this is for a service
    /// that gives the database up earlier, or goes on without.
    pub async fn leave(&self) {
        match self.registration.take() {
            Held::Not => {}
            Held::Here(presence) => presence.leave().await,
            Held::Watched(stop, ended) => {
                stop.stop();
                let asked = Instant::now();
                while !ended.load(Ordering::Acquire) && asked.elapsed() < LEAVE {
                    Delay::new(LEAVE / 400).await;
                }
            }
        }
    }
}

/// Looks after a registration until it is to end.
async fn watch(mut presence: Box<dyn Presence>, stop: Stop, every: Duration, observer: Arc<dyn Observer>) {
    let mut lost = false;
    let mut pause = every.min(FIRST_BEAT);
    loop {
        {
            let abandoned = pin!(presence.abandoned());
            let wait = pin!(stop.wait(pause));
            if let Either::Left(_) = select(abandoned, wait).await {
                break;
            }
        }
        if stop.is_asked() {
            break;
        }
        pause = every;
        match presence.beat().await {
            Ok(Beat::Held) => lost = false,
            Ok(Beat::Again) => {
                lost = false;
                observer.event(&Event::Trouble {
                    message: "the registration of this instance was lost, and is there again".to_owned(),
                });
            }
            Err(error) if !lost => {
                lost = true;
                observer.event(&Event::Trouble {
                    message: format!("this instance is not registered, and tries to be: {error}"),
                });
            }
            Err(_) => {}
        }
    }
    presence.leave().await;
}
