//! Seals, and how one record holds on to the one before.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::keys::{KeyId, Keys, MacKey, Purpose};

/// What stands between the sealed bytes of a line and its seal.
const BEFORE: &[u8] = b",\"mac\":\"";
/// What stands after the seal.
const AFTER: &[u8] = b"\"}";
/// The digits of a seal.
const DIGITS: usize = 32;

/// The seal of a line: 16 bytes, written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tag([u8; 16]);

/// A record by its number, from 1, and its seal. Number 0 with a seal of zeroes stands before the first record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) seq: u64,
    pub(super) mac: Tag,
}

/// The keys of a log: the one that seals it, and those before, which only tell what was sealed by them.
pub(super) struct Ring(Vec<ChainKeys>);

impl Ring {
    pub(super) fn new(keys: &Keys) -> Self {
        Self(keys.all().map(ChainKeys::new).collect())
    }

    /// What seals a line, given without its line end, and the seal, if every byte of the line is as it was sealed.
    pub(super) fn unseal(&self, line: &[u8]) -> Option<(Rank, Tag)> {
        self.find(line, |keys| &keys.record)
    }

    /// The same for a head.
    pub(super) fn unseal_head(&self, line: &[u8]) -> Option<(Rank, Tag)> {
        self.find(line, |keys| &keys.head)
    }

    fn find(&self, line: &[u8], key: impl Fn(&ChainKeys) -> &MacKey) -> Option<(Rank, Tag)> {
        let keys = self.0.iter().enumerate();
        keys.filter_map(|(age, keys)| Some((Rank(age), unseal(key(keys), line)?))).next()
    }

    pub(super) fn get(&self, rank: Rank) -> Option<&ChainKeys> {
        self.0.get(rank.0)
    }

    /// The name of a key.
    pub(super) fn id(&self, rank: Rank) -> Option<KeyId> {
        self.get(rank).map(|keys| keys.id)
    }

    /// Whether a text is the name of one of the keys.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.0.iter().any(|keys| keys.id.to_string() == id)
    }
}

/// The age of a key of a [`Ring`]: 0 is the one in use, and greater ones are older.
///
/// INVARIANT: along a log it never rises. Whoever got hold of an old key cannot add to what was written after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank(pub(super) usize);

impl Rank {
    /// That of the key in use.
    pub(super) const NEWEST: Self = Self(0);
}

/// The keys that seal a log.
pub(super) struct ChainKeys {
    pub(super) id: KeyId,
    pub(super) record: MacKey,
    pub(super) head: MacKey,
}

impl ChainKeys {
    pub(super) fn new(keys: &Keys) -> Self {
        Self { id: keys.id(), record: keys.derive(Purpose::AuditRecord), head: keys.derive(Purpose::AuditHead) }
    }
}

/// Seals `object`, the bytes of one JSON object with at least one member, and appends it to `out` as a line.
pub(super) fn seal(key: &MacKey, object: &[u8], out: &mut Vec<u8>) -> Tag {
    let body = object.strip_suffix(b"}").unwrap_or(object);
    let tag = Tag(key.half(&[body]));
    out.extend_from_slice(body);
    out.extend_from_slice(BEFORE);
    out.extend_from_slice(&tag.digits());
    out.extend_from_slice(AFTER);
    out.push(b'\n');
    tag
}

/// The seal of `line`, given without its line end, if every byte of the line is as it was sealed.
fn unseal(key: &MacKey, line: &[u8]) -> Option<Tag> {
    let rest = line.strip_suffix(AFTER)?;
    let (rest, digits) = rest.split_at_checked(rest.len().checked_sub(DIGITS)?)?;
    let body = rest.strip_suffix(BEFORE)?;
    let tag = Tag::read(digits)?;
    key.verify_half(&[body], &tag.0).then_some(tag)
}

impl Tag {
    fn digits(&self) -> [u8; DIGITS] {
        let mut digits = [b'0'; DIGITS];
        // INVARIANT: sixteen bytes are 32 digits, so this does not fail.
        let _ = hex::encode_to_slice(self.0, &mut digits);
        digits
    }

    /// INVARIANT: one seal has one spelling, or a changed letter case would pass unseen.
    pub(super) fn read(digits: &[u8]) -> Option<Self> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(digits, &mut bytes).ok()?;
        let upper = digits.iter().any(u8::is_ascii_uppercase);
        (!upper).then_some(Self(bytes))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits().iter().try_for_each(|digit| f.write_char(char::from(*digit)))
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.digits()).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        Self::read(digits.as_bytes()).ok_or_else(|| serde::de::Error::custom("expected 32 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_any_bit_flipped_is_not_ours() {
        let keys = ChainKeys::new(&Keys::new(std::array::from_fn(|index| index as u8)).unwrap());
        let mut line = Vec::new();
        let tag = seal(&keys.record, br#"{"seq":1,"reason":"x"}"#, &mut line);
        assert_eq!(line.pop(), Some(b'\n'));
        assert!(serde_json::from_slice::<serde_json::Value>(&line).is_ok());
        assert_eq!(unseal(&keys.record, &line), Some(tag));
        assert_eq!(unseal(&keys.head, &line), None, "a record is no head");
        for index in 0..line.len() {
            for bit in 0..8 {
                line[index] ^= 1 << bit;
                assert_eq!(unseal(&keys.record, &line), None, "bit {bit} of byte {index}");
                line[index] ^= 1 << bit;
            }
            assert_eq!(unseal(&keys.record, &line[..index]), None);
        }
    }
}
