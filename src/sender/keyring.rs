//! Keyed hashes of senders and events.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use super::SenderId;
use crate::event::{Digest, Event};
use crate::store::{EventMark, Person, SenderKey};

/// Makes the names under which the store knows senders and events. Without the secret nobody can find two ids whose names
/// meet, and a name says nothing of the id.
#[derive(Clone)]
pub(super) struct Keyring {
    senders: SipHasher13,
    events: SipHasher13,
}

impl Keyring {
    /// Takes half of the secret for senders and half for events.
    pub(super) fn new(secret: &[u8; 32]) -> Self {
        let (mut senders, mut events) = ([0; 16], [0; 16]);
        senders.iter_mut().zip(secret.iter().take(16)).for_each(|(to, from)| *to = *from);
        events.iter_mut().zip(secret.iter().skip(16)).for_each(|(to, from)| *to = *from);
        Self { senders: SipHasher13::new_with_key(&senders), events: SipHasher13::new_with_key(&events) }
    }

    /// The key of a sender's record: by channel, account and id, in a group too. Who has no usable id shares a record with
    /// the others of the same chat who have none.
    pub(super) fn sender(&self, channel: &str, event: &Event, id: Option<&SenderId>) -> SenderKey {
        let (what, name) = match id {
            Some(id) => ("sender", id.as_str()),
            None => ("nobody", event.chat.id.as_str()),
        };
        let parts = [what.as_bytes(), channel.as_bytes(), event.account.as_bytes(), name.as_bytes()];
        SenderKey::from(hash(&self.senders, &parts).to_le_bytes())
    }

    /// The key of a person's record, which is that of the sender's; by channel in its one spelling, account and normal form.
    pub(super) fn named(&self, channel: &str, account: &str, id: &str) -> SenderKey {
        let parts = [b"sender".as_slice(), channel.as_bytes(), account.as_bytes(), id.as_bytes()];
        SenderKey::from(hash(&self.senders, &parts).to_le_bytes())
    }

    /// The same, of a person as written in a deed.
    pub(super) fn person(&self, who: &Person) -> SenderKey {
        self.named(&who.channel, &who.account, &who.id)
    }

    /// By what an event of the sender is known again.
    pub(super) fn mark(&self, key: SenderKey, channel: &str, event: &Event, id: &str, digest: &Digest) -> EventMark {
        let kind = event.kind.name().as_bytes();
        let (account, chat) = (event.account.as_bytes(), event.chat.id.as_bytes());
        let parts = [b"id", key.as_bytes().as_slice(), kind, channel.as_bytes(), account, chat, id.as_bytes()];
        EventMark {
            id: hash(&self.events, &parts) as u32,
            digest: hash(&self.events, &[b"digest", digest.as_bytes()]) as u32,
        }
    }
}

/// INVARIANT: every part is preceded by its length, so that no two lists of parts hash the same bytes.
fn hash(keyed: &SipHasher13, parts: &[&[u8]]) -> u128 {
    let mut hasher = *keyed;
    for part in parts {
        hasher.write(&(part.len() as u64).to_le_bytes());
        hasher.write(part);
    }
    hasher.finish128().as_u128()
}
