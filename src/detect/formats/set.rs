//! Sets of ASCII characters.

/// A set of ASCII characters. What is outside of ASCII is in none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Set(u128);

impl Set {
    /// The characters of `text`, which is ASCII.
    pub(super) const fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut set, mut at) = (0, 0);
        while at < bytes.len() {
            #[expect(clippy::indexing_slicing, reason = "`at` is below the length; `get` cannot be matched in a const")]
            {
                set |= 1 << (bytes[at] & 0x7f);
            }
            at += 1;
        }
        Self(set)
    }

    /// Both sets.
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the byte is in the set.
    pub(super) const fn has(self, byte: u8) -> bool {
        byte < 0x80 && self.0 >> byte & 1 == 1
    }
}

pub(super) const DIGIT: Set = Set::of("0123456789");
pub(super) const LOWER: Set = Set::of("abcdefghijklmnopqrstuvwxyz");
pub(super) const UPPER: Set = Set::of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
pub(super) const LETTER: Set = LOWER.with(UPPER);
pub(super) const ALNUM: Set = LETTER.with(DIGIT);
/// Letters, digits and the underscore.
pub(super) const WORD: Set = ALNUM.with(Set::of("_"));
pub(super) const HEX: Set = DIGIT.with(Set::of("abcdefABCDEF"));
/// Base64 without padding (RFC 4648, section 4).
pub(super) const BASE64: Set = ALNUM.with(Set::of("+/"));
/// Base64 for URLs (RFC 4648, section 5): what most tokens are made of.
pub(super) const BASE64URL: Set = ALNUM.with(Set::of("-_"));
/// Base32 (RFC 4648, section 6).
pub(super) const BASE32: Set = UPPER.with(Set::of("234567"));
/// What names of variables, keys and hosts are made of.
pub(super) const NAME: Set = WORD.with(Set::of("-."));
/// Blanks within a line.
pub(super) const BLANK: Set = Set::of(" \t");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_hold_what_they_are_made_of() {
        for byte in 0..=255_u8 {
            assert_eq!(ALNUM.has(byte), byte.is_ascii_alphanumeric(), "{byte}");
            assert_eq!(HEX.has(byte), byte.is_ascii_hexdigit(), "{byte}");
        }
        assert!(BASE64URL.has(b'-') && !BASE64.has(b'-') && !BASE32.has(b'1'));
    }
}
