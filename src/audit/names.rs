//! The ids of an event, on their way to becoming pseudonyms.

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::keys::{Pseudonym, Pseudonyms};

/// Ids together longer than this many bytes are turned into pseudonyms at once, so that the queue is bounded in bytes.
const MAX_BYTES: usize = 1024;

/// The ids of one event.
///
/// Six pseudonyms cost a microsecond, twice the budget of a whole check, and copying the ids costs a tenth of that. So the
/// ids wait in memory, where the event itself was a moment ago, and the writer's thread does the hashing.
pub(super) enum Names {
    /// The ids one after the other, each with the place where it ends.
    Clear { text: Box<str>, ends: [u16; 6] },
    /// Their pseudonyms.
    Keyed(Box<Keyed>),
}

/// The pseudonyms of one event; none where the event has no such id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Keyed {
    #[serde(flatten)]
    pub(super) ids: Ids,
    #[serde(skip)]
    pub(super) compared: Compared,
}

/// What policies compare with their literals, as pseudonyms of the form in which it is compared. None where the event has no
/// such id.
///
/// INVARIANT: two names are one to `channel_in`, `account_in` or `tool_in` exactly where these pseudonyms are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Compared {
    pub(super) channel: Option<Pseudonym>,
    pub(super) account: Option<Pseudonym>,
    pub(super) tool: Option<Pseudonym>,
}

impl Compared {
    pub(super) fn new(channel: &str, account: &str, tool: &str, pseudonyms: &Pseudonyms) -> Self {
        let of = |name: &str, pseudonym: &dyn Fn() -> Pseudonym| (!name.is_empty()).then(pseudonym);
        let tool = tool.trim();
        Self {
            channel: of(channel, &|| pseudonyms.channel(&channel.to_ascii_lowercase())),
            // Without the channel, which the literal does not know.
            account: of(account, &|| pseudonyms.account("", account)),
            tool: of(tool, &|| pseudonyms.tool(&tool.to_ascii_lowercase())),
        }
    }
}

/// The ids as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Ids {
    channel: Option<Pseudonym>,
    account: Option<Pseudonym>,
    chat: Option<Pseudonym>,
    sender: Option<Pseudonym>,
    event: Option<Pseudonym>,
    tool: Option<Pseudonym>,
}

impl Names {
    /// The ids of `event`, with the sender's in its normal form.
    pub(super) fn new(event: &Event, sender: &str, pseudonyms: &Pseudonyms) -> Self {
        let tool = event.tool.as_ref().map_or("", |tool| tool.name.as_str());
        let id = event.id.as_deref().unwrap_or_default();
        let ids = [event.channel.as_str(), &event.account, &event.chat.id, sender, id, tool];
        let bytes = ids.iter().fold(0_usize, |sum, id| sum.saturating_add(id.len()));
        if bytes > MAX_BYTES {
            return Self::Keyed(Box::new(Keyed::new(ids, pseudonyms)));
        }
        let mut text = String::with_capacity(bytes);
        let ends = ids.map(|id| {
            text.push_str(id);
            u16::try_from(text.len()).unwrap_or(u16::MAX)
        });
        Self::Clear { text: text.into(), ends }
    }

    pub(super) fn keyed(&self, pseudonyms: &Pseudonyms) -> Keyed {
        match self {
            Self::Clear { text, ends } => {
                let mut start = 0;
                let ids = ends.map(|end| {
                    let id = text.get(start..usize::from(end)).unwrap_or_default();
                    start = usize::from(end);
                    id
                });
                Keyed::new(ids, pseudonyms)
            }
            Self::Keyed(keyed) => **keyed,
        }
    }
}

impl Keyed {
    fn new([channel, account, chat, sender, event, tool]: [&str; 6], pseudonyms: &Pseudonyms) -> Self {
        let of = |id: &str, pseudonym: &dyn Fn() -> Pseudonym| (!id.is_empty()).then(pseudonym);
        let ids = Ids {
            channel: of(channel, &|| pseudonyms.channel(channel)),
            account: of(account, &|| pseudonyms.account(channel, account)),
            chat: of(chat, &|| pseudonyms.chat(channel, account, chat)),
            sender: of(sender, &|| pseudonyms.sender(channel, account, sender)),
            event: of(event, &|| pseudonyms.event(channel, account, event)),
            tool: of(tool, &|| pseudonyms.tool(tool)),
        };
        Self { ids, compared: Compared::new(channel, account, tool, pseudonyms) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Json;
    use crate::keys::Keys;

    #[test]
    fn short_and_long_ids_give_the_pseudonyms_that_the_keys_give() {
        let pseudonyms = Keys::new(std::array::from_fn(|index| index as u8)).unwrap().pseudonyms();
        for sender in ["ä+1".to_owned(), "x".repeat(MAX_BYTES + 1), String::new()] {
            let event = Event::tool_call(1, "bash", Json::Null).channel("whatsapp").account("main").id("é1");
            let names = Names::new(&event, &sender, &pseudonyms);
            assert_eq!(matches!(names, Names::Keyed(_)), sender.len() > MAX_BYTES);
            let keyed = names.keyed(&pseudonyms);
            let expected = (!sender.is_empty()).then(|| pseudonyms.sender("whatsapp", "main", &sender));
            assert_eq!(keyed.ids.sender, expected);
            assert_eq!(keyed.ids.event, Some(pseudonyms.event("whatsapp", "main", "é1")));
            assert_eq!(keyed.ids.tool, Some(pseudonyms.tool("bash")));
            assert_eq!(keyed.ids.chat, None);
        }
    }
}
