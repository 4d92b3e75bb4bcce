//! Looks for the smallest changes.

use std::collections::{BTreeMap, BTreeSet};

use super::options::{self, Choice, Lever};
use super::{Change, MOST, effective};
use crate::facts::{FactId, Facts};
use crate::gate::{Hypothesis, Inquiry};
use crate::verdict::{Decision, Station};

/// Pairs of changes that are tried at most.
const PAIRS: usize = 4_000;
/// Bytes of text that may be looked at anew for all pairs together: facts such as the length are extracted each time.
const BYTES: usize = 32 << 20;

/// How much was tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Search {
    /// Changes that were tried one by one.
    pub single: usize,
    /// Pairs of changes that were tried, where no single one was enough.
    pub pairs: usize,
    /// Whether there were more pairs than were tried.
    pub cut: bool,
}

/// The smallest changes of an event that change its decision. None where the settings, a failure or the owner's command decide, whatever the
/// event is like.
pub(super) fn changes(inquiry: &Inquiry) -> (Vec<Change>, Search) {
    let station = inquiry.verdict().by.station;
    if inquiry.lockdown() || matches!(station, Station::Failure | Station::Command) {
        return (Vec::new(), Search::default());
    }
    let choices = options::all(inquiry);
    let read = Read::of(inquiry);
    let mut search = Search::default();
    let mut found: Vec<Change> = Vec::new();
    let mut known: BTreeSet<(Lever, Decision)> = BTreeSet::new();
    // The smallest come first, so the first of a lever is its smallest.
    for choice in &choices {
        if !read.sees(inquiry, &choice.hypothesis) {
            continue;
        }
        search.single += 1;
        if let Some(change) = tried(inquiry, choice.words.clone(), choice.distance, choice.hypothesis.clone())
            && known.insert((choice.lever, change.judgement.effective()))
        {
            found.push(change);
        }
    }
    found.truncate(MOST);
    if found.is_empty() {
        pairs(inquiry, &choices, &read, &mut search, &mut found);
    }
    (found, search)
}

/// Tries two changes at once, the smallest first. The first of them has to be of something that the policies read, the
/// second may be of what they would read then.
fn pairs(inquiry: &Inquiry, choices: &[Choice], read: &Read, search: &mut Search, found: &mut Vec<Change>) {
    let seen: Vec<&Choice> = choices.iter().filter(|choice| read.sees(inquiry, &choice.hypothesis)).collect();
    let mut pairs: Vec<(u32, &Choice, &Choice)> = Vec::new();
    for first in seen {
        for second in choices.iter().filter(|second| second.lever != first.lever && !options::contradict(first, second))
        {
            pairs.push((first.distance + second.distance, first, second));
        }
    }
    pairs.sort_by_key(|(distance, first, second)| (*distance, first.lever, second.lever));
    let text = inquiry.event().text.len().max(1_024);
    let most = PAIRS.min(BYTES / text);
    search.cut = pairs.len() > most;
    let mut known: BTreeSet<(Lever, Lever)> = BTreeSet::new();
    for (distance, first, second) in pairs.into_iter().take(most) {
        let levers = (first.lever.min(second.lever), first.lever.max(second.lever));
        if known.contains(&levers) {
            continue;
        }
        search.pairs += 1;
        let words = format!("{}, and {}", first.words, second.words);
        if let Some(change) = tried(inquiry, words, distance, both(&first.hypothesis, &second.hypothesis)) {
            known.insert(levers);
            found.push(change);
            if found.len() >= MOST {
                break;
            }
        }
    }
}

/// The change, if it changes the decision.
fn tried(inquiry: &Inquiry, words: String, distance: u32, hypothesis: Hypothesis) -> Option<Change> {
    let judgement = inquiry.judge(&hypothesis);
    (judgement.effective() != effective(inquiry)).then_some(Change { words, distance, hypothesis, judgement })
}

/// Two hypotheses of different levers, which do not contradict each other, as one.
fn both(one: &Hypothesis, other: &Hypothesis) -> Hypothesis {
    // A finding that one takes away does not come back by the other.
    let mut points: BTreeMap<usize, u8> = BTreeMap::new();
    for (place, left) in one.points.iter().chain(&other.points) {
        points.entry(*place).and_modify(|known| *known = (*known).min(*left)).or_insert(*left);
    }
    Hypothesis {
        standing: one.standing.or(other.standing),
        points: points.into_iter().collect(),
        added: one.added.or(other.added),
        escalation: one.escalation.or(other.escalation),
        rate_exceeded: one.rate_exceeded.or(other.rate_exceeded),
        suspect: one.suspect.or(other.suspect),
        attack: one.attack.or(other.attack),
        escalated: one.escalated.or(other.escalated),
        facts: [&*one.facts, &*other.facts].concat(),
        answers: [&*one.answers, &*other.answers].concat(),
    }
}

/// What the policies read of the event.
struct Read {
    facts: BTreeSet<u8>,
    answers: BTreeSet<u16>,
    /// Whether all of it was recorded.
    complete: bool,
    was: Facts,
}

impl Read {
    fn of(inquiry: &Inquiry) -> Self {
        let runs = &inquiry.trace().runs;
        Self {
            facts: runs.iter().flat_map(|run| run.reads()).map(|(fact, ..)| fact as u8).collect(),
            answers: runs.iter().flat_map(|run| run.answers()).map(|(number, _)| number).collect(),
            complete: runs.iter().all(|run| run.complete),
            was: *inquiry.facts(),
        }
    }

    /// Whether the policies would see something else. Where they do not, they say the same; but the settings drop blocked
    /// senders on their own account.
    fn sees(&self, inquiry: &Inquiry, hypothesis: &Hypothesis) -> bool {
        let facts = inquiry.facts_under(hypothesis);
        let read = |fact: FactId| self.facts.contains(&(fact as u8)) && facts.get(fact) != self.was.get(fact);
        let answered = |number: &u16| facts.answer(*number) != self.was.answer(*number);
        !self.complete
            || hypothesis.standing.is_some()
            || crate::facts::TABLE.iter().any(|fact| read(fact.id))
            || self.answers.iter().any(answered)
    }
}
