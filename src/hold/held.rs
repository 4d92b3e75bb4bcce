//! An event that is held, as the store keeps it.

use serde::{Deserialize, Serialize};

use crate::event::{Digest, Event, Kind};
use crate::store::{Actor, SenderKey};
use crate::verdict::{By, Category, Finding};

/// Characters of an undone text that the owner is shown of a finding.
const SHOWN: usize = 400;
/// Findings that are kept with an event.
const MOST_FINDINGS: usize = 32;

/// A held event with everything that the owner needs to answer. The store keeps it encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HeldEvent {
    /// The event as it came in. It is gone once it can no longer be released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Event>,
    /// What an approval is bound to.
    pub digest: Digest,
    /// What the event is.
    pub kind: Kind,
    /// Its channel, as the gateway wrote it.
    pub channel: String,
    /// The gateway's account.
    pub account: String,
    /// The sender's id, as the gateway wrote it; empty where the event names nobody.
    pub sender: String,
    /// Whether the owner has approved the sender, or is the sender.
    pub known: bool,
    /// Whether an agent had signed it, and the signature was right; it is judged again as such.
    #[serde(default)]
    pub verified: bool,
    /// When it was held, in milliseconds since 1970.
    pub at: u64,
    /// When it lapses, in milliseconds since 1970. What has lapsed is denied.
    pub expires: u64,
    /// Why it is held, in the words of the policy.
    pub reason: String,
    /// The policy that held it and its line, such as `personal.rhai:23`; empty where no policy did.
    pub place: String,
    /// Points of the event.
    pub score: u8,
    /// What was found in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Found>,
    /// The revision that judged.
    pub revision: String,
    /// The points that its sender got for it, which an approval takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<PointsGiven>,
    /// The sender's record, by which the noisiest sender is told.
    pub by: [u8; 16],
    /// Bytes of the event as JSON; 0 once it is gone.
    pub bytes: u64,
    /// What became of it.
    pub state: State,
}

/// What was found, as far as the owner needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Found {
    /// The rule.
    pub rule: String,
    /// Its category.
    pub category: Category,
    /// Its points.
    pub points: u8,
    /// The field where it was found.
    #[serde(rename = "in")]
    pub field: String,
    /// The text as it was meant, where a disguise was undone; cut to some hundred characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shows: String,
}

/// Points that a sender got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PointsGiven {
    /// The sender's clock then, in milliseconds since 1970.
    pub at: u64,
    /// How many.
    pub points: u8,
}

/// What became of a held event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// It waits for the owner.
    Waiting,
    /// The owner has approved it.
    Approved {
        /// When.
        at: u64,
        /// Who did.
        by: Actor,
        /// Until when it may be used.
        until: u64,
    },
    /// It was judged again and handed to the gateway, with a token.
    Released {
        /// When, for the first time.
        at: u64,
        /// Until when the token may be redeemed.
        until: u64,
    },
    /// The gateway has redeemed the token, so it has acted, or is about to.
    Used {
        /// When.
        at: u64,
    },
    /// The owner has denied it, or the gate has refused it because the queue was full.
    Denied {
        /// When.
        at: u64,
        /// Who did.
        by: Actor,
    },
    /// Nobody answered in time, or what was approved was not used in time. As good as denied.
    Expired {
        /// When it lapsed.
        at: u64,
    },
}

impl State {
    /// The state in one word: `waiting`, `approved`, `released`, `used`, `denied` or `expired`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved { .. } => "approved",
            Self::Released { .. } => "released",
            Self::Used { .. } => "used",
            Self::Denied { .. } => "denied",
            Self::Expired { .. } => "expired",
        }
    }

    /// Whether something may still become of it.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Approved { .. } | Self::Released { .. })
    }

    /// When an open one lapses; none where nothing more becomes of it.
    #[must_use]
    pub const fn lapses(&self, expires: u64) -> Option<u64> {
        match self {
            Self::Waiting => Some(expires),
            Self::Approved { until, .. } | Self::Released { until, .. } => Some(*until),
            Self::Used { .. } | Self::Denied { .. } | Self::Expired { .. } => None,
        }
    }
}

impl HeldEvent {
    /// An event that waits from `at` until `expires`.
    #[must_use]
    pub fn new(event: &Event, digest: Digest, at: u64, expires: u64) -> Self {
        Self {
            bytes: serde_json::to_vec(event).map_or(u64::MAX, |text| text.len() as u64),
            event: Some(event.clone()),
            digest,
            kind: event.kind,
            channel: event.channel.clone(),
            account: event.account.clone(),
            sender: event.sender_id().to_owned(),
            known: false,
            verified: false,
            at,
            expires,
            reason: String::new(),
            place: String::new(),
            score: 0,
            findings: Vec::new(),
            revision: String::new(),
            points: None,
            by: [0; 16],
            state: State::Waiting,
        }
    }

    /// With why it is held, and who decided so.
    #[must_use]
    pub fn because(mut self, reason: &str, by: &By) -> Self {
        reason.clone_into(&mut self.reason);
        self.place = match (&by.policy, by.line) {
            (Some(policy), Some(line)) => format!("{policy}:{line}"),
            (Some(policy), None) => policy.to_string(),
            (None, _) => String::new(),
        };
        self
    }

    /// With what was found, the event's points, and the revision that judged.
    #[must_use]
    pub fn found(mut self, findings: &[Finding], score: u8, revision: &str) -> Self {
        self.findings = findings.iter().take(MOST_FINDINGS).map(Found::of).collect();
        (self.score, self.revision) = (score, revision.to_owned());
        self
    }

    /// With whose it is: the name of the sender's record, whether the owner has approved the sender, and the points that were
    /// given at a time.
    #[must_use]
    pub fn from_sender(mut self, key: &SenderKey, known: bool, points: Option<(u64, u8)>) -> Self {
        (self.by, self.known) = (*key.as_bytes(), known);
        self.points = points.filter(|(_, points)| *points > 0).map(|(at, points)| PointsGiven { at, points });
        self
    }

    /// The name of the sender's record.
    #[must_use]
    pub fn sender_key(&self) -> SenderKey {
        SenderKey::from(self.by)
    }

    /// The state at a time: what is open and has lapsed is expired, also where nobody has written it down yet.
    #[must_use]
    pub fn state_at(&self, at: u64) -> State {
        match self.state.lapses(self.expires) {
            Some(end) if at >= end => State::Expired { at: end },
            _ => self.state.clone(),
        }
    }

    /// Ends it: nothing more becomes of it, and the event itself is forgotten.
    pub(super) fn end(&mut self, state: State) {
        (self.event, self.bytes, self.state) = (None, 0, state);
        self.findings.iter_mut().for_each(|found| found.shows.clear());
    }
}

impl Found {
    fn of(finding: &Finding) -> Self {
        let shows = finding.shows.as_deref().unwrap_or_default().chars().take(SHOWN).collect();
        let rule = finding.rule.to_string();
        Self { rule, category: finding.category, points: finding.points, field: finding.field.to_string(), shows }
    }
}
