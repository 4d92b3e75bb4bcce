//! A message that an agent has really sent.

use std::sync::Arc;

use crate::event::Event;

/// A message that an agent of the settings has signed, and the event that it carries. Nobody else can make one.
#[derive(Clone, Debug)]
pub struct Verified {
    pub(super) agent: Arc<str>,
    pub(super) event: Event,
}

impl Verified {
    /// The agent's id, as the settings name it.
    #[must_use]
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The event. Channel, account and sender are those of the settings, whatever the message says; it arrived when the
    /// gateway says so.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }
}
