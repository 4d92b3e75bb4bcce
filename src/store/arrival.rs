//! What an event adds to its sender's record.

/// One event, as the store sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrival {
    /// When the gateway received it, in milliseconds since 1970.
    pub at: u64,
    /// By what it is known again. Without it the event is always new.
    pub mark: Option<EventMark>,
    /// Whether it counts towards the sender's rate. An event that was seen before does not, whatever stands here.
    pub counts: bool,
}

/// By what an event is known again: two keyed hashes.
///
/// They are short, since a mistake costs little. Two ids of one sender that meet (one in 2³² for every known event) make a
/// new event an edited one, and both count. Two contents that meet under one id (one in 2³²) keep an edit from being
/// counted, not from being judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventMark {
    /// Stands for channel, account, chat, sender, kind and id.
    pub id: u32,
    /// Stands for the digest.
    pub digest: u32,
}

/// The terms on which a sender's record is kept. They come from the settings, with every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How long a message counts towards the rate, in milliseconds. Zero is taken as one.
    pub window_ms: u64,
    /// In which time half of a sender's points fade, in milliseconds. Zero is taken as one.
    pub half_life_ms: u64,
}
