//! A check as a log tells it: what was decided, and on which facts.

use std::fmt;
use std::sync::Arc;

use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::entry::Level;
use super::line::{VERSION, clip};
use super::names::Compared;
use crate::event::Kind;
use crate::facts::{Ask, Domain, FactId, Possible, Question, Questions};
use crate::keys::{KeyId, Pseudonym, Pseudonyms};
use crate::verdict::{By, Decision, Station};

/// One check that was recorded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PastCheck {
    /// The number of the record, from 1.
    pub seq: u64,
    /// The time of the event, in milliseconds since 1970.
    pub at: u64,
    /// The name of the key that the record was sealed with, and that its pseudonyms are of.
    pub key: Option<KeyId>,
    /// How much it matters to somebody who skims the log.
    pub level: Option<Level>,
    /// The channel, as a pseudonym.
    pub channel: Option<Pseudonym>,
    /// The gateway's account, as a pseudonym.
    pub account: Option<Pseudonym>,
    /// The chat, as a pseudonym.
    pub chat: Option<Pseudonym>,
    /// The sender, as a pseudonym.
    pub sender: Option<Pseudonym>,
    /// The event's id, as a pseudonym.
    pub event: Option<Pseudonym>,
    /// The tool, as a pseudonym.
    pub tool: Option<Pseudonym>,
    /// The points of the event.
    pub score: u8,
    /// The points of its sender.
    pub escalation: u8,
    /// The rules that fired, each with its points.
    pub rules: Vec<(Arc<str>, u8)>,
    /// The stations that broke, and how badly.
    pub degraded: Vec<(Arc<str>, Arc<str>)>,
    /// The hold that the event waits in.
    pub hold: Option<Arc<str>>,
    /// What was decided.
    pub decision: Decision,
    /// With `mode = "observe"`: what would have been decided.
    pub would: Option<Decision>,
    /// Why. At most 512 bytes of it are recorded.
    pub reason: Arc<str>,
    /// Who decided; without a column, which is not recorded.
    pub by: By,
    /// What judged.
    pub revision: Arc<str>,
    /// Facts that this version does not know, or not with that value. They count as not recorded.
    pub strange: u32,
    /// The recorded facts fixed, all others open.
    facts: Possible,
    /// No rule fired, so every `found` is answered with no, also by a record that does not tell what was asked.
    nothing_fired: bool,
    asked: Option<Asked>,
}

/// The answers that are recorded.
#[derive(Clone, Debug, Deserialize)]
struct Asked {
    found: Vec<String>,
    says: Answers,
    channel: Option<Pseudonym>,
    account: Option<Pseudonym>,
    tool: Option<Pseudonym>,
}

#[derive(Clone, Debug, Deserialize)]
struct Answers {
    yes: Vec<Pseudonym>,
    no: Vec<Pseudonym>,
}

/// The line of a check. What a later version adds is ignored; what stands twice is an error.
#[derive(Deserialize)]
struct Form {
    v: u8,
    key: String,
    seq: u64,
    at: u64,
    level: Option<Level>,
    kind: Kind,
    channel: Option<Pseudonym>,
    account: Option<Pseudonym>,
    chat: Option<Pseudonym>,
    sender: Option<Pseudonym>,
    event: Option<Pseudonym>,
    tool: Option<Pseudonym>,
    decision: Decision,
    reason: Arc<str>,
    by: Place,
    would: Option<Decision>,
    #[serde(default)]
    score: u8,
    #[serde(default)]
    escalation: u8,
    rules: Vec<(Arc<str>, u8)>,
    facts: Given,
    #[serde(default)]
    degraded: Vec<(Arc<str>, Arc<str>)>,
    hold: Option<Arc<str>>,
    asked: Option<Asked>,
    revision: Arc<str>,
}

#[derive(Deserialize)]
struct Place {
    station: Station,
    policy: Option<Arc<str>>,
    line: Option<u32>,
}

impl PastCheck {
    /// Reads the line of a check.
    pub(super) fn read(line: &[u8]) -> Result<Self, String> {
        let form: Form = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        if form.v > VERSION {
            return Err(format!("it was written by a later version, in form {}", form.v));
        }
        let mut facts = Possible::new(form.kind);
        let mut strange = form.facts.strange;
        for (fact, value) in form.facts.values {
            if fact.entry().kinds.contains(&form.kind) {
                facts.keep(fact, |possible| possible == value);
            } else {
                strange += 1;
            }
        }
        let Place { station, policy, line } = form.by;
        let mut by = By::station(station);
        (by.policy, by.line) = (policy, line);
        Ok(Self {
            seq: form.seq,
            at: form.at,
            key: form.key.parse().ok(),
            level: form.level,
            account: form.account,
            chat: form.chat,
            sender: form.sender,
            event: form.event,
            score: form.score,
            escalation: form.escalation,
            degraded: form.degraded,
            hold: form.hold,
            decision: form.decision,
            would: form.would,
            reason: form.reason,
            by,
            revision: form.revision,
            strange,
            facts,
            nothing_fired: form.rules.is_empty(),
            rules: form.rules,
            asked: form.asked,
            channel: form.channel,
            tool: form.tool,
        })
    }

    /// The kind of event.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.facts.kind()
    }

    /// Whether this was recorded as the reason: a long one is cut in the log.
    #[must_use]
    pub fn has_reason(&self, reason: &str) -> bool {
        clip(reason) == &*self.reason
    }

    /// What is recorded of the facts and of the answers to `questions`: what is not recorded is open.
    ///
    /// The `pseudonyms` are those of the key that the record was written with, or of a newer one that knows it as an older
    /// key. Without them, only `found` can be answered.
    #[must_use]
    pub fn facts(&self, questions: &Questions, pseudonyms: Option<&Pseudonyms>) -> Possible {
        let mut facts = self.facts;
        let pseudonyms = pseudonyms.and_then(|all| self.key.and_then(|key| all.under(key)));
        for (number, question) in questions.iter() {
            if let Some(yes) = self.answer(question, pseudonyms) {
                facts.answer(number, yes);
            }
        }
        facts
    }

    /// The answer to a question, if the record tells it.
    fn answer(&self, question: &Question, pseudonyms: Option<&Pseudonyms>) -> Option<bool> {
        let literal = question.literal.as_ref();
        if question.ask == Ask::Found {
            return match &self.asked {
                Some(asked) => Some(asked.found.iter().any(|found| found == literal)),
                None => self.nothing_fired.then_some(false),
            };
        }
        let pseudonyms = pseudonyms?;
        let Some(asked) = &self.asked else {
            // Names stand in older records as they were given: what is equal is the same, and what differs may be too.
            return match question.ask {
                Ask::ChannelIn => (self.channel? == pseudonyms.channel(literal)).then_some(true),
                Ask::ToolIn => (self.tool? == pseudonyms.tool(literal)).then_some(true),
                _ => None,
            };
        };
        match question.ask {
            Ask::ChannelIn => Some(asked.channel == Compared::new(literal, "", "", pseudonyms).channel),
            Ask::AccountIn => Some(asked.account == Compared::new("", literal, "", pseudonyms).account),
            Ask::ToolIn => Some(asked.tool == Compared::new("", "", literal, pseudonyms).tool),
            Ask::Says => {
                let text = pseudonyms.text(literal);
                let (yes, no) = (asked.says.yes.contains(&text), asked.says.no.contains(&text));
                // A record that answers both ways answers nothing.
                (yes != no).then_some(yes)
            }
            Ask::Found => None,
        }
    }
}

/// The facts of a record, in its order.
#[derive(Default)]
struct Given {
    values: Vec<(FactId, u16)>,
    strange: u32,
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("facts by their names")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
        let mut given = Given::default();
        while let Some(name) = map.next_key::<String>()? {
            let Some(fact) = FactId::by_name(&name) else {
                map.next_value::<IgnoredAny>()?;
                given.strange += 1;
                continue;
            };
            let entry = fact.entry();
            let value = match entry.domain {
                Domain::Bool => usize::from(map.next_value::<bool>()?),
                Domain::Number(_) => usize::from(map.next_value::<u16>()?),
            };
            if given.values.iter().any(|(known, _)| *known == fact) {
                return Err(A::Error::custom(format_args!("the fact `{}` stands twice", entry.name)));
            }
            // A number that is no edge was rounded by other edges than today's, so what it would be today is not known.
            let edge = entry.domain.bucket(value);
            if usize::from(edge) == value {
                given.values.push((fact, edge));
            } else {
                given.strange += 1;
            }
        }
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Keys;

    const LINE: &str = r#"{"v":1,"key":"00000000","seq":7,"prev":"00000000000000000000000000000000","at":5,"level":"info",
        "what":"check","kind":"message","channel":null,"account":null,"chat":null,"sender":null,"event":null,"tool":null,
        "decision":"allow","reason":"","by":{"station":"policy","policy":"p.rhai","line":3},"would":null,"score":0,
        "escalation":0,"rules":[],"facts":{"sender_owner":true,"score":7},"degraded":[],"hold":null,"revision":"sha256:0"}"#;

    #[test]
    fn what_is_not_recorded_is_not_known() {
        let check = PastCheck::read(LINE.as_bytes()).unwrap();
        let facts = check.facts(&Questions::default(), None);
        let fixed = [FactId::Score, FactId::SenderOwner, FactId::Unread, FactId::ToolDestructive];
        assert_eq!(
            fixed.map(|fact| facts.fixed(fact)),
            [Some(7), Some(1), None, Some(0)],
            "a message destroys nothing"
        );
    }

    #[test]
    fn a_line_that_makes_no_sense_is_refused_or_what_it_says_is_strange() {
        let refused = [
            ("\"score\":7", "\"score\":\"7\"", "invalid type: string"),
            ("\"score\":7", "\"score\":-1", "invalid value"),
            ("\"score\":7", "\"score\":7,\"score\":0", "`score` stands twice"),
            ("\"sender_owner\":true", "\"sender_owner\":1", "invalid type: integer"),
            ("\"facts\":{", "\"facts\":[{", "expected facts by their names"),
            ("\"kind\":\"message\"", "\"kind\":\"massage\"", "unknown variant"),
            ("\"station\":\"policy\"", "\"station\":\"oracle\"", "unknown variant"),
            ("\"v\":1", "\"v\":2", "later version"),
            ("\"decision\":\"allow\"", "\"decision\":\"allow\",\"decision\":\"drop\"", "duplicate field"),
            ("\"reason\":\"\",", "", "missing field `reason`"),
            ("\"facts\":{", "\"asked\":{\"found\":[]},\"facts\":{", "missing field `says`"),
        ];
        for (from, to, told) in refused {
            let error = PastCheck::read(LINE.replacen(from, to, 1).as_bytes()).unwrap_err();
            assert!(error.contains(told), "{to}: {error}");
        }
        for strange in ["\"score\":40", "\"no_such_fact\":[1]", "\"tool_destructive\":true"] {
            let check = PastCheck::read(LINE.replacen("\"score\":7", strange, 1).as_bytes()).unwrap();
            assert_eq!(check.strange, 1, "{strange}");
            assert_eq!((check.facts.fixed(FactId::Score), check.facts.fixed(FactId::ToolDestructive)), (None, Some(0)));
        }
    }

    #[test]
    fn questions_are_answered_where_the_record_tells_enough() {
        let pseudonyms = Keys::new(std::array::from_fn(|index| index as u8)).unwrap().pseudonyms();
        let of = |text: &str| pseudonyms.text(text).to_string();
        let channel = pseudonyms.channel("WhatsApp").to_string();
        let asked = format!(
            r#""channel":"{channel}","asked":{{"found":["injection"],"says":{{"yes":["{}","{}"],"no":["{}","{}"]}},
               "channel":"{}","account":"{}","tool":null}},"facts""#,
            of("boat"),
            of("both"),
            of("hat"),
            of("both"),
            pseudonyms.channel("whatsapp"),
            pseudonyms.account("", "main"),
        );
        let bare = LINE.replacen("\"channel\":null,", "", 1).replacen("\"rules\":[]", "\"rules\":[[\"x\",5]]", 1);
        let new = PastCheck::read(bare.replacen("\"facts\"", &asked, 1).as_bytes()).unwrap();
        let old = bare.replacen("\"facts\"", &format!("\"channel\":\"{channel}\",\"facts\""), 1);
        let old = PastCheck::read(old.as_bytes()).unwrap();
        let quiet = PastCheck::read(LINE.as_bytes()).unwrap();
        let cases = [
            // the question, and what the new, the old, and an old record without findings tell
            (Ask::Found, "injection", Some(true), None, Some(false)),
            (Ask::Found, "persona", Some(false), None, Some(false)),
            (Ask::Says, "boat", Some(true), None, None),
            (Ask::Says, "hat", Some(false), None, None),
            (Ask::Says, "both", None, None, None),
            (Ask::Says, "never asked", None, None, None),
            (Ask::ChannelIn, "WHATSAPP", Some(true), None, None),
            (Ask::ChannelIn, "WhatsApp", Some(true), Some(true), None),
            (Ask::ChannelIn, "telegram", Some(false), None, None),
            (Ask::AccountIn, "main", Some(true), None, None),
            (Ask::AccountIn, "Main", Some(false), None, None),
            (Ask::ToolIn, "bash", Some(false), None, None),
        ];
        for (ask, literal, in_new, in_old, in_quiet) in cases {
            let question = Question { ask, literal: literal.into() };
            for (check, expected) in [(&new, in_new), (&old, in_old), (&quiet, in_quiet)] {
                assert_eq!(check.answer(&question, Some(&pseudonyms)), expected, "{ask:?} {literal}");
            }
        }
        let question = Question { ask: Ask::Says, literal: "boat".into() };
        assert_eq!(new.answer(&question, None), None, "without the key nobody can tell which words were asked for");
    }
}
