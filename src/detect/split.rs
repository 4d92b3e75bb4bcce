//! Phrases that are cut over several messages: the end of the earlier ones, joined with the beginning of this one.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::budget::Budget;

use super::detector::Detector;
use super::ends::{beginning_of, is_letter};
use super::field::Field;
use super::rule::Scope;
use super::scan::Scratch;
use super::undo;
use crate::verdict::{Finding, Part, Step};

/// Characters without a blank around a joint from which they may be one encoded run. Two words seldom have as many.
const RUN: usize = 24;

/// What parts messages that are joined: a blank ends a word as a line break does, and calls for no look at lines.
const BLANK: &str = " ";

/// Letters from which a part of a word counts, where it is not the whole word.
const STUB: usize = 3;

/// What a sender wrote in a chat before a message; made by [`Carry::pass`](super::Carry::pass).
#[derive(Clone, Default)]
pub struct Carried {
    /// The ends of the messages, with nothing between them.
    text: String,
    parts: Vec<Earlier>,
}

/// One earlier message.
#[derive(Clone)]
struct Earlier {
    id: Option<Arc<str>>,
    at: u64,
    /// Where its text ends.
    end: usize,
}

impl Carried {
    /// Adds a later message.
    pub(super) fn push(&mut self, id: Option<Arc<str>>, at: u64, text: &str) {
        self.text.push_str(text);
        self.parts.push(Earlier { id, at, end: self.text.len() });
    }

    /// Whether nothing is carried.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Bytes that are carried, at most 512 for each of three messages.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether what stands at the joint may be one run of an encoding.
    fn may_be_a_run(&self, head: &str) -> bool {
        let run = |bytes: &mut dyn Iterator<Item = u8>| bytes.take(RUN).take_while(u8::is_ascii_graphic).count();
        let (before, after) = (run(&mut self.text.bytes().rev()), run(&mut head.bytes()));
        before > 0 && after > 0 && before + after >= RUN
    }
}

impl fmt::Debug for Carried {
    /// Does not show the text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Carried").field("messages", &self.parts.len()).field("bytes", &self.len()).finish()
    }
}

/// The joined text.
struct Joined {
    text: String,
    /// The place of each earlier message.
    parts: Vec<Range<usize>>,
    /// Where this message begins.
    head: usize,
    /// Where what was carried ends.
    tail: usize,
}

impl Joined {
    fn new(carried: &Carried, joint: &str, head: &str) -> Self {
        let room = carried.len() + carried.parts.len() * joint.len() + head.len();
        let mut text = String::with_capacity(room);
        let (mut begin, mut parts, mut tail) = (0, Vec::with_capacity(carried.parts.len()), 0);
        for earlier in &carried.parts {
            let at = text.len();
            text.push_str(carried.text.get(begin..earlier.end).unwrap_or_default());
            begin = earlier.end;
            tail = text.len();
            parts.push(at..tail);
            text.push_str(joint);
        }
        let start = text.len();
        text.push_str(head);
        Self { text, parts, head: start, tail }
    }

    fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// What stands there, with a line break where one message ends and the next begins.
    fn shown(&self, start: usize, end: usize) -> String {
        let mut shown = String::with_capacity(end.saturating_sub(start));
        let mut from = start;
        let next = self.parts.iter().skip(1).map(|part| part.start).chain([self.head]);
        for (part, next) in self.parts.iter().zip(next).filter(|(part, _)| start < part.end && part.end < end) {
            shown.push_str(self.part(from..part.end));
            shown.push('\n');
            from = next;
        }
        shown.push_str(self.part(from..end));
        shown
    }

    /// Whether one side gives less than [`STUB`] letters to what lies from `start` to `end`, and these are torn from a longer
    /// word: `holiday` and `our rules` do not say `your rules`.
    fn is_torn(&self, start: usize, end: usize) -> bool {
        let few = |range| self.part(range).chars().filter(|c| is_letter(*c)).nth(STUB - 1).is_none();
        let before = self.part(0..start).chars().next_back().is_some_and(is_letter);
        let after = self.part(end..self.text.len()).chars().next().is_some_and(is_letter);
        before && few(start..self.tail) || after && few(self.head..end)
    }
}

impl Detector {
    /// Searches what was carried together with the beginning of `text`, for what lies over the joint between the two and is
    /// in neither.
    ///
    /// The messages are joined by a blank. A match of twelve letters or more needs no word marks, so it is found wherever
    /// it was cut; so is what was cut at a blank. Only where the characters at the joint may be a run of an encoding, the
    /// messages are joined by nothing as well.
    ///
    /// Costs a search of at most 2 × 96 letters, or two. A phrase of less than eight letters that is cut within a word, and a
    /// gap of three words of which one is cut, are not found.
    pub(super) fn search_split(
        &self,
        carried: &Carried,
        text: &str,
        scratch: &mut Scratch,
        budget: &mut Budget,
        findings: &mut Vec<Finding>,
    ) {
        if carried.is_empty() || text.is_empty() {
            return;
        }
        let head = beginning_of(text);
        self.search_joined(&Joined::new(carried, BLANK, head), carried, scratch, budget, findings);
        if carried.may_be_a_run(head) {
            self.search_joined(&Joined::new(carried, "", head), carried, scratch, budget, findings);
        }
    }

    fn search_joined(
        &self,
        joined: &Joined,
        carried: &Carried,
        scratch: &mut Scratch,
        budget: &mut Budget,
        findings: &mut Vec<Finding>,
    ) {
        let mut found = Vec::new();
        let name = Field::Split(joined.tail, joined.head);
        undo::field(self, name, Scope::Text, &joined.text, scratch, budget, &mut found);
        for mut finding in found {
            let (start, end) = finding.span;
            // What is complete without this message was told when it came; an ending that may follow makes it no new one.
            if joined.is_torn(start, end) || self.fires(&finding.rule, joined.part(start..joined.tail), budget) {
                scratch.forget(self.rules.iter().position(|known| known.id == finding.rule));
                continue;
            }
            let shown = || joined.shown(start, end);
            finding.shows = Some(finding.shows.take().unwrap_or_else(shown));
            finding.via.insert(0, Step::Split);
            finding.earlier = (carried.parts.iter().zip(&joined.parts))
                .filter(|(_, part)| part.end > start)
                .map(|(earlier, part)| {
                    let id = earlier.id.as_deref().map(str::to_owned);
                    Part { id, at: earlier.at, shows: joined.part(part.start.max(start)..part.end).to_owned() }
                })
                .collect();
            finding.span = (0, end.saturating_sub(joined.head));
            findings.push(finding);
        }
    }

    /// Whether a rule fires in a text by itself. With buffers of its own: asked only when something was found.
    pub(super) fn fires(&self, rule: &str, text: &str, budget: &mut Budget) -> bool {
        let (mut scratch, mut found) = (Scratch::new(), Vec::new());
        scratch.reset(self.rules.len(), 0);
        undo::field(self, Field::Text, Scope::Text, text, &mut scratch, budget, &mut found);
        found.iter().any(|finding| finding.rule.as_ref() == rule)
    }
}
