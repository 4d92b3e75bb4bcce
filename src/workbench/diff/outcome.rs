//! What of a verdict is compared, and what differs.

use std::sync::Arc;

use serde::Serialize;

use crate::config::Closed;
use crate::event::Kind;
use crate::policy::Ruling;
use crate::verdict::{By, Decision, HoldTicket, Station, Verdict};

/// Where a decision was made.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// The station that decided.
    pub station: Station,
    /// The policy file, where a policy decided.
    pub policy: Option<Arc<str>>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
}

impl From<&By> for Place {
    fn from(by: &By) -> Self {
        Self { station: by.station, policy: by.policy.clone(), line: by.line }
    }
}

/// What of a verdict, or of what a policy says, is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// What is done with the event.
    pub decision: Decision,
    /// With `mode = "observe"`: what would be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would: Option<Decision>,
    /// Why, in the owner's words.
    pub reason: Arc<str>,
    /// Where it was decided.
    pub by: Place,
    /// What is answered to the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<Arc<str>>,
    /// Whether the event is passed on with something blacked out, or with another text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub redacted: bool,
}

impl Outcome {
    /// What the owner's policies want: the decision, or with `mode = "observe"` what would be decided.
    #[must_use]
    pub fn wanted(&self) -> Decision {
        self.would.unwrap_or(self.decision)
    }

    fn of_verdict(verdict: &Verdict) -> Self {
        Self {
            decision: verdict.decision,
            would: verdict.would,
            reason: Arc::clone(&verdict.reason),
            by: Place::from(&verdict.by),
            reply: verdict.reply.as_deref().map(Arc::from),
            redacted: verdict.redacted.is_some(),
        }
    }

    /// What a gate makes of this ruling, before anything overrides it. A policy that fails is a closed decision.
    pub(super) fn of_ruling(ruling: &Ruling, kind: Kind, closed: &Closed) -> Self {
        let failed = ruling.failure.is_some();
        let station = if failed { Station::Failure } else { Station::Policy };
        Self {
            decision: if failed { closed.decision(kind) } else { ruling.decision },
            would: None,
            reason: Arc::clone(&ruling.reason),
            by: Place { station, policy: ruling.policy.clone(), line: ruling.line },
            reply: ruling.reply.clone(),
            redacted: !ruling.redact.is_empty() || ruling.replace.is_some(),
        }
    }

    /// Whether the two were decided by the same station for the same reason, wherever in the policies that stands.
    fn is_moved(&self, other: &Self) -> bool {
        let of =
            |outcome: &Self| Self { by: Place { policy: None, line: None, ..outcome.by.clone() }, ..outcome.clone() };
        of(self) == of(other)
    }
}

/// Why a verdict changes: the same cause for all events that were decided so before and are decided so now.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// What was decided before.
    pub old: Outcome,
    /// What is decided now.
    pub new: Outcome,
    /// Both pass the event on with something blacked out, and not the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub redacts_otherwise: bool,
    /// Both hold, and not equally long.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub waits_otherwise: bool,
}

/// How two answers to the same event compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Nothing of note differs.
    Same,
    /// Only the place in the policies differs, such as after a line was added above.
    Moved,
    /// The decision, the reason, or what is done with it differs.
    Changed(Box<Cause>),
}

impl Comparison {
    /// Compares two verdicts on one event.
    #[must_use]
    pub fn of_verdicts(old: &Verdict, new: &Verdict) -> Self {
        let expires = |verdict: &Verdict| verdict.hold.as_ref().map(|HoldTicket { expires, .. }| *expires);
        let redacts_otherwise = matches!((&old.redacted, &new.redacted), (Some(old), Some(new)) if old != new);
        let waits_otherwise = matches!((expires(old), expires(new)), (Some(old), Some(new)) if old != new);
        Self::of(Cause {
            old: Outcome::of_verdict(old),
            new: Outcome::of_verdict(new),
            redacts_otherwise,
            waits_otherwise,
        })
    }

    pub(super) fn of(cause: Cause) -> Self {
        let Cause { old, new, redacts_otherwise, waits_otherwise } = &cause;
        let otherwise = *redacts_otherwise || *waits_otherwise;
        if !otherwise && old == new {
            Self::Same
        } else if !otherwise && old.is_moved(new) {
            Self::Moved
        } else {
            Self::Changed(Box::new(cause))
        }
    }
}
