//! Names that stand for ids where an id may not be written.

use std::fmt;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{KeyId, Keys, MacKey, Purpose};

/// What a pseudonym stands for. The same id under two kinds gives unrelated pseudonyms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PseudonymKind {
    /// A sender: channel, account and id.
    Sender,
    /// A chat: channel, account and id.
    Chat,
    /// An account of the gateway: channel and name.
    Account,
    /// A channel.
    Channel,
    /// An event: channel, account and the gateway's id.
    Event,
    /// A tool.
    Tool,
    /// A text, such as a literal that a policy asks for.
    Text,
}

impl PseudonymKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Sender, Self::Chat, Self::Account, Self::Channel, Self::Event, Self::Tool, Self::Text];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Sender => "pseudonym sender",
            Self::Chat => "pseudonym chat",
            Self::Account => "pseudonym account",
            Self::Channel => "pseudonym channel",
            Self::Event => "pseudonym event",
            Self::Tool => "pseudonym tool",
            Self::Text => "pseudonym text",
        }
    }
}

/// 16 bytes that stand for an id, the same ones for the same id as long as the key lasts.
///
/// Written as 32 hexadecimal digits. A sender chooses ids freely and in any number, so fewer digits would let two senders
/// meet in one pseudonym and share what is remembered of them; with 128 bits that does not happen. Without the key
/// nobody can tell the id, not even by trying all phone numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pseudonym([u8; 16]);

impl Pseudonym {
    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl std::str::FromStr for Pseudonym {
    type Err = hex::FromHexError;

    /// From its 32 hexadecimal digits, in any case.
    fn from_str(digits: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(digits, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl From<[u8; 16]> for Pseudonym {
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Pseudonym {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pseudonym({self})")
    }
}

impl Serialize for Pseudonym {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0; 32];
        hex::encode_to_slice(self.0, &mut digits).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(std::str::from_utf8(&digits).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for Pseudonym {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // INVARIANT: one pseudonym has one spelling.
        let digits = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let mut bytes = [0; 16];
        let read = hex::decode_to_slice(digits.as_bytes(), &mut bytes).is_ok();
        let upper = digits.bytes().any(|byte| byte.is_ascii_uppercase());
        (read && !upper).then_some(Self(bytes)).ok_or_else(|| D::Error::custom("expected 32 hexadecimal digits"))
    }
}

/// Turns ids into [`Pseudonym`]s. Each call is one HMAC, about 160 ns.
///
/// An account belongs to a channel, and a sender, chat or event to an account: the same phone number on two of the
/// owner's accounts is two senders.
///
/// A new key gives new pseudonyms. Those of the keys before are found by [`under`](Self::under) and [`all`](Self::all).
#[derive(Clone, Debug)]
pub struct Pseudonyms {
    key: KeyId,
    older: Arc<[Pseudonyms]>,
    sender: MacKey,
    chat: MacKey,
    account: MacKey,
    channel: MacKey,
    event: MacKey,
    tool: MacKey,
    text: MacKey,
}

impl Pseudonyms {
    pub(super) fn new(keys: &Keys) -> Self {
        let key = |kind| keys.derive(Purpose::Pseudonym(kind));
        Self {
            key: keys.id(),
            older: keys.older().iter().map(Self::new).collect(),
            sender: key(PseudonymKind::Sender),
            chat: key(PseudonymKind::Chat),
            account: key(PseudonymKind::Account),
            channel: key(PseudonymKind::Channel),
            event: key(PseudonymKind::Event),
            tool: key(PseudonymKind::Tool),
            text: key(PseudonymKind::Text),
        }
    }

    /// Those of the key with this name, if it is one of ours.
    #[must_use]
    pub fn under(&self, key: KeyId) -> Option<&Self> {
        self.all().find(|names| names.key == key)
    }

    /// These, and those of the keys before, the newest first.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&*self.older)
    }

    /// A sender, by the id in its normal form.
    #[must_use]
    pub fn sender(&self, channel: &str, account: &str, id: &str) -> Pseudonym {
        of(&self.sender, &[channel, account, id])
    }

    /// A chat.
    #[must_use]
    pub fn chat(&self, channel: &str, account: &str, id: &str) -> Pseudonym {
        of(&self.chat, &[channel, account, id])
    }

    /// One of the gateway's accounts.
    #[must_use]
    pub fn account(&self, channel: &str, name: &str) -> Pseudonym {
        of(&self.account, &[channel, name])
    }

    /// A channel.
    #[must_use]
    pub fn channel(&self, name: &str) -> Pseudonym {
        of(&self.channel, &[name])
    }

    /// An event, by the gateway's id.
    #[must_use]
    pub fn event(&self, channel: &str, account: &str, id: &str) -> Pseudonym {
        of(&self.event, &[channel, account, id])
    }

    /// A tool.
    #[must_use]
    pub fn tool(&self, name: &str) -> Pseudonym {
        of(&self.tool, &[name])
    }

    /// A text.
    #[must_use]
    pub fn text(&self, text: &str) -> Pseudonym {
        of(&self.text, &[text])
    }
}

fn of<const N: usize>(key: &MacKey, parts: &[&str; N]) -> Pseudonym {
    Pseudonym(key.half(&parts.map(str::as_bytes)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn kinds_places_and_keys_give_unrelated_pseudonyms() {
        let mut seen = HashSet::new();
        for byte in 0..2 {
            let keys = Keys::new(std::array::from_fn(|index| index as u8 + byte)).unwrap();
            let names = keys.pseudonyms();
            let all = [
                names.sender("a", "b", "x"),
                names.sender("a", "c", "x"),
                names.sender("ab", "", "x"),
                names.sender("a", "bx", ""),
                names.chat("a", "b", "x"),
                names.event("a", "b", "x"),
                names.account("a", "x"),
                names.channel("x"),
                names.tool("x"),
                names.text("x"),
            ];
            for pseudonym in all {
                assert!(seen.insert(pseudonym), "{pseudonym} stands for two things");
                let written = serde_json::to_value(pseudonym).unwrap();
                assert_eq!(written, pseudonym.to_string());
                assert_eq!(serde_json::from_value::<Pseudonym>(written).unwrap(), pseudonym);
                for other in [pseudonym.to_string() + "0", "x".repeat(32), "AB".repeat(16)] {
                    assert!(serde_json::from_value::<Pseudonym>(other.into()).is_err());
                }
            }
        }
    }
}
