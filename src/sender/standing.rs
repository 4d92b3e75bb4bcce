//! What the owner thinks of a sender.

use serde::{Deserialize, Serialize};

/// What the gate takes a sender for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Standing {
    /// The owner, who may also answer holds and give commands.
    Owner,
    /// Approved by the owner.
    Approved,
    /// Has begun to pair and waits for the owner.
    Pending,
    /// Blocked by the owner. Beats every other standing.
    Blocked,
    /// Nothing is known of the sender, or the event names none.
    #[default]
    Unknown,
}

/// A standing that the owner can give in the settings.
///
/// INVARIANT: the order is that of strength. Where a sender is listed more than once, the greatest counts: block beats all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Listing {
    /// May talk to the agent, as far as the policy lets approved senders.
    Approved,
    /// Is the owner.
    Owner,
    /// May not.
    Blocked,
}

impl From<Listing> for Standing {
    fn from(listing: Listing) -> Self {
        match listing {
            Listing::Approved => Self::Approved,
            Listing::Owner => Self::Owner,
            Listing::Blocked => Self::Blocked,
        }
    }
}
