//! What the owner sets for agents.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};
use toml::value::{Datetime, Offset};

use super::envelope::{valid_audience, valid_key_id};
use super::time::days_from_civil;

/// The most agents, and the most keys of one.
const MAX_AGENTS: usize = 256;
const MAX_KEYS: usize = 16;

/// How signed messages are taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AuthSettings {
    /// The name of this gateway, which agents write into what they sign, so that a message for one gateway is not taken by
    /// another. Needed where there are agents.
    pub audience: Option<String>,
    /// Seconds that a message may be under way, and that the two clocks may differ, 1 to 3,600.
    #[serde(deserialize_with = "window")]
    pub window_seconds: u32,
    /// Messages of one agent that are remembered within the window, against repetition, 1 to 65,536; more are refused.
    #[serde(deserialize_with = "nonces")]
    pub nonces: u32,
    /// Whether agents may have the format of AI-COMMS, which covers less.
    pub ai_comms: bool,
}

impl Default for AuthSettings {
    fn default() -> Self {
        Self { audience: None, window_seconds: 300, nonces: 4_096, ai_comms: false }
    }
}

impl AuthSettings {
    /// The first thing that makes no sense, and why; types alone do not tell. With the key at which it stands.
    pub(crate) fn out_of_range(&self, agents: &[AgentSettings]) -> Option<(&'static str, String)> {
        match &self.audience {
            Some(name) if !valid_audience(name) => {
                let message = "`audience` is 1 to 128 of the characters A–Z, a–z, 0–9, `.`, `_`, `-`, `:` and `@`";
                return Some(("audience", message.to_owned()));
            }
            None if !agents.is_empty() => {
                let message =
                    "agents need to know whom they write to: give this gateway a name, `audience` of `[auth]`";
                return Some(("[[agent]]", message.to_owned()));
            }
            _ => {}
        }
        if agents.len() > MAX_AGENTS {
            return Some(("[[agent]]", format!("{} agents are too many; there may be {MAX_AGENTS}", agents.len())));
        }
        let (mut names, mut ids) = (Vec::new(), Vec::new());
        for agent in agents {
            let AgentSettings { id, channel, account, key, .. } = agent;
            let wrong = |message: String| Some(("[[agent]]", format!("agent `{}`: {message}", id.escape_debug())));
            if names.contains(&(channel, account, id)) {
                return wrong("it is there twice; one agent may have several keys".to_owned());
            }
            names.push((channel, account, id));
            if key.is_empty() || key.len() > MAX_KEYS {
                return wrong(format!("it has {} keys; an agent has 1 to {MAX_KEYS}", key.len()));
            }
            for AgentKeySettings { id, .. } in key {
                if !valid_key_id(id) {
                    let message = "is not 1 to 64 of the characters a–z, 0–9, `.`, `_` and `-`";
                    return wrong(format!("the key's id `{}` {message}", id.escape_debug()));
                }
                if ids.contains(&id) {
                    return wrong(format!("there is another key `{id}`; every key has an id of its own"));
                }
                ids.push(id);
            }
            let other = agent.format == AgentFormat::AiComms;
            if other && !self.ai_comms {
                return wrong("its format is that of AI-COMMS: set `ai_comms = true` in `[auth]`".to_owned());
            }
            if !other && agent.encryption_file.is_some() {
                return wrong("`encryption_file` is for AI-COMMS; here the key encrypts too".to_owned());
            }
            if other && agent.encrypted && agent.encryption_file.is_none() {
                return wrong("it has to be encrypted, but there is no `encryption_file`".to_owned());
            }
        }
        None
    }
}

impl AgentSettings {
    /// The files that it names.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.key.iter().map(|key| &key.file).chain(&self.encryption_file)
    }

    /// The same, to be changed.
    pub(crate) fn files_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        self.key.iter_mut().map(|key| &mut key.file).chain(&mut self.encryption_file)
    }
}

/// One agent that signs its messages.
///
/// ```toml
/// [[agent]]
/// id = "billing"
/// encrypted = true
///
/// [[agent.key]]
/// id = "billing-2026"
/// file = "billing.key"
/// not_after = 2027-02-01T00:00:00Z
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AgentSettings {
    /// The id that the agent's events have as their sender.
    pub id: String,
    /// The channel that they have.
    #[serde(default = "channel")]
    pub channel: String,
    /// The account that they have.
    #[serde(default)]
    pub account: String,
    /// How the agent signs.
    #[serde(default)]
    pub format: AgentFormat,
    /// Whether only encrypted messages are taken.
    #[serde(default)]
    pub encrypted: bool,
    /// AI-COMMS only: the file with `SECURITY_ENCRYPTION_KEY`.
    #[serde(default)]
    pub encryption_file: Option<PathBuf>,
    /// The keys that it may sign with: more than one while they are changed. At most 16.
    pub key: Vec<AgentKeySettings>,
}

/// How an agent signs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AgentFormat {
    /// As `docs/agents.md` says.
    #[default]
    Sluicegate,
    /// As AI-COMMS does.
    AiComms,
}

/// One key of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AgentKeySettings {
    /// The name of the key, which stands in what it signs: 1 to 64 of `a–z 0–9 . _ -`, and no other key's.
    pub id: String,
    /// The file with the key: readable by its owner alone.
    pub file: PathBuf,
    /// The last moment, in milliseconds since 1970, at which what it signs is taken. None: for ever.
    #[serde(default, deserialize_with = "moment")]
    pub not_after: Option<u64>,
}

fn channel() -> String {
    "agent".to_owned()
}

fn window<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    bounded(deserializer, 3_600)
}

fn nonces<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    bounded(deserializer, 65_536)
}

fn bounded<'de, D: Deserializer<'de>>(deserializer: D, most: u32) -> Result<u32, D::Error> {
    let number = i64::deserialize(deserializer)?;
    u32::try_from(number)
        .ok()
        .filter(|number| (1..=most).contains(number))
        .ok_or_else(|| de::Error::custom(format_args!("expected a number from 1 to {most}, found {number}")))
}

/// A moment as TOML writes it, with its distance to UTC: without that it is another moment wherever it is read.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let written = Datetime::deserialize(deserializer)?;
    let whole = written.date.zip(written.time).zip(written.offset);
    let milliseconds = whole.and_then(|((date, time), offset)| {
        let minutes = match offset {
            Offset::Z => 0,
            Offset::Custom { minutes } => i64::from(minutes),
        };
        let days = days_from_civil(i64::from(date.year), i64::from(date.month), i64::from(date.day));
        let minute = (days * 24 + i64::from(time.hour)) * 60 + i64::from(time.minute) - minutes;
        u64::try_from((minute * 60 + i64::from(time.second.unwrap_or_default())) * 1_000).ok()
    });
    let expected = "expected a moment with its zone, such as 2027-02-01T00:00:00Z";
    milliseconds.map(Some).ok_or_else(|| de::Error::custom(format_args!("{expected}, found {written}")))
}
