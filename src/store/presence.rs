//! What a store tells of a sender.

use super::Points;

/// Whether an event was seen before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Seen {
    /// It is new, or it has no id to be known by, or more than eight others came since.
    #[default]
    New,
    /// The same event was handed in before, with the same content. It is judged again and counted once.
    Same,
    /// An event with this id was handed in before, with other content. It counts as a new event.
    Edited,
}

/// What is known of a sender when an event has arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// The sender's clock: the latest time of any of the sender's events, in milliseconds since 1970.
    pub now: u64,
    /// Whether this event was seen before.
    pub seen: Seen,
    /// The messages that count at this time. Never fewer than those of the last window; never any that is older than
    /// twelve elevenths of it (65.5 s for a window of 60 s).
    pub messages: u32,
    /// The sender's points, faded up to `now`.
    pub points: Points,
}
