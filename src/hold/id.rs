//! By what a hold is answered.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a hold: 16 bytes, written as 32 hexadecimal digits in lower case.
///
/// It is keyed and made of the event, so the same event has the same id again and nobody can foresee one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HoldId([u8; 16]);

/// What was given is no id of a hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoHoldId {
    /// Whether it could be the beginning of one, which is enough to look and never to answer.
    pub begins_one: bool,
}

impl HoldId {
    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Whether the written id begins so: hexadecimal digits in lower case, at least four.
    #[must_use]
    pub fn begins_with(&self, digits: &str) -> bool {
        digits.len() >= 4 && self.to_string().starts_with(digits)
    }
}

impl From<[u8; 16]> for HoldId {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl FromStr for HoldId {
    type Err = NoHoldId;

    /// Reads the whole id. INVARIANT: an id has one spelling, and nothing but the whole of it is one.
    fn from_str(text: &str) -> Result<Self, NoHoldId> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
        let mut bytes = [0; 16];
        if digits && hex::decode_to_slice(text, &mut bytes).is_ok() {
            return Ok(Self(bytes));
        }
        Err(NoHoldId { begins_one: digits && (1..32).contains(&text.len()) })
    }
}

impl fmt::Display for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for HoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HoldId({self})")
    }
}

impl Serialize for HoldId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for HoldId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error: NoHoldId| serde::de::Error::custom(error))
    }
}

impl fmt::Display for NoHoldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.begins_one {
            f.write_str("this is only the beginning of an id; all 32 digits are needed, as lists and notices show them")
        } else {
            f.write_str("this is no id; an id has 32 digits, 0 to 9 and a to f, as lists and notices show them")
        }
    }
}

impl std::error::Error for NoHoldId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_id_is_an_id() {
        let id = HoldId::from(std::array::from_fn(|index| index as u8 * 0x11));
        let text = id.to_string();
        assert_eq!(text.parse(), Ok(id));
        for length in 1..32 {
            assert_eq!(text[..length].parse::<HoldId>(), Err(NoHoldId { begins_one: true }), "{length}");
            assert_eq!(id.begins_with(&text[..length]), length >= 4);
        }
        let others = ["", "last", "*", &text.to_uppercase(), &format!(" {text}"), &format!("{text}00"), "%"];
        for other in others {
            assert_eq!(other.parse::<HoldId>(), Err(NoHoldId { begins_one: false }), "{other:?}");
        }
    }
}
