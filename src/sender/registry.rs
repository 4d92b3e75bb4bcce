//! Standings by sender.

use std::collections::BTreeMap;

use super::{Capabilities, EVERY_ACCOUNT, Listed, Listing, SenderId};
use crate::store::Person;

/// The senders whose standing is set, by their ids.
#[derive(Clone, Default)]
pub(super) struct Registry(BTreeMap<SenderId, Vec<Entry>>);

#[derive(Clone)]
struct Entry {
    channel: String,
    account: Option<String>,
    standing: Listing,
    capabilities: Capabilities,
}

impl Registry {
    pub(super) fn new(listed: &[Listed]) -> Self {
        let mut entries: BTreeMap<SenderId, Vec<Entry>> = BTreeMap::new();
        for Listed { channel, account, id, standing, capabilities } in listed {
            let (channel, account) = (channel.clone(), account.clone());
            let entry = Entry { channel, account, standing: *standing, capabilities: *capabilities };
            entries.entry(id.clone()).or_default().push(entry);
        }
        Self(entries)
    }

    /// What is listed of a sender, the strongest of several; `channel` is its name in the one spelling. An event without a
    /// usable id comes from nobody who is listed.
    pub(super) fn listed(
        &self,
        channel: &str,
        account: &str,
        id: Option<&SenderId>,
    ) -> Option<(Listing, Capabilities)> {
        let entries = id.and_then(|id| self.0.get(id)).map_or(&[][..], Vec::as_slice);
        entries
            .iter()
            .filter(|entry| entry.channel == channel && entry.account.as_deref().is_none_or(|own| own == account))
            .max_by_key(|entry| entry.standing)
            .map(|entry| (entry.standing, entry.capabilities))
    }

    /// Whether a person is blocked here, who may be one on every account.
    pub(super) fn blocks(&self, who: &Person) -> bool {
        let entries = self.0.iter().find(|(id, _)| id.as_str() == who.id).map_or(&[][..], |(_, entries)| entries);
        entries.iter().any(|entry| {
            let account = entry.account.as_deref();
            entry.channel == who.channel
                && entry.standing == Listing::Blocked
                && (account.is_none_or(|own| own == who.account) || who.account == EVERY_ACCOUNT)
        })
    }
}
