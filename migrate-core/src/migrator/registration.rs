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
use crate::live::{Build, Liveness, Registered};
use crate::model::MigrationSet;
use crate::plan;

/// How often it is looked whether the registration holds.
const BEAT: Duration = Duration::from_secs(3);

/// How often at least it is looked within the settle time.
const BEATS: u32 = 5;

/// How long an answer may take at least.
const ANSWER: Duration = Duration::from_secs(5);

/// When it is looked for the first time: what this build embeds is written down then, if nobody did.
const FIRST_BEAT: Duration = Duration::from_secs(1);

/// How long it takes to leave at most, where the database answers.
const LEAVE: Duration = Duration::from_secs(2);

/// How often an instance looks again that starts while a contract is being applied.
const DOOR: Duration = Duration::from_millis(100);

/// The registration of an instance, shared by the clones of its migrator.
#[derive(Clone, Default)]
pub(super) struct Registration {
    held: Arc<Mutex<Held>>,
    /// Whether `run` said that this build may serve: a process that only works may be there before.
    serves: Arc<AtomicBool>,
}

#[derive(Default)]
enum Held {
    #[default]
    Not,
    /// Registered, and kept by whoever holds this.
    Here(Box<dyn Presence>),
    /// Kept by a task that ends when it is asked to, says when it has, and tells how it is.
    Watched(Stop, Arc<AtomicBool>, Arc<Mutex<Registered>>),
}

impl Registration {
    fn take(&self) -> Held {
        std::mem::take(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn put(&self, held: Held) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = held;
    }

    fn is_held(&self) -> bool {
        !matches!(
            *self.held.lock().unwrap_or_else(PoisonError::into_inner),
            Held::Not
        )
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
        Arc::clone(
            self.build
                .get_or_init(|| Arc::new(Build::under(self.policy, &self.set))),
        )
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

    /// Whether this instance was found fit to serve, and did not leave since.
    pub(super) fn is_serving(&self) -> bool {
        self.registration.serves.load(Ordering::Acquire)
    }

    /// Leaves before migrations are taken back: who does that does not serve from them. `true` where it served.
    pub(super) async fn step_aside(&self) -> bool {
        let served = self.is_serving();
        self.leave().await;
        served
    }

    /// Comes back where nothing was taken back: the instance goes on serving.
    pub(super) async fn step_back(&self) {
        // Where this does not come about, its worker registers again, or its next start.
        if self.arrive().await.is_ok() {
            self.serves();
            self.keep_registered();
        }
    }

    /// This build may serve from now on.
    pub(super) fn serves(&self) {
        self.registration.serves.store(true, Ordering::Release);
    }

    /// Keeps the registration for as long as the pool is in use.
    pub(super) fn keep_registered(&self) {
        let presence = match self.registration.take() {
            Held::Here(presence) => presence,
            held => return self.registration.put(held),
        };
        let (stop, ended) = (Stop::new(), Arc::new(AtomicBool::new(false)));
        let registered = Arc::new(Mutex::new(Registered::Yes));
        self.registration.put(Held::Watched(
            stop.clone(),
            Arc::clone(&ended),
            Arc::clone(&registered),
        ));
        let settle = self.gate_options.settle;
        let watch = Watch {
            presence,
            stop,
            every: match self.liveness {
                // Whoever asks for a shorter settle time counts on being back within that.
                Liveness::Session if !settle.is_zero() => (settle / BEATS).clamp(DOOR, BEAT),
                Liveness::Session => BEAT,
                Liveness::Heartbeat { every, .. } => every,
            },
            observer: Arc::clone(&self.session.observer),
            set: self.set.clone(),
            serves: Arc::clone(&self.registration.serves),
            registered,
        };
        self.driver.spawn(Box::pin(async move {
            watch.keep().await;
            ended.store(true, Ordering::Release);
        }));
    }

    /// Whether this instance is seen to live, as far as it knows: for a readiness probe. It asks nobody.
    ///
    /// A registration is lost with its connection. Then the instance registers again, and reads whether its build may
    /// still serve: a contract may have been applied that did not see it. The observer hears the same.
    pub fn registered(&self) -> Registered {
        let held = self
            .registration
            .held
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match &*held {
            Held::Not => Registered::No,
            Held::Here(_) => Registered::Yes,
            Held::Watched(_, _, registered) => {
                registered.lock().unwrap_or_else(PoisonError::into_inner).clone()
            }
        }
    }

    /// Ends the registration of this instance: it does not use the database any more, as far as the migrations go.
    ///
    /// A registration ends by itself with the process, and when the pool is closed or dropped; this is for a service
    /// that gives the database up earlier, or goes on without.
    ///
    /// # Cancellation
    ///
    /// Dropping the future ends the registration all the same; nobody waits then until the database shows it.
    pub async fn leave(&self) {
        self.registration.serves.store(false, Ordering::Release);
        match self.registration.take() {
            Held::Not => {}
            Held::Here(presence) => presence.leave().await,
            Held::Watched(stop, ended, _) => {
                stop.stop();
                let asked = Instant::now();
                while !ended.load(Ordering::Acquire) && asked.elapsed() < LEAVE {
                    Delay::new(LEAVE / 400).await;
                }
            }
        }
    }
}

/// What looks after a registration.
struct Watch {
    presence: Box<dyn Presence>,
    stop: Stop,
    every: Duration,
    observer: Arc<dyn Observer>,
    set: MigrationSet,
    serves: Arc<AtomicBool>,
    registered: Arc<Mutex<Registered>>,
}

impl Watch {
    /// Looks after the registration until it is to end.
    async fn keep(mut self) {
        // Between a registration that was lost and a look at the history behind the next one, a contract may be applied.
        let mut unsure = false;
        let mut pause = self.every.min(FIRST_BEAT);
        loop {
            {
                let abandoned = pin!(self.presence.abandoned());
                let wait = pin!(self.stop.wait(pause));
                if let Either::Left(_) = select(abandoned, wait).await {
                    break;
                }
            }
            if self.stop.is_asked() {
                break;
            }
            pause = self.every;
            match self.in_time(Step::Beat).await {
                Ok(Seen::Held) if !unsure => {}
                Ok(_) => {
                    unsure = true;
                    match self.in_time(Step::Look).await {
                        Ok(Seen::Standing(standing)) => {
                            unsure = false;
                            self.judge(&standing);
                        }
                        Ok(_) => pause = DOOR,
                        Err(error) => pause = self.lost(&error),
                    }
                }
                Err(error) => {
                    unsure = true;
                    pause = self.lost(&error);
                }
            }
        }
        self.presence.leave().await;
    }

    /// A connection that does not answer holds the registration for as long as the server does not notice, but says no
    /// more whether it does.
    async fn in_time(&mut self, step: Step) -> Result<Seen, Error> {
        let limit = (self.every * 2).max(ANSWER);
        let answer = {
            let presence = &mut self.presence;
            let asked = pin!(async move {
                Ok(match step {
                    Step::Beat => match presence.beat().await? {
                        Beat::Held => Seen::Held,
                        Beat::Again => Seen::Again,
                    },
                    Step::Look => presence.look().await?.map_or(Seen::Again, Seen::Standing),
                })
            });
            match select(asked, Delay::new(limit)).await {
                Either::Left((answer, _)) => Some(answer),
                Either::Right(_) => None,
            }
        };
        answer.unwrap_or_else(|| {
            self.presence.give_up();
            Err(Error::new(
                Kind::Connection,
                format!("the database does not answer for {limit:.1?}"),
            ))
        })
    }

    fn lost(&self, error: &Error) -> Duration {
        let was = self.say(Registered::Lost {
            reason: error.to_string(),
        });
        if !matches!(was, Registered::Lost { .. }) {
            self.observer.event(&Event::RegistrationLost {
                message: error.to_string(),
            });
        }
        (self.every / 3).max(DOOR)
    }

    /// Whether this build may serve from what is there now.
    fn judge(&self, standing: &Standing) {
        match plan::overtaken(&self.set, standing, self.serves.load(Ordering::Acquire)) {
            None => {
                self.say(Registered::Yes);
                self.observer.event(&Event::RegisteredAgain);
            }
            Some(error) => {
                let reason = error.to_string();
                self.say(Registered::Overtaken {
                    reason: reason.clone(),
                });
                self.observer.event(&Event::Overtaken { reason });
            }
        }
    }

    fn say(&self, now: Registered) -> Registered {
        let mut registered = self.registered.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *registered, now)
    }
}

enum Step {
    Beat,
    Look,
}

enum Seen {
    Held,
    /// It registered again, or a contract is being applied: it has to look again.
    Again,
    Standing(Standing),
}
