//! Meets senders and keeps their points.

use std::fmt;
use std::sync::Arc;

use super::keyring::Keyring;
use super::registry::Registry;
use super::{Met, SenderId, SenderSettings, Standing, channel};
use crate::event::{Event, Kind};
use crate::store::{Arrival, Points, Seen, SenderKey, Store, StoreError, Terms};

/// Meets the sender of every event and keeps their points. Shared between threads.
///
/// To change the settings, make a new one over the same store with the same secret; what is known of senders stays.
pub struct Senders {
    registry: Registry,
    keyring: Keyring,
    terms: Terms,
    messages: u32,
    store: Arc<dyn Store>,
}

impl Senders {
    /// Senders by the owner's settings, with their records in `store`. `secret` keys the names of the records: another
    /// secret finds none of them again.
    #[must_use]
    pub fn new(settings: &SenderSettings, secret: &[u8; 32], store: Arc<dyn Store>) -> Self {
        Self {
            registry: Registry::new(&settings.listed),
            keyring: Keyring::new(secret),
            terms: settings.terms(),
            messages: u32::from(settings.rate.messages),
            store,
        }
    }

    /// The standing of an event's sender, from the settings alone. It is there when the store is not.
    #[must_use]
    pub fn standing(&self, event: &Event) -> Standing {
        let channel = channel::name(&event.channel);
        let id = SenderId::normalise(&channel, event.sender_id());
        self.registry.standing(&channel, &event.account, id.as_ref())
    }

    /// The standing of whom a reply goes to: of `to`, where the gateway names it, else of the sender, who is answered. From the
    /// settings alone.
    #[must_use]
    pub fn recipient(&self, event: &Event) -> Standing {
        let Some(to) = event.to.as_deref().filter(|to| !to.trim().is_empty()) else { return self.standing(event) };
        let channel = channel::name(&event.channel);
        let id = SenderId::normalise(&channel, to);
        self.registry.standing(&channel, &event.account, id.as_ref())
    }

    /// Meets an event's sender: one call of the store, and the same work for every standing.
    ///
    /// A message counts towards the sender's rate, once, and also where the rate is exceeded: who goes on writing stays
    /// over the limit until the last window holds few enough. The digest is computed only for an event with an id.
    ///
    /// # Errors
    /// Where the store gives no answer.
    pub fn meet(&self, event: &Event) -> Result<Met, StoreError> {
        let channel = channel::name(&event.channel);
        let id = SenderId::normalise(&channel, event.sender_id());
        let standing = self.registry.standing(&channel, &event.account, id.as_ref());
        let key = self.keyring.sender(&channel, event, id.as_ref());
        let name = event.id.as_deref().filter(|name| !name.is_empty());
        let digest = name.map(|_| event.digest());
        let mark =
            name.zip(digest.as_ref()).map(|(name, digest)| self.keyring.mark(key, &channel, event, name, digest));
        let message = event.kind == Kind::Message;
        let presence = self.store.arrive(&key, &Arrival { at: event.at, mark, counts: message }, &self.terms)?;
        // The store may be wrong. Nothing that it says makes an event without an id a known one, or turns time back.
        let seen = if mark.is_some() { presence.seen } else { Seen::New };
        Ok(Met {
            key,
            id,
            standing,
            now: presence.now.max(event.at),
            seen,
            digest,
            rate_exceeded: presence.messages > self.messages,
            escalation_before: presence.points.whole(),
            counts: message && seen != Seen::Same,
        })
    }

    /// The sender's escalation with this event, 0–31: what is left of the past, and `points` for what was found in the
    /// event's own text. Where the event does not count (it is no message, or was counted before), the past alone.
    ///
    /// # Errors
    /// Where the store gives no answer.
    pub fn escalate(&self, met: &Met, points: u8) -> Result<u8, StoreError> {
        if !met.counts || points == 0 {
            return Ok(met.escalation_before);
        }
        let points = points.min(Points::CAP);
        let sum = self.store.add_points(&met.key, met.now, points.cast_signed(), &self.terms)?;
        // INVARIANT: never below this event's own points, whatever the store says.
        Ok(sum.whole().max(points))
    }

    /// Takes back the points that [`escalate`](Self::escalate) added for an event which the owner has approved since: the
    /// key and the time (`now`) under which it was [`Met`], and the same points. For an event that did not count there is
    /// nothing to take back. What has faded of the points by now is not taken twice. Where the cap of 31 had cut the sum,
    /// the sender ends with less than without the event, at least with nothing.
    ///
    /// # Errors
    /// Where the store gives no answer.
    pub fn forgive(&self, key: &SenderKey, at: u64, points: u8) -> Result<(), StoreError> {
        let points = points.min(Points::CAP).cast_signed();
        self.store.add_points(key, at, -points, &self.terms).map(|_| ())
    }
}

impl fmt::Debug for Senders {
    /// Shows neither ids nor the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Senders").field("terms", &self.terms).field("messages", &self.messages).finish_non_exhaustive()
    }
}
