//! What LiteLLM is told.

use axum::body::Body;
use axum::http::Response;
use serde::Serialize;

use super::super::answer::{Refusal, json};

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
    /// Do not, for what a request of the proxy is refused with. Its status tells the proxy the same; whoever reads the body alone is
    /// to find an action there too.
    pub(in crate::serve) fn refused(refusal: Refusal) -> Response<Body> {
        #[derive(Serialize)]
        struct Refused {
            #[serde(flatten)]
            answer: Answer,
            error: &'static str,
        }
        let mut response = json(&Refused { answer: Self::block(None), error: refusal.1 });
        refusal.told_by(&mut response);
        response
    }

    pub(in crate::serve) fn block(reply: Option<&str>) -> Self {
        Self::Block { blocked_reason: reply.unwrap_or(NOT_PASSED).to_owned() }
    }
}
