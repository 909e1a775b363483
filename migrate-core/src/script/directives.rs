//! Which directives there are, and where each may stand.

use crate::model::Phase;

/// Where a directive may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Before the first section.
    Header,
    /// It starts a section.
    Section,
    /// In the header, for the file; in a section, for the statement that follows.
    HeaderOrStatement,
}

/// One directive of the grammar.
#[derive(Debug)]
pub(crate) struct Directive {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    /// The phases whose files may have it; empty means all.
    pub(crate) phases: &'static [Phase],
    pub(crate) repeatable: bool,
    /// How it is written.
    pub(crate) usage: &'static str,
}

macro_rules! directives {
    ($($name:ident: $text:literal, $place:ident, [$($phase:ident),*], $repeatable:literal, $usage:literal;)*) => {
        $(pub(crate) static $name: Directive = Directive {
            name: $text,
            place: Place::$place,
            phases: &[$(Phase::$phase),*],
            repeatable: $repeatable,
            usage: $usage,
        };)*

        /// Every directive, in the order of the documentation.
        pub(crate) static ALL: &[&Directive] = &[$(&$name),*];
    };
}

directives! {
    CHANGE: "change", Header, [], false, "-- migrate:change rename_username";
    PHASE: "phase", Header, [], false, "-- migrate:phase expand | migrate | contract";
    REQUIRES: "requires", Header, [Contract], false, "-- migrate:requires 20260101120000 20260102120000";
    ROLLBACK: "rollback", Header, [], false,
        "-- migrate:rollback data-loss=\"none\" window=\"until the backfill starts\"";
    IRREVERSIBLE: "irreversible", Header, [], false, "-- migrate:irreversible \"why there is no way back\"";
    SOAK: "soak", Header, [Contract], false, "-- migrate:soak 24h";
    GRACE: "grace", Header, [Contract], false, "-- migrate:grace 2 releases";
    CUTOVER: "cutover", Header, [Migrate], false,
        "-- migrate:cutover ramp=1,10,50,100 hold=10m p99=1.10 errors=0.001 mismatch=0";
    WINDOW: "window", Header, [], false, "-- migrate:window \"Sun 02:00-04:00 UTC\"";
    TRANSACTION: "transaction", Header, [], false, "-- migrate:transaction off";
    BACKFILL: "backfill", Header, [Migrate], false,
        "-- migrate:backfill table=users key=id batch=1000 pause=100ms max-lag=5s failures=100";
    SYNC: "sync", Header, [Expand], true, "-- migrate:sync users.username <-> users.display_name";
    UNSYNC: "unsync", Header, [Contract], true, "-- migrate:unsync users.username <-> users.display_name";
    RUST: "rust", Header, [Migrate], false, "-- migrate:rust hash_passwords";
    SQUASH: "squash", Header, [Expand], true,
        "-- migrate:squash 20260103120000_drop_username change=rename_username phase=contract digest=<its semantic digest>";
    ALLOW: "allow", HeaderOrStatement, [], true, "-- migrate:allow drop-column \"no build reads it since 2.3\"";
    UP: "up", Section, [], false, "-- migrate:up";
    DOWN: "down", Section, [], false, "-- migrate:down";
    VERIFY: "verify", Section, [Migrate], true, "-- migrate:verify zero | unchanged | equals <literal>";
}
