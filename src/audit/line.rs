//! The form of a line, written and read.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::asked::Asked;
use super::chain::{ChainKeys, Link, Rank, Ring, Tag, seal};
use super::change::Change;
use super::deed::{self, DeedRecord};
use super::entry::{Level, Record};
use super::names::{Ids, Keyed};
use crate::event::Kind;
use crate::facts::{Domain, Facts, TABLE};
use crate::keys::Pseudonym;
use crate::verdict::{By, Decision, Severity};

/// The version of the form. It rises when a reader of the old form would misread the new one.
pub(super) const VERSION: u8 = 1;
/// The longest reason that is written, in bytes. Policies write short ones; this keeps a line bounded whatever they do.
const MAX_REASON: usize = 512;

/// Bytes that the line of an ordinary check does not exceed.
const USUAL: usize = 2048;

/// What one line tells.
#[expect(clippy::large_enum_variant, reason = "it is written where it is made, and never kept")]
#[derive(Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(super) enum Body<'a> {
    /// An event was judged.
    Check(Check<'a>),
    /// This many records could not be kept: the disk failed, or too many came at once.
    Gap { lost: u64 },
    /// The log was not found as it had been left.
    Recovered(Recovery),
    /// The file before was full or old. `time` is the time when it was, by which its age is judged later; 0 is unknown.
    Rotated { file: String, time: u64 },
    /// The log goes over from one key to another. Stands twice: sealed with the key before, and then with the new one.
    Rekeyed { from: String, to: String },
    /// What judges was changed, or not changed, while the gate ran.
    #[serde(untagged)]
    Change(&'a Change),
    /// Durable state was changed.
    #[serde(untagged)]
    Deed(&'a DeedRecord),
}

/// One check.
#[derive(Serialize)]
pub(super) struct Check<'a> {
    kind: Kind,
    #[serde(flatten)]
    names: Ids,
    decision: Decision,
    reason: &'a str,
    by: Place<'a>,
    would: Option<Decision>,
    score: u8,
    escalation: u8,
    /// The rules that fired, each with its points.
    rules: &'a [(Arc<str>, u8)],
    /// The same for rules above the level that counts.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    counted: &'a [(Arc<str>, u8)],
    facts: AllFacts<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<Asked<'a>>,
    /// The stations that broke; what exactly broke is in the verdict.
    degraded: &'a [(&'static str, Severity)],
    hold: Option<&'a str>,
    revision: &'a str,
}

/// How a log was found that was not left in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Recovery {
    /// The state of the head.
    pub(super) head: HeadState,
    /// The first and the last number that the head knows of and the log has lost.
    pub(super) missing: Option<(u64, u64)>,
    /// Lines that are not as they were written.
    pub(super) damaged: u64,
    /// Whether only the line end of the last record was missing.
    pub(super) unfinished: bool,
    /// The beginning of a line whose writing was cut off.
    pub(super) torn: Option<Torn>,
}

/// A line that was cut off, set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Torn {
    /// How many bytes of it there were.
    pub(super) bytes: u64,
    /// The file beside the log that keeps them.
    pub(super) kept: String,
}

/// The state of the head when the log was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum HeadState {
    /// As it was left.
    #[default]
    Kept,
    /// It names an earlier record than the last: the process was killed between writing the two.
    Behind,
    /// It is gone.
    Missing,
    /// It is not as it was written.
    Damaged,
    /// It belongs to another copy of the log.
    Foreign,
}

impl Recovery {
    /// Whether there is anything to tell.
    pub(super) fn is_needed(&self) -> bool {
        *self != Self::default()
    }
}

impl<'a> Check<'a> {
    pub(super) fn new(record: &'a Record, names: Keyed, says: Option<&'a [(u16, Pseudonym)]>) -> Self {
        Self {
            kind: record.facts.kind(),
            names: names.ids,
            decision: record.decision,
            reason: clip(&record.reason),
            by: Place(&record.by),
            would: record.would,
            score: record.score,
            escalation: record.escalation,
            rules: &record.rules,
            counted: &record.counted,
            facts: AllFacts(&record.facts),
            asked: says.map(|says| Asked::new(record, names.compared, says)),
            degraded: &record.degraded,
            hold: record.hold.as_deref(),
            revision: &record.revision,
        }
    }
}

/// As much of a text as is written, without cutting a character.
pub(super) fn clip(text: &str) -> &str {
    clip_to(text, MAX_REASON)
}

/// At most `most` bytes of a text, without cutting a character.
pub(super) fn clip_to(text: &str, most: usize) -> &str {
    (0..=most).rev().find_map(|end| text.get(..end.min(text.len()))).unwrap_or_default()
}

/// Who decided, without the column, which an owner does not need here.
struct Place<'a>(&'a By);

impl Serialize for Place<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("station", &self.0.station)?;
        map.serialize_entry("policy", &self.0.policy)?;
        map.serialize_entry("line", &self.0.line)?;
        map.end()
    }
}

/// Every fact that the kind of event has, by name.
struct AllFacts<'a>(&'a Facts);

impl Serialize for AllFacts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for fact in TABLE.iter().filter(|fact| fact.kinds.contains(&self.0.kind())) {
            match (fact.domain, self.0.get(fact.id)) {
                (Domain::Bool, value) => map.serialize_entry(fact.name, &(value != 0))?,
                (Domain::Number(_), value) => map.serialize_entry(fact.name, &value)?,
            }
        }
        map.end()
    }
}

/// A whole line but for its seal.
#[derive(Serialize)]
struct Line<'a> {
    v: u8,
    key: String,
    seq: u64,
    prev: Tag,
    at: u64,
    level: Level,
    #[serde(flatten)]
    body: &'a Body<'a>,
}

/// Appends the line that follows the record `last` to `out`, and gives its link.
///
/// # Errors
/// Never in practice: the form has only string keys, and memory takes any number of bytes.
pub(super) fn write(
    keys: &ChainKeys,
    last: Link,
    (at, level): (u64, Level),
    body: &Body<'_>,
    out: &mut Vec<u8>,
) -> serde_json::Result<Link> {
    let seq = last.seq.saturating_add(1);
    let line = Line { v: VERSION, key: keys.id.to_string(), seq, prev: last.mac, at, level, body };
    let mut object = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut object, &line)?;
    Ok(Link { seq, mac: seal(&keys.record, &object, out) })
}

/// What reading back needs of a line. Everything else stands there for people and other tools.
#[derive(Debug, Deserialize)]
pub(super) struct Stamp {
    pub(super) seq: u64,
    pub(super) prev: Tag,
    pub(super) at: u64,
    pub(super) what: String,
    /// Of a gap: how many records were lost.
    pub(super) lost: Option<u64>,
    /// Of a recovery: the state of the head.
    pub(super) head: Option<HeadState>,
    /// Of a rotation: the time when the file before was full.
    pub(super) time: Option<u64>,
    /// Of a change of keys: the names of the key before and of the new one.
    pub(super) from: Option<String>,
    pub(super) to: Option<String>,
    /// Of a deed: its name in the journal.
    pub(super) deed: Option<String>,
    /// Of a change of what judges: the change.
    #[serde(skip)]
    pub(super) change: Option<Change>,
    /// The age of the key that sealed it.
    #[serde(skip)]
    pub(super) rank: Rank,
}

impl Stamp {
    /// Whether the record tells of a deed.
    pub(super) fn is_deed(&self) -> bool {
        self.what.starts_with(deed::PREFIX)
    }
}

/// A line that was read.
#[derive(Debug)]
pub(super) enum Reading {
    /// One of ours, byte for byte.
    Ours(Box<Stamp>, Link),
    /// Written with another key, or changed to look like it.
    OtherKey(String),
    /// Not as it was written.
    Damaged,
}

/// Reads a line, given without its line end.
pub(super) fn read(ring: &Ring, line: &[u8]) -> Reading {
    #[derive(Deserialize)]
    struct Key {
        key: String,
    }
    if let Some((rank, mac)) = ring.unseal(line)
        && let Ok(mut stamp) = serde_json::from_slice::<Stamp>(line)
    {
        stamp.rank = rank;
        if Change::is(&stamp.what) {
            stamp.change = serde_json::from_slice(line).ok();
        }
        let link = Link { seq: stamp.seq, mac };
        return Reading::Ours(Box::new(stamp), link);
    }
    match serde_json::from_slice::<Key>(line) {
        Ok(Key { key }) if is_key_id(&key) && !ring.knows(&key) => Reading::OtherKey(key),
        _ => Reading::Damaged,
    }
}

/// Whether a text has the form of a key id, so that it can be shown to somebody.
pub(super) fn is_key_id(text: &str) -> bool {
    text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_clipped_between_characters() {
        assert_eq!(clip("short"), "short");
        assert_eq!(clip(""), "");
        assert_eq!(clip(&"é".repeat(400)).chars().count(), MAX_REASON / 2);
        assert_eq!(clip(&format!("x{}", "é".repeat(400))).len(), MAX_REASON - 1);
    }
}
