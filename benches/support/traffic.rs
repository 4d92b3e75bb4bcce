//! Messages as a gateway would hand them in.

use sluicegate::Event;

/// Senders that take turns.
const SENDERS: usize = 64;

/// Milliseconds from one message to the next. With [`SENDERS`] taking turns, each stays below the rate that the settings
/// allow, so that the usual path is measured.
const PACE: u64 = 100;

/// Messages of one kind and size from many senders, without end.
pub struct Traffic {
    events: Vec<Event>,
    at: u64,
    next: usize,
}

impl Traffic {
    /// The messages of `benches/inputs` for a kind and a size.
    pub fn new(kind: &str, size: &str) -> Self {
        let texts = super::messages(kind, size);
        // As many events as give every sender every text once.
        let events = (0..texts.len() * SENDERS)
            .map(|number| {
                let text = texts[number % texts.len()].as_str();
                Event::message(0, text).channel("whatsapp").sender(format!("+1555010{:04}", number % SENDERS))
            })
            .collect();
        Self { events, at: 1_764_000_000_000, next: 0 }
    }

    /// The next message. Without an id, so nothing is taken for a repetition.
    pub fn next(&mut self) -> &Event {
        self.at += PACE;
        self.next = (self.next + 1) % self.events.len();
        let event = &mut self.events[self.next];
        event.at = self.at;
        event
    }
}
