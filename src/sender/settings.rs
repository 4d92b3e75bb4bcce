//! What the owner sets for senders.

use std::fmt::Display;

use serde::{Deserialize, Deserializer, de};

use super::access::{DmPolicy, DmRule, GroupPolicy, GroupRule};
use super::{Capabilities, Listing, SenderId, channel};
use crate::store::{MemoryStore, Terms};

/// Everything that the owner sets for senders.
///
/// ```toml
/// [[sender]]
/// channel = "whatsapp"
/// id = "+1 555 010-0123"
/// standing = "approved"     # or "owner", or "blocked"
/// capabilities = ["chat", "status", "files"]   # chat and status where there are none
///
/// [rate]
/// messages = 20
/// seconds = 60
///
/// [escalation]
/// half_life_seconds = 300
/// threshold = 8
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SenderSettings {
    /// The senders whose standing the owner has set.
    #[serde(rename = "sender")]
    pub listed: Vec<Listed>,
    /// Who may write in direct chats for which no entry says otherwise.
    pub dm_policy: DmPolicy,
    /// Who may write in the direct chats of a channel or account.
    #[serde(rename = "dm")]
    pub dms: Vec<DmRule>,
    /// In which groups the agent may be written to.
    pub group_policy: GroupPolicy,
    /// Groups, each by its id.
    #[serde(rename = "group")]
    pub groups: Vec<GroupRule>,
    /// How pairing goes.
    pub pairing: PairingSettings,
    /// How much a sender may write.
    pub rate: RateSettings,
    /// How points gather and fade.
    pub escalation: EscalationSettings,
    /// How many senders are remembered, 1 to 16,777,216. A record takes 128 bytes.
    #[serde(deserialize_with = "from_to::<_, usize, 1, 16_777_216>")]
    pub remembered: usize,
}

impl Default for SenderSettings {
    fn default() -> Self {
        Self {
            listed: Vec::new(),
            dm_policy: DmPolicy::default(),
            dms: Vec::new(),
            group_policy: GroupPolicy::default(),
            groups: Vec::new(),
            pairing: PairingSettings::default(),
            rate: RateSettings::default(),
            escalation: EscalationSettings::default(),
            remembered: MemoryStore::SENDERS,
        }
    }
}

impl SenderSettings {
    /// The terms on which records are kept.
    #[must_use]
    pub fn terms(&self) -> Terms {
        Terms {
            window_ms: u64::from(self.rate.seconds) * 1_000,
            half_life_ms: u64::from(self.escalation.half_life_seconds) * 1_000,
        }
    }
}

/// How pairing goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PairingSettings {
    /// Minutes after which a code is worth nothing, 1 to 10,080 (a week).
    #[serde(deserialize_with = "from_to::<_, u32, 1, 10_080>")]
    pub expires_minutes: u32,
    /// Whether who has written a code waits until the owner has confirmed.
    pub confirm: bool,
    /// Whether an unknown sender who writes in a direct chat is answered with a code, which the owner may approve. It tells
    /// everybody who writes that somebody is there, and that they are not known.
    pub by_sender: bool,
}

impl Default for PairingSettings {
    fn default() -> Self {
        Self { expires_minutes: 60, confirm: false, by_sender: false }
    }
}

/// How much a sender may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RateSettings {
    /// Messages that a sender may write in the time, 1 to 60,000.
    #[serde(deserialize_with = "from_to::<_, u16, 1, 60_000>")]
    pub messages: u16,
    /// The time in seconds, 1 to 86,400 (a day).
    #[serde(deserialize_with = "from_to::<_, u32, 1, 86_400>")]
    pub seconds: u32,
}

impl Default for RateSettings {
    fn default() -> Self {
        Self { messages: 20, seconds: 60 }
    }
}

/// How a sender's points gather and fade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct EscalationSettings {
    /// The time in which half of the points fade, in seconds, 1 to 2,592,000 (30 days).
    #[serde(deserialize_with = "from_to::<_, u32, 1, 2_592_000>")]
    pub half_life_seconds: u32,
    /// The points from which a sender counts as escalated, 1 to 31.
    #[serde(deserialize_with = "from_to::<_, u8, 1, 31>")]
    pub threshold: u8,
}

impl Default for EscalationSettings {
    fn default() -> Self {
        Self { half_life_seconds: 300, threshold: 8 }
    }
}

/// One sender whose standing the owner has set. There are no wildcards.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
#[non_exhaustive]
pub struct Listed {
    /// The channel, in lower case.
    pub channel: String,
    /// The gateway's account that this holds for; every account where there is none.
    pub account: Option<String>,
    /// The sender's id.
    pub id: SenderId,
    /// What the owner thinks of the sender.
    pub standing: Listing,
    /// What an approved sender may have done. The owner may everything, whatever this says.
    pub capabilities: Capabilities,
}

impl Listed {
    /// A sender on a channel, on every account of the gateway.
    ///
    /// # Errors
    /// Where the channel is empty, or the id names nobody or holds `*`; the text says how to mend it.
    pub fn new(channel: &str, id: &str, standing: Listing) -> Result<Self, String> {
        let channel = channel::name(channel).into_owned();
        if channel.is_empty() {
            return Err("`channel` is empty: name the messaging system, such as \"whatsapp\"".to_owned());
        }
        if id.contains('*') {
            return Err(format!("`{id}` holds a `*`: there are no wildcards, list each sender with the whole id"));
        }
        let normal = SenderId::normalise(&channel, id).ok_or_else(|| {
            format!("`{}` names nobody on {channel}: it is empty, a group, or has hidden characters", id.escape_debug())
        })?;
        Ok(Self { channel, account: None, id: normal, standing, capabilities: Capabilities::default() })
    }

    /// The same sender, who may have these things done.
    #[must_use]
    pub const fn may(mut self, capabilities: Capabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// The same sender, on one account of the gateway only.
    #[must_use]
    pub fn on_account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    channel: String,
    account: Option<String>,
    id: String,
    standing: Listing,
    #[serde(default)]
    capabilities: Capabilities,
}

impl TryFrom<Written> for Listed {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let listed = Self::new(&written.channel, &written.id, written.standing)?;
        Ok(Self { account: written.account, capabilities: written.capabilities, ..listed })
    }
}

/// Reads a whole number within bounds, so that the error stands at the number itself.
fn from_to<'de, D: Deserializer<'de>, T, const LEAST: i64, const MOST: i64>(deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<i64>,
    T::Error: Display,
{
    let number = i64::deserialize(deserializer)?;
    if !(LEAST..=MOST).contains(&number) {
        return Err(de::Error::custom(format_args!("expected a number from {LEAST} to {MOST}, found {number}")));
    }
    T::try_from(number).map_err(de::Error::custom)
}
