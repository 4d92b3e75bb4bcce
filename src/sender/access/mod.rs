//! Who may write where: direct chats and groups.

mod dm;
mod group;
mod mention;

pub use dm::{DmPolicy, DmRule};
pub use group::{GroupPolicy, GroupRule};
use mention::Mentions;

use super::{Capabilities, SenderId, SenderSettings};
use crate::event::{Event, Kind};

/// What holds for the sender of an event in its chat, besides the standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// What the sender may have done.
    pub capabilities: Capabilities,
    /// A direct chat in which everybody may write.
    pub dm_open: bool,
    /// A direct chat in which nobody may write.
    pub dm_disabled: bool,
    /// A group in which the agent may be written to.
    pub group_allowed: bool,
    /// A group in which the agent is not meant unless it is named.
    pub mention_required: bool,
    /// The gateway says that the agent was named, or the text has one of the group's patterns.
    pub mentioned: bool,
    /// The message was a pairing code, and has made the sender known.
    pub paired_now: bool,
}

impl Default for Access {
    /// What holds for somebody of whom nothing is known, in a chat of which nothing is known.
    fn default() -> Self {
        Self {
            capabilities: Capabilities::NONE,
            dm_open: false,
            dm_disabled: false,
            group_allowed: false,
            mention_required: false,
            mentioned: false,
            paired_now: false,
        }
    }
}

/// The owner's settings for direct chats and groups, ready to be asked.
pub(super) struct Doors {
    dm_policy: DmPolicy,
    dms: Vec<DmRule>,
    group_policy: GroupPolicy,
    groups: Vec<(GroupRule, Mentions)>,
}

/// What the settings say of an event's chat.
pub(super) struct Door {
    pub(super) access: Access,
    /// Whether the settings admit the sender to this chat.
    pub(super) admitted: bool,
    /// Whether a message here may be a pairing code.
    pub(super) pairing: bool,
}

impl Doors {
    pub(super) fn new(settings: &SenderSettings) -> Self {
        let groups = settings.groups.iter().map(|group| (group.clone(), Mentions::new(&group.mention_patterns)));
        Self {
            dm_policy: settings.dm_policy,
            dms: settings.dms.clone(),
            group_policy: settings.group_policy,
            groups: groups.collect(),
        }
    }

    /// What holds for a chat; `channel` is its name in the one spelling. Reads the text only in a group that has patterns.
    pub(super) fn at(&self, channel: &str, event: &Event, id: Option<&SenderId>) -> Door {
        let mut access = Access { mentioned: event.chat.mentioned, ..Access::default() };
        if event.chat.group {
            let group = self.group(channel, event);
            access.group_allowed = match self.group_policy {
                GroupPolicy::Allowlist => group.is_some(),
                GroupPolicy::Open => true,
                GroupPolicy::Disabled => false,
            };
            access.mention_required = group.is_none_or(|(rule, _)| rule.require_mention);
            if let Some((_, mentions)) = group.filter(|_| event.kind == Kind::Message && !access.mentioned) {
                access.mentioned = mentions.found_in(&event.text);
            }
            let admitted = group.zip(id).is_some_and(|((rule, _), id)| rule.senders.contains(id));
            return Door { access, admitted, pairing: false };
        }
        let rule = self.dm(channel, &event.account);
        let policy = rule.map_or(self.dm_policy, |rule| rule.policy);
        access.dm_open = policy == DmPolicy::Open;
        access.dm_disabled = policy == DmPolicy::Disabled;
        let admitted = rule.zip(id).is_some_and(|(rule, id)| rule.allow.contains(id));
        Door { access, admitted, pairing: policy == DmPolicy::Pairing }
    }

    /// Whether the settings admit somebody to the direct chats of a channel and account.
    pub(super) fn admits(&self, channel: &str, account: &str, id: &SenderId) -> bool {
        self.dm(channel, account).is_some_and(|rule| rule.allow.contains(id))
    }

    /// The entry for an account, else the one for every account of the channel.
    fn dm(&self, channel: &str, account: &str) -> Option<&DmRule> {
        let of_channel = || self.dms.iter().filter(|rule| rule.channel == channel);
        let own = of_channel().find(|rule| rule.account.as_deref() == Some(account));
        own.or_else(|| of_channel().find(|rule| rule.account.is_none()))
    }

    fn group(&self, channel: &str, event: &Event) -> Option<&(GroupRule, Mentions)> {
        let id = event.chat.id.trim();
        let here = || self.groups.iter().filter(|(rule, _)| rule.channel == channel && rule.id == id);
        let own = here().find(|(rule, _)| rule.account.as_deref() == Some(event.account.as_str()));
        own.or_else(|| here().find(|(rule, _)| rule.account.is_none()))
    }
}

/// The ids of a list, each in its normal form on the channel; none is a wildcard.
fn ids(channel: &str, written: &[String]) -> Result<std::collections::BTreeSet<SenderId>, String> {
    let one = |id: &String| {
        if id.contains('*') {
            return Err(format!("`{}` holds a `*`: list each sender with the whole id", id.escape_debug()));
        }
        SenderId::normalise(channel, id).ok_or_else(|| {
            format!("`{}` names nobody on {channel}: it is empty, a group, or has hidden characters", id.escape_debug())
        })
    };
    written.iter().map(one).collect()
}

/// The name of a channel, which every entry needs.
fn channel(written: &str) -> Result<String, String> {
    let name = super::channel::name(written).into_owned();
    if name.is_empty() {
        return Err("`channel` is empty: name the messaging system, such as \"whatsapp\"".to_owned());
    }
    Ok(name)
}
