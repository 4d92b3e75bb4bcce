//! What a sender is called in the store.

use std::fmt;

/// The name of one sender's record: 16 bytes that say nothing of the sender.
///
/// It has to be a keyed hash or random: stores take its bytes as evenly spread, and whoever could choose them could aim
/// many senders at one place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SenderKey([u8; 16]);

impl SenderKey {
    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The key as one number, to choose a place by.
    pub(crate) const fn number(self) -> u128 {
        u128::from_le_bytes(self.0)
    }
}

impl From<[u8; 16]> for SenderKey {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for SenderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SenderKey({:032x})", u128::from_be_bytes(self.0))
    }
}
