//! What stands in for a set that was refused: something of the right type, so that ours are the only errors.

use migrate_core::MigrationSet;

use crate::args::Args;

/// An empty set of the dialect that was asked for.
pub(crate) fn empty_set(args: &Args) -> MigrationSet {
    MigrationSet {
        name: args.name.clone().into(),
        dialect: args.dialect,
        layout: args.layout,
        since: args.since,
        migrations: Vec::new().into(),
        tombstones: Vec::new().into(),
        folder: None,
    }
}
