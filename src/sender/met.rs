//! What is known of an event's sender.

use super::{Access, SenderId, Standing};
use crate::event::Digest;
use crate::store::{Seen, SenderKey};

/// What is known of an event's sender before the event is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Met {
    /// The name of the sender's record.
    pub key: SenderKey,
    /// The sender's id in its normal form; none where the event names nobody.
    pub id: Option<SenderId>,
    /// The sender's standing.
    pub standing: Standing,
    /// What holds for the sender in this chat.
    pub access: Access,
    /// The sender's clock, in milliseconds since 1970: the time of this event, or of an earlier one that is dated later.
    pub now: u64,
    /// Whether the event was seen before.
    pub seen: Seen,
    /// The event's digest, where it has an id and so needed one.
    pub digest: Option<Digest>,
    /// Whether the sender wrote more messages than the settings allow, this one included.
    pub rate_exceeded: bool,
    /// The sender's points before this event is searched, 0–31.
    pub escalation_before: u8,
    /// Whether findings in this event count against the sender: a message that was not counted before.
    pub counts: bool,
}
