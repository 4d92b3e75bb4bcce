//! What the policies say about one event.

use std::sync::Arc;

use crate::event::Kind;
use crate::verdict::{Category, Decision};

/// What the policies say about one event. A pure function of its facts, and cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ruling {
    /// What is to be done. After a [failure](Self::failure) it is the closed decision: drop for a message, hold for the rest.
    pub decision: Decision,
    /// Why, in the owner's words. Empty for an `allow()`.
    pub reason: Arc<str>,
    /// The file that decided; none at the end of the chain.
    pub policy: Option<Arc<str>>,
    /// The line of the call that decided, from 1.
    pub line: Option<u32>,
    /// The column of that call, from 1, in characters.
    pub column: Option<u32>,
    /// What to answer to the sender.
    pub reply: Option<Arc<str>>,
    /// How long a hold waits, in milliseconds; the settings decide where the policy does not say.
    pub expires_ms: Option<u64>,
    /// With `allow`: what to black out before the event is passed on.
    pub redact: Vec<Category>,
    /// With `allow`, for a reply: the text to send instead.
    pub replace: Option<Arc<str>>,
    /// What went wrong in a policy, with file, line and column where they are known. The decision configured for failures
    /// applies then, not [`decision`](Self::decision).
    pub failure: Option<String>,
}

impl Ruling {
    /// The end of the chain: no file had an opinion.
    pub(super) fn undecided(kind: Kind) -> Self {
        Self {
            decision: closed(kind),
            reason: Arc::from("no policy decided"),
            policy: None,
            line: None,
            column: None,
            reply: None,
            expires_ms: None,
            redact: Vec::new(),
            replace: None,
            failure: None,
        }
    }

    /// A policy broke.
    pub(super) fn failed(kind: Kind, policy: &Arc<str>, failure: String) -> Self {
        Self {
            reason: Arc::from("the policy failed"),
            policy: Some(Arc::clone(policy)),
            failure: Some(failure),
            ..Self::undecided(kind)
        }
    }
}

/// What is done when nobody decided: never `allow`.
const fn closed(kind: Kind) -> Decision {
    match kind {
        Kind::Message => Decision::Drop,
        Kind::Reply | Kind::ToolCall | Kind::ToolResult => Decision::Hold,
    }
}
