//! What LiteLLM is told.

use serde::Serialize;

/// What the proxy is to do. INVARIANT: there is always an `action`: where it is missing, the proxy lets everything pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "action")]
pub(in crate::serve) enum Answer {
    /// Pass it on.
    #[serde(rename = "NONE")]
    Pass,
    /// Do not; the client sees an error with this text.
    #[serde(rename = "BLOCKED")]
    Block { blocked_reason: String },
    /// Pass on these texts instead, as many as there were, in their order.
    #[serde(rename = "GUARDRAIL_INTERVENED")]
    Replace { texts: Vec<String> },
}

/// What the client of the proxy reads where the policy wrote no reply. It cannot be silent, since the proxy must answer; so
/// it says the same whatever the reason was.
pub(super) const NOT_PASSED: &str = "This message was not passed on.";

impl Answer {
    pub(in crate::serve) fn block(reply: Option<&str>) -> Self {
        Self::Block { blocked_reason: reply.unwrap_or(NOT_PASSED).to_owned() }
    }
}
