//! Who an event comes from, and what they have been doing.
//!
//! [`Senders`] answers two questions on the path of every event. [`Senders::meet`]: who is this, have I seen this event
//! before, do they write too much? And after detection [`Senders::escalate`]: how many points have they gathered, this event
//! included? Both are pure functions of the settings, of the state in a [`Store`](crate::store::Store) and of the event with
//! its time, so the same events give the same answers again.
//!
//! * Whole normalised ids are compared, never parts of them: `+123` is not `+12345`. See [`SenderId`].
//! * Every sender has an own record, by channel, account and id; in a group too. What one sender does never counts against
//!   another. Events without a usable sender id share one record *per chat*; who sends them is always unknown, so all that
//!   can be shared is points and rate, with those who are as nameless in the same chat.
//! * The work is the same for all standings: a blocked sender is met like any other, and the gate decides later.

mod access;
mod channel;
mod characters;
mod id;
mod keyring;
mod met;
mod naming;
mod pairing;
mod people;
mod phone;
mod registry;
mod senders;
mod settings;
mod standing;
mod strangers;
#[cfg(test)]
mod tests;

pub use access::{Access, DmPolicy, DmRule, GroupPolicy, GroupRule};
pub use id::SenderId;
pub use met::Met;
pub use naming::name_under;
pub(crate) use pairing::Claim;
pub use pairing::{Code, Pairing, PairingCode, PairingRequest};
pub use people::{
    Capabilities, Capability, EVERY_ACCOUNT, Outcome, People, PeopleError, PeopleStats, PersonRecord, person,
};
pub use senders::Senders;
pub(crate) use senders::{Recognised, person_of};
pub use settings::{EscalationSettings, Listed, PairingSettings, RateSettings, SenderSettings};
pub use standing::{Listing, Standing};
pub use strangers::{Knocked, Stranger, Strangers};
