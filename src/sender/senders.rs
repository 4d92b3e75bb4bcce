//! Meets senders and keeps their points.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::access::{Access, Door, Doors};
use super::keyring::Keyring;
use super::pairing::{Claim, Claimant};
use super::people::State;
use super::registry::Registry;
use super::{Capabilities, Code, Listing, Met, PairingSettings, People, SenderId, SenderSettings, Standing, channel};
use crate::event::{Event, Kind};
use crate::store::{Arrival, Person, Points, Seen, SenderKey, Store, StoreError, Terms};

/// Meets the sender of every event and keeps their points. Shared between threads.
///
/// To change the settings, make a new one over the same store with the same secret; what is known of senders stays.
pub struct Senders {
    registry: Registry,
    doors: Doors,
    pairing: PairingSettings,
    /// What the store says of people; none where only the settings count.
    people: Option<Arc<People>>,
    keyring: Keyring,
    terms: Terms,
    messages: u32,
    store: Arc<dyn Store>,
}

/// Whom an event names as its sender, in the form in which that is compared, and what is known of them.
pub(crate) struct Recognised<'e> {
    channel: Cow<'e, str>,
    id: Option<SenderId>,
    key: SenderKey,
    standing: Standing,
    access: Access,
}

impl Senders {
    /// Senders by the owner's settings, with their records in `store`. `secret` keys the names of the records: another
    /// secret finds none of them again.
    #[must_use]
    pub fn new(settings: &SenderSettings, secret: &[u8; 32], store: Arc<dyn Store>) -> Self {
        Self {
            registry: Registry::new(&settings.listed),
            doors: Doors::new(settings),
            pairing: settings.pairing,
            people: None,
            keyring: Keyring::new(secret),
            terms: settings.terms(),
            messages: u32::from(settings.rate.messages),
            store,
        }
    }

    /// The same, with what the owner has said of people in the store. They have to be opened with the keys that `secret` is
    /// derived from, and may be shared with other settings.
    #[must_use]
    pub fn with_people(mut self, people: Arc<People>) -> Self {
        self.people = Some(people);
        self
    }

    /// The standing of an event's sender in its chat, and what goes with it: from the settings and from memory. It is there
    /// when the store is not.
    #[must_use]
    pub fn known(&self, event: &Event) -> (Standing, Access) {
        let who = self.recognise(event);
        (who.standing, who.access)
    }

    /// Whom an event names as its sender, and what is known of them from the settings and from memory.
    pub(crate) fn recognise<'e>(&self, event: &'e Event) -> Recognised<'e> {
        let channel = channel::name(&event.channel);
        let id = SenderId::normalise(&channel, event.sender_id());
        let key = self.keyring.sender(&channel, event, id.as_ref());
        let (standing, access) = self.standing_of(&channel, event, id.as_ref(), key);
        Recognised { channel, id, key, standing, access }
    }

    /// The standing of an event's sender, likewise.
    #[must_use]
    pub fn standing(&self, event: &Event) -> Standing {
        self.known(event).0
    }

    /// INVARIANT: a block beats all else, wherever it is written; and what the store approves opens no group.
    fn standing_of(&self, channel: &str, event: &Event, id: Option<&SenderId>, key: SenderKey) -> (Standing, Access) {
        let Door { mut access, admitted, .. } = self.doors.at(channel, event, id);
        let listed = self.registry.listed(channel, &event.account, id);
        let (state, blocked) = self.of_store(channel, id, key);
        let group = event.chat.group;
        let by_store = state.standing();
        let (standing, capabilities) = match listed {
            _ if blocked => (Standing::Blocked, Capabilities::NONE),
            Some((Listing::Blocked, _)) => (Standing::Blocked, Capabilities::NONE),
            Some((Listing::Owner, _)) => (Standing::Owner, Capabilities::ALL),
            // What the owner has said of the person counts more than the list; in a group it can only take away.
            Some((Listing::Approved, listed)) if by_store == Standing::Approved => {
                let own = state.capabilities();
                (Standing::Approved, if group { own.both(listed) } else { own })
            }
            Some((Listing::Approved, listed)) => (Standing::Approved, listed),
            None if by_store == Standing::Approved && !group => (Standing::Approved, state.capabilities()),
            None if by_store == Standing::Approved && admitted => {
                (Standing::Approved, state.capabilities().both(Capabilities::default()))
            }
            None if admitted => (Standing::Approved, Capabilities::default()),
            None if by_store == Standing::Pending && !group => (Standing::Pending, Capabilities::NONE),
            None => (Standing::Unknown, Capabilities::NONE),
        };
        access.capabilities = capabilities;
        (standing, access)
    }

    /// What the store says of a sender, and whether the sender or a linked id is blocked, there or in the settings.
    fn of_store(&self, channel: &str, id: Option<&SenderId>, key: SenderKey) -> (State, bool) {
        let Some((people, id)) = self.people.as_ref().zip(id) else { return (State::default(), false) };
        let (state, linked) = people.state(channel, id.as_str(), key);
        let others = linked.iter().flatten().flat_map(|others| others.iter());
        let blocked = state.standing() == Standing::Blocked || others.into_iter().any(|who| self.registry.blocks(who));
        (state, blocked)
    }

    /// The standing of whom a reply goes to: of `to`, where the gateway names it, else of the sender, who is answered. From
    /// the settings and from memory.
    #[must_use]
    pub fn recipient(&self, event: &Event) -> Standing {
        let Some(to) = event.to.as_deref().filter(|to| !to.trim().is_empty()) else { return self.standing(event) };
        let channel = channel::name(&event.channel);
        let Some(id) = SenderId::normalise(&channel, to) else { return Standing::Unknown };
        let key = self.keyring.named(&channel, &event.account, id.as_str());
        let (state, blocked) = self.of_store(&channel, Some(&id), key);
        match self.registry.listed(&channel, &event.account, Some(&id)) {
            _ if blocked => Standing::Blocked,
            Some((listing, _)) => listing.into(),
            None if state.standing() != Standing::Unknown => state.standing(),
            None if self.doors.admits(&channel, &event.account, &id) => Standing::Approved,
            None => Standing::Unknown,
        }
    }

    /// What a message has to do with pairing, before its sender is [met](Self::meet): who has just written a code is met as
    /// somebody known. Waits for the disk only if it is a code.
    pub(crate) fn pair(&self, event: &Event, from: &Recognised<'_>) -> Claim {
        let unknown = from.standing == Standing::Unknown && event.kind == Kind::Message && !event.chat.group;
        let Some((people, id)) = self.people.as_ref().zip(from.id.as_ref()).filter(|_| unknown) else {
            return Claim::None;
        };
        if !people.pairs_on(&from.channel, &event.account) || !self.doors.at(&from.channel, event, Some(id)).pairing {
            return Claim::None;
        }
        let who = person_of(event, id);
        people.claim(&Claimant { who, key: from.key, text: &event.text, at: event.at, confirm: self.pairing.confirm })
    }

    /// Notes an unknown sender for the owner: of a message in a direct chat, that names its sender. For checks; see
    /// [`Strangers`](super::Strangers).
    pub(crate) fn knock(&self, event: &Event, met: &Met) {
        let Some((people, id)) = self.people.as_ref().zip(met.id.as_ref()) else { return };
        let unknown = met.standing == Standing::Unknown && met.seen != Seen::Same;
        if !unknown || event.kind != Kind::Message || event.chat.group {
            return;
        }
        let who = person_of(event, id);
        let name = event.sender.as_ref().map_or("", |sender| sender.name.as_str());
        people.strangers().note(met.key, who, name, event.at);
    }

    /// The code with which an unknown sender of a message is answered, where the settings want that and the sender has none yet.
    /// Waits for the disk if it makes one, which is at most [`Pairing::ASKED`](super::Pairing::ASKED) times in the time that
    /// codes are worth something, for each channel and account.
    pub(crate) fn answer_to(&self, event: &Event, met: &Met) -> Option<Code> {
        let (people, id) = self.people.as_ref().zip(met.id.as_ref()).filter(|_| self.pairing.by_sender)?;
        let direct = event.kind == Kind::Message && !event.chat.group && met.seen != Seen::Same;
        let channel = channel::name(&event.channel);
        if !direct || met.standing != Standing::Unknown || !self.doors.at(&channel, event, Some(id)).pairing {
            return None;
        }
        let who = person_of(event, id);
        let name = event.sender.as_ref().map_or("", |sender| sender.name.as_str());
        let expires_in = u64::from(self.pairing.expires_minutes) * 60_000;
        // Who cannot be answered meets silence.
        people.ask(&who, name, event.at, expires_in).ok().flatten()
    }

    /// Why what is known of people may be older than the store; none where it is not.
    pub(crate) fn behind(&self) -> Option<Arc<String>> {
        self.people.as_ref().and_then(|people| people.behind())
    }

    /// Meets an event's sender: one call of the store, and the same work for every standing.
    ///
    /// A message counts towards the sender's rate, once, and also where the rate is exceeded: who goes on writing stays
    /// over the limit until the last window holds few enough. The digest is computed only for an event with an id.
    ///
    /// # Errors
    /// Where the store gives no answer.
    pub fn meet(&self, event: &Event) -> Result<Met, StoreError> {
        self.meet_as(event, self.recognise(event))
    }

    /// Meets a sender who was [recognised](Self::recognise) already.
    pub(crate) fn meet_as(&self, event: &Event, from: Recognised<'_>) -> Result<Met, StoreError> {
        let Recognised { channel, id, key, standing, access } = from;
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
            access,
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

/// Who an event is from, as the owner names people.
pub(crate) fn person_of(event: &Event, id: &SenderId) -> Person {
    Person {
        channel: channel::name(&event.channel).into_owned(),
        account: event.account.clone(),
        id: id.as_str().to_owned(),
    }
}
