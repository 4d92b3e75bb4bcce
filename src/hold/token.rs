//! What a gateway redeems before it acts on a released event.

use std::fmt;
use std::str::FromStr;

use super::{HoldError, HoldId};
use crate::event::Digest;
use crate::keys::MacKey;

/// A token for one approved event: an HMAC over the hold's id, the event's digest and the time until which it holds, under a
/// key of the gate's. Written as `ID.UNTIL.CODE`.
///
/// It can be redeemed once. That it was is kept in the store, so it holds for all processes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    id: HoldId,
    until: u64,
    code: [u8; 16],
}

impl Token {
    /// The token for an event with this digest.
    pub(super) fn new(key: &MacKey, id: HoldId, digest: &Digest, until: u64) -> Self {
        Self { id, until, code: key.half(&Self::parts(&id, digest, &until.to_le_bytes())) }
    }

    /// Whether it was made with this key for an event with this digest. Takes the same time wherever it is wrong.
    pub(super) fn is_for(&self, key: &MacKey, digest: &Digest) -> bool {
        key.verify_half(&Self::parts(&self.id, digest, &self.until.to_le_bytes()), &self.code)
    }

    /// The hold that it belongs to.
    #[must_use]
    pub const fn id(&self) -> HoldId {
        self.id
    }

    /// Until when it can be redeemed, in milliseconds since 1970.
    #[must_use]
    pub const fn until(&self) -> u64 {
        self.until
    }

    /// INVARIANT: the first part is none that an id of a hold is made of, so a token says nothing about ids.
    fn parts<'a>(id: &'a HoldId, digest: &'a Digest, until: &'a [u8; 8]) -> [&'a [u8]; 4] {
        [b"token", id.as_bytes(), digest.as_bytes(), until]
    }
}

impl FromStr for Token {
    type Err = HoldError;

    fn from_str(text: &str) -> Result<Self, HoldError> {
        let mut parts = text.split('.');
        let (Some(id), Some(until), Some(code), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(HoldError::NoToken);
        };
        // A code is written as an id is.
        let read = |digits: &str| digits.parse::<HoldId>().map_err(|_| HoldError::NoToken);
        let number = until.parse::<u64>().ok().filter(|number| number.to_string() == until);
        Ok(Self { id: read(id)?, until: number.ok_or(HoldError::NoToken)?, code: *read(code)?.as_bytes() })
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.id, self.until, HoldId::from(self.code))
    }
}

impl fmt::Debug for Token {
    /// Whoever has a token may use it, so it is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, ..)", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Keys, Purpose};

    #[test]
    fn a_token_is_for_one_event_and_cannot_be_changed() {
        let key = |seed| Keys::new(std::array::from_fn(|index| index as u8 ^ seed)).unwrap().derive(Purpose::Hold);
        let (id, digest) = (HoldId::from([7; 16]), Digest::from([9; 32]));
        let token = Token::new(&key(0), id, &digest, 1_234);
        let text = token.to_string();
        assert_eq!(text.parse(), Ok(token));
        assert!(token.is_for(&key(0), &digest));
        assert!(!token.is_for(&key(1), &digest), "another key");
        assert!(!token.is_for(&key(0), &Digest::from([8; 32])), "another event");
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'1' { b'2' } else { b'1' };
            let changed = String::from_utf8(changed).unwrap();
            let accepted = changed.parse::<Token>().is_ok_and(|token| token.is_for(&key(0), &digest));
            assert!(!accepted, "{changed}");
        }
        for other in ["", "..", &text[1..], &format!("{text}."), &text.replacen("1234", "01234", 1)] {
            assert!(other.parse::<Token>().is_err(), "{other}");
        }
    }
}
