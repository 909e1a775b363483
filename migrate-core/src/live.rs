//! The builds that run now, as far as that is proved.
//!
//! An instance registers with a lock that its session holds for as long as it lives. Who is not seen is not there only
//! where all are seen: what cannot be proved closes the gate.

use core::fmt;
use std::time::Duration;

use crate::model::{Digest, MigrationSet, Version};
use crate::plan::Policy;

/// What a build embeds, as it tells others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The first 16 hexadecimal digits of a digest over what it embeds.
    pub id: String,
    /// The versions it embeds, ascending, with those that its squashed files stand for.
    pub versions: Vec<Version>,
    /// The policy under which it runs. What embeds the same under another policy is another build.
    pub policy: Policy,
}

impl Build {
    /// The build that embeds a set, under [`Policy::Production`].
    pub fn of(set: &MigrationSet) -> Self {
        Self::under(Policy::Production, set)
    }

    /// The build that embeds a set, under a policy.
    pub fn under(policy: Policy, set: &MigrationSet) -> Self {
        let digest = Digest::of_applied(set.when_applied());
        let digest = match policy {
            Policy::Production => digest,
            Policy::Development => Digest::of_fields([policy.name(), &digest.to_string()]),
        };
        Self {
            id: format!("{digest:.16}"),
            versions: set.when_applied().map(|(version, _)| version).collect(),
            policy,
        }
    }

    /// Whether it embeds all of these versions.
    pub fn embeds(&self, versions: &[Version]) -> bool {
        versions
            .iter()
            .all(|version| self.versions.binary_search(version).is_ok())
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = match self.policy {
            Policy::Production => "",
            Policy::Development => ", for development",
        };
        match self.versions.last() {
            Some(newest) => write!(f, "{:.8} (up to {newest}{policy})", self.id),
            None => write!(f, "{:.8} (without migrations{policy})", self.id),
        }
    }
}

/// How an instance shows that it lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Liveness {
    /// By locks that a connection of its own holds: they survive a process that is stopped, and go with one that is
    /// killed. On SQLite by a locked file beside the database.
    #[default]
    Session,
    /// By telling the time, for services that only reach the database through a transaction pooler.
    ///
    /// It proves less: an instance that could not tell the time for as long as `window`, because it was stopped or cut
    /// off, counts as gone, and is not when it comes back.
    Heartbeat {
        /// How often it tells.
        every: Duration,
        /// How long it counts as alive without.
        window: Duration,
    },
}

/// Whether this instance is seen to live, as far as it knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Registered {
    /// It did not register, or has left.
    #[default]
    No,
    /// It is seen.
    Yes,
    /// Its registration was lost, and it tries to register again. What keeps contracts away from it is over in the
    /// settle time, so it should not go on serving for longer.
    Lost {
        /// What the database said.
        reason: String,
    },
    /// It registered again, and what its build needs is gone: it must not serve any more.
    Overtaken {
        /// What was applied or taken back meanwhile.
        reason: String,
    },
}

/// How it is known that an instance lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It holds a lock.
    Lock,
    /// It told the time within its window.
    Heartbeat,
}

/// One instance that runs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// What the database calls it: application name, user, address, number of its connection.
    pub name: String,
    /// Its build; `None` where nobody wrote down what that embeds.
    pub build: Option<Build>,
    /// How it is known that it lives.
    pub proof: Proof,
}

impl fmt::Display for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proof = match self.proof {
            Proof::Lock => "",
            Proof::Heartbeat => ", by its heartbeat",
        };
        match &self.build {
            Some(build) => write!(f, "{} of build {build}{proof}", self.name),
            None => write!(f, "{} of an unknown build{proof}", self.name),
        }
    }
}

/// Who uses the database now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// The registered instances of this set.
    pub instances: Vec<Instance>,
    /// Names of applications that are connected and of which no instance is registered; on MySQL and MariaDB of users.
    pub others: Vec<String>,
    /// What could not be looked at, and why.
    pub blind: Vec<String>,
    /// The builds that were ever seen, with when that was first, in milliseconds since 1970, the latest last.
    pub builds: Vec<(Build, u64)>,
    /// How long the database server runs, where it has one. Instances register again within seconds of a restart.
    pub up: Option<Duration>,
}
