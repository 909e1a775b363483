//! A migration as Rust source.
//!
//! Most migrations say little beyond their SQL. Those are written as `Plain` values, which have no destructor and
//! nothing to infer: checking a few hundred of them costs the compiler a fifth of what the full struct does.

use std::fmt::Write as _;

use migrate_core::model::{Section, Statement, TransactionMode, Verify};
use migrate_core::{Digest, Migration, Phase, Version};

use super::emit::{Emit, byte_string, emit_struct, emit_variants};

emit_variants!(Phase, TransactionMode);
emit_struct!(Statement { start, end, line });
emit_struct!(Section {
    path,
    text,
    line,
    statements,
    transaction
});
emit_struct!(Verify { expectation, query });
emit_struct!(Migration {
    version,
    name,
    path,
    change,
    phase,
    up,
    down,
    irreversible,
    verify,
    requires,
    rollback,
    soak,
    grace,
    cutover,
    window,
    backfill,
    sync,
    unsync,
    rust,
    squash,
    allow,
    creates,
    rebuild,
    released,
    exact,
    semantic,
});

/// `Plain` values, with the lists they share.
#[derive(Default)]
pub(super) struct Plain {
    pub(super) values: String,
    pub(super) statements: Vec<u8>,
    pub(super) tables: String,
}

impl Plain {
    /// Appends a migration; `false` where it says something that `Plain` has no place for.
    pub(super) fn push(&mut self, migration: &Migration) -> bool {
        let Migration {
            version,
            name,
            path,
            change,
            phase: Phase::Expand,
            up,
            down,
            irreversible,
            verify,
            requires,
            rollback: None,
            soak: None,
            grace: None,
            cutover: None,
            window: None,
            backfill: None,
            sync,
            unsync,
            rust: None,
            squash,
            allow,
            creates,
            rebuild,
            released,
            exact,
            semantic,
        } = migration
        else {
            return false;
        };
        if !(verify.is_empty()
            && requires.is_empty()
            && sync.is_empty()
            && unsync.is_empty()
            && squash.is_empty()
            && allow.is_empty())
        {
            return false;
        }
        let _ = write!(
            self.values,
            "Plain{{version:{version},name:{name:?},path:{path:?},change:{change:?},up:"
        );
        self.section(up);
        self.values.push_str(",down:");
        match down {
            Some(down) => {
                self.values.push_str("Some(");
                self.section(down);
                self.values.push(')');
            }
            None => self.values.push_str("None"),
        }
        for table in &**creates {
            table.emit(&mut self.tables);
            self.tables.push(',');
        }
        let _ = write!(
            self.values,
            ",irreversible:{irreversible:?},creates:{},rebuild:{rebuild},released:{released},exact:",
            creates.len()
        );
        exact.emit(&mut self.values);
        self.values.push_str(",semantic:");
        semantic.emit(&mut self.values);
        self.values.push('}');
        true
    }

    fn section(&mut self, section: &Section) {
        let Section {
            path,
            text,
            line,
            statements,
            transaction,
        } = section;
        let _ = write!(
            self.values,
            "PlainSection{{path:{path:?},text:{text:?},line:{line},statements:{},transaction:",
            statements.len()
        );
        transaction.emit(&mut self.values);
        self.values.push('}');
        for Statement { start, end, line } in &**statements {
            for number in [start, end, line] {
                self.statements.extend(number.to_le_bytes());
            }
        }
    }
}

impl Emit for Version {
    fn emit(&self, to: &mut String) {
        let _ = write!(to, "Version({})", self.0);
    }
}

impl Emit for Digest {
    fn emit(&self, to: &mut String) {
        to.push_str("Digest(*");
        byte_string(&self.0, to);
        to.push(')');
    }
}
