//! A migration as Rust source.

use std::fmt::Write as _;

use migrate_core::model::{Section, Statement, TransactionMode, Verify};
use migrate_core::{Digest, Migration, Phase, Version};

use super::emit::{Emit, emit_struct, emit_variants};

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
    allow,
    creates,
    rebuild,
    released,
    exact,
    semantic,
});

impl Emit for Version {
    fn emit(&self, to: &mut String) {
        let _ = write!(to, "Version({})", self.0);
    }
}

impl Emit for Digest {
    fn emit(&self, to: &mut String) {
        to.push_str("Digest(*b\"");
        for byte in self.0 {
            // Characters that stand for themselves keep the text short.
            if byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\') {
                to.push(char::from(byte));
            } else {
                let _ = write!(to, "\\x{byte:02x}");
            }
        }
        to.push_str("\")");
    }
}
