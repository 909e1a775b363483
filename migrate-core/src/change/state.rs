//! The states of a change, and what leads from one to the other.

use core::fmt;

use super::Occurrence;

/// How far a change is. Being blocked is beside it, because every state may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChangeState {
    /// Nothing of it is in the database.
    #[default]
    Planned,
    /// Every expand file is applied.
    Expanded,
    /// Its data is being moved.
    Backfilling,
    /// Its data is moved and right.
    Verified,
    /// Traffic is being moved over. No change gets here yet.
    CuttingOver,
    /// Every running build uses the new shape; the old one is kept for a while.
    Soaking,
    /// The old shape is gone.
    Contracted,
    /// It was taken back, and is not applied again until it is resumed.
    RolledBack,
}

impl ChangeState {
    /// All of them, in the order in which a change goes through them.
    pub const ALL: [ChangeState; 8] = [
        ChangeState::Planned,
        ChangeState::Expanded,
        ChangeState::Backfilling,
        ChangeState::Verified,
        ChangeState::CuttingOver,
        ChangeState::Soaking,
        ChangeState::Contracted,
        ChangeState::RolledBack,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            ChangeState::Planned => "planned",
            ChangeState::Expanded => "expanded",
            ChangeState::Backfilling => "backfilling",
            ChangeState::Verified => "verified",
            ChangeState::CuttingOver => "cutting over",
            ChangeState::Soaking => "soaking",
            ChangeState::Contracted => "contracted",
            ChangeState::RolledBack => "rolled back",
        }
    }
}

impl fmt::Display for ChangeState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a change consists of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Whether it has an expand file.
    pub expand: bool,
    /// Whether it has a migrate file.
    pub migrate: bool,
    /// Whether its contract loses data, or has no way back.
    pub loses: bool,
}

impl Shape {
    /// Where a change stands that has everything before its contract.
    const fn before_use(self) -> ChangeState {
        match (self.expand, self.migrate) {
            (_, true) => ChangeState::Verified,
            (true, false) => ChangeState::Expanded,
            (false, false) => ChangeState::Planned,
        }
    }
}

/// Something that cannot happen to a change as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub why: &'static str,
}

impl ChangeState {
    /// The state behind something that happens, for a change that is not blocked.
    ///
    /// # Errors
    ///
    /// If that cannot happen to a change as it is.
    pub fn after(self, what: Occurrence, shape: Shape) -> Result<Self, Refused> {
        use ChangeState::{
            Backfilling, Contracted, CuttingOver, Expanded, Planned, RolledBack, Soaking, Verified,
        };
        let refused = |why| Err(Refused { why });
        match (self, what) {
            // What is only noted leaves every change as it is.
            (
                state,
                Occurrence::Approved
                | Occurrence::Ready
                | Occurrence::NotReady
                | Occurrence::Blocked
                | Occurrence::Unblocked
                | Occurrence::Squashed
                | Occurrence::TakenBack
                | Occurrence::Redone
                | Occurrence::Recorded
                | Occurrence::Repaired
                | Occurrence::Steered
                | Occurrence::Policy
                | Occurrence::Failed
                | Occurrence::Noted,
            ) => Ok(state),
            (RolledBack, Occurrence::Resumed) => Ok(Planned),
            (_, Occurrence::Resumed) => refused("it was not taken back"),
            (RolledBack, _) => refused("it was taken back, and not resumed"),
            (Contracted, Occurrence::RolledBack) if shape.loses => {
                refused("its contract has lost data: a backup is the only way back")
            }
            (Planned, Occurrence::RolledBack) if shape.expand || shape.migrate => {
                refused("nothing of it is in the database")
            }
            (_, Occurrence::RolledBack) => Ok(RolledBack),
            (Contracted, _) => refused("its old shape is gone already"),
            (Planned | Expanded, Occurrence::Expanded) => Ok(Expanded),
            (state, Occurrence::Expanded) => Ok(state),
            (Planned, Occurrence::Backfilling | Occurrence::Verified) if shape.expand => {
                refused("its expand files are not applied")
            }
            (Planned | Expanded | Backfilling | Verified, Occurrence::Backfilling) => Ok(Backfilling),
            (CuttingOver | Soaking, Occurrence::Backfilling) => refused("its data is in use already"),
            (Planned | Expanded | Backfilling | Verified, Occurrence::Verified) => Ok(Verified),
            (state @ (CuttingOver | Soaking), Occurrence::Verified) => Ok(state),
            (Soaking, Occurrence::InUse) => Ok(Soaking),
            (Backfilling, Occurrence::InUse) => refused("its data is not verified"),
            (Planned, Occurrence::InUse) if shape.expand => refused("its expand files are not applied"),
            (Planned | Expanded, Occurrence::InUse) if shape.migrate => refused("its data is not verified"),
            (Planned | Expanded | Verified | CuttingOver, Occurrence::InUse) => Ok(Soaking),
            (Soaking, Occurrence::InUseEnded) => Ok(shape.before_use()),
            (state, Occurrence::InUseEnded) => Ok(state),
            (Soaking, Occurrence::Contracted) => Ok(Contracted),
            (_, Occurrence::Contracted) => refused("running builds may still use its old shape"),
        }
    }
}
