//! Why a signed message was refused.

use std::fmt;
use std::sync::Arc;

/// Which check a signed message failed. For the owner: whoever sent it must not learn it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Check {
    /// It is longer than [`MAX_BYTES`](super::MAX_BYTES).
    Size,
    /// It does not have the form of a signed message.
    Form {
        /// The byte, from 0, up to which it has.
        at: usize,
    },
    /// No agent has the key that it names, or is who it says to be.
    Key,
    /// The code is wrong: it was changed, or signed with another key.
    Code,
    /// The key was valid once, and is no longer.
    Expired,
    /// It is for somebody else.
    Audience,
    /// It tells no time that can be read.
    Time,
    /// It was sent longer ago than the window, or is longer under way than anything may be.
    Late,
    /// It was sent in the future, by more than the window.
    Early,
    /// It was sent before the gate began to remember, or forgot, so whether it came before is not known.
    Before,
    /// It came before.
    Replayed,
    /// The agent has sent so many messages within the window that no more can be remembered.
    Full,
    /// It is not encrypted, and this agent's messages have to be.
    Plain,
    /// It is encrypted, and cannot be decrypted.
    Sealed,
    /// It is verified, and what is in it is no event.
    Event,
    /// It is verified, and what is in it is no message: an agent does not speak for yours, and does not call its tools.
    Kind,
    /// Something broke while it was verified.
    Broken,
}

impl Check {
    /// The check in one word, as it stands in the audit log.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Form { .. } => "form",
            Self::Key => "key",
            Self::Code => "code",
            Self::Expired => "expired",
            Self::Audience => "audience",
            Self::Time => "time",
            Self::Late => "late",
            Self::Early => "early",
            Self::Before => "before",
            Self::Replayed => "replayed",
            Self::Full => "full",
            Self::Plain => "plain",
            Self::Sealed => "sealed",
            Self::Event => "event",
            Self::Kind => "kind",
            Self::Broken => "broken",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Size => "it is too long",
            Self::Form { at } => return write!(f, "column {}: it does not have the form of a signed message", at + 1),
            Self::Key => "no agent of the settings has this key",
            Self::Code => "the code is wrong: it was changed, or signed with another key",
            Self::Expired => "its key is no longer valid (`not_after`)",
            Self::Audience => "it is for somebody else (`audience`)",
            Self::Time => "it tells no time that can be read",
            Self::Late => "it was sent too long ago",
            Self::Early => "it was sent in the future: the two clocks differ too much",
            Self::Before => "it was sent before the gate began to remember messages, so it may be a repetition",
            Self::Replayed => "it came before",
            Self::Full => "the agent sends more messages than are remembered (`nonces`)",
            Self::Plain => "it is not encrypted, and this agent's messages have to be",
            Self::Sealed => "it cannot be decrypted",
            Self::Event => "it is verified, but what is in it is no event",
            Self::Kind => "it is verified, but an agent sends messages only",
            Self::Broken => "something broke while it was verified; this is a bug, please report it",
        })
    }
}

/// A signed message that is not believed. Shown, it is the same for every reason, so it may be told to anybody; the reason is
/// [`check`](Self::check), for the owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    check: Check,
    agent: Option<Arc<str>>,
}

impl Refusal {
    pub(crate) fn new(check: Check) -> Self {
        Self { check, agent: None }
    }

    /// A refusal of a message that an agent really signed.
    pub(super) fn of(check: Check, agent: &Arc<str>) -> Self {
        Self { check, agent: Some(Arc::clone(agent)) }
    }

    /// Which check failed. For the owner alone.
    #[must_use]
    pub fn check(&self) -> Check {
        self.check
    }

    /// The agent's id, where the code was right.
    #[must_use]
    pub fn agent(&self) -> Option<&str> {
        self.agent.as_deref()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a readable event")
    }
}

impl std::error::Error for Refusal {}
