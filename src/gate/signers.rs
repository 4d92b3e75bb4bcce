//! Whose word counts only with a signature.

use crate::auth::AgentSettings;
use crate::event::{Event, Kind};
use crate::sender::{Listed, Listing, Standing};

/// The agents that sign their messages, as senders.
pub(super) struct Signers(Vec<Listed>);

impl Signers {
    pub(super) fn new(agents: &[AgentSettings]) -> Self {
        // What names nobody is refused when the settings are read.
        Self(agents.iter().filter_map(|agent| listed(&agent.channel, &agent.id)).collect())
    }

    /// The standing of an event's sender, of whom this much is known otherwise. An agent that has signed is approved, since the
    /// owner has named it. A message that only says to be that agent's comes from nobody, whatever the owner has said of it, and
    /// whatever the account. Block beats all.
    pub(super) fn standing(&self, event: &Event, verified: bool, known: Standing) -> Standing {
        match known {
            Standing::Blocked => known,
            Standing::Unknown | Standing::Pending if verified => Standing::Approved,
            _ if !verified && self.name(event) => Standing::Unknown,
            _ => known,
        }
    }

    /// Whether a message says to be an agent's.
    pub(super) fn name(&self, event: &Event) -> bool {
        // Without agents this costs nothing.
        // On whose behalf a tool is called the gateway says, and nobody signs.
        !self.0.is_empty()
            && event.kind == Kind::Message
            && listed(&event.channel, event.sender_id()).is_some_and(|sender| {
                self.0.iter().any(|agent| agent.channel == sender.channel && agent.id == sender.id)
            })
    }
}

fn listed(channel: &str, id: &str) -> Option<Listed> {
    Listed::new(channel, id, Listing::Approved).ok()
}
