//! Where the directives of files stand that rules have something to say of.

use std::collections::HashMap;

use crate::diagnostic::Position;
use crate::model::Version;

/// Where the directives of each file stand.
pub(crate) type Places = HashMap<Version, DirectivePlaces>;

/// Where directives of a file stand of which rules have something to say.
#[derive(Debug, Default)]
pub(crate) struct DirectivePlaces {
    /// The syncs, in their order.
    pub(crate) syncs: Vec<Position>,
    /// Others that stand once in a file, by name.
    pub(crate) others: Vec<(&'static str, Position)>,
}

impl DirectivePlaces {
    pub(crate) fn is_empty(&self) -> bool {
        self.syncs.is_empty() && self.others.is_empty()
    }

    pub(in crate::rules) fn of(&self, name: &str) -> Option<&Position> {
        let found = self.others.iter().find(|(other, _)| *other == name);
        found.map(|(_, position)| position)
    }
}
