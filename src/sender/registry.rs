//! Standings by sender.

use std::collections::BTreeMap;

use super::{Listed, Listing, SenderId, Standing};

/// The senders whose standing is set, by their ids.
#[derive(Clone, Default)]
pub(super) struct Registry(BTreeMap<SenderId, Vec<Entry>>);

#[derive(Clone)]
struct Entry {
    channel: String,
    account: Option<String>,
    standing: Listing,
}

impl Registry {
    pub(super) fn new(listed: &[Listed]) -> Self {
        let mut entries: BTreeMap<SenderId, Vec<Entry>> = BTreeMap::new();
        for Listed { channel, account, id, standing } in listed {
            let entry = Entry { channel: channel.clone(), account: account.clone(), standing: *standing };
            entries.entry(id.clone()).or_default().push(entry);
        }
        Self(entries)
    }

    /// The standing of a sender; `channel` is its name in the one spelling. An event without a usable id comes from an
    /// unknown sender.
    pub(super) fn standing(&self, channel: &str, account: &str, id: Option<&SenderId>) -> Standing {
        let entries = id.and_then(|id| self.0.get(id)).map_or(&[][..], Vec::as_slice);
        entries
            .iter()
            .filter(|entry| entry.channel == channel && entry.account.as_deref().is_none_or(|own| own == account))
            .map(|entry| entry.standing)
            .max()
            .map_or(Standing::Unknown, Standing::from)
    }
}
