//! Direct chats.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::sender::SenderId;

/// Who may write to the agent in a direct chat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DmPolicy {
    /// Whoever the owner has approved, in the settings or in the store; and a pairing code of the owner's makes known who
    /// writes it.
    #[default]
    Pairing,
    /// Whoever the owner has approved, in the settings or in the store. A pairing code is a text as any other.
    Allowlist,
    /// Everybody. Only with `allow = ["*"]`, so that nobody opens a gate by one word.
    Open,
    /// Nobody, whoever it is.
    Disabled,
}

/// Who may write in the direct chats of one channel, or of one account of it.
///
/// ```toml
/// [[dm]]
/// channel = "telegram"
/// account = "main"          # without it: every account that has no entry of its own
/// policy = "allowlist"      # or "pairing", "open", "disabled"
/// allow = ["@ana"]          # besides those of [[sender]]; in direct chats only
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
#[non_exhaustive]
pub struct DmRule {
    /// The channel, in lower case.
    pub channel: String,
    /// The gateway's account; every account that has no entry of its own where there is none.
    pub account: Option<String>,
    /// Who may write.
    pub policy: DmPolicy,
    /// Who is approved here, and in no group.
    pub allow: BTreeSet<SenderId>,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    channel: String,
    account: Option<String>,
    #[serde(default)]
    policy: DmPolicy,
    #[serde(default)]
    allow: Vec<String>,
}

impl TryFrom<Written> for DmRule {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let channel = super::channel(&written.channel)?;
        let everybody = |id: &String| id.trim() == "*";
        let open = written.allow.iter().any(everybody);
        match (written.policy, open) {
            (DmPolicy::Open, false) => {
                return Err("`open` lets everybody write and needs `allow = [\"*\"]`; with a list of senders it is \
                            `policy = \"allowlist\"`"
                    .to_owned());
            }
            (DmPolicy::Pairing | DmPolicy::Allowlist | DmPolicy::Disabled, true) => {
                return Err("`*` in `allow` means everybody, which needs `policy = \"open\"`".to_owned());
            }
            _ => {}
        }
        let listed: Vec<String> = written.allow.into_iter().filter(|id| !everybody(id)).collect();
        let allow = super::ids(&channel, &listed)?;
        Ok(Self { channel, account: written.account, policy: written.policy, allow })
    }
}
