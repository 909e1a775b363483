//! Digests of migration files.

use core::fmt;

use sha2::{Digest as _, Sha256};

/// The value of each byte as a hexadecimal digit; 255 where it is none.
const VALUES: [u8; 256] = {
    let mut values = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        values[b"0123456789abcdef"[digit] as usize] = digit as u8;
        values[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    values
};

/// A SHA-256 digest, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of a sequence of fields. Lengths are part of it, so `["ab", "c"]` and `["a", "bc"]` differ.
    pub fn of_fields<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        // Gathered first: one call into the hash is much cheaper than thousands where it is not optimised,
        // as in a procedural macro of a debug build.
        let mut buffer = Vec::with_capacity(1024);
        for field in fields {
            buffer.extend_from_slice(&(field.len() as u64).to_le_bytes());
            buffer.extend_from_slice(field.as_bytes());
        }
        Self(Sha256::digest(&buffer).into())
    }

    /// The digest of migrations that are applied, by version and semantic digest.
    pub(crate) fn of_applied(migrations: impl Iterator<Item = (super::Version, Self)>) -> Self {
        let mut buffer = Vec::with_capacity(1024);
        for (version, semantic) in migrations {
            buffer.extend_from_slice(&version.0.to_le_bytes());
            buffer.extend_from_slice(&semantic.0);
        }
        Self(Sha256::digest(&buffer).into())
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 64 {
            return None;
        }
        let mut digest = [0; 32];
        // Every start reads as many of them as migrations are applied, so this does not branch at each digit.
        let mut wrong = false;
        for (slot, pair) in digest.iter_mut().zip(bytes.chunks_exact(2)) {
            let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
            wrong |= (high | low) > 15;
            *slot = high << 4 | (low & 15);
        }
        (!wrong).then_some(Self(digest))
    }

    /// The first eight bytes as a number, for keys such as those of advisory locks.
    pub fn to_i64(self) -> i64 {
        let mut head = [0; 8];
        head.copy_from_slice(&self.0[..8]);
        i64::from_be_bytes(head)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = [0; 64];
        for (index, byte) in self.0.iter().enumerate() {
            text[index * 2] = DIGITS[usize::from(byte >> 4)];
            text[index * 2 + 1] = DIGITS[usize::from(byte & 15)];
        }
        f.pad(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self:.12})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_part_of_the_digest() {
        assert_ne!(Digest::of_fields(["ab", "c"]), Digest::of_fields(["a", "bc"]));
        assert_ne!(Digest::of_fields(["a"]), Digest::of_fields(["a", ""]));
    }

    #[test]
    fn applied_migrations_differ_by_version_and_digest() {
        let of = |version, byte| {
            Digest::of_applied(std::iter::once((crate::Version(version), Digest([byte; 32]))))
        };
        assert_eq!(of(1, 1), of(1, 1));
        assert_ne!(of(1, 1), of(2, 1));
        assert_ne!(of(1, 1), of(1, 2));
    }

    #[test]
    fn hexadecimal_round_trip() {
        let digest = Digest::of_fields(["x"]);
        assert_eq!(Digest::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_hex("abc"), None);
        assert_eq!(Digest::from_hex(&"g".repeat(64)), None);
    }
}
