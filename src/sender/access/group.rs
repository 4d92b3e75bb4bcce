//! Groups.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::mention::Mentions;
use crate::sender::SenderId;

/// In which groups the agent may be written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum GroupPolicy {
    /// In those that the settings list.
    #[default]
    Allowlist,
    /// In every group. Senders have to be approved there all the same.
    Open,
    /// In none.
    Disabled,
}

/// One group in which the agent may be written to.
///
/// Pairing and what the store approves never open a group: in one, only those count as approved whom `[[sender]]` of the
/// settings lists, or `senders` of the group.
///
/// ```toml
/// [[group]]
/// channel = "telegram"
/// account = "main"                       # optional
/// id = "-1001234567890"
/// require_mention = true                 # the default
/// mention_patterns = ["@bot", "hey bot"] # words that name the agent, besides what the gateway says
/// senders = ["@ana"]                     # approved in this group
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
#[non_exhaustive]
pub struct GroupRule {
    /// The channel, in lower case.
    pub channel: String,
    /// The gateway's account; every account that has no entry of its own where there is none.
    pub account: Option<String>,
    /// The channel's id of the chat, compared whole.
    pub id: String,
    /// Whether the agent is meant only where it is named.
    pub require_mention: bool,
    /// Words that name it; looked for as whole words, whatever their case and dress.
    pub mention_patterns: Vec<String>,
    /// Who is approved in this group.
    pub senders: BTreeSet<SenderId>,
}

impl GroupRule {
    /// The most patterns of a group.
    pub const MOST_PATTERNS: usize = 16;
    /// The longest pattern, in bytes.
    pub const LONGEST_PATTERN: usize = 100;

    /// A group of a channel, with the defaults: it has to be named, and nobody besides those of `[[sender]]` is approved.
    ///
    /// # Errors
    /// Where channel or id are empty, or the id holds `*`; the text says how to mend it.
    pub fn new(channel: &str, id: &str) -> Result<Self, String> {
        let channel = super::channel(channel)?;
        let id = id.trim().to_owned();
        if id.is_empty() {
            return Err("`id` is empty: give the channel's id of the group".to_owned());
        }
        if id == "*" {
            return Err("there are no wildcards: list each group, or set `group_policy = \"open\"`".to_owned());
        }
        let (mention_patterns, senders) = (Vec::new(), BTreeSet::new());
        Ok(Self { channel, account: None, id, require_mention: true, mention_patterns, senders })
    }
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    channel: String,
    account: Option<String>,
    id: String,
    require_mention: Option<bool>,
    #[serde(default)]
    mention_patterns: Vec<String>,
    #[serde(default)]
    senders: Vec<String>,
}

impl TryFrom<Written> for GroupRule {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let group = Self::new(&written.channel, &written.id)?;
        let patterns = written.mention_patterns;
        if patterns.len() > Self::MOST_PATTERNS {
            return Err(format!("{} `mention_patterns`; at most {} are possible", patterns.len(), Self::MOST_PATTERNS));
        }
        for pattern in &patterns {
            if pattern.len() > Self::LONGEST_PATTERN {
                return Err(format!("a pattern has at most {} bytes", Self::LONGEST_PATTERN));
            }
            if Mentions::is_empty(pattern) {
                return Err(format!("the pattern `{}` has no letter or digit to look for", pattern.escape_debug()));
            }
        }
        Ok(Self {
            account: written.account,
            require_mention: written.require_mention.unwrap_or(true),
            senders: super::ids(&group.channel, &written.senders)?,
            mention_patterns: patterns,
            ..group
        })
    }
}
