//! What comes out of the gate.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::event::Digest;

pub use crate::step::Step;

/// What is to be done with an event. Exhaustive for ever: there will be no fourth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Pass it on.
    Allow,
    /// Do nothing with it, and tell nobody.
    Drop,
    /// Keep it until the owner has answered.
    Hold,
}

impl Decision {
    /// The name in JSON and in policies: `allow`, `drop` or `hold`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Drop => "drop",
            Self::Hold => "hold",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Who decided: a station on the path of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Station {
    /// The line could not be read as an event.
    Event,
    /// The text is over the size limit.
    Size,
    /// The owner has given a command in chat, and it was carried out or answered.
    Command,
    /// The owner's policy, or the end of its chain.
    Policy,
    /// The policy, the store or another part failed; the configured decision stands.
    Failure,
    /// A setting that comes after the policy: a blocked sender, lockdown, the breaker, `mode = "observe"`.
    Override,
}

/// Where the decision was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct By {
    /// The station that decided.
    pub station: Station,
    /// The policy file, where a policy decided.
    pub policy: Option<Arc<str>>,
    /// The line in that file, from 1.
    pub line: Option<u32>,
    /// The column in that line, from 1, in characters.
    pub column: Option<u32>,
}

impl By {
    /// A station without a place in a policy.
    #[must_use]
    pub const fn station(station: Station) -> Self {
        Self { station, policy: None, line: None, column: None }
    }

    /// A place in a policy: its file, and line and column from 1.
    #[must_use]
    pub fn policy(file: impl Into<Arc<str>>, line: u32, column: u32) -> Self {
        Self { station: Station::Policy, policy: Some(file.into()), line: Some(line), column: Some(column) }
    }
}

/// What kind of trouble a rule looks for. At most the two strongest rules of a category count towards the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
#[repr(u8)]
pub enum Category {
    /// Orders to disregard earlier orders.
    Injection,
    /// A change of context: a new session, new rules, the end of the prompt.
    Hijack,
    /// A persona without limits.
    Persona,
    /// Getting at the system prompt.
    Extraction,
    /// Tokens that separate roles in a model's chat template.
    ControlToken,
    /// Pressure, false authority, false urgency.
    Social,
    /// Probing for addresses, versions, keys and settings.
    Probing,
    /// Links or pasted orders that one is told to follow.
    Lure,
    /// Snooping in files.
    Filesystem,
    /// Sowing distrust against owner or operator.
    Distrust,
    /// Hints that count only in number.
    Escalation,
    /// Hiding a text.
    Obfuscation,
    /// Secrets: keys, tokens, passwords.
    Secret,
    /// Personal data.
    Personal,
    /// Sending data out.
    Exfiltration,
    /// Commands that destroy.
    Destructive,
    /// What the lexical model finds; no rule has it.
    Model,
    /// The owner's own categories.
    Custom,
}

impl Category {
    /// All categories, in the order of their declaration.
    pub const ALL: [Self; 18] = [
        Self::Injection,
        Self::Hijack,
        Self::Persona,
        Self::Extraction,
        Self::ControlToken,
        Self::Social,
        Self::Probing,
        Self::Lure,
        Self::Filesystem,
        Self::Distrust,
        Self::Escalation,
        Self::Obfuscation,
        Self::Secret,
        Self::Personal,
        Self::Exfiltration,
        Self::Destructive,
        Self::Model,
        Self::Custom,
    ];

    /// The name in rule files and in policies, such as `control-token`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Injection => "injection",
            Self::Hijack => "hijack",
            Self::Persona => "persona",
            Self::Extraction => "extraction",
            Self::ControlToken => "control-token",
            Self::Social => "social",
            Self::Probing => "probing",
            Self::Lure => "lure",
            Self::Filesystem => "filesystem",
            Self::Distrust => "distrust",
            Self::Escalation => "escalation",
            Self::Obfuscation => "obfuscation",
            Self::Secret => "secret",
            Self::Personal => "personal",
            Self::Exfiltration => "exfiltration",
            Self::Destructive => "destructive",
            Self::Model => "model",
            Self::Custom => "custom",
        }
    }
}

/// How sure a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Wrong in itself, whoever writes it.
    Artifact,
    /// Only looks wrong; a person may have meant well.
    Judgement,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The rule's category.
    pub category: Category,
    /// How sure the rule is.
    pub class: Class,
    /// The rule's points, 1–10.
    pub points: u8,
    /// The field of the event: `text`, `quoted`, `sender.name`, `attachments/0/text`, or a JSON pointer below `tool`.
    #[serde(rename = "in")]
    pub field: String,
    /// Half-open range of UTF-8 bytes in the decoded string of that field. Never cuts a character. Empty where the finding
    /// stands across several strings of a tool call or result; `in` names what holds them.
    pub span: (usize, usize),
    /// The steps that revealed it, outermost first.
    pub via: Vec<Step>,
    /// The text as undone. For the owner's screen; never written to the audit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shows: Option<String>,
    /// The words that weighed most, the heaviest first, in small letters: of the model's finding only. For the owner's screen;
    /// never written to the audit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// The earlier messages of the sender that hold the beginning of what was found, the oldest first; at most three. Empty
    /// unless a phrase was cut over several messages: `via` begins with [`Step::Split`] then, and `span` is the part of it in
    /// this event.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Part>,
    /// Whether a message only mentions it: it stands between quotation marks, in plain words and nowhere else, in a text that says
    /// more than it quotes. It counts as ever, and does not escalate the sender.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mentioned: bool,
}

/// An earlier message, and the part of a cut phrase that stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Part {
    /// The id of that event; none where it had none, or one of more than 128 bytes.
    pub id: Option<String>,
    /// When the gateway received it, in milliseconds since 1970.
    pub at: u64,
    /// The part, as it was written. For the owner's screen; never written to the audit.
    pub shows: String,
}

impl Finding {
    /// A finding of `rule` at `span` in `field`, with no disguise undone.
    #[must_use]
    pub fn new(
        rule: impl Into<Arc<str>>,
        (category, class, points): (Category, Class, u8),
        field: impl Into<String>,
        span: (usize, usize),
    ) -> Self {
        let (rule, field) = (rule.into(), field.into());
        Self {
            rule,
            category,
            class,
            points,
            field,
            span,
            via: Vec::new(),
            shows: None,
            words: Vec::new(),
            mentioned: false,
            earlier: Vec::new(),
        }
    }
}

/// What broke on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// A budget was spent or something could not be read: the policy still judged, and saw the fact `unread`. Or the policy
    /// that judged stands in for one in quarantine, or the log lost a record.
    Partial,
    /// A station failed; the configured decision for the kind stands.
    Failed,
}

/// One thing that broke, where, and what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Degraded {
    /// How bad it is.
    pub severity: Severity,
    /// Where: `detect`, `policy`, `store`, `audit` …
    pub station: &'static str,
    /// What happened, for the person who can mend it. Holds nothing of the event.
    pub why: String,
}

impl Degraded {
    /// One thing that broke at `station`.
    #[must_use]
    pub fn new(severity: Severity, station: &'static str, why: impl Into<String>) -> Self {
        Self { severity, station, why: why.into() }
    }
}

/// A message for somebody else than the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Notice {
    /// Who it is for: `owner`.
    pub to: &'static str,
    /// What to tell them.
    pub text: String,
}

/// Names an event that waits for the owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HoldTicket {
    /// The hold's id, by which the owner answers.
    pub id: String,
    /// What the answer is bound to.
    pub digest: Digest,
    /// When it lapses, in milliseconds since 1970. What has lapsed is denied.
    pub expires: u64,
}

impl HoldTicket {
    /// A ticket for the event with this digest, until `expires`, in milliseconds since 1970.
    #[must_use]
    pub fn new(id: impl Into<String>, digest: Digest, expires: u64) -> Self {
        Self { id: id.into(), digest, expires }
    }
}

/// The answer to one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Verdict {
    /// The event's id.
    pub id: Option<String>,
    /// What is to be done.
    pub decision: Decision,
    /// Why, in the owner's words where a policy decided.
    pub reason: Arc<str>,
    /// Who decided.
    pub by: By,
    /// With `mode = "observe"`: what would have been decided.
    pub would: Option<Decision>,
    /// Points of this event, 0–31.
    pub score: u8,
    /// Points of the sender with this event, decayed, 0–31.
    pub escalation: u8,
    /// The rules that fired.
    pub findings: Vec<Finding>,
    /// Rules that fired and are above the level that the settings enforce: recorded, and without part in any decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub counted: Vec<Finding>,
    /// A reply to the sender, if the policy wrote one.
    pub reply: Option<String>,
    /// The text with secrets and personal data removed, if the policy asked for it.
    pub redacted: Option<String>,
    /// Messages for the owner.
    pub notices: Vec<Notice>,
    /// The hold, where the decision is hold.
    pub hold: Option<HoldTicket>,
    /// What broke. Empty on a good day.
    pub degraded: Vec<Degraded>,
    /// The revision of rules, policies and settings that judged: `sha256:` and 64 digits.
    pub revision: Arc<str>,
    /// Why the line could not be read as an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The number of that line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl Verdict {
    /// A verdict with nothing found and nothing broken. The other fields are public and set afterwards.
    #[must_use]
    pub fn new(decision: Decision, reason: impl Into<Arc<str>>, by: By) -> Self {
        Self {
            id: None,
            decision,
            reason: reason.into(),
            by,
            would: None,
            score: 0,
            escalation: 0,
            findings: Vec::new(),
            counted: Vec::new(),
            reply: None,
            redacted: None,
            notices: Vec::new(),
            hold: None,
            degraded: Vec::new(),
            revision: Arc::default(),
            error: None,
            line: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_serialised_names() {
        for category in Category::ALL {
            assert_eq!(serde_json::to_value(category).unwrap(), category.name());
        }
        for (index, category) in Category::ALL.iter().enumerate() {
            assert_eq!(*category as usize, index, "ALL is in the order of declaration");
        }
        for step in Step::ALL {
            assert_eq!(serde_json::to_value(step).unwrap(), step.name());
            assert_eq!(serde_json::from_value::<Step>(step.name().into()).unwrap(), *step);
        }
        for decision in [Decision::Allow, Decision::Drop, Decision::Hold] {
            assert_eq!(serde_json::to_value(decision).unwrap(), decision.name());
        }
    }
}
