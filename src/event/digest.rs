//! The digest that an approval is bound to.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::Event;

/// SHA-256 over what an event asks for: kind, channel, account, chat, sender, text, quoted text, attachments and tool.
///
/// Two events with the same digest ask for the same thing. Id, times, session and the sender's display name are left out.
/// Written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl Event {
    /// The event's digest. One pass over the event.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Sha256::new();
        // INVARIANT: every part is preceded by its length, so that no two events hash the same bytes.
        let mut part = |bytes: &[u8]| {
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(b"sluicegate event 1");
        part(self.kind.name().as_bytes());
        part(self.channel.as_bytes());
        part(self.account.as_bytes());
        part(self.chat.id.as_bytes());
        part(self.sender_id().as_bytes());
        part(self.text.as_bytes());
        part(&[u8::from(self.quoted.is_some())]);
        part(self.quoted.as_deref().unwrap_or_default().as_bytes());
        part(&(self.attachments.len() as u64).to_le_bytes());
        for attachment in &self.attachments {
            part(attachment.name.as_bytes());
            part(attachment.mime.as_bytes());
            part(attachment.text.as_bytes());
        }
        part(&[u8::from(self.tool.is_some())]);
        if let Some(tool) = &self.tool {
            part(tool.name.as_bytes());
            part(tool.arguments.to_string().as_bytes());
            part(tool.result.to_string().as_bytes());
        }
        Digest(hasher.finalize().into())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Json;

    #[test]
    fn tells_what_is_asked_for_and_nothing_else() {
        let base = || Event::tool_call(1, "bash", Json::parse(r#"{"b":1.0,"a":2}"#).unwrap()).sender("x");
        let same = [
            base().id("other"),
            Event { at: 9, ..base() },
            Event::tool_call(1, "bash", Json::parse(r#"{ "a":2, "b":1.0 }"#).unwrap()).sender("x"),
        ];
        for event in same {
            assert_eq!(event.digest(), base().digest(), "{event:?}");
        }
        let other = [
            base().sender("y"),
            base().channel("x"),
            base().quoted(""),
            Event::tool_call(1, "bash", Json::parse(r#"{"a":2,"b":1}"#).unwrap()).sender("x"),
        ];
        for event in other {
            assert_ne!(event.digest(), base().digest(), "{event:?}");
        }
    }
}
