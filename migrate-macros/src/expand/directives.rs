//! What the directives say, as Rust source.

use migrate_core::model::directives::{
    Allow, Assignment, Backfill, Batched, Cutover, Expectation, Grace, RollbackNote, Squashed, Sync,
    SyncRows, SyncSide, Window,
};

use super::emit::{Emit, emit_struct};

emit_struct!(RollbackNote { data_loss, window });
emit_struct!(Cutover {
    ramp,
    hold,
    p99,
    errors,
    mismatch
});
emit_struct!(Window { days, from, to });
emit_struct!(Backfill {
    table,
    key,
    batch,
    pause,
    max_lag,
    failures,
    errors,
    p99,
    batched
});
emit_struct!(Batched {
    before,
    condition,
    after,
    row,
    assignments,
    inserts,
    joined
});
emit_struct!(Assignment { column, expression });
emit_struct!(SyncSide { table, columns });
emit_struct!(Sync {
    old,
    new,
    both_ways,
    forward,
    backward,
    on,
    rows
});
emit_struct!(Squashed {
    version,
    name,
    change,
    phase,
    requires,
    semantic
});
emit_struct!(Allow {
    rule,
    reason,
    statement,
    line
});

impl Emit for SyncRows {
    fn emit(&self, to: &mut String) {
        to.push_str(match self {
            SyncRows::New => "SyncRows::New",
            SyncRows::Old => "SyncRows::Old",
            SyncRows::Both => "SyncRows::Both",
        });
    }
}

impl Emit for Grace {
    fn emit(&self, to: &mut String) {
        match self {
            Grace::Time(time) => {
                to.push_str("Grace::Time(");
                time.emit(to);
            }
            Grace::Releases(count) => {
                to.push_str("Grace::Releases(");
                count.emit(to);
            }
        }
        to.push(')');
    }
}

impl Emit for Expectation {
    fn emit(&self, to: &mut String) {
        match self {
            Expectation::Zero => to.push_str("Expectation::Zero"),
            Expectation::Unchanged => to.push_str("Expectation::Unchanged"),
            Expectation::Equals(literal) => {
                to.push_str("Expectation::Equals(");
                literal.emit(to);
                to.push(')');
            }
        }
    }
}
